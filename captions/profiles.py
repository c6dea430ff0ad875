"""Profiles: the limits that captions keep, each number with the house that it comes from.

Widths and speeds count cells: a letter is one, a full-width character of Chinese, Japanese or Korean two, and what is
put over another (accents, joiners) none. So sixteen characters of Chinese are 32 cells, as they are on the screen.
"""

from __future__ import annotations

import difflib
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from itertools import combinations
from types import MappingProxyType

from captions.labels import DEFAULT as DEFAULT_LABELS
from captions.labels import STYLES

LEAST_CHARACTERS_PER_LINE = 10
"""The narrowest line that holds a speaker's label and a word; no house goes below 13 (Netflix, Japanese)."""
MOST_CHARACTERS_PER_LINE = 100
"""More than twice as wide as any house's: wider lines are wrapped by players, where they like."""
MOST_LINES = 4
"""Twice as many as any house shows; more of them cover the picture."""

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
    #: How a label tells who speaks, of `captions.labels.STYLES`. YouTube's help: `>> NAME: `.
    labels: str = DEFAULT_LABELS

    def __post_init__(self) -> None:
        if self.labels not in STYLES:
            raise ValueError(f"labels are one of {', '.join(STYLES)}, not {self.labels}")
        if not LEAST_CHARACTERS_PER_LINE <= self.characters_per_line <= MOST_CHARACTERS_PER_LINE:
            least, most = LEAST_CHARACTERS_PER_LINE, MOST_CHARACTERS_PER_LINE
            raise ValueError(f"a profile needs {least} <= characters_per_line <= {most}")
        if not 1 <= self.lines <= MOST_LINES:
            raise ValueError(f"a profile needs 1 <= lines <= {MOST_LINES}")
        if not 0 < self.minimum_seconds < self.maximum_seconds:
            told = f"not {self.minimum_seconds:.3g} and {self.maximum_seconds:.3g}"
            raise ValueError(f"a profile needs 0 < minimum_seconds < maximum_seconds, {told}")
        if not 0 <= self.minimum_gap <= self.chain_gap_below or self.hold_seconds < 0:
            raise ValueError("a profile needs 0 <= minimum_gap <= chain_gap_below, and hold_seconds >= 0")
        if not 0 < self.reading_speed_target <= self.reading_speed_cap:
            told = f"not {self.reading_speed_target:.3g} and {self.reading_speed_cap:.3g}"
            raise ValueError(f"a profile needs 0 < reading_speed_target <= reading_speed_cap, {told}")


DEFAULT = "netflix"
WHOLE = ("characters_per_line", "lines")
"""The numbers that can only be whole."""

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
            labels="name",
        ),
        # TED Translators, "How to tackle a transcript": 42 characters, 84 in all, 21 characters a second, 1 to 7 s.
        Profile(name="ted", minimum_seconds=1.0, reading_speed_target=17.0, reading_speed_cap=21.0, labels="name"),
        # DCMP Captioning Key: 32 characters; 150 to 160 words a minute for adults, never above 225, at six characters
        # a word; at least 2 s. It names no maximum: Netflix'.
        Profile(
            name="dcmp",
            characters_per_line=32,
            minimum_seconds=2.0,
            hold_seconds=1.0,
            reading_speed_target=16.0,
            reading_speed_cap=22.5,
            labels="parentheses",
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


def that_hold(name: str, language: str, limits: Limits) -> tuple[Profile, Limits]:
    """The profile for a language with as many of the limits as can hold in it, and those.

    What holds in one language need not in another, where a house reads more slowly. Raise ValueError for no profile.
    """
    for size in range(len(limits), 0, -1):
        for some in combinations(limits.items(), size):
            try:
                return find(name, language, dict(some)), dict(some)
            except ValueError:
                continue
    return find(name, language), {}


def refuse_impossible(limits: Limits, name: str | None = None) -> None:
    """Raise ValueError if the limits cannot hold in a profile; where it is not known which, in none of all."""
    refused = []
    for one in [name] if name else PROFILES:
        try:
            find(one, "en", limits)
        except ValueError as error:
            refused.append(error)
        else:
            return
    raise refused[0]


def read_limits(text: str) -> dict[str, float]:
    """The numbers of "characters_per_line=37, lines=1". Raise ValueError if they are none, or no profile has them."""
    limits = {}
    for part in text.split(","):
        name, _, number = part.partition("=")
        try:
            limits[name.strip()] = float(number)
        except ValueError:
            raise ValueError(f"{part.strip()!r} is no number: give e.g. characters_per_line=37, lines=1") from None
    refuse_impossible(limits)
    return {name: int(value) if value.is_integer() else value for name, value in limits.items()}


def limits_text(limits: Limits) -> str:
    """The numbers as `read_limits` reads them."""
    return ", ".join(f"{name}={value:g}" for name, value in limits.items())


def with_limits(profile: Profile, limits: Limits) -> Profile:
    """The profile with other numbers. A cap below the target brings it down. Raise ValueError."""
    known = {one.name: one for one in fields(Profile) if one.name not in ("name", "labels")}
    for name in limits:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ValueError(f"a profile has no {name}; it has: {', '.join(known)}.{hint}")
    wrong = [name for name, value in limits.items() if not math.isfinite(value)]
    wrong += [name for name in WHOLE if name in limits and limits[name] % 1]
    if wrong:
        kind = "a whole number" if wrong[0] in WHOLE else "a number"
        raise ValueError(f"{wrong[0]} is {kind}, not {limits[wrong[0]]:g}")
    values = dict(limits)
    if "reading_speed_cap" in values and "reading_speed_target" not in values:
        values["reading_speed_target"] = min(profile.reading_speed_target, values["reading_speed_cap"])
    values |= {name: int(values[name]) for name in WHOLE if name in values}
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


def cut(text: str, cells: int) -> str:
    """A text of at most so many cells, "…" where it was cut; nothing else where there is room for less."""
    if width(text) <= cells:
        return text
    taken, room = "", cells - 1
    for character in text:
        room -= _cells(character)
        if room < 0:
            break
        taken += character
    return f"{taken.rstrip()}…"


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
