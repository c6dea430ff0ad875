"""The verbs on a video: ask for one, claim, move on, fail, retry, cancel, redo."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, or_, select

from store import work
from store.database import Database
from store.errors import NotFound, Refused
from store.lifecycle import ChannelState, ErrorKind, VideoState
from store.tables import Artefact, ArtefactKind, Channel, Subject, Video
from store.work import UNTROUBLED, is_number

QUEUED = (VideoState.FOUND, VideoState.DOWNLOADED, VideoState.TRANSCRIBED)
LISTED = 20  #: rows of a page that people read
OFFERED = 2000  #: rows that people choose from by typing
LOOKED_AT = 100  #: of those that wait for a stage
IN_LINE = (col(Video.priority).desc(), col(Video.found_at).asc(), col(Video.id).asc())
BY_HAND = 10  #: priority of a video that a person asked for: somebody is waiting


def request(database: Database, youtube_id: str, who: str) -> Video:
    """Queue one video now, also one that was skipped. Raise Refused if it is on its way already."""
    now = database.now()
    with database.write() as session:
        known = session.exec(select(Video).where(Video.youtube_id == youtube_id)).first()
        if known is not None and known.id is not None:
            if known.state not in (VideoState.SKIPPED, VideoState.FAILED):
                hint = f": see /draft show {youtube_id}" if known.state is VideoState.DRAFTED else ": see /queue show"
                raise Refused(f"that is video {known.id}, and it is {known.state} already{hint}")
            return _resume(session, database, known, who)
        video = Video(
            state=VideoState.FOUND,
            youtube_id=youtube_id,
            found_at=now,
            requested_by=who,
            priority=BY_HAND,
        )
        session.add(video)
        session.flush()
        work.record(session, now, Subject.VIDEO, video.number, "requested", who, youtube_id, (None, video.state))
        return video


def retry(database: Database, video_id: int, who: str) -> Video:
    """Take a failed or skipped video up where it stopped; one that waits, at once."""
    with database.write() as session:
        video = work.get(session, Video, video_id)
        if video.state in (VideoState.SKIPPED, VideoState.FAILED):
            return _resume(session, database, video, who)
        if video.state in QUEUED and video.next_try_at is not None and video.claimed_by is None:
            video.next_try_at, video.job = None, _job_for_retry(video, video.state)
            session.add(video)
            work.record(session, database.now(), Subject.VIDEO, video_id, "retried", who)
            return video
        raise Refused(f"video {video_id} is {video.state}: there is nothing to retry")


def cancel(database: Database, video_id: int, who: str) -> Video:
    """Set a video on its way aside; the stage that works on it is told to stop. Raise Refused if there is none."""
    now = database.now()
    with database.write() as session:
        video = work.get(session, Video, video_id)
        if video.state not in (*QUEUED, VideoState.FAILED):
            raise Refused(f"video {video_id} is {video.state}: there is nothing to cancel")
        if video.claimed_by is not None:
            video.cancelled_by = who
            session.add(video)
            work.record(session, now, Subject.VIDEO, video_id, "cancelled", who)
            return video
        values: dict[str, Any] = {
            "reason": f"cancelled by {who}",
            "resume_state": video.resume_state or video.state,
            "next_try_at": None,
        }
        free = col(Video.claimed_by).is_(None)
        return work.move(
            session, now, Video, video_id, video.state, VideoState.SKIPPED, who=who, only_if=free, **values
        )


def first(database: Database, video_id: int, who: str) -> Video:
    """Put a video before all others. Raise Refused if it is not in line."""
    with database.write() as session:
        video = work.get(session, Video, video_id)
        if video.state not in QUEUED:
            raise Refused(f"video {video_id} is {video.state}: only one in line can be put first")
        highest = session.exec(select(func.max(Video.priority)).where(col(Video.state).in_(QUEUED))).one()
        video.priority = (highest or 0) + 1
        session.add(video)
        work.record(session, database.now(), Subject.VIDEO, video_id, "put first", who)
        return video


def redo(database: Database, video_id: int, who: str) -> Video:
    """Recognise a drafted video again with the settings of now: it becomes a new revision. Raise Refused."""
    with database.write() as session:
        old, new = VideoState.DRAFTED, VideoState.DOWNLOADED
        values: dict[str, Any] = {"job": None, "priority": BY_HAND, **UNTROUBLED}
        return work.move(session, database.now(), Video, video_id, old, new, who=who, **values)


def _job_for_retry(video: Video, target: VideoState) -> dict[str, Any] | None:
    """The job that a person's retry repeats; None, for the settings of now, if it failed before it had words.

    What the person has mended meanwhile may have been one of those settings: a model's name, a language.
    """
    failed = video.last_error_kind in (ErrorKind.PERSON, ErrorKind.BUG, ErrorKind.LATER)
    return None if failed and target in (VideoState.FOUND, VideoState.DOWNLOADED) else video.job


def _resume(session: Session, database: Database, video: Video, who: str) -> Video:
    target = video.resume_state or VideoState.FOUND
    values: dict[str, Any] = {
        "job": _job_for_retry(video, target),
        "resume_state": None,
        "reason": None,
        "attempts": 0,
        "crashes": 0,
        "next_try_at": None,
        "cancelled_by": None,
        "priority": BY_HAND,
        "requested_by": video.requested_by or who,
    }
    return work.move(session, database.now(), Video, video.number, video.state, target, who=who, **values)


def get(database: Database, video_id: int) -> Video:
    with database.read() as session:
        return work.get(session, Video, video_id)


def find(database: Database, name: str) -> Video:
    """The video that a person means by its number or its YouTube id. Raise NotFound."""
    with database.read() as session:
        video = session.exec(select(Video).where(Video.youtube_id == name)).first()
        if video is None and is_number(name):
            video = session.get(Video, int(name))
    if video is None:
        raise NotFound(f"there is no video {name!r}")
    return video


SHOWN = (*QUEUED, VideoState.FAILED)  #: what is on its way or needs a person


def queue(database: Database, *, everything: bool = False, skip: int = 0, limit: int = LISTED) -> Sequence[Video]:
    """What is on its way or needs a person, in the order of the line; with `everything`, all, the newest first."""
    with database.read() as session:
        if everything:
            statement = select(Video).order_by(col(Video.id).desc())
        else:
            statement = select(Video).where(col(Video.state).in_(SHOWN)).order_by(*IN_LINE)
        return session.exec(statement.offset(skip).limit(limit)).all()


def stuck(database: Database) -> Sequence[Video]:
    """Videos that a person may retry, the newest first."""
    aside = col(Video.state).in_((VideoState.FAILED, VideoState.SKIPPED))
    with database.read() as session:
        statement = select(Video).where(
            or_(aside, col(Video.next_try_at).is_not(None)), col(Video.claimed_by).is_(None)
        )
        return session.exec(statement.order_by(col(Video.id).desc()).limit(OFFERED)).all()


def claim_next(
    database: Database,
    state: VideoState,
    who: str,
    lease: timedelta,
    but: Collection[int] = (),
    only: int | None = None,
) -> Video | None:
    """Claim the next video in `state`, see `in_line`; or `only` that one."""
    others = [col(Video.id).not_in(tuple(but)), *([] if only is None else [col(Video.id) == only])]
    return work.claim_next(database, Video, state, who, lease, *others, order=IN_LINE, progress=None)


def in_line(database: Database, state: VideoState, but: Collection[int] = ()) -> Sequence[Video]:
    """The first videos in `state` whose time has come and that nobody works on, none of those in `but`.

    Those that people asked for come first, then the oldest.
    """
    return work.claimable(database, Video, state, col(Video.id).not_in(tuple(but)), order=IN_LINE, limit=LOOKED_AT)


def channel_of(database: Database, video: Video) -> Channel | None:
    """The subscription that the video belongs to now; None for a video of a channel that is not watched."""
    with database.read() as session:
        return channel_in(session, video)


def channel_in(session: Session, video: Video) -> Channel | None:
    """`channel_of` inside a transaction that does more."""
    if video.channel_id is not None:
        found = work.get(session, Channel, video.channel_id)
        if found.state is not ChannelState.REMOVED:
            return found
    if video.youtube_channel_id is None:
        return None
    same = select(Channel).where(Channel.youtube_id == video.youtube_channel_id)
    return session.exec(same.where(Channel.state != ChannelState.REMOVED)).first()


def advance(
    database: Database,
    video: Video,
    new: VideoState,
    who: str,
    *,
    artefact: Artefact | None = None,
    why: str | None = None,
    **values: Any,
) -> Video:
    """A stage succeeded: move the claimed video on, and keep what it made, in one transaction."""
    with database.write() as session:
        if artefact is not None:
            _keep(session, artefact)
        return advance_in(session, database, video, new, who, why=why, **values)


def advance_in(
    session: Session,
    database: Database,
    video: Video,
    new: VideoState,
    who: str,
    *,
    why: str | None = None,
    **values: Any,
) -> Video:
    """`advance` inside a transaction that does more."""
    done = {"reason": None, "resume_state": None, "cancelled_by": None, **UNTROUBLED}
    return _move_claimed(session, database, video, new, who, why, **{**done, **values})


def set_aside(database: Database, video: Video, new: VideoState, who: str, kind: ErrorKind, reason: str) -> Video:
    """Move a claimed video to `skipped` or `failed`, and remember where it stopped."""
    with database.write() as session:
        values: dict[str, Any] = {
            "reason": reason,
            "resume_state": video.state,
            "next_try_at": None,
            "last_error_kind": kind,
            "last_error": reason,
        }
        return _move_claimed(session, database, video, new, who, reason, **values)


def note(database: Database, video: Video, what: str, why: str) -> None:
    """Note what whoever has claimed a video did, and why; nothing of the video changes."""
    with database.write() as session:
        work.record(session, database.now(), Subject.VIDEO, video.number, what, video.claim, why)


def _move_claimed(
    session: Session, database: Database, video: Video, new: VideoState, who: str, why: str | None, **values: Any
) -> Video:
    """Move a video that `who` has claimed on. Raise Refused if the claim is lost."""
    mine = col(Video.claimed_by) == who
    values = {"progress": None, **values}
    now, old = database.now(), video.state
    return work.move(session, now, Video, video.number, old, new, who=who, why=why, only_if=mine, **values)


def _keep(session: Session, artefact: Artefact) -> None:
    same = select(Artefact).where(
        Artefact.video_id == artefact.video_id,
        Artefact.kind == artefact.kind,
        Artefact.key == artefact.key,
    )
    known = session.exec(same).first()
    if known is None:
        session.add(artefact)
        return
    known.path, known.sha256, known.bytes = artefact.path, artefact.sha256, artefact.bytes
    session.add(known)


def artefact(database: Database, video_id: int, kind: ArtefactKind, key: str | None = None) -> Artefact | None:
    """The newest artefact of that kind, or the one with that key; None if there is none."""
    with database.read() as session:
        statement = select(Artefact).where(Artefact.video_id == video_id, Artefact.kind == kind)
        if key is not None:
            statement = statement.where(Artefact.key == key)
        return session.exec(statement.order_by(col(Artefact.made_at).desc(), col(Artefact.id).desc())).first()


def counts(database: Database) -> dict[str, int]:
    """How many videos there are in each state."""
    with database.read() as session:
        rows = session.exec(select(Video.state, func.count()).group_by(col(Video.state))).all()
        return {str(state): count for state, count in rows}
