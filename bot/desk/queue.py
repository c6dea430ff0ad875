"""queue show, retry, cancel, first."""

from __future__ import annotations

from collections.abc import Sequence

from bot import replies
from bot.desk.command import ALL, Argument, Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import Reply
from store import videos


def _show(desk: Desk, _actor: Actor, values: Values) -> Reply:
    return replies.queue(videos.queue(desk.database, everything="all" in values), desk.down(), desk.database.now())


def _retry(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = videos.find(desk.database, values["video"])
    return replies.video_retried(videos.retry(desk.database, found.number, actor.name))


def _cancel(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = videos.find(desk.database, values["video"])
    return replies.video_cancelled(videos.cancel(desk.database, found.number, actor.name))


def _first(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = videos.find(desk.database, values["video"])
    return replies.video_first(videos.first(desk.database, found.number, actor.name))


def _queued(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(str(one.id), one.title or one.youtube_id) for one in videos.queue(desk.database)]


def _stuck(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(str(one.id), one.title or one.youtube_id) for one in videos.stuck(desk.database)]


COMMANDS = (
    Command(
        name="queue show",
        help="Show the videos that are on their way, or need a person.",
        role=Role.VIEWER,
        run=_show,
        arguments=(ALL,),
        example="queue show --all",
    ),
    Command(
        name="queue retry",
        help="Take a failed, skipped or waiting video up again now.",
        role=Role.APPROVER,
        run=_retry,
        arguments=(Argument("video", "its number or YouTube id", choices=_stuck),),
        example="queue retry 4",
    ),
    Command(
        name="queue cancel",
        help="Set a video on its way aside. queue retry takes it up again.",
        role=Role.APPROVER,
        run=_cancel,
        arguments=(Argument("video", "its number or YouTube id", choices=_queued),),
        example="queue cancel 4",
    ),
    Command(
        name="queue first",
        help="Put a video before all others in line.",
        role=Role.APPROVER,
        run=_first,
        arguments=(Argument("video", "its number or YouTube id", choices=_queued),),
        example="queue first 4",
    ),
)
