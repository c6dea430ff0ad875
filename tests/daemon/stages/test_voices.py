"""Who speaks, from a downloaded video to its draft: a real pyannote in its child, where there are weights for it."""

import importlib.util
import re
from dataclasses import replace

import pytest

from captions import transcript
from daemon.settings import DaemonSettings
from daemon.stages import discover, download, transcribe, typeset
from sandbox import assemblyai, youtube
from store import drafts, services, speakers, videos
from store.lifecycle import VideoState
from store.tables import ArtefactKind, Subject, Verdict
from tests.conftest import sample
from tests.daemon.stages.conftest import DIALOGUE, PIPELINE

has_weights = pytest.mark.skipif(
    not (PIPELINE.is_dir() and DIALOGUE.is_file() and importlib.util.find_spec("pyannote")),
    reason="no pipeline that tells voices apart is here",
)


def tells_voices_apart(scene, **voices):
    values = scene.context.settings.model_dump(mode="json")
    values["speech"]["voices"] |= {"on": True, "model": str(PIPELINE), "device": "cpu", **voices}
    values["speech"]["identity"] |= {"sure": 0.86, "unsure": 0.72}  # as bench/identity.py finds them for it
    scene.context = replace(scene.context, settings=DaemonSettings.model_validate(values))


def downloads(scene, sound, **voices):
    tells_voices_apart(scene, **voices)
    made = scene.youtube.publish("A talk", sound, duration=30.0)
    videos.request(scene.database, made.id, "ann")
    assert download.step(scene.context)


def transcribes(scene):
    assert transcribe.step(scene.context)
    assert scene.video().state is VideoState.TRANSCRIBED, scene.video().last_error
    found = videos.artefact(scene.database, 1, ArtefactKind.WORDS)
    return transcript.from_json((scene.context.state / found.path).read_text())


def events(scene, what):
    return [one.why for one in services.events(scene.database, Subject.VIDEO, 1) if one.what == what]


@pytest.mark.parametrize(
    ("model", "why"),
    [
        ("/nowhere/pipeline", "there is no model folder /nowhere/pipeline"),
        ("pyannote/speaker-diarization-community-1", "could not be fetched"),
    ],
)
def test_where_voices_cannot_be_told_apart_the_draft_is_made_without_and_it_is_said_why(scene, model, why):
    downloads(scene, sample("beckett.wav"), model=model)
    spoken = transcribes(scene)
    assert "fail better" in spoken.text.lower()
    assert {word.speaker for word in spoken.words} == {None}
    (told,) = events(scene, "no speakers")
    assert why in told or "pyannote.audio is not installed" in told


def test_where_voices_are_not_to_be_told_apart_nothing_is_asked(scene):
    downloads(scene, sample("beckett.wav"), on=False)
    transcribes(scene)
    assert scene.context.voices.asked == 0
    assert events(scene, "no speakers") == []


@has_weights
def test_two_who_talk_are_told_apart_and_who_was_named_and_approved_is_known_in_the_next_video(scene):
    tells_voices_apart(scene)
    scene.asks(youtube.CHANNEL_ID)
    assert discover.step(scene.context)  # the channel is found
    first = drafted(scene, "The first talk")
    assert {speaker for _, speaker in heard(scene, first)} == {None}
    assert {"A", "B"} == set(re.findall("<v (.)>", scene.draft(1).text))
    assert events(scene, "no speakers") == []
    scene.captiond_says_that_its_login_covers(youtube.CHANNEL_ID)
    speakers.name(scene.database, first, "A", "Ada", "ann")
    drafts.approve(scene.database, 1, "ann")
    second = drafted(scene, "The second talk")
    told = {voice.label: (voice.verdict, speaker and speaker.name) for voice, speaker in heard(scene, second)}
    assert told == {"A": (Verdict.RECOGNISED, "Ada"), "B": (Verdict.UNKNOWN, None)}
    assert "<v Ada>" in scene.draft(2).text
    assert "<v B>" in scene.draft(2).text


@has_weights
def test_beside_a_cloud_engine_voices_are_told_apart_while_its_answer_is_waited_for(scene, monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", assemblyai.API_KEY)
    patience = iter(range(3000))  # looks at a job, at 50 a second
    there = []

    def now():
        """Time stands still until voices are told apart."""
        there.append(len(scene.context.remembered) > 0)
        return 60.0 if there[-1] or next(patience, None) is None else 0.0

    cloud = assemblyai.AssemblyAI(now)
    cloud.set_pace(polls=0, seconds=30.0)
    cloud.say([["Hello", 8.0, 8.4, None], ["there.", 14.0, 14.4, None]])
    with assemblyai.running(assemblyai.make_app(cloud)) as url:
        downloads(scene, DIALOGUE)
        asks_assemblyai(scene, url)
        spoken = transcribes(scene)
    assert there[-1]
    assert [word.text for word in spoken.words] == ["Hello", "there."]
    assert all(word.speaker for word in spoken.words)


def asks_assemblyai(scene, url):
    values = scene.context.settings.model_dump(mode="json")
    values["speech"]["engine"] = "assemblyai"
    values["engines"]["assemblyai"] |= {"base_url": url, "poll_seconds": 0.02, "speaker_labels": False}
    scene.context = replace(scene.context, settings=DaemonSettings.model_validate(values))
    with scene.database.write() as session:  # which engine it is was set when it was downloaded
        video = session.get(type(scene.video()), 1)
        video.job = None
        session.add(video)


def heard(scene, video):
    return speakers.of_video(scene.database, video.id)


def drafted(scene, title):
    """The newest video of the channel, all the way to its draft."""
    scene.clock.passes(hours=7)
    made = scene.youtube.publish(title, DIALOGUE)
    assert discover.step(scene.context)
    for step in (download.step, transcribe.step, typeset.step):
        assert step(scene.context)
    found = next(one for one in videos.queue(scene.database, everything=True) if one.youtube_id == made.id)
    assert found.state is VideoState.DRAFTED, found.last_error
    return found
