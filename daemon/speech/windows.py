"""Where a long sound is cut for a model that hears 30 s at once, and which words belong into which part. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from math import ceil

from captions.transcript import Word
from daemon.speech.timemap import Span, TimeMap

LONGEST_SECONDS = 30.0  #: that Whisper's encoder hears at once (arXiv 2212.04356, section 2.2)


def windows(speech: Sequence[Span], seconds: float, longest: float = LONGEST_SECONDS) -> list[Span]:
    """Parts of at most `longest` seconds, in order, that hold all speech, cut in the pauses between the spans.

    A window ends in the longest pause of its second half: what is said together stays together. A span that is itself
    too long is cut into equal parts; where nobody speaks the whole is.
    """
    pieces = [part for span in speech or [(0.0, seconds)] for part in _parts(span, longest)]
    found: list[Span] = []
    first = 0
    while first < len(pieces):
        latest = pieces[first][0] + longest
        more = takewhile(lambda index: pieces[index][1] <= latest, range(first + 1, len(pieces)))  # noqa: B023
        fitting = [first, *more]
        last = fitting[-1] if fitting[-1] == len(pieces) - 1 else _best_end(pieces, fitting, latest - longest / 2)
        found.append((pieces[first][0], pieces[last][1]))
        first = last + 1
    return found


def _parts(span: Span, longest: float) -> list[Span]:
    start, end = span
    count = max(1, ceil((end - start) / longest))
    edges = [*(start + (end - start) * step / count for step in range(count)), end]
    return list(pairwise(edges))


def _best_end(pieces: Sequence[Span], fitting: Sequence[int], after: float) -> int:
    late = [index for index in fitting if pieces[index][1] >= after] or [fitting[-1]]
    return max(late, key=lambda index: (pieces[index + 1][0] - pieces[index][1], index))


def divided(words: Sequence[Word], parts: Sequence[Span]) -> list[list[int]]:
    """For each part the indexes of the words whose middle is in it, or nearest to it; each word in one, in order."""
    borders = [(before[1] + after[0]) / 2 for before, after in pairwise(parts)]
    found: list[list[int]] = [[] for _ in parts]
    part = 0
    for index, word in enumerate(words):
        part = max(part, bisect_right(borders, (word.start + word.end) / 2))
        found[part].append(index)
    return found


def snapped(word: Word, speech: Sequence[Span]) -> Word:
    """The word without the pauses that its time begins or ends with: the time in which somebody speaks.

    Of several spans of speech that it touches it keeps the one with most of it. One in no speech stays as it is.
    """
    touched = [(max(start, word.start), min(end, word.end)) for start, end in speech]
    start, end = max(touched, key=lambda span: span[1] - span[0], default=(word.start, word.end))
    return replace(word, start=start, end=end) if start < end else word


def over_speech(spans: Sequence[Span], speech: Sequence[Span]) -> list[Span]:
    """Spans of a time in which there is only speech, as those of the whole."""
    if not speech:
        return list(spans)
    times = TimeMap(tuple(speech))
    return [times.span(start, end) for start, end in spans]
