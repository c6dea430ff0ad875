"""Signs of life of captiond and captionbot, and the events that tell what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from store import work
from store.database import Database
from store.tables import Event, Service, Subject

BEAT = timedelta(seconds=10)  #: how often a process says that it is alive
SILENCE = 3 * BEAT  #: after so long without a sign it is taken to be down


def beat(
    database: Database,
    name: str,
    version: str,
    started_at: datetime,
    engines: dict[str, str],
    covers: list[str],
    note: str | None = None,
) -> None:
    """Say that a process is alive, and what it can do. Another `note` than the last is an Event."""
    with database.write() as session:
        before = session.get(Service, name)
        if note != (before.note if before else None):
            work.record(session, database.now(), Subject.SERVICE, name, "noted", name, note)
        session.merge(
            Service(
                name=name,
                version=version,
                started_at=started_at,
                seen_at=database.now(),
                engines=engines,
                covers=covers,
                note=note,
            )
        )


def get(database: Database, name: str) -> Service | None:
    with database.read() as session:
        return session.get(Service, name)


def is_alive(service: Service | None, now: datetime) -> bool:
    return service is not None and now - service.seen_at < SILENCE


def last_event(session: Session) -> int:
    return session.exec(select(func.max(Event.id))).one() or 0


def same_before(database: Database, event: Event) -> Event | None:
    """The last event before this one that told the same, for the same reason, of a subject of the same kind."""
    same = (Event.subject == event.subject, Event.what == event.what, Event.why == event.why)
    with database.read() as session:
        before = select(Event).where(*same, col(Event.id) < event.id)
        return session.exec(before.order_by(col(Event.id).desc()).limit(1)).first()


def events(database: Database, subject: Subject | None = None, subject_id: int | str | None = None) -> Sequence[Event]:
    """Events in the order they happened, of one subject or of all."""
    with database.read() as session:
        statement = select(Event).order_by(col(Event.id))
        if subject is not None:
            statement = statement.where(Event.subject == subject)
        if subject_id is not None:
            statement = statement.where(Event.subject_id == str(subject_id))
        return session.exec(statement).all()
