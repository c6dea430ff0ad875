"""The public site: feed, pages, what the player is told, and the media files."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.faults import Fault
from sandbox.line import cut
from sandbox.youtube import incoming
from sandbox.youtube.faults import Kind
from sandbox.youtube.feed import feed
from sandbox.youtube.state import REASONS, UNLISTED, Channel, Video, YouTube

BLOCK = 65_536
TICK = 0.05  # seconds between the pieces of a throttled answer


@dataclass(frozen=True)
class Form:
    """What a file's name says of it."""

    content_type: str
    audio_codec: str
    video_codec: str = "none"


FORMS = {
    ".m4a": Form("audio/mp4", "mp4a.40.2"),
    ".webm": Form("audio/webm", "opus"),
    ".opus": Form("audio/ogg", "opus"),
    ".ogg": Form("audio/ogg", "vorbis"),
    ".mp3": Form("audio/mpeg", "mp3"),
    ".wav": Form("audio/wav", "pcm_s16le"),
    ".flac": Form("audio/flac", "flac"),
    ".mp4": Form("video/mp4", "mp4a.40.2", "avc1.42001E"),
}
OTHER = Form("application/octet-stream", "unknown")


def add_routes(app: web.Application) -> None:
    for path, operation, answer in (
        ("/feeds/videos.xml", "feed", _feed),
        ("/watch", "watch", _watch),
        ("/sandbox/player", "player", _player),
        ("/sandbox/tab", "tab", _tab),
        ("/sandbox/playlist", "playlist", _playlist),
        ("/{name:@[^/]+}{tab:.*}", "watch", _channel_page),
        ("/channel/{name}{tab:.*}", "watch", _channel_page),
        ("/user/{name}{tab:.*}", "watch", _channel_page),
    ):
        app.router.add_get(path, incoming.served(operation, answer), allow_head=False)
    app.router.add_get("/media/{name}", _served_media, allow_head=False)


# ---- pages


async def _feed(request: web.Request) -> web.StreamResponse:
    youtube = request.app[incoming.STATE]
    channel = youtube.channels.get(request.query.get("channel_id", ""))
    if channel is None:
        return incoming.page("Error 404 (Not Found)!!1", 404)
    videos = [video for video in youtube.videos.values() if video.channel_id == channel.id]
    headers = {"Cache-Control": "max-age=900"}
    return web.Response(body=feed(channel, videos), content_type="text/xml", charset="UTF-8", headers=headers)


async def _watch(request: web.Request) -> web.StreamResponse:
    video = request.app[incoming.STATE].videos.get(request.query.get("v", ""))
    return incoming.page(html.escape(video.title if video else "YouTube"))


async def _channel_page(request: web.Request) -> web.StreamResponse:
    channel = _channel_at(request.app[incoming.STATE], request.path)
    return incoming.page(html.escape(channel.title)) if channel else incoming.page("404 Not Found", 404)


def _channel_at(youtube: YouTube, path: str) -> Channel | None:
    """The channel that a path of the site belongs to: /@handle, /channel/ID, /user/NAME, a tab after it or none."""
    found = re.fullmatch(r"/(@[^/]+|channel/[^/]+|user/[^/]+)(?:/\w*)?", path)
    if found is None:
        return None
    kind, _, name = found[1].rpartition("/")
    if kind == "channel":
        return youtube.channels.get(name)
    for channel in youtube.channels.values():
        if name == channel.username if kind == "user" else name.lower() == channel.handle.lower():
            return channel
    return None


# ---- for the extractor in sandbox/plugins


async def _player(request: web.Request) -> web.StreamResponse:
    """What YouTube's player would be told of a video."""
    youtube, video_id = request.app[incoming.STATE], request.query.get("v", "")
    video = youtube.videos.get(video_id)
    if video is None:
        return web.json_response({"id": video_id, "error": "unavailable", "reason": REASONS["unavailable"]})
    return web.json_response(_told(youtube, video, str(request.url.origin())))


def _told(youtube: YouTube, video: Video, site: str) -> dict[str, Any]:
    channel = youtube.channels[video.channel_id]
    return {
        "id": video.id,
        "title": video.title,
        "description": video.description,
        "channel": channel.title,
        "channel_id": channel.id,
        "uploader": channel.title,
        "uploader_id": channel.handle,
        "timestamp": int(video.published_at.timestamp()),
        "duration": video.duration,
        "live_status": video.live_status,
        "release_timestamp": video.release_timestamp,
        "availability": video.availability,
        "media_type": video.media_type,
        "language": video.language,
        "error": video.error,
        "reason": video.reason,
        "formats": [] if video.reason else _formats(video, site),
    }


