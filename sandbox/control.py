"""A scene set over HTTP, for other processes: POST /sandbox/WHAT with a JSON object, by a table of words.

An answer is JSON; a value that makes no sense is answered with 400 and {"error": sentence}.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from aiohttp import web

from sandbox.holds import Holds

PREFIX = "/sandbox/"
Answer = dict[str, Any]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Held(Protocol):
    """What can hold requests."""

    @property
    def faults(self) -> Holds: ...


class Scene(Held, Protocol):
    """What can be set and seen."""

    def state(self) -> Answer: ...


HeldT = TypeVar("HeldT", bound=Held)
SceneT = TypeVar("SceneT", bound=Scene)


def add_routes(app: web.Application, key: web.AppKey[SceneT], words: Mapping[str, Callable[..., Answer]]) -> None:
    """Take each word for a POST, and GET /sandbox/state and /sandbox/held."""

    async def state(request: web.Request) -> web.Response:
        return web.json_response(request.app[key].state())

    app.router.add_get(PREFIX + "state", state)
    app.router.add_get(PREFIX + "held", held(key))
    for name, do in words.items():
        app.router.add_post(PREFIX + name, _posted(key, do))


def held(key: web.AppKey[HeldT]) -> Handler:
    """Answer once `operation` has `count` requests held (default 1), or after 10 s; {"held": whether that came}."""

    async def handle(request: web.Request) -> web.Response:
        faults = request.app[key].faults
        operation, count = request.query["operation"], int(request.query.get("count", "1"))
        return web.json_response({"held": await asyncio.to_thread(faults.wait_until_held, operation, count)})

    return handle


def _posted(key: web.AppKey[SceneT], do: Callable[..., Answer]) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            values = await request.json() if await request.read() else {}
            return web.json_response(do(request.app[key], **values))
        except (TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle
