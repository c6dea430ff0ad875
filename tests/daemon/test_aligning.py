"""captiond align: a text that is known, and the times at which it is said. The real command, as people type it."""

import subprocess

import pytest

from captions import formats
from captions.anchors import track_words, with_times
from captions.profiles import find
from captions.track import Cue, Line, Track
from captions.transcript import Word
from tests.conftest import sample, whisper_tiny
from tests.machine import program

TALE = """It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,
it was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness,
it was the spring of hope, it was the winter of despair,"""


@pytest.fixture
def align(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(text, *words, model=None, output="out.vtt", sound="two_cities.wav"):
        command = [program("captiond"), "align", str(sample(sound)), str(text), "-o", str(tmp_path / output)]
        command += ["--model", str(model or whisper_tiny()), *(words or ("--language", "en"))]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120)

    return run


def test_plain_text_becomes_captions_at_the_times_at_which_it_is_said(align, tmp_path):
    (tmp_path / "script.txt").write_text(TALE)
    done = align(tmp_path / "script.txt")
    assert done.returncode == 0, done.stderr
    track = formats.read((tmp_path / "out.vtt").read_text(), "vtt", "en")
    assert " ".join(track.text.split()) == " ".join(TALE.split())
    times = {text: cue.start for cue in track.cues for text in [" ".join(cue.text.split())]}
    best = next(start for text, start in times.items() if "best of times" in text)
    despair = next(start for text, start in times.items() if "despair" in text)
    assert best == pytest.approx(1.0, abs=0.5)
    assert despair > 25
    assert "Note" not in done.stdout


def test_cues_of_a_caption_file_stay_and_get_the_times_of_their_words(align, tmp_path):
    """As a person leaves it who corrected words in an editor, with times that were never right."""
    lines = [line.strip() for line in TALE.replace("\n", " ").split(",") if line.strip()]
    cues = tuple(Cue(n * 2.0, n * 2.0 + 1.9, (Line(text + ","),)) for n, text in enumerate(lines))
    (tmp_path / "mine.srt").write_text(formats.write(Track("en", cues), "srt"))
    done = align(tmp_path / "mine.srt", output="out.srt")
    assert done.returncode == 0, done.stderr
    assert "10 cues, which moved by" in done.stdout
    track = formats.read((tmp_path / "out.srt").read_text(), "srt", "en")
    assert [cue.text for cue in track.cues] == [cue.text for cue in cues]
    assert track.cues[-1].start > 25
    starts = [cue.start for cue in track.cues]
    assert starts == sorted(starts)


def test_a_text_of_another_recording_is_told(align, tmp_path):
    (tmp_path / "other.txt").write_text("Nothing of this was ever said by anybody in here at all, dear listeners. " * 4)
    done = align(tmp_path / "other.txt")
    assert done.returncode == 0
    assert "is the text that of the recording?" in done.stdout


@pytest.mark.parametrize(
    ("name", "content", "words", "told"),
    [
        ("empty.txt", b"  \n", (), "empty.txt has no words"),
        ("russian.txt", "Привет".encode("cp1251"), (), "is no text in UTF-8"),
        ("zipped.vtt", b"PK\x03\x04\x14\x00", (), "is no text but a ZIP archive"),
        ("broken.vtt", b"WEBVTT\n\nxx --> yy\nHi\n", (), "broken.vtt"),
        ("mine.json", b"{}", (), "mine.json, line 1: this JSON holds no captions: it has no list of cues"),
        ("mine.doc", b"x", (), "is no caption file"),
        ("fine.txt", b"Hello", ("--profile", "netflix"), "say what is spoken: --language en"),
        ("absent.txt", None, (), "No such file"),
    ],
)
def test_what_cannot_be_aligned_is_one_line(align, tmp_path, name, content, words, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = align(tmp_path / name, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out.vtt").exists()


def test_a_model_that_is_not_there_is_one_line(align, tmp_path):
    (tmp_path / "script.txt").write_text("Hello")
    done = align(tmp_path / "script.txt", model="/nowhere/model")
    assert done.returncode == 1
    assert "there is no model folder /nowhere/model" in done.stderr


def test_a_cue_shows_while_its_words_are_said_and_long_enough_where_there_is_room():
    two, one, none = (Line("One <i>two</i>"), Line("three")), (Line("four"),), ()
    track = Track("en", (Cue(0, 1, two), Cue(1, 2, one), Cue(9, 10, none)))
    assert [word.text for word in track_words(track)] == ["One", "two", "three", "four"]
    words = [Word(text, 3 + n, 3.1 + n, 1.0) for n, text in enumerate(["One", "two", "three", "four"])]
    timed = with_times(track, words, find("netflix"))
    assert [(cue.start, round(cue.end, 2)) for cue in timed.cues] == [(3, 5.1), (6, 6.83), (9, 10)]


def test_a_cue_never_shows_when_the_next_one_does_already():
    track = Track("en", (Cue(0, 1, (Line("One"),)), Cue(1, 2, (Line("two"),))))
    timed = with_times(track, [Word("One", 3, 3.4, 1.0), Word("two", 3.2, 3.4, 1.0)], find("netflix"))
    assert (timed.cues[0].start, timed.cues[0].end) == (3, 3.2)
