"""A video's engines, one after the other: a real Whisper in its child, a loopback AssemblyAI, a real store."""

import sys
import threading
from dataclasses import replace

import pytest

from captions import transcript
from daemon import job
from daemon.settings import DaemonSettings
from daemon.speech.worker import Worker
from daemon.stages import download, job_of, transcribe, typeset
from sandbox.assemblyai import API_KEY, AssemblyAI, make_app, running
from store import services, spending, videos
from store.lifecycle import ErrorKind, VideoState
from store.tables import ArtefactKind, Subject
from tests.conftest import sample
from tests.machine import wait_for

WORDS = [["Fail", 0.5, 0.9, "A"], ["better.", 1.0, 1.4, "A"]]


class Engines:
    """A scene with a cloud beside it, and what config.toml says of both."""

    def __init__(self, scene, cloud, url, monkeypatch):
        self.scene, self.cloud, self._url = scene, cloud, url
        self._monkeypatch = monkeypatch
        cloud.say(WORDS)
        self.key(API_KEY)
        self.sets(engine="assemblyai")

    def key(self, value):
        self._monkeypatch.setenv("ASSEMBLYAI_API_KEY", value)

    def sets(self, engine, price=0.21, **router):
        values = self.scene.context.settings.model_dump(mode="json")
        values["speech"]["engine"] = engine
        values["engines"]["assemblyai"] |= {"base_url": self._url, "poll_seconds": 0.02, "price_per_hour": price}
        values["router"] |= router
        self.scene.context = replace(self.scene.context, settings=DaemonSettings.model_validate(values))

    def downloads(self, sound="beckett.wav"):
        made = self.scene.youtube.publish("A tale", sample(sound), duration=10.0)
        videos.request(self.scene.database, made.id, "ann")
        assert download.step(self.scene.context)

    def transcribes(self):
        assert transcribe.step(self.scene.context)
        return self.scene.video()

    @property
    def events(self):
        found = services.events(self.scene.database, Subject.VIDEO, 1)
        return [
            (event.what, event.why.partition(":")[0]) for event in found if event.what in ("routed", "engine failed")
        ]

    @property
    def spoken(self):
        found = videos.artefact(self.scene.database, 1, ArtefactKind.WORDS)
        return transcript.from_json((self.scene.context.state / found.path).read_text())

    @property
    def spent(self):
        now = self.scene.database.now()
        return spending.spent(self.scene.database, spending.month_of(now), now)


@pytest.fixture
def engines(scene, monkeypatch):
    cloud = AssemblyAI()
    with running(make_app(cloud)) as url:
        made = Engines(scene, cloud, url, monkeypatch)
        made.downloads()
        yield made


def test_a_cloud_engine_makes_the_words_and_the_draft_says_so(engines):
    assert engines.transcribes().state is VideoState.TRANSCRIBED
    assert (engines.spoken.engine, engines.spoken.text) == ("assemblyai", "Fail better.")
    assert typeset.step(engines.scene.context)
    draft = engines.scene.draft()
    assert (draft.engine, draft.model) == ("assemblyai", "universal-3-5-pro")
    assert "Fail better." in draft.text
    assert engines.events == [("routed", "assemblyai")]


def test_where_an_engine_fails_the_next_one_is_tried_and_both_are_told(engines):
    engines.key("a-wrong-one")
    engines.sets(engine="assemblyai", fallbacks=["whisper"])
    assert engines.transcribes().state is VideoState.TRANSCRIBED
    assert engines.spoken.engine == "whisper"
    assert "fail better" in engines.spoken.text.lower()
    assert engines.events == [("routed", "assemblyai"), ("engine failed", "assemblyai"), ("routed", "whisper")]
    assert engines.spent == {}
    assert typeset.step(engines.scene.context), "the words are found by the job that made them"
    assert engines.scene.draft().engine == "whisper"


def test_where_none_can_a_person_is_told_of_what_they_can_mend(engines):
    engines.key("a-wrong-one")
    video = engines.transcribes()
    assert (video.state, video.last_error_kind) == (VideoState.FAILED, ErrorKind.PERSON)
    assert "captiond secret set assemblyai-api-key" in video.reason


