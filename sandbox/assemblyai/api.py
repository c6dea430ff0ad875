"""The addresses of the pre-recorded API: upload, and transcripts."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox.assemblyai import answers, contract
from sandbox.assemblyai.errors import NO_KEY, NOT_FOUND, ApiError, WrongRequest
from sandbox.assemblyai.state import AssemblyAI, Job
from sandbox.clouds.incoming import served

STATE = web.AppKey("assemblyai", AssemblyAI)
MOST_LISTED = 200  # API reference, list transcripts
UPLOAD_TYPES = frozenset({"", "application/octet-stream"})


def add_routes(app: web.Application) -> None:
    app.router.add_post("/v2/upload", served(STATE, "upload", _upload))
    app.router.add_post("/v2/transcript", served(STATE, "transcript.create", _create))
    app.router.add_get("/v2/transcript", served(STATE, "transcript.list", _list))
    app.router.add_get("/v2/transcript/{id}", served(STATE, "transcript.get", _get))
    app.router.add_delete("/v2/transcript/{id}", served(STATE, "transcript.delete", _delete))
    app.router.add_route("*", "/v2/{rest:.*}", _nowhere)


async def _upload(request: web.Request) -> web.Response:
    assemblyai = _entered(request)
    data, content_type = await request.read(), request.headers.get("Content-Type", "")
    if content_type not in UPLOAD_TYPES and not content_type.startswith(("audio/", "video/")):
        raise WrongRequest(mistake=f"an upload is the bytes of a file, not {content_type}")
    if not data:
        raise WrongRequest("Upload failed, please try again.", mistake="the upload is empty")
    upload = assemblyai.store(f"{request.scheme}://{request.host}", data, content_type)
    return web.json_response(assemblyai.altered("upload", {"upload_url": upload.url}))


async def _create(request: web.Request) -> web.Response:
    assemblyai = _entered(request)
    body = _without_nulls(await _json(request))
    contract.check(body)
    if answers.is_by_channel(body):
        _has_channels(assemblyai, body)
    job = assemblyai.submit(body)
    return web.json_response(assemblyai.altered("transcript.create", answers.waiting(job)))


def _has_channels(assemblyai: AssemblyAI, body: Any) -> None:
    """The service would take it, and a client would wait for what it does not get, or pay for it."""
    upload = assemblyai.upload_of(body["audio_url"])
    if upload is not None and upload.audio.channels == 1:
        raise WrongRequest(mistake="multichannel, for a sound of one channel")


async def _list(request: web.Request) -> web.Response:
    """The newest jobs, by the one parameter that is played."""
    assemblyai = _entered(request)
    limit = request.query.get("limit", "10")
    if set(request.query) - {"limit"} or not limit.isdecimal() or not 1 <= int(limit) <= MOST_LISTED:
        raise WrongRequest(mistake=f"a list is asked for by a limit up to {MOST_LISTED}, not by {dict(request.query)}")
    answer = answers.listed(list(assemblyai.jobs.values())[::-1][: int(limit)], str(request.url))
    return web.json_response(assemblyai.altered("transcript.list", answer))


async def _get(request: web.Request) -> web.Response:
    """A change is for the finished transcript: what is waited for stays as it is."""
    assemblyai = _entered(request)
    job = _job(request, assemblyai)
    job.asked += 1
    if job.deleted:
        return web.json_response(answers.deleted(job))
    if job.answer is None and job.is_due(assemblyai.now()):
        job.answer = await asyncio.to_thread(answers.completed, job)
    if job.answer is None:
        return web.json_response(answers.waiting(job))
    return web.json_response(assemblyai.altered("transcript.get", job.answer))


async def _delete(request: web.Request) -> web.Response:
    """The file that was uploaded for it goes too: docs, delete transcripts."""
    assemblyai = _entered(request)
    job = _job(request, assemblyai)
    job.deleted = True
    if job.upload is not None:
        job.upload.deleted = True
    return web.json_response(assemblyai.altered("transcript.delete", answers.deleted(job)))


async def _nowhere(request: web.Request) -> web.Response:
    """An address that this sandbox does not have."""
    request.app[STATE].refusals.append(f"{request.method} {request.path}: there is no such address")
    return web.json_response({"error": "Not found"}, status=404)


def _entered(request: web.Request) -> AssemblyAI:
    """The state, for a request with the right key. A wrong one is no mistake of the client, none or Bearer is."""
    assemblyai = request.app[STATE]
    given = request.headers.get("Authorization", "")
    if given != assemblyai.api_key:
        malformed = not given or given.startswith("Bearer")
        raise ApiError(401, NO_KEY, mistake="the key goes into Authorization as it is" if malformed else None)
    return assemblyai


def _job(request: web.Request, assemblyai: AssemblyAI) -> Job:
    job = assemblyai.job(request.match_info["id"])
    if job is None:
        raise ApiError(400, NOT_FOUND)
    return job


def _without_nulls(body: Any) -> Any:
    """A field that is null is as good as none."""
    return {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else body


async def _json(request: web.Request) -> Any:
    if request.content_type != "application/json":
        raise WrongRequest(mistake=f"the body is {request.content_type}, not application/json")
    try:
        return json.loads(await request.read())
    except ValueError:
        raise WrongRequest(mistake="the body is no JSON") from None
