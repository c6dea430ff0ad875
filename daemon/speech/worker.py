"""The warm child that holds the local engine: `python -m daemon.speech.worker`.

A request names the sound file, the engine and its options. The engine stays loaded while its options stay the same.
One without a sound file only loads it; one with a transcript gives its words the times at which they are said.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import captions.transcript
from daemon.children import Message, Progress, serve
from daemon.errors import of_engine
from daemon.speech.alignment import CTC, aligned
from daemon.speech.audio import Audio, decode
from daemon.speech.condition import Condition
from daemon.speech.device import DeviceName
from daemon.speech.engines import ENGINES, Request
from daemon.speech.pipeline import DECODING, transcribe

TELL_SECONDS = 10.0
LONGEST_SECONDS = 2 * 3600.0  # a load that takes longer hangs, and is no longer covered up


@contextmanager
def told_all_along(progress: Progress, step: str, fraction: float = 0.0) -> Iterator[None]:
    """Tell of a step again and again while it lasts: a model that is fetched at first may take an hour."""
    over = threading.Event()

    def tell() -> None:
        for _ in range(int(LONGEST_SECONDS / TELL_SECONDS)):
            if over.wait(TELL_SECONDS):
                return
            progress(fraction, step)

    progress(fraction, step)
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def _part(progress: Progress) -> Callable[[float], None]:
    return lambda fraction: progress(fraction * DECODING, "decoding")


def _asked(request: Message) -> Request:
    speakers = request.get("speakers")
    return Request(
        language=request["language"],
        terms=tuple(request.get("terms", ())),
        context=request.get("context", ""),
        speakers=None if speakers is None else (speakers[0], speakers[1]),
    )


def _aligned(request: Message, audio: Audio, engine: Any, progress: Progress) -> captions.transcript.Transcript:
    spoken = captions.transcript.from_json(request["transcript"])
    with of_engine():
        return aligned(
            spoken, audio, engine, lambda fraction: progress(DECODING + fraction * (1 - DECODING), "finding the times")
        )


def _load(name: str, options: Mapping[str, Any]) -> Any:
    """An engine, or the aligner that is none. Raise AskHuman if it cannot be."""
    if name == CTC:
        from daemon.speech import ctc_align

        return ctc_align.load(options["folder"], DeviceName(options["device"]))
    return ENGINES[name].load(options)


class Worker:
    """Keeps the engine between requests."""

    def __init__(self) -> None:
        self._engine: Any = None
        self._loaded = ""

    def handle(self, request: Message, progress: Progress) -> Message:
        """Transcribe one file, or align its words; the transcript's JSON is in `transcript`."""
        # first the sound: what is no recording is said before a model is loaded, or even fetched
        audio = decode(Path(request["path"]), _part(progress)) if "path" in request else None
        with told_all_along(progress, "loading the model", DECODING if audio else 0.0), of_engine():
            engine = self._ready(request["engine"], request["options"])
        if audio is None:
            return {}
        if "transcript" in request:
            return {"transcript": captions.transcript.to_json(_aligned(request, audio, engine, progress))}
        transcript = transcribe(
            audio,
            engine,
            request["engine"],
            request["options"].get("model", ""),
            _asked(request),
            progress,
            Condition.model_validate(request.get("condition", {})),
        )
        return {"transcript": captions.transcript.to_json(transcript)}

    def _ready(self, name: str, options: Mapping[str, Any]) -> Any:
        wanted = json.dumps([name, options], sort_keys=True)
        if self._engine is None or self._loaded != wanted:
            self._engine = None  # the old one's memory goes before the new one's comes
            self._engine = _load(name, options)
            self._loaded = wanted
        return self._engine


if __name__ == "__main__":
    serve(Worker().handle)
