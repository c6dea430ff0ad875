"""caption: one video, now."""

from __future__ import annotations

from bot import replies
from bot.desk.command import Argument, Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import Reply
from store import videos
from store.references import read_video


def _caption(desk: Desk, actor: Actor, values: Values) -> Reply:
    youtube_id = read_video(values["video"])
    return replies.video_queued(videos.request(desk.database, youtube_id, actor.name), desk.down())


COMMANDS = (
    Command(
        name="caption",
        help="Caption one video now, also one that was skipped.",
        role=Role.APPROVER,
        run=_caption,
        arguments=(Argument("video", "its URL or id"),),
        example="caption https://youtu.be/dQw4w9WgXcQ",
    ),
)
