"""Run a program and tell how long it took, and how much memory it and its children took at most."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.report import Failed
from daemon.children import resident_bytes

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 3600.0  # a bound, so that a hanging program ends the benchmark


@dataclass(frozen=True)
class Ran:
    """`peak_bytes`: resident in RAM, of the process and all below it together, pages that they share counted twice."""

    seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Ran:
    """Run `command` to its end. Raise Failed if it fails."""
    began = time.monotonic()
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        ended, peaks = threading.Event(), [0]
        watcher = threading.Thread(target=_watch, args=(process.pid, ended, peaks))
        watcher.start()
        try:
            output, errors = process.communicate(timeout=PATIENCE_SECONDS)
            seconds = time.monotonic() - began
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failed(f"{Path(command[0]).name} did not end") from None
        finally:
            ended.set()
            watcher.join()
    if process.returncode:
        last = "; ".join(errors.strip().splitlines()[-3:])
        raise Failed(f"{Path(command[0]).name} ended with exit code {process.returncode}: {last}")
    return Ran(seconds, peaks[0], output)


def _watch(process: int, ended: threading.Event, peaks: list[int]) -> None:
    while not ended.wait(LOOK_SECONDS):
        peaks[0] = max(peaks[0], sum(resident_bytes(one) for one in family(process)))


def family(process: int) -> list[int]:
    """A process and all that are below it now."""
    found = [process]
    for task in Path(f"/proc/{process}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += family(int(child))
    return found
