"""The Data API's addresses: who calls, is the call a correct one, what does it cost, and then the method itself."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from aiohttp import web

from sandbox.youtube import captions, discovery, incoming, lists
from sandbox.youtube.call import Answer, Call
from sandbox.youtube.discovery import Method, Query
from sandbox.youtube.errors import ApiError, NotPlayed, WrongRequest
from sandbox.youtube.state import Account, YouTube

PLAYED: dict[str, Callable[[YouTube, Call], Answer]] = {
    "captions.list": captions.list_tracks,
    "captions.insert": captions.insert,
    "captions.update": captions.update,
    "captions.delete": captions.delete,
    "captions.download": captions.download,
    "channels.list": lists.channels,
    "videos.list": lists.videos,
    "playlistItems.list": lists.playlist_items,
}
CHECKS_BEFORE_UPLOAD: dict[str, Callable[[YouTube, Call], object]] = {
    "captions.insert": captions.check_insert,
    "captions.update": captions.check_update,
}
CHUNK = 262_144
"""All chunks but the last are multiples of it (youtube/v3/guides/using_resumable_upload_protocol)."""
DOWNLOAD_TYPES = {"": "application/octet-stream", "srt": "application/x-subrip", "vtt": "text/vtt"}


@dataclass
class Upload:
    """A resumable upload that was begun; `answer` once it is complete."""

    call: Call
    taken: bytearray = field(default_factory=bytearray)
    answer: Answer = None


UPLOADS = web.AppKey("uploads", dict[str, Upload])


def add_routes(app: web.Application) -> None:
    app[UPLOADS] = {}
    for prefix in ("/youtube/v3", "/upload/youtube/v3", "/resumable/upload/youtube/v3"):
        app.router.add_route("*", f"{prefix}/{{method:.*}}", handle)


async def handle(request: web.Request) -> web.StreamResponse:
    """Any request to the API."""
    if "upload_id" in request.query:
        return await incoming.serve(request, "upload", lambda _: _refusing(request, _continue(request)))
    try:
        method = discovery.find(request.method, request.path)
    except WrongRequest as error:
        return _refuse(request, error)
    if method.operation not in PLAYED:
        return _refuse(request, NotPlayed(method.operation))
    return await incoming.serve(request, method.operation, lambda _: _refusing(request, _call(request, method)))


async def _refusing(request: web.Request, work: Awaitable[web.Response]) -> web.StreamResponse:
    """What `work` answers, or its error as an answer."""
    try:
        return await work
    except ApiError as error:
        return _refuse(request, error)


def _refuse(request: web.Request, error: ApiError) -> web.Response:
    incoming.remember(request, error)
    response = incoming.refusal(error)
    if error.authenticate:
        response.headers["WWW-Authenticate"] = f'Bearer realm="https://accounts.google.com/", {error.authenticate}'
    return response


async def _call(request: web.Request, method: Method) -> web.Response:
    """One call, from its login to its answer."""
    youtube = request.app[incoming.STATE]
    account = _account(youtube, request)
    youtube.quota.charge(method.operation)
    _check_scopes(method, account)
    query = discovery.check_query(method, list(request.query.items()))
    body, media = _content(request.headers.get("Content-Type", ""), await request.read(), method, query)
    call = Call(method, query, discovery.check_body(method, body), media, account.channel_id)
    if query.one("uploadType") == "resumable":
        return _begin(request, call)
    return _respond(call, execute(youtube, call))


def execute(youtube: YouTube, call: Call) -> Answer:
    """Do what a checked call asks for. Raise ApiError."""
    answer = PLAYED[call.method.operation](youtube, call)
    youtube.executed[call.method.operation] += 1
    return answer


def _respond(call: Call, answer: Answer) -> web.Response:
    if answer is None:
        return web.Response(status=204)
    if isinstance(answer, bytes):
        return web.Response(body=answer, content_type=DOWNLOAD_TYPES[call.query.one("tfmt")])
    return web.json_response(answer)


def _account(youtube: YouTube, request: web.Request) -> Account:
    """Whose call it is. Raise ApiError if no valid token came with it."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    found = youtube.access_tokens.get(token)
    if kind != "Bearer" or found is None or found[1] <= youtube.now():
        message = "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."  # noqa: E501
        raise ApiError(401, "authError", message, authenticate='error="invalid_token"')
    return found[0]


