"""What a server finds out of the bytes that it is sent: whether they are audio, how long it is, and of which recording.

PyAV is loaded when it is used.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
STEP = 160  # samples of one value of loudness: 10 ms
Loudness = NDArray[np.float64]


@dataclass(frozen=True)
class Audio:
    """`channels` is 0 where there is no audio."""

    seconds: float = 0.0
    channels: int = 0

    def __bool__(self) -> bool:
        return self.channels > 0


def measure(data: bytes) -> Audio:
    """How long the sound in a file is, by what the file says of itself."""
    import av

    try:
        with av.open(io.BytesIO(data)) as container:
            if not container.streams.audio:
                return Audio()
            stream = container.streams.audio[0]
            return Audio(_seconds(container, stream), stream.channels)
    except av.FFmpegError:
        return Audio()


def _seconds(container: Any, stream: Any) -> float:
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None:
        return float(container.duration) / 1_000_000
    return float(sum(frame.samples / frame.sample_rate for frame in container.decode(stream)))


def place(part: bytes, whole: bytes) -> float:
    """At which second of a recording a piece of it begins, by where their loudness agrees best."""
    return _best(loudness(part), loudness(whole)) * STEP / RATE


@lru_cache(maxsize=8)
def loudness(data: bytes) -> Loudness:
    """The loudness of every 10 ms."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(io.BytesIO(data)) as container:
        frames = [*container.decode(audio=0), None]
        pieces = [one.to_ndarray()[0] for frame in frames for one in resampler.resample(frame)]
    samples = np.concatenate([*pieces, np.zeros(STEP)]).astype(np.float64)
    whole = samples[: len(samples) // STEP * STEP].reshape(-1, STEP)
    loud: Loudness = np.log1p(np.abs(whole).mean(axis=1))
    return loud


def _best(part: Loudness, whole: Loudness) -> int:
    """Where `part` lies in `whole` so that they correlate most; a piece does not reach beyond the end."""
    room = len(whole) - len(part)
    if room <= 0:
        return 0
    size = 1 << (len(whole) + len(part)).bit_length()
    centred = part - part.mean()
    spectrum = np.fft.rfft(whole, size) * np.conj(np.fft.rfft(centred, size))
    products = np.fft.irfft(spectrum, size)[: room + 1]
    sums, squares = np.cumsum([0.0, *whole]), np.cumsum([0.0, *(whole**2)])
    count = len(part)
    mean = (sums[count : count + room + 1] - sums[: room + 1]) / count
    power = (squares[count : count + room + 1] - squares[: room + 1]) / count - mean**2
    return int(np.argmax(products / np.sqrt(np.maximum(power, 1e-9))))
