"""Who speaks when: diarization error rate, speed and memory of our diarizer, beside the bare pipeline's.

    python -m bench.voices [--quick] [--long] [--json] [--corpus PATH] [--model PATH] [--pipeline PATH] [--threads N]

On every recording of the corpus whose turns are known; on sentences that different people read, one after the other;
and on all of these joined, by the bare pipeline at once and by ours in windows. The words of Whisper are given to the
voices, with and without smoothing: a word is right if its speaker reads it; where the text is not known, if the
reference has that speaker in the middle of the word.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bench import inputs, processes, report
from bench.inputs import SAMPLE_RATE, Recording, Turn
from bench.report import Bar, Cell, Column, Failed, Report
from captions.anchors import matches
from captions.transcript import SpeakerTurn, Word

if TYPE_CHECKING:
    from daemon.speech.audio import Audio
    from daemon.speech.engines import Engine

HERE = Path(__file__).parent
BESIDE = inputs.BESIDE.parent / "models" / "pyannote-offline"
"""Where a developer's pipeline is, unless it is said."""

COLLARS = (0.0, 0.5)  # seconds that are not scored around each border, both sides together
PAUSE_SECONDS = 0.3  # between two sentences that are read in turns
JOINED_MINUTES, QUICK_MINUTES = 60.0, 4.0
WINDOWS, QUICK_WINDOWS = 30.0, 2.5  # minutes, of which one is overlap; the first as config.toml has it
WHOLE_MINUTES, LONG_MINUTES = 60.0, 180.0
SAME_POINTS, WINDOWS_POINTS = 0.01, 2.0
BARE_MEMORY_FACTOR, LONG_MEMORY_FACTOR = 1.05, 1.3
GIGABYTE = 1e9

COLUMNS = (
    Column("recording"),
    Column("voices", "d"),
    Column("DER %, bare", ".2f"),
    Column("ours", ".2f"),
    Column("±0.25 s", ".2f"),
    Column("ours ", ".2f"),
    Column("time, bare", ".2f"),
    Column("ours  ", ".2f"),
    Column("GB, bare", ".2f"),
    Column("ours   ", ".2f"),
    Column("words", "d"),
    Column("right %", ".1f"),
    Column("smoothed", ".1f"),
)


@dataclass(frozen=True)
class Scene:
    """A sound, who speaks when in it, and from when to when that is known; `said`: (word, speaker) where it is read."""

    name: str
    samples: NDArray[np.float32]
    turns: tuple[Turn, ...]
    marked: tuple[tuple[float, float], ...]
    is_english: bool = True
    said: tuple[tuple[str, str], ...] = ()

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE


@dataclass(frozen=True)
class Heard:
    """What one process made of several sounds."""

    seconds: tuple[float, ...]
    turns: tuple[list[Turn], ...]
    exclusive: tuple[list[Turn], ...]
    peak_bytes: int


@dataclass(frozen=True)
class Hours:
    """What was made of an hour at once, bare and by ours, and of three hours in windows."""

    bare: Heard
    whole: Heard
    windows: Heard


@dataclass(frozen=True)
class Shares:
    """Words in the time of a reference, and how many have their speaker by overlap, and smoothed."""

    words: int = 0
    overlap: int = 0
    smoothed: int = 0

    def __add__(self, other: Shares) -> Shares:
        return Shares(self.words + other.words, self.overlap + other.overlap, self.smoothed + other.smoothed)

    @property
    def cells(self) -> tuple[Cell, Cell, Cell]:
        if not self.words:
            return None, None, None
        return self.words, 100 * self.overlap / self.words, 100 * self.smoothed / self.words


def main() -> int:
    asked = report.parser("Diarization error rate, speed and memory beside the bare pipeline's.")
    inputs.add_options(asked)
    asked.add_argument("--pipeline", type=Path, metavar="PATH", help="a pipeline's folder; else $CAPTIONWATCH_VOICES")
    asked.add_argument("--threads", type=int, default=1, help="of the CPU; more are slower where others use the cores")
    asked.add_argument("--long", action="store_true", help="memory of an hour and of three, in some 15 minutes")
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    pipeline = pipeline_folder(options.pipeline)
    found = list(scenes(inputs.corpus_folder(options.corpus), options.quick))
    minutes, window = (QUICK_MINUTES, QUICK_WINDOWS) if options.quick else (JOINED_MINUTES, WINDOWS)
    whole = joined(found, 60 * minutes)
    with report.progress("voices") as say, tempfile.TemporaryDirectory(prefix="captionwatch-bench-") as folder:
        bench = _Bench(pipeline, options.threads, Path(folder))
        say("the recordings")
        alone = bench.bare(found), bench.ours(found)
        say(f"{minutes:g} minutes of them joined")
        together = bench.bare([whole]), bench.ours([whole], 1.0, window)
        say("words")
        shares = _shares(inputs.model_folder(options.model), found, alone[1])
        hours = bench.memory(found, together[0], say) if options.long and not options.quick else None
    return conclude(found, alone, whole, together, shares, hours)


