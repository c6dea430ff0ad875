"""Numbers, percentages, sums and some units as people write them: twenty five percent → 25%. English. Pure.

text2num finds the numbers. Left as it is: what is less than ten and has no unit, what begins a sentence, ordinals, what
has a capital (Ocean's Eleven), "a hundred", and numbers side by side (nineteen eighty four, seven thirty), which may be
years, times or telephone numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from text_to_num import find_numbers

from captions.cleaning.change import Edit, What
from captions.cleaning.writing import begins_sentence, parts
from captions.transcript import Word

LANGUAGE = "en"
LEAST = 10.0  # smaller ones are written out, by most style guides for captions
PAUSE_SECONDS = 0.6  # parts two numbers: "in nineteen, twenty people"
YEARS = range(1000, 2100)  # of four digits, that is what it is mostly; years have no comma
ARTICLES = frozenset({"a", "an", "half"})
SCALES = frozenset({"million", "billion", "trillion"})

_UNITS: dict[tuple[str, ...], str] = {
    ("percent",): "{}%",
    ("per", "cent"): "{}%",
    ("dollars",): "${}",
    ("dollar",): "${}",
    ("euros",): "€{}",
    ("euro",): "€{}",
    ("degrees", "celsius"): "{} °C",
    ("degrees", "fahrenheit"): "{} °F",
    ("kilometers", "per", "hour"): "{} km/h",
    ("kilometres", "per", "hour"): "{} km/h",
    ("miles", "per", "hour"): "{} mph",
}
_CENTS = {"${}", "€{}"}
_SINGULAR = {"dollar", "euro"}


@dataclass(frozen=True)
class _Token:
    """A word as text2num takes one."""

    word: Word
    core: str
    whole: bool

    def text(self) -> str:
        return self.core

    def nt_separated(self, previous: _Token) -> bool:
        return self.word.start - previous.word.end > PAUSE_SECONDS or not previous.whole or bool(_lead(self.word))

    def not_a_number_part(self) -> bool:
        return False


@dataclass(frozen=True)
class _Number:
    """A number said from word `first` to before `last`; `written` without a unit."""

    first: int
    last: int
    value: float
    written: str


def edits(words: Sequence[Word], language: str) -> Iterator[Edit]:
    """Numbers in digits, of English words; a number's words become one, with its unit."""
    if language != LANGUAGE:
        return
    found = _numbers(words)
    taken = 0
    for at, number in enumerate(found):
        if number.first < taken or _is_left(words, found, at):
            continue
        last, text = _with_unit(words, number, found[at + 1] if at + 1 < len(found) else None)
        if text:
            taken = last
            yield Edit(What.NUMBER, number.first, last, (_joined(words[number.first : last], text),))


def _numbers(words: Sequence[Word]) -> list[_Number]:
    tokens = [_Token(word, parts(word.text).core, not parts(word.text).trail) for word in words]
    lower = [replace(token, core=token.core.casefold()) for token in tokens]
    found: list[_Number] = []
    for one in find_numbers(lower, LANGUAGE, threshold=0):
        if one.is_ordinal:
            continue
        scale = lower[one.end - 1].core if lower[one.end - 1].core in SCALES else ""
        before = found[-1] if found and found[-1].last == one.start and scale else None
        if before is not None and one.end == one.start + 1:  # two point five | million
            found[-1] = _Number(before.first, one.end, before.value * one.value, f"{before.written} {scale}")
        elif scale and one.end > one.start + 1:
            small = list(find_numbers(lower[one.start : one.end - 1], LANGUAGE, threshold=0))
            if len(small) == 1 and small[0].end == one.end - 1 - one.start:
                found.append(_Number(one.start, one.end, one.value, f"{_grouped(small[0].text)} {scale}"))
        else:
            found.append(_Number(one.start, one.end, one.value, _grouped(one.text)))
    return found


def _grouped(text: str) -> str:
    whole, point, rest = text.partition(".")
    return (f"{int(whole):,}" if len(whole) > 3 and int(whole) not in YEARS else whole) + point + rest


def _is_left(words: Sequence[Word], found: Sequence[_Number], at: int) -> bool:
    number = found[at]
    beside = [one for one in (number.first - 1, number.last) if 0 <= one < len(words)]
    numbers = {index for other in found if other is not number for index in range(other.first, other.last)}
    before = parts(words[number.first - 1].text).core.casefold() if number.first else ""
    said = words[number.first : number.last]
    return (
        begins_sentence(words, number.first)
        or before in ARTICLES
        or any(index in numbers or any(map(str.isdigit, words[index].text)) for index in beside)
        or any(word.text[:1].isupper() or parts(word.text).core.endswith("s") for word in said)  # tens, thousands
        or len({word.speaker for word in said}) > 1
    )


def _with_unit(words: Sequence[Word], number: _Number, following: _Number | None) -> tuple[int, str]:
    """To before which word it goes, and what is written there; "" if it stays as it is."""
    for unit, form in _UNITS.items():
        last = number.last + len(unit)
        if not _are(words, number.last, unit) or parts(words[number.last - 1].text).trail:
            continue
        if unit[0] in _SINGULAR and number.value != 1:
            return number.last, ""  # a twenty dollar bill
        written = number.written if number.value not in YEARS else f"{int(number.value):,}"
        if form in _CENTS and following is not None and _cents_follow(words, last, following):
            return following.last + 1, form.format(f"{written}.{int(following.value):02}")
        return last, form.format(written)
    return number.last, number.written if number.value >= LEAST else ""


def _cents_follow(words: Sequence[Word], at: int, number: _Number) -> bool:
    return (
        number.first == at + 1
        and _are(words, at, ("and",))
        and _are(words, number.last, ("cents",))
        and 0 < number.value < 100
        and not parts(words[at - 1].text).trail
    )


def _are(words: Sequence[Word], at: int, texts: Sequence[str]) -> bool:
    """Whether these words stand there, with no mark before the last one, and no capital but at its beginning."""
    found = [parts(word.text) for word in words[at : at + len(texts)]]
    plain = not any(one.trail for one in found[:-1]) and not any(one.lead for one in found)
    return plain and [one.core.casefold() for one in found] == list(texts)


def _joined(words: Sequence[Word], text: str) -> Word:
    """One word in the place of several: from the first to the last."""
    trail = parts(words[-1].text).trail
    return replace(
        words[0],
        text=f"{_lead(words[0])}{text}{trail}",
        end=words[-1].end,
        confidence=min(word.confidence for word in words),
    )


def _lead(word: Word) -> str:
    return parts(word.text).lead