def test_where_the_service_is_in_trouble_it_is_tried_later(engines):
    engines.cloud.fault("upload", "status", times=None, value=503)
    video = engines.transcribes()
    assert (video.state, video.last_error_kind) == (VideoState.DOWNLOADED, ErrorKind.LATER)
    assert engines.spent == {}, "what the service did not take costs nothing"


def test_a_sound_that_is_damaged_is_no_engines_fault(engines):
    engines.sets(engine="assemblyai", fallbacks=["whisper"])
    path = next((engines.scene.context.state / "audio").iterdir())
    path.write_bytes(bytes(path.stat().st_size))
    assert engines.transcribes().state is VideoState.FOUND
    assert engines.events == [("routed", "assemblyai")]
    assert engines.cloud.requests.total() == 0


def test_what_is_for_this_machine_alone_never_leaves_it(engines):
    engines.sets(engine="assemblyai", fallbacks=["assemblyai", "whisper"], local_only=True)
    assert engines.transcribes().state is VideoState.TRANSCRIBED
    assert engines.spoken.engine == "whisper"
    assert engines.cloud.requests.total() == 0


def test_where_only_a_cloud_is_set_and_nothing_may_leave_a_person_is_told(engines):
    engines.sets(engine="assemblyai", local_only=True)
    video = engines.transcribes()
    assert video.state is VideoState.FAILED
    assert "the sound may not leave this machine" in video.reason
    assert engines.cloud.requests.total() == 0


def test_what_would_cost_too_much_is_done_by_another(engines):
    engines.sets(engine="assemblyai", price=1000.0, fallbacks=["whisper"], monthly_limit=1.0)
    engines.transcribes()
    assert engines.spoken.engine == "whisper"
    assert engines.events == [("routed", "whisper")]


def test_paid_work_that_is_interrupted_is_asked_for_again_and_paid_once(engines):
    """As a daemon that is ended while the service works: the receipt is in the store by then."""
    engines.cloud.set_pace(seconds=3)
    context = engines.scene.context
    worker = threading.Thread(target=lambda: transcribe.step(context))
    worker.start()
    wait_for("polling", lambda: engines.cloud.requests["transcript.get"] > 2)
    context.stopping.set()
    worker.join(timeout=10)
    assert not worker.is_alive()
    context.stopping.clear()
    assert engines.scene.video().state is VideoState.DOWNLOADED
    engines.transcribes()
    assert engines.spoken.text == "Fail better."
    assert (engines.cloud.executed["transcript.create"], engines.cloud.executed["upload"]) == (1, 1)
    assert list(engines.spent) == ["assemblyai"]
    assert engines.spent["assemblyai"] == pytest.approx(0.21 * engines.scene.video().seconds / 3600)


def test_a_cancelled_video_tries_no_other_engine(engines):
    engines.sets(engine="assemblyai", fallbacks=["whisper"])
    engines.cloud.set_pace(polls=10**6)
    worker = threading.Thread(target=lambda: transcribe.step(engines.scene.context))
    worker.start()
    wait_for("polling", lambda: engines.cloud.requests["transcript.get"] > 2)
    videos.cancel(engines.scene.database, 1, "bob")
    worker.join(timeout=20)
    video = engines.scene.video()
    assert (video.state, video.reason) == (VideoState.SKIPPED, "cancelled by bob")
    assert engines.events == [("routed", "assemblyai")]


def test_no_local_engine_opens_a_connection(engines):
    """All that a process connects to is told to Python's audit hooks; the worker runs in this one here."""
    asked = job.by("whisper", job_of(engines.scene.context, engines.scene.video()), engines.scene.context.settings)
    message = transcribe.request(
        next((engines.scene.context.state / "audio").iterdir()), asked, engines.scene.context.settings
    )
    with connections() as made:
        Worker().handle(message, lambda *_: None)
    assert made == []


class connections:  # noqa: N801 used as a function
    """The addresses that this thread connects to within the block. An audit hook stays; this one then does nothing."""

    def __enter__(self):
        self._made, self._on, thread = [], True, threading.get_ident()

        def hook(event, arguments):
            if self._on and event == "socket.connect" and threading.get_ident() == thread:
                self._made.append(arguments[1])

        sys.addaudithook(hook)
        return self._made

    def __exit__(self, *_):
        self._on = False
