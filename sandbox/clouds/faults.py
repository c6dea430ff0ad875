"""Faults on demand: what happens to the next requests of one operation, or of any (*)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from sandbox.faults import ANY, Fault, FaultsToCome


class Kind(StrEnum):
    """What a fault does. `value` in brackets."""

    SLOW = "slow"  # the answer begins after [seconds]
    HOLD = "hold"  # received, not executed until released; never, if the client leaves before
    HOLD_AFTER = "hold_after"  # executed, the answer is kept back until released
    CUT_BEFORE = "cut_before"  # connection closed; the body is not taken, nothing is executed
    CUT_AFTER = "cut_after"  # executed, connection closed without an answer
    STATUS = "status"  # answered with status [500] at once, in the service's shape
    RATE = "rate"  # answered with 429 and Retry-After [seconds]; 429 without it is a status
    HTML = "html"  # answered with a page and status [200] at once
    EMPTY = "empty"  # answered with nothing and status [200] at once
    GARBAGE = "garbage"  # answered with bytes that are no text and status [200] at once
    TRUNCATED = "truncated"  # executed, answered with the first half of the answer


NEEDS_VALUE = frozenset({Kind.SLOW, Kind.RATE})
DEFAULTS = {Kind.STATUS: 500.0, Kind.HTML: 200.0, Kind.EMPTY: 200.0, Kind.GARBAGE: 200.0}


class Faults(FaultsToCome[Kind]):
    """The faults to come, and the requests that are held."""

    def __init__(self, operations: Collection[str]) -> None:
        super().__init__()
        self._operations = operations

    def add(self, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> None:
        """Let the next `times` requests of `operation` fail so. Raise ValueError if it cannot."""
        what = Kind(kind)
        self.check(operation)
        if value is None:
            if what in NEEDS_VALUE:
                raise ValueError(f"{what} needs a value")
            value = DEFAULTS.get(what, 0.0)
        self.put(operation, Fault(what, float(value)), times)

    def check(self, operation: str) -> None:
        """Raise ValueError if there is no such operation."""
        if operation != ANY and operation not in self._operations:
            raise ValueError(f"there is no operation {operation!r}; there are: {', '.join(self._operations)}")
