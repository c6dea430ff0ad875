"""YouTube on loopback: feed, pages, media, Data API v3 and OAuth, in memory.

    python -m sandbox.youtube --port 0        prints {"url": "http://127.0.0.1:PORT"}, serves until SIGTERM

yt-dlp finds its extractor when `PLUGIN_DIR` is one of its plugin_dirs. What may be set and seen over HTTP is in
control.py; in Python, `YouTube` is the scene and `running(make_app(youtube))` the server.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from sandbox.serving import running
from sandbox.youtube import api, control, incoming, oauth, site
from sandbox.youtube.state import (
    CHANNEL_ID,
    CHANNEL_TITLE,
    CLIENT_ID,
    CLIENT_SECRET,
    COSTS,
    HANDLE,
    REFRESH_TOKEN,
    SCOPES,
    TOKEN,
    Channel,
    Consent,
    Playlist,
    Track,
    Video,
    YouTube,
)

PLUGIN_DIR = Path(__file__).parents[1] / "plugins"
"""For yt-dlp's plugin_dirs: each folder in it may hold yt_dlp_plugins/extractor/*.py (yt_dlp/plugins.py)."""

LARGEST_REQUEST = 104_857_600 + 1_048_576  # the discovery document's maxSize for a caption file, and what is around it

__all__ = [
    "CHANNEL_ID",
    "CHANNEL_TITLE",
    "CLIENT_ID",
    "CLIENT_SECRET",
    "COSTS",
    "HANDLE",
    "PLUGIN_DIR",
    "REFRESH_TOKEN",
    "SCOPES",
    "TOKEN",
    "Channel",
    "Consent",
    "Playlist",
    "Track",
    "Video",
    "YouTube",
    "make_app",
    "running",
]


def make_app(youtube: YouTube) -> web.Application:
    """The server of a scene."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app[incoming.STATE] = youtube
    for part in (api, site, oauth, control):
        part.add_routes(app)
    return app
