"""Times that hold: what a model says of when is checked against the sound, and mended where it cannot be. Pure."""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import TypeVar

from captions.transcript import SpeechSpan, Word
from daemon.speech import voice_activity

Moved = TypeVar("Moved", Word, SpeechSpan)

UNTOLD = 1.0  # the confidence of a word: Gemini tells none
TOLERANCE_SECONDS = 0.5  # beyond the end, or beside the speech
DRIFTED_SECONDS = 1.0  # beyond the end,
DRIFTED = 0.05  # in more than this share: the model's clock runs otherwise, and what looks well is wrong too
LEAST_TRUSTED = 0.8  # share of times that hold; with fewer, those are by chance
LETTERS_PER_SECOND = 40.0  # the quickest speakers stay below 30
LETTER_SECONDS = 0.06  # of a word whose end is not told


@dataclass(frozen=True)
class Passage:
    """What was said at once: one word, or a sentence. `start` and `end` in seconds of its piece; None: not told."""

    texts: tuple[str, ...]  #: its words
    start: float | None = None
    end: float | None = None
    speaker: str | None = None

    @property
    def letters(self) -> int:
        return sum(map(_letters, self.texts))


@dataclass(frozen=True)
class Timed:
    """Words in order, within their piece, of so many passages.

    `mended` ones had no times that hold, `spread` ones none of their words.
    """

    words: tuple[Word, ...]
    passages: int
    mended: int
    spread: int

    @property
    def is_exact(self) -> bool:
        """Whether nearly all words have the times that were told of them."""
        return not self.spread and self.mended * 10 <= self.passages


def settle(passages: Sequence[Passage], speech: Sequence[SpeechSpan], seconds: float) -> Timed:
    """The words with times within `seconds`. Where those that were told cannot be, words are spread over the speech."""
    passages = [passage for passage in passages if passage.texts]
    trusted = _trusted(passages, speech, seconds)
    words = [word for slot in _slots(passages, trusted, seconds) for word in _placed(*slot, speech)]
    spread = sum(
        1 for passage, is_trusted in zip(passages, trusted, strict=True) if is_trusted and len(passage.texts) > 1
    )
    return Timed(tuple(ordered(words, seconds)), len(passages), trusted.count(False), spread)


def ordered(words: Sequence[Word], seconds: float) -> Iterator[Word]:
    """The same words; none begins before the one before it, ends before it begins, or reaches beyond the end."""
    least = 0.0
    for word in words:
        least = min(max(least, word.start), seconds)
        yield Word(word.text, least, min(max(least, word.end), seconds), word.confidence, word.speaker)


def moved(those: Sequence[Moved], by: float) -> Iterator[Moved]:
    """The same words or spans, so many seconds later."""
    return (replace(one, start=one.start + by, end=one.end + by) for one in those)


# ---- which times hold


def _trusted(passages: Sequence[Passage], speech: Sequence[SpeechSpan], seconds: float) -> list[bool]:
    possible = [_is_possible(passage, speech, seconds) for passage in passages]
    rising = _rising([passage.start if well else None for passage, well in zip(passages, possible, strict=True)])
    beyond = sum(_is_beyond(passage, seconds + DRIFTED_SECONDS) for passage in passages)
    if beyond > DRIFTED * len(passages) or sum(rising) < LEAST_TRUSTED * len(passages):
        return [False] * len(passages)
    return rising


def _is_beyond(passage: Passage, seconds: float) -> bool:
    return any(time is not None and time > seconds for time in (passage.start, passage.end))


def _is_possible(passage: Passage, speech: Sequence[SpeechSpan], seconds: float) -> bool:
    """Whether a passage may have been said when it is said to have been. Of a single word the ear knows better."""
    start = passage.start
    end = _end(passage)
    if start is None or not 0 <= start <= end <= seconds + TOLERANCE_SECONDS:
        return False
    if len(passage.texts) == 1 and passage.end is not None and end > start:
        return True
    is_sayable = passage.letters <= LETTERS_PER_SECOND * (end - start + TOLERANCE_SECONDS)
    return is_sayable and bool(voice_activity.between(speech, start - TOLERANCE_SECONDS, end + TOLERANCE_SECONDS))


