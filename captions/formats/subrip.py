"""SubRip (SRT): written as YouTube takes it, without places on the screen; read as people have it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from captions.formats import times
from captions.formats.common import (
    LINE_BREAK,
    FileCue,
    clock,
    not_a_time,
    track,
    whole_milliseconds,
    with_speakers,
)
from captions.formats.numbered import blocks
from captions.labels import labelled
from captions.text import clean, escape, rewrite
from captions.track import Line, Track

_FONT = re.compile(r"</?font(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)  # and {\an8}, as Aegisub writes them
_STYLE = re.compile(r"(</?[biu]>)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_PLACE = re.compile(r"(?:[XY][12]:-?[0-9]+\s*){1,4}", re.IGNORECASE)
_MEANT = re.compile(r"[0-9]\s*-->|-->\s*[0-9]")


def write(given: Track) -> str:
    """Write SubRip: b, i and u are kept, speakers become labels; ids, settings and other markup are lost."""
    cues = []
    for number, (cue, lines) in enumerate(zip(given.cues, labelled(given, _text), strict=True), 1):
        start, end = whole_milliseconds(cue)
        rows = [str(number), f"{clock(start, ',')} --> {clock(end, ',')}", *map(_without_times, lines), ""]
        cues.append("\n".join(rows))
    return "\n".join(cues)


def _text(cue_text: str) -> str:
    """Keep the tags b, i and u. SubRip cannot escape: text that a player would take for a tag is parted."""

    def said(text: str) -> str:
        return parted(html.unescape(text))

    def tag(match: re.Match[str]) -> str:
        name = match["name"] or ""
        return f"<{match['close']}{name}>" if name.lower() in {"b", "i", "u"} else ""

    without_others = rewrite(cue_text, str, tag)
    return clean(rewrite(without_others, said, tag)).replace("\n", " ").replace("-->", "-- >")


def parted(text: str) -> str:
    """A plain text with a space in what a reader of SubRip would take for a tag or a reference."""
    without_tags = re.sub(r"<(?=[/a-zA-Z])", "< ", text).replace("{\\", "{ \\")
    return _ENTITY.sub(lambda entity: f"& {entity[0][1:]}", without_tags)


def _without_times(line: str) -> str:
    return line.replace(":", ": ", 1) if times.is_times(line) else line


def read(text: str, language: str) -> Track:
    """Read SubRip: `>> NAME: ` becomes the speaker; fonts, colours and places on the screen are left out."""
    lines = [line.strip("\ufeff").strip() for line in LINE_BREAK.split(text)]  # files may be joined, marks and all
    found = blocks(lines, _times, with_numbers=True)
    return track(
        language, (FileCue(block.line, block.start, block.end, _said(block.texts)) for block in found), labels=True
    )


def _times(number: int, line: str) -> tuple[int, int] | None:
    found = times.read(number, line)
    if found and (not found[2].strip() or _PLACE.fullmatch(found[2].strip())):
        return found[0], found[1]
    if found or _MEANT.search(line):
        raise not_a_time(number, line)
    return None


def _said(texts: Sequence[str]) -> tuple[Line, ...]:
    parts = with_speakers(part for text in texts for part in clean(text).splitlines())
    lines = (Line(_cue_text(said), speaker) for speaker, said in parts)
    return tuple(line for line in lines if line.text)


def _cue_text(text: str) -> str:
    parts = _STYLE.split(_FONT.sub("", text))
    return "".join(part if _STYLE.fullmatch(part) else escape(_without_entities(part)) for part in parts).strip()


def _without_entities(text: str) -> str:
    return _ENTITY.sub(lambda entity: clean(html.unescape(entity[0])) or " ", text)
