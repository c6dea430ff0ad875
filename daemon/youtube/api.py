"""The YouTube Data API v3: one way to call it, its errors translated by a table.

Built from the discovery document that google-api-python-client ships, with the root address of the settings in it:
`client_options` would leave uploads at the public address. Every call is booked before it is made.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import google.auth.exceptions
import google_auth_httplib2
import httplib2
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError
from googleapiclient.http import build_http

from daemon.errors import AskHuman, DaemonError, GiveUp, TryLater, WaitFor
from daemon.youtube.login import Login
from daemon.youtube.quota import next_reset

QUOTA_REASONS = frozenset({"quotaExceeded", "dailyLimitExceeded"})
RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
NOT_YOUTUBE = "what answered was not YouTube: is there a page in between that wants a login?"
RATE_WAIT = timedelta(minutes=10)
NOT_SWITCHED_ON = (
    "the YouTube Data API v3 is not switched on in your Google Cloud project: enable it at "
    "https://console.cloud.google.com/apis/library/youtube.googleapis.com, and wait a few minutes"
)
NETWORK_ERRORS = (
    OSError,
    httplib2.HttpLib2Error,
    http.client.HTTPException,
    google.auth.exceptions.TransportError,
)


class Conflict(Exception):
    """409: a track of that video, language and name is there. What to do about it is not the adapter's to say."""


@dataclass(frozen=True)
class ChannelFound:
    youtube_id: str
    title: str


class Api:
    """Calls for one login, to be closed after use. Not for two threads at once: httplib2 is not made for that.

    `book` is told the operation before each call, and may raise to forbid it.
    """

    def __init__(self, login: Login, root: str, timeout_seconds: float, book: Callable[[str], None]) -> None:
        document = json.loads(get_static_doc("youtube", "v3"))
        document["rootUrl"] = root.rstrip("/") + "/"
        document.pop("mtlsRootUrl", None)
        transport = build_http()
        transport.timeout = timeout_seconds
        authorized = google_auth_httplib2.AuthorizedHttp(login, http=transport)
        self._service = build_from_document(document, http=authorized)
        self._login = login
        self._book = book

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self._service.close()

    def call(self, operation: str, arguments: dict[str, Any]) -> Any:
        """Call e.g. `captions.list` and give its answer. Raise DaemonError, Conflict."""
        self._book(operation)
        resource, method = operation.split(".")
        try:
            answer = getattr(getattr(self._service, resource)(), method)(**arguments).execute(num_retries=0)
            if operation != "captions.download" and not isinstance(answer, dict):
                raise TryLater(NOT_YOUTUBE)
            return answer
        except HttpError as error:
            now = datetime.now(UTC)
            raise translated(error, now, self._login.lost(now)) from error
        except google.auth.exceptions.RefreshError as error:
            if error.retryable or not _is_refusal(error):
                raise TryLater("the login could not be renewed now") from error
            raise AskHuman(self._login.lost(datetime.now(UTC))) from error
        except NETWORK_ERRORS as error:
            raise TryLater(f"YouTube could not be reached: {type(error).__name__}") from error

    def my_channels(self) -> list[ChannelFound]:
        """The channels that this login may caption."""
        return channels_in(self.call("channels.list", {"part": "id,snippet", "mine": True}))

    def find_channel(self, **by: str) -> ChannelFound | None:
        """The channel with that `id`, `forHandle` or `forUsername`; None if there is none."""
        found = channels_in(self.call("channels.list", {"part": "id,snippet", **by}))
        return found[0] if found else None

    def channel_of_video(self, video_id: str) -> ChannelFound | None:
        """The channel that a video is on; None if there is no such video."""
        answer = self.call("videos.list", {"part": "snippet", "id": video_id})
        try:
            items = answer.get("items", [])
            if not items:
                return None
            snippet = items[0]["snippet"]
            return ChannelFound(str(snippet["channelId"]), str(snippet.get("channelTitle", "")))
        except (LookupError, TypeError, AttributeError) as error:
            raise TryLater(NOT_YOUTUBE) from error


def channels_in(answer: Any) -> list[ChannelFound]:
    """The channels in an answer of channels.list. Raise TryLater if it is none."""
    try:
        return [
            ChannelFound(str(item["id"]), str(item.get("snippet", {}).get("title", "")))
            for item in answer.get("items", [])
        ]
    except (LookupError, TypeError, AttributeError) as error:
        raise TryLater(NOT_YOUTUBE) from error


def translated(error: HttpError, now: datetime, login_lost: str) -> DaemonError | Conflict:
    """What an error answer means, by its status and its machine-readable reason; `login_lost` is what a 401 says."""
    status, reason = int(error.status_code), reason_of(error)
    message = f"YouTube answered {status} {reason}: {str(error.reason)[:200]}"
    if reason in QUOTA_REASONS:
        return WaitFor("YouTube's quota for today is used up", next_reset(now))
    if status == 429 or reason in RATE_REASONS:
        return TryLater(message, RATE_WAIT)
    if status >= 500 or status == 408:
        return TryLater(message)
    match status:
        case 401:
            return AskHuman(login_lost)
        case 403 if reason == "accessNotConfigured":
            return AskHuman(NOT_SWITCHED_ON)
        case 403:
            return AskHuman(f"{message}. Is the right channel logged in?")
        case 404:
            return AskHuman(f"{message}. Was the video or the track deleted, or made private?")
        case 409:
            return Conflict(message)
        case _:
            return GiveUp(message)


def reason_of(error: HttpError) -> str:
    """The machine-readable reason, or "" where the body is not Google's JSON.

    Not by the library: it prefers `details`, which Google puts beside `errors` at times, in another vocabulary.
    """
    try:
        return str(json.loads(error.content)["error"]["errors"][0]["reason"])
    except (ValueError, LookupError, TypeError):
        return ""


def _is_refusal(error: google.auth.exceptions.RefreshError) -> bool:
    """Whether Google said no, in its JSON; a page of somebody in between says nothing about the login."""
    answer = error.args[1] if len(error.args) > 1 else None
    return isinstance(answer, dict) and "error" in answer
