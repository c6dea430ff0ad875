"""What can go wrong with a piece of work, by the answer to "what now?".

DaemonError
├── TryLater    the network or a service: the same again after a wait, which grows
├── WaitFor     nothing is wrong, its time has not come: a premiere, a quota; not counted as a failure
├── AskHuman    a person must act; the message says what to do
└── GiveUp      it will never succeed; the message says why
    └── Cancelled   a person does not want it any more
Interrupted     the daemon stops, or the work was taken away: give it back as if it had not begun

Adapters translate foreign errors into these by a table at their edge. Anything else is a bug, or a child that died.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any


class DaemonError(Exception):
    """An expected failure; `str()` is the sentence to show. `of_engine`: another engine may not have it."""

    of_engine = False


class TryLater(DaemonError):
    """Try again, not before `after` from now; None: the usual growing wait."""

    def __init__(self, message: str, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class WaitFor(DaemonError):
    """Try again at `until`, which is aware and in UTC."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class AskHuman(DaemonError):
    """A person must do what the message says."""


class GiveUp(DaemonError):
    """It will never succeed."""


class Cancelled(GiveUp):
    """Somebody does not want it any more."""


class Interrupted(Exception):
    """The daemon stops, or the claim is lost: nothing is to be concluded about the work."""


@contextmanager
def of_engine() -> Iterator[None]:
    """What fails within is the engine's: another one may do it. Not what a person cancels."""
    try:
        yield
    except Cancelled:
        raise
    except DaemonError as error:
        error.of_engine = True
        raise


def to_message(error: DaemonError) -> dict[str, Any]:
    """An error as plain values, to pass from a child process to its parent."""
    match error:
        case TryLater(after=after):
            details: dict[str, Any] = {"after": None if after is None else after.total_seconds()}
        case WaitFor(until=until):
            details = {"until": until.isoformat()}
        case _:
            details = {}
    return {"kind": type(error).__name__, "message": str(error), "of_engine": error.of_engine, **details}


def from_message(values: dict[str, Any]) -> DaemonError:
    """The error that `to_message` took apart."""
    made = _made(values, str(values["message"]))
    if values["of_engine"]:
        made.of_engine = True
    return made


def _made(values: dict[str, Any], text: str) -> DaemonError:
    match values["kind"]:
        case "TryLater":
            return TryLater(text, None if values["after"] is None else timedelta(seconds=values["after"]))
        case "WaitFor":
            return WaitFor(text, datetime.fromisoformat(values["until"]))
        case "AskHuman":
            return AskHuman(text)
        case "GiveUp":
            return GiveUp(text)
        case "Cancelled":
            return Cancelled(text)
        case kind:
            raise ValueError(f"unknown kind of error {kind!r}")
