"""Cutting a long recording into pieces at silences, each beginning a little before the one before it ends. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.speech.engines.gemini import hearing
from daemon.speech.engines.gemini.hearing import Span

ROOM = 4  # a piece ends in its last quarter, and an overlap takes no more than a quarter: so that each brings much new


def cut(speech: Sequence[Span], seconds: float, longest: float, overlap: float) -> list[Span]:
    """Pieces of at most `longest` seconds that cover a recording of `seconds` and overlap by about `overlap`.

    They are cut in the longest silence where one is to be had, else wherever the time is up.
    """
    overlap = min(overlap, longest / ROOM)
    pieces: list[Span] = []
    start = 0.0
    while seconds - start > longest:
        end = _quiet(speech, start + longest * (1 - 1 / ROOM), start + longest, start + longest)
        pieces.append(Span(start, end))
        start = _quiet(speech, end - overlap * 1.5, end - overlap / 2, end - overlap) if overlap else end
    return [*pieces, Span(start, seconds)]


def _quiet(speech: Sequence[Span], begin: float, end: float, otherwise: float) -> float:
    """The middle of the longest silence between `begin` and `end`; `otherwise` where speech goes on all along."""
    spoken = hearing.between(speech, begin, end)
    edges = [begin, *(edge for span in spoken for edge in (span.start, span.end)), end]
    silences = [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
    longest = max(silences, key=lambda silence: silence.seconds)
    return (longest.start + longest.end) / 2 if longest.seconds > 0 else otherwise
