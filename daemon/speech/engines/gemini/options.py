"""[daemon.engines.gemini], and what can be said of it before anything is asked."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt

from daemon.speech.engines.contract import API_KEY

SECRET = "gemini-api-key"  # noqa: S105 its name
SET_KEY = f"captiond secret set {SECRET}"
LEAST_MINUTES = 0.2
NOT_SHAPING = frozenset({"base_url", "timeout_seconds", "price_per_hour", "attempts", "at_once"})


def _worth_asking(minutes: float) -> float:
    """A mistyped length must not become thousands of paid requests."""
    if 0 < minutes < LEAST_MINUTES:
        raise ValueError(f"must be 0, or {LEAST_MINUTES:g} at least")
    return minutes


class Options(BaseModel):
    """[daemon.engines.gemini]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = ""  #: "": the SDK's
    model: str = Field(default="gemini-3.5-transcribe", min_length=1)
    general_model: str = Field(default="gemini-3.8-flash", min_length=1)
    word_times: bool = True
    diarization: bool = True
    piece_minutes: Annotated[float, AfterValidator(_worth_asking)] = Field(default=25.0, ge=0)  #: 0: not cut
    overlap_seconds: float = Field(default=15.0, ge=0, le=120)
    timeout_seconds: PositiveFloat = 600.0
    price_per_hour: float = Field(default=0.12, ge=0)
    attempts: PositiveInt = 3
    at_once: int = Field(default=4, ge=1, le=32)  #: recordings


def shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change the words."""
    return {name: options[name] for name in Options.model_fields if name not in NOT_SHAPING}


def why_not(options: Mapping[str, Any]) -> str:
    """Why the engine cannot be used; "" if it looks as if it could. Asks nobody."""
    if importlib.util.find_spec("google") is None or importlib.util.find_spec("google.genai") is None:
        return "google-genai is not installed"
    return wrong_address(str(options["base_url"])) or wrong_key(str(options.get(API_KEY) or ""))


def price_per_hour(options: Mapping[str, Any]) -> float:
    """What an hour of sound costs."""
    return float(options["price_per_hour"])


def is_here(options: Mapping[str, Any]) -> bool:  # noqa: ARG001 the contract's
    """There is nothing to fetch."""
    return True


def wrong_address(url: str) -> str:
    """Why the service cannot be at this address; "" if it can. The SDK would tell of it in many ways, or not at all."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets, or a port, that are none
        is_address = False
    if is_address or not url:
        return ""
    return 'base_url in [daemon.engines.gemini] is no address: set it to one that begins with https://, or to ""'


def wrong_key(key: str) -> str:
    """Why this cannot be a key, without saying it; "" if it can. A header takes no more than visible ASCII."""
    if not key:
        return f"there is no key for Gemini: {SET_KEY}"
    if not key.isascii() or not key.isprintable() or " " in key:
        return f"the key for Gemini holds what no key holds, such as a space or a line break: {SET_KEY}"
    return ""
