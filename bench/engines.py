"""Error rate, speed and memory of the engines, beside bare scripts of their libraries.

    python -m bench.engines [--quick] [--json] [--corpus PATH] [--model PATH] [--recordings NUMBER]

Every engine that has weights here: Whisper tiny.en of the demo, and a multilingual Whisper from --model or
$CAPTIONWATCH_WHISPER_BASE. Each figure from a process of its own that loads the model and hears all recordings one
after the other; the bare script hears the same with the same model, mode, beam, batch and threads. And what helps:
names to expect, what the recording is about, all that for another recording than the one that is heard.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench import inputs, processes, report
from bench.accuracy import Score, score
from bench.inputs import Recording
from bench.report import Bar, Cell, Column, Failed, Report
from daemon.speech.engines.whisper import Mode, Options

RECORDINGS, QUICK_RECORDINGS = 40, 4  # English ones; of the other languages all, or one of each
LIMIT = 0.5  # points above the bare script with the same model
HELPS = 0.1  # points; less is chance
TERMS, TERM_LETTERS = 5, 7  # of a recording, and the least of each: what a glossary would hold
BY_CHARACTERS = {"zh", "ja"}  # writing without spaces: characters are counted, not words
MULTILINGUAL_END = 50257
ENVIRONMENT = "CAPTIONWATCH_WHISPER_BASE"

COLUMNS = (
    Column("model"),
    Column("who, and how"),
    Column("English WER %", ".2f"),
    Column("others WER %", ".2f"),
    Column("zh, ja CER %", ".2f"),
    Column("of real time", ".3f"),
    Column("peak memory, MB", ".0f"),
)
GROUPS = ("English WER", "others' WER", "CER of zh, ja")
"""What is counted apart: languages differ too much in what an error is."""


@dataclass(frozen=True)
class Model:
    """A model of Whisper in a folder, and whether it knows more than English."""

    name: str
    folder: Path
    multilingual: bool


@dataclass(frozen=True)
class Way:
    """One row: who hears, in which mode, told of what. `bare`: the script that is nothing of ours."""

    name: str
    mode: Mode = Mode.BATCHED
    bare: bool = False
    terms: bool = False
    context: bool = False
    of_another: bool = False  #: told what is true of another recording

    @property
    def english_only(self) -> bool:
        """What a recording is about is made of its reference's words, and not every language has spaces there."""
        return self.terms or self.context


BARE, OURS = Way("bare script, batched", bare=True), Way("captionwatch, batched")
BARE_SEQUENTIAL = Way("bare script, sequential", Mode.SEQUENTIAL, bare=True)
OURS_SEQUENTIAL = Way("captionwatch, sequential", Mode.SEQUENTIAL)
WITH_TERMS = Way("… with its terms", terms=True)
WITH_OTHER_TERMS = Way("… with another's terms", terms=True, of_another=True)
WITH_CONTEXT = Way("… with its title", context=True)
WITH_OTHER_CONTEXT = Way("… with another's title", context=True, of_another=True)
WAYS = (
    BARE,
    OURS,
    BARE_SEQUENTIAL,
    OURS_SEQUENTIAL,
    WITH_TERMS,
    WITH_OTHER_TERMS,
    WITH_CONTEXT,
    WITH_OTHER_CONTEXT,
)
PAIRS = ((OURS, BARE), (OURS_SEQUENTIAL, BARE_SEQUENTIAL))


@dataclass(frozen=True)
class Heard:
    """What came of one way: the scores by group (None: no such recordings), speed and memory."""

    model: str
    way: Way
    scores: tuple[Score | None, ...]
    of_real_time: float
    peak_bytes: int

    @property
    def rates(self) -> tuple[float | None, ...]:
        return tuple(None if one is None else one.rate for one in self.scores)


def main() -> int:
    asked = report.parser("Error rate, speed and memory of the engines, beside bare scripts of their libraries.")
    inputs.add_options(asked)
    asked.add_argument("--recordings", type=int, metavar="NUMBER", help="of the English ones, taken evenly; 0: all")
    return report.run(asked, measure)


def measure(options: argparse.Namespace) -> Report:
    known = list(models(options.model))
    languages = None if any(model.multilingual for model in known) else "en"
    corpus = inputs.spoken(inputs.corpus_folder(options.corpus), languages)
    recordings = chosen(corpus, options.quick, options.recordings)
    found = []
    with tempfile.TemporaryDirectory(prefix="captionwatch-bench-") as folder, report.progress("engines") as say:
        for model in known:
            for way in WAYS:
                say(f"{model.name}: {way.name}")
                found.append(hear(model, way, recordings, Path(folder) / "job.json"))
    return conclude(found, recordings)


