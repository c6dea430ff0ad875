"""Profiles: the limits that captions keep, each number with the house that it comes from.

Widths and speeds count cells: a letter is one, a full-width character of Chinese, Japanese or Korean two, and what is
put over another (accents, joiners) none. So sixteen characters of Chinese are 32 cells, as they are on the screen.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

LEAST_CHARACTERS_PER_LINE = 10
"""The narrowest line that holds a speaker's label and a word; no house goes below 13 (Netflix, Japanese)."""

Limits = Mapping[str, float]
"""Some of a profile's numbers, by the names of its fields."""


@dataclass(frozen=True)
class Profile:
    """The limits of one house. Raise ValueError if they cannot all hold.

    The defaults are Netflix' for English, from its General Requirements, Timing Guidelines and English Timed
    Text Style Guide (partnerhelp.netflixstudios.com 215758617, 360051554394), as Subtitle Edit's
    `NetflixQualityController` checks them.
    """

    name: str
    #: Cells in a line, spaces and punctuation too. Netflix English: 42.
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
    #: Cells a second that a cue is stretched for. Netflix, languages other than English: 17.
    reading_speed_target: float = 17.0
    #: Cells a second that are reported as too fast. Netflix English, adult programmes: 20.
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

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(name="netflix"),
        # BBC Subtitle Guidelines 3 and 5: 37 characters; 160 to 180 words a minute, 13 to 15 characters a second;
        # 0.3 s a word, about 1 s for the few that a short cue has; cues follow each other at once, or 1 s apart and
        # more; up to 1.5 s late. They name no maximum: Netflix'.
        Profile(
            name="bbc",
            characters_per_line=37,
            minimum_seconds=1.0,
            minimum_gap=0.0,
            chain_gap_below=1.0,
            hold_seconds=1.0,
            reading_speed_target=13.0,
            reading_speed_cap=15.0,
        ),
        # TED Translators, "How to tackle a transcript": 42 characters, 84 in all, 21 characters a second, 1 to 7 s.
        Profile(name="ted", minimum_seconds=1.0, reading_speed_target=17.0, reading_speed_cap=21.0),
        # DCMP Captioning Key: 32 characters; 150 to 160 words a minute for adults, never above 225, at six characters
        # a word; at least 2 s. It names no maximum: Netflix'.
        Profile(
            name="dcmp",
            characters_per_line=32,
            minimum_seconds=2.0,
            hold_seconds=1.0,
            reading_speed_target=16.0,
            reading_speed_cap=22.5,
        ),
        # Vertical video: Subtitle Edit's "Shorts 9:16": 24 characters, 0.7 to 5 s, 25 characters a second, no gap.
        Profile(
            name="shorts",
            characters_per_line=24,
            minimum_seconds=0.7,
            maximum_seconds=5.0,
            minimum_gap=0.0,
            chain_gap_below=0.5,
            reading_speed_target=20.0,
            reading_speed_cap=25.0,
        ),
    )
}

NETFLIX_LANGUAGES: Mapping[str, Limits] = MappingProxyType(
    {
        # Characters a line, and characters a second for adults, of the Timed Text Style Guides by language; of
        # full-width scripts twice as many cells.
        "ja": {
            "characters_per_line": 26,
            "reading_speed_target": 8,
            "reading_speed_cap": 8,
            "minimum_seconds": 0.5,
        },
        "ko": {"characters_per_line": 32, "reading_speed_target": 20, "reading_speed_cap": 24},
        "zh": {"characters_per_line": 32, "reading_speed_target": 16, "reading_speed_cap": 18},
        "th": {"characters_per_line": 35, "reading_speed_target": 15, "reading_speed_cap": 17},
        "ar": {"reading_speed_target": 17, "reading_speed_cap": 20},
        "hi": {"reading_speed_target": 18, "reading_speed_cap": 22},
        "en": {"reading_speed_target": 17, "reading_speed_cap": 20},
    }
)
OTHER_LANGUAGES: Limits = MappingProxyType({"reading_speed_target": 15, "reading_speed_cap": 17})
"""Netflix, languages that have no row of their own."""


def find(name: str, language: str = "en", limits: Limits | None = None) -> Profile:
    """The profile of that name for a language (BCP-47), with single numbers of one's own.

    Raise ValueError that tells the names if there is none, or if the limits cannot all hold.
    """
    if name not in PROFILES:
        near = difflib.get_close_matches(name, PROFILES, n=1)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise ValueError(f'no caption profile is called "{name}"; there are: {", ".join(PROFILES)}.{hint}')
    profile = PROFILES[name]
    return with_limits(with_limits(profile, _of_language(profile, language)), limits or {})


def with_limits(profile: Profile, limits: Limits) -> Profile:
    """The profile with other numbers. A cap below the target brings it down. Raise ValueError."""
    known = {one.name: one for one in fields(Profile) if one.name != "name"}
    for name in limits:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ValueError(f"a profile has no {name}; it has: {', '.join(known)}.{hint}")
    values = dict(limits)
    if "reading_speed_cap" in values and "reading_speed_target" not in values:
        values["reading_speed_target"] = min(profile.reading_speed_target, values["reading_speed_cap"])
    for name in ("characters_per_line", "lines"):
        if name in values:
            values[name] = int(values[name])
    return replace(profile, **values)  # type: ignore[arg-type]


def _of_language(profile: Profile, language: str) -> dict[str, float]:
    """The numbers of Netflix by language; those of the other houses, which count in cells, hold for all."""
    if profile.name != "netflix" or not language:
        return {}
    return dict(NETFLIX_LANGUAGES.get(language.partition("-")[0].lower(), OTHER_LANGUAGES))


def width(text: str) -> int:
    """The cells that a text takes on the screen (Unicode Standard Annex 11: East Asian Width)."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
