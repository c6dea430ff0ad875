"""Who speaks, as a viewer reads it: a label where the speaker changes, or a dash for each of two who share a cue.

A track keeps who speaks each line beside the text. Formats show it: those that know no speakers by the label alone, the
others by both, since players show no speakers that a file merely knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from captions.text import NAME_LIMIT, clean_line, escape, plain
from captions.track import Cue, Line, Track

STYLES: Mapping[str, str] = MappingProxyType(
    {
        "chevrons": ">> {}: ",  # YouTube's help ("Use >> for identification of speakers"), as in broadcasts of the US
        "name": "{}: ",  # the BBC's and TED's
        "parentheses": "({}) ",  # the Captioning Key's (DCMP), which has it on a line of its own where there is room
    }
)
"""How a label is written, by name."""
DEFAULT = "chevrons"

DASH = "-"
"""Before each line of two speakers in one cue, without a space: Netflix."""
NEW_VOICE = re.compile(r"\s*(?:[-–—‐]|>>)")
"""How a line begins that tells by itself that somebody else speaks."""

_DASHED = re.compile(r"[\s\u200e\u200f]*[-–—‐]")
_RIGHT_TO_LEFT = "\u200f"  # turns what follows, and shows nothing


def label(speaker: str | None, style: str = DEFAULT) -> str:
    """What tells who speaks, in one of STYLES, as plain text that ends with a space; "" for nobody."""
    name = clean_line(speaker or "", NAME_LIMIT).replace("-->", "->").rstrip("-")  # an arrow marks times in files
    return STYLES[style].format(name) if name else ""


def is_exchange(cue: Cue) -> bool:
    """Whether two speakers share a cue, each with lines that begin with a dash."""
    said = [(line.speaker, text) for line in cue.lines if (text := plain(line.text))]
    return len({speaker for speaker, _ in said}) > 1 and all(_DASHED.match(text) for _, text in said)


def without_dash(text: str) -> str:
    """What is said in a line of an exchange."""
    dash = _DASHED.match(text)
    return text[dash.end() :].lstrip() if dash else text


def labels(of: Track) -> Iterator[tuple[str, ...]]:
    """Give per cue a label for each line, "" but where the speaker is not the one of the line before.

    After an exchange nobody knows who spoke last: the next line has a label.
    """
    style, before = of.labels or DEFAULT, None
    for cue in of.cues:
        is_dashed = is_exchange(cue)
        shown = []
        for line in cue.lines:
            said = plain(line.text)
            changes = bool(said) and line.speaker != before and not is_dashed
            shown.append(_turned(label(line.speaker, style), said) if changes else "")
            before = line.speaker if said else before
        yield tuple(shown)
        before = None if is_dashed else before


def styled(of: Track, style: str) -> Track:
    """The track with its labels in a style, if it has any to show."""
    made = replace(of, labels=style)
    return made if any(map(any, labels(made))) else of


def visible(of: Track) -> Iterator[tuple[str, ...]]:
    """As `labels`, for a format that knows speakers: none where the track has no style of its own."""
    return labels(of) if of.labels else (("",) * len(cue.lines) for cue in of.cues)


def _turned(of: str, said: str) -> str:
    """The label, so marked that it does not turn a line that runs from right to left (Unicode Standard Annex 9, P2)."""
    return _RIGHT_TO_LEFT + of if of and _is_leftward(said) and not _is_leftward(of) else of


def _is_leftward(text: str) -> bool:
    kinds = map(unicodedata.bidirectional, text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def labelled(of: Track, render: Callable[[str], str]) -> Iterator[list[str]]:
    """Give per cue its lines that show something, rendered, with their labels."""
    for cue, shown in zip(of.cues, labels(of), strict=True):
        rows = []
        for line, who in zip(cue.lines, shown, strict=True):
            if text := render(line.text):
                rows.append(f"{render(escape(who))} {text}" if who else text)
        yield rows


def taken_off(of: Track) -> Track:
    """The track of a file that knows its speakers, whose labels may stand in the text too: without these, in a style.

    Where labels are of several styles it is the first.
    """
    found = of.labels

    def taken(line: Line) -> Line:
        nonlocal found
        for style in STYLES if line.speaker else ():
            if text := _without(line.text, escape(label(line.speaker, style))):
                found = found or style
                return replace(line, text=text)
        return line

    cues = tuple(_with_lines(cue, map(taken, cue.lines)) for cue in of.cues)
    return replace(of, cues=cues, labels=found) if found else of


def recognised(of: Track, speakers: Collection[str]) -> Track:
    """The track of a file that knows no speakers: those who are known there, by their labels, whatever the style.

    Who has no label goes on to speak, as a viewer takes it. A track without a label stays as it is.
    """
    known = [(escape(label(name, style)), name, style) for name in speakers for style in STYLES]
    found = ""
    now: str | None = None
    cues = []
    for cue in of.cues:
        lines = []
        for line in cue.lines:
            labels_here = ((_without(line.text, shown), name, style) for shown, name, style in known)
            goes_on = None if NEW_VOICE.match(plain(line.text)) else now
            said, who, style = next((one for one in labels_here if one[0]), (line.text, line.speaker or goes_on, found))
            now, found = who, found or style
            lines.append(Line(said, who))
        cues.append(replace(cue, lines=tuple(lines)))
    labels_in = of.labels or found
    return replace(of, cues=tuple(cues), labels=labels_in) if labels_in else of


def _without(cue_text: str, shown: str) -> str:
    """A line without the label that it begins with; "" if it does not, or nothing else stands there."""
    text = cue_text.removeprefix(_RIGHT_TO_LEFT)
    return text.removeprefix(shown).strip() if shown and text.startswith(shown) else ""


def _with_lines(cue: Cue, lines: Iterable[Line]) -> Cue:
    made = tuple(lines)
    return cue if made == cue.lines else replace(cue, lines=made)
