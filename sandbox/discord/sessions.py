"""The sessions of the gateway: what was dispatched to each, so that a bot that comes back gets what it missed.

A session outlives its connection. It ends when the bot closes with 1000 or 1001, or when Discord forgets it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

GUILDS, GUILD_MEMBERS, GUILD_PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = {"members": GUILD_MEMBERS, "presences": GUILD_PRESENCES, "message_content": MESSAGE_CONTENT}
HIDDEN_CONTENT = {"content": "", "embeds": [], "components": [], "attachments": []}


@dataclass
class Session:
    """`log` is every dispatch, the first with number 1. `wake` is set while a connection serves it."""

    id: str
    intents: int
    log: list[dict[str, Any]] = field(default_factory=list)
    wake: Callable[[], object] | None = None
    resumed: int = 0

    def add(self, event: str, data: Any) -> None:
        self.log.append({"op": 0, "t": event, "s": len(self.log) + 1, "d": data})
        if self.wake is not None:
            self.wake()


class Sessions:
    """All that are known."""

    def __init__(self) -> None:
        self.known: dict[str, Session] = {}

    def begin(self, intents: int) -> Session:
        session = Session(secrets.token_hex(16), intents)
        self.known[session.id] = session
        return session

    def forget(self, session: Session | None = None) -> None:
        """End one session, or all. Whether its connection is closed is the gateway's matter."""
        if session is None:
            self.known.clear()
        else:
            self.known.pop(session.id, None)

    def dispatch(self, event: str, data: Any, needs: int = 0) -> None:
        """Send an event to every session that has one of the intents that it `needs`; 0: to all."""
        for session in list(self.known.values()):
            if not needs or session.intents & needs:
                session.add(event, data)

    def dispatch_message(self, event: str, data: dict[str, Any], needs: int, *, own: bool) -> None:
        """As `dispatch`. What others than the bot wrote is hidden from sessions without the intent for content."""
        for session in list(self.known.values()):
            if session.intents & needs:
                hidden = not own and not session.intents & MESSAGE_CONTENT
                session.add(event, {**data, **HIDDEN_CONTENT} if hidden else data)

    def state(self) -> list[dict[str, Any]]:
        return [
            {
                "id": one.id,
                "intents": one.intents,
                "seq": len(one.log),
                "connected": one.wake is not None,
                "resumed": one.resumed,
            }
            for one in list(self.known.values())
        ]
