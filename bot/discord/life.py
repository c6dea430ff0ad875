"""The bot's life: connect, and again after whatever ended the connection; signs of life; a clean end.

`Client.start` of discord.py ends when Discord cannot be reached as it starts, or when one event is malformed: a new
client is made then, after a wait that grows. What no waiting mends ends the program, with one line.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import time
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import aiohttp
import discord
import discord.gateway
import discord.http
import structlog
import yarl

from bot.announce import Outbox
from bot.desk import Desk
from bot.discord import telling
from bot.discord.commands import actor_of, tree_of
from bot.discord.poster import Poster
from bot.discord.router import Router
from bot.settings import BotSettings, DiscordSettings
from store import VERSION, notify, services
from store import database as stored
from store.errors import SettingsError, StoreError, TooNew

WHO = "captionbot"
FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0  # seconds; Discord resets a token after 1000 connections in a day
STEADY_SECONDS = 600.0  # after a connection as long as this the next wait is the first again
ALIVE_SECONDS = 1.0
READY_SECONDS = 0.5  # after the last server came; a bot that is in one needs not wait for more
LONGEST_SENDING_WAIT = 30.0

log = structlog.stdlib.get_logger()


@dataclass
class Health:
    """What people should know of the bot, over all its connections; None where all is well."""

    trouble: str | None = None


class Client(discord.Client):
    """One connection: it knows the servers it is in, and nothing of what is written there."""

    def __init__(self, desk: Desk, settings: BotSettings, health: Health) -> None:
        """`desk` is given the choices that this server offers."""
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            guild_ready_timeout=READY_SECONDS,
            chunk_guilds_at_startup=False,
        )
        self._settings = settings
        self._desk = replace(
            desk,
            chat=settings.discord.chat,
            places=self._places,
            people=self._people,
            slash=True,
            why_not=self._why_not,
        )
        self.tree = tree_of(self, self._desk, settings)
        self.outbox = Outbox(self._desk, Poster(self), settings.answer_seconds)
        self._router = Router(self._desk, self.outbox, lambda interaction: actor_of(interaction, settings))
        self._sending: asyncio.Task[None] | None = None
        self._health = health

    async def setup_hook(self) -> None:
        """Tell Discord which commands there are, before any is given."""
        await self._tell_commands()
        self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
        await super().close()

    async def on_ready(self) -> None:
        log.info("connected", servers=len(self.guilds), name=str(self.user))
        if not self.guilds:
            log.warning("is in no server", message=f"invite it: {telling.invitation(self.application_id or 0)}")
        if len(self.guilds) > 1 and not self._settings.discord.server:
            log.error("serves nobody", message="the bot is in several servers: set server in [bot.discord]")
        await self._tell_commands()

    async def on_guild_join(self, _guild: discord.Guild) -> None:
        await self._tell_commands()

    async def _tell_commands(self) -> None:
        guild = self._guild()
        joined_at = guild.me.joined_at if guild is not None else None
        server, application_id = self._settings.discord.server, self.application_id or 0
        try:
            await telling.tell(self.tree, self._desk.database, application_id, server, joined_at)
        except StoreError as error:
            log.warning("could not tell of the commands", message=str(error))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Clicks and forms; the tree serves the commands."""
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            await self._router.serve(interaction)

    async def _send(self) -> None:
        """Empty the outbox again and again; what cannot be sent now waits longer each time."""
        await self.wait_until_ready()
        wait = self._settings.discord.tick_seconds
        while True:
            try:
                await self.outbox.turn()
                self._health.trouble = self.outbox.trouble
                wait = self._settings.discord.tick_seconds
            except (StoreError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
                wait = min(wait * 2, LONGEST_SENDING_WAIT)
                self._health.trouble = "cannot send to Discord now"
                log.warning("cannot send", error=f"{type(error).__name__}: {str(error)[:200]}", again_after=wait)
            except Exception:
                wait = LONGEST_SENDING_WAIT
                self._health.trouble = "something went wrong in the outbox: see the log of captionbot"
                log.exception("failed to send")
            await asyncio.sleep(wait)

    def _places(self) -> list[tuple[str, str]]:
        """The channels of the server that text can be written in."""
        guild = self._guild()
        if guild is None:
            return []
        found: list[discord.TextChannel | discord.Thread] = [*guild.text_channels, *guild.threads]
        return [(str(one.id), f"#{one.name}") for one in found]

    def _why_not(self, place: str) -> str | None:
        """Why cards cannot be sent to a place; None if they can."""
        guild = self._guild()
        channel = guild.get_channel_or_thread(int(place)) if guild is not None else None
        if guild is None or channel is None:
            return "there is no such channel in the server, or the bot may not view it"
        if not isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel):
            return f"#{channel.name} is no channel for messages"
        has = channel.permissions_for(guild.me)
        missing = [name for name, wanted in telling.PERMISSIONS if wanted and not getattr(has, name)]
        named = ", ".join(name.replace("_", " ").title() for name in missing)
        return f"the bot lacks there: {named}" if missing else None

    def _people(self) -> list[tuple[str, str]]:
        """The roles of the server; its members are too many, and not told."""
        guild = self._guild()
        roles = guild.roles[1:] if guild is not None else []  # the first is everyone
        return [(str(one.id), f"@{one.name}") for one in roles if not one.managed]

    def _guild(self) -> discord.Guild | None:
        server = self._settings.discord.server
        return self.get_guild(int(server)) if server else next(iter(self.guilds), None)


