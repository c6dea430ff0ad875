"""From the seconds of a sound of which parts were cut out to those of the whole, and the other way about."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

Span = tuple[float, float]
"""From when to when, in seconds."""


@dataclass(frozen=True)
class TimeMap:
    """`pieces`: the spans of the whole that are left, in order, apart from each other, joined without a pause.

    Raise ValueError if there is none, or they are not in order.
    """

    pieces: tuple[Span, ...]

    def __post_init__(self) -> None:
        edges = [edge for piece in self.pieces for edge in piece]
        if not edges or edges != sorted(edges):
            raise ValueError(f"pieces in order are needed, not {self.pieces}")

    @property
    def seconds(self) -> float:
        """How long the joined pieces are."""
        return sum(end - start for start, end in self.pieces)

    def original(self, seconds: float, ends: bool = False) -> float:
        """When in the whole a moment of the joined pieces is. At a joint: where the next piece begins; or, for what
        `ends` there, where the one before it ends. Before and after all pieces: at their edges.
        """
        begins = self._begins()
        index = bisect_left(begins, seconds) - 1 if ends else bisect_right(begins, seconds) - 1
        start, end = self.pieces[max(0, index)]
        return min(max(start, start + seconds - begins[max(0, index)]), end)

    def span(self, start: float, end: float) -> Span:
        """Where something from `start` to `end` is in the whole, which a cut may have made longer."""
        first = self.original(start)
        return first, max(first, self.original(end, ends=True))

    def word(self, start: float, end: float) -> Span:
        """The same for a word, which no pause interrupts: it lies in the piece that its middle is in."""
        begins = self._begins()
        index = max(0, bisect_right(begins, (start + end) / 2) - 1)
        offset, (low, high) = self.pieces[index][0] - begins[index], self.pieces[index]
        return min(max(start + offset, low), high), min(max(end + offset, low), high)

    def _begins(self) -> list[float]:
        return [0.0, *accumulate(end - start for start, end in self.pieces)][:-1]


def without_long_pauses(speech: Iterable[Span], seconds: float, longest: float) -> TimeMap:
    """What is left of `seconds` when no pause between the spans of speech, nor before or after, exceeds `longest`.

    Half of a pause stays on either side. Where nobody speaks all of it is left: a detector may be mistaken.
    """
    pieces: list[Span] = []
    for start, end in speech:
        low, high = max(0.0, start - longest / 2), min(seconds, end + longest / 2)
        if pieces and low <= pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], max(high, pieces[-1][1]))
        else:
            pieces.append((low, high))
    return TimeMap(tuple(pieces) or ((0.0, seconds),))
