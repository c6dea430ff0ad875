"""[daemon.speech.emotion]: what tells feelings by the sound of a voice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from daemon.speech.device import DeviceName
from daemon.speech.emotion import ENGINES, EmotionEngine
from daemon.speech.emotion.speechbrain_model import MODEL


def _engine(value: str) -> str:
    if value not in ENGINES:
        raise ValueError(f"no such engine tells emotion; there are: {', '.join(ENGINES)}")
    return value


class Options(BaseModel):
    """[daemon.speech.emotion]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    engine: Annotated[str, AfterValidator(_engine)] = "speechbrain"
    model: str = Field(default=MODEL, min_length=1)  #: a name at the hub, or a folder
    device: DeviceName = DeviceName.AUTO


def shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change what is heard."""
    return {name: options[name] for name in ("engine", "model")}


def why_not(options: Options) -> str:
    """Why emotion cannot be told; "" if it looks as if it could."""
    return ENGINES[options.engine].why_not(options.model)


def load(options: Options) -> EmotionEngine:
    """Load the model. Raise AskHuman or TryLater if it cannot be."""
    return ENGINES[options.engine].load(options.model, options.device)
