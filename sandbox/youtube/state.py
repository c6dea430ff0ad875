"""What is on this YouTube: channels, videos, caption tracks, logins and quota, and the words to set a scene.

youtube = YouTube()
video = youtube.publish("A talk", "talk.m4a")
youtube.fault("captions.insert", "cut_after")
… youtube.tracks, youtube.executed, youtube.refusals
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.youtube import discovery, texts
from sandbox.youtube.errors import ApiError
from sandbox.youtube.faults import Faults

CHANNEL_ID = "UCsandboxsandboxsandbox0"
HANDLE = "@sandbox"
CHANNEL_TITLE = "Sandbox Channel"
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 opens nothing but this sandbox
REFRESH_TOKEN = "sandbox-refresh"  # noqa: S105
SCOPES = ("https://www.googleapis.com/auth/youtube.force-ssl",)
TOKEN = {
    "type": "authorized_user",
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "refresh_token": REFRESH_TOKEN,
}
"""The default login, as a token file of google-auth has it."""

DAILY_QUOTA = 10_000  # developers.google.com/youtube/v3/determine_quota_cost, as the costs below
COSTS = {
    "captions.list": 50,
    "captions.insert": 400,
    "captions.update": 450,
    "captions.delete": 50,
    "captions.download": 200,
    "channels.list": 1,
    "videos.list": 1,
    "playlistItems.list": 1,
}
TOKEN_SECONDS = 3599
TESTING_SECONDS = 604_799  # of a refresh token, while the app's status is Testing: identity/protocols/oauth2#expiration

REASONS = {
    "private": "Private video. Sign in if you've been granted access to this video",
    "bot": "Sign in to confirm you’re not a bot",
    "age": "Sign in to confirm your age. This video may be inappropriate for some users.",
    "removed": "This video has been removed by the uploader",
    "terminated": "This video is no longer available because the YouTube account associated with this video has been "
    "terminated.",
    "unavailable": "Video unavailable. This video is not available",
    "members": "Join this channel to get access to members-only content like this video, and other exclusive perks.",
    "payment": "This video requires payment to watch.",
    "processing": "We're processing this video. Check back later.",
    "rate_limited": "This content isn't available, try again later",
    "geo": "The uploader has not made this video available in your country",
    "drm": "This video is DRM protected",
}
"""Why a video cannot be played, in YouTube's words, by the names for `error`. Source: yt-dlp and its threads."""

AVAILABILITY_OF_ERROR = {"private": "private", "members": "subscriber_only", "age": "needs_auth"}
LIVE = ("not_live", "is_upcoming", "is_live", "post_live", "was_live")
AVAILABILITY = ("public", "unlisted", "private", "subscriber_only", "premium_only", "needs_auth")
MEDIA_TYPES = ("video", "short", "livestream")
HIDDEN = frozenset({"private"})  # not shown to others by the API
UNLISTED = frozenset({"private", "unlisted"})  # not in the feed either
TRACK_KINDS = ("standard", "ASR", "forced")
CONSENT_ANSWERS = ("allow", "deny", "page")  # page: the person only looks at it


@dataclass
class Channel:
    id: str
    title: str
    handle: str
    username: str | None = None

    @property
    def uploads(self) -> str:
        return "UU" + self.id[2:]


@dataclass
class Video:
    """`path` is the file to serve; `error` a name of REASONS, or a sentence; `release_timestamp` in Unix seconds."""

    id: str
    channel_id: str
    title: str
    path: Path
    published_at: datetime
    updated_at: datetime
    live_status: str = "not_live"
    availability: str = "public"
    release_timestamp: int | None = None
    error: str | None = None
    language: str | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    media_type: str = "video"
    description: str = ""

    def check(self) -> None:
        """Raise ValueError if a value is none that YouTube has."""
        for value, known in (
            (self.live_status, LIVE),
            (self.availability, AVAILABILITY),
            (self.media_type, MEDIA_TYPES),
        ):
            if value not in known:
                raise ValueError(f"{value!r} is none of {', '.join(known)}")
        if not re.fullmatch(r"[0-9A-Za-z_-]{11}", self.id):
            raise ValueError(f"{self.id!r} is no id of a video")
        if self.error is not None and self.error not in REASONS and " " not in self.error:
            raise ValueError(f"error is a sentence, or one of {', '.join(REASONS)}")
        if self.published_at.tzinfo is None:
            raise ValueError("published_at has no time zone")
        if not self.path.is_file():
            raise ValueError(f"there is no file {self.path}")

    @property
    def reason(self) -> str | None:
        """Why it cannot be played, as the player says it; None if it can."""
        if self.error is not None:
            return REASONS.get(self.error, self.error)
        if self.live_status == "is_upcoming":
            premiere = self.media_type == "video"
            return "Premieres in 2 hours" if premiere else "This live event will begin in 2 hours."
        return None


@dataclass
class Playlist:
    """`video_ids` may name videos that are private, or gone; who is not its owner does not see a private list."""

    id: str
    title: str
    video_ids: tuple[str, ...]
    is_private: bool = False


