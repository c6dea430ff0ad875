"""Where somebody speaks: Silero's voice activity detection, as faster-whisper's wheel carries it."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

BLOCK_SECONDS = 60.0  # a block takes a tenth of a second: a cancel is seen between two; ten hours at once take 5 GB
SILENCE_SECONDS = 0.3  # a shorter one is a breath, or a stop within a word
PADDING_SECONDS = 0.1  # of speech, whose first sound is often not heard as such


@dataclass(frozen=True)
class Span:
    """From `start` to `end` seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start

    def within(self, begin: float, end: float) -> Span:
        """The part of it between these times; it may be empty, or less than that."""
        return Span(max(self.start, begin), min(self.end, end))


def speech(audio: Audio, progress: Callable[[float], None]) -> tuple[Span, ...]:
    """Where speech is heard in `audio`, in order, with silences between; tell `progress` how much is done (0 to 1)."""
    found: list[Span] = []
    for span in _by_blocks(audio, progress):
        if found and span.start - found[-1].end < SILENCE_SECONDS:  # the edge of a block cut it in two
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return tuple(found)


def between(speech: Sequence[Span], begin: float, end: float) -> tuple[Span, ...]:
    """The speech between two times, of spans in order."""
    first = bisect.bisect_right(speech, begin, key=lambda span: span.end)
    cut = (span.within(begin, end) for span in takewhile(lambda span: span.start < end, islice(speech, first, None)))
    return tuple(span for span in cut if span.seconds > 0)


def seconds(speech: Sequence[Span]) -> float:
    """How long it is together."""
    return sum(span.seconds for span in speech)


def _by_blocks(audio: Audio, progress: Callable[[float], None]) -> Iterator[Span]:
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_silence_duration_ms=round(SILENCE_SECONDS * 1000), speech_pad_ms=round(PADDING_SECONDS * 1000)
    )
    size, rate = round(BLOCK_SECONDS * audio.sample_rate), audio.sample_rate
    for place in range(0, len(audio.samples), size):
        for one in get_speech_timestamps(audio.samples[place : place + size], options, rate):
            yield Span((place + one["start"]) / rate, min(audio.seconds, (place + one["end"]) / rate))
        progress(min(1.0, (place + size) / len(audio.samples)))
