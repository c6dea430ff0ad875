"""Whether two engines that disagree show where the first one is wrong: doubtful words, by agreement and by confidence.

    python -m bench.agreement [--quick] [--json] [--corpus PATH] [--model PATH] [--second PATH]

English recordings of the corpus, each heard by Whisper tiny.en (--model) and by another Whisper (--second, else
$CAPTIONWATCH_WHISPER_BASE). A word is wrong that the reference text does not have at its place. Told as doubtful are
words below the report's limit: by the first engine's own confidence, which is the peer, and after the comparison.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import inputs, report
from bench.inputs import Recording
from bench.report import Bar, Cell, Column, Failed, Report
from captions import agreement
from captions.anchors import matches
from captions.check import DOUBTFUL_BELOW
from captions.transcript import Word

if TYPE_CHECKING:
    from daemon.speech.engines import Engine

RECORDINGS, QUICK_RECORDINGS = 30, 4
ENVIRONMENT = "CAPTIONWATCH_WHISPER_BASE"
COLUMNS = (
    Column("doubtful"),
    Column("words told", ".0f"),
    Column("of them wrong, %", ".1f"),
    Column("of the wrong ones told, %", ".1f"),
    Column("F1", ".3f"),
)


@dataclass(frozen=True)
class Judged:
    """How many words were told as doubtful, are wrong, and both."""

    told: int = 0
    wrong: int = 0
    both: int = 0

    def __add__(self, other: Judged) -> Judged:
        return Judged(self.told + other.told, self.wrong + other.wrong, self.both + other.both)

    @property
    def f1(self) -> float:
        return 2 * self.both / max(1, self.told + self.wrong)

    def row(self, name: str) -> tuple[Cell, ...]:
        return name, self.told, 100 * self.both / max(1, self.told), 100 * self.both / max(1, self.wrong), self.f1


def main() -> int:
    asked = report.parser("Doubtful words by two engines' agreement, and by one engine's confidence.")
    inputs.add_options(asked)
    asked.add_argument("--second", type=Path, metavar="PATH", help="The folder of another Whisper model.")
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    second = options.second or (Path(os.environ[ENVIRONMENT]) if ENVIRONMENT in os.environ else None)
    if second is None or not second.is_dir():
        raise Failed(f"name another Whisper model, in a folder: --second, or ${ENVIRONMENT}")
    long_enough = [one for one in inputs.english(inputs.corpus_folder(options.corpus)) if "singing" not in one.tags]
    recordings = inputs.evenly(long_enough, QUICK_RECORDINGS if options.quick else RECORDINGS)
    if not recordings:
        raise Failed("there is no corpus: name its folder with --corpus")
    engines = [_engine(folder) for folder in (inputs.model_folder(options.model), second)]
    alone, together = Judged(), Judged()
    with report.progress("agreement") as say:
        for number, recording in enumerate(recordings, 1):
            say(f"{number} of {len(recordings)}")
            words, others = (_heard(engine, recording) for engine in engines)
            right = {heard for _, heard in matches(recording.text.split(), [word.text for word in words])}
            alone += judged(words, right)
            together += judged(agreement.compared(words, others), right)
    bar = Bar("F1 by agreement, of that by confidence", together.f1 / max(alone.f1, 0.001), 1.0, at_least=True)
    rows = (alone.row("by its own confidence"), together.row("by agreement"))
    return Report(
        "Doubtful words", COLUMNS, rows, (bar,), (f"{len(recordings)} recordings, {alone.wrong} wrong words.",)
    )


def judged(words: Sequence[Word], right: Iterable[int]) -> Judged:
    """The words of one recording, of which those at the indexes in `right` are right."""
    told = {index for index, word in enumerate(words) if word.confidence < DOUBTFUL_BELOW}
    wrong = set(range(len(words))) - set(right)
    return Judged(len(told), len(wrong), len(told & wrong))


def _engine(folder: Path) -> Engine:
    from daemon.speech.engines import ENGINES
    from daemon.speech.engines.whisper import Options

    return ENGINES["whisper"].load(Options(model=str(folder), threads=2).model_dump(mode="json"))


def _heard(engine: Engine, recording: Recording) -> Sequence[Word]:
    from daemon.speech.audio import decode
    from daemon.speech.engines import Request

    return engine.transcribe(decode(recording.path), Request("en"), _ignored).words


def _ignored(_fraction: float) -> Any:
    pass


if __name__ == "__main__":
    sys.exit(main())
