"""Caption files as text: WebVTT, SubRip (SRT), TTML, SBV and JSON both ways, plain text out.

`Line.text` is WebVTT cue text (see `captions.text`). What a format cannot hold is said at its reader or
writer. A file that is read loses no words: what cannot be understood is an error that names its line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from captions.formats import json_file, prose, sbv, subrip, ttml, ttml_reading, webvtt
from captions.formats.common import CaptionError
from captions.formats.json_file import JSON_VERSION
from captions.formats.same import SAME_TIME_SECONDS, same_text
from captions.labels import labelled, taken_off
from captions.text import clean_line, plain
from captions.track import Track
from captions.transcript import Word

__all__ = [
    "FORMATS",
    "JSON_VERSION",
    "SAME_TIME_SECONDS",
    "CaptionError",
    "Format",
    "format_of",
    "read",
    "readable",
    "same_text",
    "shown",
    "write",
]


@dataclass(frozen=True)
class Format:
    """A way of writing captions down; `read` is None where there is no way back, `write_words` where words have no
    place. `knows_speakers`: they have a place beside the text; `shows_speakers`: labels stand in it.
    """

    suffix: str
    write: Callable[[Track], str]
    read: Callable[[str, str], Track] | None = None
    write_words: Callable[[Track, Sequence[Word]], str] | None = None
    knows_speakers: bool = True
    shows_speakers: bool = True


FORMATS: dict[str, Format] = {
    "vtt": Format(".vtt", webvtt.write, webvtt.read),
    "srt": Format(".srt", subrip.write, subrip.read, knows_speakers=False),
    "ttml": Format(".ttml", ttml.write, ttml_reading.read),
    "sbv": Format(".sbv", sbv.write, sbv.read, knows_speakers=False),
    "txt": Format(".txt", prose.write, knows_speakers=False),
    "json": Format(".json", json_file.write, json_file.read, json_file.write, shows_speakers=False),
}


def write(track: Track, format: str, words: Sequence[Word] = ()) -> str:  # noqa: A002 - the word for it everywhere
    """Write a track in one of `FORMATS`, with the times of its words where the format has a place for them.

    Raise ValueError if there is no such format.
    """
    found = _format(format)
    return found.write_words(track, words) if found.write_words and words else found.write(track)


def read(text: str, format: str, language: str) -> Track:  # noqa: A002
    """Read a track in `language` from the text of a caption file.

    Given the text of a file in one of `FORMATS`, with or without byte order mark, in any line ends, return
    its track. Raise CaptionError if the text is broken, ValueError if the format is unknown or only written.
    """
    reader = _format(format).read
    if reader is None:
        raise ValueError(f'captions cannot be read from "{format}", only from {", ".join(readable())}')
    track = reader(text.removeprefix("\ufeff"), language)
    return taken_off(track) if _format(format).shows_speakers else track


def readable() -> list[str]:
    """The names of the formats that can be read."""
    return [name for name, one in FORMATS.items() if one.read]


def format_of(file_name: str) -> str:
    """Return the name of a file's format, told by its suffix. Raise ValueError if none has that suffix."""
    suffix = PurePath(file_name).suffix.lower()
    for name, one in FORMATS.items():
        if one.suffix == suffix:
            return name
    suffixes = ", ".join(one.suffix for one in FORMATS.values())
    raise ValueError(f'"{clean_line(file_name, 80)}" is no caption file: those end in {suffixes}')


def shown(track: Track) -> list[tuple[str, ...]]:
    """Return per cue the plain lines that a viewer reads, each change of the speaker labelled."""
    return [tuple(lines) for lines in labelled(track, plain)]


def _format(name: str) -> Format:
    if name not in FORMATS:
        raise ValueError(f'no caption format is called "{name}"; there are: {", ".join(FORMATS)}')
    return FORMATS[name]
