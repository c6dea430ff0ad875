"""Fillers and false starts: um, I I think, wh- what. Pure.

No word that means something goes: only those of the lists below, which each language has of its own ("er" is a filler
in English and a person in German), and cut-off beginnings of the word that follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from captions.cleaning.change import Edit, What
from captions.cleaning.writing import begins_sentence, parts, without
from captions.transcript import Word


class Level(StrEnum):
    """How much goes of what people say while they think."""

    OFF = "off"
    LIGHT = "light"  #: um, uh, äh, euh
    FULL = "full"  #: also I I think, wh- what, and you know and I mean between commas


def _table(**lists: str) -> Mapping[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in lists.items()}


FILLERS = _table(
    en="um umm ummm uh uhh uhm uhmm er erm",
    de="äh ähm ähh ähhm öh öhm ehm",
    nl="eh ehm uh uhm",
    sv="öh öhm äh eh ehm",
    da="øh øhm",
    no="eh ehm øh",
    fi="öö ööö",
    fr="euh heu euhh heuu",
    es="eh ehh ehm",
    it="ehm ehmm",
    pl="yyy yyyy eee eeee",
    cs="ehm eee",
    ru="ээ эээ эм эмм",
    uk="ее еее",
)
"""Sounds that are no word of their language; "err" is one."""

REPEATED = _table(
    en="i the a an and of we they but if or because i'm it's we're they're i've",
    de="ich wir ein eine und oder aber weil dass",
    fr="je le les un une et mais des du",
    es="yo el los un una y pero que de",
    it="io il un una e ma di",
    nl="ik de het een en maar dat",
    pt="eu o os um uma e mas de",
)
"""Words that are never said twice on purpose, as "very", "no", "that" or German "die" are."""

ASIDES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "en": (("you", "know"), ("i", "mean")),
    "fr": (("tu", "vois"), ("tu", "sais"), ("vous", "savez")),
    "es": (("o", "sea"),),
}
"""What is left out where commas, or the beginning of a sentence, set it off."""

_AFTER_FILLER = {"", ",", ".", "…", "...", "?", "!", "-", "–", "—"}
_AFTER_REPEATED = {"", ",", "…", "...", "-", "–", "—"}
_DASHES = "-–—"


def edits(words: Sequence[Word], language: str, level: Level) -> Iterator[Edit]:
    """What is to be left out of the words of a language, by its primary subtag."""
    if level is Level.OFF:
        return
    yield from _fillers(words, FILLERS.get(language, frozenset()))
    if level is Level.FULL:
        yield from _repeats(words, REPEATED.get(language, frozenset()))
        yield from _cut_off(words)
        yield from _asides(words, ASIDES.get(language, ()))


def _fillers(words: Sequence[Word], fillers: frozenset[str]) -> Iterator[Edit]:
    first: int | None = None
    for at in range(len(words) + 1):
        inside = at < len(words) and _is_filler(words[at].text, fillers)
        if first is not None and not (inside and words[at].speaker == words[first].speaker):
            yield without(What.FILLER, words, first, at, set_off=True)
            first = None
        if inside and first is None:
            first = at


def _is_filler(text: str, fillers: frozenset[str]) -> bool:
    """“ER” is where people are brought, and in quotation marks it is spoken of."""
    found = parts(text)
    shouted = len(found.core) > 1 and found.core.isupper()
    return not found.lead and found.trail in _AFTER_FILLER and not shouted and found.core.casefold() in fillers


def _repeats(words: Sequence[Word], repeated: frozenset[str]) -> Iterator[Edit]:
    at = 0
    while at < len(words) - 1:
        last = at
        while last + 1 < len(words) and _again(words[last], words[last + 1], repeated):
            last += 1
        if last > at:
            yield without(What.REPEAT, words, at, last)
        at = last + 1


def _again(word: Word, following: Word, repeated: frozenset[str]) -> bool:
    one, other = parts(word.text), parts(following.text)
    core = one.core.casefold().replace("’", "'")
    same = core == other.core.casefold().replace("’", "'") and word.speaker == following.speaker
    titled = other.core[:1].isupper() and core[:1] != "i"  # The The are a band
    return same and core in repeated and not titled and not one.lead + other.lead and one.trail in _AFTER_REPEATED


def _cut_off(words: Sequence[Word]) -> Iterator[Edit]:
    for at in range(len(words) - 1):
        one, other = parts(words[at].text), parts(words[at + 1].text)
        begun, whole = one.core.casefold(), other.core.casefold()
        cut = begun.isalpha() and one.trail.rstrip(",")[-1:] in tuple(_DASHES) and not one.lead
        if cut and whole.startswith(begun) and whole != begun and words[at].speaker == words[at + 1].speaker:
            yield without(What.CUT_OFF, words, at, at + 1)


def _asides(words: Sequence[Word], asides: Sequence[tuple[str, ...]]) -> Iterator[Edit]:
    for at in range(len(words)):
        for aside in asides:
            end = at + len(aside)
            if end < len(words) and _is_aside(words[at:end], aside) and _is_set_off(words, at, end):
                yield without(What.FILLER, words, at, end, set_off=True)


def _is_aside(words: Sequence[Word], aside: Sequence[str]) -> bool:
    *inner, last = [parts(word.text) for word in words]
    plain = not any(one.lead + one.trail for one in inner) and not last.lead and last.trail == ","
    return plain and [one.core.casefold() for one in (*inner, last)] == list(aside)


def _is_set_off(words: Sequence[Word], first: int, end: int) -> bool:
    one_voice = len({word.speaker for word in words[first : end + 1]}) == 1
    return one_voice and (begins_sentence(words, first) or words[first - 1].text.endswith(","))
