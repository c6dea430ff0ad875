"""SBV, YouTube's own: times and text, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from captions.formats.common import (
    LINE_BREAK,
    FileCue,
    milliseconds,
    not_a_time,
    track,
    whole_milliseconds,
    with_speakers,
)
from captions.formats.numbered import blocks
from captions.labels import labelled
from captions.text import clean, escape, plain
from captions.track import Line, Track

_TIME = r"([0-9]{1,4}):([0-9]{1,2}):([0-9]{1,2})[.]([0-9]{1,3})"
_TIMES = re.compile(rf"{_TIME},{_TIME}")
_MEANT = re.compile(r"[0-9]+:[0-9:.]+,[0-9]+:[0-9:.]+")
# SubViewer's, whose times are the same; anything else in brackets may be [MUSIC].
_HEADER = re.compile(
    r"\[(?:INFORMATION|END INFORMATION|TITLE|AUTHOR|SOURCE|PRG|FILEPATH|DELAY|CD TRACK|COMMENT|SUBTITLE|COLF)\].*|"
)


def write(given: Track) -> str:
    """Write SBV: speakers become labels; ids, settings and all markup are lost, for YouTube knows none here."""
    cues = []
    for cue, lines in zip(given.cues, labelled(given, plain), strict=True):
        start, end = whole_milliseconds(cue)
        cues.append("\n".join([f"{_clock(start)},{_clock(end)}", *map(_parted, lines), ""]))
    return "\n".join(cues)


def _clock(whole: int) -> str:
    seconds, fraction = divmod(whole, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{fraction:03d}"


def _parted(line: str) -> str:
    text = line.replace("[br]", "[ br]")
    return text.replace(",", ", ", 1) if _MEANT.fullmatch(text) else text


def read(text: str, language: str) -> Track:
    """Read SBV: `>> NAME: ` becomes the speaker, `[br]` a line break; what looks like markup is text."""
    lines = [line.strip() for line in LINE_BREAK.split(text)]
    header = 0
    while header < len(lines) and _HEADER.fullmatch(lines[header]):
        header += 1
    found = blocks([""] * header + lines[header:], _times, with_numbers=False)
    return track(
        language, (FileCue(block.line, block.start, block.end, _said(block.texts)) for block in found), labels=True
    )


def _times(number: int, line: str) -> tuple[int, int] | None:
    match = _TIMES.fullmatch(line)
    if match:
        parts = match.groups()
        return milliseconds(number, *parts[:4]), milliseconds(number, *parts[4:])
    if _MEANT.fullmatch(line):
        raise not_a_time(number, line)
    return None


def _said(texts: Sequence[str]) -> tuple[Line, ...]:
    rows = (row for text in texts for row in clean(text.replace("[br]", "\n")).splitlines())
    return tuple(Line(escape(said), speaker) for speaker, said in with_speakers(rows))
