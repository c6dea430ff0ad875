"""Transcribe and typeset, with the real engine in the warm child."""

import json
import os
import signal
import threading
import wave
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from captions import transcript
from daemon.errors import GiveUp
from daemon.stages import Watch, download, job_of, transcribe, typeset
from store import channels, drafts, terms, videos, work
from store.channels import NewVideo
from store.database import Database
from store.errors import Refused
from store.lifecycle import DraftState, ErrorKind, VideoState
from store.tables import ArtefactKind, Video
from tests.conftest import sample
from tests.machine import wait_for

LONG = sample("two_cities.wav")  # 44 s: while it is recognised, something may happen
SHORT = sample("beckett.wav")  # 10 s, where it does not matter which words it has


def downloaded(scene, sound=SHORT):
    """A video whose sound is on the disk."""
    made = scene.youtube.publish("A tale", sound)
    videos.request(scene.database, made.id, "ann")
    assert download.step(scene.context)


def redone(scene):
    """Take a drafted video back to where its sound is there."""
    with scene.database.write() as session:
        work.move(session, scene.clock(), Video, 1, VideoState.DRAFTED, VideoState.DOWNLOADED, who="ann")


def sound_path(scene):
    return next((scene.context.state / "audio").iterdir())


def words(scene):
    return videos.artefact(scene.database, 1, ArtefactKind.WORDS)


@pytest.fixture
def silence(tmp_path) -> Path:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 16_000 * 3))
    return path


def test_a_video_becomes_words_and_a_draft(scene):
    downloaded(scene, LONG)
    assert transcribe.step(scene.context)
    assert scene.video().state is VideoState.TRANSCRIBED
    heard = transcript.from_json((scene.context.state / words(scene).path).read_text())
    assert "it was the best of times" in heard.text.lower()
    assert typeset.step(scene.context)
    assert scene.video().state is VideoState.DRAFTED
    draft = scene.draft()
    assert (draft.state, draft.language, draft.revision, draft.engine) == (DraftState.WAITING, "en", 1, "whisper")
    assert draft.text.startswith("WEBVTT")
    assert draft.report["summary"]


def test_the_same_job_on_the_same_sound_is_not_done_twice(scene):
    downloaded(scene)
    transcribe.step(scene.context)
    typeset.step(scene.context)
    made = (scene.context.state / words(scene).path).stat().st_mtime_ns
    redone(scene)
    transcribe.step(scene.context)
    assert (scene.context.state / words(scene).path).stat().st_mtime_ns == made
    typeset.step(scene.context)
    assert [draft.revision for draft, _ in drafts.listing(scene.database, tuple(DraftState))] == [2, 1]
    assert scene.draft(1).state is DraftState.SUPERSEDED


def test_words_of_a_try_that_ended_before_the_store_knew_of_them_are_not_made_again(scene):
    downloaded(scene)
    transcribe.step(scene.context)
    with scene.database.write() as session:  # as if it had been killed between the file and the store
        session.delete(session.merge(words(scene)))
        work.move(session, scene.clock(), Video, 1, VideoState.TRANSCRIBED, VideoState.DOWNLOADED, who="test")
    scene.context.recogniser.close()
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.TRANSCRIBED
    assert scene.context.recogniser.pid is None


def test_damaged_words_are_made_again(scene):
    downloaded(scene)
    transcribe.step(scene.context)
    (scene.context.state / words(scene).path).write_text("half a fi")
    typeset.step(scene.context)
    assert scene.video().state is VideoState.DOWNLOADED
    transcribe.step(scene.context)
    typeset.step(scene.context)
    assert scene.video().state is VideoState.DRAFTED


def test_a_sound_that_is_gone_is_downloaded_again(scene):
    downloaded(scene)
    next((scene.context.state / "audio").iterdir()).unlink()
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.FOUND


def test_a_sound_that_was_damaged_on_the_disk_is_downloaded_again_and_not_given_up(scene):
    downloaded(scene)
    path = next((scene.context.state / "audio").iterdir())
    path.write_bytes(bytes(path.stat().st_size))
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.FOUND
    download.step(scene.context)
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.TRANSCRIBED


def test_a_setting_that_was_mended_counts_for_the_retry(scene):
    downloaded(scene)
    wrong = {**scene.video().job, "language": "sv"}
    with scene.database.write() as session:
        video = work.get(session, Video, 1)
        video.job = wrong
        session.add(video)
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.FAILED
    assert "does not know the language sv" in scene.video().reason
    videos.retry(scene.database, 1, "ann")
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.TRANSCRIBED


