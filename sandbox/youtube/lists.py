"""channels.list, videos.list and playlistItems.list, on the state. No HTTP here.

Sources: developers.google.com/youtube/v3/docs and the pages of the three methods; the discovery document.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.youtube.call import Answer, Call, tagged
from sandbox.youtube.errors import ApiError, NotPlayed, WrongRequest
from sandbox.youtube.state import HIDDEN, Channel, Video, YouTube

LIVE_BROADCAST = {"is_upcoming": "upcoming", "is_live": "live"}
PRIVACY = {"private": "private", "unlisted": "unlisted"}
MOST_IDS = 50


def channels(youtube: YouTube, call: Call) -> Answer:
    """Channels by id, handle or user name, or the login's own."""
    match _filter(call, ("id", "forHandle", "forUsername", "mine"), ("managedByMe", "mySubscribers", "categoryId")):
        case "mine":
            found = [youtube.channels[call.channel_id]] if call.query.flag("mine") else []
        case "id":
            found = [youtube.channels[one] for one in call.query.many("id") if one in youtube.channels]
        case "forHandle":
            handle = "@" + call.query.one("forHandle").removeprefix("@").lower()
            found = [one for one in youtube.channels.values() if one.handle.lower() == handle]
        case _:
            name = call.query.one("forUsername")
            found = [one for one in youtube.channels.values() if one.username == name]
    shown = _parts(call, {"id", "snippet", "contentDetails"})
    items = [_shown("channel", one.id, _channel(one), shown) for one in found]
    answer = {"kind": "youtube#channelListResponse", "pageInfo": _page_info(len(items))}
    return tagged(answer | ({"items": items} if items else {}))  # the real one leaves an empty list out


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "snippet": {
            "title": channel.title,
            "description": "",
            "customUrl": channel.handle.lower(),
            "publishedAt": "2015-01-01T00:00:00Z",
            "localized": {"title": channel.title, "description": ""},
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": channel.uploads}},
    }


def videos(youtube: YouTube, call: Call) -> Answer:
    """Videos by id; those that do not exist or are private to others are left out."""
    _filter(call, ("id",), ("chart", "myRating"))
    ids = call.query.many("id")
    if len(ids) > MOST_IDS or call.query.values.get("maxResults"):
        raise WrongRequest("invalidParameter", "At most 50 ids, and maxResults does not go with id.", "youtube.video")
    found = [youtube.videos[one] for one in dict.fromkeys(ids) if one in youtube.videos]
    seen = [video for video in found if video.channel_id == call.channel_id or video.availability not in HIDDEN]
    shown = _parts(call, {"id", "snippet", "status", "contentDetails", "liveStreamingDetails"})
    items = [_shown("video", one.id, _video(youtube, one), shown) for one in seen]
    answer = {"kind": "youtube#videoListResponse", "items": items}
    return tagged(answer | {"pageInfo": _page_info(len(items))})


def _video(youtube: YouTube, video: Video) -> dict[str, Any]:
    captioned = any(one.video_id == video.id and one.kind == "standard" for one in youtube.tracks.values())
    language = {"defaultAudioLanguage": video.language} if video.language else {}
    details = {
        "snippet": {
            "publishedAt": _time(video.published_at),
            "channelId": video.channel_id,
            "title": video.title,
            "description": video.description,
            "channelTitle": youtube.channels[video.channel_id].title,
            "categoryId": "22",
            "liveBroadcastContent": LIVE_BROADCAST.get(video.live_status, "none"),
            **language,
        },
        "status": {"uploadStatus": "processed", "privacyStatus": PRIVACY.get(video.availability, "public")},
        "contentDetails": {
            "duration": _duration(video.duration),
            "definition": "hd",
            "caption": "true" if captioned else "false",
        },
    }
    if video.release_timestamp is not None:
        start = _time(datetime.fromtimestamp(video.release_timestamp, UTC))
        details["liveStreamingDetails"] = {"scheduledStartTime": start}
    return details


