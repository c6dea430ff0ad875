"""The walk that engines share which take only short sounds: find speech, cut at pauses, hear piece after piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from captions.transcript import SpeechSpan, Word
from daemon.speech import voice_activity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.speech.audio import Audio
    from daemon.speech.voice_activity import Piece

SEARCH = 0.02  # share of the work that finding the speech takes, on a CPU


@dataclass(frozen=True)
class Heard:
    """`notes`: sentences about cuts in speech."""

    words: tuple[Word, ...]
    speech: tuple[SpeechSpan, ...]
    notes: tuple[str, ...]


def hear(
    audio: Audio,
    longest: float,
    at_least: float,
    recognise: Callable[[NDArray[np.float32], Piece], list[Word]],
    progress: Callable[[float], None],
) -> Heard:
    """Give `recognise` each piece of at most `longest` seconds with its samples, `at_least` so many seconds of them.

    It answers with words in seconds of the whole sound, within the piece. `progress` is told 0 to 1 between pieces;
    whatever it raises ends the walk.
    """
    speech = voice_activity.spans(audio, lambda fraction: progress(SEARCH * fraction))
    found = voice_activity.cut(speech, audio.seconds, longest)
    words: list[Word] = []
    for number, piece in enumerate(found.pieces, start=1):
        words.extend(recognise(voice_activity.samples(audio, piece, at_least), piece))
        progress(SEARCH + (1 - SEARCH) * number / len(found.pieces))
    if not found.pieces:
        progress(1.0)
    return Heard(tuple(words), speech, tuple(voice_activity.hard_cut_notes(found)))
