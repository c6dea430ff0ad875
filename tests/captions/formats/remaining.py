"""What remains of a track in each format that can be read: the rest it cannot hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from captions.formats import shown
from captions.track import Line, Track

Shown = list[tuple[str, ...]]


def everything(track: Track) -> Track:
    """WebVTT and JSON."""
    return track


def without_ids_and_settings(track: Track) -> Track:
    """TTML, which is XML: two characters that are none are left out too."""
    cues = (
        replace(cue, id="", settings="", lines=tuple(line for line in map(_xml, cue.lines) if line.text))
        for cue in track.cues
    )
    return replace(track, cues=tuple(cues))


def _xml(line: Line) -> Line:
    name = None if line.speaker is None else _legal(line.speaker) or None
    return Line(_legal(line.text), name)


def _legal(text: str) -> str:
    return re.sub("[\ufffe\uffff]", "", text).strip()


KEPT: dict[str, Callable[[Track], Track]] = {
    "vtt": everything,
    "json": everything,
    "ttml": without_ids_and_settings,
}
"""Formats that hold lines and speakers as they are."""


def in_subrip(track: Track) -> Shown:
    """Times and what is shown. SubRip cannot escape: a space parts what would be a tag, an arrow or a reference."""
    return [tuple(map(_subrip, lines)) for lines in shown(track)]


def _subrip(line: str) -> str:
    without_tags = re.sub(r"<(?=[/a-zA-Z])", "< ", line).replace("{\\", "{ \\").replace("-->", "-- >")
    return re.sub(r"&(?=(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});)", "& ", without_tags)


def in_sbv(track: Track) -> Shown:
    """Times and what is shown, without any markup."""
    return [tuple(line.replace("[br]", "[ br]") for line in lines) for lines in shown(track)]


SHOWN: dict[str, Callable[[Track], Shown]] = {"srt": in_subrip, "sbv": in_sbv}
"""Formats that hold what is shown: who speaks is a label in the text, where the speaker changes."""
