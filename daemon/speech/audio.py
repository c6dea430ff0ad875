"""Decode any recording to what the engines take: mono float32 at 16 kHz."""

from __future__ import annotations

import contextlib
import errno
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import av
import numpy as np
from numpy.typing import NDArray

from captions.text import clean_line
from daemon.errors import AskHuman, GiveUp, TryLater

if TYPE_CHECKING:
    from daemon.speech.channels import Channels

SAMPLE_RATE = 16_000  #: Hz; what every engine here was trained on
FULL_SCALE = 32768.0  # of 16 bits
BLOCK = 20 * 60 * SAMPLE_RATE  # 38 MB: above 32 MB each is mapped by itself, and unmapped (mallopt, M_MMAP_THRESHOLD)
NAME_CHARACTERS = 300  # of a file, in what is said of it
LONGEST_GAP_SECONDS = 24 * 3600.0  # a jump by more is a damaged clock, not silence

Layout = Literal["mono", "stereo"]
CHANNELS: dict[Layout, int] = {"mono": 1, "stereo": 2}


@dataclass(frozen=True)
class Audio:
    """`samples`: float32 of shape (time,), -1 to 1; `seconds`: its length. Time 0 is the video's time 0.

    `channels`: those of the file that it is the mix of, where somebody wants them, and the sound is still that mix.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    seconds: float
    channels: Channels | None = None


def decode(path: Path, report: Callable[[float], None] = lambda _fraction: None) -> Audio:
    """Decode the first sound track of the file at `path`, and tell `report` how much of it is done (0 to 1).

    Silence is put where the file has none: before a track that starts late, and into gaps, so that times stay
    those of the video. Damaged packets are passed over. Raise GiveUp if there is no sound to be had,
    AskHuman if the file cannot be read.
    """
    samples = Samples()
    for piece in pieces(path, "mono", report):
        samples.add(piece[0])
    made = samples.floats()
    if not len(made):
        raise GiveUp(f"{_shown(path.name)} has a sound track, but no sound could be decoded from it: get it again")
    return Audio(made, SAMPLE_RATE, len(made) / SAMPLE_RATE)


def pieces(
    path: Path, layout: Layout, report: Callable[[float], None] = lambda _fraction: None
) -> Iterator[NDArray[np.int16]]:
    """What `decode` makes of the file, bit by bit: of shape (channels, time), 16 bits, on the same times in any layout.

    Raise DaemonError as `decode` does.
    """
    try:
        with _opened(path) as container:
            yield from _resampled(container, layout, report)
    except (av.error.FFmpegError, OSError) as error:  # some of the first kind are ValueErrors
        raise _translated(path, error) from error


def count_channels(path: Path) -> int:
    """How many channels the first sound track has. Raise DaemonError as `decode` does."""
    try:
        with _opened(path) as container:
            return int(container.streams.audio[0].codec_context.layout.nb_channels)
    except (av.error.FFmpegError, OSError) as error:
        raise _translated(path, error) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The container of a file that has sound. Raise FFmpegError, OSError, DaemonError."""
    _refuse_other_than_file(path)
    with av.open(str(path.absolute()), metadata_errors="ignore") as container:  # not "pipe:0": no path begins so
        if not container.streams.audio:
            raise GiveUp(f"{_shown(path.name)} has no sound track: there is nothing to caption")
        yield container


def refuse_unreadable(path: Path) -> None:
    """Raise DaemonError, as `decode` does, for what is no file that can be read."""
    try:
        _refuse_other_than_file(path)
        path.open("rb").close()
    except OSError as error:
        raise _translated(path, error) from error


def _refuse_other_than_file(path: Path) -> None:
    """A pipe would be waited for, and a device may never end. Raise OSError too, where there is nothing at all."""
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise AskHuman(f"{_shown(path)} is no file but a folder: name a recording in it")
    if not stat.S_ISREG(found.st_mode):
        raise AskHuman(f"{_shown(path)} is no file but a pipe or a device: save the recording in a file first")
    if not found.st_size:
        raise GiveUp(f"{_shown(path.name)} is no recording that can be decoded, it has 0 bytes: get it again")


def _shown(name: Path | str) -> str:
    """The name of a file as it may be shown: people can put anything into one."""
    return clean_line(str(name), NAME_CHARACTERS)


