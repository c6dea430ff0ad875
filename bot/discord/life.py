"""The bot's life: connect, and again after whatever ended the connection; signs of life; a clean end.

`Client.start` of discord.py ends when Discord cannot be reached as it starts, or when one event is malformed: a new
client is made then, after a wait that grows. What no waiting mends ends the program, with one line.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from urllib.parse import urlsplit

import discord
import discord.gateway
import discord.http
import structlog
import yarl

from bot.desk import Desk
from bot.discord.commands import tree_of
from bot.settings import BotSettings, DiscordSettings
from store import VERSION, notify, services
from store import database as stored
from store.errors import SettingsError, StoreError, TooNew

WHO = "captionbot"
FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0  # seconds; Discord resets a token after 1000 connections in a day
STEADY_SECONDS = 600.0  # after a connection as long as this the next wait is the first again
TURN_SECONDS = 1.0

log = structlog.stdlib.get_logger()


class Client(discord.Client):
    """One connection: it knows the servers it is in, and nothing of what is written there."""

    def __init__(self, desk: Desk, settings: BotSettings) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
        )
        self._settings = settings
        self.tree = tree_of(self, desk, settings)

    async def setup_hook(self) -> None:
        """Tell Discord which commands there are, before any is given."""
        server = self._settings.discord.server
        guild = discord.Object(int(server)) if server else None
        if guild is not None:
            self.tree.copy_global_to(guild=guild)
        await self.tree.sync(guild=guild)

    async def on_ready(self) -> None:
        log.info("connected", servers=len(self.guilds), name=str(self.user))
        if len(self.guilds) > 1 and not self._settings.discord.server:
            log.error("serves nobody", message="the bot is in several servers: set server in [bot.discord]")


def run(desk: Desk, settings: BotSettings, token: str) -> None:
    """Run until SIGTERM or SIGINT. Raise SettingsError for a token that Discord refuses, StoreError."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    point_at(settings.discord)
    asyncio.run(_run(desk, settings, token))


def point_at(settings: DiscordSettings) -> None:
    """Talk to the Discord of the settings; discord.py knows its addresses for the whole process."""
    discord.http.Route.BASE = settings.api_base.rstrip("/")
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url)
    host = urlsplit(settings.api_base).hostname
    log.debug("talks to", host=host)


async def _run(desk: Desk, settings: BotSettings, token: str) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    notify.tell(notify.READY)
    log.info("started", version=VERSION)
    alive = asyncio.create_task(_say_alive(desk))
    connected = asyncio.create_task(_stay_connected(desk, settings, token, stopping))
    ended = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({connected, ended}, return_when=asyncio.FIRST_COMPLETED)
        notify.tell(notify.STOPPING)
        stopping.set()
        await connected
    finally:
        for task in (alive, ended):
            task.cancel()
        log.info("stopped")


async def _stay_connected(desk: Desk, settings: BotSettings, token: str, stopping: asyncio.Event) -> None:
    wait = FIRST_WAIT
    while not stopping.is_set():
        if not await _has_schema(desk):
            await _pause(stopping, FIRST_WAIT)
            continue
        began = time.monotonic()
        await _connected_once(desk, settings, token, stopping)
        wait = FIRST_WAIT if time.monotonic() - began > STEADY_SECONDS else wait
        if not stopping.is_set():
            log.info("connects again", after=wait)
            await _pause(stopping, wait)
            wait = min(wait * 2, LONGEST_WAIT)


async def _connected_once(desk: Desk, settings: BotSettings, token: str, stopping: asyncio.Event) -> None:
    """Be connected until it ends, or `stopping`. Raise SettingsError for what no new try mends."""
    client = Client(desk, settings)
    at_work = asyncio.create_task(client.start(token))
    ended = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({at_work, ended}, return_when=asyncio.FIRST_COMPLETED)
        at_work.cancel()  # before it is closed: else Discord would be told that we come back
    finally:
        ended.cancel()
        await client.close()
    try:
        await at_work
    except asyncio.CancelledError:
        return
    except discord.LoginFailure:
        raise SettingsError(
            "the secret discord-token", ["Discord does not know it: reset it, and keep the new one"]
        ) from None
    except discord.PrivilegedIntentsRequired:
        raise SettingsError("Discord", ["it wants an intent that captionbot does not ask for"]) from None
    except Exception as error:
        log.warning("lost the connection", error=f"{type(error).__name__}: {str(error)[:200]}")


async def _has_schema(desk: Desk) -> bool:
    """Whether the database is there and of our version: captiond makes it. Raise TooNew."""
    try:
        await asyncio.to_thread(stored.check_schema, desk.database)
    except TooNew:
        raise
    except StoreError as error:
        log.warning("waits for the database", message=str(error))
        return False
    return True


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


async def _say_alive(desk: Desk) -> None:
    """Write the sign of life, and tell systemd's watchdog, as long as the loop turns: also while Discord is down."""
    started_at = desk.database.now()
    turns = int(services.BEAT.total_seconds() / TURN_SECONDS)
    turn = 0
    while True:
        notify.tell(notify.ALIVE)
        if turn % turns == 0:
            try:
                await asyncio.to_thread(services.beat, desk.database, WHO, VERSION, started_at, {}, [])
            except StoreError as error:
                log.debug("no sign of life", message=str(error))
        turn += 1
        await asyncio.sleep(TURN_SECONDS)
