"""What can be set of Whisper, and which of it changes the words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from daemon.speech.device import DeviceName


class Mode(StrEnum):
    BATCHED = "batched"  #: many stretches at once, each for itself
    SEQUENTIAL = "sequential"  #: window after window, each knows what was said before; several times as slow


OWN_SILENCE_SECONDS = {Mode.BATCHED: 0.16, Mode.SEQUENTIAL: 2.0}
"""Of silence between two spans of speech: what faster-whisper takes in each mode."""


class Options(BaseModel):
    """[daemon.engines.whisper]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(default="large-v3-turbo", min_length=1)  #: a name that faster-whisper knows, or a folder
    device: DeviceName = DeviceName.AUTO
    compute_type: str = "auto"
    mode: Mode = Mode.BATCHED
    batch_size: PositiveInt = 8  #: chunks of up to 30 s at once
    beam_size: PositiveInt = 5
    multilingual: bool = False  #: detect the language of each chunk anew, where none is given
    context: bool = True  #: tell the model what the recording is about
    guards: bool = True  #: drop, or doubt, what a decoder says in a loop and the like
    vad_threshold: float = Field(default=0.5, gt=0, lt=1)  #: probability of speech
    vad_silence_seconds: float = Field(default=0.0, ge=0, le=30)  #: 0: what suits the mode
    vad_padding_seconds: float = Field(default=0.4, ge=0, le=5)  #: twice this has to fit into a chunk of 30 s
    threads: int = Field(default=0, ge=0)  #: of the CPU; 0: CTranslate2's choice

    @property
    def silence_seconds(self) -> float:
        """The least silence between two spans of speech."""
        return self.vad_silence_seconds or OWN_SILENCE_SECONDS[self.mode]


ONLY_HOW_TO_COMPUTE = frozenset({"device", "batch_size", "threads"})
"""Options that change how soon the words are there, not the words. A test holds that all others are in `shaping`."""


def shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change the words."""
    return {name: options[name] for name in Options.model_fields if name not in ONLY_HOW_TO_COMPUTE}
