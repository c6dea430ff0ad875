"""Ten videos from the feed to the uploaded track, beside the recognition of their sound alone.

    python -m bench.daemon [--quick] [--json] [--corpus PATH] [--model PATH]

A real captiond and the loopback YouTube: read the feed, download with yt-dlp, recognise, set as captions, and, as each
draft is approved when it appears, upload. The time runs from the first publication to the last uploaded track. Its peer
is a bare script that recognises the same files one after the other with a model that is loaded already.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import inputs, processes, report
from bench.report import Bar, Column, Failed, Measurement, Report
from daemon.speech.engines.whisper import Options
from store import drafts
from store.lifecycle import DraftState
from tests.machine import Machine, machine

LENGTHS = (30, 45, 60, 90, 120, 150, 180, 240, 300, 420)  # seconds
QUICK_LENGTHS = (60, 120, 240, 300)
ROUNDS = 3
LIMIT = 1.15
PATIENCE_SECONDS = 1800.0  # a bound, so that a hanging captiond ends the benchmark
LOOK_SECONDS = 0.1
WHO = "bench"
DEFAULTS = Options()

COLUMNS = (
    Column("what"),
    Column("seconds", ".1f"),
    Column("of the bare recognition", ".2f"),
)


def measure(options: argparse.Namespace) -> Report:
    model = inputs.model_folder(options.model)
    lengths = QUICK_LENGTHS if options.quick else LENGTHS
    rounds = 1 if options.quick else ROUNDS
    drafted, uploaded, bare = [], [], []
    with tempfile.TemporaryDirectory() as name, report.progress("daemon") as say:
        say("joining recordings")
        paths, seconds = _recordings(options, lengths, Path(name))
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}: the bare recognition")
            bare.append(_recognised(paths, model))
            say(f"round {number + 1} of {rounds}: captiond")
            folder = Path(name) / f"round-{number}"
            folder.mkdir()
            with machine(folder, model, show_log=False) as owner:
                times = _routed(owner, paths, lambda done, of: say(f"captiond has uploaded {done} of {of}"))
            drafted.append(times[0])
            uploaded.append(times[1])
    return _report(seconds, Measurement(tuple(bare)), Measurement(tuple(drafted)), Measurement(tuple(uploaded)))


def _report(seconds: float, bare: Measurement, drafted: Measurement, uploaded: Measurement) -> Report:
    return Report(
        f"captiond: {seconds:.0f} s of speech from the feed to YouTube",
        COLUMNS,
        (
            ("bare recognition, model loaded", bare, 1.0),
            ("captiond, to the last draft", drafted, drafted.median / bare.median),
            ("captiond, to the last uploaded track", uploaded, uploaded.median / bare.median),
        ),
        (Bar("to the last track, of the bare recognition,", uploaded.median / bare.median, LIMIT),),
        ("captiond's time has in it: reading the feed, yt-dlp, loading the model, the store, and YouTube's answers.",),
    )


def _recordings(options: argparse.Namespace, lengths: Sequence[float], folder: Path) -> tuple[list[Path], float]:
    """A recording of about each length, of different speech where there is enough; and how long they are together."""
    corpus = inputs.english(inputs.corpus_folder(options.corpus))
    spoken = [one.path for one in corpus if "read" in one.tags] or [inputs.two_cities().path]
    made, seconds = [], 0.0
    for number, length in enumerate(lengths):
        begin = number * len(spoken) // len(lengths)
        made.append(folder / f"{length}.wav")
        seconds += inputs.joined(spoken[begin:] + spoken[:begin], length, made[-1])
    return made, seconds


def _recognised(paths: Sequence[Path], model: Path) -> float:
    """Seconds that the bare script takes for all files together; one before them, so that all is warm."""
    script = str(Path(__file__).with_name("bare_whisper.py"))
    numbers = [str(number) for number in (DEFAULTS.threads, DEFAULTS.batch_size, DEFAULTS.beam_size)]
    told = processes.run([sys.executable, script, str(model), *numbers, *map(str, [paths[0], *paths])])
    return sum(float(json.loads(line)[0]) for line in told.output.splitlines()[1:])


def _routed(owner: Machine, paths: Sequence[Path], tell: Callable[[int, int], None]) -> tuple[float, float]:
    """Seconds from the first publication to the last draft, and to the last uploaded track."""
    owner.start()
    owner.told("channel", "add", "@sandbox")
    began = time.monotonic()
    for path in paths:
        owner.sandbox.publishes(path, title=path.stem)
    last_draft, done = 0.0, 0
    while time.monotonic() - began < PATIENCE_SECONDS:
        found = [draft for draft, _ in drafts.listing(owner.database, tuple(DraftState))]
        for draft in found:
            if draft.state is DraftState.WAITING:
                drafts.approve(owner.database, draft.number, WHO)
                last_draft = time.monotonic() - began
        if done != (done := sum(draft.state is DraftState.UPLOADED for draft in found)):
            tell(done, len(paths))
        if done == len(paths):
            return last_draft, time.monotonic() - began
        time.sleep(LOOK_SECONDS)
    raise Failed(f"captiond uploaded {done} of {len(paths)} tracks in {PATIENCE_SECONDS:.0f} s")


def main() -> int:
    asked = report.parser(
        "Ten videos from the feed to the uploaded track, beside the recognition of their sound alone."
    )
    inputs.add_options(asked)
    return report.run(asked, measure)


if __name__ == "__main__":
    sys.exit(main())
