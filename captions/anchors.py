"""Times for the words of a text, from words that were heard: where both say the same, and by guess in between.

    matches ──► anchored: each word of the text with a time ──► in_order

Does not listen: what no heard word vouches for has the confidence 0, until an aligner has looked for it.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import inf

from captions.labels import is_exchange, without_dash
from captions.profiles import Profile
from captions.text import plain
from captions.track import Cue, Track
from captions.transcript import Word

SLOWEST_LETTER_SECONDS = 0.25  # of clear slow speech; text before the first anchor does not last longer than that
SHORTEST_CUE_SECONDS = 0.001  # a cue that begins when the next one does still has a time
PHRASE = 3  # words that seldom follow each other twice: anchors of the first round

Span = tuple[float, float]
"""From when to when, in seconds."""


@dataclass(frozen=True)
class Gap:
    """Words of the text (`first` to before `last`) beside heard ones (`low` to before `high`) that are others."""

    first: int
    last: int
    low: int
    high: int


def key(text: str) -> str:
    """What of a word counts when it is compared: its letters and digits, in one case; all of it where it has none."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum()) or folded


def matches(given: Sequence[str], heard: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (index in `given`, index in `heard`) of equal words, both rising: difflib's longest common blocks.

    First by phrases, then by single words between them: over the common words of a long talk, difflib alone would
    take minutes.
    """
    left, right = [key(one) for one in given], [key(one) for one in heard]
    pairs = _by_phrases(left, right)
    for gap in gaps(pairs, len(left), len(right)):
        words = _blocks(left[gap.first : gap.last], right[gap.low : gap.high])
        pairs += [(gap.first + one, gap.low + other) for one, other in words]
    return sorted(pairs)


def _by_phrases(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    phrases = _blocks(_phrases(left), _phrases(right))
    pairs = {(one + step, other + step) for one, other in phrases for step in range(PHRASE)}
    found: list[tuple[int, int]] = []
    for one, other in sorted(pairs):  # two phrases may overlap in one text and not in the other
        if not found or (one > found[-1][0] and other > found[-1][1]):
            found.append((one, other))
    return found


def _phrases(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[step:] for step in range(PHRASE)), strict=False))


def _blocks(left: Sequence[object], right: Sequence[object]) -> list[tuple[int, int]]:
    blocks = difflib.SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return [(block.a + step, block.b + step) for block in blocks for step in range(block.size)]


def gaps(pairs: Sequence[tuple[int, int]], given: int, heard: int) -> list[Gap]:
    """What lies between the pairs, before the first and after the last, where words of the text are in it."""
    edges = [(-1, -1), *pairs, (given, heard)]
    return [
        Gap(before[0] + 1, after[0], before[1] + 1, after[1])
        for before, after in pairwise(edges)
        if after[0] > before[0] + 1
    ]


def spread(texts: Sequence[str], span: Span) -> list[Span]:
    """The span divided among texts by their lengths, without a rest."""
    start, end = span
    ends = list(accumulate(max(1, len(text)) for text in texts))
    times = [start + (end - start) * reached / ends[-1] for reached in [0, *ends[:-1]] if ends]
    return list(pairwise([*times, end])) if ends else []


def anchored(texts: Sequence[str], heard: Sequence[Word], bounds: Sequence[Span]) -> tuple[Word, ...]:
    """Each text as a word with a time: that of the heard word that says the same, else one guessed between anchors.

    `heard` are in order; `bounds`: for each text from when to when it can be, kept where the anchors leave room. A
    guess has the confidence 0 and no speaker. Times rise.
    """
    pairs = matches(texts, [word.text for word in heard])
    found: dict[int, Word] = {one: replace(heard[other], text=texts[one]) for one, other in pairs}
    for gap in gaps(pairs, len(texts), len(heard)):
        inside = range(gap.first, gap.last)
        span = _room(gap, texts, heard, (bounds[gap.first][0], bounds[gap.last - 1][1]))
        for index, (start, end) in zip(inside, spread([texts[index] for index in inside], span), strict=True):
            found[index] = Word(texts[index], start, end, 0.0)
    latest = max([0.0, *(end for _, end in bounds), *(word.end for word in heard)])
    return in_order((found[index] for index in range(len(texts))), latest)


def _room(gap: Gap, texts: Sequence[str], heard: Sequence[Word], bounds: Span) -> Span:
    """When the words of a gap can have been said: instead of those heard there, or between its neighbours."""
    if gap.low < gap.high:
        return _within((heard[gap.low].start, heard[gap.high - 1].end), bounds)
    before = heard[gap.low - 1].end if gap.low else -inf
    after = heard[gap.high].start if gap.high < len(heard) else inf
    if before == -inf and after == inf:
        return bounds
    longest = SLOWEST_LETTER_SECONDS * sum(len(text) for text in texts[gap.first : gap.last])
    start = before if before > -inf else max(0.0, after - longest)
    end = after if after < inf else max(before, min(before + longest, bounds[1]))
    return _within((start, end), bounds)


def _within(span: Span, bounds: Span) -> Span:
    """The part of a span that is within bounds; the span itself if there is none."""
    start, end = max(span[0], bounds[0]), min(span[1], bounds[1])
    return (start, end) if start < end else span


def in_order(words: Iterable[Word], seconds: float) -> tuple[Word, ...]:
    """The words with times that a reader can trust to rise: each from 0 to `seconds`, none before the one before it.

    No word ends after the next one starts. Texts, confidences and speakers stay.
    """
    ordered: list[Word] = []
    earliest = 0.0
    for word in words:
        start = min(max(word.start, earliest), seconds)
        ordered.append(replace(word, start=start, end=min(max(word.end, start), seconds)))
        earliest = start
    following = [*(word.start for word in ordered), seconds][1:]
    return tuple(replace(word, end=min(word.end, after)) for word, after in zip(ordered, following, strict=True))


def track_words(track: Track) -> tuple[Word, ...]:
    """The words that a viewer reads, in order, each at its share of its cue's time; confidence 0.

    Words are what white space parts: of scripts without spaces a line is one word.
    """
    words: list[Word] = []
    for cue in track.cues:
        said = _said(cue)
        spans = spread([text for text, _ in said], (cue.start, cue.end))
        words += [Word(text, *span, 0.0, speaker) for (text, speaker), span in zip(said, spans, strict=True)]
    return tuple(words)


def _said(cue: Cue) -> list[tuple[str, str | None]]:
    """The words of a cue with their speakers; the dashes of two who share it are none."""
    bare = without_dash if is_exchange(cue) else str
    return [(text, line.speaker) for line in cue.lines for text in bare(plain(line.text)).split()]


def with_times(track: Track, words: Sequence[Word], profile: Profile) -> Track:
    """The track with the times of its words, which are those of `track_words`: each cue while its words are said.

    A cue shows for the profile's minimum where the next one leaves it room. One without words keeps its times.
    """
    counts = [len(_said(cue)) for cue in track.cues]
    ends = list(accumulate(counts))
    said = [words[end - count : end] for count, end in zip(counts, ends, strict=True)]
    starts = [own[0].start if own else cue.start for own, cue in zip(said, track.cues, strict=True)]
    cues = []
    for index, (cue, own) in enumerate(zip(track.cues, said, strict=True)):
        start, following = starts[index], starts[index + 1] if index + 1 < len(starts) else inf
        wanted = max(own[-1].end if own else cue.end, start + profile.minimum_seconds)
        end = min(wanted, max(following, start + SHORTEST_CUE_SECONDS))
        cues.append(replace(cue, start=start, end=end))
    return replace(track, cues=tuple(cues))
