"""What the caption formats share: the error that names a line, times, and the labels of who speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from captions.labels import DEFAULT, NEW_VOICE
from captions.text import NAME_LIMIT, clean_line
from captions.track import Cue, Line, Track

LINE_BREAK = re.compile(r"\r\n|\r|\n")

_LABEL = re.compile(rf"[\u200e\u200f]?>> (?P<name>[^:]{{1,{NAME_LIMIT}}}): (?P<said>.*\S.*)")


class CaptionError(ValueError):
    """A caption file is broken in `line` (counted from 1); `problem` says how, in words."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True)
class FileCue:
    """A cue as it stands in a file: `line` is that of its time, `start` and `end` are milliseconds."""

    line: int
    start: int
    end: int
    lines: tuple[Line, ...]
    id: str = ""
    settings: str = ""


def track(language: str, cues: Iterable[FileCue], *, labels: bool = False) -> Track:
    """Return the cues of a file as a track; `labels`: its speakers were told by labels.

    Raise CaptionError where times are no interval, or run back.
    """
    made: list[Cue] = []
    start = 0
    for cue in cues:
        if cue.end <= cue.start:
            raise CaptionError(cue.line, f"the cue ends {'before' if cue.end < cue.start else 'when'} it starts")
        if cue.start < start:
            raise CaptionError(cue.line, "the cue starts before the one above it")
        start = cue.start
        made.append(Cue(cue.start / 1000, cue.end / 1000, cue.lines, cue.id, cue.settings))
    is_labelled = labels and any(line.speaker for cue in made for line in cue.lines)
    return Track(language, tuple(made), DEFAULT if is_labelled else "")


def milliseconds(line: int, hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    """Return the parts of a clock as milliseconds. Raise CaptionError if it has more than 59 minutes or seconds."""
    if int(minutes) > 59 or int(seconds) > 59:
        raise CaptionError(line, "a time has more than 59 minutes or seconds")
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "").ljust(3, "0"))


def whole_milliseconds(cue: Cue) -> tuple[int, int]:
    """The times of a cue as a file has them: rounded, it still ends after it starts."""
    start = round(cue.start * 1000)
    return start, max(round(cue.end * 1000), start + 1)


def clock(whole: int, point: str = ".") -> str:
    """Return milliseconds as `00:00:00.000`, with `point` before the fraction."""
    seconds, fraction = divmod(whole, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{fraction:03d}"


def not_a_time(line: int, text: str) -> CaptionError:
    return CaptionError(line, f'this is not how the time of a cue is written: "{clean_line(text, 80)}"')


def with_speakers(rows: Iterable[str]) -> list[tuple[str | None, str]]:
    """Who says each row of a cue, and what. A label on the first row alone is for all of them, as a viewer takes it."""
    parts = [split_label(row) for row in rows]
    first = parts[0][0] if parts else None
    others = parts[1:]
    if first and not any(speaker or NEW_VOICE.match(said) for speaker, said in others):
        return [parts[0], *((first, said) for _, said in others)]
    return parts


def split_label(text: str) -> tuple[str | None, str]:
    """Return who speaks, where a label `>> NAME: ` says it, and the rest."""
    match = _LABEL.match(text)
    return (match["name"], match["said"]) if match else (None, text)
