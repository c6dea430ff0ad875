"""How something is said, apart from any feeling: louder or quieter, faster or slower than its speaker mostly is.

Pure: numbers in, words out. A speaker is measured against the median of their own turns, so that neither who is near
the microphone nor who always talks fast stands out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from captions.transcript import SpeakerTurn, Word
from daemon.speech.emotion.contract import LEAST_SECONDS, is_heard

LOUDER_DB = 6.0  # twice the amplitude: what anybody hears at once, more than a voice's usual swing
FASTER = 1.35  # times as many words a second
LEAST_TURNS = 3  # of a speaker, for a median that means something
LEAST_WORDS = 4  # of a turn, for a rate that means something

LOUD, QUIET, FAST, SLOW = "loud", "quiet", "fast", "slow"


@dataclass(frozen=True)
class Manner:
    """How a turn is spoken: none, one or two of loud, quiet, fast and slow."""

    turn: SpeakerTurn
    descriptors: tuple[str, ...]


def manners(
    samples: NDArray[np.float32], sample_rate: int, turns: Sequence[SpeakerTurn], words: Sequence[Word]
) -> tuple[Manner, ...]:
    """How each turn is spoken, in the order in which they come."""
    levels = [_level(samples, sample_rate, turn) for turn in turns]
    said = sorted(words, key=_middle)
    middles = [_middle(word) for word in said]
    rates = [_rate(said[bisect_left(middles, turn.start) : bisect_left(middles, turn.end)]) for turn in turns]
    loudness = _against(turns, levels, lambda level, usual: level - usual, LOUDER_DB, (LOUD, QUIET))
    tempo = _against(turns, rates, lambda rate, usual: float(np.log(rate / usual)), float(np.log(FASTER)), (FAST, SLOW))
    return tuple(Manner(turn, tuple(filter(None, found))) for turn, *found in zip(turns, loudness, tempo, strict=True))


def _level(samples: NDArray[np.float32], sample_rate: int, turn: SpeakerTurn) -> float | None:
    """The turn's RMS in dB of full scale; None where it is short or silent."""
    piece = samples[max(0, round(turn.start * sample_rate)) : max(0, round(turn.end * sample_rate))]
    if len(piece) < LEAST_SECONDS * sample_rate or not is_heard(piece):
        return None
    return 10 * float(np.log10(np.mean(np.square(piece, dtype=np.float64))))


def _middle(word: Word) -> float:
    return (word.start + word.end) / 2


def _rate(said: Sequence[Word]) -> float | None:
    """Words a second of a turn, from the beginning of its first to the end of its last; None where there are few."""
    seconds = said[-1].end - said[0].start if said else 0.0
    return len(said) / seconds if len(said) >= LEAST_WORDS and seconds >= LEAST_SECONDS else None


def _against(
    turns: Sequence[SpeakerTurn],
    values: Sequence[float | None],
    distance: Callable[[float, float], float],
    least: float,
    names: tuple[str, str],
) -> list[str]:
    """The first name for each turn whose value is above its speaker's median by `least`, the second below; else ""."""
    known: dict[str, list[float]] = {}
    for turn, value in zip(turns, values, strict=True):
        if value is not None:
            known.setdefault(turn.speaker, []).append(value)
    found = []
    for turn, value in zip(turns, values, strict=True):
        usual = known.get(turn.speaker, [])
        if value is None or len(usual) < LEAST_TURNS:
            found.append("")
            continue
        away = distance(value, median(usual))
        found.append(names[0] if away >= least else names[1] if away <= -least else "")
    return found
