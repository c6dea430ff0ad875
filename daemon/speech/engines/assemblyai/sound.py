"""The sound as it is sent: FLAC, which loses nothing and is half as large as the samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any

from daemon.errors import TryLater

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.speech.audio import Audio

BLOCK_SECONDS = 10
FULL_SCALE = 32767  # of 16 bits


def write(audio: Audio, file: IO[bytes], tell: Callable[[float], None], apart: bool = False) -> None:
    """Write the sound into `file`, or, `apart`, its two channels; tell how much is done, 0 to 1.

    Raise TryLater if the disk does not take it, DaemonError if the channels cannot be read again.
    """
    import av

    try:
        with av.open(file, "w", format="flac") as container:
            layout = "stereo" if apart else "mono"
            stream = container.add_stream("flac", rate=audio.sample_rate, layout=layout, format="s16")
            for frame in _frames(_channels(audio) if apart else _mixed(audio), layout, audio, tell):
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except OSError as error:
        raise TryLater(f"the sound could not be prepared for AssemblyAI: {error.strerror or error}") from error


def _mixed(audio: Audio) -> Iterator[NDArray[np.int16]]:
    import numpy as np

    size = BLOCK_SECONDS * audio.sample_rate
    for begin in range(0, len(audio.samples), size):
        yield (np.clip(audio.samples[begin : begin + size], -1, 1) * FULL_SCALE).astype(np.int16)[None]


def _channels(audio: Audio) -> Iterator[NDArray[np.int16]]:
    return iter(()) if audio.channels is None else audio.channels.pieces()


def _frames(
    pieces: Iterator[NDArray[np.int16]], layout: str, audio: Audio, tell: Callable[[float], None]
) -> Iterator[Any]:
    """Frames of what is of shape (channels, time)."""
    import av

    done = 0
    for piece in pieces:
        if not piece.size:
            continue
        frame = av.AudioFrame.from_ndarray(piece.T.reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate, frame.pts = audio.sample_rate, done
        yield frame
        done += piece.shape[1]
        tell(min(1.0, done / len(audio.samples)))
