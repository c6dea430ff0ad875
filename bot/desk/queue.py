"""queue show, retry, cancel, first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.command import ALL, PAGE, Argument, Command, Desk, Values, page_of
from bot.guard import Actor, Role
from bot.replies import queue as replies
from bot.reply import Reply
from store import videos
from store.tables import Channel


def _show(desk: Desk, _actor: Actor, values: Values) -> Reply:
    everything = "all" in values
    counts = videos.counts(desk.database)
    total = sum(counts.values()) if everything else sum(counts.get(state, 0) for state in videos.SHOWN)
    page = page_of(values, total, videos.LISTED)
    rows = videos.queue(desk.database, everything=everything, skip=page.skip, limit=page.size)
    return replies.queue(rows, page, desk.down(), desk.database.now())


def of_video(desk: Desk, values: Values) -> Channel | None:
    """The channel that a video is of. Raise StoreError."""
    return videos.channel_of(desk.database, videos.find(desk.database, values["video"]))


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
    return [(str(one.id), one.title or one.youtube_id) for one in videos.queue(desk.database, limit=videos.OFFERED)]


def _stuck(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(str(one.id), one.title or one.youtube_id) for one in videos.stuck(desk.database)]


COMMANDS = (
    Command(
        name="queue show",
        help="Show the videos that are on their way, or need a person.",
        role=Role.VIEWER,
        run=_show,
        arguments=(ALL, PAGE),
        example="queue show --all",
    ),
    Command(
        name="queue retry",
        help="Take a failed, skipped or waiting video up again now.",
        role=Role.APPROVER,
        about=of_video,
        run=_retry,
        arguments=(Argument("video", "its number or YouTube id", choices=_stuck),),
        example="queue retry 4",
    ),
    Command(
        name="queue cancel",
        help="Set a video on its way aside. /queue retry takes it up again.",
        role=Role.APPROVER,
        about=of_video,
        run=_cancel,
        arguments=(Argument("video", "its number or YouTube id", choices=_queued),),
        example="queue cancel 4",
    ),
    Command(
        name="queue first",
        help="Put a video before all others in line.",
        role=Role.APPROVER,
        about=of_video,
        run=_first,
        arguments=(Argument("video", "its number or YouTube id", choices=_queued),),
        example="queue first 4",
    ),
)
