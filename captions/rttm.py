"""Who speaks when, as a file: RTTM, the Rich Transcription Time Marked format of NIST.

One line a turn: `SPEAKER file channel start duration <NA> <NA> name <NA> <NA>`, in seconds (NIST RT-09 evaluation
plan, appendix A).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from captions.text import clean_line
from captions.transcript import SpeakerTurn

NAME_CHARACTERS = 80
LONGEST_SECONDS = 30 * 24 * 3600.0
SHORTEST_SECONDS = 0.001  # that is written: a turn of no time is none
NOBODY = "unknown"
_BREAK = re.compile(r"\r\n|\r|\n")
_BETWEEN = re.compile(r"[ \t\f\v]+")  # fields; a name may hold a space of another script


def write(turns: Iterable[SpeakerTurn], recording: str) -> str:
    """The turns of a recording. Names have `_` for the spaces that the format does not allow; those that would be the
    same then, or are cut, get a number.
    """
    listed = list(turns)
    names = _names(dict.fromkeys(turn.speaker for turn in listed))
    return "".join(
        f"SPEAKER {_name(recording)} 1 {turn.start:.3f} {max(turn.end - turn.start, SHORTEST_SECONDS):.3f} <NA> <NA> "
        f"{names[turn.speaker]} <NA> <NA>\n"
        for turn in listed
    )


def read(text: str) -> tuple[SpeakerTurn, ...]:
    """The turns in an RTTM file, in order. Raise ValueError, by the line, for one that is none.

    Lines of another kind than SPEAKER, empty ones and comments (`;;`) are passed over. Names are cleaned, and cut as
    `write` does.
    """
    lines = ((number, _BETWEEN.split(line.strip())) for number, line in enumerate(_BREAK.split(text), 1))
    found = [_turn(number, fields) for number, fields in lines if fields[0] == "SPEAKER"]
    names = _names(dict.fromkeys(speaker for _, _, speaker in found))
    turns = [SpeakerTurn(start, end, names[speaker]) for start, end, speaker in found]
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end, turn.speaker)))


def _turn(number: int, fields: list[str]) -> tuple[float, float, str]:
    """Start, end and speaker of a turn."""
    try:
        start, seconds, speaker = float(fields[3]), float(fields[4]), fields[7]
    except (IndexError, ValueError):
        raise ValueError(f"line {number}: not SPEAKER, file, channel, start, duration, <NA>, <NA>, name") from None
    if not (0 <= start < LONGEST_SECONDS and 0 < seconds < LONGEST_SECONDS):
        raise ValueError(f"line {number}: a turn from {start:g} s that lasts {seconds:g} s")
    return start, start + seconds, speaker


def _names(speakers: Iterable[str]) -> dict[str, str]:
    """A name for each speaker that the format takes, and that nobody else has."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    times: Counter[str] = Counter()
    for speaker in speakers:
        wanted = name = _name(speaker)
        while name in taken:
            times[wanted] += 1
            tail = f"~{times[wanted] + 1}"
            name = wanted[: NAME_CHARACTERS - len(tail)] + tail
        names[speaker] = name
        taken.add(name)
    return names


def _name(text: str) -> str:
    return clean_line(text, NAME_CHARACTERS).replace(" ", "_") or NOBODY
