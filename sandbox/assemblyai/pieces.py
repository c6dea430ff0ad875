"""The pieces that all of a transcript's JSON is made of. Times are whole milliseconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandbox.clouds.speech import Turn, Word

Json = dict[str, Any]


def timed(what: Word | Turn) -> Json:
    """Text, times and confidence, as nearly everything has them."""
    words = what.words if isinstance(what, Turn) else (what,)
    confidence = sum(word.confidence for word in words) / len(words)
    return {
        "text": what.text,
        "start": milliseconds(what.start),
        "end": milliseconds(what.end),
        "confidence": confidence,
    }


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def channels_of(words: Iterable[Word], channels: int) -> dict[str | None, tuple[str, str]]:
    """The channel of each speaker, and what the speaker is called on it: each new one is on the next channel."""
    order = dict.fromkeys(word.speaker for word in words)
    return {
        speaker: (str(index % channels + 1), chr(ord("A") + index // channels)) for index, speaker in enumerate(order)
    }


def names_of(words: Iterable[Word]) -> dict[str | None, str]:
    """Speakers as AssemblyAI calls them, in the order in which they first speak: A, B, …"""
    order = dict.fromkeys(word.speaker for word in words)
    return {speaker: chr(ord("A") + index) for index, speaker in enumerate(order)}


def span(what: Word | Turn) -> dict[str, int]:
    return {"start": milliseconds(what.start), "end": milliseconds(what.end)}


def parts_of(found: list[Turn], count: int) -> list[Turn]:
    """Turns or sentences put together to at most so many parts of about the same length."""
    size = -(-len(found) // max(1, count)) or 1
    groups = [found[index : index + size] for index in range(0, len(found), size)]
    return [Turn(tuple(word for turn in group for word in turn.words)) for group in groups]


def first_words(turn: Turn, count: int) -> str:
    """As a headline: the beginning, without the sign at its end."""
    return " ".join(word.text for word in turn.words[:count]).rstrip(".,?!")
