"""Mend when cues show: in whole milliseconds, each by what is left between its neighbours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from captions.check import timing
from captions.fix.piece import Piece
from captions.formats import shown
from captions.profiles import Profile, width
from captions.track import Cue, Track

LEEWAY = 500
"""Milliseconds that a cue may start earlier, in silence, to show long enough, or later, after another (Amara)."""

LEAST_LEFT_SECONDS = 0.2
"""What a cue keeps where the end of the video cuts it; less is a mere flicker."""


def mended(pieces: Sequence[Piece], profile: Profile, video_seconds: float | None) -> list[Piece]:
    """The pieces, in the order of their starts, at times that break fewer rules; the order stays."""
    cues = [piece.cue for piece in pieces]
    cells = [sum(map(width, lines)) for lines in shown(Track("", tuple(cues), profile.labels))]
    row = _Row(cues, cells, profile, math.inf if video_seconds is None else int(video_seconds * 1000))
    row.part()
    row.cut_too_long()
    row.extend()
    row.set_gaps()
    return [Piece(piece.origin, cue) for piece, cue in zip(pieces, row.cues(), strict=True)]


def ended(cue: Cue, video_seconds: float | None) -> Cue:
    """The cue, which ends with the video where it would outlast it, if something is left."""
    if video_seconds is None or cue.end <= video_seconds + timing.PAST_THE_END_SLACK:
        return cue
    return replace(cue, end=video_seconds) if video_seconds - cue.start >= LEAST_LEFT_SECONDS else cue


class _Row:
    """Starts and ends of cues, in milliseconds; `cells`: the characters that each shows."""

    def __init__(self, cues: Sequence[Cue], cells: Sequence[int], profile: Profile, video: float) -> None:
        self._cues, self._cells, self._profile, self._video = cues, cells, profile, video
        self._starts = [round(cue.start * 1000) for cue in cues]
        self._ends = [round(cue.end * 1000) for cue in cues]
        self._least, self._most = math.ceil(profile.minimum_seconds * 1000), int(profile.maximum_seconds * 1000)
        self._gap = round(profile.minimum_gap * 1000)

    def cues(self) -> list[Cue]:
        """The cues; a time that did not change is the one that it was, to the last digit."""
        made = []
        for cue, start, end in zip(self._cues, self._starts, self._ends, strict=True):
            if start != round(cue.start * 1000) or end != round(cue.end * 1000):
                cue = replace(
                    cue,
                    start=cue.start if start == round(cue.start * 1000) else start / 1000,
                    end=cue.end if end == round(cue.end * 1000) else end / 1000,
                )
            made.append(cue)
        return made

    def part(self) -> None:
        """A cue ends where the next one starts, which waits a little where that leaves less than the minimum.

        Those at different places of the screen may show together; so do those that start together, with no time for
        one after the other.
        """
        for index in range(1, len(self._cues)):
            above, start = index - 1, self._starts[index]
            if self._ends[above] <= start or self._cues[above].settings != self._cues[index].settings:
                continue
            parted = max(start, self._starts[above] + self._least)
            following = self._starts[index + 1] if index + 1 < len(self._cues) else math.inf
            room = max(self._ends[index], min(following, self._video))
            may_wait = parted - start <= LEEWAY and parted <= following and parted + self._least <= room
            if parted == start or may_wait:
                self._starts[index] = self._ends[above] = parted
                self._ends[index] = max(self._ends[index], parted + (self._least if parted > start else 0))

    def cut_too_long(self) -> None:
        for index, start in enumerate(self._starts):
            self._ends[index] = min(self._ends[index], start + self._most)

    def extend(self) -> None:
        """What is too short, or too fast to read, stays into the gap after it, or starts in the gap before it."""
        latest = -self._gap  # of what shows before, whichever of several cues over each other ends last
        for index, (start, end) in enumerate(zip(self._starts, self._ends, strict=True)):
            following, free = self._following(index), max(0, latest + self._gap)
            latest = max(latest, end)
            if following < end:
                continue
            read = start + math.ceil(self._cells[index] * 1000 / self._profile.reading_speed_cap)
            shortest = min(start + self._least, following)
            wanted = max(shortest, min(read, following - self._gap, start + self._most))
            self._ends[index] = int(max(end, min(wanted, self._video)))
            latest = max(latest, self._ends[index])
            lacking = max(0, self._least - (self._ends[index] - start))
            earlier = min(start, max(start - lacking, free))
            if start - earlier <= LEEWAY:  # else it would move so far again each time that it is mended
                self._starts[index] = earlier

    def set_gaps(self) -> None:
        """Gaps are closed to the profile's, and opened to it where the cue can be read in less time."""
        for index in range(len(self._cues) - 1):
            start, following = self._starts[index], self._following(index)
            gap = (following - self._ends[index]) / 1000
            above = Cue(start / 1000, max(self._ends[index], start + 1) / 1000, ())
            end = int(following) - self._gap
            if gap < 0:
                continue
            if timing.is_open(gap, above, self._profile) or (
                timing.is_small(gap, above, self._profile) and self._can_be_read(index, end)
            ):
                self._ends[index] = min(end, max(self._ends[index], int(min(self._video, end))))

    def _following(self, index: int) -> float:
        return self._starts[index + 1] if index + 1 < len(self._starts) else math.inf

    def _can_be_read(self, index: int, end: int) -> bool:
        return self._cells[index] * 1000 <= self._profile.reading_speed_cap * (end - self._starts[index])
