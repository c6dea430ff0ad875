"""What can happen to any request on its line: it is slow, held, or its connection is closed."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Awaitable, Callable
from enum import StrEnum
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from aiohttp import web

from sandbox.faults import Fault
from sandbox.holds import Holds

AT_ONCE = struct.pack("ii", 1, 0)  # closed with a reset, without what is still to be sent: socket(7), SO_LINGER


class Line(StrEnum):
    """`value` in brackets. Kinds of other enums with the same words are the same."""

    SLOW = "slow"  # the answer begins after [seconds]
    HOLD = "hold"  # received, not executed until released; never, if the client leaves before
    HOLD_AFTER = "hold_after"  # executed, the answer is kept back until released
    CUT_BEFORE = "cut_before"  # connection closed; the body is not taken, nothing is executed
    CUT_AFTER = "cut_after"  # executed, connection closed without an answer


KINDS: frozenset[str] = frozenset(Line)


async def meet(
    request: web.Request,
    holds: Holds,
    operation: str,
    fault: Fault[Any],
    execute: Callable[[], Awaitable[web.StreamResponse]],
) -> web.StreamResponse:
    """Answer a request by `execute`, with what this fault does to its line."""
    match Line(fault.kind):
        case Line.SLOW:
            await request.read()
            await asyncio.sleep(fault.value)
            return await execute()
        case Line.HOLD:
            await request.read()
            await holds.hold(operation)
            return await execute()
        case Line.HOLD_AFTER:
            response = await execute()
            await holds.hold(operation)
            return response
        case Line.CUT_BEFORE:
            return cut(request)
        case Line.CUT_AFTER:
            await execute()
            return cut(request)


def cut(request: web.Request, *, reset: bool = False) -> web.Response:
    """Close the connection, or reset it. The response is for nobody."""
    if request.transport is not None:
        if reset:
            request.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, AT_ONCE)
        request.transport.close()
    return web.Response()
