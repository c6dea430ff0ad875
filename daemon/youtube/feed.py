"""A channel's Atom feed: fetch it within bounds, parse it safely.

The feed is undocumented: at most 15 entries, an id is the only thing about an entry that stays, and on bad days every
feed answers 404 or 500 for hours. So no answer ever means that a channel is gone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import requests
import urllib3

from captions.text import clean_line
from daemon.errors import TryLater

WHOLE_SECONDS = 60.0  # a server that sends a byte now and then must not hold up the other feeds
MAXIMUM_BYTES = 2_000_000  # fifteen entries with the longest descriptions are about 90 kB
TITLE_CHARACTERS = 200  # YouTube allows 100
NAMESPACES = {"atom": "http://www.w3.org/2005/Atom", "yt": "http://www.youtube.com/xml/schemas/2015"}


@dataclass(frozen=True)
class Entry:
    """One entry of a feed. `published_at` is None where the feed does not say it."""

    youtube_id: str
    title: str
    published_at: datetime | None


@dataclass(frozen=True)
class Feed:
    """`entries` as the feed has them: newest first."""

    title: str
    entries: tuple[Entry, ...]


def fetch(url: str, timeout_seconds: float, whole_seconds: float = WHOLE_SECONDS) -> bytes:
    """The body at `url`. Raise TryLater for whatever is no answer with status 200, or not whole in time.

    `whole_seconds` bounds the body, `timeout_seconds` each wait for more of the answer.
    """
    try:
        with requests.get(url, timeout=timeout_seconds, stream=True) as response:
            if response.status_code != 200:
                raise TryLater(f"the feed answered {response.status_code}", _retry_after(response))
            return _bounded(response, whole_seconds)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise TryLater(f"the feed could not be read: {type(error).__name__}") from error


def _bounded(response: requests.Response, whole_seconds: float) -> bytes:
    body = bytearray()
    end = time.monotonic() + whole_seconds
    while block := response.raw.read1(65_536, decode_content=True):  # what is there; read() would wait for all of it
        body += block
        if time.monotonic() > end:
            raise TryLater(f"the feed was not whole after {whole_seconds:g} s")
        if len(body) > MAXIMUM_BYTES:
            raise TryLater(f"the feed is longer than {MAXIMUM_BYTES:,} bytes: it is no feed")
    return bytes(body)


def _retry_after(response: requests.Response) -> timedelta | None:
    text = response.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(text), 86_400)) if text.isdecimal() and len(text) <= 9 else None


def parse(body: bytes) -> Feed:
    """Read a feed. Entries without an id are passed over, repeated ones are taken once. Ids are not checked here.

    Raise TryLater if it is no Atom feed, or if none of its entries has an id: one that YouTube writes in another way
    must not look like a channel that publishes nothing. A document type is refused as soon as it is met: what it
    declares could make the rest explode.
    """
    try:
        root = ElementTree.fromstring(body, ElementTree.XMLParser(target=_NoDocumentType()))  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:  # the last two: of an encoding
        raise TryLater(f"the feed is no XML: {error}") from error
    if root.tag != f"{{{NAMESPACES['atom']}}}feed":
        raise TryLater("the feed is XML, but no Atom feed")
    entries: dict[str, Entry] = {}
    elements = root.findall("atom:entry", NAMESPACES)
    for element in elements:
        entry = _entry(element)
        if entry is not None:
            entries.setdefault(entry.youtube_id, entry)
    if elements and not entries:
        raise TryLater("the feed has entries, but none with the id of a video")
    title = clean_line(root.findtext("atom:title", "", NAMESPACES), TITLE_CHARACTERS)
    return Feed(title, tuple(entries.values()))


class _NoDocumentType(ElementTree.TreeBuilder):
    def doctype(self, _name: str, _public: str, _system: str) -> None:
        raise TryLater("the feed is no Atom feed but a page with a document type")


def _entry(element: ElementTree.Element) -> Entry | None:
    youtube_id = element.findtext("yt:videoId", "", NAMESPACES).strip()
    if not youtube_id:
        return None
    title = clean_line(element.findtext("atom:title", "", NAMESPACES), TITLE_CHARACTERS)
    return Entry(youtube_id, title, _moment(element.findtext("atom:published", "", NAMESPACES)))


def _moment(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text.strip())
        return None if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
