"""What a decoder does and no speaker: words in a loop, or away from any speech. Pure.

For every engine's words; Whisper's own guards go by these too. The times are trusted.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from captions.anchors import key
from captions.transcript import SpeechSpan, Word

COMPRESSION_RATIO = 2.4  # of OpenAI's own transcribe()
LOOP_TIMES = 4  # three times is rhetoric
LOST_LOOP_TIMES = 10  # beyond any refrain, where the compression ratio says so too
LOOP_WORDS = 20  # of what is repeated; a longer loop fills its chunk before it comes round four times
WORDS_PER_SECOND = 10.0  # the fastest speakers reach 8 or so, for a moment
AWAY_SECONDS = 0.5


@dataclass(frozen=True)
class Loop:
    """The same said `times` on end; words from index `first` to before `last` are those from the second time on.

    `lost`: nobody says so much, or so fast.
    """

    first: int
    last: int
    times: int
    lost: bool


def loops(words: Sequence[Word]) -> Iterator[Loop]:
    """The same words on end, compressible as no speech is."""
    for at, length, times in repeats([word.text for word in words]):
        again, end = at + length, at + length * times
        yield Loop(again, end, times, times >= LOST_LOOP_TIMES or _pace(words[again:end]) > WORDS_PER_SECOND)


def repeats(texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Where the same words stand on end: from which index, how many words, how many times; as `loops` has them."""
    keys = [key(text) for text in texts]
    again = _distances(keys)
    at = 0
    while at < len(keys):
        length, times = _loop(keys, at) if again[at] <= LOOP_WORDS else (0, 0)
        if times:
            yield at, length, times
        at += max(1, length * times)


def _distances(keys: Sequence[str]) -> list[int]:
    """How many words on each is said again: most are not, and need no closer look."""
    seen: dict[str, int] = {}
    distances = [0] * len(keys)
    for at in reversed(range(len(keys))):
        distances[at] = seen.get(keys[at], len(keys) + LOOP_WORDS) - at
        seen[keys[at]] = at
    return distances


def _loop(keys: Sequence[str], at: int) -> tuple[int, int]:
    """How many words are repeated from here, and how many times they are there; (0, 0) for no loop."""
    for length in range(1, min(LOOP_WORDS, (len(keys) - at) // LOOP_TIMES) + 1):
        if keys[at] != keys[at + length]:
            continue
        unit, times = keys[at : at + length], 1
        while keys[at + times * length : at + (times + 1) * length] == unit:
            times += 1
        if times >= LOOP_TIMES and compression_ratio(" ".join([*unit] * times)) > COMPRESSION_RATIO:
            return length, times
    return 0, 0


def away(words: Sequence[Word], speech: Sequence[SpeechSpan], seconds: float = AWAY_SECONDS) -> Iterator[range]:
    """Runs of words further than that from where any speech was detected; none where nothing is known of it."""
    if not speech:
        return
    ends = [span.end + seconds for span in speech]
    first: int | None = None
    for at, word in enumerate((*words, None)):
        if word is not None and _is_away(word, speech, ends, seconds):
            first = at if first is None else first
        elif first is not None:
            yield range(first, at)
            first = None


def _is_away(word: Word, speech: Sequence[SpeechSpan], ends: Sequence[float], seconds: float) -> bool:
    """Whether the first span that does not end before the word begins only after it."""
    near = bisect_left(ends, word.start)
    return near == len(speech) or speech[near].start - seconds > word.end


def _pace(words: Sequence[Word]) -> float:
    """Words per second."""
    return len(words) / max(words[-1].end - words[0].start, 0.001)


def compression_ratio(text: str) -> float:
    """How much shorter a text can be told, as Whisper reckons it."""
    whole = text.encode("utf-8", errors="replace")  # of halves of surrogate pairs
    return len(whole) / len(zlib.compress(whole))
