"""What people call a channel or a video: ids, handles, URLs. Pure.

Does not know whether there is such a channel or video: that takes the network, and so the daemon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

CHANNEL_ID = re.compile(r"UC[0-9A-Za-z_-]{22}")
VIDEO_ID = re.compile(r"[0-9A-Za-z_-]{11}")
HANDLE = re.compile(r"@[\w.·-]{3,60}")  # letters of many scripts since 2023; the service has the last word
HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"})


class ReferenceKind(StrEnum):
    CHANNEL = "channel"  #: by its id, UC…
    HANDLE = "handle"  #: by its @handle
    USER = "user"  #: by an old /user/ name
    VIDEO = "video"  #: by one of its videos


@dataclass(frozen=True)
class Reference:
    kind: ReferenceKind
    value: str


def read_channel(text: str) -> Reference:
    """What `text` names: a channel's id, @handle or URL, or one of its videos. Raise ValueError with a hint."""
    text = text.strip()
    if CHANNEL_ID.fullmatch(text):
        return Reference(ReferenceKind.CHANNEL, text)
    if HANDLE.fullmatch(text):
        return Reference(ReferenceKind.HANDLE, text)
    found = _in_channel_path(_youtube_path(text)) or _video_reference(text)
    if found is None:
        raise ValueError(f"{text[:100]!r} is no YouTube channel: give an @handle, a channel URL, a video URL or an id")
    return found


def read_video(text: str) -> str:
    """The id of the video that `text`, an id or a URL, names. Raise ValueError with a hint."""
    text = text.strip()
    found = text if VIDEO_ID.fullmatch(text) else _video_in_url(text)
    if found is None:
        raise ValueError(f"{text[:100]!r} is no YouTube video: give its URL or its id of 11 characters")
    return found


def _in_channel_path(path: list[str]) -> Reference | None:
    match path:
        case ["channel", value, *_] if CHANNEL_ID.fullmatch(value):
            return Reference(ReferenceKind.CHANNEL, value)
        case ["user", value, *_] if value:
            return Reference(ReferenceKind.USER, value)
        case [value, *_] if HANDLE.fullmatch(value):
            return Reference(ReferenceKind.HANDLE, value)
    return None


def _video_reference(text: str) -> Reference | None:
    found = _video_in_url(text)
    return None if found is None else Reference(ReferenceKind.VIDEO, found)


def _video_in_url(text: str) -> str | None:
    path = _youtube_path(text)
    match path:
        case ["watch", *_]:
            found = parse_qs(_split(text).query).get("v", [""])[0]
        case ["shorts" | "live" | "embed" | "v", found, *_]:
            pass
        case [found] if _split(text).hostname == "youtu.be":
            pass
        case _:
            return None
    return found if VIDEO_ID.fullmatch(found) else None


def _youtube_path(text: str) -> list[str]:
    """The parts of a YouTube URL's path; none for any other text."""
    parts = _split(text)
    if parts.scheme not in ("http", "https") or parts.hostname not in HOSTS:
        return []
    return [unquote(part) for part in parts.path.split("/") if part]


def _split(text: str) -> SplitResult:
    with_scheme = text if "://" in text else f"https://{text}"
    try:
        return urlsplit(with_scheme)
    except ValueError:  # a bracket that opens no IPv6 address
        return urlsplit("")
