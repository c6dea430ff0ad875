"""Where a text may break: what a line break or the end of a cue costs between two words.

Netflix (215758617), the BBC (3.4) and TED ("How to break lines") agree on the rules: break after
punctuation and before conjunctions and prepositions; keep together what belongs together. Costs only compare
with each other: 0 is the best place there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SENTENCE = 0.0
"""Cost of a break after a sentence."""
PAUSE = 0.5
"""In a pause."""
CLAUSE = 0.75
"""After a comma and its like."""
CONJUNCTION = 2.0
"""Before a conjunction."""
PREPOSITION = 3.0
"""Before a preposition."""
ORDINARY = 4.0
"""Anywhere else."""
WITHIN = 3.0
"""More, within a word of a script that sets no spaces."""
NAME = 8.0
"""Between two words that look like one name."""
CLINGING = 14.0
"""After a word that leads to the next: an article, a pronoun, an auxiliary, a preposition."""
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
_CLOSING_MARKS = (*_SENTENCE_ENDS, *_CLAUSE_ENDS, *_CLOSING.strip("\"'"))


@dataclass(frozen=True)
class _Words:
    """A language's words that decide where to break, in lower case."""

    abbreviations: frozenset[str] = frozenset()
    conjunctions: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    clinging: frozenset[str] = frozenset()
    capitals_are_names: bool = False


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TITLES = _set("mr. mrs. ms. dr. prof. st.")

_WORDS = {
    "en": _Words(
        abbreviations=_TITLES | _set("vs. e.g. i.e. no. jr. sr."),
        conjunctions=_set("""
            and but or nor so yet because if unless when while although though that which who whose where
            since until than then as
        """),
        prepositions=_set("""
            about above across after against along among around at before behind below between beyond by
            during for from in inside into near of off on onto over through to toward towards under up with
            within without
        """),
        clinging=_TITLES
        | _set("""
            a an the my your his her its our their this these those every each no not very
            i you he she we they i'm you're he's she's it's we're they're i've you've we've they've
            i'll you'll he'll she'll we'll they'll i'd you'd he'd she'd we'd they'd
            is are was were be been has have had do does did will would can could shall should may might must
            don't doesn't didn't won't can't isn't aren't wasn't weren't
        """),
        capitals_are_names=True,
    ),
}
_NO_WORDS = _Words()


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
    word = text.strip(_OPENING + _CLOSING + "".join(_SENTENCE_ENDS + _CLAUSE_ENDS)).casefold().replace("’", "'")
    return word.removesuffix("'s")


def break_cost(before: str, after: str, silence: int, language: str) -> float:
    """What it costs to break between two words of a language (BCP-47), `silence` milliseconds apart."""
    if after.startswith(_CLOSING_MARKS):
        return PUNCTUATION
    if ends_sentence(before, language):
        return SENTENCE
    if before.rstrip(_CLOSING).endswith(_CLAUSE_ENDS):
        return PAUSE if silence >= PAUSE_MILLISECONDS else CLAUSE
    inside = _cost_inside_a_clause(before, after, _words(language))
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
    return not is_initial and bare.lower() not in _words(language).abbreviations


def inside_cost(before: str, silence: int, language: str) -> float:
    """What it costs that a cue goes on after this word, `silence` milliseconds before the next."""
    sentence = SENTENCE_INSIDE if ends_sentence(before, language) else 0.0
    if silence >= LONG_PAUSE_MILLISECONDS:
        return sentence + 100
    return sentence + (silence / PAUSE_MILLISECONDS if silence >= PAUSE_MILLISECONDS else 0.0)


def _cost_inside_a_clause(before: str, after: str, words: _Words) -> float:
    last, following = _folded(before), _folded(after)
    if last in words.clinging or last in words.prepositions:
        return CLINGING
    if following in words.conjunctions:
        return CONJUNCTION
    if following in words.prepositions:
        return PREPOSITION
    is_name = before[:1].isupper() and after[:1].isupper() and following not in words.clinging
    return NAME if is_name and words.capitals_are_names else ORDINARY


def _folded(word: str) -> str:
    return word.lstrip(_OPENING).lower().replace("’", "'")


def _words(language: str) -> _Words:
    return _WORDS.get(language.partition("-")[0].lower(), _NO_WORDS)
