"""Whether preparing the sound helps: word error rate with each step of daemon/speech/condition.py, and without.

    python -m bench.condition [--quick] [--json] [--corpus PATH] [--model PATH]

The recordings of the corpus as they are; made quiet (-30 dB, in 16 bits as a file has them); and made noisy
(white noise at a signal-to-noise ratio of 10 dB, the same in each run; and hum of 50 Hz at 0 dB). Our Whisper engine
hears each by itself, prepared by nothing and by each step. Nothing is held to a bar: steps are off unless somebody sets
them. The corpus' own noisy and quiet recordings (radio, a conversation at -40 dB) have no reference text to count
against.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bench import inputs, report
from bench.accuracy import Score, score
from bench.inputs import Recording
from bench.report import Cell, Column, Report

if TYPE_CHECKING:
    from daemon.speech.engines import Engine

HANDFUL, MANY = 2, 12
Samples = NDArray[np.float32]

STEPS: dict[str, dict[str, float]] = {
    "nothing": {},
    "high-pass 80 Hz": {"high_pass_hertz": 80},
    "denoise 12 dB": {"denoise_decibels": 12},
    "loudness -23 LUFS": {"loudness_lufs": -23},
    "pauses to 1 s": {"longest_pause_seconds": 1},
    "all of them": {
        "high_pass_hertz": 80,
        "denoise_decibels": 12,
        "loudness_lufs": -23,
        "longest_pause_seconds": 1,
    },
}


def as_it_is(samples: Samples) -> Samples:
    return samples


def quiet(samples: Samples) -> Samples:
    """30 dB softer, rounded to 16 bits."""
    rounded: Samples = (np.round(samples * 10 ** (-30 / 20) * 32768) / 32768).astype(np.float32)
    return rounded


def noisy(samples: Samples) -> Samples:
    """White noise, 10 dB below the recording's own power."""
    noise = np.random.default_rng(7).standard_normal(len(samples)).astype(np.float32)
    return samples + noise * np.float32(_level(samples) * 10 ** (-10 / 20))


def humming(samples: Samples) -> Samples:
    """A hum of 50 Hz as strong as the recording."""
    hum = np.sin(2 * np.pi * 50 * np.arange(len(samples)) / inputs.SAMPLE_RATE).astype(np.float32)
    return samples + hum * np.float32(_level(samples) * 2**0.5)


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


SOUNDS: dict[str, Callable[[Samples], Samples]] = {
    "as they are": as_it_is,
    "30 dB softer": quiet,
    "noise at 10 dB": noisy,
    "hum at 0 dB": humming,
}

COLUMNS = (Column("prepared by"), *(Column(f"{name}, WER %", ".2f") for name in SOUNDS))


def main() -> int:
    asked = report.parser("Word error rate with each preparation of the sound, and without.")
    inputs.add_options(asked)
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    from daemon.speech.engines import ENGINES
    from daemon.speech.engines.whisper import Options

    corpus = inputs.english(inputs.corpus_folder(options.corpus))
    long_enough = [one for one in corpus if one.seconds < 60 and "singing" not in one.tags]
    recordings = inputs.evenly(long_enough, HANDFUL if options.quick else MANY) or (inputs.two_cities(),)
    engine = ENGINES["whisper"].load(Options(model=str(inputs.model_folder(options.model))).model_dump(mode="json"))
    rows: list[tuple[Cell, ...]] = []
    with report.progress("condition") as say:
        for name, steps in STEPS.items():
            say(name)
            rows.append((name, *(_heard(engine, recordings, change, steps).rate for change in SOUNDS.values())))
    words = sum(score(one.text, "").words for one in recordings)
    notes = (
        f"{len(recordings)} recordings, {words} words: one word is {100 / words:.2f} points. Once each.",
        "Preparing is for an owner to try: no figure here is held to a bar.",
    )
    return Report("Word error rate by preparation", COLUMNS, tuple(rows), (), notes)


def _heard(
    engine: Engine, recordings: Sequence[Recording], change: Callable[[Samples], Samples], steps: dict[str, float]
) -> Score:
    from dataclasses import replace

    from daemon.speech.audio import decode
    from daemon.speech.condition import Condition
    from daemon.speech.engines import Request
    from daemon.speech.pipeline import transcribe

    scores = []
    for recording in recordings:
        audio = decode(recording.path)
        changed = replace(audio, samples=change(audio.samples))
        condition = Condition.model_validate(steps)
        heard = transcribe(changed, engine, "whisper", "", Request("en"), lambda *_: None, condition)
        scores.append(score(recording.text, heard.text))
    return Score(sum(one.words for one in scores), sum(one.errors for one in scores))


if __name__ == "__main__":
    sys.exit(main())
