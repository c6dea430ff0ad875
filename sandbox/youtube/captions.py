"""captions.list, insert, update, delete and download: the rules of the real ones, on the state. No HTTP here.

Sources: developers.google.com/youtube/v3/docs/captions and its pages for the methods; the discovery document.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.youtube import texts
from sandbox.youtube.call import Answer, Call, tagged
from sandbox.youtube.errors import ApiError, NotPlayed, WrongRequest
from sandbox.youtube.state import Track, Video, YouTube

DOMAIN = "youtube.caption"
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_NAME = 150
SETTABLE_BY_UPDATE = "isDraft"


def list_tracks(youtube: YouTube, call: Call) -> Answer:
    """Every track of a video, YouTube's own ones too."""
    video = _own_video(youtube, call, call.query.one("videoId"))
    tracks = [track for track in youtube.tracks.values() if track.video_id == video.id]
    wanted = call.query.many("id")
    if wanted:
        for track_id in wanted:
            if track_id not in {track.id for track in tracks}:
                raise _track_not_found()
        tracks = [track for track in tracks if track.id in wanted]
    items = [_resource(track, call) for track in tracks]
    return tagged({"kind": "youtube#captionListResponse", "items": items})


def check_insert(youtube: YouTube, call: Call) -> Video:
    """What can be said against an insert before its file has come; the video it is for."""
    snippet = call.body.get("snippet", {})
    for name in ("videoId", "language", "name"):
        if name not in snippet:
            raise _invalid_metadata(f"snippet.{name} is required")
    if not re.fullmatch(r"[0-9A-Za-z_-]{11}", snippet["videoId"]):
        raise _invalid_metadata("snippet.videoId is no video ID")
    if not LANGUAGE.fullmatch(snippet["language"]):
        raise _invalid_metadata("snippet.language is no BCP-47 language tag")
    if len(snippet["name"]) > LONGEST_NAME:
        message = "The specified track name, provided in the snippet.name property, is too long. The maximum length supported is 150 characters."  # noqa: E501
        raise ApiError(400, "nameTooLong", message, DOMAIN)
    video = _own_video(youtube, call, snippet["videoId"])
    for track in youtube.tracks.values():
        same = (track.video_id, track.language, track.name) == (video.id, snippet["language"], snippet["name"])
        if same and track.kind == "standard":
            raise caption_exists()
    return video


def insert(youtube: YouTube, call: Call) -> Answer:
    """A new standard track. Its file is judged after the answer, which always says `serving`: list tells."""
    video = check_insert(youtube, call)
    if not call.media:
        raise _content_required()
    snippet = call.body["snippet"]
    draft = snippet.get("isDraft", False)
    track = youtube.add_track(video.id, snippet["language"], b"", name=snippet["name"], is_draft=draft)
    answer = _resource(track, call)
    youtube.store(track, call.media)
    return answer


def check_update(youtube: YouTube, call: Call) -> Track:
    """What can be said against an update before its file has come; the track it is for."""
    if not call.body.get("id"):
        raise WrongRequest("invalidMetadata", "The update needs the caption track's id.", DOMAIN)
    track = _own_track(youtube, call, call.body["id"])
    present = _snippet(track)
    for name, value in call.body.get("snippet", {}).items():
        if name != SETTABLE_BY_UPDATE and value != present.get(name):
            raise WrongRequest("invalidMetadata", f"An update cannot change snippet.{name}.", DOMAIN)
    return track


def update(youtube: YouTube, call: Call) -> Answer:
    """New text, or draft or not. A track of kind ASR keeps its kind. A property left out loses its value."""
    track = check_update(youtube, call)
    if call.method.upload and not call.media:
        raise _content_required()
    if "snippet" in call.query.many("part"):
        track.is_draft = bool(call.body.get("snippet", {}).get(SETTABLE_BY_UPDATE, False))
    answer = _resource(track, call)
    if call.media:
        answer.get("snippet", {})["status"] = "serving"
        youtube.store(track, call.media)
    return answer


def delete(youtube: YouTube, call: Call) -> Answer:
    track = _own_track(youtube, call, call.query.one("id"))
    del youtube.tracks[track.id]
    return None


def download(youtube: YouTube, call: Call) -> Answer:
    """The file as it was uploaded, or with `tfmt` converted."""
    if call.query.one("tlang"):
        raise NotPlayed("translation by tlang")
    track = _own_track(youtube, call, call.query.one("id"))
    form = call.query.one("tfmt")
    if not form:
        return track.data
    cues = texts.read(track.data)
    if form not in ("srt", "vtt") or not cues:
        message = "The caption track data could not be converted to the requested language and/or format."
        raise ApiError(400, "couldNotConvert", message, DOMAIN)
    return texts.write(cues, form, track.language)


# ---- what they share


def _own_video(youtube: YouTube, call: Call, video_id: str) -> Video:
    video = youtube.videos.get(video_id)
    if video is None:
        message = "The video identified by the videoId parameter could not be found."
        raise ApiError(404, "videoNotFound", message, DOMAIN)
    if video.channel_id != call.channel_id:
        raise _forbidden()
    return video


def _own_track(youtube: YouTube, call: Call, track_id: str) -> Track:
    track = youtube.tracks.get(track_id)
    if track is None:
        raise _track_not_found()
    _own_video(youtube, call, track.video_id)
    return track


def _resource(track: Track, call: Call) -> dict[str, Any]:
    # the id is there whatever is asked for: captions.py of youtube/api-samples relies on it
    snippet = {"snippet": _snippet(track)} if "snippet" in call.query.many("part") else {}
    return tagged({"kind": "youtube#caption", "id": track.id, **snippet})


def _snippet(track: Track) -> dict[str, Any]:
    snippet = {
        "videoId": track.video_id,
        "lastUpdated": track.last_updated.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "trackKind": track.kind,
        "language": track.language,
        "name": track.name,
        "audioTrackType": "unknown",
        "isCC": False,
        "isLarge": False,
        "isEasyReader": False,
        "isDraft": track.is_draft,
        "isAutoSynced": False,
        "status": track.status,
    }
    return snippet | ({"failureReason": track.failure_reason} if track.failure_reason else {})


def _forbidden() -> ApiError:
    message = "The permissions associated with the request are not sufficient for this caption track. The request might not be properly authorized."  # noqa: E501
    return ApiError(403, "forbidden", message, DOMAIN)


def _track_not_found() -> ApiError:
    return ApiError(404, "captionNotFound", "The caption track could not be found.", DOMAIN)


def _content_required() -> ApiError:
    return ApiError(400, "contentRequired", "The request does not contain the caption track contents.", DOMAIN)


def _invalid_metadata(what: str) -> ApiError:
    return ApiError(400, "invalidMetadata", f"The request contains invalid metadata values: {what}.", DOMAIN)


def caption_exists() -> ApiError:
    message = "The specified video already has a caption track with the given videoId, language, and name. A video can only have one track with a given language and name."  # noqa: E501
    return ApiError(409, "captionExists", message, DOMAIN)
