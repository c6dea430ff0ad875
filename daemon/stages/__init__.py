"""The stages of a video's route, and what they share: how a piece of work is tried, and what an error does to it.

A stage has a function `step(context) -> bool`: claim one row, work on it, move it on; False if there was nothing.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from daemon import job
from daemon.beside import Remembered
from daemon.children import ChildBug, ChildDied, Spawner, WarmChild
from daemon.errors import AskHuman, Cancelled, GiveUp, Interrupted, TryLater, WaitFor
from daemon.job import Job, Wishes
from daemon.settings import DaemonSettings
from daemon.slots import Slots
from daemon.speech.engines.contract import PROMPT_CHARACTERS
from daemon.youtube import quota
from store import drafts, terms, videos, work
from store import quota as booked
from store.database import Database
from store.errors import Busy, Refused, StoreError
from store.lifecycle import MAXIMUM_CRASHES, ErrorKind, VideoState, next_try
from store.secrets import masked
from store.tables import Artefact, Channel, Draft, Video, Work

if TYPE_CHECKING:
    from daemon.youtube.api import Api

WHO = "captiond"
LEASE = timedelta(minutes=2)
RENEW_SECONDS = 2.0  # well within the lease; also how fresh the progress in the store is

log = structlog.stdlib.get_logger()


def new_claim() -> str:
    """A name to claim one row under. No two are alike: a thread whose claim has lapsed must notice that it is lost."""
    return f"{WHO}#{uuid.uuid4().hex[:8]}"


@dataclass(frozen=True)
class Context:
    """What a stage works with. `state` is the state directory; `stopping` is set when the daemon shall end."""

    settings: DaemonSettings
    database: Database
    state: Path
    spawner: Spawner
    recogniser: WarmChild
    voices: WarmChild
    stopping: threading.Event
    at_work: set[int] = field(default_factory=set)  #: numbers of the videos that this process works on
    slots: Slots = field(init=False)
    remembered: Remembered = field(default_factory=Remembered)

    def __post_init__(self) -> None:
        object.__setattr__(self, "slots", Slots(self.settings))  # frozen

    def api(self) -> Api:
        """A new connection to the Data API by the stored login. Raise AskHuman if there is none."""
        from daemon.youtube import login  # Google's libraries, of which a command that captions a file needs none
        from daemon.youtube.api import Api

        youtube = self.settings.youtube
        stored = login.load(self.state / login.FILE, youtube.token_uri)
        return Api(stored, youtube.api_root, youtube.timeout_seconds, self.book)

    def book(self, operation: str) -> None:
        """Book a call of the Data API. Raise WaitFor where the day's quota does not allow it any more."""
        youtube = self.settings.youtube
        units = getattr(youtube.costs, operation.replace(".", "_"))
        now = self.database.now()
        if not booked.book(self.database, quota.day_of(now), operation, units, youtube.daily_quota):
            raise WaitFor("today's quota for YouTube is used up", quota.next_reset(now))


@dataclass(frozen=True)
class Effect:
    """What an error does to the row worked on: wait `until` then, or be set aside, as failed or as skipped."""

    kind: ErrorKind
    message: str
    until: datetime | None = None
    counted: bool = True

    @property
    def skipped(self) -> bool:
        """Whether a row that is set aside is skipped for good, rather than failed until a person acts."""
        return self.kind is ErrorKind.FINAL


def effect_of(error: Exception, row: Work, now: datetime) -> Effect:
    """Decide what `error` does to a row, by the failures that it has behind it. Does not touch the row."""
    message = masked(str(error))
    match error:
        case TryLater(after=after):
            return Effect(ErrorKind.LATER, message, next_try(now, row.attempts + 1, after))
        case WaitFor(until=until):
            return Effect(ErrorKind.WAIT, message, until, counted=False)
        case AskHuman():
            return Effect(ErrorKind.PERSON, message)
        case GiveUp():
            return Effect(ErrorKind.FINAL, message)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return Effect(ErrorKind.PERSON, "the disk is full: make room, then retry")
    what = message.splitlines()[-1][:300] if isinstance(error, ChildBug | ChildDied) else masked(repr(error))[:300]
    crashes = row.crashes + 1
    if crashes >= MAXIMUM_CRASHES:
        return Effect(ErrorKind.BUG, f"it failed {crashes} times, see the log; the last time: {what}")
    return Effect(ErrorKind.BUG, what, next_try(now, row.attempts + 1))


Row = Channel | Video | Draft


def attempt(context: Context, row: Row, act: Callable[[], None], set_aside: Callable[[Effect], Any]) -> None:
    """Work on a claimed row by `act`; on an error put it off, or `set_aside`. Nothing is raised for the error.

    Interrupted gives the row back as it was. All that is logged meanwhile names the row, and its video.
    """
    with structlog.contextvars.bound_contextvars(**_names(context, row)):
        _attempt(context, row, act, set_aside)


def _names(context: Context, row: Row) -> dict[str, object]:
    """What the lines of the log say of the row that is worked on. Raise StoreError."""
    match row:
        case Video():
            return {"video": row.youtube_id}
        case Draft():
            return {"draft": row.number, "video": drafts.get(context.database, row.number)[1].youtube_id}
        case Channel():
            return {"channel": row.youtube_id or row.reference}


