"""yt-dlp's extractor for the loopback YouTube: says of a video what yt-dlp's own extractor says of one on YouTube.

Loaded when `sandbox/plugins` (sandbox.youtube.PLUGIN_DIR) is in yt-dlp's plugin_dirs, before the first YoutubeDL of
the process is made; plugins come before all other extractors, so before the generic one too (yt_dlp/plugins.py).
The folders above carry no __init__.py: yt_dlp_plugins is a namespace that many packages share.
"""

from __future__ import annotations

from typing import Any

from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.utils import ExtractorError

SITE = r"(?P<site>https?://(?:127\.0\.0\.1|localhost):\d+)"


class SandboxYouTubeIE(InfoExtractor):  # type: ignore[misc]  # yt-dlp carries no types
    """A video. Source of the order and of the wordings: YoutubeIE of yt-dlp 2026.10.26."""

    _VALID_URL = rf"{SITE}/(?:watch\?(?:[^#]*&)?v=|shorts/)(?P<id>[\w-]{{11}})"

    def _real_extract(self, url: str) -> dict[str, Any]:
        site, video_id = self._match_valid_url(url).group("site", "id")
        told = self._download_json(f"{site}/sandbox/player", video_id, query={"v": video_id})
        if told["reason"]:
            self._refuse(video_id, told["error"], told["reason"])
        fields = {name: value for name, value in told.items() if name not in ("error", "reason")}
        return {"title": None, "formats": [], **fields}

    def _refuse(self, video_id: str, error: str | None, reason: str) -> None:
        """Raise, or with ignore_no_formats_error warn, that there is nothing to play."""
        if error == "drm":
            self.report_drm(video_id)
        elif error == "geo":
            self.raise_geo_restricted(reason, metadata_available=True)
        elif "sign in" in reason.lower():
            self.raise_no_formats(f"{reason.rstrip('.')}. {self._login_hint(method='cookies')}", expected=True)
        elif error == "rate_limited":
            limited = "The current session has been rate-limited by YouTube for up to an hour."
            self.raise_no_formats(f"{reason}. {limited}", expected=True)
        else:
            self.raise_no_formats(reason, expected=True)


class SandboxYouTubeTabIE(InfoExtractor):  # type: ignore[misc]  # yt-dlp carries no types
    """A channel, by handle, id or user name."""

    _VALID_URL = rf"{SITE}(?P<path>/(?P<id>@[^/?#]+|(?:channel|user)/[^/?#]+)(?:/\w+)?)/?(?:[?#]|$)"

    def _real_extract(self, url: str) -> dict[str, Any]:
        site, path, name = self._match_valid_url(url).group("site", "path", "id")
        told = self._download_json(f"{site}/sandbox/tab", name, query={"path": path})
        entries = [
            self.url_result(f"{site}/watch?v={one['id']}", SandboxYouTubeIE, one["id"], one["title"])
            for one in told["entries"]
        ]
        about = {"channel": told["title"], "channel_id": told["id"], "uploader": told["title"]}
        found: dict[str, Any] = self.playlist_result(
            entries, told["id"], f"{told['title']} - Videos", **about, uploader_id=told["handle"]
        )
        return found


class SandboxYouTubePlaylistIE(InfoExtractor):  # type: ignore[misc]  # yt-dlp carries no types
    """A playlist by its page."""

    _VALID_URL = rf"{SITE}/playlist\?(?:[^#]*&)?list=(?P<id>[\w-]+)"

    def _real_extract(self, url: str) -> dict[str, Any]:
        site, name = self._match_valid_url(url).group("site", "id")
        told = self._download_json(f"{site}/sandbox/playlist", name, query={"list": name})
        if "error" in told:
            raise ExtractorError(f"YouTube said: {told['error']}", expected=True)
        entries = [
            self.url_result(f"{site}/watch?v={one['id']}", SandboxYouTubeIE, one["id"], one["title"])
            for one in told["entries"]
        ]
        found: dict[str, Any] = self.playlist_result(entries, told["id"], told["title"])
        return found
