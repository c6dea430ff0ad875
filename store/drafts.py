"""The verbs on a draft: make a revision, edit it, decide on it, upload it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from store import videos, work
from store.database import Database
from store.errors import NotFound, Refused
from store.lifecycle import DraftState, ErrorKind, VideoState
from store.tables import Decision, DecisionKind, Draft, Service, Subject, Video
from store.work import UNTROUBLED, is_number

LONGEST_REASON = 1000  #: characters
UNDECIDED = (DraftState.WAITING, DraftState.APPROVED, DraftState.FAILED)


@dataclass(frozen=True)
class Captions:
    """The text of a new revision, and what it came from."""

    language: str
    engine: str
    model: str
    profile: str
    text: str  #: WebVTT
    cues: int
    report: dict[str, Any]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make(database: Database, video: Video, captions: Captions, who: str) -> Draft:
    """Make a new revision and move the claimed video to `drafted`; an undecided older one is superseded.

    An approved one that is being uploaded now stays: the upload ends first, then the newer one replaces it.
    """
    now = database.now()
    with database.write() as session:
        made = _next_revision(session, database, video.number, captions, who)
        why = f"{captions.cues} cues by {captions.engine}"
        work.record(session, now, Subject.DRAFT, made.number, "made", who, why, (None, DraftState.WAITING))
        videos.advance_in(session, database, video, VideoState.DRAFTED, who)
        return work.get(session, Draft, made.number)


def edit(database: Database, draft_id: int, captions: Captions, who: str, why: str) -> Draft:
    """Make a new revision of what `who` changed in a draft; `why` says what. Raise Refused.

    Only the newest can be edited: of two people who do it at once the second is refused, and nothing is lost. An
    approved one is about to be uploaded, and has to be held back first.
    """
    now = database.now()
    with database.write() as session:
        draft = work.get(session, Draft, draft_id)
        _refuse_uneditable(session, draft)
        if captions.text == draft.text:
            raise Refused(f"that changes nothing in draft {draft_id}")
        made = _next_revision(session, database, draft.video_id, captions, who)
        made.edited_by = who
        work.record(session, now, Subject.DRAFT, made.number, "edited", who, why, (None, DraftState.WAITING))
        return made


def editable(database: Database, draft_id: int) -> Draft:
    """A draft that can be edited now. Raise NotFound, Refused."""
    with database.read() as session:
        draft = work.get(session, Draft, draft_id)
        _refuse_uneditable(session, draft)
        return draft


def _refuse_uneditable(session: Session, draft: Draft) -> None:
    _refuse_older(session, draft)
    if draft.state is DraftState.APPROVED:
        raise Refused(f"draft {draft.id} is approved and about to be uploaded: hold it back first")


def _next_revision(session: Session, database: Database, video_id: int, captions: Captions, who: str) -> Draft:
    older = session.exec(
        select(Draft)
        .where(Draft.video_id == video_id, Draft.language == captions.language)
        .order_by(col(Draft.revision))
    ).all()
    for draft in older:
        if draft.state in UNDECIDED and draft.claimed_by is None:
            _supersede(session, database, draft, who)
    made = Draft(
        state=DraftState.WAITING,
        video_id=video_id,
        language=captions.language,
        revision=max((draft.revision for draft in older), default=0) + 1,
        engine=captions.engine,
        model=captions.model,
        profile=captions.profile,
        text=captions.text,
        sha256=digest(captions.text),
        cues=captions.cues,
        report=captions.report,
        made_at=database.now(),
    )
    session.add(made)
    session.flush()
    return made


def _supersede(session: Session, database: Database, draft: Draft, who: str) -> None:
    work.move(
        session,
        database.now(),
        Draft,
        draft.number,
        draft.state,
        DraftState.SUPERSEDED,
        who=who,
        only_if=col(Draft.claimed_by).is_(None),
    )


def approve(database: Database, draft_id: int, who: str) -> Draft:
    """Let a draft be uploaded. Raise Refused if it is not the newest, has no cue, or no login covers its channel."""
    now = database.now()
    with database.write() as session:
        draft = work.get(session, Draft, draft_id)
        if draft.state is not DraftState.WAITING:
            raise Refused(f"draft {draft_id} is {draft.state}: only a waiting draft can be approved")
        _refuse_older(session, draft)
        _refuse_empty(draft)
        video = work.get(session, Video, draft.video_id)
        if not covered(session, video):
            if session.get(Service, "captiond") is None:
                raise Refused("captiond has not said yet which channels the login covers: start it")
            raise Refused(
                f"no login covers the channel of draft {draft_id}: download the draft and add it to the video yourself"
            )
        session.add(Decision(draft_id=draft_id, what=DecisionKind.APPROVE, who=who, at=now))
        return work.move(session, now, Draft, draft_id, DraftState.WAITING, DraftState.APPROVED, who=who, **UNTROUBLED)


def _refuse_empty(draft: Draft) -> None:
    if draft.cues == 0:
        raise Refused(
            f"draft {draft.id} has no cue, since nothing was said: an empty track is never uploaded; reject the draft"
        )


def _refuse_older(session: Session, draft: Draft) -> None:
    newest = _newest(session, draft)
    if newest.id != draft.id:
        raise Refused(f"draft {draft.id} is revision {draft.revision}; draft {newest.id} is newer")


def _newest(session: Session, draft: Draft) -> Draft:
    """The newest revision of the draft's video in its language."""
    statement = select(Draft).where(Draft.video_id == draft.video_id, Draft.language == draft.language)
    return session.exec(statement.order_by(col(Draft.revision).desc())).first() or draft


