"""Words made clean before they are set as cues: what nobody said left out, terms written as the glossary has them, and
by choice fillers, profanity and numbers. Pure.

    change.py      what a change is, and how it is applied        writing.py    a word's parts, writing mended
    unsaid.py      what nobody said, by two pieces of evidence    report.py     what of it all people read
    credits.py     phrases that recognisers put in silence        glossary.py   terms, by case, spaces and sound
    fillers.py     um, I I think, wh- what                        numbers.py    twenty five percent → 25%
    profanity.py   f***
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from captions.cleaning import fillers, numbers, profanity, unsaid
from captions.cleaning.change import Change, Edit, applied
from captions.cleaning.fillers import Level
from captions.cleaning.glossary import Glossary, Vocabulary
from captions.cleaning.profanity import Profanity
from captions.transcript import Transcript, Word

MOST_ROUNDS = 8  # what is left out brings together what was apart; two rounds are the rule


@dataclass(frozen=True)
class Options:
    """What is done. `hallucinations`: what nobody said is left out. `glossary`: terms are written as it has them."""

    hallucinations: bool = True
    glossary: bool = True
    fillers: Level = Level.OFF
    numbers: bool = False
    profanity: Profanity = Profanity.OFF


DEFAULT = Options()
OFF = Options(hallucinations=False, glossary=False)


@dataclass(frozen=True)
class Cleaned:
    """The transcript with other words, and what was changed, in the order of the recording."""

    transcript: Transcript
    changes: tuple[Change, ...] = ()


def cleaned(
    transcript: Transcript,
    options: Options = DEFAULT,
    terms: Iterable[str] = (),
    vocabulary: Vocabulary | None = None,
) -> Cleaned:
    """Clean the words of a transcript; cleaned once more, they stay the same.

    `terms` are a glossary's, `vocabulary` the words of the transcript's language (see `glossary`), None if there is
    none. The words that are kept stay in order, with their times. Nothing changes but what is listed.
    """
    words, found = transcript.words, list[Change]()
    language = transcript.language.partition("-")[0].casefold()
    glossary = Glossary(tuple(terms) if options.glossary else (), language, vocabulary)
    for _ in range(MOST_ROUNDS):
        before = words
        if options.hallucinations:
            words = _apply(words, unsaid.edits(words, transcript), found)
        words = _apply(words, glossary.edits(words), found)
        words = _apply(words, fillers.edits(words, language, options.fillers), found)
        if options.numbers:
            words = _apply(words, numbers.edits(words, language), found)
        words = _apply(words, profanity.edits(words, language, options.profanity), found)
        if words == before:
            break
    changes = tuple(sorted(found, key=lambda change: change.start))
    return Cleaned(replace(transcript, words=words) if changes else transcript, changes)


def _apply(words: Sequence[Word], edits: Iterable[Edit], found: list[Change]) -> tuple[Word, ...]:
    made, changes = applied(words, edits)
    found += changes
    return made
