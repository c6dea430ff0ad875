"""Wall time and memory of `captiond caption`, beside a bare script and whisper-ctranslate2.

    python -m bench.caption [--quick] [--json] [--corpus PATH] [--model PATH]

The same recording (at least five minutes of real speech), weights, threads and options for all three, one after the
other in each of five rounds, each in a process of its own from its start to its end: importing, loading, decoding,
recognising, writing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

from bench import inputs, processes, report
from bench.processes import Ran
from bench.report import Bar, Column, Failed, Measurement, Report
from daemon.speech.engines.whisper import Options

ROUNDS = 5
SECONDS, QUICK_SECONDS = 480.0, 300.0
BARE_LIMIT, PEER_LIMIT = 1.05, 1.0
PEER = "whisper-ctranslate2==0.5.8"
ROOT = Path(__file__).parents[1]
PEER_FOLDER = Path(sys.prefix) / "peers" / PEER
DEFAULTS = Options()

COLUMNS = (
    Column("program"),
    Column("wall, s", ".1f"),
    Column("of the bare script", ".2f"),
    Column("times real time", ".1f"),
    Column("peak memory, MB", ".0f"),
)


def measure(options: argparse.Namespace) -> Report:
    threads = os.cpu_count() or 1
    model = inputs.model_folder(options.model)
    corpus = inputs.english(inputs.corpus_folder(options.corpus))
    spoken = [recording.path for recording in corpus if "read" in recording.tags]
    rounds = 1 if options.quick else ROUNDS
    with tempfile.TemporaryDirectory() as name, report.progress("caption") as say:
        folder = Path(name)
        sound = folder / "speech.wav"
        seconds = inputs.joined(
            spoken or [inputs.two_cities().path], QUICK_SECONDS if options.quick else SECONDS, sound
        )
        say("setting up whisper-ctranslate2 in an environment of its own")
        programs = {
            "captiond caption": _captiond(sound, model, threads, folder),
            "bare faster-whisper": _bare(sound, model, threads),
            "whisper-ctranslate2": _peer(sound, model, threads, folder),
        }
        took: dict[str, list[Ran]] = {name: [] for name in programs}
        for number in range(rounds):
            for name, run in programs.items():
                say(f"round {number + 1} of {rounds}: {name}")
                took[name].append(run())
    return _report(took, seconds, threads)


def _report(took: dict[str, list[Ran]], seconds: float, threads: int) -> Report:
    walls = {name: Measurement(tuple(run.seconds for run in runs)) for name, runs in took.items()}
    ours, bare, peer = (walls[name].median for name in took)
    return Report(
        f"captiond caption: {seconds:.0f} s of speech, {threads} threads",
        COLUMNS,
        tuple(
            (
                name,
                walls[name],
                walls[name].median / bare,
                seconds / walls[name].median,
                Measurement(tuple(run.peak_bytes / 1e6 for run in runs)),
            )
            for name, runs in took.items()
        ),
        (
            Bar("wall time, of the bare script's,", ours / bare, BARE_LIMIT),
            Bar("wall time, of the peer's,", ours / peer, PEER_LIMIT),
        ),
        ("Medians, lowest and highest of the rounds. Memory: of a program and its children together.",),
    )


def _captiond(sound: Path, model: Path, threads: int, folder: Path) -> Callable[[], Ran]:
    config = folder / "config.toml"
    config.write_text(f'[daemon.engines.whisper]\nmodel = "{model}"\ndevice = "cpu"\nthreads = {threads}\n')
    command = [_program("captiond"), "caption", str(sound), "-o", str(folder / "ours.vtt"), "--config", str(config)]
    return lambda: processes.run(command)


def _bare(sound: Path, model: Path, threads: int) -> Callable[[], Ran]:
    script = str(Path(__file__).with_name("bare_whisper.py"))
    numbers = [str(number) for number in (threads, DEFAULTS.batch_size, DEFAULTS.beam_size)]
    return lambda: processes.run([sys.executable, script, str(model), *numbers, str(sound)])


def _peer(sound: Path, model: Path, threads: int, folder: Path) -> Callable[[], Ran]:
    command = [str(_installed_peer()), str(sound), "--model_directory", str(model), "--device", "cpu"]
    for name, value in {
        "compute_type": "int8",
        "threads": threads,
        "batched": True,
        "batch_size": DEFAULTS.batch_size,
        "beam_size": DEFAULTS.beam_size,
        "word_timestamps": True,
        "output_format": "vtt",
        "output_dir": folder / "peer",
        "verbose": False,
    }.items():
        command += [f"--{name}", str(value)]
    return lambda: processes.run(command)


def _installed_peer() -> Path:
    """The peer's program; it is installed when it is first needed, with our versions of what it shares with us."""
    program = PEER_FOLDER / "bin" / "whisper-ctranslate2"
    if not program.exists():
        venv.create(PEER_FOLDER, with_pip=True)
        pip = [str(PEER_FOLDER / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        try:
            subprocess.run(
                [*pip, "-c", str(ROOT / "constraints.txt"), PEER], check=True, capture_output=True, text=True
            )
        except subprocess.CalledProcessError as error:
            raise Failed(f"{PEER} cannot be installed: {error.stderr.strip().splitlines()[-1]}") from error
    return program


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def main() -> int:
    asked = report.parser("Wall time and memory of `captiond caption`, beside a bare script and whisper-ctranslate2.")
    inputs.add_options(asked)
    return report.run(asked, measure)


if __name__ == "__main__":
    sys.exit(main())
