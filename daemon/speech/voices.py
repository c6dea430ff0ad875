"""Who speaks when, and what each voice is like. Voices are named A, B, … in the order in which they come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from captions.transcript import SpeakerTurn


@dataclass(frozen=True)
class Diarization:
    """`turns`: in order, over each other where several speak at once. `exclusive`: one speaker at a time, to give words
    to. `embeddings`: a voice as numbers that are compared by their cosine; one that says too little has none.
    """

    turns: tuple[SpeakerTurn, ...] = ()
    exclusive: tuple[SpeakerTurn, ...] = ()
    embeddings: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def label(number: int) -> str:
    """The name of a voice by its number from 0 on."""
    return chr(ord("A") + number) if number < 26 else f"S{number + 1}"


def named(found: Diarization) -> Diarization:
    """The same with the voices named."""
    order = dict.fromkeys(turn.speaker for turn in (*in_order(found.turns), *in_order(found.exclusive)))
    names = {speaker: label(number) for number, speaker in enumerate(order)}
    return Diarization(
        in_order(renamed(found.turns, names.__getitem__)),
        in_order(renamed(found.exclusive, names.__getitem__)),
        {name: found.embeddings[speaker] for speaker, name in names.items() if speaker in found.embeddings},
    )


def renamed(turns: Iterable[SpeakerTurn], name: Callable[[str], str]) -> list[SpeakerTurn]:
    return [replace(turn, speaker=name(turn.speaker)) for turn in turns]


def in_order(turns: Iterable[SpeakerTurn]) -> tuple[SpeakerTurn, ...]:
    return tuple(sorted(turns, key=lambda turn: (turn.start, turn.end, turn.speaker)))
