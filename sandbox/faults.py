"""Faults on demand, as all stand-ins have them: what happens to the next requests of one operation.

Each fault is used up by the requests it meets. Talk to it from the server's loop or from any other thread.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from sandbox.coming import Coming
from sandbox.holds import Holds

ANY = "*"
KindT = TypeVar("KindT", bound=StrEnum)


@dataclass(frozen=True)
class Fault(Generic[KindT]):
    """`kind` says what it does, with `value`."""

    kind: KindT
    value: float


class FaultsToCome(Holds, Generic[KindT]):
    """The faults to come, and the requests that are held."""

    def __init__(self) -> None:
        super().__init__()
        self._coming: defaultdict[str, Coming[Fault[KindT]]] = defaultdict(Coming)

    def put(self, operation: str, fault: Fault[KindT], times: int | None = 1) -> None:
        """Let the next `times` requests of `operation` meet this fault; None: all, until cleared."""
        self._coming[operation].add(fault, times)

    def clear(self, operation: str | None = None) -> None:
        """Forget the faults to come, of one operation or of all."""
        if operation is None:
            self._coming.clear()
        else:
            self._coming.pop(operation, None)

    def take(self, operation: str) -> Fault[KindT] | None:
        """The fault that the request now coming in meets: one meant for its operation, else one for any."""
        return self._coming[operation].take() or self._coming[ANY].take()
