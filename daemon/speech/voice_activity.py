"""Where somebody speaks, and where a sound may be cut so that a recogniser takes it.

The detector is Silero's (v6), as faster-whisper's wheel carries it. `cut` only computes: spans in, pieces out.
"""

from __future__ import annotations

import math
from bisect import bisect, bisect_right, insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from captions.transcript import SpeechSpan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.speech.audio import Audio

BLOCK_SECONDS = 120.0  # heard at once, in a second on a slow CPU: so long does a cancel wait
PAUSE_SECONDS = 0.16  # a shorter silence is one inside a word: a stop takes 0.1 s
LONG_PAUSE_SECONDS = 2.0  # always cut at: there is nothing to hear, and a recogniser may invent something
PAD_SECONDS = 0.2  # kept around a piece's speech: the detector hears a soft first consonant late


@dataclass(frozen=True)
class Piece:
    """A stretch of a sound from `start` to `end` seconds, and the spans of speech in it."""

    start: float
    end: float
    speech: tuple[SpeechSpan, ...]

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class Cut:
    """Pieces in order, none over another; `hard`: the seconds at which the sound was cut in speech."""

    pieces: tuple[Piece, ...]
    hard: tuple[float, ...] = ()


def spans(
    audio: Audio, report: Callable[[float], None] = lambda _fraction: None, block_seconds: float = BLOCK_SECONDS
) -> tuple[SpeechSpan, ...]:
    """Where somebody speaks in `audio` (16 kHz); tell `report` how much of it is done, 0 to 1.

    The spans are in order, with at least PAUSE_SECONDS of silence between them. Whatever `report` raises ends it.
    """
    found: list[SpeechSpan] = []
    length = round(block_seconds * audio.sample_rate)
    for begin in range(0, len(audio.samples), length):
        block = audio.samples[begin : begin + length]
        found.extend(_in_block(block, begin / audio.sample_rate, audio))
        report(min(1.0, (begin + len(block)) / len(audio.samples)))
    return tuple(_joined(found))


def cut(speech: Sequence[SpeechSpan], seconds: float, longest: float) -> Cut:
    """Cut a sound of `seconds` into pieces of at most `longest` seconds, which together hold all `speech`.

    `speech` is in order, its spans apart. The longest pauses are cut at first, and only where a piece is still too
    long; pauses of LONG_PAUSE_SECONDS always. Who speaks on for longer than a piece is cut into equal parts. Raise
    ValueError if `longest` leaves no room beside the pads.
    """
    room = longest - 2 * PAD_SECONDS
    if room <= 0:
        raise ValueError(f"pieces of {longest} s are too short: {2 * PAD_SECONDS} s of each are silence")
    parts = [part for span in speech for part in _parts(span, room)]
    groups = [tuple(parts[first:last]) for first, last in pairwise(_places(parts, room))]
    borders = [0.0, *((before[-1].end + after[0].start) / 2 for before, after in pairwise(groups)), seconds]
    pieces = [_piece(group, *around) for group, around in zip(groups, pairwise(borders), strict=True)] if parts else []
    hard = [after[0].start for before, after in pairwise(groups) if before[-1].end == after[0].start]
    return Cut(tuple(pieces), tuple(hard))


def between(speech: Sequence[SpeechSpan], begin: float, end: float) -> tuple[SpeechSpan, ...]:
    """The speech from `begin` to `end` seconds, of spans in order."""
    first = bisect_right(speech, begin, key=lambda span: span.end)
    spans = takewhile(lambda span: span.start < end, islice(speech, first, None))
    cut = (replace(span, start=max(span.start, begin), end=min(span.end, end)) for span in spans)
    return tuple(span for span in cut if span.seconds > 0)


def samples(audio: Audio, piece: Piece, at_least: float = 0.0) -> NDArray[np.float32]:
    """The samples of a piece, of shape (time,); silence after them where it is shorter than `at_least` seconds."""
    import numpy as np

    found = audio.samples[round(piece.start * audio.sample_rate) : round(piece.end * audio.sample_rate)]
    missing = round(at_least * audio.sample_rate) - len(found)
    return np.pad(found, (0, missing)) if missing > 0 else found


def hard_cut_notes(found: Cut) -> list[str]:
    """What a person should know of cuts in speech; nothing where there are none."""
    if not found.hard:
        return []
    first = ", ".join(f"{int(place) // 60}:{int(place) % 60:02}" for place in found.hard[:5])
    more = f" and {len(found.hard) - 5} more" if len(found.hard) > 5 else ""
    return [f"Nobody pauses around {first}{more}: the sound was cut there in speech, look for broken words."]


def _in_block(block: NDArray[np.float32], begin: float, audio: Audio) -> Iterator[SpeechSpan]:
    """The speech of a block that begins at the second `begin`, without pads: pauses keep their lengths."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(min_silence_duration_ms=round(PAUSE_SECONDS * 1000), speech_pad_ms=0)
    for one in get_speech_timestamps(block, options):
        start, end = (min(begin + one[name] / audio.sample_rate, audio.seconds) for name in ("start", "end"))
        if start < end:
            yield SpeechSpan(start, end)


def _joined(found: Sequence[SpeechSpan]) -> Iterator[SpeechSpan]:
    """Speech that goes on over the border of two blocks is one span."""
    last: SpeechSpan | None = None
    for span in found:
        if last is not None and span.start - last.end < PAUSE_SECONDS:
            last = SpeechSpan(last.start, max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _parts(span: SpeechSpan, room: float) -> Iterator[SpeechSpan]:
    """A span itself, or equal parts of it that fit into `room` seconds, each ending where the next begins."""
    count = max(1, math.ceil(span.seconds / room))
    places = [span.start + span.seconds * number / count for number in range(count)]
    for start, end in pairwise([*places, span.end]):
        yield SpeechSpan(start, end, span.no_speech_probability)


def _places(parts: Sequence[SpeechSpan], room: float) -> list[int]:
    """Before which of the parts to cut, the first and one past the last among them."""

    def pause(index: int) -> float:
        return parts[index].start - parts[index - 1].end

    places = [0, len(parts)]
    for index in sorted(range(1, len(parts)), key=pause, reverse=True):
        after = bisect(places, index)
        first, last = places[after - 1], places[after]
        if pause(index) >= LONG_PAUSE_SECONDS or parts[last - 1].end - parts[first].start > room:
            insort(places, index)
    return places


def _piece(group: tuple[SpeechSpan, ...], after: float, before: float) -> Piece:
    """A piece of the spans in `group` with a pad on both sides, between `after` and `before`."""
    return Piece(max(after, group[0].start - PAD_SECONDS), min(before, group[-1].end + PAD_SECONDS), group)
