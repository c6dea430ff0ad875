"""captiond voices: who speaks when, as a table and as files. The real command, as people type it."""

import importlib.util
import json
import os
import subprocess

import pytest

from captions import rttm, transcript
from captions.transcript import Transcript, Word
from daemon import speakers
from daemon.errors import GiveUp
from tests.conftest import CORPUS, sample
from tests.daemon.speech.emotion.feelings import trained
from tests.machine import program

MODELS = CORPUS.parent / "models"
PIPELINE = MODELS / "pyannote-offline"
DIALOGUE = CORPUS / "conversations" / "sample.wav"
PNG = b"\x89PNG\r\n\x1a\n"

has_extra = pytest.mark.skipif(not importlib.util.find_spec("pyannote"), reason="the extra voices is not installed")
has_weights = pytest.mark.skipif(
    not (PIPELINE.is_dir() and DIALOGUE.is_file()), reason="no pipeline that tells voices apart is here"
)


@pytest.fixture
def voices(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("PYTHONPATH", f"{MODELS}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")

    def run(*words):
        command = [program("captiond"), "voices", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120)

    return run


@has_extra
@has_weights
def test_a_dialogue_has_two_voices_and_all_of_it_is_written(voices, tmp_path):
    done = voices(DIALOGUE, "--model", PIPELINE, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[1:3]] in (["A", "B"], ["B", "A"])
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"sample.rttm", "sample.json", "sample.png"}
    assert {turn.speaker for turn in rttm.read((tmp_path / "out" / "sample.rttm").read_text())} == {"A", "B"}
    assert (tmp_path / "out" / "sample.png").read_bytes().startswith(PNG)
    assert "feeling" not in done.stdout
    assert set(json.loads((tmp_path / "out" / "sample.json").read_text())) == {"recording", "seconds", "turns", "talks"}


