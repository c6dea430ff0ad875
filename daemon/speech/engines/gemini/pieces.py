"""Cutting a long recording into pieces at silences, each beginning a little before the one before it ends. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from captions.transcript import SpeechSpan
from daemon.speech import voice_activity
from daemon.speech.voice_activity import Piece

ROOM = 4  # a piece ends in its last quarter, and an overlap takes no more than a quarter: so that each brings much new


def cut(speech: Sequence[SpeechSpan], seconds: float, longest: float, overlap: float) -> list[Piece]:
    """Pieces of at most `longest` seconds that cover a recording of `seconds` and overlap by about `overlap`.

    They are cut in the longest silence where one is to be had, else wherever the time is up.
    """
    overlap = min(overlap, longest / ROOM)
    edges: list[tuple[float, float]] = []
    start = 0.0
    while seconds - start > longest:
        end = _quiet(speech, start + longest * (1 - 1 / ROOM), start + longest, start + longest)
        edges.append((start, end))
        start = _quiet(speech, end - overlap * 1.5, end - overlap / 2, end - overlap) if overlap else end
    return [Piece(*span, voice_activity.between(speech, *span)) for span in [*edges, (start, seconds)]]


def _quiet(speech: Sequence[SpeechSpan], begin: float, end: float, otherwise: float) -> float:
    """The middle of the longest silence between `begin` and `end`; `otherwise` where speech goes on all along."""
    spoken = voice_activity.between(speech, begin, end)
    edges = [begin, *(edge for span in spoken for edge in (span.start, span.end)), end]
    first, last = max(zip(edges[::2], edges[1::2], strict=True), key=lambda silence: silence[1] - silence[0])
    return (first + last) / 2 if last > first else otherwise
