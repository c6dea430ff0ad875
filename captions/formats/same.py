"""Whether two tracks are the same, as a server may have rendered one of them anew."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from captions.formats.common import split_label
from captions.labels import labelled
from captions.text import clean_line, plain, squeezed
from captions.track import Cue, Track

SAME_TIME_SECONDS = 0.002
"""Times this close are the same: a server that renders a file anew may cut or round its milliseconds."""


def same_text(first: Track, second: Track) -> bool:
    """Say whether one of two tracks is the other, as a server may have rendered it anew.

    They are the same if they have the same cues: times within 2 ms, and the same plain text however it is
    broken into lines. Speakers must agree too, unless one of the tracks names none: YouTube may drop WebVTT's
    voices.
    """
    if len(first.cues) != len(second.cues):
        return False
    if not all(map(_at_the_same_time, first.cues, second.cues)):
        return False
    if _shown(first) == _shown(second):
        return True  # also where the voices were dropped, and only their labels are left
    voices, others = _voices(first), _voices(second)
    return list(map(_said, first.cues)) == list(map(_said, second.cues)) and (
        voices == others or not voices or not others
    )


def _at_the_same_time(one: Cue, other: Cue) -> bool:
    # rounded, for 0.502 - 0.5 is a little more than 0.002
    return round(max(abs(one.start - other.start), abs(one.end - other.end)), 6) <= SAME_TIME_SECONDS


def _shown(track: Track) -> list[str]:
    return [squeezed("".join(lines)) for lines in labelled(track, plain)]


def _said(cue: Cue) -> str:
    return squeezed("".join(said for _, said in _spoken(cue)))


def _voices(track: Track) -> list[str]:
    """Who speaks, in turn: a label stands only where the speaker changes, a voice on every line."""
    voices = (voice for cue in track.cues for voice, _ in _spoken(cue) if voice)
    return [voice for voice, _ in groupby(voices)]


def _spoken(cue: Cue) -> Iterator[tuple[str | None, str]]:
    for line in cue.lines:
        text = plain(line.text)
        yield (clean_line(line.speaker), text) if line.speaker else split_label(text)
