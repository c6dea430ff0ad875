"""What every engine of emotion gives: the feeling in each turn of speech, by its sound alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from captions.transcript import EmotionSpan, SpeakerTurn
from daemon.speech.device import DeviceName

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.speech.audio import Audio

LONGEST_SECONDS = 10.0  # a feeling may change within more, and what models were trained on is shorter
LEAST_SECONDS = 0.5  # an "mhm" has no feeling that could be told
LEAST_LEVEL = 1e-4  # RMS of full scale, -80 dB: nothing can be heard


class Model(Protocol):
    """What tells feelings by the sound of a voice."""

    @property
    def labels(self) -> tuple[str, ...]: ...

    def hear(self, samples: NDArray[np.float32]) -> Mapping[str, float]:
        """The probability of each of the labels, by LEAST_SECONDS to LONGEST_SECONDS of sound of 16 kHz."""
        ...


@dataclass(frozen=True)
class EmotionEngine:
    """One loaded model. Not for two threads at once."""

    model: Model

    def emotions(
        self, audio: Audio, turns: Sequence[SpeakerTurn], progress: Callable[[float], None]
    ) -> tuple[EmotionSpan, ...]:
        """The feeling in each turn, by its pieces of LONGEST_SECONDS at most, in the order of time.

        What is shorter than LEAST_SECONDS, silent, or after the sound's end is left out. `progress` is told how much is
        done, 0 to 1.
        """
        stretches = sorted((*piece, turn.speaker) for turn in turns for piece in pieces(turn, audio.seconds))
        found = []
        for number, (start, end, speaker) in enumerate(stretches, 1):
            samples = audio.samples[round(start * audio.sample_rate) : round(end * audio.sample_rate)]
            if is_heard(samples):
                scores = self.model.hear(samples)
                likeliest = max(scores, key=lambda label: scores[label])
                found.append(EmotionSpan(start, end, likeliest, scores, speaker or None))
            progress(number / len(stretches))
        return tuple(found)


@dataclass(frozen=True)
class EmotionKind:
    """An engine that is not loaded. `load` raises AskHuman or TryLater; `why_not` says what can be told beforehand."""

    load: Callable[[str, DeviceName], EmotionEngine]
    why_not: Callable[[str], str]


def pieces(turn: SpeakerTurn, seconds: float) -> Iterator[tuple[float, float]]:
    """A turn in equal pieces, none longer than LONGEST_SECONDS; nothing of one that is too short."""
    start, end = max(0.0, turn.start), min(turn.end, seconds)
    if end - start < LEAST_SECONDS:
        return
    number = math.ceil((end - start) / LONGEST_SECONDS)
    edges = [start + (end - start) * index / number for index in range(number)]
    yield from zip(edges, [*edges[1:], end], strict=True)


def is_heard(samples: NDArray[np.float32]) -> bool:
    """Whether there is any sound."""
    return len(samples) > 0 and float((samples * samples).mean()) ** 0.5 >= LEAST_LEVEL
