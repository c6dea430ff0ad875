"""What a voice feels beside what its words say, and both taken together. Only computes.

The words say a polarity: positive, neutral or negative. So do feelings, by their valence (Russell 1980, "A circumplex
model of affect"). Both are fused by the sum rule, late, as probabilities (Kittler et al. 1998, "On Combining
Classifiers": of the simple rules the one that errors of either harm least): a polarity has the mean of what the voice
and the words give it, and within it feelings keep the proportions that the voice gives them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from captions.transcript import EmotionSpan

POSITIVE, NEUTRAL, NEGATIVE = POLARITIES = ("positive", "neutral", "negative")
VALENCE: Mapping[str, str] = {
    **dict.fromkeys(("happy", "excited", "amused", "joyful"), POSITIVE),
    **dict.fromkeys(("angry", "sad", "fearful", "disgusted", "frustrated", "bored"), NEGATIVE),
}
"""Feelings by their valence; the others, surprise too, are neither."""


@dataclass(frozen=True)
class Sentence:
    """What the words of `start` to `end` seconds say, and its probability."""

    start: float
    end: float
    polarity: str
    confidence: float


@dataclass(frozen=True)
class Feeling:
    """What is felt from `start` to `end` seconds, each with its probability.

    `voice`: by the sound alone; `text`: the polarity of the words, "" where it is not known; `both`: taken together.
    """

    start: float
    end: float
    speaker: str | None
    voice: str
    voice_score: float
    text: str
    both: str
    both_score: float

    @property
    def is_said(self) -> bool:
        """Whether the words say by themselves what the voice does; neutral words say nothing."""
        return self.text in (POSITIVE, NEGATIVE) and self.text == polarity(self.voice)


def polarity(label: str) -> str:
    return VALENCE.get(label, NEUTRAL)


def sentences(found: object) -> tuple[Sentence, ...]:
    """What an engine told of the sentiment of sentences, in order; what is not of the expected shape is left out."""
    items = found if isinstance(found, (list, tuple)) else ()
    return tuple(sorted(_read(items), key=lambda one: (one.start, one.end)))


def fused(spans: Iterable[EmotionSpan], said: Sequence[Sentence]) -> tuple[Feeling, ...]:
    """What is felt in each span; `said` is in order."""
    ends = [one.end for one in said]
    return tuple(_fused(span, _text(span, said[bisect_right(ends, span.start) :])) for span in spans)


def together(voice: Mapping[str, float], text: Mapping[str, float]) -> dict[str, float]:
    """The probability of each label of the voice, with that of each polarity by the words. Both sum to 1."""
    of_voice = dict.fromkeys(POLARITIES, 0.0)
    for label, score in voice.items():
        of_voice[polarity(label)] += score
    raised = {name: (share + text[name]) / 2 / share for name, share in of_voice.items() if share > 0}
    scores = {label: score * raised.get(polarity(label), 0.0) for label, score in voice.items()}
    total = sum(scores.values())  # less than 1 where the voice knows no feeling of a polarity
    return {label: score / total for label, score in scores.items()}


def _fused(span: EmotionSpan, text: Mapping[str, float]) -> Feeling:
    score = span.scores.get(span.label, 0.0)
    both = together(span.scores, text) if text and sum(span.scores.values()) > 0 else {span.label: score}
    likeliest = max(both, key=both.__getitem__)
    return Feeling(
        start=span.start,
        end=span.end,
        speaker=span.speaker,
        voice=span.label,
        voice_score=score,
        text=max(text, key=text.__getitem__) if text else "",
        both=likeliest,
        both_score=both[likeliest],
    )


def _text(span: EmotionSpan, said: Sequence[Sentence]) -> dict[str, float]:
    """The probability of each polarity by the sentences in a span, each by its time there; {} if there are none."""
    shares, total = dict.fromkeys(POLARITIES, 0.0), 0.0
    for one in takewhile(lambda one: one.start < span.end, said):
        seconds = max(0.0, min(one.end, span.end) - max(one.start, span.start))
        total += seconds
        for name in POLARITIES:
            shares[name] += seconds * (one.confidence if name == one.polarity else (1 - one.confidence) / 2)
    return {name: share / total for name, share in shares.items()} if total > 0 else {}


def _read(items: Iterable[Any]) -> Iterator[Sentence]:
    for one in items:
        values = one if isinstance(one, Mapping) else {}
        start, end, confidence = (_number(values.get(name)) for name in ("start", "end", "confidence"))
        label = values.get("label")
        if 0 <= start < end and 0 <= confidence <= 1 and label in POLARITIES:
            yield Sentence(start, end, label, confidence)


def _number(value: Any) -> float:
    """A number; of what is none one that is out of every range."""
    return float(value) if isinstance(value, (int, float)) else math.nan