def _translated(path: Path, error: Exception) -> AskHuman | GiveUp | TryLater:
    name = _shown(path.name)
    match error:
        case av.error.InvalidDataError():
            return GiveUp(f"{name} is no recording that can be decoded, or it is damaged: get it again")
        case FileNotFoundError() | NotADirectoryError():
            return AskHuman(f"there is no file {_shown(path)}: check its name")
        case PermissionError():
            return AskHuman(f"{_shown(path)} may not be read: change its permissions")
        case OSError(errno=errno.EIO | errno.ENOMEM):
            return TryLater(f"{name} could not be read: {error.strerror}")
        case _:
            return GiveUp(f"{name} cannot be decoded: {getattr(error, 'strerror', None) or error}")


class Samples:
    """Samples as they come, in large blocks: each goes back to the system once it is taken, what is small would stay.

    Ten hours take 2.3 GB as floats, and take no more than that on their way.
    """

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.int16]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, samples: NDArray[np.int16]) -> None:
        while len(samples):
            begin = self._length % BLOCK
            if not begin:
                self._blocks.append(np.empty(BLOCK, np.int16))  # takes memory as it is filled
            taken = samples[: BLOCK - begin]
            self._blocks[-1][begin : begin + len(taken)] = taken
            self._length += len(taken)
            samples = samples[len(taken) :]

    def floats(self) -> NDArray[np.float32]:
        """All of them, -1 to 1; afterwards there are none here."""
        made = np.empty(self._length, np.float32)
        for begin in range(0, self._length, BLOCK):
            place = made[begin : begin + BLOCK]
            np.divide(self._blocks.pop(0)[: len(place)], np.float32(FULL_SCALE), out=place)
        self._length = 0
        return made


def _resampled(container: Any, layout: Layout, report: Callable[[float], None]) -> Iterator[NDArray[np.int16]]:
    """The first sound track at 16 kHz, each sample at its place in time."""
    stream = container.streams.audio[0]
    begins = _beginning(container)
    total = _end(container, stream, begins)
    resampler, shape, length = _resampler(layout), None, 0
    for frame in _frames(container, stream):
        made: list[NDArray[np.int16]] = []
        if shape not in (None, _shape(frame)):  # two recordings joined: a resampler takes only one shape
            made += _flat(resampler.resample(None), layout)
            resampler = _resampler(layout)
        shape = _shape(frame)
        if frame.time is not None:
            missing = _missing(frame.time - begins, length + _length(made), total)
            made.append(np.zeros((CHANNELS[layout], missing), np.int16))
        frame.pts = None  # the resampler would refuse times that jump; they were dealt with above
        made += _flat(resampler.resample(frame), layout)
        yield from made
        length += _length(made)
        if total:
            report(min(1.0, length / SAMPLE_RATE / total))
    yield from _flat(resampler.resample(None), layout)


def _resampler(layout: Layout) -> Any:
    """Whole numbers on purpose: mixed down to mono as floats, channels are summed, and stereo comes out too loud."""
    return av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE)


def _shape(frame: Any) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate


def _flat(frames: Any, layout: Layout) -> list[NDArray[np.int16]]:
    return [frame.to_ndarray().reshape(-1, CHANNELS[layout]).T for frame in frames]


def _length(pieces: list[NDArray[np.int16]]) -> int:
    return sum(piece.shape[1] for piece in pieces)


def _frames(container: Any, stream: Any) -> Any:
    """The decodable frames. A damaged packet does not end the rest, and a file that breaks off keeps what was there."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError:
            return
        if packet is None:
            return
        with contextlib.suppress(av.error.FFmpegError):
            yield from packet.decode()


def _missing(seconds: float, length: int, total: float | None) -> int:
    """How many samples of silence bring `length` up to `seconds`; 0 where a gap is only rounding, or there is none."""
    if seconds > (total or LONGEST_GAP_SECONDS):
        return 0
    missing = round(seconds * SAMPLE_RATE) - length
    return missing if missing > SAMPLE_RATE // 10 else 0


def _beginning(container: Any) -> float:
    """The time, in seconds, that counts as the video's 0: a broadcast's clock began long before its recording."""
    return float((container.start_time or 0) / av.time_base) if container.format.name == "mpegts" else 0.0


def _end(container: Any, stream: Any, begins: float) -> float | None:
    """When the sound ends, in seconds, as the file says it; None where it does not."""
    if stream.duration and stream.time_base:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base) - begins
    return float(container.duration / av.time_base) if container.duration else None
