"""The loopback YouTube, met by the real clients: google-api-python-client, google-auth, requests and yt-dlp."""

import base64
import contextlib
import hashlib
import http.client
import io
import json
import re
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import google_auth_httplib2
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.discovery_cache import get_static_doc
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, MediaIoBaseUpload, build_http

from sandbox.youtube import CHANNEL_ID, COSTS, HANDLE, PLUGIN_DIR, SCOPES, TOKEN, YouTube, make_app, running
from sandbox.youtube.faults import API_OPERATIONS, OPERATIONS
from sandbox.youtube.state import REASONS

ROOT = Path(__file__).parents[2]
OTHER_CHANNEL = "UCotherotherotherotherot"
VTT = "WEBVTT\n\nid\n00:01.000 --> 00:02.500 size:9%\nFish &amp; <i>chips</i>\n\n00:03.000 --> 00:04.000\nTwo\nlines\n"
SRT = "1\n00:00:01,000 --> 00:00:02,500\nFish & <i>chips</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nTwo\nlines\n"
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "yt": "http://www.youtube.com/xml/schemas/2015",
    "media": "http://search.yahoo.com/mrss/",
}


# ---- the clients


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self):
        self.time = datetime.now(UTC)

    def __call__(self):
        return self.time


@pytest.fixture
def now():
    return Clock()


@pytest.fixture
def youtube(now):
    return YouTube(now=now)


@pytest.fixture
def url(youtube):
    with running(make_app(youtube)) as address:
        yield address


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound.m4a"
    path.write_bytes(bytes(range(256)) * 400)
    return path


@pytest.fixture
def video(youtube, sound):
    return youtube.publish("A talk", sound)


@pytest.fixture
def stranger(youtube, sound):
    """A video on a channel that the login does not cover."""
    youtube.add_channel(OTHER_CHANNEL, "Other", "@other")
    return youtube.publish("Theirs", sound, channel_id=OTHER_CHANNEL)


def credentials(url, **changes):
    login = {name: value for name, value in TOKEN.items() if name != "type"}
    return Credentials(None, token_uri=f"{url}/token", **{**login, **changes})


@pytest.fixture
def connect(url):
    """Makes a client of the Data API; more than one, for clients that do not share a connection."""
    with contextlib.ExitStack() as stack:

        def make(**changes):
            document = json.loads(get_static_doc("youtube", "v3"))
            document["rootUrl"] = url + "/"
            document.pop("mtlsRootUrl", None)
            authorized = google_auth_httplib2.AuthorizedHttp(credentials(url, **changes), http=build_http())
            service = build_from_document(document, http=authorized)
            stack.callback(service.close)
            return service

        yield make


@pytest.fixture
def api(connect):
    return connect()


@pytest.fixture
def web():
    with requests.Session() as session:
        yield session


@pytest.fixture
def signed(web, url):
    """A session that carries a valid access token."""
    form = {name: TOKEN[name] for name in ("client_id", "client_secret", "refresh_token")}
    token = web.post(f"{url}/token", {"grant_type": "refresh_token", **form}).json()["access_token"]
    web.headers["Authorization"] = f"Bearer {token}"
    return web


def media(text):
    data = text if isinstance(text, bytes) else text.encode()
    return MediaInMemoryUpload(data, mimetype="application/octet-stream", resumable=False)


def insert(api, video, text=VTT, part="snippet", **snippet):
    body = {"snippet": {"videoId": video.id, "language": "en", "name": "", **snippet}}
    return api.captions().insert(part=part, body=body, media_body=media(text)).execute()


def listed(api, video, **more):
    return api.captions().list(part="id,snippet", videoId=video.id, **more).execute()["items"]


def refused(call, *arguments, **keywords):
    """The error that a call ends with: status and reason."""
    with pytest.raises(HttpError) as caught:
        call(*arguments, **keywords)
    error = caught.value
    detail = json.loads(error.content)["error"]
    assert set(detail) == {"code", "message", "errors"}
    assert detail["code"] == error.status_code
    assert set(detail["errors"][0]) == {"message", "domain", "reason"}
    assert error.resp["content-type"].startswith("application/json")
    return error.status_code, error.error_details[0]["reason"]


@contextlib.contextmanager
def meanwhile(call, *arguments, **keywords):
    """A call in a thread of its own; its result, or what it raised, is in the list afterwards."""
    outcome = []

    def run():
        try:
            outcome.append(call(*arguments, **keywords))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield outcome
    thread.join()


# ---- captions


def test_an_inserted_track_is_listed_and_serving(api, video, youtube):
    track = insert(api, video, isDraft=True)
    assert re.fullmatch(r"AUieDa[\w-]{40}", track["id"])
    found = listed(api, video)
    assert [one["id"] for one in found] == [track["id"]]
    snippet = found[0]["snippet"]
    assert (snippet["status"], snippet["trackKind"], snippet["isDraft"]) == ("serving", "standard", True)
    assert youtube.tracks[track["id"]].text == VTT
    assert youtube.executed["captions.insert"] == 1
    assert youtube.refusals == []


def test_a_file_keeps_every_byte_however_it_is_uploaded(api, video, youtube):
    data = b"WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\n--x\n\r\n\xc3\xa9"
    first = insert(api, video, data, name="multipart")
    resumable = MediaInMemoryUpload(data, mimetype="text/vtt", resumable=True)
    body = {"snippet": {"videoId": video.id, "language": "en", "name": "resumable"}}
    second = api.captions().insert(part="snippet", body=body, media_body=resumable).execute()
    assert youtube.tracks[first["id"]].data == data
    assert youtube.tracks[second["id"]].data == data


def test_a_resumable_upload_comes_in_chunks(api, video, youtube):
    text = VTT + "\n00:05.000 --> 00:06.000\n" + "word " * 120_000 + "\n"
    file = MediaIoBaseUpload(io.BytesIO(text.encode()), "text/vtt", chunksize=262_144, resumable=True)
    body = {"snippet": {"videoId": video.id, "language": "en", "name": ""}}
    call = api.captions().insert(part="snippet", body=body, media_body=file)
    steps, answer = 0, None
    while answer is None:
        status, answer = call.next_chunk()
        steps += 1
        assert answer or (status.resumable_progress == steps * 262_144 and not youtube.tracks)
    assert steps == 3
    assert youtube.tracks[answer["id"]].text == text


