"""How people talk with each other: how long each speaks, how fast, and who interrupts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from captions.transcript import SpeakerTurn, Word

BACKCHANNEL_SECONDS = 1.0
"""Shorter turns within another's are "mhm" and "yes", not interruptions (Yngve 1970, on back channels)."""


@dataclass(frozen=True)
class Talk:
    """How one speaker talks.

    `seconds`: of talk, `share`: of the talk of all, 0 to 1. `words_per_minute`: of that talk; None without words.
    `interruptions`: turns that begin while another speaks and go on when that one has stopped.
    """

    speaker: str
    seconds: float
    share: float
    turns: int
    words: int
    words_per_minute: float | None
    interruptions: int


def talks(turns: Sequence[SpeakerTurn], words: Sequence[Word] = ()) -> tuple[Talk, ...]:
    """How each speaker talks, who talks most first. `turns` may overlap."""
    spoken = dict.fromkeys(sorted({turn.speaker for turn in turns}), 0.0)
    for turn in turns:
        spoken[turn.speaker] += turn.end - turn.start
    total = sum(spoken.values())
    made = [
        Talk(
            speaker=name,
            seconds=seconds,
            share=seconds / total if total else 0.0,
            turns=sum(turn.speaker == name for turn in turns),
            words=(count := sum(word.speaker == name for word in words)),
            words_per_minute=60 * count / seconds if count and seconds else None,
            interruptions=sum(_interrupts(turn, turns) for turn in turns if turn.speaker == name),
        )
        for name, seconds in spoken.items()
    ]
    return tuple(sorted(made, key=lambda talk: -talk.seconds))


def _interrupts(turn: SpeakerTurn, turns: Sequence[SpeakerTurn]) -> bool:
    """Whether a turn begins within another's and outlasts it."""
    return turn.end - turn.start >= BACKCHANNEL_SECONDS and any(
        other.speaker != turn.speaker and other.start < turn.start < other.end < turn.end for other in turns
    )
