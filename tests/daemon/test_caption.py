"""captiond caption: one recording, no daemon. The real command, as people type it."""

import importlib.util
import json
import os
import subprocess

import pytest

from captions import formats
from sandbox import youtube
from sandbox.youtube import YouTube
from tests.conftest import sample, whisper_tiny
from tests.daemon.speech.emotion.feelings import trained
from tests.machine import program


@pytest.fixture
def caption(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(*words, model=True):
        chosen = ["--model", str(whisper_tiny())] if model else []
        command = [program("captiond"), "caption", *map(str, words), *chosen]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120)

    return run


@pytest.mark.parametrize("suffix", [one.suffix for one in formats.FORMATS.values()])
def test_a_recording_becomes_a_file_of_each_format(caption, tmp_path, suffix):
    done = caption(sample("beckett.wav"), "-o", tmp_path / f"out{suffix}")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / f"out{suffix}").read_text()
    if formats.FORMATS[suffix[1:]].read:
        assert formats.read(written, suffix[1:], "en").cues
    if suffix == ".json":
        assert [word["text"] for word in json.loads(written)["words"]][-1].startswith("better")
    assert "fail better" in " ".join(written.lower().split())
    assert "s of audio in" in done.stdout
    assert "cues, en, whisper model" in done.stdout
    assert not (tmp_path / "state").exists(), "no database"


@pytest.mark.skipif(not importlib.util.find_spec("librosa"), reason="the extra voices is not installed")
def test_what_its_voice_feels_is_told_where_that_is_asked_for(caption, tmp_path):
    config = tmp_path / "config.toml"
    table = f'[daemon.speech.emotion]\nengine = "classifier"\nmodel = "{trained(tmp_path / "model")}"\ndevice = "cpu"\n'
    config.write_text(f"{table}on = true\n")
    words = (sample("beckett.wav"), "-o", tmp_path / "out.vtt", "--config", config)
    found = json.loads(caption(*words, "--json").stdout)
    assert set(found[0]["emotions"]["voice"][0]["shares"]) <= {"angry", "sad"}
    felt = (tmp_path / "out.vtt").read_text()
    assert "Feeling (voice): " in caption(*words).stdout
    config.write_text(table)
    assert json.loads(caption(*words, "--json").stdout)[0]["emotions"] == {}
    assert (tmp_path / "out.vtt").read_text() == felt


def test_an_address_is_downloaded_first(caption, tmp_path):
    played = YouTube()
    video = played.publish("A tale", sample("beckett.wav"))
    config = tmp_path / "config.toml"
    config.write_text(f'[daemon.youtube]\nplugin_dirs = ["{youtube.PLUGIN_DIR}"]\n')
    with youtube.running(youtube.make_app(played)) as url:
        done = caption(f"{url}/watch?v={video.id}", "-o", tmp_path / "out.vtt", "--config", config)
    assert done.returncode == 0, done.stderr
    assert "fail better" in (tmp_path / "out.vtt").read_text().lower()


def test_numbers_that_were_said_come_before_those_of_the_file_one_by_one(caption, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text("[daemon.captions.limits]\nlines = 2\ncharacters_per_line = 20\n")
    done = caption(sample("beckett.wav"), "-o", "out.vtt", "--limits", "lines=1", "--config", config)
    assert done.returncode == 0, done.stderr
    cues = formats.read((tmp_path / "out.vtt").read_text(), "vtt", "en").cues
    assert {len(cue.lines) for cue in cues} == {1}
    assert max(len(cue.lines[0].text) for cue in cues) <= 20


@pytest.mark.parametrize(
    ("said", "least"), [((), 0.7), (("--profile", "dcmp"), 2.0), (("--limits", "minimum_seconds=1.5"), 1.5)], ids=str
)
def test_a_vertical_video_gets_the_rules_for_it_unless_others_were_said(caption, tmp_path, said, least):
    played = YouTube()
    video = played.publish("A tale", sample("beckett.wav"), width=1080, height=1920)
    config = tmp_path / "config.toml"
    config.write_text(f'[daemon.youtube]\nplugin_dirs = ["{youtube.PLUGIN_DIR}"]\n')
    with youtube.running(youtube.make_app(played)) as url:
        done = caption(f"{url}/watch?v={video.id}", "-o", tmp_path / "out.vtt", "--config", config, *said)
    assert done.returncode == 0, done.stderr
    cues = formats.read((tmp_path / "out.vtt").read_text(), "vtt", "en").cues
    assert least <= round(min(cue.seconds for cue in cues), 3) < least + 0.1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["absent.wav", "-o", "out.vtt"], "there is no file absent.wav"),
        (["talk.mp4", "-o", "out.vtt"], "talk.mp4 is no recording that can be decoded"),
        (["empty.wav", "-o", "out.vtt"], "empty.wav is no recording that can be decoded"),
        (["SAMPLE", "-o", "out.doc"], '"out.doc" is no caption file'),
        (["SAMPLE", "-o", "nowhere/out.vtt"], "there is no such folder: nowhere"),
        (["SAMPLE", "-o", "out.vtt", "--engine", "wisper"], "Did you mean whisper?"),
        (["SAMPLE", "-o", "out.vtt", "--profile", "netflx"], "netflix"),
        (["SAMPLE", "-o", "out.vtt", "--limits", "line=1"], "Did you mean lines?"),
        (["SAMPLE", "-o", "out.vtt", "--profile", "shorts", "--limits", "minimum_seconds=6"], "not 6 and 5"),
        (["SAMPLE", "-o", "out.vtt", "--device", "gpu"], "daemon.engines.whisper.device"),
        (["SAMPLE", "-o", "out.vtt", "--language", "sv"], "does not know the language sv"),
        (["http://127.0.0.1:9/x", "-o", "out.vtt"], "the network failed"),
    ],
)
def test_what_a_person_can_cause_is_one_line_and_leaves_no_file(caption, tmp_path, words, told):
    (tmp_path / "talk.mp4").write_text("no film at all\n" * 100)
    (tmp_path / "empty.wav").touch()
    done = caption(*(sample("beckett.wav") if word == "SAMPLE" else word for word in words))
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode in (1, os.EX_CONFIG)
    assert len(lines) == 1, done.stderr
    assert told in lines[0]
    assert not list(tmp_path.glob("*out*"))


def test_a_model_that_is_no_folder_is_one_line(caption, tmp_path):
    done = caption(sample("beckett.wav"), "-o", "out.vtt", "--model", "/no/such/model", model=False)
    assert (done.returncode, "there is no model folder /no/such/model" in done.stderr) == (1, True)