def test_an_interrupted_resumable_upload_goes_on_where_it_was(api, video, youtube):
    youtube.fault("upload", "status", value=503)
    file = MediaInMemoryUpload(VTT.encode(), mimetype="text/vtt", resumable=True)
    body = {"snippet": {"videoId": video.id, "language": "en", "name": ""}}
    call = api.captions().insert(part="snippet", body=body, media_body=file)
    with pytest.raises(HttpError):
        call.next_chunk()
    assert not youtube.tracks
    assert call.next_chunk()[1]["id"] in youtube.tracks


def test_a_resumable_upload_is_refused_before_its_file_is_sent(api, video, youtube):
    insert(api, video)
    file = MediaInMemoryUpload(VTT.encode(), mimetype="text/vtt", resumable=True)
    body = {"snippet": {"videoId": video.id, "language": "en", "name": ""}}
    call = api.captions().insert(part="snippet", body=body, media_body=file)
    assert refused(call.execute) == (409, "captionExists")
    assert youtube.requests["upload"] == 0


@pytest.mark.parametrize(
    "text", ["only words", "WEBVTT\n\nno cue\n", b"\xff\xfe\x00", "00:01.000 --> 00:02.000\nno hours"]
)
def test_a_file_without_cues_fails_after_the_answer(api, video, text):
    assert insert(api, video, text)["snippet"]["status"] == "serving"
    snippet = listed(api, video)[0]["snippet"]
    assert (snippet["status"], snippet["failureReason"]) == ("failed", "unknownFormat")


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ({"name": "x" * 151}, (400, "nameTooLong")),
        ({"language": "english language"}, (400, "invalidMetadata")),
        ({"videoId": "short"}, (400, "invalidMetadata")),
        ({"videoId": "AAAAAAAAAAA"}, (404, "videoNotFound")),
    ],
)
def test_wrong_metadata_is_refused_with_the_reason_of_the_real_one(api, video, snippet, expected):
    assert refused(insert, api, video, **snippet) == expected


@pytest.mark.parametrize("missing", ["videoId", "language", "name"])
def test_insert_needs_video_language_and_name(api, video, missing):
    snippet = {"videoId": video.id, "language": "en", "name": ""}
    del snippet[missing]
    call = api.captions().insert(part="snippet", body={"snippet": snippet}, media_body=media(VTT))
    assert refused(call.execute) == (400, "invalidMetadata")


def test_an_empty_file_or_none_is_contentRequired(api, video):  # noqa: N802 Google's word
    assert refused(insert, api, video, "") == (400, "contentRequired")
    body = {"snippet": {"videoId": video.id, "language": "en", "name": ""}}
    assert refused(api.captions().insert(part="snippet", body=body).execute) == (400, "contentRequired")


def test_a_second_track_of_the_same_language_and_name_is_a_conflict(api, video, youtube):
    insert(api, video, name="")
    assert refused(insert, api, video, name="") == (409, "captionExists")
    insert(api, video, name="other")
    insert(api, video, language="de")
    assert len(youtube.tracks) == 3


def test_an_automatic_track_is_listed_and_stands_in_nobodys_way(api, video, youtube):
    asr = youtube.add_track(video.id, "en", SRT, kind="ASR")
    insert(api, video)
    kinds = {one["id"]: one["snippet"]["trackKind"] for one in listed(api, video)}
    assert kinds[asr.id] == "ASR"
    assert sorted(kinds.values()) == ["ASR", "standard"]


def test_list_can_be_limited_to_ids(api, video, youtube):
    first, _ = youtube.add_track(video.id, "en", SRT), youtube.add_track(video.id, "de", SRT)
    assert [one["id"] for one in listed(api, video, id=[first.id])] == [first.id]
    assert refused(listed, api, video, id=["AUieDaNone"]) == (404, "captionNotFound")


def test_part_decides_what_is_shown(api, video):
    insert(api, video)
    assert "snippet" not in api.captions().list(part="id", videoId=video.id).execute()["items"][0]


def test_update_replaces_the_text_and_keeps_the_rest(api, video, youtube):
    track = insert(api, video, name="ours")
    body = {"id": track["id"], "snippet": {"isDraft": False}}
    answer = api.captions().update(part="snippet", body=body, media_body=media(SRT)).execute()
    assert (answer["id"], answer["snippet"]["name"]) == (track["id"], "ours")
    assert youtube.tracks[track["id"]].text == SRT


def test_update_without_a_file_changes_isDraft_alone(api, video, youtube):  # noqa: N802
    track = insert(api, video, isDraft=True)
    api.captions().update(part="snippet", body={"id": track["id"], "snippet": {"isDraft": False}}).execute()
    assert not youtube.tracks[track["id"]].is_draft
    assert youtube.tracks[track["id"]].text == VTT
    call = api.captions().update(part="snippet", body={"id": track["id"], "snippet": {"language": "fr"}})
    assert refused(call.execute) == (400, "invalidMetadata")
    assert youtube.tracks[track["id"]].language == "en"


def test_update_deletes_an_isDraft_that_is_left_out(api, video, youtube):  # noqa: N802
    track = insert(api, video, isDraft=True)
    api.captions().update(part="id", body={"id": track["id"]}, media_body=media(SRT)).execute()
    assert youtube.tracks[track["id"]].is_draft
    api.captions().update(part="snippet", body={"id": track["id"]}, media_body=media(SRT)).execute()
    assert not youtube.tracks[track["id"]].is_draft


def test_an_updated_automatic_track_stays_automatic(api, video, youtube):
    asr = youtube.add_track(video.id, "en", SRT, kind="ASR")
    api.captions().update(part="id", body={"id": asr.id}, media_body=media(VTT)).execute()
    assert (asr.kind, asr.text) == ("ASR", VTT)


