"""What is done to words after an engine heard them: real times by a real Whisper, another engine beside the first."""

import statistics
from dataclasses import replace

import pytest

from captions import transcript
from daemon.settings import DaemonSettings
from daemon.speech.audio import decode
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.whisper import Options
from daemon.stages import download, transcribe, typeset
from sandbox import assemblyai, gemini
from store import drafts, services, spending, videos
from store.lifecycle import VideoState
from store.tables import ArtefactKind, Subject
from tests.conftest import sample, whisper_tiny

TALE = sample("two_cities.wav")
GENERAL = "gemini-3.8-flash"


@pytest.fixture(scope="module")
def heard():
    """The words of TALE as Whisper hears them, with its times."""
    options = Options(model=str(whisper_tiny()), device="cpu", compute_type="int8", beam_size=1, threads=2)
    engine = ENGINES["whisper"].load(options.model_dump(mode="json"))
    return engine.transcribe(decode(TALE), Request("en"), lambda _fraction: None).words


class Refined:
    """A downloaded video, two clouds, and what config.toml says of them."""

    def __init__(self, scene, heard, clouds, urls):
        self.scene, self.heard, self.clouds, self._urls = scene, heard, clouds, urls
        made = scene.youtube.publish("A tale", TALE, duration=44.4)
        videos.request(scene.database, made.id, "ann")
        assert download.step(scene.context)
        with scene.database.write() as session:  # the settings of each test are set later
            video = session.get(type(scene.video()), 1)
            video.job = None
            session.add(video)

    def sets(self, engine, align=None, **router):
        values = self.scene.context.settings.model_dump(mode="json")
        values["speech"] |= {"engine": engine, "language": "en", "align": align or {}}
        values["engines"]["assemblyai"] |= {"base_url": self._urls["assemblyai"], "poll_seconds": 0.02}
        values["engines"]["gemini"] |= {"base_url": self._urls["gemini"], "model": GENERAL, "diarization": False}
        values["router"] |= router
        self.scene.context = replace(self.scene.context, settings=DaemonSettings.model_validate(values))

    def transcribes(self):
        assert transcribe.step(self.scene.context)
        assert self.scene.video().state is VideoState.TRANSCRIBED, self.scene.video().last_error
        found = videos.artefact(self.scene.database, 1, ArtefactKind.WORDS)
        return transcript.from_json((self.scene.context.state / found.path).read_text())

    def notes(self):
        """Those that the draft shows."""
        assert typeset.step(self.scene.context)
        newest, _ = drafts.find(self.scene.database, self.scene.video().youtube_id)
        return newest.report.get("extras", {}).get("notes", [])

    def events(self, what):
        return [one.why for one in services.events(self.scene.database, Subject.VIDEO, 1) if one.what == what]


