"""captiond voice enrol: the real command, as people type it."""

import importlib.util
import os
import subprocess

import pytest

from daemon.enrolling import main_voice
from daemon.errors import AskHuman
from store import channels, speakers
from store.speakers import HeardVoice
from tests.conftest import CORPUS, sample
from tests.machine import program
from tests.store.factories import watched

MODELS = CORPUS.parent / "models"
PIPELINE = MODELS / "pyannote-offline"

has_weights = pytest.mark.skipif(
    not (PIPELINE.is_dir() and importlib.util.find_spec("pyannote")),
    reason="no pipeline that tells voices apart is here",
)


@pytest.fixture
def enrol(tmp_path, monkeypatch, database):
    """The command beside the database of the test; a pipeline that tells voices apart is in its settings."""
    config = tmp_path / "config.toml"
    config.write_text(
        f'[store]\nurl = "{database.url}"\n[daemon.speech.voices]\nmodel = "{PIPELINE}"\ndevice = "cpu"\nthreads = 1\n'
    )
    monkeypatch.setenv("PYTHONPATH", f"{MODELS}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")

    def run(*words):
        command = [program("captiond"), "voice", "enrol", *map(str, words), "--config", str(config)]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120)

    return run


def voice(label, seconds, embedding=(1.0, 0.0)):
    return HeardVoice(label, embedding, seconds, 1)


def test_the_voice_of_a_recording_is_called_by_it():
    assert main_voice([voice("A", 30.0), voice("B", 2.0)], "talk.wav") == voice("talk.wav", 30.0)


@pytest.mark.parametrize(
    ("voices", "why"),
    [
        ([], "0.0 s of speech: to know a voice by, it takes 5 s at least"),
        ([voice("A", 0.3)], "0.3 s of speech"),
        ([voice("A", 30.0, ())], "takes 5 s at least"),
        ([voice("A", 30.0), voice("B", 20.0)], r"several voices are heard in talk.wav \(A 60 %, B 40 %\)"),
    ],
)
def test_what_no_voice_can_be_known_by_is_refused(voices, why):
    with pytest.raises(AskHuman, match=why):
        main_voice(voices, "talk.wav")


def one_line(done):
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith("captiond: ")
    return line


def test_voices_are_kept_for_a_channel(enrol, database):
    assert "no channel is watched yet" in one_line(enrol("Ada", sample("beckett.wav")))
    watched(database)
    watched(database, "@other", "UCbbbbbbbbbbbbbbbbbbbbbb")
    assert "say in whose videos they speak, with --channel: 1 (" in one_line(enrol("Ada", sample("beckett.wav")))
    assert "there is no channel" in one_line(enrol("Ada", sample("beckett.wav"), "--channel", "@nobody"))
    assert speakers.listing(database) == []


def test_a_name_is_looked_at_before_anything_is_heard(enrol, database):
    watched(database)
    assert "give a longer name" in one_line(enrol("A", "there-is-no-such.wav"))


@has_weights
def test_a_recording_of_one_person_makes_them_known(enrol, database):
    channel = watched(database)
    done = enrol("Ada Lovelace", sample("two_cities.wav"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Ada Lovelace is known by ")
    (known,) = speakers.listing(database, channel.id)
    assert (known.speaker.name, known.recordings) == ("Ada Lovelace", 1)
    assert len(speakers.prints(database, channel.id, "pyannote-offline")) == 1
    assert channels.listing(database)