def covered(session: Session, video: Video) -> bool:
    """Whether the daemon's login may put captions on the video's channel, as the daemon last said."""
    service = session.get(Service, "captiond")
    return service is not None and video.youtube_channel_id in service.covers


def reject(database: Database, draft_id: int, who: str, reason: str | None = None) -> Draft:
    """Say that a draft shall not be uploaded. Raise Refused unless it waits or failed."""
    if reason is not None and len(reason) > LONGEST_REASON:
        raise Refused(f"a reason has at most {LONGEST_REASON} characters, and that has {len(reason)}")
    now = database.now()
    with database.write() as session:
        draft = work.get(session, Draft, draft_id)
        if draft.state not in (DraftState.WAITING, DraftState.FAILED):
            raise Refused(f"draft {draft_id} is {draft.state}: only a waiting or a failed draft can be rejected")
        session.add(Decision(draft_id=draft_id, what=DecisionKind.REJECT, who=who, at=now, reason=reason))
        return work.move(
            session,
            now,
            Draft,
            draft_id,
            draft.state,
            DraftState.REJECTED,
            who=who,
            why=reason,
            reason=reason,
            only_if=col(Draft.claimed_by).is_(None),
        )


def hold(database: Database, draft_id: int, who: str) -> Draft:
    """Take an approval back, as long as the upload has not begun. Raise Refused."""
    now = database.now()
    with database.write() as session:
        draft = work.get(session, Draft, draft_id)
        if draft.state is not DraftState.APPROVED:
            raise Refused(f"draft {draft_id} is {draft.state}: only an approved one can be held back")
        _refuse_older(session, draft)
        if draft.claimed_by is not None or draft.tracks_before is not None:
            raise Refused(f"the upload of draft {draft_id} has begun: it cannot be held back; edit it when it is up")
        session.add(Decision(draft_id=draft_id, what=DecisionKind.HOLD, who=who, at=now))
        return work.move(
            session,
            now,
            Draft,
            draft_id,
            DraftState.APPROVED,
            DraftState.WAITING,
            who=who,
            only_if=col(Draft.claimed_by).is_(None),
            **UNTROUBLED,
        )


def retry(database: Database, draft_id: int, who: str) -> Draft:
    """Upload a failed or skipped draft after all, one that was put off at once; take a rejection back.

    All but the last were approved, and still are. Raise Refused for any other, and for one without a cue.
    """
    now = database.now()
    with database.write() as session:
        draft = work.get(session, Draft, draft_id)
        session.add(Decision(draft_id=draft_id, what=DecisionKind.RETRY, who=who, at=now))
        if draft.state in (DraftState.FAILED, DraftState.SKIPPED):
            _refuse_older(session, draft)
            _refuse_empty(draft)
            values: dict[str, Any] = {
                "resume_state": None,
                "reason": None,
                "attempts": 0,
                "crashes": 0,
                "next_try_at": None,
            }
            return work.move(session, now, Draft, draft_id, draft.state, DraftState.APPROVED, who=who, **values)
        if draft.state is DraftState.APPROVED and draft.next_try_at is not None and draft.claimed_by is None:
            draft.next_try_at = None
            session.add(draft)
            work.record(session, now, Subject.DRAFT, draft_id, "retried", who)
            return draft
        if draft.state is DraftState.REJECTED:
            _refuse_older(session, draft)
            old, new = DraftState.REJECTED, DraftState.WAITING
            return work.move(session, now, Draft, draft_id, old, new, who=who, reason=None)
        raise Refused(f"draft {draft_id} is {draft.state}: there is nothing to retry")


def claim_approved(database: Database, who: str, lease: timedelta) -> Draft | None:
    """Claim the oldest draft that is approved. What there is to do is the stage's to find out."""
    return work.claim_next(database, Draft, DraftState.APPROVED, who, lease)


def superseded(database: Database, draft: Draft, who: str) -> bool:
    """Supersede a claimed draft if a newer revision came while an earlier try of it was under way; tell whether."""
    with database.write() as session:
        if _newest(session, draft).id == draft.id:
            return False
        old, new = DraftState.APPROVED, DraftState.SUPERSEDED
        mine = col(Draft.claimed_by) == who
        work.move(session, database.now(), Draft, draft.number, old, new, who=who, only_if=mine)
        return True


