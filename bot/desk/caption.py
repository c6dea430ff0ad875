"""caption: one video, now."""

from __future__ import annotations

from bot.desk.command import Argument, Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import queue as replies
from bot.reply import Reply
from store import videos
from store.errors import NotFound
from store.references import read_video
from store.tables import Channel


def _caption(desk: Desk, actor: Actor, values: Values) -> Reply:
    youtube_id = read_video(values["video"])
    return replies.video_queued(videos.request(desk.database, youtube_id, actor.name), desk.down())


def _of_video(desk: Desk, values: Values) -> Channel | None:
    """The channel that the video is of, where it is known already."""
    try:
        return videos.channel_of(desk.database, videos.find(desk.database, read_video(values["video"])))
    except NotFound:
        return None


COMMANDS = (
    Command(
        name="caption",
        help="Caption one video now, also one that was skipped.",
        role=Role.APPROVER,
        about=_of_video,
        run=_caption,
        arguments=(Argument("video", "its URL or id"),),
        example="caption https://youtu.be/dQw4w9WgXcQ",
    ),
)
