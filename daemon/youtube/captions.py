"""The caption tracks of a video: list, insert, replace, download.

Tracks that YouTube made (kind `asr`) are read, never written: written, one would keep its label.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from googleapiclient.http import MediaInMemoryUpload

from daemon.youtube.api import Api

ASR = "asr"  # compared in lower case: the documents say ASR, the service has said asr


@dataclass(frozen=True)
class RemoteTrack:
    """A track as YouTube lists it: `language` in BCP-47, `kind` standard, asr or forced, `status` e.g. serving."""

    id: str
    language: str
    name: str
    kind: str
    status: str


def listing(api: Api, video_id: str) -> list[RemoteTrack]:
    """Every track of the video. Raise DaemonError."""
    answer = api.call("captions.list", {"part": "id,snippet", "videoId": video_id})
    return [_track(item) for item in answer.get("items", [])]


def insert(api: Api, video_id: str, language: str, name: str, text: str) -> RemoteTrack:
    """Add a track. Raise Conflict if there is one of that language and name; DaemonError.

    After TryLater the track may be there all the same: the connection may have ended after the work was done.
    Multipart, not resumable: a repeated resumable upload sends an empty body (google-api-python-client 2.202).
    """
    snippet = {"videoId": video_id, "language": language, "name": name, "isDraft": False}
    arguments = {"part": "snippet", "body": {"snippet": snippet}, "media_body": _media(text)}
    return _track(api.call("captions.insert", arguments))


def replace(api: Api, track_id: str, text: str) -> RemoteTrack:
    """Give a track of ours a new text. Its id, language and name stay. Raise DaemonError."""
    body = {"id": track_id, "snippet": {"isDraft": False}}  # left out, the value would be deleted
    return _track(api.call("captions.update", {"part": "snippet", "body": body, "media_body": _media(text)}))


def download(api: Api, track_id: str) -> str:
    """A track's text as WebVTT. Raise DaemonError."""
    body = api.call("captions.download", {"id": track_id, "tfmt": "vtt"})
    return body.decode(errors="replace") if isinstance(body, bytes) else str(body)


def _media(text: str) -> MediaInMemoryUpload:
    return MediaInMemoryUpload(text.encode(), mimetype="application/octet-stream", resumable=False)


def _track(item: Any) -> RemoteTrack:
    snippet = item.get("snippet", {})
    return RemoteTrack(
        id=str(item["id"]),
        language=str(snippet.get("language", "")),
        name=str(snippet.get("name", "")),
        kind=str(snippet.get("trackKind", "standard")).lower(),
        status=str(snippet.get("status", "")),
    )
