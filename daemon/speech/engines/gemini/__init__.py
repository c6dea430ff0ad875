"""Gemini by google-genai: gemini-3.5-transcribe, or a general model that fills a response schema.

The way of a recording: where is speech (voice_activity.py) → cut at silences, with an overlap (pieces.py) → for each
piece: upload, ask, delete (errand.py, service.py; what is asked: asking.py) → what the answer says (reading.py), or why
it is none (refusals.py) → times that hold (times.py) → one text without doubles (stitching.py). engine.py calls all of
them.
"""

from __future__ import annotations

from daemon.speech.engines.contract import EngineKind
from daemon.speech.engines.gemini.engine import load
from daemon.speech.engines.gemini.options import SECRET, Options, is_here, price_per_hour, shaping, why_not

__all__ = ["KIND", "Options"]

KIND = EngineKind(
    load=load,
    why_not=why_not,
    is_here=is_here,
    shaping=shaping,
    local=False,
    word_times=False,  # not from a general model
    brings=frozenset({"speakers"}),
    secret=SECRET,
    price_per_hour=price_per_hour,
    tells_speakers=lambda options: bool(options["diarization"]),
)
