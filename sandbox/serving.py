"""Serving an aiohttp application on loopback: as a command, or from a thread of a test."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future

from aiohttp import web

HOST = "127.0.0.1"
LEAVE_SECONDS = 0.1  # that long may requests under way still take when the server ends; held ones would never end


@contextlib.asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """The application's address, while it is served. A request is cancelled when its client leaves."""
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=LEAVE_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        host, bound = runner.addresses[0][:2]
        yield f"http://{host}:{bound}"
    finally:
        await runner.cleanup()


def run(app: web.Application, port: int) -> None:
    """Serve until SIGTERM or SIGINT; print one line of JSON with the address."""
    asyncio.run(_run(app, port))


async def _run(app: web.Application, port: int) -> None:
    ended = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, ended.set)
    async with serving(app, port) as url:
        print(json.dumps({"url": url}), flush=True)
        await ended.wait()


@contextlib.contextmanager
def running(app: web.Application) -> Iterator[str]:
    """The application's address, while it is served from a thread with a loop of its own."""
    started: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_until_told(app, started)), name="sandbox", daemon=True)
    thread.start()
    url, loop, ended = started.result()
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


async def _until_told(
    app: web.Application, started: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]]
) -> None:
    ended = asyncio.Event()
    try:
        async with serving(app) as url:
            started.set_result((url, asyncio.get_running_loop(), ended))
            await ended.wait()
    except BaseException as error:
        if not started.done():
            started.set_exception(error)
        raise
