"""What a voice is like, as numbers, and how like two voices are. Only computes.

An embedding is what a speaker-verification network makes of speech: vectors of one network are compared by their
cosine (Dehak et al. 2011, "Front-end factor analysis for speaker verification"), those of two networks never.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Embedding = Sequence[float]

MOST_SECONDS = 60.0
"""Of speech that counts for the weight of one recording: a long one must not drown what others tell of a voice."""


def similarity(one: Embedding, other: Embedding) -> float:
    """The cosine of two embeddings, -1 to 1; 0 where one is zero. Raise ValueError if their sizes differ."""
    sizes = math.hypot(*one) * math.hypot(*other)
    product = sum(left * right for left, right in zip(one, other, strict=True))
    return max(-1.0, min(1.0, product / sizes)) if sizes else 0.0


def voice_print(heard: Iterable[tuple[Embedding, float]]) -> tuple[float, ...]:
    """The mean of embeddings of one voice, each of length 1, weighted by its seconds of speech; empty without any."""
    weighted = [
        [value * min(seconds, MOST_SECONDS) / size for value in embedding]
        for embedding, seconds in heard
        if (size := math.hypot(*embedding)) and seconds > 0
    ]
    return tuple(map(math.fsum, zip(*weighted, strict=True)))
