"""Several videos at once: a real Whisper, which hears one, beside a loopback AssemblyAI, which hears what is set."""

import threading
from dataclasses import replace

import pytest

from daemon.errors import Interrupted
from daemon.settings import DaemonSettings
from daemon.slots import LOCAL, Slots
from daemon.stages import download, transcribe
from sandbox.assemblyai import API_KEY, AssemblyAI, make_app, running
from store import videos
from store.lifecycle import VideoState
from tests.conftest import sample
from tests.machine import wait_for

WORDS = [["Fail", 0.5, 0.9, "A"], ["better.", 1.0, 1.4, "A"]]


@pytest.fixture
def cloud():
    made = AssemblyAI()
    made.say(WORDS)
    made.set_pace(polls=10**6)  # a job is never ready
    return made


@pytest.fixture
def crowded(scene, cloud, monkeypatch):
    """Three videos for the cloud are downloaded, then one for Whisper; the cloud hears two at once."""
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", API_KEY)
    with running(make_app(cloud)) as url:
        for engine in ("assemblyai", "assemblyai", "assemblyai", "whisper"):
            values = scene.context.settings.model_dump(mode="json")
            values["speech"]["engine"] = engine
            values["engines"]["assemblyai"] |= {"base_url": url, "poll_seconds": 0.02, "at_once": 2}
            scene.context = replace(scene.context, settings=DaemonSettings.model_validate(values))
            made = scene.youtube.publish(f"A tale for {engine}", sample("beckett.wav"), duration=10.0)
            videos.request(scene.database, made.id, "ann")
            assert download.step(scene.context)
        yield scene


def state_of(scene, number):
    return videos.find(scene.database, str(number)).state


def test_a_wait_for_a_cloud_holds_up_no_other_engine_and_no_more_than_is_set_are_heard_at_once(crowded, cloud):
    context = crowded.context
    threads = [threading.Thread(target=transcribe.step, args=(context,)) for _ in range(2)]
    for number, thread in enumerate(threads, 1):
        thread.start()
        wait_for("submitted", lambda number=number: cloud.executed["transcript.create"] == number)
    assert transcribe.step(context), "Whisper's video overtakes the third one for the cloud"
    assert state_of(crowded, 4) is VideoState.TRANSCRIBED
    assert state_of(crowded, 3) is VideoState.DOWNLOADED
    assert not transcribe.step(context), "the cloud is busy, and nothing else is to do"
    assert cloud.executed["transcript.create"] == 2
    context.stopping.set()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive()
    assert [state_of(crowded, number) for number in (1, 2)] == [VideoState.DOWNLOADED] * 2


def test_as_many_recordings_are_heard_as_engines_have_slots():
    settings = DaemonSettings.model_validate({"engines": {"assemblyai": {"at_once": 2}, "gemini": {"at_once": 3}}})
    assert Slots(settings).total == 1 + 2 + 3


def test_all_engines_of_this_machine_share_one_slot():
    slots = Slots(DaemonSettings())
    with slots.taken("whisper", lambda: None):
        assert not slots.is_free("parakeet")
        assert not slots.is_free(LOCAL)
        assert slots.is_free("gemini")
    assert slots.is_free("parakeet")


def test_who_waits_for_a_slot_hears_that_the_daemon_stops():
    def stopped():
        raise Interrupted("the daemon stops")

    slots = Slots(DaemonSettings())
    with slots.taken("whisper", stopped), pytest.raises(Interrupted), slots.taken("fireredasr", stopped):
        pass
    assert slots.is_free("whisper")
