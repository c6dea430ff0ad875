"""Trouble on demand, and time: faults of requests, rate limits, the gateway's closings, Discord being down."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from sandbox.discord.gateway import INVALID_SESSION, RECONNECT, UNKNOWN_ERROR, Gateway
from sandbox.discord.rest import OPERATIONS
from sandbox.discord.state import Discord
from sandbox.discord.things import Json
from sandbox.faults import ANY


class Door(Protocol):
    """The port on which this is served, where that can be shut."""

    async def shut(self) -> None: ...

    async def open(self) -> None: ...


DOOR: web.AppKey[Door] = web.AppKey("door")


@dataclass(frozen=True)
class Stage:
    """What the words of control.py work on. `door` is there in a process of its own only."""

    discord: Discord
    gateway: Gateway
    door: Door | None = None


def _check(operation: str | None) -> None:
    if operation not in (None, ANY, *OPERATIONS):
        raise ValueError(f"there is no operation {operation!r}; there are: {', '.join(sorted(OPERATIONS))}")


def fault(stage: Stage, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> Json:
    """What happens to the next `times` requests of an operation, or of any (*); null: to all, until cleared."""
    _check(operation)
    stage.discord.faults.add(operation, kind, times, value)
    return {}


def clear(stage: Stage, operation: str | None = None) -> Json:
    """Forget the faults to come."""
    stage.discord.faults.clear(operation)
    return {}


def release(stage: Stage, operation: str | None = None) -> Json:
    """Let go of the requests held now."""
    return {"released": stage.discord.faults.release(operation)}


def limit(stage: Stage, operation: str, count: int, seconds: float) -> Json:
    """Let an operation be done `count` times in so many seconds, in each channel or guild; more are answered 429."""
    _check(operation)
    stage.discord.buckets.limits[operation] = (count, seconds)
    return {}


def settings(stage: Stage, **changes: Any) -> Json:
    """Change what Discord fixes (state.Settings); what is not named stays."""
    stage.discord.settings = stage.discord.settings.changed(**changes)
    return dataclasses.asdict(stage.discord.settings)


def token(stage: Stage, token: str) -> Json:
    """Give the bot a new token: the old one is wrong from now on."""
    stage.discord.token = token
    return {}


def passes(stage: Stage, seconds: float) -> Json:
    """Let time pass, for all that Discord remembers: deadlines, tokens, nonces, addresses."""
    stage.discord.passes(seconds)
    return {"now": stage.discord.now().isoformat()}


# ---- the gateway


async def drop(stage: Stage, code: int = UNKNOWN_ERROR, forget: bool = False) -> Json:
    """Close the connections of the gateway. `forget`: the sessions too, so that the bot cannot resume."""
    if forget:
        stage.discord.sessions.forget()
    return {"dropped": await stage.gateway.drop(code)}


async def reconnect(stage: Stage) -> Json:
    """Ask the bot to come back and resume (opcode 7)."""
    return {"told": await stage.gateway.send(RECONNECT, None)}


async def invalidate(stage: Stage, resumable: bool = False) -> Json:
    """Tell the bot that its session is invalid (opcode 9)."""
    if not resumable:
        stage.discord.sessions.forget()
    return {"told": await stage.gateway.send(INVALID_SESSION, resumable)}


# ---- being down


async def down(stage: Stage, how: str = "close", seconds: float | None = None) -> Json:
    """Be down, for so many seconds or until `up`: `close` or `reset` all connections, or `refuse` new ones too."""
    if how not in ("close", "reset", "refuse"):
        raise ValueError(f"{how!r} is none of close, reset, refuse")
    if how == "refuse" and (stage.door is None or seconds is None):
        raise ValueError("only a process of its own can refuse, and only for some seconds: nobody could tell it `up`")
    stage.discord.is_down, stage.discord.resets = True, how == "reset"
    if how == "refuse" and stage.door is not None:
        await stage.door.shut()
    stage.gateway.abort()
    if seconds is not None:
        task = asyncio.create_task(_later(stage, seconds))
        _UNDER_WAY.add(task)
        task.add_done_callback(_UNDER_WAY.discard)
    return {}


_UNDER_WAY: set[asyncio.Task[None]] = set()


async def _later(stage: Stage, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await up(stage)


async def up(stage: Stage) -> Json:
    """Be there again, with all that was there before."""
    stage.discord.is_down = False
    if stage.door is not None:
        await stage.door.open()
    return {}


TABLE: dict[str, Callable[..., Json | Awaitable[Json]]] = {
    one.__name__: one
    for one in (fault, clear, release, limit, settings, token, passes, drop, reconnect, invalidate, down, up)
}
