"""Decode any recording to what the engines take: mono float32 at 16 kHz."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from daemon.errors import AskHuman, GiveUp, TryLater

SAMPLE_RATE = 16_000  #: Hz; what every engine here was trained on
BLOCK_SAMPLES = 30 * SAMPLE_RATE


@dataclass(frozen=True)
class Audio:
    """`samples`: float32 of shape (time,), -1 to 1; `seconds`: its length. Time 0 is the video's time 0."""

    samples: NDArray[np.float32]
    sample_rate: int
    seconds: float


def decode(path: Path, report: Callable[[float], None] = lambda _fraction: None) -> Audio:
    """Decode the first sound track of the file at `path`, and tell `report` how much of it is done (0 to 1).

    Silence is put where the file has none: before a track that starts late, and into gaps, so that times stay
    those of the video. Damaged packets are passed over. Raise GiveUp if there is no sound to be had,
    AskHuman if the file cannot be read.
    """
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise GiveUp(f"{path.name} has no sound track")
            blocks = _resampled(container, report)
            samples = _joined(blocks)
    except FileNotFoundError:
        raise AskHuman(f"there is no file {path}") from None
    except (av.error.FFmpegError, OSError) as error:  # some of the first kind are ValueErrors
        raise _translated(path, error) from error
    if not len(samples):
        raise GiveUp(f"{path.name} has a sound track, but no sound could be decoded from it")
    return Audio(samples, SAMPLE_RATE, len(samples) / SAMPLE_RATE)


def _translated(path: Path, error: Exception) -> AskHuman | GiveUp | TryLater:
    match error:
        case av.error.InvalidDataError():
            return GiveUp(f"{path.name} is no recording that can be decoded, or it is damaged")
        case PermissionError():
            return AskHuman(f"{path} may not be read: change its permissions")
        case OSError(errno=errno.EIO | errno.ENOMEM):
            return TryLater(f"{path.name} could not be read: {error.strerror}")
        case _:
            return GiveUp(f"{path.name} cannot be decoded: {getattr(error, 'strerror', error)}")


def _resampled(container: Any, report: Callable[[float], None]) -> list[NDArray[np.float32]]:
    """The blocks of the first sound track at 16 kHz, each at its place in time."""
    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    total = _seconds_of(container, stream)
    blocks: list[NDArray[np.float32]] = []
    length = 0
    for frame in _frames(container, stream):
        if frame.time is not None:
            blocks.append(_silence_until(frame.time, length))
            length += len(blocks[-1])
        frame.pts = None  # the resampler would refuse times that jump; they were dealt with above
        for piece in resampler.resample(frame):
            blocks.append(_flat(piece))
            length += len(blocks[-1])
        if total:
            report(min(1.0, length / SAMPLE_RATE / total))
    blocks.extend(map(_flat, resampler.resample(None)))
    return blocks


def _flat(frame: Any) -> NDArray[np.float32]:
    samples: NDArray[np.float32] = frame.to_ndarray().reshape(-1)
    return samples


def _frames(container: Any, stream: Any) -> Any:
    """The decodable frames; a damaged packet, or a file cut off, does not end the rest."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


def _silence_until(seconds: float, length: int) -> NDArray[np.float32]:
    """Silence that brings `length` samples up to `seconds`; none where the gap is only rounding."""
    missing = round(seconds * SAMPLE_RATE) - length
    return np.zeros(missing if missing > SAMPLE_RATE // 10 else 0, dtype=np.float32)


def _seconds_of(container: Any, stream: Any) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _joined(blocks: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.ascontiguousarray(np.concatenate(blocks), dtype=np.float32) if blocks else np.zeros(0, np.float32)