def test_a_deleted_track_is_gone(api, video, youtube):
    track = insert(api, video)
    assert api.captions().delete(id=track["id"]).execute() == ""
    assert not youtube.tracks


def test_download_gives_the_uploaded_bytes_without_tfmt(api, video):
    track = insert(api, video)
    assert api.captions().download(id=track["id"]).execute() == VTT.encode()


@pytest.mark.parametrize("text", [SRT, VTT])
def test_download_converts_between_srt_and_vtt(api, video, text):
    track = insert(api, video, text)
    assert api.captions().download(id=track["id"], tfmt="srt").execute().decode() == SRT
    vtt = api.captions().download(id=track["id"], tfmt="vtt").execute().decode()
    assert vtt.startswith("WEBVTT\nKind: captions\nLanguage: en\n\n00:00:01.000 --> 00:00:02.500")
    assert "\nFish &amp; <i>chips</i>\n\n00:00:03.000 --> 00:00:04.000\nTwo\nlines\n" in vtt


def test_download_says_what_it_cannot_convert(api, video):
    good, bad = insert(api, video), insert(api, video, "only words", name="bad")
    assert refused(api.captions().download(id=good["id"], tfmt="sbv").execute) == (400, "couldNotConvert")
    assert refused(api.captions().download(id=bad["id"], tfmt="vtt").execute) == (400, "couldNotConvert")


def test_other_peoples_captions_are_forbidden(api, stranger, youtube):
    track = youtube.add_track(stranger.id, "en", VTT)
    assert refused(insert, api, stranger) == (403, "forbidden")
    assert refused(listed, api, stranger) == (403, "forbidden")
    assert refused(api.captions().download(id=track.id).execute) == (403, "forbidden")
    assert refused(api.captions().delete(id=track.id).execute) == (403, "forbidden")
    call = api.captions().update(part="id", body={"id": track.id}, media_body=media(SRT))
    assert refused(call.execute) == (403, "forbidden")
    assert track.text == VTT


def test_a_login_to_another_channel_covers_that_one(connect, stranger, youtube):
    other = connect(refresh_token=youtube.add_account(OTHER_CHANNEL))
    insert(other, stranger)
    assert other.channels().list(part="id", mine=True).execute()["items"][0]["id"] == OTHER_CHANNEL


def test_tracks_that_are_not_there_are_captionNotFound(api, video):  # noqa: N802
    insert(api, video)
    assert refused(api.captions().delete(id="AUieDaNone").execute) == (404, "captionNotFound")
    assert refused(api.captions().download(id="AUieDaNone").execute) == (404, "captionNotFound")
    call = api.captions().update(part="id", body={"id": "AUieDaNone"}, media_body=media(SRT))
    assert refused(call.execute) == (404, "captionNotFound")
    assert refused(api.captions().list(part="id", videoId="AAAAAAAAAAA").execute) == (404, "videoNotFound")


# ---- channels, videos, uploads


def test_channels_are_found_by_mine_id_handle_and_user_name(api, youtube):
    youtube.add_channel(OTHER_CHANNEL, "Other", "@other", username="old")
    mine = api.channels().list(part="id,snippet,contentDetails", mine=True).execute()["items"][0]
    assert (mine["id"], mine["snippet"]["customUrl"]) == (CHANNEL_ID, HANDLE)
    assert mine["contentDetails"]["relatedPlaylists"]["uploads"] == "UU" + CHANNEL_ID[2:]
    ids = api.channels().list(part="id", id=f"{CHANNEL_ID},{OTHER_CHANNEL}").execute()["items"]
    assert [one["id"] for one in ids] == [CHANNEL_ID, OTHER_CHANNEL]
    for by in ({"forHandle": "@Other"}, {"forHandle": "other"}, {"forUsername": "old"}):
        assert api.channels().list(part="id", **by).execute()["items"][0]["id"] == OTHER_CHANNEL


def test_a_channel_that_is_not_there_is_an_answer_without_items(api):
    answer = api.channels().list(part="id", forHandle="@nobody").execute()
    assert "items" not in answer
    assert answer["pageInfo"]["totalResults"] == 0


def test_videos_say_what_they_are(api, youtube, sound):
    start = int(datetime(2026, 12, 1, 18, tzinfo=UTC).timestamp())
    coming = youtube.publish(
        "Soon", sound, live_status="is_upcoming", release_timestamp=start, duration=3725.4, language="de"
    )
    parts = "snippet,status,contentDetails,liveStreamingDetails"
    found = api.videos().list(part=parts, id=coming.id).execute()["items"][0]
    assert found["snippet"]["liveBroadcastContent"] == "upcoming"
    assert found["snippet"]["defaultAudioLanguage"] == "de"
    assert found["status"]["privacyStatus"] == "public"
    assert found["contentDetails"] == {"duration": "PT1H2M5S", "definition": "hd", "caption": "false"}
    assert found["liveStreamingDetails"]["scheduledStartTime"] == "2026-12-01T18:00:00Z"


def test_private_videos_are_shown_to_their_owner_alone(api, youtube, sound, stranger):
    mine = youtube.publish("Mine", sound, availability="private")
    youtube.edit(stranger.id, availability="private")
    found = api.videos().list(part="id", id=[mine.id, stranger.id, "AAAAAAAAAAA"]).execute()["items"]
    assert [one["id"] for one in found] == [mine.id]


def test_uploads_are_paged_in_the_order_of_upload(api, youtube, sound):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    videos = [youtube.publish(f"{n}", sound, published_at=start - timedelta(days=n)) for n in range(7)]
    found, token, pages = [], None, 0
    while pages == 0 or token:
        arguments = {"part": "snippet,contentDetails", "playlistId": "UU" + CHANNEL_ID[2:], "maxResults": 3}
        answer = api.playlistItems().list(**arguments, pageToken=token).execute()
        found += [item["contentDetails"]["videoId"] for item in answer["items"]]
        token, pages = answer.get("nextPageToken"), pages + 1
    assert found == [video.id for video in reversed(videos)]
    assert pages == 3
    assert len(api.playlistItems().list(part="id", playlistId="UU" + CHANNEL_ID[2:]).execute()["items"]) == 5


