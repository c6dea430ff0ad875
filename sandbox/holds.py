"""Requests that a stand-in holds until they are released, so that a test can look, or kill, in the middle of one.

Talk to it from the server's loop or from any other thread.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter

Held = tuple[str, asyncio.AbstractEventLoop, asyncio.Event]


class Holds:
    """The requests that are held, by their operation."""

    def __init__(self) -> None:
        self._held: list[Held] = []
        self._changed = threading.Condition()

    async def hold(self, operation: str) -> None:
        """Wait until released. Cancelled when the client leaves."""
        one = (operation, asyncio.get_running_loop(), asyncio.Event())
        self._set(one, held=True)
        try:
            await one[2].wait()
        finally:
            self._set(one, held=False)

    def _set(self, one: Held, *, held: bool) -> None:
        with self._changed:
            if held:
                self._held.append(one)
            else:
                self._held.remove(one)
            self._changed.notify_all()

    def release(self, operation: str | None = None) -> int:
        """Let go of what is held now, of one operation or of all; how many requests that was."""
        with self._changed:
            found = [one for one in self._held if operation in (None, one[0])]
        for _, loop, event in found:
            loop.call_soon_threadsafe(event.set)
        return len(found)

    def held(self) -> dict[str, int]:
        """How many requests are held now, by operation."""
        with self._changed:
            return dict(Counter(one[0] for one in self._held))

    def wait_until_held(self, operation: str, count: int = 1, timeout: float = 10.0) -> bool:
        """Wait until exactly `count` requests are held; whether that came. Not from the server's own thread."""
        with self._changed:
            return self._changed.wait_for(
                lambda: sum(one[0] == operation for one in self._held) == count, timeout=timeout
            )
