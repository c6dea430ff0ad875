"""What is said of the queue and the videos in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.replies.words import moment, short
from bot.reply import Page, Reply, Table
from store.lifecycle import VideoState
from store.tables import Video


def video_queued(video: Video, down: str | None) -> Reply:
    tail = f" {down}: it is taken up when captiond runs." if down else ""
    return Reply(f"Video {video.id} ({video.youtube_id}) is queued.{tail}", data=video_data(video))


def video_retried(video: Video) -> Reply:
    return Reply(f"Video {video.id} is taken up again, from {video.state.value}.", data=video_data(video))


def video_cancelled(video: Video) -> Reply:
    if video.state in (VideoState.SKIPPED, VideoState.FAILED):
        return Reply(
            f"Video {video.id} is cancelled. To take it up again: /queue retry {video.id}", data=video_data(video)
        )
    return Reply(f"Video {video.id} is being worked on: captiond is told to stop.", data=video_data(video))


def video_first(video: Video) -> Reply:
    return Reply(f"Video {video.id} is the first in line.", data=video_data(video))


def queue(videos: Sequence[Video], page: Page, down: str | None, now: datetime) -> Reply:
    tail = f" {down}: nothing moves." if down else ""
    if not videos:
        return Reply(f"Nothing is on its way.{tail}", data=[])
    rows = tuple(
        (
            str(one.id),
            one.state.value,
            "" if down else doing(one, now),
            short(one.title) or one.youtube_id,
            trouble(one),
        )
        for one in videos
    )
    columns = ("id", "state", "now", "title", "note")
    data = [video_data(one) for one in videos]
    return Reply(f"{page.of('video')}.{tail}", Table(columns, rows), data=data, page=page)


def doing(video: Video, now: datetime) -> str:
    """What happens to a video right now."""
    steps = {
        VideoState.FOUND: "downloading",
        VideoState.DOWNLOADED: "recognising",
        VideoState.TRANSCRIBED: "typesetting",
    }
    if video.state not in steps:
        return ""
    if video.claimed_by:
        return steps[video.state] + (f" {video.progress:.0%}" if video.progress is not None else "")
    waits = video.next_try_at is not None and video.next_try_at > now
    return f"waits until {moment(video.next_try_at)}" if waits else "in line"


def trouble(video: Video) -> str:
    return video.reason or video.last_error or ""


def video_data(video: Video) -> dict[str, Any]:
    return {
        "id": video.id,
        "youtube_id": video.youtube_id,
        "state": video.state.value,
        "title": video.title,
        "seconds": video.seconds,
        "progress": video.progress,
        "claimed_by": video.claimed_by,
        "reason": video.reason,
        "last_error": video.last_error,
        "next_try_at": video.next_try_at and video.next_try_at.isoformat(),
        "attempts": video.attempts,
    }