def test_a_store_that_is_locked_for_a_while_costs_no_work(scene):
    """The claim cannot be renewed while another program writes; the recognition goes on all the same."""
    downloaded(scene, LONG)
    impatient = Database(scene.database.url, busy_seconds=0.05, now=scene.clock)
    context = replace(scene.context, database=impatient)
    locked, over = threading.Event(), threading.Event()

    def lock_while_it_works():
        wait_for("progress", lambda: scene.video().progress is not None)
        with scene.database.write():
            locked.set()
            over.wait(3)

    locking = threading.Thread(target=lock_while_it_works)
    locking.start()
    video = videos.claim_next(impatient, VideoState.DOWNLOADED, "captiond#1", transcribe.LEASE)
    asked = transcribe.request(sound_path(scene), job_of(context, video), context.settings)
    spoken = transcribe._in_child(context, video, asked)
    assert locked.is_set()
    over.set()
    locking.join()
    impatient.close()
    assert "best of times" in spoken.text


def test_silence_gives_a_draft_that_says_so_and_cannot_be_approved(scene, silence):
    downloaded(scene, silence)
    transcribe.step(scene.context)
    typeset.step(scene.context)
    assert scene.draft().cues == 0
    with pytest.raises(Refused, match="has no cue"):
        drafts.approve(scene.database, 1, "ann")


def test_a_recording_that_cannot_be_decoded_is_skipped_with_the_reason(scene, tmp_path):
    text = tmp_path / "talk.wav"
    text.write_text("no sound at all" * 100)
    downloaded(scene, text)
    transcribe.step(scene.context)
    assert scene.video().state is VideoState.SKIPPED
    assert "no recording that can be decoded" in scene.video().reason


def test_a_child_that_dies_is_counted_and_the_video_tried_again(scene):
    downloaded(scene, LONG)
    with ThreadPoolExecutor(1) as pool:  # the work is done here: only this thread starts children
        killed = pool.submit(_kill_when_it_works, scene)
        assert transcribe.step(scene.context)
        killed.result()
    video = scene.video()
    assert (video.state, video.last_error_kind, video.attempts) == (VideoState.DOWNLOADED, ErrorKind.BUG, 1)
    assert "SIGKILL" in video.last_error
    scene.clock.passes(minutes=1)
    assert transcribe.step(scene.context)
    assert (scene.video().state, scene.video().attempts) == (VideoState.TRANSCRIBED, 0)


def _kill_when_it_works(scene):
    """Kill the warm child as soon as the store says that it reports progress."""
    for _ in range(3000):
        if scene.video().progress is not None and scene.context.recogniser.pid:
            os.kill(scene.context.recogniser.pid, signal.SIGKILL)
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never reported progress")


# ---- what people set meanwhile


def of_a_channel(scene, width=None, height=None, **settings):
    """A video that the feed of a channel brought, which has settings and a glossary of its own; its sound is here."""
    made = scene.youtube.publish("A tale", SHORT, width=width, height=height)
    channels.ask(scene.database, "@somebody", "ann")
    channels.found(scene.database, 1, "captiond", made.channel_id, "Some Channel")
    channels.change(scene.database, 1, "ann", settings)
    terms.add(scene.database, ["Dickens"], 1, "ann")
    terms.add(scene.database, ["Everywhere"], None, "ann")
    channel = channels.claim_due(scene.database, "captiond", transcribe.LEASE)
    new = NewVideo(made.id, made.title, None, None)
    channels.polled(scene.database, channel, "captiond", "", [new], scene.clock())
    assert download.step(scene.context)


def test_the_settings_and_terms_of_a_channel_shape_the_job_of_its_videos(scene):
    of_a_channel(scene, language="sv", engine="whisper", profile="netflix")
    asked = job_of(scene.context, scene.video())
    assert (asked.language, asked.engine, asked.profile) == ("sv", "whisper", "netflix")
    assert asked.terms == ("Dickens", "Everywhere")


@pytest.mark.parametrize(("own", "rules"), [({}, "shorts"), ({"profile": "bbc"}, "bbc")], ids=str)
def test_a_vertical_video_is_set_by_the_rules_for_it_unless_its_channel_has_its_own(scene, own, rules):
    of_a_channel(scene, width=1080, height=1920, limits={"lines": 1}, **own)
    assert transcribe.step(scene.context)
    assert typeset.step(scene.context)
    made = scene.draft()
    assert (made.profile, made.report["limits"]) == (rules, {"lines": 1})


