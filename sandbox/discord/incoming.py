"""What every address does with a request: count it, let it meet its fault, be down."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox import line
from sandbox.discord.buckets import Place
from sandbox.discord.errors import NOT_FOUND, RATE_LIMITED, ApiError, No, WrongRequest
from sandbox.discord.faults import Kind
from sandbox.discord.state import Discord
from sandbox.faults import Fault

STATE = web.AppKey("discord", Discord)
Execute = Callable[[], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

CONTROL = "/sandbox/"
STATUS_MESSAGES = {
    403: "403: Forbidden",
    404: NOT_FOUND.message,
    500: "500: Internal Server Error",
    502: "502: Bad Gateway",
    503: "503: Service Unavailable",
    504: "504: Gateway Timeout",
}
BAN_PAGE = "<!DOCTYPE html><title>Access denied | discord.com used Cloudflare to restrict access</title>\n"


@web.middleware
async def unless_down(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Cut what comes while Discord is down; the sandbox itself stays."""
    discord = request.app[STATE]
    discord.origin = f"http://{request.host}"
    if discord.is_down and not request.path.startswith(CONTROL):
        return line.cut(request, reset=discord.resets)
    return await handler(request)


async def serve(request: web.Request, operation: str, execute: Execute) -> web.StreamResponse:
    """Answer a request by `execute`, unless a fault is meant for it."""
    discord = request.app[STATE]
    discord.requests[operation] += 1
    fault = discord.faults.take(operation)
    if fault is None:
        return await execute()
    return await _faulty(request, operation, execute, fault)


async def _faulty(request: web.Request, operation: str, execute: Execute, fault: Fault[Kind]) -> web.StreamResponse:
    if fault.kind in line.KINDS:
        return await line.meet(request, request.app[STATE].faults, operation, fault, execute)
    return _instead(fault)


def _instead(fault: Fault[Kind]) -> web.Response:
    """The answer of a fault that has one of its own."""
    if fault.kind is Kind.BAN:
        return web.Response(text=BAN_PAGE, status=429, content_type="text/html")
    if fault.kind is Kind.STATUS:
        status = int(fault.value)
        return refusal(ApiError(No(status, 0, STATUS_MESSAGES.get(status, f"{status}: Error"))))
    everywhere = fault.kind is Kind.RATE_GLOBAL
    response = rate_limited(Place("0" * 32, 1, -1, fault.value), "global" if everywhere else "user")
    if everywhere:
        response.headers["X-RateLimit-Global"] = "true"
    return response


def rate_limited(place: Place, scope: str) -> web.Response:
    """429, as Discord itself gives it: it has come by way of Google."""
    body = {"message": RATE_LIMITED.message, "retry_after": place.reset_after, "global": scope == "global"}
    headers = {"Retry-After": f"{place.reset_after:.3f}", "X-RateLimit-Scope": scope, **place.headers()}
    response = plain_json(body, RATE_LIMITED.status)
    response.headers.update(headers)
    return response


def plain_json(data: Any, status: int = 200) -> web.Response:
    """JSON by the very content type that Discord sends, without a charset; None: no body."""
    headers = {"Via": "1.1 google"}
    if data is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        body=json.dumps(data).encode(), status=status, headers={**headers, "Content-Type": "application/json"}
    )


def refusal(error: ApiError) -> web.Response:
    return plain_json(error.body(), error.no.status)


def remember(request: web.Request, error: ApiError) -> None:
    """Keep what no correct bot sends, for tests to find."""
    if isinstance(error, WrongRequest):
        request.app[STATE].refusals.append(f"{request.method} {request.path_qs}: {error.no.code}: {error}")