def _attempt(context: Context, row: Row, act: Callable[[], None], set_aside: Callable[[Effect], Any]) -> None:
    database, table, row_id, claim = context.database, type(row), row.number, row.claim
    try:
        with _noted(context, row):
            act()
    except (Interrupted, Refused) as reason:  # refused: somebody was first; what they did stands
        log.info("gave back", reason=str(reason))
        work.release(database, table, row_id, claim)
    except StoreError:  # the store is in trouble, not the row: met again at the next firing
        with contextlib.suppress(StoreError):
            work.release(database, table, row_id, claim)
        raise
    except Exception as error:
        if context.stopping.is_set():  # a service that answers late, a child that was ended with us: nothing is said
            work.release(database, table, row_id, claim)
            return
        effect = effect_of(error, row, database.now())
        if effect.kind is not ErrorKind.BUG:
            log.warning("not done", kind=effect.kind, message=effect.message, until=effect.until)
        else:
            log.exception("not done", kind=effect.kind, until=effect.until)
        with contextlib.suppress(Refused):
            if effect.until is None:
                set_aside(effect)
            else:
                work.postpone(
                    database,
                    table,
                    row_id,
                    claim,
                    effect.until,
                    effect.kind,
                    effect.message,
                    counted=effect.counted,
                )


def job_of(context: Context, video: Video) -> Job:
    """The settings that shape the video's captions: those that were copied onto it, else those of now."""
    if video.job is not None:
        return job.from_values(video.job)
    channel = videos.channel_of(context.database, video)
    known = terms.of_channel(context.database, None if channel is None else channel.id)
    if channel is None:
        return job.present(context.settings, Wishes(terms=known, context=about(video)))
    own = Wishes(
        channel.language,
        channel.engine,
        channel.profile,
        known,
        channel.speakers,
        about(video),
        channel.limits or {},
        channel.emotion,
    )
    return job.present(context.settings, own)


def about(video: Video) -> str:
    """What a video says of itself."""
    return "\n".join(text for text in (video.title, video.description) if text)[:PROMPT_CHARACTERS]


def video_set_aside(context: Context, video: Video) -> Callable[[Effect], Any]:
    """How a stage sets a video aside that it cannot move on."""

    def set_aside(effect: Effect) -> None:
        new = VideoState.SKIPPED if effect.skipped else VideoState.FAILED
        videos.set_aside(context.database, video, new, video.claim, effect.kind, effect.message)

    return set_aside


@contextlib.contextmanager
def _noted(context: Context, row: Row) -> Iterator[None]:
    """Note that a video is worked on here: a claim that lapsed while the machine slept is not to be taken over."""
    if isinstance(row, Video):
        context.at_work.add(row.number)
    try:
        yield
    finally:
        if isinstance(row, Video):
            context.at_work.discard(row.number)


class Watch:
    """Keeps a claim alive while long work runs, and notices when the work is not wanted any more."""

    def __init__(self, context: Context, video: Video) -> None:
        self._context = context
        self._video_id, self._claim = video.number, video.claim
        self._progress: float | None = None
        self._step = ""
        self._renewed = 0.0

    def progress(self, fraction: float, step: str) -> None:
        """Note how far the work is; it is stored with the next renewal."""
        if step != self._step:
            self._step, self._renewed = step, 0.0
        self._progress = fraction

    def __call__(self) -> None:
        """Raise Interrupted if the daemon stops or the claim is lost, Cancelled if somebody cancelled the video."""
        if self._context.stopping.is_set():
            raise Interrupted("the daemon stops")
        if time.monotonic() - self._renewed < RENEW_SECONDS:
            return
        self._renewed = time.monotonic()
        try:
            values = {} if self._progress is None else {"progress": self._progress}
            video = work.renew(self._context.database, Video, self._video_id, self._claim, LEASE, **values)
        except Refused as error:
            raise Interrupted(str(error)) from error
        except Busy:  # the lease is long enough to try again with the next look
            return
        if video.cancelled_by:
            raise Cancelled(f"cancelled by {video.cancelled_by}")


@contextlib.contextmanager
def timed(event: str, **fields: object) -> Iterator[None]:
    """Log `event` with its fields and how long it took, in seconds, when it succeeded."""
    began = time.monotonic()
    yield
    log.info(event, **fields, wall=round(time.monotonic() - began, 1))


def from_timestamp(seconds: float | None) -> datetime | None:
    """A time as services give it, seconds since 1970, aware; None where it is none."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def put_in_place(temporary: Path, path: Path) -> None:
    """Give a finished file its name, when all of it is on the disk: a power cut must leave the whole or nothing."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(path)


def sha256_of(path: Path) -> str:
    """The file's SHA-256, as hexadecimal digits. Raise OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(state: Path, artefact: Artefact) -> bool:
    """Whether an artefact's file is there, and is what was written."""
    try:
        return sha256_of(state / artefact.path) == artefact.sha256
    except OSError:
        return False
