"""queue show, retry."""

from __future__ import annotations

from collections.abc import Sequence

from bot import replies
from bot.desk.command import ALL, Argument, Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import Reply
from store import videos
from store.lifecycle import VideoState


def _show(desk: Desk, _actor: Actor, values: Values) -> Reply:
    return replies.queue(videos.queue(desk.database, everything="all" in values))


def _retry(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = videos.find(desk.database, values["video"])
    return replies.video_retried(videos.retry(desk.database, found.id or 0, actor.name))


def _stuck(desk: Desk) -> Sequence[tuple[str, str]]:
    return [
        (str(one.id), one.title or one.youtube_id)
        for one in videos.queue(desk.database, everything=True)
        if one.state in (VideoState.FAILED, VideoState.SKIPPED) or one.next_try_at is not None
    ]


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
)