@has_extra
@has_weights
def test_with_emotion_each_voice_has_its_feelings_in_the_table_and_in_the_file(voices, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text(
        f'[daemon.speech.emotion]\nengine = "classifier"\nmodel = "{trained(tmp_path / "model")}"\ndevice = "cpu"\n'
    )
    words = ("--emotion", "--model", PIPELINE, "--config", config, "--json", "-o", tmp_path / "out")
    done = voices(DIALOGUE, *words)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {row["speaker"] for row in rows} == {"A", "B"}
    assert all("%" in row["feeling"] for row in rows)
    written = json.loads((tmp_path / "out" / "sample.json").read_text())["emotions"]
    assert {one["speaker"] for one in written["voice"]} == {"A", "B"}


RTTM = """SPEAKER x 1 0.0 6.0 <NA> <NA> Ada <NA> <NA>
SPEAKER x 1 5.0 4.0 <NA> <NA> $\\frac{ <NA> <NA>
"""


@has_extra
def test_an_rttm_file_is_shown_without_hearing_anything(voices, tmp_path):
    (tmp_path / "talk.rttm").write_text(RTTM)
    done = voices("--rttm", "talk.rttm", "--json", "-o", "out")
    assert done.returncode == 0, done.stderr
    first, second = json.loads(done.stdout)
    assert (first["speaker"], first["talk, s"], first["share, %"]) == ("Ada", 6.0, 60)
    assert (second["speaker"], second["interruptions"]) == ("$\\frac{", 1)
    assert (tmp_path / "out" / "talk.png").read_bytes().startswith(PNG)
    assert json.loads((tmp_path / "out" / "talk.json").read_text())["turns"][0]["speaker"] == "Ada"


VTT = """WEBVTT

00:00:00.000 --> 00:00:05.000
one two three four five six seven eight nine ten

00:00:07.000 --> 00:00:09.000
eleven twelve
"""
TEN = "one two three four five six seven <i>eight</i> nine ten"
CUES = [(0.0, 5.0, TEN), (7.0, 9.0, "eleven twelve")]
TRACK = {"cues": [{"start": start, "end": end, "lines": [{"text": text}]} for start, end, text in CUES]}
WORDS = [Word("word", start, start + 0.4, 0.9) for start in (*(n / 2 for n in range(10)), 7.0, 8.0)]
TRANSCRIPT = Transcript(tuple(WORDS), "en", "whisper", "tiny", 9.0)


@has_extra
def test_with_what_is_said_it_is_told_how_fast(voices, tmp_path):
    (tmp_path / "talk.rttm").write_text(RTTM)
    (tmp_path / "talk.vtt").write_text(VTT)
    done = voices("--rttm", "talk.rttm", "--words", "talk.vtt", "--json")
    assert done.returncode == 0, done.stderr
    rates = [(one["words"], one["words a minute"]) for one in json.loads(done.stdout)]
    assert rates == [(10, 100), (2, 30)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("talk.vtt", VTT),
        ("talk.json", json.dumps(TRACK)),
        ("timed.json", json.dumps({**TRACK, "words": json.loads(transcript.to_json(TRANSCRIPT))["words"]})),
        ("words.json", transcript.to_json(TRANSCRIPT)),
    ],
)
def test_words_are_read_from_captions_and_transcripts(tmp_path, name, content):
    (tmp_path / "talk.rttm").write_text(RTTM)
    (tmp_path / name).write_text(content)
    found = speakers.told(tmp_path / "talk.rttm", speakers.words_in(tmp_path / name))
    assert [talk.words for talk in found.talks] == [10, 2]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("talk.vtt", "WEBVTT\n\n00:01 --> 00:00\nx\n", "talk.vtt holds no words: line 3"),
        ("talk.txt", "words", "talk.txt holds no words"),
        ("talk.json", "{", "talk.json holds no words"),
        ("talk.json", "[]", "talk.json holds no words: not a transcript"),
        ("talk.json", '{"cues": [{"start": 1}]}', "talk.json holds no words: line 1: the cue has no 'end'"),
        ("talk.json", '{"cues": 3}', "talk.json holds no words: line 1: this JSON holds no captions"),
        ("talk.json", '{"cues": [], "words": [{"text": "x"}]}', "neither captions nor a transcript"),
        ("talk.json", '{"cues": [], "words": 3}', "neither captions nor a transcript"),
        ("talk.json", transcript.to_json(TRANSCRIPT).replace('"start": 0.0', '"start": "soon"'), "holds no words"),
        ("talk.json", transcript.to_json(TRANSCRIPT).replace('"start": 0.0', '"start": null'), "holds no words"),
    ],
)
def test_a_file_that_holds_no_words_is_refused(tmp_path, name, content, told):
    (tmp_path / name).write_text(content)
    with pytest.raises(GiveUp, match=told):
        speakers.words_in(tmp_path / name)


def test_without_matplotlib_the_rest_is_written_and_it_is_said(voices, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['matplotlib'] = None\n")
    (tmp_path / "talk.rttm").write_text(RTTM)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ['PYTHONPATH']}")
    done = voices("--rttm", "talk.rttm", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "the extra pictures brings" in done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"talk.rttm", "talk.json"}


@pytest.mark.parametrize(
    ("words", "told", "code"),
    [
        ((), "give a recording, or a file with --rttm", 2),
        (("--rttm", "absent.rttm"), "No such file", 1),
        (("--rttm", "broken.rttm", "--words", "broken.rttm"), "broken.rttm holds no words", 1),
        (("--rttm", "broken.rttm"), "broken.rttm is no RTTM file: line 1", 1),
        ((sample("beckett.wav"), "--model", "/nowhere/pipeline"), "there is no model folder /nowhere/pipeline", 1),
        (("--rttm", "broken.rttm", "--emotion"), "--emotion needs a recording", 2),
        ((sample("beckett.wav"), "--model", PIPELINE, "--emotion", "--config", "own.toml"), "no emotion model", 1),
        ((sample("beckett.wav"), "--speakers", "many"), "is no number of speakers", 78),
    ],
)
@has_extra
def test_what_a_person_can_cause_is_one_line(voices, tmp_path, words, told, code):
    (tmp_path / "broken.rttm").write_text("SPEAKER what is this\n")
    (tmp_path / "own.toml").write_text('[daemon.speech.emotion]\nengine = "classifier"\nmodel = "/nowhere"\n')
    done = voices(*words)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
