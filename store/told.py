"""The verbs on the commands that a chat was told of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import select

from store.database import Database
from store.tables import ToldCommands


def when(database: Database, scope: str, digest: str) -> datetime | None:
    """When the chat was told of just these commands; None if of others, or of none."""
    with database.read() as session:
        known = session.get(ToldCommands, scope)
        return known.told_at if known is not None and known.digest == digest else None


def note(database: Database, scope: str, digest: str) -> None:
    """The chat was told of these commands now."""
    with database.write() as session:
        session.merge(ToldCommands(scope=scope, digest=digest, told_at=database.now()))


def others(database: Database, prefix: str, scope: str) -> Sequence[str]:
    """The other scopes that begin so and were told of commands."""
    with database.read() as session:
        every = session.exec(select(ToldCommands.scope).where(ToldCommands.scope != scope))
        return [one for one in every if one.startswith(prefix)]


def forget(database: Database, scope: str) -> None:
    """The chat was told that there are no commands any more."""
    with database.write() as session:
        known = session.get(ToldCommands, scope)
        if known is not None:
            session.delete(known)
