"""Mend a track without touching a word: times, gaps, lines, cues that are too much at once.

    lines   what shows: cues split, lines broken anew (by `captions.segment`)
    times   when it shows: overlaps, gaps, what is too short or too long

A person's own line breaks and times stay where no rule is broken. Does not repair what takes other words, or the sound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from captions.fix import lines, times
from captions.fix.piece import Piece
from captions.labels import DEFAULT
from captions.profiles import Profile
from captions.text import clean, plain
from captions.track import Cue, Track

PASSES = 20
"""A cue that ends elsewhere gives another room. Two or three passes do; this many end any argument."""


class What(StrEnum):
    MOVED = "moved"  #: it stood before or after cues that it should not
    TAKEN_OUT = "taken_out"  #: it showed nothing
    CLEANED = "cleaned"  #: it held characters that show nothing
    SPLIT = "split"  #: it is several cues now
    LINES = "lines"  #: its lines break elsewhere
    START = "start"  #: it starts at another time
    END = "end"  #: it ends at another time


@dataclass(frozen=True)
class Change:
    """What was done to a cue: its index from 0 and its start, both as they were, and `detail` in plain words."""

    what: What
    cue: int
    start: float
    detail: str


def fixed(track: Track, profile: Profile, video_seconds: float | None = None) -> tuple[Track, tuple[Change, ...]]:
    """Mend what can be mended, in the order of the video.

    Given a track, its profile and the length of the video where that is known, return the track with the same words
    in the same order (but for cues that were out of order), and the list of what was done. Mending again changes
    nothing more. Times of parts are shared out by their characters, and whole milliseconds.
    """
    labelled = replace(profile, labels=track.labels or DEFAULT)
    in_order = sorted(enumerate(track.cues), key=lambda one: one[1].start)
    pieces = [
        Piece(index, times.ended(_cleaned(cue), video_seconds))
        for index, cue in in_order
        if any(plain(line.text) for line in cue.lines)
    ]
    for _ in range(PASSES):
        before = pieces
        pieces = times.mended(lines.mended(pieces, track.language, labelled), labelled, video_seconds)
        if pieces == before:
            break
    made = replace(track, cues=tuple(piece.cue for piece in pieces))
    return made, tuple(_changes(track.cues, [index for index, _ in in_order], pieces))


def _cleaned(cue: Cue) -> Cue:
    """The cue without what shows nothing, if that is no part of a word."""
    if cue.text.replace("\n", "").isprintable():  # nearly always
        return cue
    made = tuple(replace(line, text=clean(line.text).replace("\n", " ")) for line in cue.lines)
    same = all(plain(one.text).split() == plain(line.text).split() for one, line in zip(made, cue.lines, strict=True))
    return replace(cue, lines=made) if same else cue


def _changes(cues: Sequence[Cue], order: Sequence[int], pieces: Sequence[Piece]) -> Iterator[Change]:
    """What became of each cue, in their new order."""
    parts = {origin: [piece.cue for piece in found] for origin, found in groupby(pieces, lambda piece: piece.origin)}
    highest = -1
    for index in order:
        cue, made = cues[index], parts.get(index, [])
        told = [*_change(cue, made)]
        if index < highest and made:
            told.insert(0, (What.MOVED, "it stood after cues that start later"))
        highest = max(highest, index)
        yield from (Change(what, index, cue.start, detail) for what, detail in told)


def _change(cue: Cue, made: Sequence[Cue]) -> Iterator[tuple[What, str]]:
    if not made:
        yield What.TAKEN_OUT, "there is no text"
        return
    cleaned = _cleaned(cue)
    if cleaned != cue:
        yield What.CLEANED, "characters that show nothing are taken out"
    if len(made) > 1:
        yield What.SPLIT, f"{len(made)} cues in its place"
    elif made[0].lines != cleaned.lines:
        yield What.LINES, " | ".join(plain(line.text) for line in made[0].lines)
    if made[0].start != cue.start:
        yield What.START, _moved(made[0].start - cue.start)
    if made[-1].end != cue.end:
        yield What.END, _moved(made[-1].end - cue.end)


def _moved(seconds: float) -> str:
    return f"{abs(seconds):.3f} s {'later' if seconds > 0 else 'earlier'}"
