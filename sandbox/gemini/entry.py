"""What every address of the API asks first: the key, and a body of JSON by Google's names."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import web

from sandbox.gemini.errors import NO_KEY, ApiError, WrongRequest, wrong_key
from sandbox.gemini.state import Gemini

STATE = web.AppKey("gemini", Gemini)
VERSIONS = "{version:v1|v1beta}"
NAMED_BY_CLIENTS = frozenset({"properties", "defs", "responseJsonSchema", "args", "labels"})


def entered(request: web.Request) -> Gemini:
    """The state, for a request with the right key. A wrong one is no mistake of the client, none is."""
    gemini = request.app[STATE]
    given = request.headers.get("x-goog-api-key") or request.query.get("key")
    if not given:
        raise ApiError(403, NO_KEY, mistake="there is no x-goog-api-key")
    if given != gemini.api_key:
        raise wrong_key()
    return gemini


def origin_of(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


async def body_of(request: web.Request) -> Any:
    """The decoded body, its names in camel case: Google takes them with underscores too, and SDKs mix them."""
    try:
        return _camel(json.loads(await request.read() or b"{}"))
    except ValueError as error:
        raise WrongRequest(f"Invalid JSON payload received. {error}") from None


def _camel(value: Any, named_by_client: bool = False) -> Any:
    if isinstance(value, list):
        return [_camel(item) for item in value]
    if not isinstance(value, dict):
        return value
    if named_by_client:
        return {name: _camel(item) for name, item in value.items()}
    names = {name: re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name) for name in value}
    return {
        names[name]: item if names[name] == "responseJsonSchema" else _camel(item, names[name] in NAMED_BY_CLIENTS)
        for name, item in value.items()
    }
