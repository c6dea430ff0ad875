"""What goes into an engine and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

from captions.transcript import SpeechSpan, Word


@dataclass(frozen=True)
class Request:
    """`language`: BCP-47, None to detect it. `terms`: names and words to expect."""

    language: str | None = None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Transcription:
    """Words in the order they are spoken, the language (BCP-47), and where speech was heard."""

    words: tuple[Word, ...]
    language: str
    speech: tuple[SpeechSpan, ...] = ()
