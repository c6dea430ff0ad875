"""How far word times are from those that people marked: the engine's own, and our aligner's.

    python -m bench.align [--quick] [--json] [--corpus PATH] [--model PATH] [--ctc FOLDER]

For every recording of the corpus whose words have hand-made times (a TextGrid of Praat): the words of our Whisper
engine with its own times; the same words without their times through our aligner; and the reference text through our
aligner. A word counts where it is one of the reference, in order. The model's lag is measured beforehand on other
recordings of the corpus, which have no hand-made times. With --ctc the reference text through a CTC model, too.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

from bench import inputs, report
from bench.inputs import Recording
from bench.report import Bar, Column, Failed, Report
from captions.anchors import matches
from captions.transcript import Word

if TYPE_CHECKING:
    from daemon.speech.align import Aligner
    from daemon.speech.ctc_align import CtcAligner

LAG_SECONDS = 150.0  # of other recordings, in which the lag is measured: some 400 words

ROWS = ("the engine", "its words without times, aligned", "the reference text, aligned")
BY_CTC = "the reference text, aligned by CTC"

COLUMNS = (
    Column("times of"),
    Column("words", "d"),
    Column("start error, median ms", ".0f"),
    Column("90 %", ".0f"),
    Column("mean, signed", "+.0f"),
    Column("end error, median ms", ".0f"),
    Column("90 % ", ".0f"),
)

TOKENS = re.compile(r'"((?:[^"]|"")*)"|(?<![\w.\[])(-?\d+(?:\.\d+)?)(?![\w\]])')
"""Of a TextGrid, long or short: its texts and free-standing numbers; all else is comment (Praat's manual)."""


@dataclass(frozen=True)
class Errors:
    """By how many ms each matched word begins and ends too late."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]

    def __add__(self, other: Errors) -> Errors:
        return Errors(self.starts + other.starts, self.ends + other.ends)


def main() -> int:
    asked = report.parser("Word times beside hand-made ones: the engine's own, and the aligner's.")
    inputs.add_options(asked)
    asked.add_argument("--ctc", metavar="FOLDER", help="an aligner by the CTC model in a folder of transformers, too")
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    corpus = inputs.corpus_folder(options.corpus)
    timed = inputs.with_word_times(corpus)
    if not timed:
        raise Failed(
            "word times need recordings with hand-made ones: a corpus (--corpus PATH) whose manifest names them"
        )
    by_ctc = ctc_aligner(options.ctc) if options.ctc else None
    chosen = [timed[0], timed[-1]] if options.quick and len(timed) > 2 else timed
    with report.progress("align") as say:
        say("measuring the model's lag")
        bench = Bench(inputs.model_folder(options.model), inputs.others(corpus, timed), by_ctc)
        totals = dict.fromkeys((*ROWS, BY_CTC) if by_ctc else ROWS, Errors((), ()))
        for number, (recording, grid) in enumerate(chosen, 1):
            say(f"{number} of {len(chosen)}, {recording.name}")
            reference = word_times(grid)
            for name, words in bench.timed(recording, reference).items():
                totals[name] += errors(reference, words)
    return conclude(totals, bench.lag)


def ctc_aligner(folder: str) -> CtcAligner:
    """The aligner by the CTC model in a folder. Raise Failed if that cannot be loaded."""
    from daemon.errors import AskHuman
    from daemon.speech import ctc_align

    try:
        return ctc_align.load(folder)
    except AskHuman as error:
        raise Failed(str(error)) from error


class Bench:
    """Our engine, our aligner with the same model, and the lag of the model as other recordings show it.

    `by_ctc`: another aligner, if one is wanted.
    """

    def __init__(self, model: Path, others: Sequence[Recording], by_ctc: CtcAligner | None = None) -> None:
        from faster_whisper import WhisperModel

        from daemon.speech import device
        from daemon.speech.align import Aligner
        from daemon.speech.engines import ENGINES
        from daemon.speech.engines.whisper import Options

        options = Options(model=str(model))
        computed = device.choose(options.device, options.compute_type)
        self._engine = ENGINES["whisper"].load(options.model_dump(mode="json"))
        loaded = WhisperModel(str(model), device=computed.name, compute_type=computed.compute_type)
        self.lag = _lag(Aligner(loaded), others)
        self._aligner = Aligner(loaded, self.lag)
        self._by_ctc = by_ctc

    def timed(self, recording: Recording, reference: Sequence[Word]) -> dict[str, Sequence[Word]]:
        """The words of a recording, by the names of ROWS and BY_CTC."""
        from daemon.speech.audio import decode
        from daemon.speech.engines import Request

        audio = decode(recording.path)
        heard = self._engine.transcribe(audio, Request("en"), lambda _fraction: None).words
        again = self._aligner.align(audio, [word.text for word in heard], "en")
        texts = [word.text for word in reference]
        read = self._aligner.align(audio, texts, "en")
        timed: dict[str, Sequence[Word]] = dict(zip(ROWS, (heard, again, read), strict=True))
        if self._by_ctc:
            timed[BY_CTC] = self._by_ctc.align(audio, texts, "en")
        return timed


def _lag(aligner: Aligner, others: Sequence[Recording]) -> float:
    """The model's lag in seconds, in some minutes of other recordings, joined; 0 if there are none."""
    from daemon.speech.audio import decode

    if not others:
        return 0.0
    enough = [end <= LAG_SECONDS for end in accumulate(recording.seconds for recording in others)]
    some = [recording for recording, fits in zip(others, enough, strict=True) if fits]
    with tempfile.TemporaryDirectory(prefix="captionwatch-bench-") as folder:
        path = Path(folder) / "joined.wav"
        inputs.joined([one.path for one in some], sum(one.seconds for one in some) - 1.0, path)
        return aligner.lag_in(decode(path), [word for one in some for word in one.text.split()], "en")


def word_times(grid: Path) -> tuple[Word, ...]:
    """The intervals with text in the first tier of a TextGrid. Raise Failed if it has none."""
    try:
        tokens = [match.groups() for match in TOKENS.finditer(grid.read_text(encoding="utf-8"))]
        values = [text if number is None else float(number) for text, number in tokens]
        first = values.index("IntervalTier") + 4  # its name, its two times, how many intervals it has
        rows = values[first + 1 : first + 1 + 3 * int(values[first])]
        words = [
            Word(str(text), float(start), float(end), 1.0)
            for start, end, text in zip(rows[::3], rows[1::3], rows[2::3], strict=True)
        ]
    except (OSError, ValueError, IndexError) as error:
        raise Failed(f"{grid} is no TextGrid with word times: {error}") from error
    return tuple(word for word in words if word.text.strip(" <>"))


def errors(reference: Sequence[Word], words: Sequence[Word]) -> Errors:
    """By how much the words that are those of the reference are late."""
    pairs = matches([word.text for word in reference], [word.text for word in words])
    return Errors(
        tuple(1000 * (words[other].start - reference[one].start) for one, other in pairs),
        tuple(1000 * (words[other].end - reference[one].end) for one, other in pairs),
    )


def conclude(totals: Mapping[str, Errors], lag: float) -> Report:
    """The table, and the bar: the aligner is not farther off than the engine. Raise Failed if no word was matched."""
    if not all(one.starts for one in totals.values()):
        raise Failed("not one word of the reference was recognised: is it a text in the model's language?")
    rows = tuple(
        (name, len(one.starts), *_sizes(one.starts), fmean(one.starts), *_sizes(one.ends))
        for name, one in totals.items()
    )
    engine, same, *_ = (_sizes(one.starts)[0] for one in totals.values())
    note = f"The model's lag, measured on other recordings: {1000 * lag:+.0f} ms. Once each: times do not vary."
    bar = Bar(f"{ROWS[1]}: median start error", same, engine, " ms")
    return Report("Word times", COLUMNS, rows, (bar,), (note,))


def _sizes(late: Sequence[float]) -> tuple[float, float]:
    """Median and 90th percentile of how far off they are, either way."""
    sizes = sorted(map(abs, late))
    return statistics.median(sizes), sizes[min(len(sizes) - 1, int(0.9 * len(sizes)))]


if __name__ == "__main__":
    sys.exit(main())
