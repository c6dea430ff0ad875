"""A channel's Atom feed, as youtube.com/feeds/videos.xml writes it. Pure.

Structure from captures: the feed's own yt:channelId lacks its UC, the entries' have it; shorts link to /shorts/;
`published` is when it was published, and no validators, no hub and no time to live are given.
"""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

from sandbox.youtube.state import UNLISTED, Channel, Video

MOST_ENTRIES = 15
ATOM = "http://www.w3.org/2005/Atom"
YT = "http://www.youtube.com/xml/schemas/2015"
MEDIA = "http://search.yahoo.com/mrss/"
SITE = "https://www.youtube.com"

for _prefix, _uri in (("", ATOM), ("yt", YT), ("media", MEDIA)):
    Xml.register_namespace(_prefix, _uri)


def feed(channel: Channel, videos: list[Video]) -> bytes:
    """The newest entries of a channel, newest first."""
    root = Xml.Element(f"{{{ATOM}}}feed")
    bare = channel.id.removeprefix("UC")
    own = f"http://www.youtube.com/feeds/videos.xml?channel_id={channel.id}"
    _add(root, ATOM, "link", rel="self", href=own)
    _add(root, ATOM, "id", f"yt:channel:{bare}")
    _add(root, YT, "channelId", bare)
    _add(root, ATOM, "title", channel.title)
    _add(root, ATOM, "link", rel="alternate", href=f"{SITE}/channel/{channel.id}")
    _author(root, channel)
    _add(root, ATOM, "published", "2015-01-01T00:00:00+00:00")
    shown = [video for video in videos if video.availability not in UNLISTED]
    for video in sorted(shown, key=lambda one: one.published_at, reverse=True)[:MOST_ENTRIES]:
        _entry(root, channel, video)
    Xml.indent(root, " ")
    text = Xml.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _entry(root: Xml.Element, channel: Channel, video: Video) -> None:
    entry = _add(root, ATOM, "entry")
    _add(entry, ATOM, "id", f"yt:video:{video.id}")
    _add(entry, YT, "videoId", video.id)
    _add(entry, YT, "channelId", channel.id)
    _add(entry, ATOM, "title", video.title)
    page = f"shorts/{video.id}" if video.media_type == "short" else f"watch?v={video.id}"
    _add(entry, ATOM, "link", rel="alternate", href=f"{SITE}/{page}")
    _author(entry, channel)
    _add(entry, ATOM, "published", _time(video.published_at))
    _add(entry, ATOM, "updated", _time(video.updated_at))
    group = _add(entry, MEDIA, "group")
    _add(group, MEDIA, "title", video.title)
    flash = {"url": f"{SITE}/v/{video.id}?version=3", "type": "application/x-shockwave-flash"}
    _add(group, MEDIA, "content", width="640", height="390", **flash)
    _add(group, MEDIA, "thumbnail", url=f"https://i1.ytimg.com/vi/{video.id}/hqdefault.jpg", width="480", height="360")
    _add(group, MEDIA, "description", video.description)
    community = _add(group, MEDIA, "community")
    _add(community, MEDIA, "starRating", count="10", average="5.00", min="1", max="5")
    _add(community, MEDIA, "statistics", views="123")


def _author(parent: Xml.Element, channel: Channel) -> None:
    author = _add(parent, ATOM, "author")
    _add(author, ATOM, "name", channel.title)
    _add(author, ATOM, "uri", f"{SITE}/channel/{channel.id}")


def _add(parent: Xml.Element, space: str, name: str, text: str | None = None, **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{space}}}{name}", attributes)
    element.text = text
    return element


def _time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")
