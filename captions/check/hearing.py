"""The rules that take the words as they were heard: what was said too fast to be read, silence, doubtful words.

Does not trust times that are guesses (`Transcript.approximate`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import inf

from captions.check.report import Doubt
from captions.check.rules import Kind
from captions.check.timing import SLACK
from captions.profiles import Profile, width
from captions.text import clean_line
from captions.track import Cue
from captions.transcript import Word

HELD_SECONDS = 2.0
"""A caption that stays longer over silence seems to have been forgotten."""

EARLY_SECONDS = 0.5
"""A caption that starts longer before its words tells them too early (Amara)."""

DOUBTFUL_BELOW = 0.5
"""Confidence below which a word is more likely wrong than right."""

MOST_DOUBTFUL = 10
"""Most doubtful words told: people read a few terms, not a coloured transcript (noScribe issue 87)."""

_MARKS = ("[", "(", "♪", "♫", "#", "（", "［", "【")


class Heard:
    """When words were said in a recording of so many `seconds`, to be asked about each cue in few steps."""

    def __init__(self, words: Sequence[Word], seconds: float = inf) -> None:
        self._until = seconds
        said = sorted(words, key=lambda word: word.start)
        self._starts = [word.start for word in said]
        self._ends = list(accumulate((word.end for word in said), max))  # until when all words up to here are said

    def room(self, cue: Cue, gap: float) -> float:
        """Seconds that a cue could show for: in the silence around its words, `gap` from the words before and after it,
        and no farther from its own than captions go.
        """
        before = bisect_left(self._starts, cue.start)
        after = bisect_left(self._starts, cue.end)
        first = self._starts[before] if before < after else cue.start
        since = max(self._ends[before - 1] + gap if before else 0.0, first - EARLY_SECONDS)
        until = self._starts[after] - gap if after < len(self._starts) else self._until
        held = (self._ends[after - 1] if before < after else cue.end) + HELD_SECONDS
        return max(cue.end, min(until, held)) - min(cue.start, since)

    def silence(self, cue: Cue) -> float:
        """The longest time in a cue in which nothing is said, in seconds."""
        first, last = bisect_left(self._starts, cue.start), bisect_right(self._starts, cue.end)
        until = max(cue.start, self._ends[first - 1]) if first else cue.start
        longest = 0.0
        for index in range(first, last):
            longest = max(longest, self._starts[index] - until)
            until = max(until, self._ends[index])
        return max(longest, cue.end - until)


def is_forced(cue: Cue, lines: Sequence[str], heard: Heard, profile: Profile) -> bool:
    """Whether a cue that is too fast was said so fast, with no silence around it in which it could be read."""
    room = min(heard.room(cue, profile.minimum_gap), profile.maximum_seconds)
    return sum(map(width, lines)) / (max(room, cue.seconds) + SLACK) > profile.reading_speed_cap


def held(cue: Cue, lines: Sequence[str], heard: Heard) -> Iterator[tuple[Kind, str]]:
    """Problems of a cue that stays where nothing is said. What is no speech, `[music]`, may."""
    if cue.seconds <= HELD_SECONDS or all(line.lstrip("->* ").startswith(_MARKS) for line in lines):
        return
    if (silence := heard.silence(cue)) > HELD_SECONDS + SLACK:
        yield Kind.HELD_OVER_SILENCE, f"{silence:.1f} s without a word"


def doubts(words: Sequence[Word]) -> tuple[Doubt, ...]:
    """The least sure words in the order of the video, each once."""
    found: dict[str, Doubt] = {}
    for word in words:
        text = _bare(word.text) if word.confidence < DOUBTFUL_BELOW else ""
        if not text:
            continue
        first = found.get(text.casefold(), Doubt(text, word.start, word.confidence))
        lowest = min(first.confidence, word.confidence)
        found[text.casefold()] = Doubt(first.text, first.start, lowest)
    worst = sorted(found.values(), key=lambda doubt: doubt.confidence)[:MOST_DOUBTFUL]
    return tuple(sorted(worst, key=lambda doubt: doubt.start))


def doubted(cues: Sequence[Cue], doubtful: Sequence[Doubt]) -> Iterator[tuple[Kind, int, str]]:
    """The cue in which each doubtful word is said, or the one before it."""
    starts = [cue.start for cue in cues]
    for doubt in doubtful if cues else ():
        index = max(0, bisect_right(starts, doubt.start) - 1)
        yield Kind.DOUBTFUL, index, f"“{clean_line(doubt.text, 40)}” is {doubt.confidence:.0%} sure"


def _bare(text: str) -> str:
    """A word without the marks around it."""
    line = clean_line(text, 80)
    letters = [index for index, character in enumerate(line) if character.isalnum()]
    return line[letters[0] : letters[-1] + 1] if letters else ""