def models(said: Path | None) -> Iterator[Model]:
    """Whisper tiny.en of the demo, and the model that is said on the command line or in the environment."""
    yield Model("tiny.en", inputs.model_folder(None), multilingual=False)
    named = said or (Path(os.environ[ENVIRONMENT]) if os.environ.get(ENVIRONMENT) else None)
    if named is not None:
        folder = inputs.model_folder(named)
        yield Model(folder.name, folder, is_multilingual(folder))


def is_multilingual(folder: Path) -> bool:
    """By the end token: the vocabulary of the English models has one piece of text less."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # the library raises no other class
        raise Failed(f"{folder} has no tokenizer.json that can be read: {error}") from error
    return bool(tokenizer.token_to_id("<|endoftext|>") == MULTILINGUAL_END)


def chosen(corpus: Sequence[Recording], quick: bool, count: int | None) -> tuple[Recording, ...]:
    """The English recordings, taken evenly, and those of the other languages; without a corpus the demo's."""
    english = [one for one in corpus if one.language == "en"]
    others = [one for one in corpus if one.language != "en"]
    if quick:
        others = list({one.language: one for one in reversed(others)}.values())
    number = count if count is not None else QUICK_RECORDINGS if quick else RECORDINGS
    return (inputs.two_cities(), *inputs.evenly(english, number or len(english)), *others)


# --- what a recording is about ------------------------------------------------------------------------------


def terms_of(text: str) -> tuple[str, ...]:
    """The longest words of a text, in their order: such as a glossary would hold for it."""
    words = [word for word in dict.fromkeys(re.findall(r"[^\W\d_]+", text)) if len(word) >= TERM_LETTERS]
    longest = sorted(words, key=len, reverse=True)[:TERMS]
    return tuple(word for word in words if word in longest)


def context_of(recording: Recording) -> str:
    """A title and a description, such as a video has: made of its longest words, and of how it is spoken."""
    title = " ".join(word.capitalize() for word in terms_of(recording.text))
    return f"{title}. A recording: {', '.join(sorted(recording.tags))}. Subscribe for more!" if title else ""


# --- hearing ------------------------------------------------------------------------------------------------


def hear(model: Model, way: Way, recordings: Sequence[Recording], path: Path) -> Heard:
    """Let one way hear all recordings that it can. Raise Failed if its process fails."""
    able = [one for one in recordings if one.language == "en" or (model.multilingual and not way.english_only)]
    path.write_text(json.dumps(job(model, way, able)), encoding="utf-8")
    script = [str(Path(__file__).with_name("bare_texts.py"))] if way.bare else ["-m", "bench.recognise"]
    ran = processes.run([sys.executable, *script, str(path)])
    each = [json.loads(line) for line in ran.output.splitlines()]
    if len(each) != len(able):
        raise Failed(f"{way.name} heard {len(each)} recordings of {len(able)}")
    scores = scored(zip(able, (text for _, text in each), strict=True))
    seconds = sum(seconds for seconds, _ in each)
    return Heard(model.name, way, scores, seconds / sum(one.seconds for one in able), ran.peak_bytes)


def job(model: Model, way: Way, recordings: Sequence[Recording]) -> dict[str, Any]:
    """What a process is asked to hear, as plain values."""
    options = Options(model=str(model.folder), threads=os.cpu_count() or 1, mode=way.mode, context=way.context)
    computed = options.model_copy(update={"compute_type": "int8"}).model_dump(mode="json") | {"device": "cpu"}
    about = [*recordings[1:], *recordings[:1]] if way.of_another else recordings
    return {
        "engine": "whisper",
        "options": computed,
        "recordings": [
            {
                "path": str(one.path),
                "language": one.language,
                "terms": terms_of(other.text) if way.terms else (),
                "context": context_of(other) if way.context else "",
            }
            for one, other in zip(recordings, about, strict=True)
        ],
    }


# --- counting -----------------------------------------------------------------------------------------------


def scored(heard: Iterable[tuple[Recording, str]]) -> tuple[Score | None, ...]:
    """The scores of all recordings, pooled by group."""
    pools: list[Score | None] = [None] * len(GROUPS)
    for recording, text in heard:
        group, one = group_of(recording.language), score_in(recording.language, recording.text, text)
        pool = pools[group] or Score(0, 0)
        pools[group] = Score(pool.words + one.words, pool.errors + one.errors)
    return tuple(pools)