@pytest.fixture
def refined(scene, heard, monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", assemblyai.API_KEY)
    monkeypatch.setenv("GEMINI_API_KEY", gemini.API_KEY)
    clouds = {"assemblyai": assemblyai.AssemblyAI(), "gemini": gemini.Gemini()}
    clouds["gemini"].set_processing(polls=0)
    said = [[word.text, word.start, word.end, "A"] for word in heard]
    for cloud in clouds.values():
        cloud.say(said)
    first, second = assemblyai.make_app(clouds["assemblyai"]), gemini.make_app(clouds["gemini"])
    with assemblyai.running(first) as one, gemini.running(second) as other:
        yield Refined(scene, heard, clouds, {"assemblyai": one, "gemini": other})


def distance(spoken, heard):
    """Median of what beginnings differ by, in seconds."""
    assert [word.text for word in spoken.words] == [word.text for word in heard]
    return statistics.median(abs(one.start - other.start) for one, other in zip(spoken.words, heard, strict=True))


# ---- times


def test_words_with_approximate_times_get_those_at_which_they_are_said(refined):
    refined.sets("gemini", align={"words": "never"})
    rough = refined.transcribes()
    assert rough.approximate
    assert refined.notes()[0].startswith("The times of words are approximate")
    videos.redo(refined.scene.database, 1, "ann")
    refined.sets("gemini")
    spoken = refined.transcribes()
    assert spoken.approximate == ""
    assert refined.notes() == []
    assert distance(spoken, refined.heard) < distance(rough, refined.heard)
    assert len(refined.clouds["gemini"].generations) == 1, "what was paid for once is not asked for again"


def test_an_engine_with_times_of_its_own_is_left_as_it_is_unless_it_is_wished(refined):
    refined.sets("assemblyai")
    spoken = refined.transcribes()
    assert distance(spoken, refined.heard) < 0.002  # it tells milliseconds
    assert typeset.step(refined.scene.context)
    videos.redo(refined.scene.database, 1, "ann")
    refined.sets("assemblyai", align={"words": "always"})
    aligned = refined.transcribes()
    assert 0.002 < distance(aligned, refined.heard) < 0.15
    assert [word.confidence for word in aligned.words] == [word.confidence for word in spoken.words]


@pytest.mark.parametrize(
    ("align", "why"),
    [
        ({"model": "/nowhere/whisper"}, "there is no model folder /nowhere/whisper"),
        ({"model": "small"}, "the model small could not be fetched"),
    ],
)
def test_where_there_is_no_model_for_it_the_words_stay_and_it_is_noted(refined, align, why):
    refined.sets("gemini", align=align)
    assert refined.transcribes().approximate
    assert any(why in one for one in refined.events("not aligned"))
    assert refined.notes()[0].startswith("The times of words are approximate")


def test_nothing_is_fetched_for_it_unless_its_own_model_is_named(refined):
    values = refined.scene.context.settings.model_dump(mode="json")
    values["engines"]["whisper"]["model"] = "small"
    refined.scene.context = replace(refined.scene.context, settings=DaemonSettings.model_validate(values))
    refined.sets("gemini")
    assert refined.transcribes().approximate
    (why,) = refined.events("not aligned")
    assert why == "the model small is not on this machine: to fetch it, set [daemon.speech.align] model"


def test_where_nothing_is_said_nothing_is_looked_for(refined):
    refined.clouds["assemblyai"].say([])
    refined.sets("assemblyai", align={"words": "always", "model": "/nowhere"}, second="gemini")
    assert refined.transcribes().words == ()
    assert refined.events("not aligned") == refined.events("not compared") == []


# ---- another engine


def test_words_that_a_second_engine_hears_otherwise_are_told_as_doubtful(refined):
    said = [[word.text, word.start, word.end, "A"] for word in refined.heard]
    said[3][0], said[20][0] = "wurst", "Tymes"
    refined.clouds["assemblyai"].say(said)
    refined.sets("assemblyai", second="whisper")
    spoken = refined.transcribes()
    doubted = [word.text for word in spoken.words if word.confidence < 0.5]
    assert {"wurst", "Tymes"} <= set(doubted)
    assert len(doubted) <= 6, "it hears the rest as well as before, but for a few words"
    assert typeset.step(refined.scene.context)
    assert {"wurst", "Tymes"} <= {one["text"] for one in refined.scene.draft().report["doubtful"]}
    assert refined.scene.draft().engine == "assemblyai"


def test_a_second_engine_in_a_cloud_is_paid_once_and_booked(refined):
    refined.sets("whisper", second="assemblyai")
    refined.transcribes()
    now = refined.scene.database.now()
    assert list(spending.spent(refined.scene.database, spending.month_of(now), now)) == ["assemblyai"]
    assert refined.clouds["assemblyai"].executed["transcript.create"] == 1


def test_what_is_for_this_machine_alone_is_not_compared_in_a_cloud(refined):
    refined.sets("whisper", second="assemblyai", local_only=True)
    refined.transcribes()
    (why,) = refined.events("not compared")
    assert why == "assemblyai: it is in a cloud, and the sound may not leave this machine"
    assert refined.clouds["assemblyai"].requests.total() == 0


def test_a_second_engine_that_would_cost_too_much_is_left_out(refined):
    refined.sets("whisper", second="assemblyai", monthly_limit=0.0)
    refined.transcribes()
    assert "is left this month" in refined.events("not compared")[0]


def test_a_second_engine_that_fails_costs_no_words(refined):
    refined.clouds["assemblyai"].fault("upload", "status", times=None, value=503)
    refined.sets("whisper", second="assemblyai")
    assert len(refined.transcribes().words) > 100
    assert len(refined.events("not compared")) == 1
