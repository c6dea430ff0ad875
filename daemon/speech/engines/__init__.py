"""Engines of speech recognition: one Protocol (contract.py), one file or folder per engine, one table.

An engine declares what it brings, reads the table of its name below [daemon.engines], and imports its library inside
its methods: whoever does not use it does not pay for it.
"""

from __future__ import annotations

from captions.transcript import SpeechSpan, Word
from daemon.speech.engines import assemblyai, fireredasr, gemini, parakeet, whisper
from daemon.speech.engines.contract import Engine, EngineKind, Request, Transcription

__all__ = ["ENGINES", "Engine", "EngineKind", "Request", "SpeechSpan", "Transcription", "Word"]


ENGINES: dict[str, EngineKind] = {
    "whisper": whisper.KIND,
    "parakeet": parakeet.KIND,
    "fireredasr": fireredasr.KIND,
    "assemblyai": assemblyai.KIND,
    "gemini": gemini.KIND,
}
