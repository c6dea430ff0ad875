"""Plain text to be read on paper: paragraphs, with who speaks, without times."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from captions.labels import is_exchange, labelled, without_dash
from captions.text import plain, space_between
from captions.track import Cue, Track

PAUSE_SECONDS = 2.0  # without a cue; captions of talk that goes on are closer to each other
SENTENCES = 5  # of a paragraph, where nobody pauses: what newspapers print in one

_SENTENCE_END = re.compile(r"[.?!…。！？؟।][\"'”’»)\]]*$")


def write(given: Track) -> str:
    """Write a paragraph a line, an empty one between them: it ends with its speaker, a pause, or five sentences."""
    return "\n".join(f"{paragraph}\n" for paragraph in _paragraphs(given))


def _named(cue: Cue) -> Cue:
    """The cue without dashes, so that each of two who share it is named: there is room on paper."""
    if not is_exchange(cue):
        return cue
    return replace(cue, lines=tuple(replace(line, text=without_dash(line.text)) for line in cue.lines))


def _paragraphs(given: Track) -> Iterator[str]:
    said: list[str] = []
    sentences = 0
    speaker: str | None = None
    ended = 0.0
    told = replace(given, cues=tuple(map(_named, given.cues)))
    for cue, lines in zip(told.cues, labelled(told, plain), strict=True):
        speakers = [line.speaker for line in cue.lines if plain(line.text)]
        for text, who in zip(lines, speakers, strict=True):
            if said and (who != speaker or cue.start - ended >= PAUSE_SECONDS or sentences >= SENTENCES):
                yield "".join(said)
                said, sentences = [], 0
            said += [space_between(said[-1], text), text] if said else [text]
            sentences += bool(_SENTENCE_END.search(text))
            speaker, ended = who, max(ended, cue.end)
    if said:
        yield "".join(said)
