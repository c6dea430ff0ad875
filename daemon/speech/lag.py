"""By how much a model's cross-attention is late or early: measured by the sound itself.

Each model's alignment heads have a lag of their own: against hand-made word times those of Whisper tiny.en are 90 ms
late, those of base 70 ms early. Between words the sound is quieter than around it, on the average over many words;
the shift of all beginnings at which it is quietest is the lag. Nothing of this is in the literature that we know of:
bench/align.py is its test.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.speech.timemap import Span

FRAME_SECONDS = 0.01
SMOOTH_FRAMES, LOCAL_FRAMES = 5, 60  # of a dip, and of what it is compared with: about one word
FARTHEST_FRAMES = 15  # a lag by more would be a syllable's dip, not a word's
FEWEST_BEGINNINGS = 150  # with a third of that the dips within words win now and then
FROM_PAUSE_SECONDS = 0.25  # a beginning after a pause is anywhere in the pause
DIP_LEADS_FRAMES = 2  # the quietest moment comes so much before what people mark as a word's beginning
SHORT_OF = 0.1  # dB by which a lag of 100 ms has to be better than none: of two alike the smaller is the likelier
FLOOR = 1e-7  # of the mean square: 16 bits hold nothing quieter


def measured(beginnings: Sequence[float], speech: Sequence[Span], samples: NDArray[np.float32], rate: int) -> float:
    """By how many seconds words' `beginnings` come after the sound of them; below 0: before it.

    `samples`: float32 of shape (time,), at `rate` Hz. 0 where too few beginnings lie within the spans of speech,
    away from their edges.
    """
    inner = [time for time in beginnings if any(_is_within(time, span) for span in speech)]
    if len(inner) < FEWEST_BEGINNINGS:
        return 0.0
    dips = _dips(samples, rate)
    frames = np.round(np.array(inner) / FRAME_SECONDS).astype(int)
    shifts = np.arange(-FARTHEST_FRAMES, FARTHEST_FRAMES + 1)
    scores = [dips[np.clip(frames + shift, 0, len(dips) - 1)].mean() - SHORT_OF * (shift / 10) ** 2 for shift in shifts]
    return -float(shifts[int(np.argmax(scores))] + DIP_LEADS_FRAMES) * FRAME_SECONDS


def _is_within(time: float, span: Span) -> bool:
    return span[0] + FROM_PAUSE_SECONDS < time < span[1] - FROM_PAUSE_SECONDS


def _dips(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """By how many dB each frame is quieter than its surroundings; shape (frames,)."""
    size = round(rate * FRAME_SECONDS)
    count = len(samples) // size
    power = (samples[: count * size].astype(np.float64).reshape(count, size) ** 2).mean(axis=1)
    level = 10 * np.log10(_smoothed(power, SMOOTH_FRAMES) + FLOOR)
    dips: NDArray[np.float64] = _smoothed(level, LOCAL_FRAMES) - level
    return dips


def _smoothed(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    smoothed: NDArray[np.float64] = np.convolve(values, np.ones(width) / width, "same")
    return smoothed
