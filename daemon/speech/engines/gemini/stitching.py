"""Joining what was heard in pieces that overlap: the words of an overlap once, a voice by one name. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from captions.transcript import Word

EXACT_SECONDS = 0.25  # by so much two hearings of a word differ where times were told
ROUGH_SECONDS = 5.0  # and where they were guessed
FURTHEST = 4  # times that; beyond, it is another word
LEAST_SHARED = 2  # words that make two voices one; a single one may be given to the wrong one

Pairs = list[tuple[int, int]]


@dataclass(frozen=True)
class Heard:
    """The words of a piece from `start` to `end`, in seconds of the recording; speakers by the piece's own labels."""

    words: tuple[Word, ...]
    start: float
    end: float
    is_exact: bool


@dataclass
class _Names:
    """Gives voices their names: A, B, …"""

    given: int = 0
    of: dict[str, str] = field(default_factory=dict)  #: of the labels of the present piece

    def renamed(self, words: Iterable[Word], known: dict[str, str]) -> list[Word]:
        """The words of the next piece; `known` are the labels of voices that have a name."""
        self.of = dict(known)
        return [replace(word, speaker=word.speaker and self._name(word.speaker)) for word in words]

    def _name(self, label: str) -> str:
        if label not in self.of:
            self.of[label] = chr(ord("A") + self.given) if self.given < 26 else f"S{self.given + 1}"
            self.given += 1
        return self.of[label]


def join(pieces: Sequence[Heard]) -> list[Word]:
    """The words of the whole recording, in order."""
    whole: list[Word] = []
    names = _Names()
    before: Heard | None = None
    for piece in pieces:
        if before is None or before.end <= piece.start:  # they share no sound
            whole += names.renamed(piece.words, {})
        else:
            whole = _overlapped(whole, before, piece, names)
        before = piece
    return whole


def _overlapped(whole: list[Word], before: Heard, piece: Heard, names: _Names) -> list[Word]:
    """The words so far with those of the next piece, which begins before the last one ends."""
    begins = next((i for i, word in enumerate(whole) if _middle(word) >= piece.start), len(whole))
    left = whole[begins:]
    right = list(takewhile(lambda word: _middle(word) < before.end, piece.words))
    pairs = aligned(left, right, EXACT_SECONDS if before.is_exact and piece.is_exact else ROUGH_SECONDS)
    words = names.renamed(piece.words, _same_voices(left, right, pairs))
    return whole[:begins] + _joined(left, words, pairs, (piece.start + before.end) / 2)


def aligned(left: Sequence[Word], right: Sequence[Word], tolerance: float) -> Pairs:
    """Which word of `left` is which of `right`, in order: as many as possible, and as near in time as possible."""
    best = [[0.0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            both = best[i + 1][j + 1] + _likeness(left[i], right[j], tolerance)
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    pairs: Pairs = []
    i = j = 0
    while i < len(left) and j < len(right):
        likeness = _likeness(left[i], right[j], tolerance)
        if likeness and best[i][j] == best[i + 1][j + 1] + likeness:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(left: Word, right: Word, tolerance: float) -> float:
    """How sure it is that two hearings are of one word: 0 to 1, half at `tolerance`."""
    distance = abs(_middle(left) - _middle(right)) / tolerance
    if distance > FURTHEST or _key(left.text) != _key(right.text):
        return 0.0
    return 1 / (1 + distance**2)


def _key(text: str) -> str:
    """What two hearings of a word have in common, whatever their punctuation and capitals."""
    return "".join(filter(str.isalnum, text.casefold())) or text


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2


def _same_voices(left: Sequence[Word], right: Sequence[Word], pairs: Pairs) -> dict[str, str]:
    """The names of those voices of a piece that share enough words with a named one."""
    shared = Counter(
        (voice, name)
        for i, j in pairs
        if (voice := right[j].speaker) is not None and (name := left[i].speaker) is not None
    )
    same: dict[str, str] = {}
    for (voice, name), count in shared.most_common():
        if count >= LEAST_SHARED and voice not in same and name not in same.values():
            same[voice] = name
    return same


def _joined(left: list[Word], words: list[Word], pairs: Pairs, middle: float) -> list[Word]:
    """Go over to the next piece at a word that both have; where there is none, in the middle of the overlap."""
    if pairs:
        i, j = _anchor(left, pairs, middle)
        return left[: i + 1] + words[j + 1 :]
    early = [word for word in left if _middle(word) < middle]
    return early + [word for word in words if _middle(word) >= middle]


def _anchor(left: Sequence[Word], pairs: Pairs, middle: float) -> tuple[int, int]:
    """Of the longest run of words that agree the pair next to the middle, where both pieces hear well."""
    runs: list[Pairs] = [[pairs[0]]]
    for (i, j), following in pairwise(pairs):
        if following == (i + 1, j + 1):
            runs[-1].append(following)
        else:
            runs.append([following])
    longest = max(runs, key=len)
    return min(longest, key=lambda pair: abs(_middle(left[pair[0]]) - middle))
