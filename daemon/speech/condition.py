"""Prepare a decoded sound for an engine, and give what was heard in it the times of the video again.

    Audio ──► high-pass ──► noise reduction ──► loudness ──► long pauses cut ──► engine ──► TimeMap.original ──► times

Each step is off unless it is set; bench/condition.py says what each does to Whisper's words. The filters are
FFmpeg's, which PyAV brings: `highpass`, `afftdn` (spectral subtraction; its noise floor is taken from the recording)
and `ebur128` (ITU-R BS.1770-4). noisereduce was looked at instead: its last release is of October 2024, and it wants
scipy and matplotlib.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from captions.transcript import SpeechSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.speech.audio import Audio
    from daemon.speech.engines.contract import Transcription
    from daemon.speech.timemap import TimeMap

PEAK = 0.99  # of full scale: a gain ends where the loudest sample would be cut off
SILENT_LUFS = -69.0  # BS.1770 hears nothing below -70: noise is not to be made speech
FRAME_SAMPLES = 4096
DENOISE_DELAY = 40  # afftdn gives everything a 40th of a second late, and keeps the last one


class Condition(BaseModel):
    """What is done to a sound before an engine hears it. 0: nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    high_pass_hertz: float = Field(default=0.0, ge=0, le=1000)  #: what is lower goes: rumble, hum
    denoise_decibels: float = Field(default=0.0, ge=0, le=97)  #: by how much steady noise is lowered
    loudness_lufs: float = Field(default=0.0, ge=-70, le=0)  #: integrated loudness, as -23 of EBU R 128
    longest_pause_seconds: float = Field(default=0.0, ge=0)  #: what of a longer pause is left

    @property
    def is_off(self) -> bool:
        return not any(self.model_dump().values())

    def over(self, engines: Condition) -> Condition:
        """These settings, and those of the engine where these say nothing."""
        said = {name: value for name, value in self.model_dump().items() if value}
        return Condition.model_validate({**engines.model_dump(), **said})


AS_IT_IS = Condition()


def conditioned(audio: Audio, condition: Condition) -> tuple[Audio, TimeMap]:
    """The sound as an engine is to hear it, and the map from its seconds to those of `audio`.

    A sound too short for a step (loudness is of blocks of 0.4 s), or silent, is left as it is by that step. Channels
    are not prepared: it has none any more.
    """
    import numpy as np

    from daemon.speech.timemap import TimeMap, without_long_pauses

    samples = _filtered(audio.samples, audio.sample_rate, condition)
    if condition.loudness_lufs:
        samples = _as_loud(samples, audio.sample_rate, condition.loudness_lufs)
    if not condition.longest_pause_seconds:
        return replace(audio, samples=samples, channels=None), TimeMap(((0.0, audio.seconds),))
    from daemon.speech.alignment import speech_spans

    prepared = replace(audio, samples=samples, channels=None)
    times = without_long_pauses(speech_spans(prepared), audio.seconds, condition.longest_pause_seconds)
    edges = [(round(start * audio.sample_rate), round(end * audio.sample_rate)) for start, end in times.pieces]
    left = np.concatenate([samples[start:end] for start, end in edges])
    return replace(prepared, samples=left, seconds=len(left) / audio.sample_rate), times


def restored(heard: Transcription, times: TimeMap) -> Transcription:
    """What was heard, with the times of the whole sound."""
    words = []
    for word in heard.words:
        start, end = times.word(word.start, word.end)
        words.append(replace(word, start=start, end=end))
    speech = tuple(
        SpeechSpan(*times.span(one.start, one.end), no_speech_probability=one.no_speech_probability)
        for one in heard.speech
    )
    turns = []
    for turn in heard.turns:
        start, end = times.span(turn.start, turn.end)
        turns.append(replace(turn, start=start, end=end))
    extras = {name: _in_whole(value, times) for name, value in heard.extras.items()}
    return replace(heard, words=tuple(words), speech=speech, turns=tuple(turns), extras=extras)