def _formats(video: Video, site: str) -> list[dict[str, Any]]:
    """The file as one format; beside sound alone, where its size is known, the picture, which is not served."""
    form = FORMS.get(video.path.suffix, OTHER)
    url, ext = f"{site}/media/{video.id}", video.path.suffix.removeprefix(".")
    size = {"width": video.width, "height": video.height}
    whole = {"url": f"{url}.{ext}", "ext": ext, "acodec": form.audio_codec, "filesize": video.path.stat().st_size}
    if form.video_codec != "none":
        return [{"format_id": "18", "vcodec": form.video_codec, **size, **whole}]
    formats = [{"format_id": "140", "vcodec": "none", "language": video.language, **whole}]
    if video.width and video.height:
        picture = {"format_id": "137", "vcodec": "avc1.640028", "acodec": "none", "ext": "mp4"}
        formats.append({**picture, "url": f"{url}.picture.mp4", **size})
    return formats


async def _tab(request: web.Request) -> web.StreamResponse:
    """A channel and what it lists, newest first."""
    youtube = request.app[incoming.STATE]
    channel = _channel_at(youtube, request.query.get("path", ""))
    if channel is None:
        return web.json_response({"error": "not found"}, status=404)
    own = [one for one in youtube.videos.values() if one.channel_id == channel.id and one.availability not in UNLISTED]
    newest = sorted(own, key=lambda one: one.published_at, reverse=True)
    entries = [{"id": one.id, "title": one.title, "duration": one.duration} for one in newest]
    about = {"id": channel.id, "title": channel.title, "handle": channel.handle}
    return web.json_response({**about, "entries": entries})


async def _playlist(request: web.Request) -> web.StreamResponse:
    """What a list names, in its order; of what is private or gone only that it is. Source: YoutubeTabIE of yt-dlp."""
    youtube = request.app[incoming.STATE]
    found = youtube.playlist(request.query.get("list", ""))
    if found is None:
        return web.json_response({"error": "The playlist does not exist."})
    entries = [{"id": one, "title": _listed(youtube, one)} for one in found.video_ids]
    return web.json_response({"id": found.id, "title": found.title, "entries": entries})


def _listed(youtube: YouTube, video_id: str) -> str:
    video = youtube.videos.get(video_id)
    if video is None:
        return "[Deleted video]"
    return "[Private video]" if video.availability == "private" else video.title


# ---- media


async def _served_media(request: web.Request) -> web.StreamResponse:
    return await incoming.serve(request, "media", lambda fault: _media(request, fault))


async def _media(request: web.Request, fault: Fault[Kind] | None) -> web.StreamResponse:
    video_id, _, ext = request.match_info["name"].partition(".")
    video = request.app[incoming.STATE].videos.get(video_id)
    if video is None or video.path.suffix != f".{ext}" or video.reason:
        return incoming.page("404 Not Found", 404)
    size = video.path.stat().st_size
    chosen = _chosen(request.headers.get("Range"), size)
    if not chosen:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    response = web.StreamResponse(status=200 if "Range" not in request.headers else 206)
    response.content_type = FORMS.get(video.path.suffix, OTHER).content_type
    response.content_length = len(chosen)
    response.headers["Accept-Ranges"] = "bytes"
    if response.status == 206:
        response.headers["Content-Range"] = f"bytes {chosen.start}-{chosen.stop - 1}/{size}"
    await response.prepare(request)
    await _send(request, response, _blocks(video.path, chosen, fault), fault)
    return response


def _chosen(header: str | None, size: int) -> range:
    """The bytes that a Range header asks for; none if it cannot be met. Several ranges are not played."""
    if header is None:
        return range(size)
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", header)
    if found is None or not (found[1] or found[2]):
        return range(0)
    if not found[1]:
        return range(max(0, size - int(found[2])), size)
    return range(int(found[1]), min(size, int(found[2]) + 1) if found[2] else size)


async def _send(
    request: web.Request, response: web.StreamResponse, blocks: Iterator[bytes], fault: Fault[Kind] | None
) -> None:
    for block in blocks:
        await response.write(block)
        if fault is not None and fault.kind is Kind.THROTTLE:
            await asyncio.sleep(TICK)
    if fault is not None and fault.kind is Kind.CUT_AT:
        cut(request)
    else:
        await response.write_eof()


def _blocks(path: Path, chosen: range, fault: Fault[Kind] | None) -> Iterator[bytes]:
    """The chosen bytes, as far as the fault allows, in pieces as it allows."""
    length = BLOCK
    match fault:
        case Fault(kind=Kind.THROTTLE, value=speed):
            length = max(1, int(speed * TICK))
        case Fault(kind=Kind.CUT_AT, value=count):
            chosen = chosen[: int(count)]
    with path.open("rb") as file:
        file.seek(chosen.start)
        for start in range(chosen.start, chosen.stop, length):
            yield file.read(min(length, chosen.stop - start))
