"""Things that are meant for those who come next, in order: each for so many of them, or for all."""

from __future__ import annotations

from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Coming(Generic[Thing]):
    """What is to come, the next thing first."""

    def __init__(self) -> None:
        self._things: list[tuple[Thing, int | None]] = []

    def add(self, thing: Thing, times: int | None = 1) -> None:
        """Let so many who come take it, once all that was added before is used up; None: all, until cleared."""
        self._things.append((thing, times))

    def clear(self) -> None:
        """Forget what is to come."""
        self._things.clear()

    def take(self) -> Thing | None:
        """What is meant for the one who comes now."""
        if not self._things:
            return None
        thing, times = self._things[0]
        if times is not None and times <= 1:
            del self._things[0]
        elif times is not None:
            self._things[0] = (thing, times - 1)
        return thing
