"""The life of a channel, a video and a draft: states, allowed moves, waits. Pure: no clock, no database.

channel   asked ──► watched ◄──► paused            asked ──► refused ──► asked        any ──► removed
video     found ──► downloaded ──► transcribed ──► drafted          aside: skipped, failed
draft     waiting ──► approved ──► uploaded ──► replaced            aside: rejected, superseded, skipped, failed

Being worked on is a claim, waiting is `next_try_at`, a wish to cancel is a column: none of them is a state.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class ChannelState(StrEnum):
    ASKED = "asked"  #: somebody named it; the daemon has not looked it up yet
    WATCHED = "watched"  #: its feed is polled
    PAUSED = "paused"  #: its feed is left alone until somebody resumes it
    REFUSED = "refused"  #: it could not be found, or may not be watched; the reason is kept
    REMOVED = "removed"  #: nobody wants it any more; its videos and drafts stay


class VideoState(StrEnum):
    FOUND = "found"  #: known by its id; its sound is not here
    DOWNLOADED = "downloaded"  #: its sound track is on the disk
    TRANSCRIBED = "transcribed"  #: its words are on the disk
    DRAFTED = "drafted"  #: it has a draft that people can see
    SKIPPED = "skipped"  #: final: a rule or the world said no; the reason is kept
    FAILED = "failed"  #: a person must act; what to do is kept


class DraftState(StrEnum):
    WAITING = "waiting"  #: waits for a person's decision
    APPROVED = "approved"  #: is to be uploaded
    UPLOADED = "uploaded"  #: is the track on YouTube
    REPLACED = "replaced"  #: was the track; a newer revision is now
    REJECTED = "rejected"  #: a person said no
    SUPERSEDED = "superseded"  #: a newer revision came before it was uploaded
    SKIPPED = "skipped"  #: final: the world said no; the reason is kept
    FAILED = "failed"  #: a person must act; what to do is kept


State = ChannelState | VideoState | DraftState

CHANNEL_MOVES: dict[tuple[ChannelState, ChannelState], str] = {
    (ChannelState.ASKED, ChannelState.WATCHED): "the daemon found it",
    (ChannelState.ASKED, ChannelState.REFUSED): "the daemon did not find it",
    (ChannelState.REFUSED, ChannelState.ASKED): "a person asks again",
    (ChannelState.WATCHED, ChannelState.PAUSED): "a person pauses it",
    (ChannelState.PAUSED, ChannelState.WATCHED): "a person resumes it",
    (ChannelState.ASKED, ChannelState.REMOVED): "a person takes it back",
    (ChannelState.WATCHED, ChannelState.REMOVED): "a person removes it",
    (ChannelState.PAUSED, ChannelState.REMOVED): "a person removes it",
    (ChannelState.REFUSED, ChannelState.REMOVED): "a person removes it",
}

VIDEO_MOVES: dict[tuple[VideoState, VideoState], str] = {
    (VideoState.FOUND, VideoState.DOWNLOADED): "its sound was downloaded",
    (VideoState.DOWNLOADED, VideoState.TRANSCRIBED): "its speech was recognised",
    (VideoState.TRANSCRIBED, VideoState.DRAFTED): "its captions were set",
    (VideoState.DRAFTED, VideoState.DOWNLOADED): "a person wants it done again with the present settings",
    (VideoState.DOWNLOADED, VideoState.FOUND): "its sound is gone from the disk",
    (VideoState.TRANSCRIBED, VideoState.DOWNLOADED): "its words are gone from the disk",
    (VideoState.FOUND, VideoState.SKIPPED): "it cannot or shall not be captioned",
    (VideoState.DOWNLOADED, VideoState.SKIPPED): "it cannot or shall not be captioned",
    (VideoState.TRANSCRIBED, VideoState.SKIPPED): "it cannot or shall not be captioned",
    (VideoState.FOUND, VideoState.FAILED): "it cannot be downloaded without a person's help",
    (VideoState.DOWNLOADED, VideoState.FAILED): "it cannot be recognised without a person's help",
    (VideoState.TRANSCRIBED, VideoState.FAILED): "its captions cannot be set without a person's help",
    (VideoState.SKIPPED, VideoState.FOUND): "a person wants it all the same",
    (VideoState.SKIPPED, VideoState.DOWNLOADED): "a person wants it all the same",
    (VideoState.SKIPPED, VideoState.TRANSCRIBED): "a person wants it all the same",
    (VideoState.FAILED, VideoState.SKIPPED): "a person gives it up",
    (VideoState.FAILED, VideoState.FOUND): "a person retries the download",
    (VideoState.FAILED, VideoState.DOWNLOADED): "a person retries the recognition",
    (VideoState.FAILED, VideoState.TRANSCRIBED): "a person retries the captions",
}

DRAFT_MOVES: dict[tuple[DraftState, DraftState], str] = {
    (DraftState.WAITING, DraftState.APPROVED): "a person approves it",
    (DraftState.WAITING, DraftState.REJECTED): "a person rejects it",
    (DraftState.WAITING, DraftState.SUPERSEDED): "a newer revision was made",
    (DraftState.APPROVED, DraftState.WAITING): "a person holds it back before its upload began",
    (DraftState.APPROVED, DraftState.SUPERSEDED): "a newer revision was made before its upload began",
    (DraftState.APPROVED, DraftState.UPLOADED): "it is on YouTube",
    (DraftState.APPROVED, DraftState.SKIPPED): "YouTube will never take it",
    (DraftState.APPROVED, DraftState.FAILED): "it cannot be uploaded without a person's help",
    (DraftState.UPLOADED, DraftState.REPLACED): "a newer revision is on YouTube",
    (DraftState.REJECTED, DraftState.WAITING): "a person takes the rejection back",
    (DraftState.SKIPPED, DraftState.APPROVED): "a person wants it uploaded all the same",
    (DraftState.FAILED, DraftState.APPROVED): "a person retries the upload",
    (DraftState.FAILED, DraftState.REJECTED): "a person gives it up",
    (DraftState.FAILED, DraftState.SUPERSEDED): "a newer revision was made",
}


def move_allowed(old: State, new: State) -> bool:
    """Tell whether a row may go from `old` to `new`, two states of the same kind."""
    return (old, new) in CHANNEL_MOVES or (old, new) in VIDEO_MOVES or (old, new) in DRAFT_MOVES


class ErrorKind(StrEnum):
    """Why the last try did not succeed; the answer to "what now?" that was given to it."""

    LATER = "later"  #: the network or a service: tried again after a growing wait
    WAIT = "wait"  #: nothing is wrong, its time has not come: a premiere, a quota
    PERSON = "person"  #: a person must act
    FINAL = "final"  #: it will never succeed
    BUG = "bug"  #: a fault of ours, or a child process that died


MAXIMUM_CRASHES = 8
"""After so many bugs or dead children without a success a person is asked: about an hour, by the waits below."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)


def wait_before_next_try(attempts: int) -> timedelta:
    """How long to wait after failure number `attempts` (1, 2, …) in a row: 30 s, doubled each time, at most 6 h."""
    return min(FIRST_WAIT * float(2 ** min(max(attempts - 1, 0), 20)), LONGEST_WAIT)


def next_try(now: datetime, attempts: int, asked_for: timedelta | None = None) -> datetime:
    """When to try again after failure number `attempts`; `asked_for` is the least that the other side asked for."""
    return now + max(wait_before_next_try(attempts), asked_for or timedelta(0))