def uploaded(database: Database, draft: Draft, who: str, track_id: str) -> Draft:
    """The claimed draft is on YouTube as `track_id`; what was there of ours in that language is replaced."""
    now = database.now()
    with database.write() as session:
        older = session.exec(
            select(Draft).where(
                Draft.video_id == draft.video_id,
                Draft.language == draft.language,
                Draft.state == DraftState.UPLOADED,
                Draft.id != draft.id,
            )
        ).all()
        for one in older:
            work.move(session, now, Draft, one.number, DraftState.UPLOADED, DraftState.REPLACED, who=who)
        return work.move(
            session,
            now,
            Draft,
            draft.number,
            DraftState.APPROVED,
            DraftState.UPLOADED,
            who=who,
            why=f"track {track_id}",
            only_if=col(Draft.claimed_by) == who,
            track_id=track_id,
            uploaded_at=now,
            **UNTROUBLED,
        )


def set_aside(database: Database, draft: Draft, new: DraftState, who: str, kind: ErrorKind, reason: str) -> Draft:
    """Move a claimed draft to `skipped` or `failed`, or to `superseded` where a newer revision came meanwhile."""
    with database.write() as session:
        if _newest(session, draft).id != draft.id:
            new = DraftState.SUPERSEDED
        return work.move(
            session,
            database.now(),
            Draft,
            draft.number,
            DraftState.APPROVED,
            new,
            who=who,
            why=reason,
            only_if=col(Draft.claimed_by) == who,
            reason=reason,
            resume_state=DraftState.APPROVED,
            next_try_at=None,
            last_error_kind=kind,
            last_error=reason,
        )


def our_tracks(database: Database, video_id: int) -> frozenset[str]:
    """Ids of the tracks that drafts of this video became, now or earlier."""
    with database.read() as session:
        statement = select(Draft.track_id).where(Draft.video_id == video_id, col(Draft.track_id).is_not(None))
        return frozenset(track for track in session.exec(statement) if track)


def get(database: Database, draft_id: int) -> tuple[Draft, Video]:
    """A draft and its video. Raise NotFound."""
    with database.read() as session:
        draft = work.get(session, Draft, draft_id)
        return draft, work.get(session, Video, draft.video_id)


def find(database: Database, name: str) -> tuple[Draft, Video]:
    """The draft that a person means by its number, or the newest of the video with that YouTube id."""
    with database.read() as session:
        video = session.exec(select(Video).where(Video.youtube_id == name)).first()
        if video is None:
            if is_number(name):
                return get(database, int(name))
            raise NotFound(f"there is no draft {name!r}")
        newest = select(Draft.id).where(Draft.video_id == video.id).order_by(col(Draft.id).desc())
        draft_id = session.exec(newest).first()
    if draft_id is None:
        raise NotFound(f"there is no draft of video {name!r} yet")
    return get(database, draft_id)


def listing(
    database: Database, states: Sequence[DraftState] = UNDECIDED, *, skip: int = 0, limit: int = videos.LISTED
) -> Sequence[tuple[Draft, Video]]:
    """Drafts in `states`, the newest first, without their text and report; if not told, those that are undecided."""
    light = (defer(Draft.text, raiseload=True), defer(Draft.report, raiseload=True))  # type: ignore[arg-type]
    with database.read() as session:
        statement = select(Draft, Video).join(Video).where(col(Draft.state).in_(states)).options(*light)
        return session.exec(statement.order_by(col(Draft.id).desc()).offset(skip).limit(limit)).all()


def names(database: Database, states: Sequence[DraftState]) -> Sequence[tuple[int, DraftState, str]]:
    """Number, state and title of the drafts in `states`, the newest first, to choose from."""
    title = case((col(Video.title) == "", col(Video.youtube_id)), else_=col(Video.title))
    with database.read() as session:
        statement = select(Draft.id, Draft.state, title).join(Video).where(col(Draft.state).in_(states))
        newest = session.exec(statement.order_by(col(Draft.id).desc()).limit(videos.OFFERED))
        return [(number or 0, DraftState(state), str(name)) for number, state, name in newest]


def counts(database: Database) -> dict[str, int]:
    """How many drafts there are in each state."""
    with database.read() as session:
        rows = session.exec(select(Draft.state, func.count()).group_by(col(Draft.state))).all()
        return {str(state): count for state, count in rows}


def decisions(database: Database, draft_id: int) -> Sequence[Decision]:
    """What people said of a draft, in the order they did."""
    with database.read() as session:
        return session.exec(select(Decision).where(Decision.draft_id == draft_id).order_by(col(Decision.id))).all()
