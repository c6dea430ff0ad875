"""The steps from a decoded sound to a transcript: prepare, recognise, give the video's times back, collect."""

from __future__ import annotations

from collections.abc import Callable

from captions.transcript import Transcript
from daemon.errors import of_engine
from daemon.speech.audio import Audio
from daemon.speech.condition import AS_IT_IS, Condition, conditioned, restored
from daemon.speech.engines import Engine, Request, Transcription

DECODING = 0.05  # share of the whole in what is reported


def transcribe(
    audio: Audio,
    engine: Engine,
    engine_name: str,
    model: str,
    request: Request,
    progress: Callable[[float, str], None],
    condition: Condition = AS_IT_IS,
) -> Transcript:
    """Transcribe `audio`, prepared by `condition`; tell `progress` what is done and the step.

    Raise DaemonError, marked as the engine's.
    """

    def recognise(prepared: Audio) -> Transcription:
        progress(DECODING, "recognising")
        with of_engine():
            return engine.transcribe(
                prepared, request, lambda fraction: progress(DECODING + fraction * (1 - DECODING), "recognising")
            )

    if condition.is_off:
        heard = recognise(audio)
    else:
        progress(DECODING, "preparing the sound")
        prepared, times = conditioned(audio, condition)
        heard = restored(recognise(prepared), times)
    return Transcript(
        words=heard.words,
        language=heard.language,
        engine=engine_name,
        model=model,
        seconds=audio.seconds,
        turns=heard.turns,
        speech=heard.speech,
        extras=heard.extras,
        approximate=heard.approximate,
    )
