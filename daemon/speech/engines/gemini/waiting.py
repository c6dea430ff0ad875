"""Waiting for a call that cannot be interrupted: it goes on in a thread of its own, the wait for it ends at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

LOOK_SECONDS = 0.25  # how soon a cancel is seen

Result = TypeVar("Result")


def begin(work: Callable[[], Result]) -> Future[Result]:
    """Do `work` in a thread that does not keep the process alive."""
    future: Future[Result] = Future()

    def do() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=do, name="gemini", daemon=True).start()
    return future


def watched(future: Future[Result], look: Callable[[], None]) -> Result:
    """The result of a work that was begun. `look` is called now and again meanwhile: what it raises ends the wait."""
    while not wait([future], LOOK_SECONDS).done:
        look()
    return future.result()
