"""AssemblyAI's pre-recorded API on loopback, in memory.

    python -m sandbox.assemblyai --port 0        prints {"url": "http://127.0.0.1:PORT"}, serves until SIGTERM

The SDK comes here by Settings(base_url=…, api_key=API_KEY). What may be set and seen over HTTP is in control.py; in
Python, `AssemblyAI` is the scene and `running(make_app(assemblyai))` the server.
"""

from __future__ import annotations

from aiohttp import web

from sandbox.assemblyai import api, control
from sandbox.assemblyai.state import API_KEY, OPERATIONS, AssemblyAI, Job, Pace, Upload
from sandbox.serving import running

LARGEST_REQUEST = 2_362_232_012  # 2.2 GB: docs, limits of the upload

__all__ = ["API_KEY", "OPERATIONS", "AssemblyAI", "Job", "Pace", "Upload", "make_app", "running"]


def make_app(assemblyai: AssemblyAI) -> web.Application:
    """The server of a scene."""
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app[api.STATE] = assemblyai
    for part in (api, control):
        part.add_routes(app)
    return app
