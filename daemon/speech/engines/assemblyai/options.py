"""What can be chosen of AssemblyAI, and which of the choices change what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, model_validator

CHOICES = ("sentiment", "entities", "topics", "content_safety", "key_phrases", "chapters", "summary")
"""Options that are switches, each called as the extra that it brings."""

NOT_SHAPING = frozenset({"base_url", "price_per_hour", "poll_seconds", "timeout_seconds", "at_once"})

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class Options(BaseModel):
    """[daemon.engines.assemblyai]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = Field(default="https://api.assemblyai.com", pattern=r"^https?://[^\s/?#]+[^\s?#]*$")
    models: tuple[Name, ...] = Field(default=("universal-3-5-pro", "universal-2"), min_length=1)  #: the first that can
    speaker_labels: bool = True
    multichannel: bool = False  #: two channels that are apart are heard each for itself, and paid each
    sentiment: bool = False
    entities: bool = False
    topics: bool = False
    content_safety: bool = False
    key_phrases: bool = False
    chapters: bool = False
    summary: bool = False
    redact_pii: bool = False
    redact_pii_policies: tuple[Annotated[str, Field(pattern=r"^[a-z_]+$")], ...] = ()
    redact_pii_sub: Literal["entity_name", "hash"] = "entity_name"
    price_per_hour: float = Field(default=0.21, ge=0)  #: dollars for an hour of sound
    poll_seconds: PositiveFloat = 3.0
    timeout_seconds: PositiveFloat = 60.0  #: of one step on the line, not of a whole job
    at_once: int = Field(default=4, ge=1, le=32)  #: recordings

    @model_validator(mode="after")
    def _says_what_to_redact(self) -> Self:
        if self.redact_pii and not self.redact_pii_policies:
            raise ValueError('redact_pii needs redact_pii_policies, for example ["person_name", "phone_number"]')
        return self

    @property
    def wanted(self) -> frozenset[str]:
        """The extras that are asked for."""
        return frozenset(name for name in CHOICES if getattr(self, name))


def shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change what comes back. `multichannel` only where it is on: it is younger than words kept."""
    found = {name: options[name] for name in Options.model_fields if name not in NOT_SHAPING}
    return {name: value for name, value in found.items() if name != "multichannel" or value}
