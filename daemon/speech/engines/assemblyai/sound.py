"""The sound as it is sent: FLAC, which loses nothing and is half as large as the samples."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

from daemon.errors import TryLater

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

BLOCK_SECONDS = 10
FULL_SCALE = 32767  # of 16 bits


def write(audio: Audio, file: IO[bytes], tell: Callable[[float], None]) -> None:
    """Write the sound into `file`; tell how much is done, 0 to 1. Raise TryLater if the disk does not take it."""
    import av

    try:
        with av.open(file, "w", format="flac") as container:
            stream = container.add_stream("flac", rate=audio.sample_rate, layout="mono", format="s16")
            for frame in _frames(audio, tell):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except OSError as error:
        raise TryLater(f"the sound could not be prepared for AssemblyAI: {error.strerror or error}") from error


def _frames(audio: Audio, tell: Callable[[float], None]) -> Any:
    import av
    import numpy as np

    size = BLOCK_SECONDS * audio.sample_rate
    for begin in range(0, len(audio.samples), size):
        block = np.clip(audio.samples[begin : begin + size], -1, 1) * FULL_SCALE
        frame = av.AudioFrame.from_ndarray(block.astype(np.int16)[None], format="s16", layout="mono")
        frame.sample_rate, frame.pts = audio.sample_rate, begin
        yield frame
        tell((begin + len(block)) / len(audio.samples))
