"""List a playlist's or a channel's videos with yt-dlp. A child process of its own: `python -m daemon.youtube.playlist`.

Nothing is downloaded, and no video is looked at: what is private or gone is found when it is its turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import yt_dlp
import yt_dlp.globals

from daemon.children import Message, Progress, serve
from daemon.errors import GiveUp
from daemon.youtube.audio import Listener, own_cookies, refuse_bad_address, translating

MOST = 1000  #: entries that are taken: YouTube lists 100 a page, and a person may have meant another address
CUT = "it holds more than {} videos: the first ones are taken, name the others by themselves"
NAMELESS = "{} of its entries have no address of their own, and are left out"


def handle(request: Message, progress: Progress) -> Message:
    """The `addresses` of the videos at `url`, itself where it is one video; `left_out` says what is missing, or "".

    Raise DaemonError.
    """
    yt_dlp.globals.plugin_dirs.value = ["default", *request["plugin_dirs"]]
    refuse_bad_address(request["url"])
    progress(0.0, "looking")
    options = {
        "extract_flat": "in_playlist",
        "playlist_items": f"1:{MOST + 1}",  # one more, to know that there are more
        "noplaylist": True,  # the address of a video that is played in a list names the video
        "ignore_no_formats_error": True,
        "cachedir": False,
        "socket_timeout": request["timeout_seconds"],
        "logger": Listener(),
        "quiet": True,
        "color": "no_color",
    }
    with (
        own_cookies(request["cookies_file"]) as cookies,
        translating(missing=GiveUp),
        yt_dlp.YoutubeDL({**options, "cookiefile": cookies}) as look,
    ):
        found = look.extract_info(request["url"], download=False)
    return listing(request["url"], found or {})


def listing(url: str, found: dict[str, Any]) -> Message:
    """What yt-dlp found at an address, as `handle` gives it. Raise GiveUp if there is no video."""
    if found.get("_type") not in ("playlist", "multi_video"):
        return {"addresses": [url], "left_out": ""}
    entries = list(islice(_entries(found), MOST + 1))
    named = [one for one in (entry.get("url") for entry in entries[:MOST]) if _is_of_the_web(one)]
    if not named:
        raise GiveUp("there are no videos at that address")
    nameless = len(entries[:MOST]) - len(named)
    missing = [CUT.format(MOST)] if len(entries) > MOST else []
    missing += [NAMELESS.format(nameless)] if nameless else []
    return {"addresses": list(dict.fromkeys(named)), "left_out": "; ".join(missing)}


def _entries(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The entries, in order; a channel's page is a list of lists: its videos, its live streams, its shorts."""
    for entry in found.get("entries") or ():
        if entry and entry.get("_type") in ("playlist", "multi_video"):
            yield from _entries(entry)
        else:
            yield entry or {}


def _is_of_the_web(address: object) -> bool:
    """A list may come from anywhere: what names a file must not be taken for one of this machine."""
    return isinstance(address, str) and address.startswith(("https://", "http://"))


if __name__ == "__main__":
    serve(handle)
