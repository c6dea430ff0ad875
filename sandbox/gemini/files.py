"""The Files API: resumable uploads, and what becomes of them.

Sources: ai.google.dev/gemini-api/docs/files, google-genai 3.4 (files.py, _api_client.py).
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.clouds import shapes
from sandbox.clouds.incoming import served
from sandbox.clouds.shapes import fields, integer, text
from sandbox.gemini.entry import STATE, VERSIONS, body_of, entered, origin_of
from sandbox.gemini.errors import ApiError, WrongRequest
from sandbox.gemini.state import Gemini, Upload

GRANULARITY = 262_144  # chunks but the last are multiples of it
LARGEST_FILE = 2_147_483_648
PATH = f"/upload/{VERSIONS}/files"
STATUS = "X-Goog-Upload-Status"
CREATE = fields({"file": fields({"name": text, "displayName": text, "mimeType": text, "sizeBytes": shapes.anything})})
SIZE = integer(1, LARGEST_FILE)


def add_routes(app: web.Application) -> None:
    start, chunk = served(STATE, "files.create", _create), served(STATE, "files.upload", _upload)

    async def posted(request: web.Request) -> web.StreamResponse:
        return await (chunk if "upload_id" in request.query else start)(request)

    app.router.add_post(PATH, posted)
    app.router.add_get(f"/{VERSIONS}/files", served(STATE, "files.list", _list))
    app.router.add_get(f"/{VERSIONS}/files/{{id}}", served(STATE, "files.get", _get))
    app.router.add_delete(f"/{VERSIONS}/files/{{id}}", served(STATE, "files.delete", _delete))


async def _create(request: web.Request) -> web.Response:
    """Start an upload; its address is a secret of its own, no key comes with the chunks."""
    gemini = entered(request)
    upload = _begun(gemini, request, await body_of(request))
    id = gemini.make_id()  # noqa: A001
    gemini.uploads[id] = upload
    address = f"{origin_of(request)}{request.path}?upload_id={id}&upload_protocol=resumable"
    headers = {"X-Goog-Upload-URL": address, STATUS: "active", "X-Goog-Upload-Chunk-Granularity": str(GRANULARITY)}
    return web.json_response({}, headers=headers)


def _begun(gemini: Gemini, request: web.Request, body: Any) -> Upload:
    headers = request.headers
    if (headers.get("X-Goog-Upload-Protocol"), headers.get("X-Goog-Upload-Command")) != ("resumable", "start"):
        raise WrongRequest("An upload begins with X-Goog-Upload-Protocol: resumable and X-Goog-Upload-Command: start.")
    try:
        CREATE(body, "")
        size = int(headers.get("X-Goog-Upload-Header-Content-Length", ""))
        SIZE(size, "X-Goog-Upload-Header-Content-Length")
    except ValueError as error:
        raise WrongRequest(f"Invalid upload: {error}") from None
    file = body.get("file", {})
    mime_type = headers.get("X-Goog-Upload-Header-Content-Type") or file.get("mimeType")
    if not mime_type or "/" not in mime_type:
        raise WrongRequest("Invalid upload: the MIME type is missing.")
    name = file.get("name", "").removeprefix("files/") or None
    if name is not None:
        gemini.check_name(name)
    return Upload(size, mime_type, name, file.get("displayName"))


async def _upload(request: web.Request) -> web.Response:
    """Take a chunk; with the last one there is a file."""
    gemini = request.app[STATE]
    id = request.query["upload_id"]  # noqa: A001
    upload = gemini.uploads.get(id)
    if upload is None:
        raise ApiError(404, "There is no such upload.", mistake=f"there is no upload {id}", headers=_ended("cancelled"))
    data = await request.read()
    is_last = _check_chunk(request, upload, len(data))
    upload.data += data
    if not is_last:
        return web.json_response({}, headers=_ended("active"))
    del gemini.uploads[id]
    made = gemini.keep(upload)
    answer = gemini.altered("files.upload", {"file": made.resource(origin_of(request))})
    return web.json_response(answer, headers=_ended("final"))


def _ended(status: str) -> dict[str, str]:
    return {STATUS: status}


def _check_chunk(request: web.Request, upload: Upload, length: int) -> bool:
    """Whether it is the last one. Raise WrongRequest."""
    commands = [one.strip() for one in request.headers.get("X-Goog-Upload-Command", "").split(",")]
    offset, received = request.headers.get("X-Goog-Upload-Offset"), len(upload.data)
    is_last = commands == ["upload", "finalize"]
    if not is_last and commands != ["upload"]:
        raise WrongRequest(f"The upload command {commands} is not known.")
    if offset != str(received):
        raise WrongRequest(f"The chunk is for {offset}, but {received} bytes are there.")
    if not is_last and length % GRANULARITY:
        raise WrongRequest(f"A chunk of {length} bytes is no multiple of {GRANULARITY}.")
    if received + length > upload.size or (is_last and received + length != upload.size):
        raise WrongRequest(f"{received + length} bytes were sent, {upload.size} announced.")
    return is_last


async def _list(request: web.Request) -> web.Response:
    """All in one page."""
    gemini = entered(request)
    there = [one for one in gemini.files.values() if not one.deleted]
    listed = {"files": [one.resource(origin_of(request)) for one in there]} if there else {}
    return web.json_response(gemini.altered("files.list", listed))


async def _get(request: web.Request) -> web.Response:
    gemini = entered(request)
    found = gemini.file(request.match_info["id"])
    return web.json_response(gemini.altered("files.get", found.resource(origin_of(request))))


async def _delete(request: web.Request) -> web.Response:
    gemini = entered(request)
    gemini.file(request.match_info["id"]).deleted = True
    return web.json_response({})
