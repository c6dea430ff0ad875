"""One call of the Data API, checked and read, as the methods get it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sandbox.youtube.discovery import Method, Query

Answer = Any
"""JSON values as a dict; a file as bytes; None for an empty answer."""


@dataclass(frozen=True)
class Call:
    """`channel_id` is the channel that the login acts for; `media` is None where no file came."""

    method: Method
    query: Query
    body: dict[str, Any]
    media: bytes | None
    channel_id: str


def tagged(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with its `etag`, which changes with what it says."""
    digest = hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).digest()
    return answer | {"etag": base64.urlsafe_b64encode(digest).decode()[:27]}
