"""The verbs on the commands that a chat was told of."""

from __future__ import annotations

from datetime import datetime

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
