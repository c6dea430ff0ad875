"""Engines of speech recognition: one Protocol, one file per engine, one table.

An engine declares what it brings, reads the table of its name below [daemon.engines], and imports its library inside
its methods: whoever does not use it does not pay for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from captions.transcript import SpeechSpan, Word
from daemon.speech.engines import whisper
from daemon.speech.engines.contract import Request, Transcription

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

__all__ = ["ENGINES", "Engine", "EngineKind", "Request", "SpeechSpan", "Transcription", "Word"]


class Engine(Protocol):
    """A loaded engine. Times are seconds from the start of the audio, ordered, within it."""

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        """Recognise all speech in `audio`; tell `progress` how much is done, 0 to 1. Raise DaemonError."""
        ...


@dataclass(frozen=True)
class EngineKind:
    """What an engine brings, and how to make one from its options (a JSON object)."""

    load: Callable[[Mapping[str, Any]], Engine]
    why_not: Callable[[Mapping[str, Any]], str]  #: "" if it looks ready; loads nothing
    is_here: Callable[[Mapping[str, Any]], bool]  #: whether its model is on this machine, not to be fetched first
    shaping: Callable[[Mapping[str, Any]], dict[str, Any]]  #: the options that change the words, not only the speed
    local: bool
    word_times: bool
    speakers: bool
    languages: frozenset[str] | None  #: None: all that its model knows
    maximum_seconds: float | None


ENGINES: dict[str, EngineKind] = {
    "whisper": EngineKind(
        load=whisper.load,
        why_not=whisper.why_not,
        is_here=whisper.is_here,
        shaping=whisper.shaping,
        local=True,
        word_times=True,
        speakers=False,
        languages=None,
        maximum_seconds=None,
    ),
}
