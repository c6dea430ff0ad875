"""Upload, by the real client library, to the loopback YouTube: once, and never beside or over somebody else's track."""

import gc
import warnings

import pytest

from daemon.stages import upload
from daemon.youtube.quota import next_reset
from sandbox import youtube
from store import drafts, quota, videos, work
from store.drafts import Captions
from store.lifecycle import DraftState, ErrorKind, VideoState
from store.tables import Video
from tests.conftest import sample

TEXT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nIt was the best of times,\nit was the worst of times.\n"
OTHER = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nTyped by hand.\n"
ROUTE = (VideoState.DOWNLOADED, VideoState.TRANSCRIBED)


def resource_warnings(warned):
    return [str(one.message) for one in warned if one.category is ResourceWarning]


def approved(scene, text=TEXT):
    """A published video with an approved draft; its YouTube id."""
    made = scene.youtube.publish("A tale", sample("beckett.wav"))
    videos.request(scene.database, made.id, "ann")
    scene.captiond_says_that_its_login_covers(youtube.CHANNEL_ID)
    for old, new in zip((VideoState.FOUND, *ROUTE), ROUTE, strict=False):
        video = videos.claim_next(scene.database, old, "captiond", upload.LEASE)
        videos.advance(scene.database, video, new, "captiond", youtube_channel_id=youtube.CHANNEL_ID)
    drafted(scene, text)
    drafts.approve(scene.database, 1, "ann")
    return made.id


def drafted(scene, text):
    video = videos.claim_next(scene.database, VideoState.TRANSCRIBED, "captiond", upload.LEASE)
    drafts.make(scene.database, video, Captions("en", "whisper", "tiny", "netflix", text, 1, {}), "captiond")


def redrafted(scene, text):
    """A second revision, approved."""
    with scene.database.write() as session:
        work.move(session, scene.clock(), Video, 1, VideoState.DRAFTED, VideoState.DOWNLOADED, who="ann")
    video = videos.claim_next(scene.database, VideoState.DOWNLOADED, "captiond", upload.LEASE)
    videos.advance(scene.database, video, VideoState.TRANSCRIBED, "captiond")
    drafted(scene, text)
    drafts.approve(scene.database, 2, "ann")


def later(scene):
    scene.clock.passes(hours=1)
    scene.youtube.expire_tokens()


def texts(scene):
    return [track.text for track in scene.youtube.tracks.values()]


def inserts(scene):
    return scene.youtube.executed["captions.insert"]


def test_an_approved_draft_becomes_a_track_with_exactly_its_text(scene):
    approved(scene)
    assert upload.step(scene.context)
    draft = scene.draft()
    assert draft.state is DraftState.UPLOADED
    assert list(scene.youtube.tracks) == [draft.track_id]
    assert texts(scene) == [TEXT]
    assert scene.youtube.refusals == []
    assert not upload.step(scene.context)


def test_beside_an_automatic_track_of_youtube_ours_is_added(scene):
    video = approved(scene)
    scene.youtube.add_track(video, "en", OTHER, kind="ASR")
    upload.step(scene.context)
    assert sorted(texts(scene)) == sorted([TEXT, OTHER])


@pytest.mark.parametrize(("language", "name"), [("en", ""), ("en", "by hand"), ("en-GB", "")])
def test_a_human_track_is_left_alone_and_a_person_is_asked(scene, language, name):
    video = approved(scene)
    theirs = scene.youtube.add_track(video, language, OTHER, name=name).id
    upload.step(scene.context)
    draft = scene.draft()
    assert draft.state is DraftState.FAILED
    assert theirs in draft.reason
    assert "nothing was uploaded" in draft.reason
    assert texts(scene) == [OTHER]
    assert inserts(scene) == 0
    del scene.youtube.tracks[theirs]
    drafts.retry(scene.database, 1, "ann")
    upload.step(scene.context)
    assert texts(scene) == [TEXT]


@pytest.mark.parametrize("times", [1, 2])
def test_after_an_unclear_end_the_track_that_is_there_is_taken_for_ours(scene, times):
    """Cut once, httplib2 repeats the request by itself and hears of a conflict; cut twice, we hear of the cut."""
    approved(scene)
    scene.youtube.fault("captions.insert", "cut_after", times)
    upload.step(scene.context)
    assert (scene.draft().state, scene.draft().last_error_kind) == (DraftState.APPROVED, ErrorKind.LATER)
    later(scene)
    upload.step(scene.context)
    assert scene.draft().state is DraftState.UPLOADED
    assert list(scene.youtube.tracks) == [scene.draft().track_id]
    assert texts(scene) == [TEXT]


def test_after_an_unclear_end_a_track_with_another_text_is_not_ours(scene):
    video = approved(scene)
    scene.youtube.fault("captions.insert", "cut_before", 2)
    upload.step(scene.context)
    scene.youtube.add_track(video, "en", OTHER)
    later(scene)
    upload.step(scene.context)
    assert scene.draft().state is DraftState.FAILED
    assert texts(scene) == [OTHER]