def run(desk: Desk, settings: BotSettings, token: str) -> None:
    """Run until SIGTERM or SIGINT. Raise SettingsError for a token that Discord refuses, StoreError."""
    logging.getLogger("discord.client").addFilter(_reconnecting_is_no_error)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    point_at(settings.discord)
    asyncio.run(_run(desk, settings, token))


def _reconnecting_is_no_error(record: logging.LogRecord) -> bool:
    """discord.py shows a traceback whenever the line is dead; that mends itself, and nobody need look."""
    if record.msg.startswith("Attempting a reconnect"):
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
    return True


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
    health = Health("not connected to Discord")
    alive = asyncio.create_task(_say_alive(desk, health))
    connected = asyncio.create_task(_stay_connected(desk, settings, token, stopping, health))
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


async def _stay_connected(
    desk: Desk, settings: BotSettings, token: str, stopping: asyncio.Event, health: Health
) -> None:
    wait = FIRST_WAIT
    while not stopping.is_set():
        if not await _has_schema(desk):
            await _pause(stopping, FIRST_WAIT)
            continue
        began = time.monotonic()
        await _connected_once(Client(desk, settings, health), token, stopping)
        health.trouble = "not connected to Discord"
        wait = FIRST_WAIT if time.monotonic() - began > STEADY_SECONDS else wait
        if not stopping.is_set():
            log.info("connects again", after=wait)
            await _pause(stopping, wait)
            wait = min(wait * 2, LONGEST_WAIT)


async def _connected_once(client: Client, token: str, stopping: asyncio.Event) -> None:
    """Be connected until it ends, or `stopping`. Raise SettingsError for what no new try mends."""
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


async def _say_alive(desk: Desk, health: Health) -> None:
    """Write the sign of life, and tell systemd's watchdog, as long as the loop turns: also while Discord is down."""
    started_at = desk.database.now()
    turns = int(services.BEAT.total_seconds() / ALIVE_SECONDS)
    turn = 0
    while True:
        notify.tell(notify.ALIVE)
        if turn % turns == 0:
            try:
                await asyncio.to_thread(services.beat, desk.database, WHO, VERSION, started_at, {}, [], health.trouble)
            except StoreError as error:
                log.debug("no sign of life", message=str(error))
        turn += 1
        await asyncio.sleep(ALIVE_SECONDS)
