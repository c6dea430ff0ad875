"""Where one voice speaks alone: what its feeling is told by. Only computes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from captions.transcript import SpeakerTurn, Transcript
from daemon.speech.merge import turns_of


def of(spoken: Transcript) -> tuple[SpeakerTurn, ...]:
    """The stretches of a transcript in which one speaks, in the order of time.

    By its turns; without any by the speakers of its words, by its spans of speech, or by its words: then the speaker
    is "".
    """
    nameless = spoken.speech or spoken.words
    turns = spoken.turns or turns_of(spoken.words) or [SpeakerTurn(one.start, one.end, "") for one in nameless]
    return tuple(alone(turns))


def alone(turns: Sequence[SpeakerTurn]) -> Iterator[SpeakerTurn]:
    """The turns without what is said over each other: of two voices at once a feeling would be nobody's.

    Turns of one speaker that overlap or meet become one.
    """
    begun: SpeakerTurn | None = None
    for start, end, speaker in _pieces(turns):
        if begun is not None and begun.speaker == speaker and begun.end == start:
            begun = SpeakerTurn(begun.start, end, speaker)
            continue
        if begun is not None:
            yield begun
        begun = SpeakerTurn(start, end, speaker)
    if begun is not None:
        yield begun


def _pieces(turns: Iterable[SpeakerTurn]) -> Iterator[tuple[float, float, str]]:
    """The time cut wherever a turn begins or ends: the pieces in which exactly one speaks."""
    steps: dict[float, list[tuple[str, int]]] = {}
    for turn in turns:
        if turn.start < turn.end:
            steps.setdefault(turn.start, []).append((turn.speaker, 1))
            steps.setdefault(turn.end, []).append((turn.speaker, -1))
    speaking: Counter[str] = Counter()
    for now, then in pairwise(sorted(steps)):
        for speaker, step in steps[now]:
            speaking[speaker] += step
        speaking = +speaking
        if len(speaking) == 1:
            yield now, then, next(iter(speaking))
