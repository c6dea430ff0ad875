"""Look a channel up on its page, with yt-dlp. A child process of its own: `python -m daemon.youtube.lookup`."""

from __future__ import annotations

import yt_dlp
import yt_dlp.globals

from captions.text import clean_line
from daemon.children import Message, Progress, serve
from daemon.errors import GiveUp
from daemon.youtube.audio import Listener, own_cookies, refuse_bad_address, translating


def handle(request: Message, progress: Progress) -> Message:
    """The channel that the page at `url` belongs to. Raise DaemonError."""
    yt_dlp.globals.plugin_dirs.value = ["default", *request["plugin_dirs"]]
    progress(0.0, "looking")
    options = {
        "extract_flat": "in_playlist",
        "playlist_items": "0",  # the channel, none of its videos
        "ignore_no_formats_error": True,
        "cachedir": False,
        "socket_timeout": request["timeout_seconds"],
        "logger": Listener(),
        "quiet": True,
        "color": "no_color",
    }
    refuse_bad_address(request["url"])
    with (
        own_cookies(request["cookies_file"]) as cookies,
        translating(missing=GiveUp),
        yt_dlp.YoutubeDL({**options, "cookiefile": cookies}) as look,
    ):
        found = look.extract_info(request["url"], download=False)
    if not found.get("channel_id"):
        raise GiveUp(f"there is no channel at {request['url']}")
    title = found.get("channel") or found.get("uploader") or found.get("title") or ""
    return {"youtube_id": str(found["channel_id"]), "title": clean_line(str(title), 200)}


if __name__ == "__main__":
    serve(handle)
