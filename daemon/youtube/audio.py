"""Download a video's sound track with yt-dlp. A child process of its own: `python -m daemon.youtube.audio`.

The best audio-only format, as it is: nothing is converted, so no ffmpeg is needed. The file grows under a temporary
name that stays the same, so that a later try goes on where this one ended. Two steps: a probe that tells what the
video is, also where there is nothing to download yet, and the download itself.
"""

from __future__ import annotations

import errno
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yt_dlp
import yt_dlp.globals
from yt_dlp.cookies import CookieLoadError
from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError
from yt_dlp.utils import DownloadError, ExtractorError, GeoRestrictedError, UnavailableVideoError, UnsupportedError

from captions.text import clean, clean_line
from daemon.children import Message, Progress, serve
from daemon.errors import AskHuman, DaemonError, GiveUp, TryLater, WaitFor

FORMAT = "bestaudio[ext=m4a]/bestaudio/best"  # m4a first: the one that every decoder reads
LIVE_WAIT = timedelta(minutes=30)
SOON = timedelta(minutes=10)
DESCRIPTION_CHARACTERS = 2000  # what it is about is said first; then come links and thanks
RATE_WAIT = timedelta(hours=1)
UPDATE = "if it stays so, upgrade yt-dlp: pip install -U yt-dlp yt-dlp-ejs"

Rule = tuple[str, Callable[[str], DaemonError]]

RULES: tuple[Rule, ...] = (
    (
        r"not a bot|captcha",
        lambda text: AskHuman(
            f"YouTube takes this machine for a bot: set cookies_file in [daemon.youtube], then retry ({text})"
        ),
    ),
    (r"rate-limited by youtube|try again later|http error 429", lambda text: TryLater(text, RATE_WAIT)),
    (r"no space left", lambda _: AskHuman("the disk is full: make room, then retry")),
    (r"premieres in|live event will begin|is_upcoming", lambda text: TryLater(text, LIVE_WAIT)),
    (r"processing this video", lambda text: TryLater(text, LIVE_WAIT)),
    (
        r"private video|members-only|join this channel|requires payment|premium|confirm your age",
        lambda text: AskHuman(
            f"only a signed-in viewer may see it: set cookies_file, then retry, or leave it ({text})"
        ),
    ),
    (
        r"playlist does not exist|playlist is private|does the playlist exist",
        lambda _: AskHuman(
            "there is no such playlist, or only its owner may see it: check its address, or set cookies_file in "
            "[daemon.youtube]"
        ),
    ),
    (
        r"not made this video available in your country|not available in your country",
        lambda text: AskHuman(f"it is blocked in this machine's country: retry from elsewhere, or leave it ({text})"),
    ),
    (r"removed by the uploader|account .*terminated|copyright|video unavailable|has been removed", GiveUp),
    (r"drm protected|unsupported url", GiveUp),
    (r"unviewable|does not have a \S+ tab", GiveUp),
    (r"http error 403", lambda text: TryLater(f"{text}; {UPDATE}", LIVE_WAIT)),
    (
        r"requested format is not available|failed to extract any player response|no video formats found",
        lambda text: TryLater(f"{text}; {UPDATE}", LIVE_WAIT),
    ),
    (r"http error 404|http error 410", lambda text: TryLater(text, LIVE_WAIT)),
)
"""What yt-dlp's English sentences mean; the first that matches counts. There is no machine-readable reason."""


