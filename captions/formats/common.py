"""What the caption formats share: the error that names a line, times, and the labels of who speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from captions.text import NAME_LIMIT, clean_line, escape, label
from captions.track import Cue, Line, Track

LINE_BREAK = re.compile(r"\r\n|\r|\n")

_LABEL = re.compile(rf">> (?P<name>[^:]{{1,{NAME_LIMIT}}}): (?P<said>.*\S.*)")


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


def track(language: str, cues: Iterable[FileCue]) -> Track:
    """Return the cues of a file as a track. Raise CaptionError where times are no interval, or run back."""
    made: list[Cue] = []
    start = 0
    for cue in cues:
        if cue.end <= cue.start:
            raise CaptionError(cue.line, f"the cue ends {'before' if cue.end < cue.start else 'when'} it starts")
        if cue.start < start:
            raise CaptionError(cue.line, "the cue starts before the one above it")
        start = cue.start
        made.append(Cue(cue.start / 1000, cue.end / 1000, cue.lines, cue.id, cue.settings))
    return Track(language, tuple(made))


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


def labelled(of: Track, render: Callable[[str], str]) -> Iterator[list[str]]:
    """Give per cue its lines, rendered, with a label where the speaker is not the one of the line before."""
    before = None
    for cue in of.cues:
        rows = []
        for line in cue.lines:
            if text := render(line.text):
                who = "" if line.speaker == before else render(escape(label(line.speaker)))
                rows.append(f"{who} {text}" if who else text)
                before = line.speaker
        yield rows


def split_label(text: str) -> tuple[str | None, str]:
    """Return who speaks, where a label `>> NAME: ` says it, and the rest."""
    match = _LABEL.match(text)
    return (match["name"], match["said"]) if match else (None, text)
