"""What every address does with a request: count it, let it meet its fault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox import line
from sandbox.faults import Fault
from sandbox.youtube.captions import caption_exists
from sandbox.youtube.errors import ApiError, WrongRequest
from sandbox.youtube.faults import API_OPERATIONS, MEDIA_ONLY, Kind
from sandbox.youtube.state import YouTube, quota_exceeded

STATE = web.AppKey("youtube", YouTube)
Execute = Callable[[Fault[Kind] | None], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ERRORS: dict[Kind, Callable[[], ApiError]] = {
    Kind.QUOTA: quota_exceeded,
    Kind.RATE: lambda: ApiError(
        403, "rateLimitExceeded", "The request cannot be completed: too many requests were sent.", "usageLimits"
    ),
    Kind.EXISTS: caption_exists,
}
STATUS_REASONS = {
    404: ("notFound", "Not Found"),
    429: ("rateLimitExceeded", "Resource has been exhausted (e.g. check quota)."),
    500: ("internalError", "Internal error encountered."),
    503: ("backendError", "The service is currently unavailable."),
}


def served(operation: str, answer: Handler) -> Handler:
    """A handler that answers an operation of its own."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await serve(request, operation, lambda _: answer(request))

    return handle


async def serve(request: web.Request, operation: str, execute: Execute) -> web.StreamResponse:
    """Answer a request by `execute`, unless a fault is meant for it. A fault answers before quota and login.

    Faults of the media's bytes are left to `execute`.
    """
    youtube = request.app[STATE]
    youtube.requests[operation] += 1
    fault = youtube.faults.take(operation)
    if fault is None or fault.kind in MEDIA_ONLY:
        return await execute(fault)
    return await _faulty(request, operation, execute, fault)


async def _faulty(request: web.Request, operation: str, execute: Execute, fault: Fault[Kind]) -> web.StreamResponse:
    if fault.kind in line.KINDS:
        return await line.meet(request, request.app[STATE].faults, operation, fault, lambda: execute(None))
    match fault.kind:
        case Kind.STATUS:
            return _status(operation, int(fault.value))
        case Kind.HTML:
            return page(f"Error {fault.value:.0f}", int(fault.value))
        case kind:
            return refusal(ERRORS[kind]())


def remember(request: web.Request, error: ApiError) -> None:
    """Keep what no correct client sends, for tests to find."""
    if isinstance(error, WrongRequest):
        request.app[STATE].refusals.append(f"{request.method} {request.path_qs}: {error.reason}: {error}")


def refusal(error: ApiError) -> web.Response:
    return web.json_response(error.body(), status=error.code)


def page(text: str, status: int = 200) -> web.Response:
    """A small HTML page; `text` is HTML."""
    body = f"<!DOCTYPE html><html lang=en><title>{text}</title><p>{text}</html>\n"
    return web.Response(text=body, status=status, content_type="text/html")


def _status(operation: str, status: int) -> web.Response:
    reason, message = STATUS_REASONS.get(status, ("backendError", f"Error {status}"))
    if operation in (*API_OPERATIONS, "upload"):
        return refusal(ApiError(status, reason, message))
    if operation == "token":
        return web.json_response({"error": "internal_failure", "error_description": message}, status=status)
    return page(f"Error {status}: {message}", status)
