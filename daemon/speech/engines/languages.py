"""The language that was asked for, at an engine that knows a few."""

from __future__ import annotations

from collections.abc import Collection

from daemon.errors import AskHuman


def asked(tag: str | None, known: Collection[str], engine: str) -> str | None:
    """The tag with its language in lower case; None where none was asked for. Raise AskHuman if it is not `known`."""
    if tag is None:
        return None
    primary, dash, rest = tag.partition("-")
    if primary.lower() not in known:
        raise AskHuman(f"{engine} does not know the language {tag}; it knows: {' '.join(sorted(known))}")
    return primary.lower() + dash + rest