def test_an_insert_that_was_not_done_is_done_later(scene):
    approved(scene)
    scene.youtube.fault("captions.insert", "cut_before", 2)
    upload.step(scene.context)
    assert texts(scene) == []
    later(scene)
    upload.step(scene.context)
    assert texts(scene) == [TEXT]


def test_a_newer_revision_takes_the_place_of_the_older_in_the_same_track(scene):
    approved(scene)
    upload.step(scene.context)
    newer = TEXT.replace("best", "very best")
    redrafted(scene, newer)
    upload.step(scene.context)
    assert texts(scene) == [newer]
    assert (scene.draft(1).state, scene.draft(2).state) == (DraftState.REPLACED, DraftState.UPLOADED)
    assert scene.draft(1).track_id == scene.draft(2).track_id


@pytest.mark.parametrize("operation", ["captions.list", "captions.insert"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("status", 408),
        ("status", 429),
        ("status", 500),
        ("status", 503),
        ("html", 200),
        ("html", 502),
        ("rateLimitExceeded", None),
    ],
)
def test_a_service_in_trouble_is_tried_again_later(scene, operation, kind, value):
    approved(scene)
    scene.youtube.fault(operation, kind, 1, value)
    upload.step(scene.context)
    draft = scene.draft()
    assert (draft.state, draft.last_error_kind, draft.attempts) == (DraftState.APPROVED, ErrorKind.LATER, 1)
    later(scene)
    upload.step(scene.context)
    assert texts(scene) == [TEXT]
    assert scene.draft().last_error is None


def test_no_connection_to_youtube_is_left_open(scene):
    approved(scene)
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ResourceWarning)
        upload.step(scene.context)
        gc.collect()
    assert texts(scene) == [TEXT]
    assert resource_warnings(warned) == []


def test_a_used_up_quota_waits_for_the_next_day_in_los_angeles_and_is_no_failure(scene):
    approved(scene)
    scene.youtube.fault("captions.insert", "quotaExceeded")
    upload.step(scene.context)
    draft = scene.draft()
    assert (draft.last_error_kind, draft.attempts) == (ErrorKind.WAIT, 0)
    assert draft.next_try_at.time() == next_reset(scene.clock()).time()


def test_our_own_bookkeeping_stops_before_the_quota_is_overdrawn(scene):
    approved(scene)
    quota.book(scene.database, upload_day(scene), "captions.insert", 9_600, 10_000)
    upload.step(scene.context)
    assert scene.draft().last_error_kind is ErrorKind.WAIT
    assert inserts(scene) == 0
    assert scene.draft().next_try_at == next_reset(scene.clock())


def upload_day(scene):
    from daemon.youtube.quota import day_of

    return day_of(scene.clock())


def test_what_is_booked_is_what_youtube_charges(scene):
    approved(scene)
    upload.step(scene.context)
    assert quota.used(scene.database, upload_day(scene)) == scene.youtube.quota.used == 450


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (lambda scene: scene.youtube.revoke(youtube.REFRESH_TOKEN), "log in again"),
        (lambda scene: scene.logs_out(), "nobody is logged in"),
        (lambda scene: scene.youtube.edit(next(iter(scene.youtube.videos)), channel_id=stranger(scene)), "forbidden"),
        (lambda scene: scene.youtube.remove(next(iter(scene.youtube.videos))), "videoNotFound"),
    ],
    ids=["revoked", "logged out", "another channel's", "deleted"],
)
def test_what_a_person_must_see_to_is_said_once_and_nothing_is_lost(scene, trouble, told):
    approved(scene)
    trouble(scene)
    upload.step(scene.context)
    assert scene.draft().state is DraftState.FAILED
    assert told in scene.draft().reason
    assert texts(scene) == []


def stranger(scene):
    return scene.youtube.add_channel("UC" + "x" * 22, "Somebody else", "@else").id


@pytest.mark.parametrize("empty", ["WEBVTT\n", "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<i> </i>\n"])
def test_an_empty_draft_is_not_uploaded_and_asks_for_a_decision(scene, empty):
    """The store does not let one without a cue be approved: this is the second look."""
    approved(scene, empty)
    upload.step(scene.context)
    assert scene.draft().state is DraftState.FAILED
    assert "an empty track is never uploaded: reject the draft" in scene.draft().reason
    assert texts(scene) == []
    assert not scene.youtube.requests["captions.list"]


def test_an_empty_revision_does_not_replace_a_track(scene):
    approved(scene)
    upload.step(scene.context)
    redrafted(scene, "WEBVTT\n")
    upload.step(scene.context)
    assert texts(scene) == [TEXT]
    assert (scene.draft(1).state, scene.draft(2).state) == (DraftState.UPLOADED, DraftState.FAILED)


def test_a_rejected_draft_is_never_uploaded(scene):
    approved(scene)
    upload.step(scene.context)
    redrafted(scene, OTHER)
    drafts.listing(scene.database)
    with scene.database.write() as session:
        work.move(session, scene.clock(), type(scene.draft()), 2, DraftState.APPROVED, DraftState.WAITING, who="ann")
    drafts.reject(scene.database, 2, "ann")
    assert not upload.step(scene.context)
    assert texts(scene) == [TEXT]
