"""The words that set this scene over HTTP, as TABLE has them: POST /sandbox/WORD, see sandbox/control.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from aiohttp import web

from sandbox import control
from sandbox.assemblyai.api import STATE
from sandbox.assemblyai.state import AssemblyAI
from sandbox.clouds import control as shared
from sandbox.control import Answer


def pace(assemblyai: AssemblyAI, **changes: Any) -> Answer:
    """How long the jobs submitted from now on take: polls that find them unfinished, seconds."""
    return dataclasses.asdict(assemblyai.set_pace(**changes))


def fail(assemblyai: AssemblyAI, error: str, times: int = 1) -> Answer:
    """Let the next `times` jobs that are submitted fail with this text."""
    assemblyai.fail(error, times)
    return {}


def limits(assemblyai: AssemblyAI, shortest: float | None = None, longest: float | None = None) -> Answer:
    """How many seconds audio must and may have."""
    assemblyai.shortest = assemblyai.shortest if shortest is None else shortest
    assemblyai.longest = assemblyai.longest if longest is None else longest
    return {"shortest": assemblyai.shortest, "longest": assemblyai.longest}


TABLE: dict[str, Callable[..., Answer]] = shared.TABLE | {one.__name__: one for one in (pace, fail, limits)}


def add_routes(app: web.Application) -> None:
    control.add_routes(app, STATE, TABLE)
