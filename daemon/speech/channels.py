"""The two channels of a recording: whether each has a voice of its own, or both hold the same sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from daemon.speech.audio import SAMPLE_RATE, count_channels, pieces

FRAME = SAMPLE_RATE // 20  # 50 ms: longer than a voice takes from one microphone to the other, shorter than a syllable
BLOCK = 100 * FRAME  # what is compared at a time
FAR = 10.0  # 10 dB, in power: a voice so far below the other is not written down along with it
SILENT = 1e-4  # 40 dB below the other, over the whole: hiss, and no person who says a word now and then
ENOUGH = 0.25
"""The share that makes two channels of one recording; tests/daemon/speech/test_channels.py says what has how much.

Speech that is the same in both, from a mixing desk or a pair of microphones, has next to nothing.
"""


@dataclass(frozen=True)
class Channels:
    """The channels of `file`: how many, and which share of the sound is on one of two alone (0 to 1)."""

    file: Path
    count: int
    share: float

    @property
    def are_apart(self) -> bool:
        """Whether there are two, with voices of their own."""
        return self.count == 2 and self.share >= ENOUGH

    def pieces(self) -> Iterator[NDArray[np.int16]]:
        """The sound of both, of shape (2, time), on the times of the mix. Raise DaemonError as `decode` does."""
        return pieces(self.file, "stereo")


def channels_of(path: Path, report: Callable[[float], None] = lambda _fraction: None) -> Channels:
    """Look through the file at `path`; tell `report` how much is done. Raise DaemonError as `decode` does.

    A file of more than two channels is not looked through: those of a film are no persons.
    """
    count = count_channels(path)
    return Channels(path, count, _share(_powers(path, report)) if count == 2 else 0.0)


def _powers(path: Path, report: Callable[[float], None]) -> NDArray[np.float32]:
    """The power of each frame, of shape (2, frames)."""
    blocks = (block.astype(np.float32).reshape(2, -1, FRAME) for block in _blocks(pieces(path, "stereo", report)))
    return np.concatenate([(block**2).mean(axis=2) for block in blocks], axis=1)


def _blocks(pieces: Iterator[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
    """The same in blocks of whole frames; what is left at the end is dropped. Ten hours come in a million pieces."""
    waiting, length = [np.empty((2, 0), np.int16)], 0
    for piece in chain(pieces, [None]):
        if piece is not None:
            waiting.append(piece)
            length += piece.shape[1]
        if piece is None or length >= BLOCK:
            whole = np.concatenate(waiting, axis=1)
            end = length // FRAME * FRAME
            yield whole[:, :end]
            waiting, length = [whole[:, end:]], length - end


def _share(powers: NDArray[np.float32]) -> float:
    """The share of the sound that is on one channel alone. 0 where one is silent: nobody is to be told apart by it.

    Each channel counts as loud as the other: one that is only softer holds the same sound.
    """
    whole = powers.sum(axis=1, keepdims=True, dtype=np.float64)
    if not powers.size or whole.min() <= SILENT * whole.max():
        return 0.0
    levels = powers / whole
    louder, softer = levels.max(axis=0), levels.min(axis=0)
    return float(louder[louder > FAR * softer].sum() / louder.sum())
