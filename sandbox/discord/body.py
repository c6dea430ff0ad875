"""The body of a request: JSON, or multipart with `payload_json` and `files[n]`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.discord.errors import INVALID_JSON, ApiError, InvalidForm, Problem, WrongRequest

FILE_FIELD = re.compile(r"files\[([0-9])\]")  # ten at most: reference#uploading-files


@dataclass(frozen=True)
class Upload:
    """A file as it came; `index` is what the body's `attachments` call it by."""

    index: int
    name: str
    data: bytes = field(repr=False)
    content_type: str


async def read(request: web.Request) -> tuple[Any, list[Upload]]:
    """The decoded body (None if there is none) and its files. Raise ApiError."""
    if request.content_type == "multipart/form-data":
        return await _multipart(request)
    data = await request.read()
    if not data:
        return None, []
    if request.content_type != "application/json":
        raise InvalidForm([Problem((), "CONTENT_TYPE_INVALID", 'Expected "Content-Type" header to be JSON or a form.')])
    return _json(data), []


async def _multipart(request: web.Request) -> tuple[Any, list[Upload]]:
    payload, files = None, []
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                raise ApiError(INVALID_JSON)
            data, name = bytes(await part.read()), part.name or ""
            found = FILE_FIELD.fullmatch(name)
            if name == "payload_json":
                payload = _json(data)
            elif found:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                files.append(Upload(int(found[1]), part.filename or "", data, kind))
            else:
                raise InvalidForm([Problem((name,), "BASE_TYPE_BAD_TYPE", "neither payload_json nor files[0…9]")])
    except ValueError as error:
        raise InvalidForm([Problem((), "BASE_TYPE_BAD_TYPE", str(error))]) from None
    return {} if payload is None else payload, files


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        raise WrongRequest(INVALID_JSON) from None
