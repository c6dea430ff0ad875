"""How people talk with each other: how long each speaks, how fast, and who interrupts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from captions.text import space_between
from captions.transcript import SpeakerTurn, Word

BACKCHANNEL_SECONDS = 1.0
"""Shorter turns within another's are "mhm" and "yes", not interruptions (Yngve 1970, on back channels)."""

LABEL = re.compile(r"[A-Z]|(?:S|(?:SPEAKER|VOICE|spk)[ _-]?)?\d+|(?:SPEAKER|VOICE)[ _-][A-Z]", re.IGNORECASE)
"""What engines and diarizers call a voice of which they do not know whose it is: A, S27, SPEAKER_00, Speaker B."""


@dataclass(frozen=True)
class Talk:
    """How one speaker talks.

    `seconds`: of talk, `share`: of the talk of all, 0 to 1. `words_per_minute`: of that talk; None without words, and
    in writing that does not tell words apart. `interruptions`: turns that begin while another speaks and go on when
    that one has stopped.
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
    times, interruptions = Counter(turn.speaker for turn in turns), Counter(_interrupting(turns))
    said = Counter(word.speaker for word in words)
    spaced = 2 * sum(space_between(word.text, word.text) == " " for word in words) > len(words)
    made = [
        Talk(
            speaker=name,
            seconds=seconds,
            share=seconds / total if total else 0.0,
            turns=times[name],
            words=said[name],
            words_per_minute=60 * said[name] / seconds if said[name] and seconds and spaced else None,
            interruptions=interruptions[name],
        )
        for name, seconds in spoken.items()
    ]
    return tuple(sorted(made, key=lambda talk: -talk.seconds))


def _interrupting(turns: Iterable[SpeakerTurn]) -> Iterable[str]:
    """The speaker of each turn that begins within another's and outlasts it."""
    under_way: list[SpeakerTurn] = []
    for turn in sorted(turns, key=lambda turn: turn.start):
        under_way = [other for other in under_way if other.end > turn.start]
        if turn.end - turn.start >= BACKCHANNEL_SECONDS and any(
            other.speaker != turn.speaker and other.start < turn.start and other.end < turn.end for other in under_way
        ):
            yield turn.speaker
        under_way.append(turn)


def is_conversation(turns: Iterable[SpeakerTurn]) -> bool:
    """Whether there is something to tell of who speaks: of several voices, or of one that has a name."""
    speakers = {turn.speaker for turn in turns}
    return len(speakers) > 1 or any(not LABEL.fullmatch(speaker) for speaker in speakers)


def coarser(turns: Iterable[SpeakerTurn], most: int) -> tuple[SpeakerTurn, ...]:
    """At most so many turns, in order, that look the same from afar: turns of a speaker with short gaps are one."""
    found = tuple(sorted(turns, key=lambda turn: (turn.start, turn.end, turn.speaker)))
    gap = 0.25  # seconds; shorter ones are pauses within a sentence
    latest = max((turn.end for turn in found), default=0.0)
    while len(found) > most and gap < 2 * latest:  # at last every speaker has one
        found, gap = joined(found, gap), 2 * gap
    return found[:most]


def joined(turns: Iterable[SpeakerTurn], gap: float) -> tuple[SpeakerTurn, ...]:
    """The turns, which are in order, with those of a speaker as one that are at most `gap` seconds apart."""
    made: list[SpeakerTurn] = []
    last: dict[str, int] = {}
    for turn in turns:
        index = last.get(turn.speaker)
        if index is not None and turn.start - made[index].end <= gap:
            made[index] = replace(made[index], end=max(made[index].end, turn.end))
        else:
            last[turn.speaker] = len(made)
            made.append(turn)
    return tuple(made)
