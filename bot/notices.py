"""Notices: what people should know without having asked. Pure: events and rows in, lines out.

What needs a person is told once, with what to do; and what became of a draft that somebody approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from captions.text import clean_line
from store.lifecycle import ChannelState, DraftState, ErrorKind, VideoState
from store.tables import Channel, Draft, Event, Subject, Video

TITLE_CHARACTERS = 100
REASON_CHARACTERS = 300


@dataclass(frozen=True)
class Notice:
    """One line for people: a title that links to `url`, where there is one, then the text and a time."""

    text: str
    title: str = ""
    url: str = ""
    at: datetime | None = None


def of_video(event: Event, video: Video) -> Notice | None:
    """A video that needs a person, or that somebody asked for and will not get. Not one that was taken up since."""
    if event.to_state == VideoState.SKIPPED and event.who == "captiond" and video.requested_by:
        return (
            _about(video, f"is not captioned: {_short(video.reason)}.") if video.state is VideoState.SKIPPED else None
        )
    if event.to_state != VideoState.FAILED or video.state is not VideoState.FAILED:
        return None
    return _about(video, f"needs you: {_short(video.reason)}. When that is done: /queue retry {video.id}")


def of_draft(event: Event, draft: Draft, video: Video) -> Notice | None:
    """A draft that is on YouTube, or that cannot come there without a person."""
    if event.to_state == DraftState.UPLOADED:
        return _about(video, f"has captions on YouTube now: {draft.language}, draft {draft.id}.")
    if event.to_state == DraftState.SKIPPED and draft.state is DraftState.SKIPPED:
        return _about(
            video, f"gets no captions on YouTube: {_short(draft.reason)}. Draft {draft.id} can be downloaded."
        )
    if event.to_state == DraftState.FAILED and draft.state is DraftState.FAILED:
        return _about(video, f"was not captioned: {_short(draft.reason)}. When that is done: /draft retry {draft.id}")
    return None


def of_wait(event: Event, draft: Draft) -> Notice | None:
    """Uploads that wait for their time, as for tomorrow's quota."""
    if (
        event.what != "postponed"
        or draft.last_error_kind is not ErrorKind.WAIT
        or draft.state is not DraftState.APPROVED
    ):
        return None
    return Notice(f"Uploads wait: {_short(event.why)}. They go on by themselves", at=draft.next_try_at)


def of_channel(event: Event, channel: Channel, answer_seconds: float) -> Notice | None:
    """What became of a channel whose asker did not wait so long."""
    if event.from_state != ChannelState.ASKED or (event.at - channel.asked_at).total_seconds() < answer_seconds:
        return None
    name = clean_line(channel.title or channel.reference, TITLE_CHARACTERS)
    if event.to_state == ChannelState.WATCHED:
        return Notice(f"Channel {channel.id}, {name}, is watched now.")
    if event.to_state == ChannelState.REFUSED:
        return Notice(f"{name} is not watched: {_short(channel.reason)}.")
    return None


def of_service(event: Event) -> Notice | None:
    """What captiond says that a person should know, as that the login has ended."""
    if event.subject is not Subject.SERVICE or event.what != "noted" or event.who != "captiond":
        return None
    return Notice(f"captiond: {_short(event.why)}." if event.why else "captiond: what was wrong is mended.")


def _about(video: Video, text: str) -> Notice:
    title = clean_line(video.title, TITLE_CHARACTERS) or video.youtube_id
    return Notice(text, title, f"https://youtu.be/{video.youtube_id}")


def _short(text: str | None) -> str:
    return clean_line(text or "", REASON_CHARACTERS).removesuffix(".")


def distinct(notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """Each notice once: twenty uploads that wait for the same hour are one line."""
    return tuple(dict.fromkeys(notices))
