"""The rules of the quality report: what each means, how grave it is, and whose rule it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    ERROR = "error"  #: a house would send the captions back; conformity counts these
    WARNING = "warning"  #: a viewer may notice: a person should look
    HINT = "hint"  #: to be known; the captions could not do better


class Kind(StrEnum):
    """The rules by name; `RULES` says what each means."""

    TOO_LONG_LINE = "too_long_line"
    TOO_MANY_LINES = "too_many_lines"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OVERLAP = "overlap"
    TOO_FAST = "too_fast"
    PAST_THE_END = "past_the_end"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    HALLUCINATION = "hallucination"
    LANGUAGE = "language"
    MARKUP = "markup"
    HELD_OVER_SILENCE = "held_over_silence"
    SMALL_GAP = "small_gap"
    OPEN_GAP = "open_gap"
    ORPHAN = "orphan"
    BAD_BREAK = "bad_break"
    FORCED = "forced"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Rule:
    """A check by name.

    `meaning` says when a cue breaks it, `source` whose rule it is. `weight` (0 to 1) is the share of a cue's worth
    that it takes, of the whole track's where it is `of_track`: see `Report.score`. `told` is what a summary says of
    the cues after their number; "" where it says nothing.
    """

    severity: Severity
    weight: float
    meaning: str
    source: str
    told: str = ""
    of_track: bool = False


_GENERAL = "Netflix General Requirements (215758617)"
_TIMING = "Netflix Subtitle Timing Guidelines (360051554394)"
_ENGLISH = "Netflix English Timed Text Style Guide"
_OURS = "captionwatch"

_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

RULES: Mapping[Kind, Rule] = MappingProxyType(
    {
        Kind.TOO_LONG_LINE: Rule(_E, 0.5, "a line is wider than the profile's", _ENGLISH, "with too long a line"),
        Kind.TOO_MANY_LINES: Rule(_E, 0.5, "more lines than the profile's together", _GENERAL, "with too many lines"),
        Kind.TOO_SHORT: Rule(_E, 0.5, "it shows for less than the minimum", _GENERAL, "shown too briefly"),
        Kind.TOO_LONG: Rule(_E, 0.3, "it shows for more than the maximum", _GENERAL, "shown too long"),
        Kind.OVERLAP: Rule(_E, 0.7, "it starts before the one above it ends", _GENERAL, "overlapping another"),
        Kind.TOO_FAST: Rule(
            _E, 0.5, "reading it takes more characters a second than the cap", _ENGLISH, "too fast to read"
        ),
        Kind.PAST_THE_END: Rule(_E, 0.7, "it ends after the video does", _OURS, "past the end of the video"),
        Kind.EMPTY: Rule(_E, 1.0, "it shows nothing", _OURS, "without text"),
        Kind.UNREADABLE: Rule(
            _E, 1.0, "it holds what is no writing, or was decoded wrongly (\u201cÃ©\u201d)",
            "Netflix' glyph list (215758617); ftfy", "with unreadable characters",
        ),
        Kind.HALLUCINATION: Rule(
            _W, 1.0, "it says what recognisers say where nobody speaks, or the same on end",
            "openai/whisper discussion 928, subgen issue 21", "perhaps said by nobody",
        ),
        Kind.LANGUAGE: Rule(
            _W, 0.3, "the track is plainly of another language than it says", _OURS,
            "sign that it is all of another language", of_track=True,
        ),
        Kind.MARKUP: Rule(_W, 0.5, "a tag is opened or closed alone, or is shown as text", "W3C WebVTT 6.4"),
        Kind.HELD_OVER_SILENCE: Rule(
            _W, 0.2, "it stays where nothing was said for over 2 s", "auto-subs issue 320, buzz issue 1339"
        ),
        Kind.SMALL_GAP: Rule(_W, 0.1, "it follows sooner than the minimum gap", _TIMING),
        Kind.OPEN_GAP: Rule(_W, 0.1, "it follows after a gap that should be closed", _TIMING),
        Kind.ORPHAN: Rule(
            _W, 0.2, "its last line, or all of it, is one short word of the text before", "BBC Subtitle Guidelines 3.4"
        ),
        Kind.BAD_BREAK: Rule(
            _W, 0.2, "a line, or the cue, ends between words that belong together", f"{_GENERAL}, BBC 3.4, TED"
        ),
        Kind.FORCED: Rule(_H, 0.0, "it is too fast to read, as it was said so fast, and no silence follows", _OURS),
        Kind.DOUBTFUL: Rule(_H, 0.0, "it holds a word that the engine was not sure of", "noScribe issue 87"),
    }
)  # fmt: skip
