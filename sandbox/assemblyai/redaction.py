"""Personal information taken out of the words, by the policies of a request."""

from __future__ import annotations

import re
from dataclasses import replace

from sandbox.assemblyai.findings import entity_turns
from sandbox.assemblyai.pieces import Json
from sandbox.clouds.speech import Word


def redacted(words: list[Word], request: Json) -> tuple[list[Word], bool]:
    """The words to show, and whether the others are asked for too."""
    if not request.get("redact_pii"):
        return words, False
    by_name = request.get("redact_pii_sub") == "entity_name"
    hidden = {
        id(word): f"[{kind.upper()}]" if by_name else _hashes(word.text)
        for kind, one in entity_turns(words)
        if kind in request["redact_pii_policies"]
        for word in one.words
    }
    shown = [replace(word, text=hidden.get(id(word), word.text)) for word in words]
    return shown, bool(request.get("redact_pii_return_unredacted"))


def _hashes(text: str) -> str:
    return re.sub(r"[^.,?!;:]", "#", text)
