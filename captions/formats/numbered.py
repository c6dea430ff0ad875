"""Files of blocks, each a time and lines of text, as SubRip and SBV are: which lines belong to which cue.

Reads what people make whose meaning is clear: no number above a time or a wrong one, no empty line above it,
empty lines within a text. Loses no words: what may be either number or text is an error that names its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from captions.formats.common import CaptionError

_NUMBER = re.compile(r"#?\s?([0-9]{1,9})[.:)]?")
_NO_TIME = "this text has no time above it"

Times = tuple[int, int]
ReadTimes = Callable[[int, str], Times | None]
"""Of a line and its number: from when to when in milliseconds, or None. Raise CaptionError if it is meant for times."""


@dataclass
class Block:
    """A cue being read; `line` is that of its times."""

    line: int
    start: int
    end: int
    texts: list[str] = field(default_factory=list)
    number: int | None = None


def blocks(lines: Sequence[str], read_times: ReadTimes, *, with_numbers: bool) -> list[Block]:
    """Return the cues of a file in lines, which are stripped. Raise CaptionError."""
    found: list[Block] = []
    before: tuple[int, str] | None = None  # the line above, which may be the number of a cue
    after_empty, empty_since = True, False
    for number, line in enumerate(lines, 1):
        times = read_times(number, line) if line else None
        if times:
            block = Block(number, *times)
            if before:
                _place(before, found, block, after_empty=after_empty, with_numbers=with_numbers)
            found.append(block)
            before, after_empty = None, False
        elif line:
            if before:
                _add(before, found, after_empty=after_empty, with_numbers=with_numbers)
                after_empty = empty_since
            before, empty_since = (number, line), False
        elif before and after_empty and with_numbers and _NUMBER.fullmatch(before[1]):
            empty_since = True  # a number, in a file with an empty line after each one: it waits for its time
        else:
            if before:
                _add(before, found, after_empty=after_empty, with_numbers=with_numbers)
            before, after_empty = None, True
    if before:
        _add(before, found, after_empty=after_empty, with_numbers=with_numbers)
    return found


def _place(above: tuple[int, str], found: list[Block], block: Block, *, after_empty: bool, with_numbers: bool) -> None:
    """The line above a time is its number, or the text of the cue before it."""
    number, line = above
    match = _NUMBER.fullmatch(line) if with_numbers else None
    follows = match and found and found[-1].number is not None and int(match[1]) == found[-1].number + 1
    if match and (after_empty or follows):
        block.number = int(match[1])
    elif match:
        raise CaptionError(block.line, "an empty line is missing above this cue")
    elif after_empty:
        problem = "the number of a cue was expected here, above its time" if with_numbers else _NO_TIME
        raise CaptionError(number, problem)
    else:
        found[-1].texts.append(line)


def _add(above: tuple[int, str], found: list[Block], *, after_empty: bool, with_numbers: bool) -> None:
    """A line that stands above no time is text; after an empty one, a number's cue has lost its time."""
    number, line = above
    if not found or (after_empty and with_numbers and _NUMBER.fullmatch(line) and found[-1].texts):
        raise CaptionError(number, _NO_TIME)
    found[-1].texts.append(line)
