"""The verbs on an announcement: which drafts are to be shown where, and which cards are to be drawn anew."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from store import drafts, speakers, videos, work
from store.database import Database
from store.lifecycle import DraftState
from store.tables import Announcement, Channel, Decision, Draft, Speaker, Video, Voice

AT_ONCE = 100  #: drafts that are looked at in one go


@dataclass(frozen=True)
class Revision:
    """What a card says of another draft of the same video."""

    id: int
    language: str
    revision: int
    state: DraftState


@dataclass(frozen=True)
class Showing:
    """All that the card of a draft is made of, as of one moment.

    `covered`: whether the login may put captions on the video's channel; `revisions`: all drafts of the video;
    `voices`: those of the video, each with the speaker that it is, or may be.
    """

    draft: Draft
    video: Video
    channel: Channel | None
    decisions: Sequence[Decision]
    covered: bool
    revisions: Sequence[Revision]
    voices: Sequence[tuple[Voice, Speaker | None]] = ()

    @property
    def newest(self) -> Revision:
        """The newest revision in the draft's language."""
        mine = [one for one in self.revisions if one.language == self.draft.language]
        return max(mine, key=lambda one: one.revision)


def showing(database: Database, draft_id: int) -> Showing:
    """Raise NotFound."""
    with database.read() as session:
        draft = work.get(session, Draft, draft_id)
        video = work.get(session, Video, draft.video_id)
        decided = select(Decision).where(Decision.draft_id == draft_id).order_by(col(Decision.id))
        return Showing(
            draft,
            video,
            videos.channel_in(session, video),
            session.exec(decided).all(),
            drafts.covered(session, video),
            _revisions(session, draft.video_id),
            speakers.voices_in(session, draft.video_id),
        )


def _revisions(session: Session, video_id: int) -> Sequence[Revision]:
    columns = select(Draft.id, Draft.language, Draft.revision, Draft.state)
    found = session.exec(columns.where(Draft.video_id == video_id).order_by(col(Draft.id)))
    return [Revision(number or 0, language, revision, DraftState(state)) for number, language, revision, state in found]


def get(database: Database, draft_id: int) -> Announcement | None:
    with database.read() as session:
        return _of(session, draft_id)


def _of(session: Session, draft_id: int) -> Announcement | None:
    return session.exec(select(Announcement).where(Announcement.draft_id == draft_id)).first()


def due(database: Database, but: Collection[int] = ()) -> Sequence[int]:
    """Drafts that nobody was shown yet and that somebody has to decide on or wait for, the oldest first.

    And those of which it is not known whether they were shown, whatever became of them meanwhile.
    """
    waits = col(Announcement.id).is_(None) & col(Draft.state).in_(drafts.UNDECIDED)
    unclear = col(Announcement.id).is_not(None) & col(Announcement.message).is_(None)
    with database.read() as session:
        statement = (
            select(Draft.id)
            .outerjoin(Announcement)
            .where(or_(waits, unclear), col(Draft.id).not_in(tuple(but)))
            .order_by(col(Draft.id))
            .limit(AT_ONCE)
        )
        return [one for one in session.exec(statement) if one is not None]


def begin(database: Database, draft_id: int, place: str) -> tuple[Announcement, bool]:
    """Note that a draft is about to be shown in `place`; whether this is the first time.

    Once noted the place stays: a card is never looked for where it was not sent.
    """
    with database.write() as session:
        known = _of(session, draft_id)
        if known is not None:
            return known, False
        made = Announcement(draft_id=draft_id, place=place, announced_at=database.now())
        session.add(made)
        return made, True


def give_up(database: Database, draft_id: int) -> None:
    """Forget where a draft was about to be shown: it was not, and shall not be there."""
    with database.write() as session:
        known = _of(session, draft_id)
        if known is not None and known.message is None:
            session.delete(known)


def shown(database: Database, draft_id: int, message: str, state: DraftState, drawn: str) -> None:
    """A draft's card is this message, and shows it in this state; `drawn` is a digest of what stands there."""
    with database.write() as session:
        known = _of(session, draft_id)
        if known is not None:
            known.message, known.shown_state, known.drawn, known.stale = message, state, drawn, False
            session.add(known)


def touch(database: Database, draft_ids: Collection[int]) -> None:
    """The cards of these drafts, and of the others of their videos, may show what is no more.

    What one is called changes with the others: "draft 4 took its place".
    """
    of_videos = select(Draft.video_id).where(col(Draft.id).in_(tuple(draft_ids)))
    _touch(database, select(Draft.id).where(col(Draft.video_id).in_(of_videos)))


def touch_videos(database: Database, video_ids: Collection[int]) -> None:
    """The cards of the drafts of these videos may show what is no more."""
    _touch(database, select(Draft.id).where(col(Draft.video_id).in_(tuple(video_ids))))


def touch_waiting(database: Database) -> None:
    """The cards that wait for a decision may show what is no more."""
    _touch(database, select(Draft.id).where(Draft.state == DraftState.WAITING))


def _touch(database: Database, draft_ids: Any) -> None:
    with database.write() as session:
        session.exec(update(Announcement).where(col(Announcement.draft_id).in_(draft_ids)).values(stale=True))


def stale(database: Database, but: Collection[str] = ()) -> Sequence[int]:
    """Drafts whose card may show what is no more, in whatever place but these; the newest first.

    Those are what people look at.
    """
    with database.read() as session:
        other = or_(col(Announcement.stale), Announcement.shown_state != Draft.state)
        statement = (
            select(Draft.id)
            .join(Announcement)
            .where(col(Announcement.message).is_not(None), other, col(Announcement.place).not_in(tuple(but)))
            .order_by(col(Draft.id).desc())
            .limit(AT_ONCE)
        )
        return [one for one in session.exec(statement) if one is not None]
