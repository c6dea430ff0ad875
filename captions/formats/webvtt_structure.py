"""The structure of a WebVTT file, by the W3C's parser: what browsers show of it, and what they would drop.

Follows https://www.w3.org/TR/webvtt1/#file-parsing to the letter. Does not look into cue text and settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from captions.formats.common import LINE_BREAK

ARROW = "-->"

_SPACE = r"[ \t\f]*"
_TIME = r"(?:([0-9]+):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})(?![0-9])"
_TIMES = re.compile(rf"{_SPACE}{_TIME}{_SPACE}-->{_SPACE}{_TIME}(.*)")
_SIGNATURE = re.compile(r"WEBVTT(?:[ \t]|$)")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)")
_DIGITS = 10  # of hours; more are no video's, and slow to convert


@dataclass(frozen=True)
class RawCue:
    """A cue as the W3C's parser gives it; `line` is that of its times, in milliseconds. They may be no interval."""

    line: int
    start: int
    end: int
    text: tuple[str, ...]
    id: str
    settings: str


@dataclass(frozen=True)
class Dropped:
    """What a browser passes over: a line of times that are none (`times`), or a text without any."""

    line: int
    text: tuple[str, ...]
    times: bool


def is_signed(text: str) -> bool:
    """Whether a text begins as WebVTT does; a browser shows nothing of any other."""
    return _SIGNATURE.match(LINE_BREAK.split(text, maxsplit=1)[0]) is not None


def parse(text: str) -> tuple[list[RawCue], list[Dropped]]:
    """Return the cues of a signed file, and what it holds that belongs to none. Notes, styles and regions do not."""
    return parse_lines(LINE_BREAK.split(text))


def parse_lines(given: list[str]) -> tuple[list[RawCue], list[Dropped]]:
    """The same of a file in lines."""
    lines = [line.replace("\0", "\N{REPLACEMENT CHARACTER}") for line in given]
    cues: list[RawCue] = []
    dropped: list[Dropped] = []
    index = _after_header(lines)
    while index < len(lines):
        if not lines[index]:
            index += 1
            continue
        end = _end_of_block(lines, index)
        _block(lines, index, end, cues, dropped)
        index = end
    return cues, dropped


def _after_header(lines: list[str]) -> int:
    index = 1
    while index < len(lines) and lines[index] and ARROW not in lines[index]:
        index += 1
    return index


def _times_at(lines: list[str], first: int) -> int | None:
    """Which line of the block that begins with `first` has its times: the first, or the second after an id."""
    if ARROW in lines[first]:
        return first
    return first + 1 if first + 1 < len(lines) and ARROW in lines[first + 1] else None


def _end_of_block(lines: list[str], first: int) -> int:
    times = _times_at(lines, first)
    index = first + 1 if times is None else times + 1
    while index < len(lines) and lines[index] and ARROW not in lines[index]:
        index += 1
    return index


def _block(lines: list[str], first: int, end: int, cues: list[RawCue], dropped: list[Dropped]) -> None:
    times = _times_at(lines, first)
    if times is None:
        if not _ASIDE.match(lines[first]) and any(map(str.strip, lines[first:end])):
            dropped.append(Dropped(first + 1, tuple(lines[first:end]), times=False))
        return
    match = _TIMES.fullmatch(lines[times])
    if not match or max(len(match[1] or ""), len(match[5] or "")) > _DIGITS:
        dropped.append(Dropped(times + 1, (lines[times],), times=True))
        return
    cues.append(
        RawCue(
            line=times + 1,
            start=_milliseconds(*match.groups("0")[:4]),
            end=_milliseconds(*match.groups("0")[4:8]),
            text=tuple(lines[times + 1 : end]),
            id=lines[first] if times > first else "",
            settings=match[9],
        )
    )


def _milliseconds(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction)
