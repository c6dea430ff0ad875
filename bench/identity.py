"""Voice identity: how often a voice is recognised in later videos, how often wrongly; and the thresholds of a pipeline.

    python -m bench.identity [--json] [--corpus PATH] [--pipeline PATH] [--threads N]

The recordings of each person in the corpus are cut into videos. Some of them make the person's voice print, as if their
drafts had been approved; the others are to be recognised. The thresholds come from one half of the people, and are used
on the other half; then the other way round. Videos of the half that gave the thresholds are strangers to the other one:
nobody may be called by a name there either.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import inputs, report
from bench.inputs import SAMPLE_RATE
from bench.report import Bar, Cell, Column, Failed, Report
from bench.voices import pipeline_folder
from captions.voice_print import Embedding, similarity, voice_print
from daemon.identifying import heard_voices
from daemon.speech.audio import Audio, decode
from daemon.speech.device import DeviceName
from daemon.speech.diarize import Diarizer, Options, load
from daemon.speech.identify import HeardVoice, Thresholds, calibrated, identified

VIDEO_SECONDS = 6.0
LEAST_VIDEOS = 3
PRINT_SHARE = 0.4
"""Of a person's videos that make their voice print; one at least."""

RIGHT_PERCENT = 70.0

COLUMNS = (
    Column("thresholds of, people", "d"),
    Column("sure", ".3f"),
    Column("unsure", ".3f"),
    Column("used on, people", "d"),
    Column("videos", "d"),
    Column("right %", ".1f"),
    Column("unsure %", ".1f"),
    Column("unknown %", ".1f"),
    Column("wrong", "d"),
    Column("strangers", "d"),
    Column("named", "d"),
)


@dataclass(frozen=True)
class Person:
    """The voices of one person: those that make the print, and those that are to be recognised."""

    name: str
    known: tuple[HeardVoice, ...]
    later: tuple[HeardVoice, ...]

    @property
    def print(self) -> Embedding:
        return voice_print((one.embedding, one.seconds) for one in self.known)


@dataclass(frozen=True)
class Score:
    """What became of voices: whose print was known, and of strangers."""

    right: int = 0
    unsure: int = 0
    unknown: int = 0
    wrong: int = 0
    strangers: int = 0
    named: int = 0

    @property
    def videos(self) -> int:
        return self.right + self.unsure + self.unknown + self.wrong

    def percent(self, count: int) -> float:
        return 100 * count / self.videos if self.videos else 0.0


def main() -> int:
    asked = report.parser("How often voices are recognised in later videos, and how often wrongly.")
    inputs.add_options(asked)
    asked.add_argument("--pipeline", type=Path, metavar="PATH", help="a pipeline's folder; else $CAPTIONWATCH_VOICES")
    asked.add_argument("--threads", type=int, default=1, help="of the CPU; more are slower where others use the cores")
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    folder = pipeline_folder(options.pipeline)
    sys.path.insert(0, str(folder.parent))
    recordings = inputs.alone(inputs.corpus_folder(options.corpus))
    if not recordings:
        raise Failed("identity needs a corpus (--corpus PATH) whose manifest says who speaks")
    with report.progress("identity") as say:
        diarizer = load(Options(model=str(folder), device=DeviceName.CPU, threads=options.threads))
        people = []
        for name, paths in recordings.items():
            say(name)
            people += list(_person(name, paths, diarizer))
    if len(people) < 4:
        raise Failed(f"identity needs four people with {LEAST_VIDEOS} videos each, and there are {len(people)}")
    return conclude(people)


def _person(name: str, paths: Sequence[Path], diarizer: Diarizer) -> Iterator[Person]:
    samples = np.concatenate([decode(path).samples for path in paths])
    length = round(VIDEO_SECONDS * SAMPLE_RATE)
    videos = [samples[start : start + length] for start in range(0, len(samples) - length // 2, length)]
    voices = [voice for video in videos for voice in _main_voice(diarizer, video)]
    if len(voices) >= LEAST_VIDEOS:
        count = max(1, int(PRINT_SHARE * len(voices)))
        yield Person(name, tuple(voices[:count]), tuple(voices[count:]))


def _main_voice(diarizer: Diarizer, samples: NDArray[np.float32]) -> Iterator[HeardVoice]:
    found = heard_voices(diarizer.diarize(Audio(samples, SAMPLE_RATE, len(samples) / SAMPLE_RATE)))
    longest = max(found, key=lambda one: one.seconds, default=None)
    if longest is not None and longest.embedding:
        yield HeardVoice(longest.embedding, longest.seconds)


def calibration(people: Sequence[Person]) -> Thresholds:
    """By how like the later voices of each are to their own print, and to those of the others."""
    own: list[float] = []
    others: list[float] = []
    for one in people:
        for other in people:
            found = own if other is one else others
            found += [similarity(voice.embedding, other.print) for voice in one.later]
    return calibrated(own, others)


def score(people: Sequence[Person], strangers: Sequence[Person], thresholds: Thresholds) -> Score:
    """What becomes of the later voices of people with prints, and of strangers'."""
    prints = {number: one.print for number, one in enumerate(people)}
    verdicts = [_verdict(voice, number, prints, thresholds) for number, one in enumerate(people) for voice in one.later]
    named = [_verdict(voice, -1, prints, thresholds) == "wrong" for one in strangers for voice in one.later]
    counts = {what: verdicts.count(what) for what in ("right", "unsure", "unknown", "wrong")}
    return Score(**counts, strangers=len(named), named=sum(named))


def _verdict(voice: HeardVoice, owner: int, prints: Mapping[int, Embedding], thresholds: Thresholds) -> str:
    found = identified({"A": voice}, prints, thresholds).get("A")
    if found is None:
        return "unknown"
    if not found.is_sure:
        return "unsure"
    return "right" if found.speaker == owner else "wrong"


def conclude(people: Sequence[Person]) -> Report:
    halves = people[::2], people[1::2]
    rows: list[tuple[Cell, ...]] = []
    bars: list[Bar] = []
    for own, other in (halves, halves[::-1]):
        thresholds = calibration(own)
        got = score(other, own, thresholds)
        shares = (got.percent(count) for count in (got.right, got.unsure, got.unknown))
        rows.append(
            (
                len(own),
                thresholds.sure,
                thresholds.unsure,
                len(other),
                got.videos,
                *shares,
                got.wrong,
                got.strangers,
                got.named,
            )
        )
        bars += [
            Bar("wrong names", got.wrong, 0),
            Bar("strangers with a name", got.named, 0),
            Bar("right", got.percent(got.right), RIGHT_PERCENT, " %", at_least=True),
        ]
    everybody = calibration(people)
    notes = (
        f"Videos of {VIDEO_SECONDS:g} s, the voices as the pipeline tells them; {len(people)} people.",
        "Most videos of a person come from one recording, as those of a channel come from one room: other rooms are "
        "harder.",
        f"By all of these people, [daemon.speech.identity] for this pipeline: sure = {everybody.sure:.2f}, "
        f"unsure = {everybody.unsure:.2f}.",
        "The defaults are for community-1, whose weights are not here: they are not calibrated.",
    )
    return Report("Whose voice it is", COLUMNS, tuple(rows), tuple(bars), notes)


if __name__ == "__main__":
    sys.exit(main())
