"""The line of a cue's times, as WebVTT and SubRip have it, and as people write it whose meaning is clear."""

from __future__ import annotations

import re

from captions.formats.common import milliseconds

# Comma or dot, hours left out, digits left out; a fraction left out where hours are there: 01:02 might be either.
_TIME = r"(?:(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})[.,]([0-9]{1,3})|([0-9]{1,4}):([0-9]{1,2}):([0-9]{1,2}))"
_ARROW = r"\s*[-–—](?:\s?[-–—]){0,2}\s?>\s*"
_TIMES = re.compile(rf"\s*{_TIME}{_ARROW}{_TIME}(?:\s(?P<rest>.*))?", re.ASCII)
_BEGINNING = re.compile(rf"\s*{_TIME}{_ARROW}{_TIME}", re.ASCII)


def is_times(text: str) -> bool:
    """Whether a line begins as that of a cue's times does. Quick for the many that do not."""
    return ">" in text and ":" in text and _BEGINNING.match(text) is not None


def read(line: int, text: str) -> tuple[int, int, str] | None:
    """Return start and end in milliseconds and what follows them on the line, or None if they are no times.

    Raise CaptionError if a time has more than 59 minutes or seconds.
    """
    match = _TIMES.fullmatch(text) if ">" in text else None
    if not match:
        return None
    parts = match.groups()
    return _of(line, parts[:7]), _of(line, parts[7:14]), match["rest"] or ""


def _of(line: int, parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction, *whole = parts
    if minutes and seconds:
        return milliseconds(line, hours, minutes, seconds, fraction)
    return milliseconds(line, whole[0], whole[1] or "", whole[2] or "", None)
