"""How many recordings each engine hears at once: one on this machine, whose model fills its memory; more in a cloud."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from daemon import recognising
from daemon.settings import DaemonSettings
from daemon.speech.engines import ENGINES

LOCAL = ""  #: the one slot that all engines of this machine share
WATCH_SECONDS = 0.5


@contextmanager
def held(turns: threading.Semaphore, watch: Callable[[], None]) -> Iterator[None]:
    """Hold one of the turns; while it is waited for, whatever `watch` raises ends it."""
    while not turns.acquire(timeout=WATCH_SECONDS):
        watch()
    try:
        yield
    finally:
        turns.release()


class Slots:
    """Threads share it."""

    def __init__(self, settings: DaemonSettings) -> None:
        self._at_once = {name: recognising.at_once(settings, name) for name, kind in ENGINES.items() if not kind.local}
        counts = {LOCAL: 1, **self._at_once}
        self._free = {name: threading.Semaphore(count) for name, count in counts.items()}
        self._voices = threading.Semaphore(1)

    @property
    def total(self) -> int:
        """Of all engines together."""
        return 1 + sum(self._at_once.values())

    def is_free(self, engine: str) -> bool:
        """Whether an engine would begin at once. In the next moment it may be otherwise."""
        if not self._of(engine).acquire(blocking=False):
            return False
        self._of(engine).release()
        return True

    @contextmanager
    def taken(self, engine: str, watch: Callable[[], None]) -> Iterator[None]:
        """Hold a slot of an engine; while it is waited for, whatever `watch` raises ends it."""
        with held(self._of(engine), watch):
            yield

    @contextmanager
    def taken_by_voices(self, watch: Callable[[], None], *, shares: bool = True) -> Iterator[None]:
        """Hold the one turn of those that listen to voices, and the local slot too, where both share a device."""
        with held(self._voices, watch), held(self._free[LOCAL], watch) if shares else nullcontext():
            yield

    def _of(self, engine: str) -> threading.Semaphore:
        return self._free.get(engine, self._free[LOCAL])
