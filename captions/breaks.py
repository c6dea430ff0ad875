"""Where a text may break: what a line break or the end of a cue costs between two words.

Netflix (215758617), the BBC (3.4) and TED ("How to break lines") agree on the rules: break after punctuation and before
conjunctions and prepositions; keep together what belongs together. Words have parts of speech, by the lists of
`captions.break_words` and by their shape, and two parts a cost, by the table of `captions.break_patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from unicodedata import normalize

from captions.break_patterns import NAME, NUMBER, ORDINARY, OWN_PATTERNS, PATTERNS
from captions.break_words import COMMON, LANGUAGES, Language, Part

SENTENCE = 0.0
"""Cost of a break after a sentence. The costs of the table are on the same scale."""
PAUSE = 0.5
"""In a pause."""
CLAUSE = 0.75
"""After a comma and its like."""
WITHIN = 3.0
"""More, within a word of a script that sets no spaces."""
PHRASE = 12.0
"""Within a phrase of a script that sets no spaces."""
TERM = 16.0
"""Within a term of the glossary."""
PUNCTUATION = 20.0
"""Before a closing mark."""

PAUSE_MILLISECONDS = 500
"""From here on a silence is heard as a pause (AutoSubs ends a cue at 0.5 s)."""

LONG_PAUSE_MILLISECONDS = 2000
"""A cue never goes on over a silence as long as this, unless nothing else fits."""

SENTENCE_INSIDE = 2.5
"""Cost of a sentence's end inside a cue: more than one cue more (2), less than one that flickers by."""

_SENTENCE_ENDS = tuple(".!?…。！？؟।॥։")
_CLAUSE_ENDS = tuple(",;:–—،؛、，；：")
_OPENING = "\"'“‘«„¿¡([{《「『（【"
_CLOSING = "\"'”’»)]}》」』）】"
_CLOSING_BUT_APOSTROPHE = "".join(mark for mark in _CLOSING if mark not in "'’")
_MARKS = "".join(_SENTENCE_ENDS + _CLAUSE_ENDS)
_CLOSING_MARKS = (*_SENTENCE_ENDS, *_CLAUSE_ENDS, *_CLOSING.strip("\"'"))


class Inseparable:
    """Terms of several words, to find where they stand in a text."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for words in {tuple(map(_bare, term.split())) for term in terms}:
            if len(words) > 1 and all(words):
                self._by_first.setdefault(words[0], []).append(words)

    def places(self, texts: Sequence[str]) -> set[int]:
        """Before which texts, by their index, a break would part a term; in any case, whatever marks are around it."""
        if not self._by_first:
            return set()
        said = [_bare(text) for text in texts]
        found: set[int] = set()
        for first, word in enumerate(said):
            for term in self._by_first.get(word, ()):
                if tuple(said[first : first + len(term)]) == term:
                    found.update(range(first + 1, first + len(term)))
        return found


def _bare(text: str) -> str:
    """A word without the marks around it and the ending of a possessive, in one case."""
    word = text.strip(_OPENING + _CLOSING + _MARKS).casefold().replace("’", "'")
    return word.removesuffix("'s")


def break_cost(before: str, after: str, silence: int, language: str) -> float:
    """What it costs to break between two words of a language (BCP-47), `silence` milliseconds apart."""
    if after.startswith(_CLOSING_MARKS):
        return PUNCTUATION
    language = _base(language)
    last, first = _ending(before, language), _beginning(after, language)
    if ends_sentence(before, language) and not (last & Part.NUMBERED and first & NUMBER):  # "No. 5"
        return SENTENCE
    if before.rstrip(_CLOSING).endswith(_CLAUSE_ENDS):
        return PAUSE if silence >= PAUSE_MILLISECONDS else CLAUSE
    inside = _cost_inside_a_clause(last, first, language)
    if silence < PAUSE_MILLISECONDS:
        return inside
    hesitates = inside >= NAME and silence < LONG_PAUSE_MILLISECONDS  # "the … house": nothing ends there
    return ORDINARY if hesitates else PAUSE


def ends_sentence(word: str, language: str) -> bool:
    """Say whether a sentence ends with this word, as far as its last marks tell."""
    bare = word.rstrip(_CLOSING)
    if not bare.endswith(_SENTENCE_ENDS):
        return False
    is_initial = len(bare) == 2 and bare[0].isupper() and bare[0] != "I"
    return not is_initial and not _ending(bare, _base(language)) & _DOTTED


def inside_cost(before: str, silence: int, language: str) -> float:
    """What it costs that a cue goes on after this word, `silence` milliseconds before the next."""
    sentence = SENTENCE_INSIDE if ends_sentence(before, language) else 0.0
    if silence >= LONG_PAUSE_MILLISECONDS:
        return sentence + 100
    return sentence + (silence / PAUSE_MILLISECONDS if silence >= PAUSE_MILLISECONDS else 0.0)


# --- parts of speech -----------------------------------------------------------------------------------------

_LEADING = Part.DETERMINER | Part.PRONOUN | Part.AUXILIARY | Part.PREPOSITION | Part.NEGATION | Part.PARTICLE
_IN_NAMES = Part.OTHER | Part.UNIT | Part.MONTH | Part.NUMBERED | Part.TITLE | Part.NUMERAL
_DOTTED = Part.ABBREVIATION | Part.ENCLITIC | Part.NUMERAL | Part.MONTH
"""What ends no sentence where a dot belongs to it: units and "no." may."""

_NUMERAL = re.compile(r"[-+−]?[$€£¥₽₴₺₹]?\d+(?:[.,:/'-]\d+)*")
_YEAR = re.compile(r"1[1-9]\d\d|20\d\d")
_ORDINAL = re.compile(r"(?:\d{1,2}|[ivx]{2,})\.")
_NO_WORDS = Language({}, capitals_are_names=False)
_REMEMBERED = 1 << 15
"""Words and pairs whose parts or cost are kept: more than an hour of speech has different ones."""


def _base(language: str) -> str:
    return language.partition("-")[0].lower()


@cache
def _index(language: str) -> Mapping[str, Part]:
    """A language's words with their parts."""
    found: dict[str, Part] = {}
    for part, words in (*COMMON.items(), *LANGUAGES.get(language, _NO_WORDS).words.items()):
        for word in words.split():
            found[word] = found.get(word, Part(0)) | part
    return found


