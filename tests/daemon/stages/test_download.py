"""Download, with the real yt-dlp in its child, from the loopback YouTube."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from daemon.stages import download, transcribe
from store import videos, work
from store.lifecycle import ErrorKind, VideoState
from store.tables import ArtefactKind, Video
from tests.conftest import sample

SOUND = sample("beckett.wav")


def published(scene, **about):
    """A published video that a person asked for."""
    made = scene.youtube.publish("A tale", SOUND, **about)
    videos.request(scene.database, made.id, "ann")
    return made.id


def files(scene):
    return sorted(path.name for path in (scene.context.state / "audio").glob("*"))


def test_the_sound_is_kept_as_it_is_and_the_video_moves_on(scene):
    video_id = published(scene, duration=12.5)
    assert download.step(scene.context)
    video, sound = scene.video(), videos.artefact(scene.database, 1, ArtefactKind.SOUND)
    assert (video.state, video.title, video.seconds) == (VideoState.DOWNLOADED, "A tale", 12.5)
    assert (scene.context.state / sound.path).read_bytes() == SOUND.read_bytes()
    assert files(scene) == [f"{video_id}.wav"]


def test_what_the_video_says_of_itself_is_kept_for_the_engine(scene):
    published(scene, description="With Ada\x1b[31m and Grace.\n\n\nThanks!" + "x" * 5000)
    download.step(scene.context)
    video = scene.video()
    assert video.description.startswith("With Ada and Grace.\nThanks!")
    assert len(video.description) == 2000
    assert video.job["context"].startswith("A tale\nWith Ada and Grace.")
    assert len(video.job["context"]) == 2000


def test_a_description_that_was_changed_since_does_not_change_the_job(scene):
    video_id = published(scene, description="With Ada.")
    download.step(scene.context)
    (scene.context.state / "audio" / f"{video_id}.wav").unlink()
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.FOUND
    scene.youtube.edit(video_id, description="With Grace.")
    download.step(scene.context)
    assert (scene.video().state, scene.video().job["context"]) == (VideoState.DOWNLOADED, "A tale\nWith Ada.")


def test_where_the_first_try_failed_the_job_still_learns_what_the_video_is_about(scene):
    published(scene, description="With Ada.")
    scene.youtube.fault("media", "cut_at", 8, 100_000)
    download.step(scene.context)
    assert scene.video().state is VideoState.FOUND
    scene.youtube.faults.clear()
    scene.clock.passes(hours=1)
    download.step(scene.context)
    assert scene.video().job["context"] == "A tale\nWith Ada."


@pytest.mark.parametrize(("error", "language"), [("drm", "de"), ("bot", None)])
def test_a_retry_repeats_the_same_job_unless_a_person_had_to_mend_something(scene, error, language):
    published(scene, error=error)
    download.step(scene.context)
    asked = scene.video().job
    assert asked["engine"] == "whisper"
    with scene.database.write() as session:  # as if the settings had been others then
        video = work.get(session, Video, 1)
        video.job = {**asked, "language": "de"}
        session.add(video)
    scene.youtube.edit(scene.video().youtube_id, error=None)
    videos.retry(scene.database, 1, "ann")
    download.step(scene.context)
    assert scene.video().job["language"] == language


def test_a_download_that_is_cut_goes_on_where_it_ended(scene):
    published(scene)
    scene.youtube.fault("media", "cut_at", 8, 100_000)  # the probe, the download, and yt-dlp's own tries
    download.step(scene.context)
    video = scene.video()
    assert (video.state, video.last_error_kind, video.attempts) == (VideoState.FOUND, ErrorKind.LATER, 1)
    assert [name for name in files(scene) if name.endswith(".part")]
    scene.youtube.faults.clear()
    served = scene.youtube.requests["media"]
    scene.clock.passes(hours=1)
    download.step(scene.context)
    assert scene.video().state is VideoState.DOWNLOADED
    assert scene.youtube.requests["media"] > served
    sound = videos.artefact(scene.database, 1, ArtefactKind.SOUND)
    assert (scene.context.state / sound.path).read_bytes() == SOUND.read_bytes()


def test_a_premiere_waits_for_its_start_and_is_no_failure(scene):
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    published(scene, live_status="is_upcoming", release_timestamp=int(start.timestamp()))
    download.step(scene.context)
    video = scene.video()
    assert (video.state, video.last_error_kind, video.attempts) == (VideoState.FOUND, ErrorKind.WAIT, 0)
    assert video.next_try_at == start + timedelta(minutes=10)
    assert video.last_error == "it is a premiere that has not begun"


@pytest.mark.parametrize("status", ["is_live", "post_live"])
def test_a_live_stream_waits_until_it_has_ended(scene, status):
    published(scene, live_status=status)
    download.step(scene.context)
    assert (scene.video().state, scene.video().last_error_kind) == (VideoState.FOUND, ErrorKind.WAIT)


def test_a_stream_that_has_ended_is_downloaded(scene):
    published(scene, live_status="was_live")
    download.step(scene.context)
    assert scene.video().state is VideoState.DOWNLOADED


@pytest.mark.parametrize(
    ("error", "state", "told"),
    [
        ("bot", VideoState.FAILED, "cookies_file"),
        ("private", VideoState.FAILED, "signed-in viewer"),
        ("members", VideoState.FAILED, "signed-in viewer"),
        ("age", VideoState.FAILED, "signed-in viewer"),
        ("geo", VideoState.FAILED, "country"),
        ("removed", VideoState.SKIPPED, "removed by the uploader"),
        ("terminated", VideoState.SKIPPED, "terminated"),
        ("drm", VideoState.SKIPPED, "DRM"),
        ("processing", VideoState.FOUND, "processing"),
        ("rate_limited", VideoState.FOUND, "rate-limited"),
    ],
)
def test_each_reason_of_youtube_has_its_answer(scene, error, state, told):
    published(scene, error=error)
    download.step(scene.context)
    video = scene.video()
    assert video.state is state
    assert told in video.last_error
    assert "\n" not in video.last_error


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_a_refusal_of_the_media_server_is_tried_again(scene, status):
    published(scene)
    scene.youtube.fault("media", "status", None, status)
    download.step(scene.context)
    assert (scene.video().state, scene.video().last_error_kind) == (VideoState.FOUND, ErrorKind.LATER)
    assert scene.video().next_try_at > scene.clock()


def test_the_owners_cookies_are_only_read(scene, tmp_path):
    cookies = tmp_path / "cookies.txt"
    cookies.write_text("# Netscape HTTP Cookie File\n# of mine\n")
    youtube = scene.context.settings.youtube.model_copy(update={"cookies_file": str(cookies)})
    settings = scene.context.settings.model_copy(update={"youtube": youtube})
    published(scene)
    download.step(replace(scene.context, settings=settings))
    assert scene.video().state is VideoState.DOWNLOADED
    assert cookies.read_text() == "# Netscape HTTP Cookie File\n# of mine\n"


def test_a_cancelled_video_is_skipped_and_says_who_did_it(scene):
    published(scene)
    with scene.database.write() as session:
        video = work.get(session, Video, 1)
        video.cancelled_by = "discord:ann"
        session.add(video)
    download.step(scene.context)
    assert (scene.video().state, scene.video().reason) == (VideoState.SKIPPED, "cancelled by discord:ann")


def test_a_daemon_that_stops_gives_the_video_back_uncounted(scene):
    published(scene)
    scene.context.stopping.set()
    download.step(scene.context)
    video = scene.video()
    assert (video.state, video.claimed_by, video.attempts, video.next_try_at) == (VideoState.FOUND, None, 0, None)


def test_a_hostile_title_arrives_as_one_plain_line(scene):
    made = scene.youtube.publish("Red \x1b[31m\nalert @everyone " + "x" * 5000, SOUND)
    videos.request(scene.database, made.id, "ann")
    download.step(scene.context)
    title = scene.video().title
    assert title.startswith("Red ")
    assert title.isprintable()
    assert len(title) <= 200


# ---- the shape of the picture


@pytest.mark.parametrize(("size", "vertical"), [((1080, 1920), True), ((1920, 1080), False), ((None, None), None)])
def test_it_is_known_whether_the_video_is_vertical(scene, size, vertical):
    published(scene, width=size[0], height=size[1])
    assert download.step(scene.context)
    assert scene.video().is_vertical is vertical