def test_a_video_of_no_channel_expects_the_terms_of_all(scene):
    terms.add(scene.database, ["Everywhere"], None, "ann")
    downloaded(scene)
    assert job_of(scene.context, scene.video()).terms == ("Everywhere",)


def test_the_terms_of_when_it_was_taken_up_are_kept_with_the_video_and_later_ones_do_not_count(scene):
    of_a_channel(scene)
    terms.add(scene.database, ["Later"], None, "ann")
    transcribe.step(scene.context)
    assert scene.video().job["terms"] == ["Dickens", "Everywhere"]
    assert job_of(scene.context, scene.video()).terms == ("Dickens", "Everywhere")
    typeset.step(scene.context)
    assert scene.video().state is VideoState.DRAFTED


def test_the_terms_of_a_job_are_asked_of_the_child(scene):
    of_a_channel(scene)
    asked = job_of(scene.context, scene.video())
    message = transcribe.request(sound_path(scene), asked, scene.context.settings)
    assert json.loads(json.dumps(message))["terms"] == ["Dickens", "Everywhere"]


def test_what_is_known_of_a_video_is_asked_of_the_child(scene):
    of_a_channel(scene, speakers="2-4")
    message = json.loads(
        json.dumps(transcribe.request(sound_path(scene), job_of(scene.context, scene.video()), scene.context.settings))
    )
    assert (message["speakers"], message["context"]) == ([2, 4], scene.video().title)


def test_a_video_that_is_done_again_is_recognised_with_the_terms_of_now(scene):
    downloaded(scene)
    transcribe.step(scene.context)
    typeset.step(scene.context)
    first = words(scene)
    terms.add(scene.database, ["Charles Dickens"], None, "ann")
    videos.redo(scene.database, 1, "ann")
    transcribe.step(scene.context)
    typeset.step(scene.context)
    assert scene.video().job["terms"] == ["Charles Dickens"]
    assert words(scene).key != first.key
    assert [draft.state for draft, _ in drafts.listing(scene.database, tuple(DraftState))] == [
        DraftState.WAITING,
        DraftState.SUPERSEDED,
    ]


def test_an_engine_of_a_channel_that_there_is_not_any_more_asks_a_person(scene):
    of_a_channel(scene, engine="dictaphone")
    assert scene.video().state is VideoState.FAILED
    assert "there is no engine dictaphone: set another one for the channel" in scene.video().reason
    channels.change(scene.database, 1, "ann", {"engine": None})
    videos.retry(scene.database, 1, "ann")
    assert download.step(scene.context)
    assert scene.video().state is VideoState.DOWNLOADED


def test_a_watch_stops_the_work_on_a_video_that_somebody_cancelled(scene):
    downloaded(scene)
    video = videos.claim_next(scene.database, VideoState.DOWNLOADED, "captiond#1", transcribe.LEASE)
    Watch(scene.context, video)()
    videos.cancel(scene.database, video.id, "bob")
    with pytest.raises(GiveUp, match="cancelled by bob"):
        Watch(scene.context, video)()


def test_a_video_that_is_cancelled_while_it_is_recognised_is_skipped_and_taken_up_on_retry(scene):
    downloaded(scene, LONG)
    with ThreadPoolExecutor(1) as pool:
        cancelled = pool.submit(_cancel_when_it_works, scene)
        assert transcribe.step(scene.context)
        cancelled.result()
    assert (scene.video().state, scene.video().reason) == (VideoState.SKIPPED, "cancelled by bob")
    videos.retry(scene.database, 1, "ann")
    while scene.video().state is not VideoState.TRANSCRIBED:  # its sound was given up, and is fetched again
        assert transcribe.step(scene.context) or download.step(scene.context)
    assert scene.video().cancelled_by is None


def _cancel_when_it_works(scene):
    """The child stands still meanwhile: the parent looks every other second, and by then it could have ended."""
    wait_for("progress", lambda: scene.video().progress is not None)
    os.kill(scene.context.recogniser.pid, signal.SIGSTOP)
    videos.cancel(scene.database, 1, "bob")


def test_the_numbers_of_a_channel_are_in_the_job_of_its_videos(scene):
    of_a_channel(scene, limits={"lines": 1})
    assert scene.video().job["limits"] == {"lines": 1}
    assert job_of(scene.context, scene.video()).limits == {"lines": 1}
