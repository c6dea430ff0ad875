"""The steps from a decoded sound to a transcript: prepare, recognise, give the video's times back, collect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from captions import language
from captions.transcript import Transcript
from daemon.errors import of_engine
from daemon.speech.audio import Audio
from daemon.speech.condition import AS_IT_IS, Condition, conditioned, restored
from daemon.speech.engines import Engine, Request, Transcription

ENOUGH_WORDS = 30  # to say of what language they are
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
        extras=_with_doubts(heard),
        approximate=heard.approximate,
    )


def _with_doubts(heard: Transcription) -> Mapping[str, Any]:
    """The extras, with a note where the words are plainly of another language than it is said, or was asked for."""
    said = heard.language.partition("-")[0].lower()
    told = language.guess(" ".join(word.text for word in heard.words)) if len(heard.words) >= ENOUGH_WORDS else None
    if told is None or told == said or said not in language.EUROPEAN:
        return heard.extras
    note = f"The words look like those of another language: {told}, not {said}. If so, set the language of the channel."
    return {**heard.extras, "notes": [*heard.extras.get("notes", ()), note]}
