"""Profiles: the limits that captions keep, each number with the house that it comes from."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

LEAST_CHARACTERS_PER_LINE = 10
"""The narrowest line that holds a speaker's label and a word; no house goes below 13 (Netflix, Japanese)."""


@dataclass(frozen=True)
class Profile:
    """The limits of one house. Raise ValueError if they cannot all hold.

    The defaults are Netflix' for English, from its General Requirements, Timing Guidelines and English Timed
    Text Style Guide (partnerhelp.netflixstudios.com 215758617, 360051554394), as Subtitle Edit's
    `NetflixQualityController` checks them.
    """

    name: str
    #: Characters in a line, spaces and punctuation too, a full-width character as one. Netflix English: 42.
    characters_per_line: int = 42
    #: Lines shown together. Netflix: 2.
    lines: int = 2
    #: A cue shows at least this long. Netflix: 5/6 s, 20 frames of 24 a second.
    minimum_seconds: float = 5 / 6
    #: A cue shows at most this long. Netflix: 7 s.
    maximum_seconds: float = 7.0
    #: Two cues are this far apart, where `minimum_seconds` leaves room. Netflix: 2 frames of 24 a second.
    minimum_gap: float = 2 / 24
    #: Smaller gaps are closed to `minimum_gap`: a blink irritates. Netflix: 3 to 11 frames, under 0.5 s.
    chain_gap_below: float = 0.5
    #: A cue may stay this long after its last word, to be read in peace. Netflix: 12 frames.
    hold_seconds: float = 0.5
    #: Characters a second that a cue is stretched for. Netflix, languages other than English: 17.
    reading_speed_target: float = 17.0
    #: Characters a second that are reported as too fast. Netflix English, adult programmes: 20.
    reading_speed_cap: float = 20.0

    def __post_init__(self) -> None:
        if self.characters_per_line < LEAST_CHARACTERS_PER_LINE or self.lines < 1:
            raise ValueError(f"a profile needs lines of at least {LEAST_CHARACTERS_PER_LINE} characters")
        if not 0 < self.minimum_seconds < self.maximum_seconds:
            raise ValueError("a profile needs 0 < minimum_seconds < maximum_seconds")
        if not 0 <= self.minimum_gap <= self.chain_gap_below or self.hold_seconds < 0:
            raise ValueError("a profile needs 0 <= minimum_gap <= chain_gap_below, and hold_seconds >= 0")
        if not 0 < self.reading_speed_target <= self.reading_speed_cap:
            raise ValueError("a profile needs 0 < reading_speed_target <= reading_speed_cap")


DEFAULT = "netflix"

PROFILES: dict[str, Profile] = {profile.name: profile for profile in (Profile(name="netflix"),)}


def find(name: str) -> Profile:
    """Return the profile of that name. Raise ValueError that tells the names if there is none."""
    if name in PROFILES:
        return PROFILES[name]
    near = difflib.get_close_matches(name, PROFILES, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise ValueError(f'no caption profile is called "{name}"; there are: {", ".join(PROFILES)}.{hint}')
