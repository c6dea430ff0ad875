"""Who speaks, as a viewer reads it: a label where the speaker changes, or a dash for each of two who share a cue.

A track keeps who speaks each line beside the text. Formats show it: those that know no speakers by the label alone, the
others by both, since players show no speakers that a file merely knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from types import MappingProxyType

from captions.text import NAME_LIMIT, clean_line, escape, plain, squeezed
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
NEW_VOICE = re.compile(r"[\s\u200e\u200f]*(?:[-–—‐]|>>)")
"""How a line begins that tells by itself that somebody else speaks."""

_DASHED = re.compile(r"[\s\u200e\u200f]*[-–—‐]")
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "\u200e", "\u200f"  # turn what follows, and show nothing


def label(speaker: str | None, style: str = DEFAULT) -> str:
    """What tells who speaks, in one of STYLES, as plain text that ends with a space; "" for nobody."""
    name = voice(clean_line(speaker or "", NAME_LIMIT)).replace("-->", "->").replace(": ", " ")  # both mean something
    return STYLES[style].format(name) if name else ""


def voice(speaker: str | None) -> str:
    """A speaker's name as files take it: "--" before the ">" of a tag would be an arrow, which marks times."""
    return clean_line(speaker or "").rstrip("- ")


def is_exchange(cue: Cue) -> bool:
    """Whether two known speakers share a cue, each with lines that begin with a dash."""
    said = [(line.speaker, text) for line in cue.lines if (text := plain(line.text))]
    speakers = {speaker for speaker, _ in said}
    return len(speakers) > 1 and None not in speakers and all(_DASHED.match(text) for _, text in said)


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
    """The label, so marked that it does not turn the line, which runs as its first letter does (Unicode Annex 9)."""
    if not of or _is_leftward(said) == _is_leftward(of):
        return of
    return (_RIGHT_TO_LEFT if _is_leftward(said) else _LEFT_TO_RIGHT) + of


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

    A label is one only where a viewer would be told of the speaker; elsewhere it is what somebody says. The style is
    that of most labels.
    """
    due = [[bool(who) for who in shown] for shown in labels(of)]
    first = [line for cue, places in zip(of.cues, due, strict=True) for line in compress(cue.lines, places)]
    style = max(STYLES, key=lambda style: sum(bool(_own(line, style)) for line in first))
    if not any(_own(line, style) for line in first):
        return of
    cues = []
    for cue, places in zip(of.cues, due, strict=True):
        lines = (
            replace(line, text=_own(line, style) or line.text) if is_due else line
            for line, is_due in zip(cue.lines, places, strict=True)
        )
        cues.append(_with_lines(cue, lines))
    return replace(of, cues=tuple(cues), labels=style)


def without_label(line: Line) -> Line:
    """The line without a label of its own speaker that was typed before it, in any style."""
    return replace(line, text=next((text for style in STYLES if (text := _own(line, style))), line.text))


def recognised(of: Track, as_it_was: Track) -> Track:
    """The track of a file that knows no speakers, with those of the track that it was made of.

    A cue that shows the same at the same time has the same lines. In the others speakers are told by their labels, in
    the style of the track; who has none goes on to speak, as a viewer takes it.
    """
    style = as_it_was.labels or DEFAULT
    names = dict.fromkeys(line.speaker for cue in as_it_was.cues for line in cue.lines if line.speaker)
    known = sorted(((escape(label(name, style)), name) for name in names), key=lambda one: -len(one[0]))
    before = {
        (round(cue.start, 3), round(cue.end, 3), *map(squeezed, rows)): cue.lines
        for cue, rows in zip(as_it_was.cues, labelled(as_it_was, plain), strict=True)
    }
    cues, now = [], None
    for cue, rows in zip(of.cues, labelled(of, plain), strict=True):
        same = before.get((round(cue.start, 3), round(cue.end, 3), *map(squeezed, rows)))
        lines = list(same) if same else [_told(line, known, now) for line in cue.lines]
        said = [line.speaker for line in lines if plain(line.text)]
        now = None if is_exchange(replace(cue, lines=tuple(lines))) else (said or [now])[-1]
        cues.append(_with_lines(cue, lines))
    return replace(of, cues=tuple(cues), labels=as_it_was.labels or of.labels)


def _told(line: Line, known: Sequence[tuple[str, str]], now: str | None) -> Line:
    """A line with its speaker: by a label of those that are known, else by what was read, else who spoke before."""
    for shown, name in known:
        if line.speaker and label(line.speaker) == label(name):
            return replace(line, speaker=name)
        if text := _without(line.text, shown):
            return Line(text, name)
    return replace(line, speaker=line.speaker or (None if NEW_VOICE.match(plain(line.text)) else now))


def _own(line: Line, style: str) -> str:
    return _without(line.text, escape(label(line.speaker, style))) if line.speaker else ""


def _without(cue_text: str, shown: str) -> str:
    """A line without the label that it begins with; "" if it does not, or nothing else stands there."""
    text = cue_text.lstrip(_LEFT_TO_RIGHT + _RIGHT_TO_LEFT)
    return text.removeprefix(shown).strip() if shown and text.startswith(shown) else ""


def _with_lines(cue: Cue, lines: Iterable[Line]) -> Cue:
    made = tuple(lines)
    return cue if made == cue.lines else replace(cue, lines=made)