def test_an_unknown_playlist_or_page_is_refused(api):
    call = api.playlistItems().list(part="id", playlistId="UUnone")
    assert refused(call.execute) == (404, "playlistNotFound")
    call = api.playlistItems().list(part="id", playlistId="UU" + CHANNEL_ID[2:], pageToken="x")
    assert refused(call.execute) == (400, "invalidPageToken")


# ---- wrong requests


@pytest.mark.parametrize(
    ("method", "path", "reason"),
    [
        ("GET", "/youtube/v3/captions?part=snippet&videoId=A&colour=red", "badRequest"),
        ("GET", "/youtube/v3/captions?part=snippet", "required"),
        ("GET", "/youtube/v3/captions?videoId=A", "required"),
        ("GET", "/youtube/v3/captions?part=snippet,statistics&videoId=A", "unknownPart"),
        ("GET", "/youtube/v3/captions?part=snippet&videoId=A&videoId=B", "invalidParameter"),
        ("GET", "/youtube/v3/captions?part=snippet&videoId=A&alt=xml", "invalidParameter"),
        ("GET", "/youtube/v3/channels?part=id&mine=yes", "invalidParameter"),
        ("GET", "/youtube/v3/channels?part=id", "missingRequiredParameter"),
        ("GET", "/youtube/v3/channels?part=id&mine=true&forHandle=x", "incompatibleParameters"),
        ("GET", "/youtube/v3/playlistItems?part=id&playlistId=UU&maxResults=51", "invalidParameter"),
        ("GET", "/youtube/v3/playlistItems?part=id&playlistId=UU&maxResults=-1", "invalidParameter"),
        ("GET", "/youtube/v3/videos?part=id&id=A&maxHeight=10", "invalidParameter"),
        ("GET", "/youtube/v3/subtitles?part=id", "notFound"),
        ("PATCH", "/youtube/v3/captions?part=snippet", "notFound"),
        ("POST", "/youtube/v3/captions?part=snippet&uploadType=multipart", "badRequest"),
        ("POST", "/upload/youtube/v3/captions?part=snippet", "badRequest"),
    ],
)
def test_a_wrong_request_is_refused_and_remembered(signed, url, youtube, method, path, reason):
    answer = signed.request(method, url + path)
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] == reason
    assert len(youtube.refusals) == 1
    assert path in youtube.refusals[0]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"snipet": {}},
        {"snippet": {"videoID": "x"}},
        {"snippet": {"isDraft": "true"}},
        {"snippet": {"name": 1}},
        {"snippet": []},
        {"snippet": {"trackKind": "funny"}},
    ],
)
def test_a_body_that_is_not_of_the_schema_is_refused(signed, url, youtube, body):
    answer = signed.post(f"{url}/youtube/v3/captions?part=snippet", json=body)
    assert answer.status_code == 400
    assert len(youtube.refusals) == 1


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("text/plain", b"{}"),
        ("multipart/related; boundary=x", b"--x\r\n\r\n{}\r\n--x--"),
        ("multipart/related; boundary=x", b"--x\r\nContent-Type: text/plain\r\n\r\n{}\r\n--x\r\n\r\ntext\r\n--x--"),
        ("multipart/form-data; boundary=x", b"--x--"),
    ],
)
def test_a_body_in_the_wrong_wrapping_is_refused(signed, url, youtube, kind, body):
    path = "/upload/youtube/v3/captions?part=snippet&uploadType=multipart"
    path = path if kind.startswith("multipart") else "/youtube/v3/captions?part=snippet"
    answer = signed.post(url + path, body, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert len(youtube.refusals) == 1


@pytest.mark.parametrize(
    "path", ["search?part=snippet", "channels?part=statistics&mine=true", "videos?part=id&chart=mostPopular"]
)
def test_what_is_right_but_not_played_is_said_so(signed, url, youtube, path):
    answer = signed.get(f"{url}/youtube/v3/{path}")
    assert answer.status_code == 501
    assert len(youtube.refusals) == 1


# ---- quota


def test_every_request_costs_what_the_real_one_costs(api, video, youtube):
    def cost(call):
        before = youtube.quota.used
        call()
        return youtube.quota.used - before

    track = {}
    calls = {
        "captions.insert": lambda: track.update(insert(api, video)),
        "captions.list": lambda: listed(api, video),
        "captions.update": lambda: api.captions().update(part="id", body={"id": track["id"]}).execute(),
        "captions.download": lambda: api.captions().download(id=track["id"]).execute(),
        "captions.delete": lambda: api.captions().delete(id=track["id"]).execute(),
        "channels.list": lambda: api.channels().list(part="id", mine=True).execute(),
        "videos.list": lambda: api.videos().list(part="id", id=video.id).execute(),
        "playlistItems.list": lambda: api.playlistItems().list(part="id", playlistId="UU" + CHANNEL_ID[2:]).execute(),
    }
    assert {name: cost(call) for name, call in calls.items()} == COSTS
    assert set(calls) == set(API_OPERATIONS)


def test_failing_requests_cost_as_much(api, video, youtube):
    insert(api, video)
    assert refused(insert, api, video) == (409, "captionExists")
    assert youtube.quota.used == 800


def test_an_exhausted_quota_refuses(api, video, youtube):
    youtube.quota.limit = 449
    insert(api, video)
    assert refused(listed, api, video) == (403, "quotaExceeded")
    assert youtube.quota.used == 400


# ---- logging in


def test_an_expired_access_token_is_renewed_by_the_client(api, video, youtube):
    insert(api, video)
    youtube.expire_tokens()
    assert len(listed(api, video)) == 1
    assert youtube.executed["token"] == 2


def test_access_tokens_end_after_their_time(signed, url, youtube, now):
    path = f"{url}/youtube/v3/channels?part=id&mine=true"
    assert signed.get(path).status_code == 200
    now.time += timedelta(hours=1)
    answer = signed.get(path)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_a_token_nothing_is_answered_and_nothing_charged(web, url, youtube):
    answer = web.get(f"{url}/youtube/v3/channels?part=id&mine=true")
    assert answer.status_code == 401
    assert answer.json()["error"]["errors"][0]["reason"] == "authError"
    assert youtube.quota.used == 0


def test_a_revoked_login_is_invalid_grant(api, video, youtube):
    insert(api, video)
    youtube.revoke()
    with pytest.raises(RefreshError) as caught:
        listed(api, video)
    assert not caught.value.retryable
    assert caught.value.args[0] == "invalid_grant: Token has been expired or revoked."


def test_an_unknown_client_is_refused(connect):
    with pytest.raises(RefreshError, match="invalid_client"):
        connect(client_secret="wrong").channels().list(part="id", mine=True).execute()


def test_a_login_without_the_scope_is_refused(connect, video, youtube):
    readonly = youtube.add_account(CHANNEL_ID, scopes=("https://www.googleapis.com/auth/youtube.readonly",))
    api = connect(refresh_token=readonly)
    assert api.channels().list(part="id", mine=True).execute()["items"]
    assert refused(listed, api, video) == (403, "insufficientPermissions")


def test_consent_gives_a_code_that_is_exchanged_once_with_its_verifier(web, url, youtube):
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("=")
    asked = {"client_id": TOKEN["client_id"], "response_type": "code", "redirect_uri": "http://127.0.0.1:1/",
             "scope": " ".join(SCOPES), "state": "s", "access_type": "offline", "prompt": "consent",
             "code_challenge": challenge, "code_challenge_method": "S256"}  # fmt: skip

    def exchange(verifier):
        answer = web.get(f"{url}/o/oauth2/auth", params=asked, allow_redirects=False)
        back = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert back["state"] == ["s"]
        form = {"grant_type": "authorization_code", "code": back["code"][0], "redirect_uri": "http://127.0.0.1:1/"}
        client = (TOKEN["client_id"], TOKEN["client_secret"])
        first = web.post(f"{url}/token", {**form, "code_verifier": verifier}, auth=client)
        assert web.post(f"{url}/token", {**form, "code_verifier": verifier}, auth=client).status_code == 400
        return first.json()

    assert exchange("wrong")["error"] == "invalid_grant"
    login = exchange("v" * 43)
    assert login["scope"] == " ".join(SCOPES)
    assert login["access_token"].startswith("ya29.")
    assert login["refresh_token"] in youtube.accounts


def test_an_unknown_grant_is_refused(web, url):
    answer = web.post(f"{url}/token", {k: TOKEN[k] for k in ("client_id", "client_secret")} | {"grant_type": "magic"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


# ---- faults


@pytest.mark.parametrize("status", [429, 500, 503, 404])
def test_a_status_fault_answers_instead_of_the_api(api, video, youtube, status):
    youtube.fault("captions.insert", "status", value=status)
    with pytest.raises(HttpError) as caught:
        insert(api, video)
    assert caught.value.status_code == status
    assert not youtube.tracks
    insert(api, video)


def test_a_page_instead_of_json_has_no_reason(api, video, youtube):
    youtube.fault("captions.list", "html", value=502)
    with pytest.raises(HttpError) as caught:
        listed(api, video)
    assert isinstance(caught.value.error_details, str)


@pytest.mark.parametrize("kind", ["quotaExceeded", "rateLimitExceeded", "captionExists"])
def test_a_fault_can_be_one_of_googles_errors(api, video, youtube, kind):
    youtube.fault("captions.insert", kind)
    assert refused(insert, api, video)[1] == kind
    assert not youtube.tracks


def test_a_fault_meets_as_many_requests_as_were_asked_for(web, url, youtube):
    youtube.fault("feed", "status", times=2, value=500)
    youtube.fault("feed", "html")
    path = f"{url}/feeds/videos.xml?channel_id={CHANNEL_ID}"
    assert [web.get(path).status_code for _ in range(4)] == [500, 500, 404, 200]
    youtube.fault("feed", "status", times=None)
    assert {web.get(path).status_code for _ in range(5)} == {500}
    youtube.faults.clear("feed")
    assert web.get(path).status_code == 200


@pytest.mark.parametrize("operation", ["feed", "watch", "player", "media", "token", "tab", "playlist"])
def test_every_operation_can_fail(web, url, youtube, video, operation):
    youtube.fault(operation, "status", value=503)
    paths = {"feed": "feeds/videos.xml", "watch": "watch?v=x", "player": "sandbox/player?v=x",
             "media": f"media/{video.id}.m4a", "token": "token", "tab": "sandbox/tab?path=/@x",
             "playlist": "sandbox/playlist?list=x"}  # fmt: skip
    method = "POST" if operation == "token" else "GET"
    assert web.request(method, f"{url}/{paths[operation]}").status_code == 503
    assert youtube.requests[operation] == 1


def test_a_held_request_is_not_executed_until_released(api, video, youtube):
    youtube.fault("captions.insert", "hold")
    with meanwhile(insert, api, video) as outcome:
        assert youtube.faults.wait_until_held("captions.insert")
        assert not youtube.tracks
        assert youtube.state()["held"] == {"captions.insert": 1}
        assert youtube.release("captions.list") == 0
        assert youtube.release("captions.insert") == 1
    assert outcome[0]["id"] in youtube.tracks
    assert youtube.state()["held"] == {}


def test_a_held_request_is_never_executed_if_its_client_leaves(signed, url, video, youtube):
    track = youtube.add_track(video.id, "en", VTT)
    youtube.fault("captions.delete", "hold")
    client = http.client.HTTPConnection(urlsplit(url).netloc)
    client.request("DELETE", f"/youtube/v3/captions?id={track.id}", headers=dict(signed.headers))
    assert youtube.faults.wait_until_held("captions.delete")
    client.close()
    assert youtube.faults.wait_until_held("captions.delete", 0)
    assert track.id in youtube.tracks
    assert youtube.executed["captions.delete"] == 0


def test_hold_after_keeps_back_the_answer_of_what_is_done(api, video, youtube):
    youtube.fault("captions.insert", "hold_after")
    with meanwhile(insert, api, video) as outcome:
        assert youtube.faults.wait_until_held("captions.insert")
        assert len(youtube.tracks) == 1
        youtube.release()
    assert outcome[0]["id"] in youtube.tracks


def test_a_slow_answer_comes_all_the_same(api, video, youtube):
    youtube.fault("captions.insert", "slow", value=0.01)
    assert insert(api, video)["id"] in youtube.tracks


def test_a_connection_cut_before_is_not_executed(api, video, youtube):
    youtube.fault("captions.insert", "cut_before", times=2)
    with pytest.raises(OSError, match=r"closed|reset"):
        insert(api, video)
    assert youtube.requests["captions.insert"] == 2, "httplib2 sends once more by itself"
    assert not youtube.tracks


def test_a_connection_cut_after_is_executed_and_the_clients_own_repetition_meets_the_conflict(api, video, youtube):
    youtube.fault("captions.insert", "cut_after")
    assert refused(insert, api, video) == (409, "captionExists")
    assert len(youtube.tracks) == 1
    assert youtube.executed["captions.insert"] == 1


@pytest.mark.parametrize(
    ("operation", "kind", "value"),
    [
        ("captions.move", "hold", None),
        ("feed", "melt", None),
        ("feed", "throttle", 5),
        ("feed", "quotaExceeded", None),
        ("captions.list", "captionExists", None),
        ("media", "hold_after", None),
        ("media", "throttle", None),
        ("media", "slow", None),
    ],
)
def test_a_fault_that_cannot_happen_is_an_error(youtube, operation, kind, value):
    with pytest.raises(ValueError, match=r"there is no|is not a valid|cannot happen|needs a value"):
        youtube.fault(operation, kind, value=value)


# ---- feed and pages


def read_feed(web, url, channel=CHANNEL_ID):
    answer = web.get(f"{url}/feeds/videos.xml", params={"channel_id": channel})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/xml")
    assert not {"ETag", "Last-Modified"} & set(answer.headers)
    return ElementTree.fromstring(answer.content)  # noqa: S314 our own


def test_the_feed_has_the_fifteen_newest_entries_newest_first(web, url, youtube, sound):
    start = datetime(2026, 1, 1, tzinfo=UTC)
    videos = [youtube.publish(f"{n}", sound, published_at=start + timedelta(days=n)) for n in range(17)]
    entries = read_feed(web, url).findall("a:entry/yt:videoId", NAMES)
    assert [entry.text for entry in entries] == [video.id for video in reversed(videos[2:])]


def test_the_feed_is_shaped_like_youtubes(web, url, youtube, sound):
    video = youtube.publish(
        "Tom & <Jerry>", sound, published_at=datetime(2026, 11, 1, 10, tzinfo=UTC), media_type="short"
    )
    feed = read_feed(web, url)
    assert feed.findtext("yt:channelId", None, NAMES) == CHANNEL_ID[2:]
    entry = feed.find("a:entry", NAMES)
    assert entry.findtext("yt:channelId", None, NAMES) == CHANNEL_ID
    assert entry.findtext("a:title", None, NAMES) == "Tom & <Jerry>"
    assert entry.findtext("a:published", None, NAMES) == "2026-11-01T10:00:00+00:00"
    assert entry.find("a:link", NAMES).get("href") == f"https://www.youtube.com/shorts/{video.id}"
    assert entry.findtext("media:group/media:title", None, NAMES) == "Tom & <Jerry>"


def test_private_unlisted_and_removed_videos_are_not_in_the_feed(web, url, youtube, sound):
    for availability in ("private", "unlisted"):
        youtube.publish("Hidden", sound, availability=availability)
    youtube.remove(youtube.publish("Gone", sound).id)
    youtube.publish("Hidden too", sound, error="private")
    assert read_feed(web, url).findall("a:entry", NAMES) == []


def test_a_renamed_video_keeps_its_time_of_publishing(web, url, youtube, video, now):
    now.time += timedelta(hours=1)
    youtube.edit(video.id, title="Renamed")
    entry = read_feed(web, url).find("a:entry", NAMES)
    assert entry.findtext("a:title", None, NAMES) == "Renamed"
    assert entry.findtext("a:updated", None, NAMES) > entry.findtext("a:published", None, NAMES)


def test_the_feed_of_an_unknown_channel_is_a_page_with_404(web, url):
    answer = web.get(f"{url}/feeds/videos.xml?channel_id={OTHER_CHANNEL}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_pages_are_there_for_videos_and_channels(web, url, youtube, sound):
    video = youtube.publish("<A talk>", sound)
    assert "&lt;A talk&gt;" in web.get(f"{url}/watch?v={video.id}").text
    for path in (HANDLE, f"{HANDLE}/videos", f"channel/{CHANNEL_ID}"):
        assert "Sandbox Channel" in web.get(f"{url}/{path}").text
    assert web.get(f"{url}/@nobody").status_code == 404


# ---- media


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=1000-", 1000, None), ("bytes=-5", -5, None), ("bytes=102390-999999", 102390, None)],
)
def test_a_range_is_answered_with_exactly_its_bytes(web, url, video, sound, asked, start, end):
    answer = web.get(f"{url}/media/{video.id}.m4a", headers={"Range": asked})
    data = sound.read_bytes()
    assert answer.status_code == 206
    assert answer.content == data[start:end]
    first = start % len(data)
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(answer.content) - 1}/{len(data)}"


@pytest.mark.parametrize("asked", ["bytes=102400-", "bytes=9-3", "bytes=-", "lines=1-2"])
def test_a_range_that_cannot_be_met_is_416(web, url, video, sound, asked):
    answer = web.get(f"{url}/media/{video.id}.m4a", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{sound.stat().st_size}"


def test_media_has_its_type_and_says_that_it_takes_ranges(web, url, video, sound):
    answer = web.get(f"{url}/media/{video.id}.m4a")
    assert (answer.status_code, answer.content) == (200, sound.read_bytes())
    assert answer.headers["Content-Type"] == "audio/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert web.get(f"{url}/media/{video.id}.wav").status_code == 404


def test_throttled_media_arrives_whole(web, url, video, youtube, sound):
    youtube.fault("media", "throttle", value=2_000_000)
    assert web.get(f"{url}/media/{video.id}.m4a").content == sound.read_bytes()


def test_media_that_is_cut_ends_in_the_middle(web, url, video, youtube):
    youtube.fault("media", "cut_at", value=1000)
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="1000 bytes read"):
        web.get(f"{url}/media/{video.id}.m4a")


def test_held_media_waits(web, url, video, youtube):
    youtube.fault("media", "hold")
    with meanwhile(web.get, f"{url}/media/{video.id}.m4a") as outcome:
        assert youtube.faults.wait_until_held("media")
        youtube.release()
    assert outcome[0].status_code == 200


# ---- yt-dlp


@pytest.fixture(scope="module")
def ytdlp():
    """yt-dlp with the plugin, in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("ytdlp_child.py")), str(PLUGIN_DIR)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask(address, download=False, **options):
            request = {"url": address, "download": download, "options": options}
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


def test_ytdlp_says_of_a_video_what_it_says_of_one_on_youtube(ytdlp, url, youtube, sound):
    video = youtube.publish("A talk", sound, language="en", duration=12.5, width=1080, height=1920)
    info = ytdlp(f"{url}/watch?v={video.id}", format="bestaudio[ext=m4a]/bestaudio/best")["info"]
    assert info["extractor_key"] == "SandboxYouTube"
    expected = {
        "id": video.id,
        "title": "A talk",
        "channel": "Sandbox Channel",
        "channel_id": CHANNEL_ID,
        "uploader": "Sandbox Channel",
        "duration": 12.5,
        "live_status": "not_live",
        "availability": "public",
        "language": "en",
        "timestamp": int(video.published_at.timestamp()),
        "vcodec": "none",
        "acodec": "mp4a.40.2",
        "ext": "m4a",
    }
    assert {name: info[name] for name in expected} == expected
    assert {"1080x1920", "audio only"} == {one["resolution"] for one in info["formats"]}


def test_ytdlp_downloads_the_published_bytes(ytdlp, url, video, sound, tmp_path):
    paths = {"home": str(tmp_path / "out")}
    info = ytdlp(f"{url}/watch?v={video.id}", True, format="bestaudio/best", fixup="never", paths=paths)["info"]
    assert Path(info["requested_downloads"][0]["filepath"]).read_bytes() == sound.read_bytes()


def test_ytdlp_goes_on_with_a_part(ytdlp, url, youtube, video, sound, tmp_path):
    options = {"format": "bestaudio", "fixup": "never", "outtmpl": str(tmp_path / "out.%(ext)s")}
    youtube.fault("media", "cut_at", value=30_000)
    assert "30000 bytes read" in ytdlp(f"{url}/watch?v={video.id}", True, **options)["error"]
    part = tmp_path / "out.m4a.part"
    kept = part.stat().st_size  # less than 30,000: the block that was being read is lost
    assert part.read_bytes() == sound.read_bytes()[:kept] != b""
    part.write_bytes(b"x" * kept)
    ytdlp(f"{url}/watch?v={video.id}", True, **options)
    assert (tmp_path / "out.m4a").read_bytes() == b"x" * kept + sound.read_bytes()[kept:]


@pytest.mark.parametrize("status", [403, 404, 429, 503])
def test_ytdlp_sees_the_status_of_the_media(ytdlp, url, youtube, video, status, tmp_path):
    youtube.fault("media", "status", times=None, value=status)
    found = ytdlp(f"{url}/watch?v={video.id}", True, format="bestaudio", paths={"home": str(tmp_path)})
    assert f"HTTP Error {status}" in found["error"]


@pytest.mark.parametrize("error", sorted(REASONS))
def test_ytdlp_refuses_with_youtubes_words(ytdlp, url, youtube, sound, error):
    video = youtube.publish("Closed", sound, error=error)
    found = ytdlp(f"{url}/watch?v={video.id}")
    assert REASONS[error].rstrip(".") in found["error"]
    assert found["expected"]
    assert (found["kind"] == "GeoRestrictedError") == (error == "geo")


def test_ytdlp_points_to_cookies_where_youtube_demands_a_login(ytdlp, url, youtube, sound):
    video = youtube.publish("Closed", sound, error="bot")
    assert "not a bot. Use --cookies" in ytdlp(f"{url}/watch?v={video.id}")["error"]


def test_ytdlp_says_of_an_upcoming_video_when_it_begins(ytdlp, url, youtube, sound):
    for media_type, words in (("video", "Premieres in 2 hours"), ("livestream", "This live event will begin in")):
        video = youtube.publish(
            "Soon", sound, live_status="is_upcoming", release_timestamp=1_800_000_000, media_type=media_type
        )
        assert words in ytdlp(f"{url}/watch?v={video.id}")["error"]
        found = ytdlp(f"{url}/watch?v={video.id}", ignore_no_formats_error=True)
        assert found["info"]["live_status"] == "is_upcoming"
        assert found["info"]["release_timestamp"] == 1_800_000_000
        assert found["info"]["media_type"] == media_type
        assert found["info"]["formats"] == []
        assert any(words in warning for warning in found["warnings"])


def test_ytdlp_knows_a_removed_video_from_one_that_never_was_by_nothing(ytdlp, url, youtube, video):
    youtube.remove(video.id)
    for video_id in (video.id, "AAAAAAAAAAA"):
        assert REASONS["unavailable"] in ytdlp(f"{url}/watch?v={video_id}")["error"]


def test_ytdlp_finds_the_channel_of_a_handle(ytdlp, url, video):
    for path in (HANDLE, f"{HANDLE}/videos", f"channel/{CHANNEL_ID}"):
        info = ytdlp(f"{url}/{path}", extract_flat="in_playlist", playlist_items="0")["info"]
        assert (info["channel_id"], info["channel"], info["entries"]) == (CHANNEL_ID, "Sandbox Channel", [])
    info = ytdlp(f"{url}/{HANDLE}/videos", extract_flat="in_playlist")["info"]
    assert [entry["id"] for entry in info["entries"]] == [video.id]
    assert "HTTP Error 404" in ytdlp(f"{url}/@nobody")["error"]


def test_ytdlp_lists_a_playlist_in_its_order_with_what_is_private_or_gone(ytdlp, url, youtube, sound):
    first, closed, second = (youtube.publish(f"Talk {n}", sound, error=error) for n, error in
                             ((1, None), (2, "private"), (3, None)))  # fmt: skip
    made = youtube.add_playlist("Talks", [second.id, closed.id, "AAAAAAAAAAA", first.id])
    info = ytdlp(f"{url}/playlist?list={made.id}", extract_flat="in_playlist")["info"]
    assert [(entry["id"], entry["title"]) for entry in info["entries"]] == [
        (second.id, "Talk 3"),
        (closed.id, "[Private video]"),
        ("AAAAAAAAAAA", "[Deleted video]"),
        (first.id, "Talk 1"),
    ]
    assert info["entries"][0]["url"] == f"{url}/watch?v={second.id}"


def test_a_channels_uploads_are_a_playlist(ytdlp, url, youtube, video):
    uploads = youtube.channels[CHANNEL_ID].uploads
    info = ytdlp(f"{url}/playlist?list={uploads}", extract_flat="in_playlist")["info"]
    assert [entry["id"] for entry in info["entries"]] == [video.id]


def test_a_private_playlist_looks_as_one_that_is_not_there(ytdlp, url, youtube):
    made = youtube.add_playlist("Mine", [], is_private=True)
    for name in (made.id, "PLnothing"):
        assert "YouTube said: The playlist does not exist." in ytdlp(f"{url}/playlist?list={name}")["error"]


# ---- as a process of its own


@pytest.fixture(scope="module")
def command():
    """The command, and how to talk to it; it must end cleanly."""
    words = [sys.executable, "-m", "sandbox.youtube", "--port", "0", "--quota", "500"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield json.loads(process.stdout.readline())["url"]
        process.send_signal(signal.SIGTERM)
        output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_scene_can_be_set_from_another_process(command, web, sound):
    def post(what, **values):
        answer = web.post(f"{command}/sandbox/{what}", json=values)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state():
        return web.get(f"{command}/sandbox/state").json()

    post("channel", id=OTHER_CHANNEL, title="Other", handle="@other")
    video = post("publish", title="A talk", path=str(sound), channel_id=OTHER_CHANNEL,
                 published_at="2026-11-01T10:00:00+00:00", live_status="was_live")["id"]  # fmt: skip
    post("edit", id=video, title="Renamed", language="en")
    track = post("track", video_id=video, language="en", text=SRT, kind="ASR")["id"]
    found = state()
    assert [one["title"] for one in found["channels"]] == ["Sandbox Channel", "Other"]
    assert (found["videos"][0]["title"], found["videos"][0]["live_status"]) == ("Renamed", "was_live")
    assert (found["tracks"][0]["id"], found["tracks"][0]["text"], found["tracks"][0]["kind"]) == (track, SRT, "ASR")
    assert found["quota"] == {"limit": 500, "used": 0}
    assert post("quota", limit=7) == {"limit": 7, "used": 0}

    post("fault", operation="feed", kind="hold", times=1)
    with meanwhile(requests.get, f"{command}/feeds/videos.xml?channel_id={OTHER_CHANNEL}") as outcome:
        assert web.get(f"{command}/sandbox/held?operation=feed").json() == {"held": True}
        assert state()["held"] == {"feed": 1}
        assert post("release", operation="feed") == {"released": 1}
    assert outcome[0].status_code == 200
    assert state()["requests"] == {"feed": 1}

    post("fault", operation="feed", kind="status", times=None, value=500)
    post("clear")
    assert web.get(f"{command}/feeds/videos.xml?channel_id={OTHER_CHANNEL}").status_code == 200
    login = post("account", channel_id=OTHER_CHANNEL)["refresh_token"]
    client = {name: TOKEN[name] for name in ("client_id", "client_secret")}
    form = {"grant_type": "refresh_token", "refresh_token": login, **client}
    assert web.post(f"{command}/token", form).status_code == 200
    post("expire")
    post("revoke", refresh_token=login)
    assert web.post(f"{command}/token", form).json()["error"] == "invalid_grant"
    post("edit", id=video, remove=True)
    assert state()["videos"] == state()["tracks"] == []


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("publish", {"title": "No file", "path": "/nowhere.m4a"}),
        ("publish", {"title": "Wrong word", "path": __file__, "colour": "red"}),
        ("publish", {"title": "Wrong state", "path": __file__, "live_status": "live"}),
        ("publish", {"title": "Wrong error", "path": __file__, "error": "broken"}),
        ("publish", {"title": "No zone", "path": __file__, "published_at": "2026-01-01T00:00:00"}),
        ("publish", {"title": "Wrong id", "path": __file__, "id": "x"}),
        ("channel", {"id": "UCshort", "title": "", "handle": ""}),
        ("edit", {"id": "AAAAAAAAAAA", "title": "Nobody"}),
        ("track", {"video_id": "AAAAAAAAAAA", "language": "en", "text": ""}),
        ("fault", {"operation": "feed", "kind": "melt"}),
    ],
)
def test_a_scene_that_makes_no_sense_is_refused_in_words(command, web, what, values):
    answer = web.post(f"{command}/sandbox/{what}", json=values)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_every_operation_of_the_api_is_priced():
    assert set(COSTS) == set(API_OPERATIONS) <= set(OPERATIONS)
