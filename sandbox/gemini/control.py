"""The words that set this scene over HTTP, as TABLE has them: POST /sandbox/WORD, see sandbox/control.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox import control
from sandbox.clouds import control as shared
from sandbox.control import Answer
from sandbox.gemini.entry import STATE
from sandbox.gemini.state import Gemini


def processing(gemini: Gemini, **changes: Any) -> Answer:
    """How files uploaded from now on become ready: polls that find them in work; failed: why they never are."""
    return dataclasses.asdict(gemini.set_processing(**changes))


def limits(gemini: Gemini, **changes: Any) -> Answer:
    """How many seconds audio may have: transcribe, detailed (with speakers or words' times), general."""
    return dataclasses.asdict(gemini.set_limits(**changes))


def finish(gemini: Gemini, reason: str, times: int | None = 1) -> Answer:
    """Let the next `times` answers end so: MAX_TOKENS in the middle, others without content."""
    gemini.finish(reason, times)
    return {}


def block(gemini: Gemini, reason: str = "PROHIBITED_CONTENT", times: int | None = 1) -> Answer:
    """Let the next `times` prompts be blocked."""
    gemini.block(reason, times)
    return {}


TABLE: dict[str, Callable[..., Answer]] = shared.TABLE | {
    one.__name__: one for one in (processing, limits, finish, block)
}


def add_routes(app: web.Application) -> None:
    control.add_routes(app, STATE, TABLE)
