"""Faults on demand: what happens to the next requests of one operation. Each fault is used up by the requests it meets.

Talk to it from the server's loop or from any other thread.
"""

from __future__ import annotations

from enum import StrEnum

from sandbox.faults import Fault, FaultsToCome


class Kind(StrEnum):
    """What a fault does. `value` in brackets."""

    SLOW = "slow"  # the answer begins after [seconds]
    HOLD = "hold"  # received, not executed until released; never, if the client leaves before
    HOLD_AFTER = "hold_after"  # executed, the answer is kept back until released
    CUT_BEFORE = "cut_before"  # connection closed; the body is not taken, nothing is executed
    CUT_AFTER = "cut_after"  # executed, connection closed without an answer
    STATUS = "status"  # answered with status [500] at once
    HTML = "html"  # answered with a page and status [404] at once
    QUOTA = "quotaExceeded"
    RATE = "rateLimitExceeded"
    EXISTS = "captionExists"
    THROTTLE = "throttle"  # at most [bytes] a second
    CUT_AT = "cut_at"  # connection closed after [bytes] of this answer's body


API_OPERATIONS = (
    "captions.list",
    "captions.insert",
    "captions.update",
    "captions.delete",
    "captions.download",
    "channels.list",
    "videos.list",
    "playlistItems.list",
)
OPERATIONS = (*API_OPERATIONS, "upload", "feed", "watch", "player", "tab", "playlist", "media", "token", "auth")
"""`upload` is the PUT of a resumable upload; its start counts as captions.insert or captions.update."""

API_ONLY = frozenset({Kind.QUOTA, Kind.RATE})
MEDIA_ONLY = frozenset({Kind.THROTTLE, Kind.CUT_AT})
NOT_MEDIA = frozenset({Kind.HOLD_AFTER, Kind.CUT_AFTER})  # its answer is on its way while it is executed
DEFAULTS = {Kind.STATUS: 500.0, Kind.HTML: 404.0}


class Faults(FaultsToCome[Kind]):
    """The faults to come, and the requests that are held."""

    def add(self, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> None:
        """Let the next `times` requests of `operation` fail so. Raise ValueError if it cannot."""
        what = Kind(kind)
        _check(operation, what)
        if value is None:
            if what in MEDIA_ONLY or what is Kind.SLOW:
                raise ValueError(f"{what} needs a value")
            value = DEFAULTS.get(what, 0.0)
        self.put(operation, Fault(what, float(value)), times)


def _check(operation: str, kind: Kind) -> None:
    if operation not in OPERATIONS:
        raise ValueError(f"there is no operation {operation!r}; there are: {', '.join(OPERATIONS)}")
    if (
        (kind in API_ONLY and operation not in API_OPERATIONS)
        or (kind in MEDIA_ONLY and operation != "media")
        or (kind in NOT_MEDIA and operation == "media")
        or (kind is Kind.EXISTS and operation != "captions.insert")
    ):
        raise ValueError(f"{kind} cannot happen to {operation}")
