"""Captions as JSON: all that a track holds, and the words with their times where they are known."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from captions.formats.common import CaptionError
from captions.labels import STYLES
from captions.text import clean
from captions.track import Cue, Line, Track
from captions.transcript import Word

_SPACE = re.compile(r"[ \t\r\n,]*")

JSON_VERSION = 1
"""Version of the JSON written here."""


def write(given: Track, words: Sequence[Word] = ()) -> str:
    """Write JSON, a cue a line. `words`, where there are any, stand beside the cues: texts, times, who says them."""
    named = {"labels": given.labels} if given.labels else {}
    head = json.dumps({"version": JSON_VERSION, "language": given.language, **named}, ensure_ascii=False)
    lists = {"cues": given.cues, **({"words": words} if words else {})}
    written = (f'"{name}": [{_rows(values)}]' for name, values in lists.items())
    return f"{head[:-1]}, {', '.join(written)}}}\n"


def _rows(values: Sequence[Any]) -> str:
    rows = ",\n".join(json.dumps(asdict(value), ensure_ascii=False) for value in values)
    return f"\n{rows}\n" if rows else ""


def read(text: str, language: str) -> Track:
    """Read what `write` writes; the words are passed over. Raise CaptionError."""
    try:
        values = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise CaptionError(error.lineno, f"this is no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise CaptionError(1, f"this is no JSON that can be read: {error}") from error
    if not isinstance(values, dict) or not isinstance(values.get("cues"), list):
        raise CaptionError(1, "this JSON holds no captions: it has no list of cues")
    if values.get("version", JSON_VERSION) != JSON_VERSION:
        raise CaptionError(1, f"this JSON is not of version {JSON_VERSION}, which is the one that is read")
    cues: list[Cue] = []
    for number, value in enumerate(values["cues"]):
        try:
            cue = _cue(value)
            if cues and cue.start < cues[-1].start:
                raise ValueError("the cue starts before the one above it")
        except (KeyError, TypeError, ValueError) as error:
            why = f"the cue has no {error}" if isinstance(error, KeyError) else str(error)
            raise CaptionError(_line_of(text, number), why) from error
        cues.append(cue)
    labels = values.get("labels", "")
    if not isinstance(labels, str) or (labels and labels not in STYLES):
        raise CaptionError(1, f"labels are one of {', '.join(STYLES)}")
    return Track(language, tuple(cues), labels)


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _cue(value: Any) -> Cue:
    if not isinstance(value, dict):
        raise TypeError("a cue is an object")
    start, end = _seconds(value["start"]), _seconds(value["end"])
    lines = (line for given in _list(value["lines"]) for line in _lines(given))
    return Cue(start, end, tuple(lines), _text(value.get("id", "")), _text(value.get("settings", "")))


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e9 or not isfinite(value):
        raise ValueError("a time is a number of seconds")
    return float(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise TypeError("the lines of a cue are a list of objects")
    return value


def _lines(value: dict[str, Any]) -> list[Line]:
    speaker = value.get("speaker")
    who = None if speaker is None else _text(speaker) or None
    return [Line(text, who) for text in clean(_string(value["text"])).splitlines()]


def _text(value: Any) -> str:
    return " ".join(clean(_string(value)).splitlines())


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is a string")
    return value


def _line_of(text: str, cue: int) -> int:
    """The line of a cue in JSON that could be read."""
    decoder = json.JSONDecoder()
    position = text.index("[", text.index('"cues"')) + 1
    for _ in range(cue):
        _, position = decoder.raw_decode(text, _after_space(text, position))
    return text.count("\n", 0, _after_space(text, position)) + 1


def _after_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position
