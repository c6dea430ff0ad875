"""Which words two engines heard alike: what they agree on is likely right, what they do not may be misheard.

Of one engine's probabilities alone nobody knows where it is sure and wrong; two engines seldom mishear the same word
in the same way (Fiscus 1997, "A post-processing system to yield reduced word error rates: ROVER").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from captions.anchors import Gap, gaps, key, matches
from captions.transcript import Word

DISPUTED = 0.25
"""The most confidence left to a word that the other engine heard otherwise."""

AGREED = 0.75
"""The least confidence of a word that both heard."""


def compared(words: Sequence[Word], others: Sequence[Word]) -> tuple[Word, ...]:
    """`words` with confidences that say where `others`, of the same sound, are the same. Texts and times stay.

    What differs in spelling alone counts as the same: case, punctuation, one word or two. Of numbers it is not told:
    "two" may be "2".
    """
    pairs = matches([word.text for word in words], [word.text for word in others])
    agreed = {one: others[other] for one, other in pairs}
    disputed = {
        index
        for gap in gaps(pairs, len(words), len(others))
        if not _is_spelling(words[gap.first : gap.last], others[gap.low : gap.high])
        for index in _within(gap)
    }
    return tuple(_judged(word, agreed.get(index), index in disputed) for index, word in enumerate(words))


def _within(gap: Gap) -> range:
    return range(gap.first, gap.last)


def _judged(word: Word, other: Word | None, is_disputed: bool) -> Word:
    if other is not None:
        return replace(word, confidence=max(word.confidence, other.confidence, AGREED))
    return replace(word, confidence=min(word.confidence, DISPUTED)) if is_disputed else word


def _is_spelling(words: Sequence[Word], others: Sequence[Word]) -> bool:
    one, other = ("".join(key(word.text) for word in said) for said in (words, others))
    return one == other or any(character.isdigit() for character in one + other)
