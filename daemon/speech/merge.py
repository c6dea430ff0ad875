"""Give each word its speaker, and make turns of the words. Only computes.

    words, exclusive turns ──► by overlap ──► smoothed within each sentence ──► turns, rebuilt of the words

A diarizer's borders are some tenths of a second off, and so are the times of words: the first or the last word of a
sentence falls to whoever speaks before or after it. Punctuation, which the recogniser sets by what is said, tells
better where a speaker ends. So no single word changes the speaker within a sentence. A sentence of one word ("Yes.")
between those of somebody else stays as it was heard.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from captions.breaks import LONG_PAUSE_MILLISECONDS, ends_sentence
from captions.transcript import SpeakerTurn, Word

NEAR_SECONDS = 1.0  # from a word in no turn to one that it may belong to: detectors miss soft beginnings and ends
LEAST_RUN = 2  # words that change the speaker within a sentence
PAUSE_SECONDS = LONG_PAUSE_MILLISECONDS / 1000  # ends a sentence without a full stop, and a turn


@dataclass(frozen=True)
class Spoken:
    """Words with their speakers, and the turns that they make."""

    words: tuple[Word, ...]
    turns: tuple[SpeakerTurn, ...]


def merged(words: Sequence[Word], exclusive: Sequence[SpeakerTurn], language: str) -> Spoken:
    """The words with the speakers of a diarization without overlap. Words far from all turns may have none.

    Both are in order; `language` is BCP-47.
    """
    given = smoothed(assigned(words, exclusive), language)
    return Spoken(given, turns_of(given))


def assigned(words: Iterable[Word], exclusive: Sequence[SpeakerTurn]) -> tuple[Word, ...]:
    """Each word with the speaker who has most of its time, or whose turn is near; None for one far from all."""
    ends = [turn.end for turn in exclusive]
    return tuple(replace(word, speaker=_speaker(word, exclusive, bisect_left(ends, word.start))) for word in words)


def smoothed(words: Sequence[Word], language: str) -> tuple[Word, ...]:
    """The words, with as few changes of the speaker within a sentence as runs of LEAST_RUN words make."""
    return tuple(word for sentence in _sentences(words, language) for word in _settled(sentence))


def turns_of(words: Iterable[Word]) -> tuple[SpeakerTurn, ...]:
    """Who speaks when, by the words; a long pause ends a turn."""
    turns: list[SpeakerTurn] = []
    last: str | None = None
    for word in words:
        if word.speaker and word.speaker == last and word.start - turns[-1].end < PAUSE_SECONDS:
            turns[-1] = replace(turns[-1], end=max(turns[-1].end, word.end))
        elif word.speaker:
            turns.append(SpeakerTurn(word.start, word.end, word.speaker))
        last = word.speaker
    return tuple(turns)


def _speaker(word: Word, turns: Sequence[SpeakerTurn], first: int) -> str | None:
    """The speaker of a word, before whose beginning all turns end that come before the `first`."""
    shares: dict[str, float] = defaultdict(float)
    for turn in takewhile(lambda turn: turn.start < word.end, turns[first:]):
        shares[turn.speaker] += min(turn.end, word.end) - max(turn.start, word.start)
    if shares and max(shares.values()) > 0:
        return max(shares, key=shares.__getitem__)
    around = turns[max(0, first - 1) : first + 1]
    nearest = min(around, key=lambda turn: _gap(word, turn), default=None)
    return nearest.speaker if nearest and _gap(word, nearest) <= NEAR_SECONDS else None


def _gap(word: Word, turn: SpeakerTurn) -> float:
    return max(0.0, turn.start - word.end, word.start - turn.end)


def _sentences(words: Sequence[Word], language: str) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        if sentence and word.start - sentence[-1].end >= PAUSE_SECONDS:
            yield sentence
            sentence = []
        sentence.append(word)
        if ends_sentence(word.text, language):
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def _settled(sentence: Sequence[Word]) -> list[Word]:
    """A sentence, its weakest run given to the stronger one beside it until each may stand."""
    runs = _runs(sentence)
    while len(runs) > 1:
        weakest = min(range(len(runs)), key=lambda index: _weight(runs[index]))
        if runs[weakest][0].speaker is not None and len(runs[weakest]) >= LEAST_RUN:
            break
        stronger = max((runs[index] for index in (weakest - 1, weakest + 1) if 0 <= index < len(runs)), key=_weight)
        runs[weakest] = [replace(word, speaker=stronger[0].speaker) for word in runs[weakest]]
        runs = _runs([word for run in runs for word in run])
    return [word for run in runs for word in run]


def _runs(words: Iterable[Word]) -> list[list[Word]]:
    return [list(run) for _, run in groupby(words, key=lambda word: word.speaker)]


def _weight(run: Sequence[Word]) -> tuple[bool, int, float]:
    """How much a run says: nothing without a speaker, else by its words, and then by its time."""
    return run[0].speaker is not None, len(run), run[-1].end - run[0].start
