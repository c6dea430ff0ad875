"""The Gemini Developer API on loopback, as far as transcribing goes: files and generateContent, in memory.

    python -m sandbox.gemini --port 0        prints {"url": "http://127.0.0.1:PORT"}, serves until SIGTERM

google-genai comes here by HttpOptions(base_url=…) with api_key=API_KEY. What may be set and seen over HTTP is in
control.py; in Python, `Gemini` is the scene and `running(make_app(gemini))` the server.
"""

from __future__ import annotations

from aiohttp import web

from sandbox.gemini import control, files, generate
from sandbox.gemini.entry import STATE
from sandbox.gemini.errors import ApiError
from sandbox.gemini.state import API_KEY, OPERATIONS, File, Gemini, Limits, Processing
from sandbox.serving import running

LARGEST_REQUEST = 104_857_600  # inline audio with all around it: docs, audio

__all__ = ["API_KEY", "OPERATIONS", "File", "Gemini", "Limits", "Processing", "make_app", "running"]


def make_app(gemini: Gemini) -> web.Application:
    """The server of a scene."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app[STATE] = gemini
    for part in (files, generate, control):
        part.add_routes(app)
    app.router.add_route("*", "/{rest:(upload|v1|v1beta)/.*}", _nowhere)
    return app


async def _nowhere(request: web.Request) -> web.Response:
    """An address that this sandbox does not have."""
    request.app[STATE].refusals.append(f"{request.method} {request.path}: there is no such address")
    return web.json_response(ApiError(404).body(), status=404)
