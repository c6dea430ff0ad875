"""What every address does with a request: count it, let it meet its fault, answer in JSON, remember mistakes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web

from sandbox import line
from sandbox.clouds.cloud import Cloud, Refused
from sandbox.clouds.faults import Kind
from sandbox.faults import Fault

CloudT = TypeVar("CloudT", bound=Cloud)
Answer = Callable[[web.Request], Awaitable[web.Response]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE = "<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
GARBAGE = bytes(range(256)) * 4


def served(key: web.AppKey[CloudT], operation: str, answer: Answer) -> Handler:
    """A handler that answers an operation, unless a fault is meant for the request. A fault answers before the key."""

    async def handle(request: web.Request) -> web.StreamResponse:
        cloud = request.app[key]
        cloud.requests[operation] += 1
        fault = cloud.faults.take(operation)

        async def execute() -> web.Response:
            return await _execute(request, cloud, operation, answer)

        if fault is None:
            return await execute()
        if fault.kind in line.KINDS:
            return await line.meet(request, cloud.faults, operation, fault, execute)
        if fault.kind is Kind.TRUNCATED:
            return _half(await execute())
        await request.read()
        return _instead(cloud, fault)

    return handle


async def _execute(request: web.Request, cloud: Cloud, operation: str, answer: Answer) -> web.Response:
    try:
        response = await answer(request)
    except Refused as refused:
        if refused.mistake is not None:
            cloud.refusals.append(f"{request.method} {request.path}: {refused.mistake}")
        return _refusal(refused)
    cloud.executed[operation] += 1
    return response


def _refusal(refused: Refused) -> web.Response:
    return web.json_response(refused.body(), status=refused.status, headers=refused.headers)


def _half(response: web.Response) -> web.Response:
    body = response.body
    data = body if isinstance(body, bytes) else b""
    return web.Response(body=data[: len(data) // 2], status=response.status, content_type="application/json")


def _instead(cloud: Cloud, fault: Fault[Kind]) -> web.Response:
    """The answer of a fault that has one of its own."""
    status = int(fault.value)
    match fault.kind:
        case Kind.RATE:
            return _refusal(cloud.refused(429, {"Retry-After": f"{fault.value:g}"}))
        case Kind.HTML:
            return web.Response(text=PAGE.format(title=f"Error {status}"), status=status, content_type="text/html")
        case Kind.EMPTY:
            return web.Response(status=status, content_type="application/json")
        case Kind.GARBAGE:
            return web.Response(body=GARBAGE, status=status, content_type="application/json")
        case _:
            return _refusal(cloud.refused(status))
