"""The words that every stand-in of a speech service takes over HTTP: POST /sandbox/WORD, see sandbox/control.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.clouds.cloud import Cloud
from sandbox.control import Answer


def say(cloud: Cloud, times: int | None = None, **speech: Any) -> Answer:
    """What is said in the next `times` audios, null: in all. words [[text, start, end, speaker, confidence], …]

    in seconds, or text; language, language_confidence; recording: the file in which the words are said, where pieces
    cut out of it are sent.
    """
    cloud.say(times=times, **speech)
    return {}


def alter(cloud: Cloud, operation: str, times: int | None = 1, **change: Any) -> Answer:
    """Change complete answers: put {"words.*.start": null}, drop ["words.0"]."""
    cloud.alter(operation, times=times, **change)
    return {}


def fault(cloud: Cloud, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> Answer:
    """What happens to the next `times` requests of an operation, or of any (*); null: to all, until cleared."""
    cloud.fault(operation, kind, times, value)
    return {}


def clear(cloud: Cloud, operation: str | None = None) -> Answer:
    """Forget the faults and changes to come."""
    cloud.clear(operation)
    return {}


def release(cloud: Cloud, operation: str | None = None) -> Answer:
    """Let go of the requests held now."""
    return {"released": cloud.faults.release(operation)}


def key(cloud: Cloud, key: str) -> Answer:
    """Let this be the only key that is right: the old one is wrong from now on."""
    cloud.api_key = key
    return {}


TABLE: dict[str, Callable[..., Answer]] = {one.__name__: one for one in (say, alter, fault, clear, release, key)}
