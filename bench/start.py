"""How soon captiond answers, and how much memory it keeps when it has nothing to do.

    python -m bench.start [--quick] [--json]

`captiond --help`, from its start to its end, beside Python itself. And the resident memory of an idle captiond that has
taken ten videos from the feed to a draft since it started, when the child that held the model has left.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench import inputs, processes, report
from bench.report import Bar, Column, Failed, Measurement, Report
from daemon.children import resident_bytes
from store import drafts
from store.lifecycle import DraftState
from tests.machine import Machine, machine

ROUNDS, QUICK_ROUNDS = 11, 3
VIDEOS, QUICK_VIDEOS = 10, 2
HELP_LIMIT = 0.4  # s
IDLE_LIMIT = 120.0  # MB
PATIENCE_SECONDS = 600.0
SETTLE_SECONDS = 3.0
LOOK_SECONDS = 0.2
IDLE_SECONDS = 1.0  # after so long without work the child with the model leaves; 300 by default

COLUMNS = (Column("what"), Column("figure", ".3f"), Column("unit"))


def measure(options: argparse.Namespace) -> Report:
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    videos = QUICK_VIDEOS if options.quick else VIDEOS
    with report.progress("start") as say:
        say("captiond --help")
        program = str(Path(sys.executable).with_name("captiond"))
        python = [processes.run([sys.executable, "-c", "pass"]).seconds for _ in range(rounds)]
        helped = [processes.run([program, "--help"]).seconds for _ in range(rounds)]
        say(f"captiond with {videos} videos")
        with tempfile.TemporaryDirectory() as name, machine(Path(name), show_log=False) as owner:
            idle = _idle_bytes(owner, videos)
    shown = Measurement(tuple(helped))
    return Report(
        "captiond: start and idle memory",
        COLUMNS,
        (
            ("python -c pass", Measurement(tuple(python)), "s"),
            ("captiond --help", shown, "s"),
            (f"idle captiond after {videos} videos", idle / 1e6, "MB"),
        ),
        (Bar("captiond --help", shown.median, HELP_LIMIT, " s"), Bar("idle captiond", idle / 1e6, IDLE_LIMIT, " MB")),
    )


def _idle_bytes(owner: Machine, videos: int) -> int:
    """Resident memory of captiond, in bytes, without a child, after it made a draft of each of so many videos."""
    owner.start(idle=IDLE_SECONDS)
    owner.told("channel", "add", "@sandbox")
    for number in range(videos):
        owner.sandbox.publishes(inputs.two_cities().path, title=f"Video {number}")
    assert owner.captiond is not None
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        made = len(drafts.listing(owner.database, (DraftState.WAITING,)))
        if made == videos and processes.family(owner.captiond.pid) == [owner.captiond.pid]:
            time.sleep(SETTLE_SECONDS)
            return resident_bytes(owner.captiond.pid)
        time.sleep(LOOK_SECONDS)
    raise Failed(f"captiond made {made} of {videos} drafts in {PATIENCE_SECONDS:.0f} s")


def main() -> int:
    return report.run(report.parser("How soon captiond answers, and what memory it keeps when it is idle."), measure)


if __name__ == "__main__":
    sys.exit(main())