def playlist_items(youtube: YouTube, call: Call) -> Answer:
    """The uploads of a channel, last uploaded first: that is not the order of publishing."""
    _filter(call, ("playlistId",), ("id", "videoId"))
    wanted = call.query.one("playlistId")
    channel = next((one for one in youtube.channels.values() if one.uploads == wanted), None)
    if channel is None:
        message = "The playlist identified with the request's playlistId parameter cannot be found."
        raise ApiError(404, "playlistNotFound", message, "youtube.playlistItem")
    uploads = [one for one in reversed(youtube.videos.values()) if one.channel_id == channel.id]
    if channel.id != call.channel_id:
        uploads = [one for one in uploads if one.availability not in HIDDEN]
    return _page(call, channel, uploads)


def _page(call: Call, channel: Channel, uploads: Sequence[Video]) -> dict[str, Any]:
    size, first = int(call.query.one("maxResults", "5")), _offset(call.query.one("pageToken"))
    shown = _parts(call, {"id", "snippet", "contentDetails", "status"})
    page = enumerate(uploads[first : first + size], start=first)
    items = [
        _shown("playlistItem", _item_id(channel, one), _playlist_item(channel, one, place), shown)
        for place, one in page
    ]
    answer: dict[str, Any] = {"kind": "youtube#playlistItemListResponse", "items": items}
    if first + size < len(uploads):
        answer["nextPageToken"] = _token(first + size)
    if first:
        answer["prevPageToken"] = _token(max(0, first - size))
    return tagged(answer | {"pageInfo": {"totalResults": len(uploads), "resultsPerPage": size}})


def _item_id(channel: Channel, video: Video) -> str:
    return base64.urlsafe_b64encode(f"{channel.uploads}.{video.id}".encode()).decode().rstrip("=")


def _playlist_item(channel: Channel, video: Video, place: int) -> dict[str, Any]:
    return {
        "snippet": {
            "publishedAt": _time(video.published_at),
            "channelId": channel.id,
            "title": video.title,
            "description": video.description,
            "channelTitle": channel.title,
            "playlistId": channel.uploads,
            "position": place,
            "resourceId": {"kind": "youtube#video", "videoId": video.id},
            "videoOwnerChannelTitle": channel.title,
            "videoOwnerChannelId": channel.id,
        },
        "contentDetails": {"videoId": video.id, "videoPublishedAt": _time(video.published_at)},
        "status": {"privacyStatus": PRIVACY.get(video.availability, "public")},
    }


# ---- what they share


def _filter(call: Call, played: Sequence[str], unplayed: Sequence[str]) -> str:
    """The one filter of the request. Raise ApiError: none, several, or one that is not played."""
    given = [name for name in (*played, *unplayed) if call.query.values.get(name)]
    if not given:
        message = f"No filter selected. Expected one of: {', '.join((*played, *unplayed))}"
        raise WrongRequest("missingRequiredParameter", message, "youtube.parameter")
    if len(given) > 1:
        message = f"Incompatible parameters specified in the request: {', '.join(given)}"
        raise WrongRequest("incompatibleParameters", message, "youtube.parameter")
    if given[0] in unplayed:
        raise NotPlayed(f"the filter {given[0]}")
    return given[0]


def _parts(call: Call, played: set[str]) -> set[str]:
    wanted = set(call.query.many("part"))
    if wanted - played:
        raise NotPlayed(f"part {sorted(wanted - played)[0]} of {call.method.operation}")
    return wanted


def _shown(kind: str, id: str, details: dict[str, Any], shown: set[str]) -> dict[str, Any]:  # noqa: A002
    found = {name: value for name, value in details.items() if name in shown}
    return tagged({"kind": f"youtube#{kind}", "id": id, **found})


def _page_info(count: int) -> dict[str, int]:
    return {"totalResults": count, "resultsPerPage": count or 5}


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"PT:{offset}".encode()).decode().rstrip("=")


def _offset(token: str) -> int:
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        text = "wrong"
    found = re.fullmatch(r"(?:PT:(\d+))?", text)
    if found is None:
        message = "The request specifies an invalid page token."
        raise ApiError(400, "invalidPageToken", message, "youtube.parameter")
    return int(found[1] or 0)


def _time(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _duration(seconds: float | None) -> str:
    """ISO 8601, as the API writes it."""
    if not seconds:
        return "P0D"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    text = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
    return f"PT{text or '0S'}"
