"""The steps from a decoded sound to a transcript: recognise, collect."""

from __future__ import annotations

from collections.abc import Callable

from captions.transcript import Transcript
from daemon.errors import of_engine
from daemon.speech.audio import Audio
from daemon.speech.engines import Engine, Request

DECODING = 0.05  # share of the whole in what is reported


def transcribe(
    audio: Audio,
    engine: Engine,
    engine_name: str,
    model: str,
    request: Request,
    progress: Callable[[float, str], None],
) -> Transcript:
    """Transcribe `audio`; tell `progress` what is done and the step. Raise DaemonError, marked as the engine's."""
    progress(DECODING, "recognising")
    with of_engine():
        heard = engine.transcribe(
            audio, request, lambda fraction: progress(DECODING + fraction * (1 - DECODING), "recognising")
        )
    return Transcript(
        words=heard.words,
        language=heard.language,
        engine=engine_name,
        model=model,
        seconds=audio.seconds,
        turns=heard.turns,
        speech=heard.speech,
        extras=heard.extras,
    )
