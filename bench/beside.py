"""Telling voices apart while an engine recognises, or after it: which is faster on this machine.

    python -m bench.beside [--quick] [--json] [--corpus PATH] [--model PATH] [--pipeline PATH]

`captiond caption` captions the same recording in both orders, with Whisper here, and with a cloud engine that takes as
long as Whisper did: a loopback AssemblyAI whose words have no speakers. All that config.toml leaves to the machine (the
device, the threads) is left to it. The first round of all warms up, and is not counted.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import inputs, report
from bench.report import Bar, Column, Failed, Measurement, Report
from bench.voices import BESIDE as PIPELINE
from daemon.caption import Captioner
from daemon.children import Spawner
from daemon.errors import DaemonError
from daemon.ledger import Ledger
from daemon.settings import DaemonSettings, When
from sandbox import assemblyai

ROUNDS = 3
SECONDS, QUICK_SECONDS = 120.0, 60.0
LIMIT = 1.05
ORDERS = (When.AFTER, When.BESIDE)

COLUMNS = (
    Column("engine"),
    Column("voices"),
    Column("wall, s", ".1f"),
    Column("of the other order", ".2f"),
    Column("auto takes"),
)


def measure(options: argparse.Namespace) -> Report:
    if not options.pipeline.is_dir():
        raise Failed(f"there is no pipeline in {options.pipeline}: name one with --pipeline")
    os.environ["PYTHONPATH"] = f"{options.pipeline.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    os.environ["ASSEMBLYAI_API_KEY"] = assemblyai.API_KEY
    corpus = inputs.english(inputs.corpus_folder(options.corpus))
    spoken = [recording.path for recording in corpus if "read" in recording.tags] or [inputs.two_cities().path]
    rounds = 1 if options.quick else ROUNDS
    cloud = assemblyai.AssemblyAI()
    cloud.say(text="It was the best of times, it was the worst of times.")
    with (
        tempfile.TemporaryDirectory() as name,
        report.progress("beside") as say,
        assemblyai.running(assemblyai.make_app(cloud)) as url,
    ):
        folder = Path(name)
        sound = folder / "speech.wav"
        inputs.joined(spoken, QUICK_SECONDS if options.quick else SECONDS, sound)
        bench = _Bench(folder, sound, options, url)
        walls = {("whisper", when): bench.walls("whisper", when, rounds, say) for when in ORDERS}
        cloud.set_pace(seconds=bench.recognition, polls=0)
        walls |= {("assemblyai", when): bench.walls("assemblyai", when, rounds, say) for when in ORDERS}
    return _report(walls, {engine: bench.chosen(engine) for engine in ("whisper", "assemblyai")})


class _Bench:
    """`recognition`: seconds that Whisper took by itself, when it was warm."""

    def __init__(self, folder: Path, sound: Path, options: argparse.Namespace, url: str) -> None:
        self._folder, self._sound, self._options, self._url = folder, sound, options, url
        self.recognition = 0.0
        self._captions = 0

    def walls(self, engine: str, when: When, rounds: int, say: Callable[[str], None]) -> Measurement:
        captioner = self._captioner(engine, when, on=True)
        try:
            taken = []
            for number in range(rounds + 1):
                say(f"{engine}, {when}: round {number} of {rounds}")
                taken.append(self._captioned(captioner))
        finally:
            captioner.close()
        if engine == "whisper" and when is ORDERS[0]:
            self.recognition = self._alone(say)
        return Measurement(tuple(taken[1:]))

    def chosen(self, engine: str) -> When:
        """What captiond does if config.toml says "auto"."""
        from daemon import beside, job

        settings = self._settings(engine, When.AUTO, on=True)
        return When.BESIDE if beside.is_beside(job.present(settings), settings) else When.AFTER

    def _alone(self, say: Callable[[str], None]) -> float:
        captioner = self._captioner("whisper", When.AFTER, on=False)
        try:
            say("whisper by itself")
            self._captioned(captioner)
            return self._captioned(captioner)
        finally:
            captioner.close()

    def _captioned(self, captioner: Captioner) -> float:
        self._captions += 1
        sound = self._folder / f"speech-{self._captions}.wav"
        sound.write_bytes(self._sound.read_bytes() + bytes(self._captions))  # what was paid for is not asked for again
        began = time.monotonic()
        try:
            done = captioner.caption(str(sound), self._folder / "made.json", lambda _fraction, _step: None)
        except DaemonError as error:
            raise Failed(str(error)) from error
        if not done.words:
            raise Failed("nothing was heard")
        return time.monotonic() - began

    def _captioner(self, engine: str, when: When, *, on: bool) -> Captioner:
        ledger = Ledger(f"sqlite:///{self._folder / 'captionwatch.db'}", self._folder)
        return Captioner(self._settings(engine, when, on=on), Spawner(), ledger)

    def _settings(self, engine: str, when: When, *, on: bool) -> DaemonSettings:
        return DaemonSettings.model_validate(
            {
                "speech": {
                    "engine": engine,
                    "language": "en",
                    "voices": {"on": on, "when": when, "model": str(self._options.pipeline)},
                },
                "engines": {
                    "whisper": {"model": str(inputs.model_folder(self._options.model))},
                    "assemblyai": {"base_url": self._url, "speaker_labels": False, "poll_seconds": 0.1},
                },
                "router": {"monthly_limit": 1000.0},
            }
        )


def _report(walls: dict[tuple[str, When], Measurement], chosen: dict[str, When]) -> Report:
    after, beside = ORDERS
    others = {after: beside, beside: after}
    rows, bars = [], []
    for (engine, when), taken in walls.items():
        factor = taken.median / walls[engine, others[when]].median
        rows.append((engine, str(when), taken, factor, "this one" if chosen[engine] is when else ""))
        if chosen[engine] is when:
            bars.append(Bar(f"{engine}: what is chosen, {when}, of the other order", factor, LIMIT, " ×"))
    return Report("Voices told apart beside recognition, and after it", COLUMNS, tuple(rows), tuple(bars))


def main(arguments: list[str] | None = None) -> int:
    asked = report.parser("Captions a recording with voices told apart beside recognition, and after it.")
    inputs.add_options(asked)
    asked.add_argument(
        "--pipeline",
        type=Path,
        default=PIPELINE,
        metavar="PATH",
        help="folder of a pyannote pipeline; else ../shared/models/pyannote-offline",
    )
    return report.run(asked, measure, arguments)


if __name__ == "__main__":
    sys.exit(main())