def _check_scopes(method: Method, account: Account) -> None:
    """Raise ApiError unless the token was granted one of the scopes that the method is open to."""
    if not method.scopes & set(account.scopes):
        message = "Request had insufficient authentication scopes."
        needed = f'error="insufficient_scope", scope="{" ".join(sorted(method.scopes))}"'
        raise ApiError(403, "insufficientPermissions", message, authenticate=needed)


# ---- the body


def _content(kind: str, data: bytes, method: Method, query: Query) -> tuple[object, bytes | None]:
    """The JSON and the file in a request's body; each None if it is not there. Raise ApiError."""
    upload = query.one("uploadType")
    if upload == "media":
        return {}, data
    if upload == "multipart":
        if not kind.startswith("multipart/related"):
            raise WrongRequest("badRequest", f"A multipart upload is multipart/related, not {kind!r}.")
        return _multipart(kind, data)
    if not data:
        return ({} if method.spec.get("request") else None), None
    if not kind.startswith("application/json"):
        raise WrongRequest("badRequest", f"The body must be application/json, not {kind!r}.")
    return _json(data), None


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except ValueError:
        raise WrongRequest("parseError", "Parse Error: the body is no JSON.") from None


def _multipart(kind: str, data: bytes) -> tuple[object, bytes]:
    """The two parts of a multipart/related body; the file byte for byte."""
    found = re.search(r'boundary="?([^";]+)"?', kind)
    pieces = data.split(b"--" + found[1].encode()) if found else []
    if len(pieces) != 4 or not pieces[3].startswith(b"--"):
        raise WrongRequest("badRequest", "A multipart upload has two parts: the resource and the file.")
    (json_type, resource), (_, media) = _part(pieces[1]), _part(pieces[2])
    if "application/json" not in json_type:
        raise WrongRequest("badRequest", "The first part must be application/json.")
    return _json(resource), media


def _part(piece: bytes) -> tuple[str, bytes]:
    """Headers and content of one part, whichever way its lines end."""
    end = b"\r\n" if piece.startswith(b"\r\n") else b"\n"
    headers, _, content = piece.removeprefix(end).partition(end + end)
    return headers.decode("latin-1").lower(), content.removesuffix(end)


# ---- resumable uploads


def _begin(request: web.Request, call: Call) -> web.Response:
    """Check what can be checked, and say where to send the file."""
    youtube = request.app[incoming.STATE]
    CHECKS_BEFORE_UPLOAD[call.method.operation](youtube, call)
    upload_id = youtube.make_id("ABPtcPp", 64)
    request.app[UPLOADS][upload_id] = Upload(call)
    location = request.url.update_query(upload_id=upload_id)
    return web.Response(headers={"Location": str(location), "X-GUploader-UploadID": upload_id})


async def _continue(request: web.Request) -> web.Response:
    """A chunk, or the question how much has come: `bytes */N`."""
    upload = request.app[UPLOADS].get(request.query["upload_id"])
    if upload is None or request.method != "PUT":
        raise ApiError(404, "notFound", "There is no such upload.")
    data = await request.read()
    first, total = _range(request.headers.get("Content-Range"), len(data))
    if upload.answer is None and first is not None and first == len(upload.taken):
        if first + len(data) < (total or 0) and len(data) % CHUNK:
            raise WrongRequest("badRequest", f"All chunks but the last are multiples of {CHUNK} bytes.")
        upload.taken += data
    if upload.answer is None and total is not None and len(upload.taken) == total:
        call = replace(upload.call, media=bytes(upload.taken))
        upload.answer = execute(request.app[incoming.STATE], call)
    if upload.answer is not None:
        return web.json_response(upload.answer)
    ranges = {"Range": f"bytes=0-{len(upload.taken) - 1}"} if upload.taken else {}
    return web.Response(status=308, reason="Resume Incomplete", headers=ranges)


def _range(header: str | None, length: int) -> tuple[int | None, int | None]:
    """First byte of a chunk (None: no chunk, a question) and size of the whole file (None: not known yet)."""
    if header is None:
        return 0, length
    found = re.fullmatch(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)", header)
    if found is None or (found[1] and int(found[2]) - int(found[1]) + 1 != length):
        raise WrongRequest("badRequest", f"Content-Range {header!r} does not fit {length} bytes.")
    return (int(found[1]) if found[1] else None), (None if found[3] == "*" else int(found[3]))
