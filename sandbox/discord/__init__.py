"""Discord on loopback: gateway and REST of API v10, in memory, and people who type, click and submit.

    python -m sandbox.discord --port 0        prints {"url": "http://127.0.0.1:PORT", "gateway": "ws://127.0.0.1:PORT/gateway/"},
                                              serves until SIGTERM

A bot on discord.py comes here by discord.http.Route.BASE = url + "/api/v10" and DiscordWebSocket.DEFAULT_GATEWAY =
yarl.URL(gateway), with TOKEN. What may be set, done and seen over HTTP is in control.py, and people.py speaks it; in
Python, `Discord` is the scene and `running(make_app(discord))` the server.
"""

from __future__ import annotations

from aiohttp import web

from sandbox.discord import control, gateway, incoming, rest
from sandbox.discord.state import (
    BOT_ID,
    CHANNEL_ID,
    CHANNEL_NAME,
    FORUM_ID,
    FORUM_NAME,
    GUILD_ID,
    OWNER_ID,
    OWNER_NAME,
    TOKEN,
    Discord,
    Settings,
)
from sandbox.serving import running

LARGEST_REQUEST = 128 * 1024 * 1024  # more than Discord takes of anybody, so that it is Discord who says no

__all__ = [
    "BOT_ID",
    "CHANNEL_ID",
    "CHANNEL_NAME",
    "FORUM_ID",
    "FORUM_NAME",
    "GUILD_ID",
    "OWNER_ID",
    "OWNER_NAME",
    "TOKEN",
    "Discord",
    "Settings",
    "api_url",
    "gateway_url",
    "make_app",
    "running",
]


def make_app(discord: Discord) -> web.Application:
    """The server of a scene."""
    app = web.Application(client_max_size=LARGEST_REQUEST, middlewares=[incoming.unless_down])
    app[incoming.STATE] = discord
    for part in (gateway, rest, control):
        part.add_routes(app)
    return app


def api_url(url: str) -> str:
    """For Route.BASE."""
    return url + rest.PREFIX


def gateway_url(url: str) -> str:
    """For DiscordWebSocket.DEFAULT_GATEWAY."""
    return url.replace("http", "ws", 1) + "/gateway/"
