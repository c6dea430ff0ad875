"""What voices feel, from a downloaded video to its draft: a real classifier in the voices' child."""

import importlib.util
import re
from dataclasses import replace

import pytest

from bot.card import card
from captions import transcript
from captions.transcript import EmotionSpan, Transcript, Word
from daemon.job import Style
from daemon.settings import DaemonSettings
from daemon.stages import download, transcribe, typeset
from store import announcements, services, videos
from store.lifecycle import VideoState
from store.tables import ArtefactKind, Subject
from tests.conftest import sample
from tests.daemon.speech.emotion.feelings import trained
from tests.daemon.stages.conftest import DIALOGUE, PIPELINE
from tests.daemon.stages.test_voices import has_weights

TALE = sample("beckett.wav")
OFF = {"on": False}

has_extra = pytest.mark.skipif(not importlib.util.find_spec("librosa"), reason="the extra voices is not installed")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("trained") / "model")


def own(model, **more):
    return {"on": True, "engine": "classifier", "model": str(model), "device": "cpu", **more}


def downloads(scene, emotion, sound=TALE, voices=None):
    values = scene.context.settings.model_dump(mode="json")
    values["speech"]["emotion"] |= emotion
    values["speech"]["voices"] |= voices or {}
    scene.context = replace(scene.context, settings=DaemonSettings.model_validate(values))
    made = scene.youtube.publish("A tale", sound)
    videos.request(scene.database, made.id, "ann")
    assert download.step(scene.context)


def drafts(scene):
    """The words that are made, as they lie on the disk, and the draft."""
    assert transcribe.step(scene.context)
    assert scene.video().state is VideoState.TRANSCRIBED, scene.video().last_error
    key = videos.artefact(scene.database, 1, ArtefactKind.WORDS)
    words = transcript.from_json((scene.context.state / key.path).read_text())
    assert typeset.step(scene.context)
    return words, scene.draft()


def events(scene, what):
    return [one.why for one in services.events(scene.database, Subject.VIDEO, 1) if one.what == what]


def again(scene, emotion):
    """The same video, taken up anew by other settings."""
    values = scene.context.settings.model_dump(mode="json")
    values["speech"]["emotion"] = emotion
    scene.context = replace(scene.context, settings=DaemonSettings.model_validate(values))
    videos.redo(scene.database, 1, "ann")
    assert transcribe.step(scene.context)
    assert typeset.step(scene.context)
    return scene.draft(2)


@has_extra
def test_a_draft_tells_what_its_voice_feels_and_its_captions_stay_as_they_are(scene, model):
    downloads(scene, OFF)
    plain, before = drafts(scene)
    assert (plain.emotions, "emotions" in before.report) == ((), False)
    assert scene.context.voices.asked == 0
    after = again(scene, own(model))
    assert events(scene, "no emotions") == []
    assert (after.text, after.report["summary"]) == (before.text, before.report["summary"])
    (told,) = after.report["emotions"]["voice"]
    assert set(told["shares"]) <= {"angry", "sad"}
    assert sum(told["shares"].values()) == pytest.approx(1, abs=0.02)
    assert after.report["emotions"]["spans"]
    assert "manners" not in after.report.get("extras", {})
    lines = [line.text for line in card(announcements.showing(scene.database, 2)).lines]
    assert any(re.match(r"Feeling \(voice\): (angry|sad) \d+ %", line) for line in lines)


@has_extra
def test_marks_stand_in_the_captions_where_they_are_asked_for(scene, model):
    downloads(scene, own(model, cues=True, certainty=0.1))
    _, draft = drafts(scene)
    assert re.search(r"\[(angrily|sadly)\]", draft.text)
    plain = again(scene, own(model))
    assert "[" not in plain.text
    assert re.sub(r"\[(angrily|sadly)\]", "", draft.text).split() == plain.text.split()


def test_what_the_words_say_is_told_beside_the_voice_and_is_not_marked():
    said = [Word(f"word{n}.", float(n), n + 0.9, 0.9) for n in range(10)]
    felt = [EmotionSpan(start, start + 5.0, "angry", {"angry": 0.9, "happy": 0.1}) for start in (0.0, 5.0)]
    sentiment = [
        {"start": start, "end": start + 5.0, "label": label, "confidence": 0.9, "speaker": None}
        for start, label in ((0.0, "negative"), (5.0, "positive"))
    ]
    spoken = Transcript(
        tuple(said), "en", "fake", "", 10.0, emotions=tuple(felt), extras={"manners": [], "sentiment": sentiment}
    )
    made = typeset.typeset(spoken, Style("netflix", 0.8), 10.0)
    told = made.report["emotions"]
    assert told["voice"][0]["shares"] == {"angry": 1.0}
    assert told["text"] == {"negative": 0.5, "positive": 0.5}
    assert told["both"][0]["shares"] == {"angry": 0.5, "happy": 0.5}
    assert made.text.count("[angrily]") == 1
    assert made.text.index("word4.") < made.text.index("[angrily]"), "angry words need no mark, friendly ones do"
    assert "[angrily]" not in typeset.typeset(spoken, Style("netflix"), 10.0).text


@has_extra
@has_weights
def test_each_of_two_who_talk_has_feelings(scene, model):
    downloads(scene, own(model), DIALOGUE, {"on": True, "model": str(PIPELINE), "device": "cpu"})
    words, draft = drafts(scene)
    assert {one.speaker for one in words.emotions} == {"A", "B"}
    assert {one["speaker"] for one in draft.report["emotions"]["voice"]} == {"A", "B"}
    assert events(scene, "no speakers") == events(scene, "no emotions") == []


@pytest.mark.parametrize(
    ("emotion", "why"),
    [
        ({"engine": "classifier", "model": "/nowhere/model"}, "there is no emotion model /nowhere/model"),
        ({"model": "/nowhere/model"}, "there is no model folder /nowhere/model"),
        ({}, "cannot be fetched"),
    ],
)
def test_where_emotion_cannot_be_told_the_draft_is_made_without_and_it_is_said_why(scene, emotion, why):
    downloads(scene, {"on": True, "device": "cpu", **emotion})
    words, draft = drafts(scene)
    assert "fail better" in words.text.lower()
    assert (words.emotions, "emotions" in draft.report) == ((), False)
    (told,) = events(scene, "no emotions")
    assert why in told or "is not installed" in told


@has_extra
def test_a_model_that_is_damaged_costs_no_words(scene, model, tmp_path):
    for path in model.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    downloads(scene, own(tmp_path))
    words, _ = drafts(scene)
    assert words.emotions == ()
    (told,) = events(scene, "no emotions")
    assert "model.safetensors is damaged" in told
    (tmp_path / "model.safetensors").write_bytes((model / "model.safetensors").read_bytes())
    assert "emotions" in again(scene, own(tmp_path)).report, "what was mended is tried again"
    assert len(events(scene, "no emotions")) == 1
