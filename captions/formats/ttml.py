"""TTML as the W3C's IMSC 1 text profile has it, written; `captions.formats.ttml_reading` reads it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace

from captions.formats.common import clock, whole_milliseconds
from captions.labels import visible
from captions.text import TAG, clean, clean_line, escape
from captions.track import Cue, Line, Track

STYLES = {
    "b": ("fontWeight", "bold"),
    "i": ("fontStyle", "italic"),
    "u": ("textDecoration", "underline"),
}
"""Tags of cue text, and the style attribute that says the same in TTML."""

# The root's region is the whole picture and shows text at its top; this one is where captions are expected.
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" \
xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling" \
ttp:profile="http://www.w3.org/ns/ttml/profile/imsc1/text" ttp:timeBase="media" xml:lang="{language}" \
xml:space="preserve">
<head>
<metadata>{agents}</metadata>
<styling><style xml:id="caption" tts:color="white" tts:fontFamily="proportionalSansSerif" tts:fontSize="100%" \
tts:textAlign="center"/></styling>
<layout><region xml:id="bottom" tts:displayAlign="after" tts:extent="80% 80%" tts:origin="10% 10%"/></layout>
</head>
<body><div region="bottom" style="caption">
"""
_FOOT = "</div></body>\n</tt>\n"
_AGENT = '<ttm:agent type="person" xml:id="{id}"><ttm:name type="full">{name}</ttm:name></ttm:agent>'
_NOT_XML = re.compile("[\ufffe\uffff]")


def write(given: Track) -> str:
    """Write TTML: b, i and u are kept, speakers become agents, and stand in the text where the track has labels.

    Ids, settings and other markup are lost.
    """
    speakers = dict.fromkeys(line.speaker for cue in given.cues for line in cue.lines if _name(line.speaker))
    ids = {speaker: f"speaker{number}" for number, speaker in enumerate(speakers, 1)}
    agents = "".join(_AGENT.format(id=id, name=html.escape(_name(speaker))) for speaker, id in ids.items())  # noqa: A001
    head = _HEAD.format(language=html.escape(clean_line(given.language)), agents=agents)
    paragraphs = (_paragraph(cue, shown, ids) for cue, shown in zip(given.cues, visible(given), strict=True))
    return "".join([head, *paragraphs, _FOOT])


def _paragraph(cue: Cue, labels: Sequence[str], ids: dict[str | None, str]) -> str:
    start, end = whole_milliseconds(cue)
    given = (replace(line, text=escape(shown) + line.text) for line, shown in zip(cue.lines, labels, strict=True))
    lines = "<br/>".join(text for line in given if (text := _line(line, ids)))
    return f'<p begin="{clock(start)}" end="{clock(end)}">{lines}</p>\n'


def _line(line: Line, ids: dict[str | None, str]) -> str:
    text = _marked_up(_NOT_XML.sub("", clean(line.text).replace("\n", " ")))
    agent = ids.get(line.speaker)
    return f'<span ttm:agent="{agent}">{text}</span>' if agent and text else text


def _name(speaker: str | None) -> str:
    return _NOT_XML.sub("", clean_line(speaker or "")).strip()


def _marked_up(cue_text: str) -> str:
    """Turn cue text into XML whose tags are closed in turn, whatever those of the cue text are."""
    parts: list[str] = []
    open_tags: list[str] = []
    end = 0
    for match in TAG.finditer(cue_text):
        parts.append(_characters(cue_text[end : match.start()]))
        end = match.end()
        name = (match["name"] or "").lower()
        if name not in STYLES:
            continue
        if not match["close"]:
            attribute, value = STYLES[name]
            parts.append(f'<span tts:{attribute}="{value}">')
            open_tags.append(name)
        elif name in open_tags:
            while open_tags.pop() != name:
                parts.append("</span>")
            parts.append("</span>")
    return "".join([*parts, _characters(cue_text[end:]), "</span>" * len(open_tags)])


def _characters(text: str) -> str:
    said = html.unescape(text)  # a reference may stand for anything
    if not said.isprintable():
        said = _NOT_XML.sub("", "".join(_cleaned(part) for part in re.split("( +)", said)))
    return html.escape(said, quote=False)


def _cleaned(part: str) -> str:
    return clean_line(part) if part.strip(" ") else part
