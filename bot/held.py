"""What cannot be done now is left alone for a while, so that it holds up nothing else; and why."""

from __future__ import annotations

import time

import structlog

HELD_SECONDS = 60.0  #: before it is tried again

log = structlog.stdlib.get_logger()


class Held:
    """What is left alone for a while, and why."""

    def __init__(self) -> None:
        self._until: dict[str | int, float] = {}
        self._why: dict[str | int, str] = {}

    def add(self, what: str | int, why: str) -> None:
        if self._why.get(what) != why:
            log.warning("waits", what=what, message=why)
        self._until[what], self._why[what] = time.monotonic() + HELD_SECONDS, why

    def now(self) -> set[str | int]:
        """What is held now."""
        return {one for one, until in self._until.items() if until > time.monotonic()}

    def done(self, what: str | int) -> None:
        """It went well."""
        self._until.pop(what, None)
        self._why.pop(what, None)

    def again(self) -> None:
        """Try all of it at once: something changed that may have mended it."""
        self._until = dict.fromkeys(self._until, time.monotonic())

    @property
    def why(self) -> str | None:
        """Why something is held, or was a moment ago: nothing may have been tried again since."""
        recent = time.monotonic() - HELD_SECONDS
        return next(
            (f"{what}: {self._why[what]}" for what in sorted(self._why, key=str) if self._until[what] > recent), None
        )
