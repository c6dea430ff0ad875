"""The verbs on a bookmark: how far a reader of the events has come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from store import services
from store.database import Database
from store.tables import Bookmark, Event

AT_ONCE = 1000  #: events that are read in one go


def read(database: Database, name: str) -> tuple[int, Sequence[Event]]:
    """The number of the last event that was read, and those since, in the order they happened.

    A reader who is new begins with what happens from now on.
    """
    with database.read() as session:
        bookmark = session.get(Bookmark, name)
        if bookmark is not None:
            since = select(Event).where(col(Event.id) > bookmark.event_id).order_by(col(Event.id)).limit(AT_ONCE)
            return bookmark.event_id, session.exec(since).all()
        last = services.last_event(session)
    move(database, name, last)
    return last, ()


def move(database: Database, name: str, event_id: int) -> None:
    """Note that all events up to this one were read."""
    with database.write() as session:
        session.merge(Bookmark(name=name, event_id=event_id))
