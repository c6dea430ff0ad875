"""The words that set this scene over HTTP, as TABLE has them: POST /sandbox/WORD, see sandbox/control.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox import control
from sandbox.control import Answer
from sandbox.youtube import incoming
from sandbox.youtube.state import CHANNEL_ID, CHANNEL_TITLE, HANDLE, YouTube


def channel(
    youtube: YouTube,
    id: str = CHANNEL_ID,  # noqa: A002
    title: str = CHANNEL_TITLE,
    handle: str = HANDLE,
    username: str | None = None,
) -> Answer:
    """A new channel, or a new title and handle for one that is there."""
    return dataclasses.asdict(youtube.add_channel(id, title, handle, username))


def account(youtube: YouTube, channel_id: str, refresh_token: str | None = None) -> Answer:
    """A login to a channel."""
    return {"refresh_token": youtube.add_account(channel_id, refresh_token)}


def publish(youtube: YouTube, title: str, path: str, **more: Any) -> Answer:
    """A new video; `more` as YouTube.publish takes it, times in ISO 8601."""
    return {"id": youtube.publish(title, path, **_with_times(more)).id}


def edit(youtube: YouTube, id: str, remove: bool = False, **changes: Any) -> Answer:  # noqa: A002
    """Change fields of a video, or remove it."""
    if remove:
        youtube.remove(id)
    else:
        youtube.edit(id, **_with_times(changes))
    return {"id": id}


def playlist(youtube: YouTube, title: str, video_ids: list[str], is_private: bool = False) -> Answer:
    """A new list of videos."""
    return {"id": youtube.add_playlist(title, video_ids, is_private=is_private).id}


def track(youtube: YouTube, video_id: str, language: str, text: str, **more: Any) -> Answer:
    """A track made by somebody else: name, kind (standard, ASR, forced), is_draft, status, failure_reason."""
    return {"id": youtube.add_track(video_id, language, text, **more).id}


def fault(youtube: YouTube, operation: str, kind: str, times: int | None = 1, value: float | None = None) -> Answer:
    """What happens to the next `times` requests of an operation; null: to all, until cleared."""
    youtube.fault(operation, kind, times, value)
    return {}


def clear(youtube: YouTube, operation: str | None = None) -> Answer:
    """Forget the faults to come."""
    youtube.faults.clear(operation)
    return {}


def release(youtube: YouTube, operation: str | None = None) -> Answer:
    """Let go of the requests held now."""
    return {"released": youtube.release(operation)}


def consent(youtube: YouTube, **changes: Any) -> Answer:
    """How the next consents are answered, until changed again; what is not named stays as it is.

    answer (allow, deny, page), scopes (what is granted; null: all that was asked), channel_id (the channel chosen),
    testing (whether the app's status is Testing).
    """
    return dataclasses.asdict(youtube.set_consent(**changes))


def revoke(youtube: YouTube, refresh_token: str | None = None) -> Answer:
    """End one login, or all."""
    for one in [refresh_token] if refresh_token else list(youtube.accounts):
        youtube.revoke(one)
    return {}


def expire(youtube: YouTube) -> Answer:
    """Let all access tokens run out."""
    youtube.expire_tokens()
    return {}


def quota(youtube: YouTube, limit: int | None = None, used: int | None = None) -> Answer:
    """Set the day's quota, or what is used of it."""
    if limit is not None:
        youtube.quota.limit = limit
    if used is not None:
        youtube.quota.used = used
    return dataclasses.asdict(youtube.quota)


TABLE: dict[str, Callable[..., Answer]] = {
    one.__name__: one
    for one in (channel, account, publish, edit, playlist, track, fault, clear, release, consent, revoke, expire, quota)
}


def _with_times(values: dict[str, Any]) -> dict[str, Any]:
    times = {name: datetime.fromisoformat(values[name]) for name in ("published_at", "updated_at") if values.get(name)}
    return {**values, **times}


def add_routes(app: web.Application) -> None:
    control.add_routes(app, incoming.STATE, TABLE)
