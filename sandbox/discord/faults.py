"""Faults on demand: what happens to the next requests of one operation. Each fault is used up by the requests it meets.

An operation is named as Discord's OpenAPI document names it (rest.py), `cdn` is a download of a file, and ANY is all.
Talk to it from the server's loop or from any other thread.
"""

from __future__ import annotations

from enum import StrEnum

from sandbox.faults import Fault, FaultsToCome


class Kind(StrEnum):
    """What a fault does. `value` in brackets."""

    SLOW = "slow"  # the answer begins after [seconds]
    HOLD = "hold"  # received, not executed until released; never, if the bot leaves before
    HOLD_AFTER = "hold_after"  # executed, the answer is kept back until released
    CUT_BEFORE = "cut_before"  # connection closed; nothing is executed
    CUT_AFTER = "cut_after"  # executed, connection closed without an answer
    STATUS = "status"  # answered with status [500] at once
    RATE = "rate"  # 429, come back after [seconds]
    RATE_GLOBAL = "rate_global"  # 429 for everything that the bot does, come back after [seconds]
    BAN = "ban"  # 429 by what stands before Discord: a page, no header Via


NEEDS_VALUE = frozenset({Kind.SLOW, Kind.RATE, Kind.RATE_GLOBAL})
DEFAULTS = {Kind.STATUS: 500.0}


class Faults(FaultsToCome[Kind]):
    """The faults to come, and the requests that are held."""

    def add(self, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> None:
        """Let the next `times` requests of `operation` fail so. Raise ValueError if it cannot."""
        what = Kind(kind)
        if value is None:
            if what in NEEDS_VALUE:
                raise ValueError(f"{what} needs a value")
            value = DEFAULTS.get(what, 0.0)
        self.put(operation, Fault(what, float(value)), times)