@dataclass
class Track:
    """A caption track; `data` is the file as it was uploaded."""

    id: str
    video_id: str
    language: str
    name: str
    data: bytes
    last_updated: datetime
    kind: str = "standard"
    is_draft: bool = False
    status: str = "serving"
    failure_reason: str | None = None

    @property
    def text(self) -> str:
        return self.data.decode(errors="replace")


@dataclass
class Account:
    """One login to one channel."""

    refresh_token: str
    channel_id: str
    scopes: tuple[str, ...] = SCOPES
    ends_at: datetime | None = None

    def has_ended(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now


@dataclass(frozen=True)
class Consent:
    """What a person does at the consent screen of an app, and whether that app's status is Testing.

    `scopes` are granted whatever was asked, None: those that were asked. Google too may grant fewer (boxes left
    unticked) and others (granted before). `channel_id` is the channel chosen.
    """

    answer: str = "allow"
    scopes: tuple[str, ...] | None = None
    channel_id: str = CHANNEL_ID
    testing: bool = False

    def check(self) -> None:
        """Raise ValueError if a value is none that Google has."""
        if self.answer not in CONSENT_ANSWERS:
            raise ValueError(f"{self.answer!r} is none of {', '.join(CONSENT_ANSWERS)}")
        if self.scopes is not None and not (self.scopes and discovery.scopes().issuperset(self.scopes)):
            raise ValueError("scopes is null, or a list of scopes of the API; to grant none of them, deny")
        if not isinstance(self.testing, bool):
            raise ValueError("testing is true or false")


@dataclass
class Quota:
    limit: int = DAILY_QUOTA
    used: int = 0

    def charge(self, operation: str) -> None:
        """Book a request, whatever comes of it. Raise ApiError if the day's quota does not cover it."""
        if self.used + COSTS[operation] > self.limit:
            raise quota_exceeded()
        self.used += COSTS[operation]


def quota_exceeded() -> ApiError:
    message = 'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.'  # noqa: E501
    return ApiError(403, "quotaExceeded", message, "youtube.quota")


class YouTube:
    """The whole state. One channel and one login to it are there from the start."""

    def __init__(self, quota: int = DAILY_QUOTA, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.channels: dict[str, Channel] = {}
        self.videos: dict[str, Video] = {}
        self.tracks: dict[str, Track] = {}
        self.playlists: dict[str, Playlist] = {}
        self.accounts: dict[str, Account] = {}
        self.access_tokens: dict[str, tuple[Account, datetime]] = {}
        self.consent = Consent()
        self.quota = Quota(quota)
        self.faults = Faults()
        self.requests: Counter[str] = Counter()
        self.executed: Counter[str] = Counter()
        self.refusals: list[str] = []
        self._made = 0
        self.add_channel(CHANNEL_ID, CHANNEL_TITLE, HANDLE)
        self.add_account(CHANNEL_ID, REFRESH_TOKEN)

    def make_id(self, prefix: str, length: int) -> str:
        """A new id that looks like YouTube's, the same ones in every run."""
        self._made += 1
        digest = hashlib.sha512(f"{prefix}{self._made}".encode()).digest()
        return (prefix + base64.urlsafe_b64encode(digest).decode())[:length]

    # ---- the scene

    def add_channel(self, id: str, title: str, handle: str, username: str | None = None) -> Channel:  # noqa: A002
        """A new channel, or new values for one that is there. Raise ValueError."""
        if not re.fullmatch(r"UC[0-9A-Za-z_-]{22}", id):
            raise ValueError(f"{id!r} is no id of a channel")
        self.channels[id] = Channel(id, title, "@" + handle.removeprefix("@"), username)
        return self.channels[id]

    def publish(
        self,
        title: str,
        path: str | Path,
        *,
        id: str | None = None,  # noqa: A002
        channel_id: str = CHANNEL_ID,
        published_at: datetime | None = None,
        availability: str | None = None,
        **more: Any,
    ) -> Video:
        """A new video, the last one uploaded; `more` are fields of Video. Raise ValueError."""
        if channel_id not in self.channels:
            raise ValueError(f"there is no channel {channel_id}")
        if id in self.videos:
            raise ValueError(f"there is a video {id}")
        time = published_at or self.now()
        availability = availability or AVAILABILITY_OF_ERROR.get(more.get("error") or "", "public")
        video_id = id or self.make_id("", 11)
        video = Video(video_id, channel_id, title, Path(path), time, time, availability=availability, **more)
        video.check()
        self.videos[video.id] = video
        return video

    def edit(self, id: str, **changes: Any) -> Video:  # noqa: A002
        """Change fields of a video. Raise ValueError."""
        if "path" in changes:
            changes["path"] = Path(changes["path"])
        video = dataclasses.replace(self._video(id), **{"updated_at": self.now(), **changes})
        video.check()
        self.videos[id] = video
        return video

    def remove(self, id: str) -> None:  # noqa: A002
        """Delete a video, and its tracks with it. Its page stays, and says so. Raise ValueError."""
        self._video(id)
        del self.videos[id]
        self.tracks = {key: track for key, track in self.tracks.items() if track.video_id != id}

    def _video(self, id: str) -> Video:  # noqa: A002
        if id not in self.videos:
            raise ValueError(f"there is no video {id}")
        return self.videos[id]

    def add_playlist(self, title: str, video_ids: Sequence[str], *, is_private: bool = False) -> Playlist:
        """A new list of videos, which need not be there. A channel's uploads are a list without being added."""
        made = Playlist(self.make_id("PL", 34), title, tuple(video_ids), is_private)
        self.playlists[made.id] = made
        return made

    def playlist(self, id: str) -> Playlist | None:  # noqa: A002
        """What anybody may see under that id."""
        found = self.playlists.get(id) or self._uploads(id)
        return None if found is None or found.is_private else found

    def _uploads(self, id: str) -> Playlist | None:  # noqa: A002
        owner = next((one for one in self.channels.values() if one.uploads == id), None)
        if owner is None:
            return None
        own = [one for one in self.videos.values() if one.channel_id == owner.id and one.availability not in UNLISTED]
        newest = sorted(own, key=lambda one: one.published_at, reverse=True)
        return Playlist(id, f"Uploads from {owner.title}", tuple(one.id for one in newest))

    def add_track(
        self, video_id: str, language: str, text: str | bytes, *, name: str = "", kind: str = "standard", **more: Any
    ) -> Track:
        """A track that is there without an API call: a person's, or YouTube's own (kind ASR). Raise ValueError."""
        self._video(video_id)
        if kind not in TRACK_KINDS:
            raise ValueError(f"{kind!r} is none of {', '.join(TRACK_KINDS)}")
        data = text.encode() if isinstance(text, str) else text
        track = Track(self.make_id("AUieDa", 46), video_id, language, name, data, self.now(), kind, **more)
        self.tracks[track.id] = track
        return track

    def store(self, track: Track, data: bytes) -> None:
        """Give a track a new text, and judge it."""
        track.data, track.last_updated = data, self.now()
        readable = bool(texts.read(data))
        track.status = "serving" if readable else "failed"
        track.failure_reason = None if readable else "unknownFormat"

    # ---- logins

    def set_consent(self, **changes: Any) -> Consent:
        """Change how the next consents are answered, by fields of Consent. Raise TypeError, ValueError."""
        if changes.get("scopes") is not None:
            changes["scopes"] = tuple(changes["scopes"])
        consent = dataclasses.replace(self.consent, **changes)
        consent.check()
        if consent.channel_id not in self.channels:
            raise ValueError(f"there is no channel {consent.channel_id}")
        self.consent = consent
        return consent

    def add_account(
        self,
        channel_id: str,
        refresh_token: str | None = None,
        scopes: tuple[str, ...] = SCOPES,
        ends_at: datetime | None = None,
    ) -> str:
        """A login to a channel; its refresh token. Raise ValueError."""
        if channel_id not in self.channels:
            raise ValueError(f"there is no channel {channel_id}")
        token = refresh_token or self.make_id("1//0g", 64)
        self.accounts[token] = Account(token, channel_id, tuple(scopes), ends_at)
        return token

    def has_login(self, channel_id: str) -> bool:
        """Whether the client was let in to a channel, and is not out again."""
        found = [one for one in self.accounts.values() if one.channel_id == channel_id]
        return any(not one.has_ended(self.now()) for one in found)

    def revoke(self, refresh_token: str = REFRESH_TOKEN) -> None:
        """End a login: neither its refresh token nor what came of it is worth anything."""
        self.accounts.pop(refresh_token, None)
        self.access_tokens = {
            token: one for token, one in self.access_tokens.items() if one[0].refresh_token != refresh_token
        }

    def expire_tokens(self) -> None:
        """Let every access token run out; refresh tokens stay."""
        self.access_tokens.clear()

    # ---- trouble

    def fault(self, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> None:
        """See Faults.add."""
        self.faults.add(operation, kind, times, value)

    def release(self, operation: str | None = None) -> int:
        """See Faults.release."""
        return self.faults.release(operation)

    # ---- looking back

    def state(self) -> dict[str, Any]:
        """Everything that a test may want to see, as JSON values."""
        return {
            "channels": [dataclasses.asdict(one) for one in list(self.channels.values())],
            "videos": [_plain(one) for one in list(self.videos.values())],
            "tracks": [_plain(one) for one in list(self.tracks.values())],
            "requests": dict(self.requests),
            "executed": dict(self.executed),
            "consent": dataclasses.asdict(self.consent),
            "quota": {"limit": self.quota.limit, "used": self.quota.used},
            "refusals": list(self.refusals),
            "held": self.faults.held(),
        }


def _plain(thing: Video | Track) -> dict[str, Any]:
    values = dataclasses.asdict(thing)
    if isinstance(thing, Track):
        values["text"] = thing.text
        del values["data"]
    return {name: _text_of(value) if isinstance(value, (Path, datetime)) else value for name, value in values.items()}


def _text_of(value: Path | datetime) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
