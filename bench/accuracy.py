"""Word error rate of the captions that captiond writes, beside that of the bare model.

    python -m bench.accuracy [--quick] [--json] [--corpus PATH] [--model PATH]

For every recording: `captiond caption` in a process of its own, and the words of the WebVTT file that it wrote; and
faster-whisper by itself, with the same model and options. What differs was lost or added between recording and
captions: by decoding, by cleaning, by setting. Reference and words go through Whisper's English normaliser first
(case, punctuation, spelling, numbers; fillers are left out).
"""

from __future__ import annotations

import argparse
import html
import json
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import inputs, report
from bench.inputs import Recording
from bench.report import Bar, Column, Failed, Report

if TYPE_CHECKING:
    from daemon.speech.engines.whisper import Options

TWO_CITIES_LIMIT = 3.0  # %; the bare model has 1.7: it misses "in short" at the border of two chunks
LOSS_LIMIT = 0.5  # points above the bare model, over all words of the corpus
HANDFUL = 5  # recordings of the corpus in the quick version
PATIENCE_SECONDS = 3600.0  # for one recording; a bound, so that a hanging captiond ends the benchmark

COLUMNS = (
    Column("recording"),
    Column("words", "d"),
    Column("bare model WER %", ".2f"),
    Column("captionwatch WER %", ".2f"),
    Column("difference, points", "+.2f"),
)


@dataclass(frozen=True)
class Score:
    """`errors`: words substituted, left out or added, of `words` in the reference."""

    words: int
    errors: int

    @property
    def rate(self) -> float:
        """Word error rate in per cent."""
        return 100 * self.errors / max(self.words, 1)


@dataclass(frozen=True)
class Compared:
    """How one recording, or several, came out."""

    name: str
    bare: Score
    ours: Score

    @property
    def difference(self) -> float:
        """Points by which our captions are worse than the bare model."""
        return self.ours.rate - self.bare.rate


def main() -> int:
    asked = report.parser("Word error rate of captiond's captions, beside the bare model's with the same options.")
    inputs.add_options(asked)
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    corpus = inputs.english(inputs.corpus_folder(options.corpus))
    chosen = inputs.evenly(corpus, HANDFUL) if options.quick else corpus
    recordings = [*chosen, inputs.two_cities()]  # what of a corpus cannot be taken is said before more is heard
    model = inputs.model_folder(options.model)
    compared = []
    with tempfile.TemporaryDirectory(prefix="captionwatch-bench-") as folder, report.progress("accuracy") as say:
        captiond, bare = Captiond(model, Path(folder)), Bare(model)
        for number, recording in enumerate(recordings, 1):
            say(f"{number} of {len(recordings)}, {recording.name}")
            ours = captiond.captions(recording.path)  # first: it says in a line what is wrong with a recording
            compared.append(compare(recording, bare.hears(recording.path), ours))
    *of_corpus, two_cities = compared
    return conclude(two_cities, of_corpus)


def compare(recording: Recording, bare: str, ours: str) -> Compared:
    return Compared(recording.name, score(recording.text, bare), score(recording.text, ours))


def score(reference: str, heard: str) -> Score:
    """Count the words of a reference and the errors in what was heard, both normalised."""
    import jiwer

    counted = jiwer.process_words(_normalised(reference), _normalised(heard))
    errors = counted.substitutions + counted.deletions + counted.insertions
    return Score(counted.hits + counted.substitutions + counted.deletions, errors)


def _normalised(text: str) -> str:
    normalised: str = _normaliser()(text)
    return normalised


@cache
def _normaliser() -> Any:
    from whisper_normalizer.english import EnglishTextNormalizer

    return EnglishTextNormalizer()


def conclude(two_cities: Compared, corpus: Sequence[Compared]) -> Report:
    """The table, the corpus' pool of words below it, and the bars that the figures are held to."""
    rows = [two_cities, *corpus]
    bars = [Bar(f"{two_cities.name}: captionwatch WER", two_cities.ours.rate, TWO_CITIES_LIMIT, " %")]
    notes = ["Once each: the same sound gives the same words again."]
    if corpus:
        pool = pooled(f"all {len(corpus)} of the corpus", corpus)
        rows.append(pool)
        bars.append(Bar(f"{pool.name}: above the bare model by", pool.difference, LOSS_LIMIT, " points"))
    else:
        notes.append("There is no corpus (--corpus PATH): only the recording of the demo was measured.")
    cells = tuple((row.name, row.ours.words, row.bare.rate, row.ours.rate, row.difference) for row in rows)
    return Report("Word error rate", COLUMNS, cells, tuple(bars), tuple(notes))


def pooled(name: str, compared: Iterable[Compared]) -> Compared:
    """Several recordings as if they were one: long ones count for more."""
    each = list(compared)
    return Compared(name, _sum(one.bare for one in each), _sum(one.ours for one in each))


def _sum(scores: Iterable[Score]) -> Score:
    each = list(scores)
    return Score(sum(one.words for one in each), sum(one.errors for one in each))


# --- the two that are compared ------------------------------------------------------------------------------


class Captiond:
    """The command `captiond caption` with a settings file of its own."""

    def __init__(self, model: Path, folder: Path) -> None:
        self._program = Path(sysconfig.get_path("scripts")) / "captiond"
        self._config, self._output = folder / "config.toml", folder / "captions.vtt"
        self._config.write_text(f"[daemon.engines.whisper]\nmodel = {json.dumps(str(model))}\n", encoding="utf-8")

    def captions(self, path: Path) -> str:
        """The text of the captions of a recording. Raise Failed if captiond fails."""
        where = ["-o", str(self._output), "--config", str(self._config), "--language", "en"]
        try:
            done = subprocess.run(
                [self._program, "caption", str(path), *where], capture_output=True, text=True, timeout=PATIENCE_SECONDS
            )
        except FileNotFoundError:
            raise Failed(f"captiond is not installed beside {sys.executable}: pip install -e .") from None
        except subprocess.TimeoutExpired:
            raise Failed(f"captiond caption {path} did not end in {PATIENCE_SECONDS:.0f} s") from None
        if done.returncode:
            raise Failed(f"captiond caption {path} ended with {done.returncode}: {_last_line(done.stderr)}")
        return shown(self._output)


def _last_line(text: str) -> str:
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it said nothing")


def shown(path: Path) -> str:
    """The text that a viewer of a WebVTT file reads."""
    import webvtt

    return "\n".join(html.unescape(caption.text) for caption in webvtt.read(str(path)))


class Bare:
    """faster-whisper by itself, with the options that captiond has by default."""

    def __init__(self, model: Path) -> None:
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        from daemon.speech import device
        from daemon.speech.engines.whisper import Options

        self._options: Options = Options(model=str(model))
        computed = device.choose(self._options.device, self._options.compute_type)
        try:
            loaded = WhisperModel(
                str(model), device=computed.name, compute_type=computed.compute_type, cpu_threads=self._options.threads
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise Failed(f"the model in {model} cannot be loaded: {error}") from error
        self._pipeline = BatchedInferencePipeline(model=loaded)

    def hears(self, path: Path) -> str:
        """What the model hears in a recording. Raise Failed if faster-whisper cannot decode it."""
        import av

        try:
            segments, _ = self._pipeline.transcribe(
                str(path),
                language="en",
                batch_size=self._options.batch_size,
                beam_size=self._options.beam_size,
                vad_filter=True,
                word_timestamps=True,
            )
            return "".join(segment.text for segment in segments)
        except av.error.FFmpegError as error:
            raise Failed(f"{path} cannot be decoded by faster-whisper: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
