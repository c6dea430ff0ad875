"""WebVTT: written by webvtt-py, read by the W3C's parser, and by more where the meaning is clear.

webvtt-py 0.6 neither escapes nor checks that a cue ends after it starts, so text is made safe before it writes
one. What it does not understand it leaves out without a word, or (strict) refuses without a line number: of the
W3C's 15 parsing tests that were tried it fails 3.
"""

from __future__ import annotations

import bisect
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import webvtt

from captions.formats import times
from captions.formats.common import LINE_BREAK, CaptionError, FileCue, clock, not_a_time, track, whole_milliseconds
from captions.formats.webvtt_structure import ARROW, Dropped, RawCue, is_signed, parse_lines
from captions.labels import visible, voice
from captions.text import clean, clean_line, escape, rewrite
from captions.track import Cue, Line, Track

_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s(?P<name>[^<>]+)>")
_VOICE_INSIDE = re.compile(r"</?v[\s.>]")


def write(given: Track) -> str:
    """Write WebVTT: who speaks as voices, and in the text too where the track has labels: players show no voices.

    Notes, styles and regions have no place in a track.
    """
    captions = [
        webvtt.Caption(*map(clock, whole_milliseconds(cue)), _lines(cue, shown), _id(cue.id) or None, _id(cue.settings))
        for cue, shown in zip(given.cues, visible(given), strict=True)
    ]
    return str(webvtt.WebVTT(captions=captions).content)


def _id(text: str) -> str:
    name = clean_line(text).replace(ARROW, "->")
    return name.replace(">", "") if times.is_times(name) else name


def _lines(cue: Cue, labels: Sequence[str]) -> list[str]:
    return [
        f"<v {name}>{text}</v>" if (name := _name(line.speaker)) else text
        for line, shown in zip(cue.lines, labels, strict=True)
        for text in _texts(line.text, escape(shown))
    ]


def _texts(cue_text: str, shown: str) -> Iterator[str]:
    for index, text in enumerate(clean(cue_text).splitlines()):
        yield _text(text if index else shown + text)


def _text(cue_text: str) -> str:
    """Keep the markup, escape arrows, and a `<` that starts no tag: a player would swallow what follows."""
    without_arrow = cue_text.replace(ARROW, "--&gt;")
    if times.is_times(without_arrow):
        without_arrow = without_arrow.replace(">", "&gt;", 1)
    return rewrite(without_arrow, lambda said: said.replace("<", "&lt;"), lambda tag: tag[0])


def _name(speaker: str | None) -> str:
    return escape(voice(speaker))


def read(text: str, language: str) -> Track:
    """Read WebVTT. Notes, styles, regions and a voice's class have no place in a track and are left out.

    Times that a browser would not take, and whose meaning is clear, are read; whatever else it would drop is an error.
    """
    if not is_signed(text):
        raise CaptionError(1, "a WebVTT file begins with the word WEBVTT")
    browsers, dropped = parse_lines([_mended(*line) for line in enumerate(LINE_BREAK.split(text), 1)])
    cues = _with_texts_below(browsers, dropped)
    _refuse_numbers_in_text(cues)
    return track(language, (_cue(raw) for raw in cues))


def _mended(number: int, line: str) -> str:
    found = times.read(number, line) if times.is_times(line) else None
    if not found:
        return line
    start, end, settings = found
    return f"{clock(start)} {ARROW} {clock(end)} {settings}".rstrip()


def _with_texts_below(cues: Sequence[RawCue], dropped: Sequence[Dropped]) -> Sequence[RawCue]:
    """Give what stands below an empty line to the cue above, if that has no text. Raise CaptionError for the rest."""
    if not dropped:
        return cues
    above = list(cues)
    for lost in dropped:
        if lost.times:
            raise not_a_time(lost.line, lost.text[0])
        index = bisect.bisect(above, lost.line, key=lambda cue: cue.line) - 1
        if index < 0 or above[index].text:
            raise CaptionError(lost.line, "this text has no time above it")
        above[index] = replace(above[index], text=lost.text)
    return above


def _refuse_numbers_in_text(cues: Sequence[RawCue]) -> None:
    """A number right above the times of the next cue is its id or the text of this one: nobody knows."""
    for cue, after in pairwise(cues):
        directly = cue.text and not after.id and after.line == cue.line + len(cue.text) + 1
        if directly and cue.text[-1].strip().isdecimal():
            raise CaptionError(after.line, "an empty line is missing above this cue")


def _cue(raw: RawCue) -> FileCue:
    return FileCue(raw.line, raw.start, raw.end, _said(raw.text), clean_line(raw.id), clean_line(raw.settings))


def _said(lines: Sequence[str]) -> tuple[Line, ...]:
    """Turn the lines of a cue into `Line`s: a voice that opens a line is its speaker, until it is closed."""
    said: list[Line] = []
    speaker = None
    for text in (part for line in lines for part in clean(line).splitlines()):
        voice = _VOICE.match(text)
        body = text[voice.end() :] if voice else text
        if voice:
            speaker = clean_line(html.unescape(voice["name"])) or None
        rest = body.removesuffix("</v>") if speaker else body
        if speaker and _VOICE_INSIDE.search(rest):
            rest, speaker = text, None  # several voices on one line: they stay markup
        if rest.strip():
            said.append(Line(rest.strip(), speaker))
        if rest != body:
            speaker = None
    return tuple(said)