def _end(passage: Passage) -> float:
    if passage.end is not None:
        return passage.end
    return (passage.start or 0.0) + passage.letters * LETTER_SECONDS


def _rising(starts: Sequence[float | None]) -> list[bool]:
    """Which of the times belong to a longest series of them that never falls."""
    tails: list[float] = []  # the least last time of a series of each length
    lengths = [0] * len(starts)
    for index, start in enumerate(starts):
        if start is not None:
            place = bisect.bisect_right(tails, start)
            tails[place : place + 1] = [start]
            lengths[index] = place + 1
    wanted, last, chosen = len(tails), math.inf, [False] * len(starts)
    for index in range(len(starts) - 1, -1, -1):
        start = starts[index]
        if start is not None and lengths[index] == wanted and start <= last:
            chosen[index], wanted, last = True, wanted - 1, start
    return chosen


# ---- where the words go


@dataclass(frozen=True)
class _Said:
    text: str
    speaker: str | None


Slot = tuple[list[_Said], float, float]


def _slots(passages: Sequence[Passage], trusted: Sequence[bool], seconds: float) -> Iterator[Slot]:
    """Each trusted passage with its times; those between two of them together, with the time that is left."""
    number, before = 0, 0.0
    for is_trusted, group in groupby(zip(passages, trusted, strict=True), key=lambda one: one[1]):
        run = [passage for passage, _ in group]
        number += len(run)
        after = passages[number].start if number < len(passages) else None
        after = seconds if after is None or is_trusted else after
        if is_trusted:
            for passage, until in zip(run, [*(one.start for one in run[1:]), after], strict=True):
                start, end = passage.start or 0.0, _end(passage)
                if len(passage.texts) > 1 and until is not None and until > start:
                    end = min(end, until)
                yield _said([passage]), start, end
                before = end
        else:
            yield _said(run), min(before, after), after


def _said(passages: Sequence[Passage]) -> list[_Said]:
    return [_Said(text, passage.speaker) for passage in passages for text in passage.texts]


def _placed(said: Sequence[_Said], begin: float, end: float, speech: Sequence[SpeechSpan]) -> Iterator[Word]:
    """Words spread by their letters over the speech between two times; a single one has them as they are."""
    spans = () if len(said) == 1 and end > begin else voice_activity.between(speech, begin, end)
    ruler = _Ruler(spans or (SpeechSpan(begin, max(begin, end)),))
    letters = sum(_letters(one.text) for one in said)
    before = 0
    for one in said:
        after = before + _letters(one.text)
        start, stop = ruler.stretch(before / letters, after / letters)
        yield Word(one.text, start, stop, UNTOLD, one.speaker)
        before = after


def _letters(text: str) -> int:
    """How long a word takes to say; the space after it counts, for the shortest are not that short."""
    return len(text) + 1


class _Ruler:
    """Times on stretches of speech, as shares of their length together."""

    def __init__(self, spans: Sequence[SpeechSpan]) -> None:
        self._spans = spans
        self._before = [0.0, *accumulate(span.seconds for span in spans)]

    def stretch(self, begin: float, end: float) -> tuple[float, float]:
        """From one share to another, within one of the stretches: the one that holds most of it."""
        first, last = begin * self._before[-1], end * self._before[-1]
        best = SpeechSpan(self._spans[-1].end, self._spans[-1].end)
        for index in range(max(0, bisect.bisect_right(self._before, first) - 1), len(self._spans)):
            span, done = self._spans[index], self._before[index]
            if done >= last:
                break
            part = SpeechSpan(span.start + max(0.0, first - done), min(span.end, span.start + last - done))
            if part.seconds > best.seconds:
                best = part
        return best.start, best.end