def _in_whole(value: Any, times: TimeMap) -> Any:
    """The same JSON, where a list's objects have `start` and `end` with these in the whole sound."""
    if isinstance(value, (list, tuple)):
        return [_in_whole(one, times) for one in value]
    if not isinstance(value, Mapping) or not {"start", "end"} <= set(value) or None in (value["start"], value["end"]):
        return value
    start, end = times.span(float(value["start"]), float(value["end"]))
    return {**value, "start": start, "end": end}


def _filtered(samples: NDArray[np.float32], rate: int, condition: Condition) -> NDArray[np.float32]:
    """High-pass (12 dB per octave) and noise reduction; as many samples as before."""
    if not len(samples):
        return samples
    filters: list[tuple[str, str]] = []
    if condition.high_pass_hertz:
        filters.append(("highpass", f"f={condition.high_pass_hertz}"))
    if condition.denoise_decibels:
        filters.append(("afftdn", f"nr={max(0.01, condition.denoise_decibels)}:nf={_floor(samples, rate)}"))
    if not filters:
        return samples
    import numpy as np

    late = rate // DENOISE_DELAY if condition.denoise_decibels else 0
    blocks = [frame.to_ndarray().reshape(-1) for frame in _through(np.pad(samples, (0, late)), rate, filters)]
    made = np.concatenate(blocks)[late : late + len(samples)].astype(np.float32)
    return np.pad(made, (0, len(samples) - len(made)))


def _floor(samples: NDArray[np.float32], rate: int) -> float:
    """The level of the noise in dBFS, as afftdn takes it: that below which a tenth of all 20 ms are.

    The filter can track it by itself, but then takes less than 1 dB from steady noise.
    """
    import numpy as np

    size = max(1, min(len(samples), rate // 50))
    count = len(samples) // size
    power = (samples[: count * size].astype(np.float64).reshape(count, size) ** 2).mean(axis=1)
    return float(np.clip(10 * np.log10(np.percentile(power, 10) + 1e-12), -80, -20))


def _as_loud(samples: NDArray[np.float32], rate: int, wanted: float) -> NDArray[np.float32]:
    """The whole louder or softer, by one factor, until its integrated loudness is as wanted or its peak is full."""
    import numpy as np

    loudness = integrated_lufs(samples, rate)
    if loudness is None or loudness < SILENT_LUFS:
        return samples
    factor = min(10 ** ((wanted - loudness) / 20), PEAK / float(np.abs(samples).max()))
    return samples * np.float32(factor)


def integrated_lufs(samples: NDArray[np.float32], rate: int) -> float | None:
    """Integrated loudness by ITU-R BS.1770-4 (K-weighted, gated); None for a sound of less than one block."""
    measured = None
    for frame in _through(samples, rate, [("ebur128", "metadata=1")]):
        measured = frame.metadata.get("lavfi.r128.I", measured)
    return None if measured is None else float(measured)


def _through(samples: NDArray[np.float32], rate: int, filters: list[tuple[str, str]]) -> list[Any]:
    """The frames that come out of FFmpeg's filters, in order."""
    import av

    graph = av.filter.Graph()
    nodes = [
        graph.add_abuffer(sample_rate=rate, format="flt", layout="mono"),
        *(graph.add(name, options) for name, options in filters),
        graph.add("aformat", f"sample_fmts=flt:channel_layouts=mono:sample_rates={rate}"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*nodes).configure()
    frames: list[Any] = []
    for begin in range(0, len(samples), FRAME_SAMPLES):
        graph.push(_frame(samples[begin : begin + FRAME_SAMPLES], rate, begin))
        frames += _pulled(graph)
    graph.push(None)
    return frames + _pulled(graph)


def _frame(block: NDArray[np.float32], rate: int, begin: int) -> Any:
    from fractions import Fraction

    import av
    import numpy as np

    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block)[None], format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, begin, Fraction(1, rate)
    return frame


def _pulled(graph: Any) -> list[Any]:
    import av

    frames = []
    while True:
        try:
            frames.append(graph.pull())
        except (av.error.BlockingIOError, av.error.EOFError):
            return frames