def pipeline_folder(said: Path | None) -> Path:
    """The folder of a pipeline that was named, or is beside the project. Raise Failed if it is none."""
    from daemon.speech.diarize import Options, why_not

    folder = said or Path(os.environ.get("CAPTIONWATCH_VOICES") or BESIDE)
    if why := why_not(Options(model=str(folder.absolute()))):
        raise Failed(f"{why}; or say --pipeline FOLDER")
    return folder.resolve()


# ---- sounds


def scenes(corpus: Path | None, quick: bool) -> Iterator[Scene]:
    """The recordings with known turns, a handful of them if `quick`, and sentences read in turns."""
    known = inputs.conversations(corpus)
    if not known:
        raise Failed("voices need recordings with known turns: a corpus (--corpus PATH) whose manifest names them")
    for one in known[:: max(1, len(known) // 3)] if quick else known:
        yield Scene(one.name, _decoded(one.path), one.turns, (one.marked,), one.language == "en")
    most = 2 if quick else 6
    readers = {who: some[:most] for who, some in inputs.by_speaker(corpus, "read").items() if len(some) >= most}
    if len(readers) > 1:
        yield _read([(who, own[number]) for number in range(most) for who, own in readers.items()])


def _read(sentences: Sequence[tuple[str, Recording]]) -> Scene:
    pause = np.zeros(round(PAUSE_SECONDS * SAMPLE_RATE), np.float32)
    turns: list[Turn] = []
    parts: list[NDArray[np.float32]] = []
    length = 0
    for speaker, recording in sentences:
        samples = _decoded(recording.path)
        turns.append((length / SAMPLE_RATE, (length + len(samples)) / SAMPLE_RATE, speaker))
        length += len(samples) + len(pause)
        parts += [samples, pause]
    said = tuple((word, speaker) for speaker, recording in sentences for word in recording.text.split())
    marked = ((0.0, length / SAMPLE_RATE),)
    return Scene("read in turns", np.concatenate(parts), tuple(turns), marked, said=said)


def joined(parts: Sequence[Scene], seconds: float) -> Scene:
    """Scenes one after the other, again from the first until they last so long; whole ones."""
    chosen: list[Scene] = []
    starts: list[float] = []
    length = 0.0
    for part in cycle(parts):
        if length >= seconds:
            break
        chosen.append(part)
        starts.append(length)
        length += part.seconds
    pairs = list(zip(starts, chosen, strict=True))
    turns = tuple((at + start, at + end, who) for at, part in pairs for start, end, who in part.turns)
    marked = tuple((at + start, at + end) for at, part in pairs for start, end in part.marked)
    sound = np.concatenate([part.samples for part in chosen])
    return Scene(f"joined, {length / 60:.0f} min", sound, turns, marked)


def _decoded(path: Path) -> NDArray[np.float32]:
    from daemon.speech.audio import decode

    return decode(path).samples


# ---- diarizing, each in a process of its own


@dataclass
class _Bench:
    pipeline: Path
    threads: int
    folder: Path
    made: int = field(default=0)

    def bare(self, sounds: Sequence[Scene]) -> Heard:
        return self._run([str(HERE / "bare_diarization.py"), str(self.pipeline), str(self.threads)], sounds)

    def ours(self, sounds: Sequence[Scene], whole: float = WHOLE_MINUTES, window: float = WINDOWS) -> Heard:
        return self._run(
            ["-m", "bench.diarize", str(self.pipeline), str(self.threads), str(whole), str(window)], sounds
        )

    def memory(self, parts: Sequence[Scene], bare: Heard, say: Any) -> Hours:
        """What ours makes of an hour at once, and of three in windows, beside what the bare pipeline took for one."""

        def cut(minutes: float) -> list[Scene]:
            long = joined(parts, 60 * minutes)
            return [Scene(long.name, long.samples[: round(60 * minutes * SAMPLE_RATE)], (), ())]

        say("60 minutes, ours")
        whole = self.ours(cut(WHOLE_MINUTES))
        say("180 minutes, ours")
        return Hours(bare, whole, self.ours(cut(LONG_MINUTES)))

    def _run(self, command: Sequence[str], sounds: Sequence[Scene]) -> Heard:
        paths = []
        for sound in sounds:
            self.made += 1
            paths.append(str(self.folder / f"{self.made}.npy"))
            np.save(paths[-1], sound.samples)
        # before torch is imported: its own setting comes too late for what starts threads earlier
        environment = {**os.environ, "OMP_NUM_THREADS": str(self.threads), "PYTHONPATH": str(HERE.parent)}
        ran = processes.run([sys.executable, *command, *paths], environment)
        for path in paths:
            Path(path).unlink()
        lines = [json.loads(line) for line in ran.output.splitlines() if line.startswith("[")]
        turns = [[[(start, end, who) for start, end, who in rows] for rows in line[1:]] for line in lines]
        return Heard(
            tuple(line[0] for line in lines),
            tuple(rows[0] for rows in turns),
            tuple(rows[-1] for rows in turns),
            ran.peak_bytes,
        )


# ---- words


def _shares(model: Path, found: Sequence[Scene], heard: Heard) -> list[Shares]:
    from daemon.speech.audio import Audio
    from daemon.speech.engines import ENGINES
    from daemon.speech.engines.whisper import Options

    engine = ENGINES["whisper"].load(Options(model=str(model)).model_dump(mode="json"))
    shares = []
    for scene, turns, exclusive in zip(found, heard.turns, heard.exclusive, strict=True):
        audio = Audio(scene.samples, SAMPLE_RATE, scene.seconds)
        shares.append(_share(engine, audio, scene, turns, exclusive) if scene.is_english else Shares())
    return shares


def _share(engine: Engine, audio: Audio, scene: Scene, turns: Sequence[Turn], exclusive: Sequence[Turn]) -> Shares:
    from daemon.speech.engines import Request
    from daemon.speech.merge import assigned, smoothed

    words = engine.transcribe(audio, Request("en"), lambda _fraction: None).words
    given = assigned(words, [SpeakerTurn(*turn) for turn in exclusive])
    names = mapping(scene, turns)
    return Shares(*count(scene, given, names), count(scene, smoothed(given, "en"), names)[1])


def count(scene: Scene, words: Sequence[Word], names: dict[str, str]) -> tuple[int, int]:
    """How many of the words are the reference's, and how many of those have a speaker of it."""
    asked = right = 0
    for word, speaking in zip(words, _truth(scene, words), strict=True):
        asked += bool(speaking)
        right += names.get(word.speaker or "") in speaking
    return asked, right


def _truth(scene: Scene, words: Sequence[Word]) -> list[set[str]]:
    """Who says each word: by what is read, whatever its time, or else by who speaks in its middle."""
    if scene.said:
        pairs = matches([word for word, _ in scene.said], [word.text for word in words])
        known = {index: {scene.said[read][1]} for read, index in pairs}
        return [known.get(index, set()) for index in range(len(words))]
    middles = [(word.start + word.end) / 2 for word in words]
    return [{who for start, end, who in scene.turns if start <= middle < end} for middle in middles]


# ---- error rates, by pyannote.metrics


def mapping(scene: Scene, turns: Sequence[Turn]) -> dict[str, str]:
    """Which speaker of the reference each of ours is, so that most of the time is right."""
    from pyannote.metrics.diarization import DiarizationErrorRate

    names: dict[str, str] = DiarizationErrorRate().optimal_mapping(*_annotations(scene, turns))
    return names


def rates(found: Sequence[Scene], turns: Sequence[Sequence[Turn]]) -> list[tuple[float, float]]:
    """The error rates in percent, by COLLARS: of each scene, and last of all together."""
    from pyannote.metrics.diarization import DiarizationErrorRate

    metrics = [DiarizationErrorRate(collar=collar, skip_overlap=False) for collar in COLLARS]
    made = []
    for scene, own in zip(found, turns, strict=True):
        reference, ours = _annotations(scene, own)
        made.append([100 * float(metric(reference, ours, uem=_timeline(scene))) for metric in metrics])
    return [(one[0], one[1]) for one in [*made, [100 * float(abs(metric)) for metric in metrics]]]


def _annotations(scene: Scene, turns: Sequence[Turn]) -> tuple[Any, Any]:
    return _annotation(scene.turns), _annotation(turns)


def _annotation(turns: Sequence[Turn]) -> Any:
    from pyannote.core import Annotation, Segment

    made = Annotation()
    for number, (start, end, who) in enumerate(turns):
        made[Segment(start, end), number] = who
    return made


def _timeline(scene: Scene) -> Any:
    from pyannote.core import Segment, Timeline

    return Timeline([Segment(*span) for span in scene.marked])


# ---- the table


def conclude(
    found: Sequence[Scene],
    alone: tuple[Heard, Heard],
    whole: Scene,
    together: tuple[Heard, Heard],
    shares: Sequence[Shares],
    hours: Hours | None,
) -> Report:
    total = sum(shares, Shares())
    bare, ours = (rates(found, heard.turns) for heard in alone)
    rows: list[tuple[Cell, ...]] = [
        (
            scene.name,
            _speakers(scene),
            *_paired(bare[number], ours[number]),
            *(heard.seconds[number] / scene.seconds for heard in alone),
            None,
            None,
            *shares[number].cells,
        )
        for number, scene in enumerate(found)
    ]
    seconds = sum(scene.seconds for scene in found)
    speed = (sum(heard.seconds) / seconds for heard in alone)
    peaks = (heard.peak_bytes / GIGABYTE for heard in alone)
    rows.append(("all of them", None, *_paired(bare[-1], ours[-1]), *speed, *peaks, *total.cells))
    at_once, in_windows = (rates([whole], heard.turns)[0] for heard in together)
    speed = (heard.seconds[0] / whole.seconds for heard in together)
    peaks = (heard.peak_bytes / GIGABYTE for heard in together)
    rows.append((whole.name, _speakers(whole), *_paired(at_once, in_windows), *speed, *peaks, None, None, None))
    rows += _hour_rows(hours) if hours else []
    farthest = max(abs(one - other) for row in zip(bare, ours, strict=True) for one, other in zip(*row, strict=True))
    bars = [
        Bar("farthest from the bare pipeline", farthest, SAME_POINTS, " points"),
        Bar("in windows, above the bare pipeline at once", in_windows[0] - at_once[0], WINDOWS_POINTS, " points"),
    ]
    if total.words:
        overlap, smoothed = (100 * right / total.words for right in (total.overlap, total.smoothed))
        bars.append(Bar("words right, smoothed", smoothed, overlap, " %", at_least=True))
    if hours:
        bars += [
            Bar(
                "peak of an hour to the bare one's", hours.whole.peak_bytes / hours.bare.peak_bytes, BARE_MEMORY_FACTOR
            ),
            Bar(
                "peak of three hours to that of one",
                hours.windows.peak_bytes / hours.whole.peak_bytes,
                LONG_MEMORY_FACTOR,
            ),
        ]
    notes = (
        f"{found[0].name} to {found[-1].name}: in one process, bare, and in one, ours; once each. Overlap is scored.",
        "±0.25 s: without what is so near to a border. Time: of that of the sound. GB: the peak.",
    )
    return Report("Who speaks when", COLUMNS, tuple(rows), tuple(bars), notes)


def _hour_rows(hours: Hours) -> list[tuple[Cell, ...]]:
    def row(name: str, minutes: float, bare: Heard | None, ours: Heard) -> tuple[Cell, ...]:
        both = (bare, ours)
        times = (heard.seconds[0] / (60 * minutes) if heard else None for heard in both)
        peaks = (heard.peak_bytes / GIGABYTE if heard else None for heard in both)
        return (name, *[None] * 5, *times, *peaks, *[None] * 3)

    return [row("60 min", WHOLE_MINUTES, hours.bare, hours.whole), row("180 min", LONG_MINUTES, None, hours.windows)]


def _paired(bare: tuple[float, float], ours: tuple[float, float]) -> Iterator[float]:
    """bare, ours, bare, ours."""
    return chain.from_iterable(zip(bare, ours, strict=True))


def _speakers(scene: Scene) -> int:
    return len({who for _, _, who in scene.turns})


if __name__ == "__main__":
    sys.exit(main())