@lru_cache(_REMEMBERED)
def _ending(word: str, language: str) -> Part:
    """The parts of speech of a word's end, for what may follow it."""
    rules = LANGUAGES.get(language, _NO_WORDS)
    opened = word.lstrip(_OPENING)
    if word and not opened:
        return Part.OPENING
    bare = _folded(
        opened.rstrip(_CLOSING_BUT_APOSTROPHE if rules.elides else _CLOSING)
    )  # "l'" ends with no quotation mark
    found = _listed(bare, language) or (_listed(bare.rpartition("'")[2], language) if rules.elides else Part(0))
    if rules.ordinals_have_dots and _ORDINAL.fullmatch(bare):
        found |= Part.NUMERAL
    return _shaped(found, bare, opened, rules)


@lru_cache(_REMEMBERED)
def _beginning(word: str, language: str) -> Part:
    """The parts of speech of a word's beginning, for what may stand before it."""
    rules = LANGUAGES.get(language, _NO_WORDS)
    opened = word.lstrip(_OPENING)
    bare = _folded(opened.rstrip(_CLOSING))
    found, marks = _listed(bare, language), ""
    if not found:
        stem = bare.rstrip(_MARKS)
        bare, marks = stem, bare[len(stem) :]
        head = "".join(bare.partition("'")[:2])
        found = _listed(bare, language) or (_listed(head, language) if rules.elides else Part(0))
    if marks and found & _LEADING:
        found = found & ~_LEADING | Part.FINAL
    if marks.endswith(_SENTENCE_ENDS):
        found &= ~(Part.COORDINATION | Part.SUBORDINATION)
    return _shaped(found, bare, opened, rules)


def _listed(word: str, language: str) -> Part:
    return _index(language).get(word, Part(0))


def _shaped(found: Part, bare: str, written: str, rules: Language) -> Part:
    """The parts found in the lists, with those that a word's shape tells; OTHER if there are none."""
    if _YEAR.fullmatch(bare):
        found |= Part.YEAR
    elif _NUMERAL.fullmatch(bare):
        found |= Part.NUMERAL
    found = found or Part.OTHER
    if written[:1].isupper():
        is_name = rules.capitals_are_names and not found & ~_IN_NAMES
        found |= Part.CAPITAL | (Part.NAME if is_name else Part(0))
    return found


def _folded(word: str) -> str:
    return normalize("NFC", word.replace("İ", "i").lower().replace("’", "'"))


@lru_cache(_REMEMBERED)
def _cost_inside_a_clause(last: Part, first: Part, language: str) -> float:
    patterns = {**PATTERNS, **OWN_PATTERNS.get(language, {})}
    costs = [cost for (before, after), cost in patterns.items() if last & before and first & after]
    dearest = max(costs, default=ORDINARY)
    return dearest if dearest > ORDINARY else min(costs, default=ORDINARY)