class Listener:
    """yt-dlp's logger: keeps what it warned of, since a probe says there, and only there, why nothing is to be had."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        pass

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def error(self, message: str) -> None:
        pass  # raised as well


def handle(request: Message, progress: Progress) -> Message:
    """Download `url` into `folder` under a temporary name from `name`; tell what the video is.

    Raise DaemonError. The result's `path` is the finished temporary file: the parent renames it.
    """
    yt_dlp.globals.plugin_dirs.value = ["default", *request["plugin_dirs"]]
    refuse_bad_address(request["url"])
    listener = Listener()
    progress(0.0, "looking")
    with own_cookies(request["cookies_file"]) as cookies, translating():
        options = {**_options(request, listener, progress), "cookiefile": cookies}
        with yt_dlp.YoutubeDL({**options, "ignore_no_formats_error": True}) as probe:
            found = probe.extract_info(request["url"], download=False)
            _refuse_unplayable(found, listener.warnings, datetime.now(UTC))
            found = probe.sanitize_info(found, remove_private_keys=True)
        with yt_dlp.YoutubeDL(options) as download:
            done = download.process_ie_result(found, download=True)
    path = (done.get("requested_downloads") or [{}])[0].get("filepath")
    if not path or not Path(path).is_file():
        raise TryLater("yt-dlp ended without a file")
    return {
        "path": path,
        "title": clean_line(str(done.get("title") or ""), 200),
        "description": clean(str(done.get("description") or ""))[:DESCRIPTION_CHARACTERS],
        "seconds": done.get("duration"),
        "is_vertical": is_vertical(found.get("formats") or ()),
        "channel_id": done.get("channel_id"),
        "timestamp": done.get("timestamp"),
    }


def is_vertical(formats: Iterable[Mapping[str, Any]]) -> bool | None:
    """Whether the picture is higher than wide, by yt-dlp's formats; None where none tells its size.

    A storyboard has a size too, and is no picture: its `vcodec` is none.
    """
    sizes = [(one.get("width"), one.get("height")) for one in formats if one.get("vcodec") != "none"]
    known = [(width, height) for width, height in sizes if width and height]
    return known[-1][1] > known[-1][0] if known else None  # the best is the last


def _options(request: Message, listener: Listener, progress: Progress) -> dict[str, Any]:
    def hook(status: dict[str, Any]) -> None:
        total = status.get("total_bytes") or status.get("total_bytes_estimate")
        if status["status"] == "downloading":
            progress(min(1.0, status.get("downloaded_bytes", 0) / total) if total else 0.0, "downloading")

    return {
        "format": FORMAT,
        # with the format's id: a part of one format must never be continued with another
        "outtmpl": f"{request['name']}.download.%(format_id)s.%(ext)s",
        "paths": {"home": request["folder"]},
        "fixup": "never",
        "noplaylist": True,
        "extract_flat": "in_playlist",
        "cachedir": False,
        "socket_timeout": request["timeout_seconds"],
        "retries": 3,
        "extractor_retries": 3,
        "continuedl": True,
        "progress_hooks": [hook],
        "logger": listener,
        "quiet": True,
        "noprogress": True,
        "color": "no_color",
    }


def _refuse_unplayable(found: dict[str, Any], warnings: list[str], now: datetime) -> None:
    """Raise what now is to be done about a video that cannot be downloaded yet, or ever."""
    if found.get("_type") in ("playlist", "multi_video"):
        raise GiveUp("that address holds several videos: name a folder for their captions, or give the address of one")
    match found.get("live_status"):
        case "is_upcoming":
            raise WaitFor(_upcoming(found), _start(found, now))
        case "is_live":
            raise WaitFor("it is live now: it is taken up when it has ended", now + LIVE_WAIT)
        case "post_live":
            raise WaitFor("the live stream has ended; YouTube is still preparing the video", now + LIVE_WAIT)
    if not found.get("formats") and not found.get("url"):
        raise classified("; ".join(warnings) or "no video formats found")


def _upcoming(found: dict[str, Any]) -> str:
    kind = "a premiere" if found.get("media_type") == "video" else "a live stream"
    return f"it is {kind} that has not begun"


def _start(found: dict[str, Any], now: datetime) -> datetime:
    release = found.get("release_timestamp")
    if release is None:
        return now + LIVE_WAIT
    return max(datetime.fromtimestamp(release, UTC), now) + SOON


def refuse_bad_address(url: str) -> None:
    """Raise GiveUp for what is no URL at all: yt-dlp would stumble over it."""
    try:
        urlsplit(url)
    except ValueError as error:
        raise GiveUp(f"yt-dlp cannot take this address: {error}") from error


@contextmanager
def own_cookies(path: str) -> Iterator[str | None]:
    """A copy of the cookies file for one child: yt-dlp writes to it, and children work at once and may be killed.

    None where none is set. Raise AskHuman where it cannot be read: yt-dlp would go on without, in silence.
    """
    if not path:
        yield None
        return
    with tempfile.NamedTemporaryFile(prefix="captionwatch-cookies-", suffix=".txt") as copy:
        try:
            copy.write(Path(path).read_bytes())
        except OSError as error:
            raise AskHuman(f"the cookies_file {path} of [daemon.youtube] cannot be read: {error.strerror}") from error
        copy.flush()
        yield copy.name


@contextmanager
def translating(missing: type[TryLater | GiveUp] = TryLater) -> Iterator[None]:
    """Raise DaemonError for what yt-dlp raises; `missing` where the address itself is answered with 404 or 410."""
    try:
        yield
    except (HTTPError, TransportError) as error:
        raise _meaning(error, str(error), missing) from error
    except (UnsupportedError, RequestError) as error:  # the second: file:, or a scheme that nobody knows
        raise GiveUp(f"yt-dlp cannot take this address: {clean_line(str(error), 200)}") from error
    except DownloadError as error:
        cause = error.exc_info[1] if error.exc_info else None
        raise _meaning(cause, str(error), missing) from error
    except UnavailableVideoError as error:  # so yt-dlp tells what the disk refused
        raise classified(str(error)) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise classified("no space left") from error
        raise AskHuman(f"{error.strerror}: {error.filename}") from error


def _meaning(cause: BaseException | None, text: str, missing: type[TryLater | GiveUp]) -> DaemonError:
    inner = cause.cause if isinstance(cause, ExtractorError) else None  # what the extractor itself was told
    for error in (cause, inner):
        match error:
            case HTTPError(status=404 | 410):
                return missing(f"HTTP error {error.status}: there is nothing at that address")
            case HTTPError():
                return _http_meaning(error)
            case CookieLoadError():  # its own text says nothing
                return AskHuman(
                    f"the cookies cannot be read, they must be in Netscape's format: {clean_line(text, 200)}"
                )
            case GeoRestrictedError():
                return classified("not available in your country")
            case UnsupportedError():
                return GiveUp("yt-dlp does not know this address")
            case TransportError():
                return TryLater(f"the network failed: {clean_line(str(error), 200)}")
    told = cause.orig_msg if isinstance(cause, ExtractorError) else text
    return classified(told)


def _http_meaning(error: HTTPError) -> DaemonError:
    return TryLater(f"HTTP error {error.status}") if error.status >= 500 else classified(f"HTTP error {error.status}")


def classified(text: str) -> DaemonError:
    """What a sentence of yt-dlp means. One that no rule knows is tried again: most of them are passing faults."""
    text = re.sub(r"^ERROR: |; please report this issue on .*$", "", text, flags=re.DOTALL)
    shown = clean_line(text, 300)
    for pattern, make in RULES:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return make(shown if found.end() <= 300 else clean_line(text[found.start() :], 300))
    return TryLater(shown)


if __name__ == "__main__":
    serve(handle)
