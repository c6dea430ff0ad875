"""The warm child that holds what tells voices apart: `python -m daemon.speech.voices_worker`. Torch lives here alone.

A request names the sound file, the options and how many speak; the pipeline stays loaded while its options stay the
same. The answer holds who speaks when, and what each voice is like. A request with a transcript has the feelings of its
voices told.
"""

from __future__ import annotations

import json
from pathlib import Path

from daemon.children import Message, Progress, serve
from daemon.speech import diarize
from daemon.speech.audio import decode
from daemon.speech.diarize import Diarizer, Options
from daemon.speech.emotion.worker import EmotionWorker
from daemon.speech.pipeline import DECODING
from daemon.speech.voices import to_message
from daemon.speech.worker import told_all_along


class VoicesWorker:
    """Keeps the pipeline between requests."""

    def __init__(self) -> None:
        self._diarizer: Diarizer | None = None
        self._loaded = ""
        self._emotion = EmotionWorker()

    def handle(self, request: Message, progress: Progress) -> Message:
        """Tell the voices of one file apart. Raise DaemonError."""
        audio = decode(Path(request["path"]), lambda fraction: progress(fraction * DECODING, "decoding"))
        if "emotion" in request:
            return self._emotion.handle(request, audio, progress)
        with told_all_along(progress, "loading what tells voices apart", DECODING):
            diarizer = self._ready(request["options"], request["token"])
        speakers = request["speakers"]
        found = diarizer.diarize(
            audio,
            None if speakers is None else (speakers[0], speakers[1]),
            lambda fraction: progress(DECODING + fraction * (1 - DECODING), "telling voices apart"),
        )
        return {**to_message(found), "seconds": audio.seconds}

    def _ready(self, options: Message, token: str) -> Diarizer:
        wanted = json.dumps(options, sort_keys=True)
        if self._diarizer is None or self._loaded != wanted:
            self._diarizer = None  # the old one's memory goes before the new one's comes
            self._diarizer = diarize.load(Options.model_validate(options), token)
            self._loaded = wanted
        return self._diarizer


if __name__ == "__main__":
    serve(VoicesWorker().handle)
