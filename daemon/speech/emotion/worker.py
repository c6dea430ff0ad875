"""The part of the voices' child that tells emotion, see daemon/speech/voices_worker.py."""

from __future__ import annotations

import json

from captions import transcript
from daemon.children import Message, Progress
from daemon.speech.audio import Audio
from daemon.speech.emotion import hearing, options
from daemon.speech.emotion.contract import EmotionEngine
from daemon.speech.pipeline import DECODING
from daemon.speech.worker import told_all_along


class EmotionWorker:
    """Keeps the model between requests."""

    def __init__(self) -> None:
        self._engine: EmotionEngine | None = None
        self._loaded = ""

    def handle(self, request: Message, audio: Audio, progress: Progress) -> Message:
        """Add what is heard in the voices to the transcript of a sound. Raise DaemonError."""
        spoken = transcript.from_json(request["transcript"])
        with told_all_along(progress, "loading what tells emotion", DECODING):
            engine = self._ready(request["emotion"])
        found = hearing.heard(
            spoken,
            audio,
            engine,
            lambda fraction: progress(DECODING + fraction * (1 - DECODING), "listening to the voices"),
        )
        return {"transcript": transcript.to_json(found)}

    def _ready(self, wished: Message) -> EmotionEngine:
        wanted = json.dumps(wished, sort_keys=True)
        if self._engine is None or self._loaded != wanted:
            self._engine = None  # the old one's memory goes before the new one's comes
            self._engine = options.load(options.Options.model_validate(wished))
            self._loaded = wanted
        return self._engine
