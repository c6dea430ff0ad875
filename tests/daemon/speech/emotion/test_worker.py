"""The voices' child, asked for what they feel: a request with a transcript gets it back with emotions."""

import shutil

import numpy as np
import pytest

from captions import transcript
from captions.transcript import SpeakerTurn, Transcript
from daemon.errors import AskHuman, GiveUp
from daemon.speech.voices_worker import VoicesWorker
from tests.daemon.speech.emotion.feelings import trained, voice
from tests.daemon.speech.recordings import wav_of


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("trained") / "model")


@pytest.fixture
def sound(tmp_path):
    """An angry second of one, a sad second of another, and half a minute of the first."""
    parts = [voice("angry", 1, 0), voice("sad", 2, 0), voice("angry", 1, 1, 30.0)]
    wav_of(tmp_path / "talk.wav", np.concatenate(parts), 16_000)
    return tmp_path / "talk.wav"


def request(sound, model):
    turns = (SpeakerTurn(0.0, 1.0, "A"), SpeakerTurn(1.0, 2.0, "B"), SpeakerTurn(2.0, 32.0, "A"))
    spoken = Transcript((), "en", "fake", "", 32.0, turns=turns)
    options = {"engine": "classifier", "model": str(model), "device": "cpu"}
    return {"path": str(sound), "emotion": options, "transcript": transcript.to_json(spoken)}


def emotions(answer):
    return [(one.start, one.speaker, one.label) for one in transcript.from_json(answer["transcript"]).emotions]


def test_each_voice_has_its_feeling_and_progress_is_told(sound, model):
    told = []
    found = emotions(VoicesWorker().handle(request(sound, model), lambda *one: told.append(one)))
    assert found == [(0.0, "A", "angry"), (1.0, "B", "sad"), *((start, "A", "angry") for start in (2.0, 12.0, 22.0))]
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)
    steps = list(dict.fromkeys(step for _, step in told))
    assert steps == ["decoding", "loading what tells emotion", "listening to the voices"]


def test_the_model_stays_and_another_takes_its_place(sound, model, tmp_path):
    worker = VoicesWorker()
    asked = request(sound, shutil.copytree(model, tmp_path / "copy"))
    first = worker.handle(asked, lambda *_: None)
    shutil.rmtree(tmp_path / "copy")
    assert worker.handle(asked, lambda *_: None) == first
    with pytest.raises(AskHuman, match="there is no emotion model"):
        worker.handle(request(sound, tmp_path / "other"), lambda *_: None)


def test_what_is_no_recording_is_said_before_a_model_is_loaded(tmp_path):
    (tmp_path / "talk.wav").write_text("no sound")
    with pytest.raises(GiveUp, match="no recording"):
        VoicesWorker().handle(request(tmp_path / "talk.wav", "/nowhere"), lambda *_: None)
