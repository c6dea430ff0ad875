"""Whisper by faster-whisper (CTranslate2), batched or one window after the other, with Silero's voice activity
detection and word times.

    options.py    what can be set
    model.py      load it, and say why it cannot be
    plan.py       how to compute, and how with less of the GPU's memory
    prompt.py     what the model is told to expect, cut to what it takes
    guards.py     words that nobody said
    engine.py     the engine

Whisper: Radford et al. 2022, arXiv 2212.04356. Segments of the batched pipeline may last 30 s, so words are all that
is taken from it. Without the detection silence becomes words that nobody said.
"""

from __future__ import annotations

from daemon.speech.engines.contract import EngineKind
from daemon.speech.engines.whisper.engine import Whisper, load
from daemon.speech.engines.whisper.model import is_here, why_not
from daemon.speech.engines.whisper.options import Mode, Options, shaping

__all__ = ["KIND", "Mode", "Options", "Whisper"]

KIND = EngineKind(load=load, why_not=why_not, is_here=is_here, shaping=shaping, local=True, word_times=True)
