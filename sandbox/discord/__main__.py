"""python -m sandbox.discord: the loopback Discord as a process of its own, whose port can be shut for a while."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal

from aiohttp import web

from sandbox.discord import Discord, gateway_url, make_app
from sandbox.discord.state import TOKEN
from sandbox.discord.trouble import DOOR
from sandbox.serving import HOST, LEAVE_SECONDS


class Site:
    """The port: a Door."""

    def __init__(self, runner: web.AppRunner, port: int) -> None:
        self._runner, self._port = runner, port
        self._site: web.TCPSite | None = None

    async def open(self) -> None:
        """Listen, on the same port as before."""
        if self._site is None:
            self._site = web.TCPSite(self._runner, HOST, self._port, reuse_address=True)
            await self._site.start()
            self._port = self._runner.addresses[0][1]

    async def shut(self) -> None:
        if self._site is not None:
            await self._site.stop()
            self._site = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._port}"


async def serve(discord: Discord, port: int) -> None:
    """Serve until SIGTERM or SIGINT; print one line of JSON with the addresses."""
    ended = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, ended.set)
    app = make_app(discord)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=LEAVE_SECONDS)
    site = Site(runner, port)
    app[DOOR] = site
    await runner.setup()
    try:
        await site.open()
        print(json.dumps({"url": site.url, "gateway": gateway_url(site.url)}), flush=True)
        await ended.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--token", default=TOKEN, help="the bot's")
    arguments = parser.parse_args()
    asyncio.run(serve(Discord(token=arguments.token), arguments.port))


if __name__ == "__main__":
    main()
