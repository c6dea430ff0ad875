"""Who speaks when, as a file: RTTM, the Rich Transcription Time Marked format of NIST.

One line a turn: `SPEAKER file channel start duration <NA> <NA> name <NA> <NA>`, in seconds (NIST RT-09 evaluation
plan, appendix A).
"""

from __future__ import annotations

from collections.abc import Iterable

from captions.text import clean_line
from captions.transcript import SpeakerTurn

NAME_CHARACTERS = 80
LONGEST_SECONDS = 30 * 24 * 3600.0


def write(turns: Iterable[SpeakerTurn], recording: str) -> str:
    """The turns of a recording; names have `_` for the spaces that the format does not allow."""
    return "".join(
        f"SPEAKER {_name(recording)} 1 {turn.start:.3f} {turn.end - turn.start:.3f} <NA> <NA> {_name(turn.speaker)} "
        "<NA> <NA>\n"
        for turn in turns
    )


def read(text: str) -> tuple[SpeakerTurn, ...]:
    """The turns in an RTTM file, in order. Raise ValueError, by the line, for one that is none.

    Lines of another kind than SPEAKER, empty ones and comments (`;;`) are passed over.
    """
    found = [_turn(number, line.split()) for number, line in enumerate(text.splitlines(), 1) if _is_turn(line)]
    return tuple(sorted(found, key=lambda turn: (turn.start, turn.end, turn.speaker)))


def _is_turn(line: str) -> bool:
    return line.split()[:1] == ["SPEAKER"]


def _turn(number: int, fields: list[str]) -> SpeakerTurn:
    try:
        start, seconds, speaker = float(fields[3]), float(fields[4]), fields[7]
    except (IndexError, ValueError):
        raise ValueError(f"line {number}: not SPEAKER, file, channel, start, duration, <NA>, <NA>, name") from None
    if not (0 <= start < LONGEST_SECONDS and 0 < seconds < LONGEST_SECONDS):
        raise ValueError(f"line {number}: a turn from {start:g} s that lasts {seconds:g} s")
    return SpeakerTurn(start, start + seconds, clean_line(speaker, NAME_CHARACTERS))


def _name(text: str) -> str:
    return clean_line(text, NAME_CHARACTERS).replace(" ", "_") or "unknown"