def group_of(language: str) -> int:
    return 0 if language == "en" else 2 if language in BY_CHARACTERS else 1


def score_in(language: str, reference: str, heard: str) -> Score:
    """The words of a reference, or its characters, and the errors in what was heard; case and punctuation aside."""
    if language == "en":
        return score(reference, heard)
    apart = " ".join if language in BY_CHARACTERS else str
    return _counted(*(apart(_letters(text, language)) for text in (reference, heard)))


def _letters(text: str, language: str) -> str:
    normalised: str = _normaliser()(text)
    return "".join(normalised.split()) if language in BY_CHARACTERS else normalised


def _counted(reference: str, heard: str) -> Score:
    import jiwer

    counted = jiwer.process_words(reference, heard)
    errors = counted.substitutions + counted.deletions + counted.insertions
    return Score(counted.hits + counted.substitutions + counted.deletions, errors)


@cache
def _normaliser() -> Any:
    from whisper_normalizer.basic import BasicTextNormalizer

    return BasicTextNormalizer()


# --- the report ---------------------------------------------------------------------------------------------


def conclude(found: Sequence[Heard], recordings: Sequence[Recording]) -> Report:
    """The table, the bars for the two modes, and what helped."""
    rows: list[tuple[Cell, ...]] = [
        (one.model, one.way.name, *one.rates, one.of_real_time, one.peak_bytes / 1e6) for one in found
    ]
    names = list(dict.fromkeys(one.model for one in found))
    bars = [bar for name in names for bar in _bars(name, found)]
    notes = [_amount(recordings), *(note for name in names for note in helped(name, found)), _default(found)]
    return Report("Engines", COLUMNS, tuple(rows), tuple(bars), tuple(notes))


def _amount(recordings: Sequence[Recording]) -> str:
    seconds = sum(one.seconds for one in recordings)
    languages = ", ".join(sorted({one.language for one in recordings}))
    return f"{len(recordings)} recordings of {seconds:.0f} s in all: {languages}. Once each: the words stay the same."


def _of(name: str, way: Way, found: Sequence[Heard]) -> Heard:
    return next(one for one in found if one.model == name and one.way == way)


def _bars(name: str, found: Sequence[Heard]) -> Iterator[Bar]:
    for ours, bare in PAIRS:
        rates = zip(GROUPS, _of(name, ours, found).rates, _of(name, bare, found).rates, strict=True)
        for group, mine, its in rates:
            if mine is not None and its is not None:
                yield Bar(f"{name}, {ours.mode}: {group} above the bare script's by", mine - its, LIMIT, " points")


def helped(name: str, found: Sequence[Heard]) -> Iterator[str]:
    """A sentence on each thing that a model may be told: whether it helped with the English words."""
    without = _of(name, OURS, found).rates[0]
    for what, own, other in (
        ("terms", WITH_TERMS, WITH_OTHER_TERMS),
        ("title and description", WITH_CONTEXT, WITH_OTHER_CONTEXT),
    ):
        right, wrong = (_of(name, way, found).rates[0] for way in (own, other))
        if without is not None and right is not None and wrong is not None:
            yield (
                f"{name}: its own {what} {verdict(without, right)} ({without:.2f} → {right:.2f} %), "
                f"those of another recording {verdict(without, wrong)} ({without:.2f} → {wrong:.2f} %)."
            )


def verdict(without: float, told: float) -> str:
    if abs(without - told) < HELPS:
        return "change nothing"
    return "help" if told < without else "do harm"


def _default(found: Sequence[Heard]) -> str:
    """Whether the default of `context` is what these figures call for."""
    now = "on" if Options().context else "off"
    return f"`context` is {now} by default; by these figures it should be {'on' if context_pays(found) else 'off'}."


def context_pays(found: Sequence[Heard]) -> bool:
    """Whether title and description help every model that was measured, more than those of another do harm."""
    gains = []
    for name in dict.fromkeys(one.model for one in found):
        rates = [_of(name, way, found).rates[0] or 0.0 for way in (OURS, WITH_CONTEXT, WITH_OTHER_CONTEXT)]
        gains.append((rates[0] - rates[1]) - max(0.0, rates[2] - rates[0]))
    return bool(gains) and min(gains) >= HELPS


if __name__ == "__main__":
    sys.exit(main())
