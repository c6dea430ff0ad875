"""captiond emotion train and evaluate: on voices made for the test, as a person would type it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.__main__ import app
from daemon.speech.emotion import classifier
from daemon.speech.emotion.classifier import CARD, WEIGHTS
from tests.daemon.speech.emotion.feelings import FEELINGS, name, voice
from tests.daemon.speech.recordings import wav_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def act(monkeypatch):
    """`captiond emotion WORDS` in this process: torch and librosa are loaded once."""
    monkeypatch.setenv("COLUMNS", "200")

    def typed(*words, code=0):
        ended = CliRunner().invoke(app, ["emotion", *map(str, words)], catch_exceptions=False)
        assert ended.exit_code == code, ended.output
        return ended

    return typed


@pytest.fixture
def refusal(act):
    def refused(*words):
        ended = act(*words, code=1)
        assert ended.stdout == ""
        assert re.fullmatch(r"captiond: [^\n]+\n", ended.stderr), ended.stderr
        return ended.stderr

    return refused


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    """Of five speakers, two takes of each feeling; at 8 kHz of one of them."""
    folder = tmp_path_factory.mktemp("recordings")
    for speaker in range(1, 6):
        for feeling in FEELINGS:
            for take in range(2):
                samples = voice(feeling, speaker, take)
                step = 2 if speaker == 3 else 1
                wav_of(folder / name(feeling, speaker, take), samples[::step], 16_000 // step)
    return folder


@pytest.fixture(scope="module")
def model(recordings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "model"
    words = ["emotion", "train", str(recordings), "-o", str(folder), "--epochs", "15"]
    ended = CliRunner().invoke(app, words, catch_exceptions=False)
    assert ended.exit_code == 0, ended.output
    assert "trained on 24 recordings of 4 speakers of RAVDESS, judged by 6 of 1 others" in ended.stderr
    assert re.search(r"6 recordings: accuracy \d+\.\d%, unweighted average recall \d+\.\d%", ended.stdout)
    return folder


def test_training_leaves_a_model_and_its_card(model):
    card = classifier.read_card(model)
    assert (card.data_set, card.recordings, card.speakers, card.seed) == ("RAVDESS", 24, 4, 0)
    assert set(card.labels) == set(FEELINGS)
    assert card.scores["recordings"] == 6
    assert set(card.versions) == {"torch", "librosa", "numpy"}
    assert {path.name for path in model.iterdir()} == {CARD, WEIGHTS}


def test_a_model_is_judged_as_a_table_and_as_json(act, recordings, model):
    shown = act("evaluate", recordings, "--model", model)
    assert shown.stderr == ""
    assert shown.stdout.split()[:4] == ["true", "angry", "neutral", "sad"]
    found = json.loads(act("evaluate", recordings, "--model", model, "--json").stdout)
    assert found["recordings"] == 30
    assert f"accuracy {found['accuracy']:.1%}" in shown.stdout
    assert sum(sum(row.values()) for row in found["confusion"].values()) == 30


def test_what_is_left_out_is_told(act, recordings, model, tmp_path):
    for path in recordings.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "talk.wav").write_bytes(b"RIFF")
    (tmp_path / "03-01-08-01-01-01-01.wav").write_bytes(b"RIFF")  # surprised, which the model does not know
    (tmp_path / "03-01-05-01-01-01-06.wav").write_bytes(b"RIFF")  # damaged
    ended = act("evaluate", tmp_path, "--model", model)
    assert ended.stderr.splitlines() == [
        "Note: 1 recordings whose names say no feeling are left out",
        "Note: 1 recordings of feelings that the model does not know are left out",
        "Note: 1 recordings that cannot be decoded are left out",
    ]
    assert "30 recordings: " in ended.stdout


def test_the_same_command_twice_makes_the_same_model(act, recordings, tmp_path):
    made = []
    for _ in range(2):
        act("train", recordings, "-o", tmp_path / "model", "--epochs", "2", "--seed", "5")
        made.append([(tmp_path / "model" / WEIGHTS).read_bytes(), classifier.read_card(tmp_path / "model").scores])
    assert made[0] == made[1]


def test_an_empty_folder_is_refused(refusal, model, tmp_path):
    for words in (["train", tmp_path, "-o", tmp_path / "model"], ["evaluate", tmp_path, "--model", model]):
        assert "has no recordings of a feeling" in refusal(*words)


def test_a_folder_of_something_else_is_not_filled(refusal, recordings, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").touch()
    assert "is a folder of something else" in refusal("train", recordings, "-o", tmp_path / "letters")
    assert "is a file" in refusal("train", recordings, "-o", tmp_path / "letters" / "dear.txt")


@pytest.mark.parametrize(
    ("speakers", "feelings", "said"),
    [([1], list(FEELINGS), "one speaker"), ([1, 2], ["sad"], "only one feeling to learn from, sad")],
)
def test_one_speaker_or_one_feeling_is_not_enough(refusal, tmp_path, speakers, feelings, said):
    for speaker in speakers:
        for feeling in feelings:
            (tmp_path / name(feeling, speaker, 0)).touch()  # it is told before a recording is opened
    assert said in refusal("train", tmp_path, "-o", tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_place_that_cannot_be_written_to_is_told_before_anything_is_heard(refusal, tmp_path):
    for speaker in (1, 2):
        for feeling in FEELINGS:
            (tmp_path / name(feeling, speaker, 0)).touch()  # no recording: to hear it would be told first
    (tmp_path / "file").touch()
    assert "Not a directory" in refusal("train", tmp_path, "-o", tmp_path / "file" / "model")


def test_recordings_that_are_all_damaged_are_refused(refusal, tmp_path):
    for speaker in (1, 2):
        for feeling in FEELINGS:
            (tmp_path / name(feeling, speaker, 0)).write_bytes(b"RIFF")
    assert "get it again" in refusal("train", tmp_path, "-o", tmp_path / "model")


def test_a_model_that_is_none_and_one_of_other_feelings_are_refused(refusal, recordings, model, tmp_path):
    assert "there is no emotion model" in refusal("evaluate", recordings, "--model", tmp_path / "none")
    wav_of(tmp_path / "03-01-08-01-01-01-01.wav", voice("sad", 1, 0), 16_000)
    assert "angry, neutral, sad" in refusal("evaluate", tmp_path, "--model", model)


def test_without_the_extra_it_says_what_to_install(refusal, recordings, model, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "librosa", None)  # as Python marks what cannot be imported
    for words in (["train", recordings, "-o", tmp_path / "model"], ["evaluate", recordings, "--model", model]):
        assert "librosa is not installed: pip install" in refusal(*words)


def test_help_has_an_example_of_each_and_the_program_itself_runs():
    for command in ("train", "evaluate"):
        words = [sys.executable, "-m", "daemon", "emotion", command, "--help"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
        assert f"captiond emotion {command} " in done.stdout


def test_a_refusal_of_the_program_itself_is_one_line(tmp_path):
    words = [sys.executable, "-m", "daemon", "emotion", "train", str(tmp_path), "-o", str(tmp_path / "model")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"captiond: [^\n]+\n", done.stderr)
