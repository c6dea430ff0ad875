"""Voices told apart beside recognition, or after it: whichever is faster on this machine.

Beside, where the two do not compute on the same: a cloud engine is only waited for, or one has the GPU and the other
the CPU. After it, where they do: nothing is gained then, on a crowded CPU much is lost, for torch's threads wait for
each other by spinning, and a GPU would have to hold both models (bench/beside.py measures both orders).
"""

from __future__ import annotations

import contextvars
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from daemon import job
from daemon.children import Message, Progress
from daemon.errors import Interrupted
from daemon.job import Job
from daemon.settings import DaemonSettings, When
from daemon.speech import device
from daemon.speech.device import DeviceName
from daemon.speech.engines import ENGINES
from daemon.speech.voices import Diarization

RECORDINGS = 4  # that are remembered

Made = TypeVar("Made")


def is_beside(asked: Job, settings: DaemonSettings) -> bool:
    """Whether the voices of a job are told apart while its engine recognises."""
    kind = ENGINES[asked.engine]
    options = job.options_of(asked, job.engine_options(settings, asked.engine))
    table = settings.speech.voices
    if not asked.voices or kind.tells_speakers(options):
        return False
    if table.when is not When.AUTO:
        return table.when is When.BESIDE
    return not kind.local or _is_on_gpu(options.get("device", DeviceName.CPU)) != _is_on_gpu(table.device)


def shares(asked: Job, settings: DaemonSettings) -> bool:
    """Whether telling voices apart waits until no engine of this machine is at work: not beside that of its own."""
    return not (ENGINES[asked.engine].local and is_beside(asked, settings))


def _is_on_gpu(name: str) -> bool:
    return name == DeviceName.CUDA or (name == DeviceName.AUTO and device.has_gpu())


class Wanted:
    """Whether what a thread makes is waited for already, and whether it is wanted still."""

    def __init__(self) -> None:
        self.awaited, self.dropped = threading.Event(), threading.Event()

    def told(self, progress: Progress) -> Progress:
        """Tell `progress` from when it is waited for; until then somebody else's is told."""
        return lambda fraction, step: progress(fraction, step) if self.awaited.is_set() else None

    def watched(self, watch: Callable[[], None]) -> Callable[[], None]:
        """Call `watch`, and raise Interrupted when it is not wanted any more."""

        def look() -> None:
            if self.dropped.is_set():
                raise Interrupted("what it was to go with is not there")
            watch()

        return look


class Remembered:
    """The voices of the last few recordings: another try, by another engine, does not tell them apart anew."""

    def __init__(self) -> None:
        self._found: dict[str, Diarization] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._found)

    def once(self, request: Message, tell: Callable[[], Diarization]) -> Diarization:
        """What was found for that request, else what `tell` finds now."""
        key = json.dumps({name: value for name, value in request.items() if name != "token"}, sort_keys=True)
        with self._lock:
            known = self._found.get(key)
        if known is not None:
            return known
        found = tell()
        with self._lock:
            self._found[key] = found
            while len(self._found) > RECORDINGS:
                del self._found[next(iter(self._found))]
        return found


def now() -> Wanted:
    """Of what is waited for from its beginning."""
    wanted = Wanted()
    wanted.awaited.set()
    return wanted


@contextmanager
def begun(act: Callable[[Wanted], Made]) -> Iterator[Callable[[], Made]]:
    """Let a thread `act` while the block runs; what is given waits for what it made, or raises what it raised.

    Where the block is left, it is dropped, and waited for until it ended.
    """
    wanted = Wanted()
    with ThreadPoolExecutor(1, "beside") as threads:
        made = threads.submit(contextvars.copy_context().run, act, wanted)

        def result() -> Made:
            wanted.awaited.set()
            return made.result()

        try:
            yield result
        finally:
            wanted.dropped.set()
