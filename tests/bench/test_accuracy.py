import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from bench import inputs
from bench.accuracy import Compared, Score, conclude, pooled, score, shown
from bench.inputs import Recording
from bench.report import Failed
from tests.conftest import sample, whisper_tiny

ROOT = Path(__file__).parents[2]
CLEAR = Compared("two_cities.wav", Score(119, 2), Score(119, 2))
ENTRY = {"id": "x", "file": "x.wav", "seconds": 1.0, "language": "en", "reference_text": "a word", "tags": ["read"]}


def corpus(folder, *entries):
    """A corpus whose every recording that is not there yet is the same one, as a link."""
    whole = [ENTRY | entry for entry in entries]
    for entry in whole:
        link = folder / entry["file"]
        if not link.exists():
            link.symlink_to(sample("two_cities.wav"))
    (folder / "manifest.json").write_text(json.dumps(whole))
    return folder


def beginning(path, seconds):
    """The first seconds of that recording: each engine and aligner hears them in no time."""
    with wave.open(str(sample("two_cities.wav"))) as whole, wave.open(str(path), "wb") as part:
        part.setparams(whole.getparams())
        part.writeframes(whole.readframes(round(seconds * whole.getframerate())))


def tone(path, seconds, rate=16_000):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\x00\x10" * round(seconds * rate))
    return path


# --- counting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "heard", "words", "errors"),
    [
        ("ten of clubs", "Ten of clubs.", 3, 0),
        ("ten of clubs", "ten off clubs", 3, 1),
        ("ten of clubs", "ten clubs", 3, 1),
        ("ten of clubs", "the ten of clubs", 3, 1),
        ("ten of clubs", "", 3, 3),
        ("twenty twenty", "2020", 1, 0),
        ("so uh this is the um corpus", "So, this is the corpus.", 5, 0),
        ("uh", "", 0, 0),
    ],
)
def test_errors_are_counted_after_normalising(reference, heard, words, errors):
    assert score(reference, heard) == Score(words, errors)


def test_a_rate_is_in_per_cent_of_the_references_words():
    assert Score(200, 3).rate == 1.5
    assert Score(0, 0).rate == 0


def test_long_recordings_count_for_more_in_the_pool():
    pool = pooled("all", [Compared("a", Score(90, 0), Score(90, 9)), Compared("b", Score(10, 5), Score(10, 5))])
    assert pool == Compared("all", Score(100, 5), Score(100, 14))
    assert pool.difference == pytest.approx(9.0)


def test_captions_that_lose_a_word_in_a_hundred_miss_the_bar():
    worse = Compared("talk", Score(100, 5), Score(100, 6))
    report = conclude(CLEAR, [worse])
    assert [bar.met for bar in report.bars] == [True, False]
    assert [row[0] for row in report.rows] == ["two_cities.wav", "talk", "all 1 of the corpus"]


def test_captions_that_are_better_than_the_bare_model_meet_the_bar():
    assert conclude(CLEAR, [Compared("talk", Score(100, 6), Score(100, 5))]).met


def test_more_than_three_per_cent_of_the_demos_recording_miss_the_bar():
    assert not conclude(Compared("two_cities.wav", Score(119, 4), Score(119, 4)), []).met


def test_without_a_corpus_there_is_no_bar_of_the_corpus_and_a_note_says_so():
    report = conclude(CLEAR, [])
    assert len(report.bars) == len(report.rows) == 1
    assert any("no corpus" in note for note in report.notes)


def test_what_a_viewer_reads_has_no_markup_and_no_references(tmp_path):
    path = tmp_path / "out.vtt"
    path.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\n<v Ann><i>You</i> &amp; I</v>\nwere &lt;there\n")
    assert shown(path) == "You & I\nwere <there"


# --- inputs -------------------------------------------------------------------------------------------------


def test_english_recordings_with_words_count_once_whatever_their_containers(tmp_path):
    folder = corpus(
        tmp_path,
        {"id": "a-wav", "recording": "a", "file": "a.wav"},
        {"id": "a-mp3", "recording": "a", "file": "a.mp3"},
        {"id": "b", "file": "b.wav"},
        {"id": "german", "language": "de"},
        {"id": "unknown", "reference_text": None},
        {"id": "empty", "reference_text": ""},
        {"id": "noise", "tags": ["no-speech"]},
    )
    found = inputs.english(folder)
    assert [(one.name, one.path.name) for one in found] == [("a", "a.wav"), ("b", "b.wav")]


def test_no_corpus_has_no_recordings():
    assert inputs.english(None) == ()


def test_a_corpus_comes_from_the_command_line_before_the_environment(tmp_path, monkeypatch):
    for name in ("said", "named"):
        (tmp_path / name).mkdir()
        corpus(tmp_path / name)
    monkeypatch.setenv("CAPTIONWATCH_CORPUS", str(tmp_path / "named"))
    assert inputs.corpus_folder(tmp_path / "said") == tmp_path / "said"
    assert inputs.corpus_folder(None) == tmp_path / "named"


def test_an_empty_name_in_the_environment_says_that_there_is_no_corpus(monkeypatch):
    monkeypatch.setenv("CAPTIONWATCH_CORPUS", "")
    assert inputs.corpus_folder(None) is None


def test_a_corpus_that_is_not_where_it_was_said_is_refused(tmp_path):
    with pytest.raises(Failed, match="no corpus in"):
        inputs.corpus_folder(tmp_path)


def test_a_recording_that_is_missing_is_told_by_its_name(tmp_path):
    folder = corpus(tmp_path, {"file": "gone.wav"})
    (folder / "gone.wav").unlink()
    with pytest.raises(Failed, match=r"gone\.wav"):
        inputs.english(folder)


def test_a_manifest_that_is_damaged_is_refused(tmp_path):
    (tmp_path / "manifest.json").write_text("[{")
    with pytest.raises(Failed, match="cannot be read"):
        inputs.english(tmp_path)


def test_a_model_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(Failed, match="no Whisper model"):
        inputs.model_folder(tmp_path)
    assert inputs.model_folder(None) == whisper_tiny()


def test_a_handful_is_taken_from_the_whole_list():
    many = [Recording(str(number), Path("x"), 1.0, "x") for number in range(10)]
    assert [one.name for one in inputs.evenly(many, 5)] == ["0", "2", "4", "6", "8"]
    assert inputs.evenly(many, 20) == tuple(many)


@pytest.mark.parametrize(("wanted", "copies"), [(0.5, 1), (1.0, 1), (1.1, 2), (2.9, 3), (5.9, 5)])
def test_recordings_are_joined_whole_until_there_is_enough_of_them(tmp_path, wanted, copies):
    paths = [tone(tmp_path / "one.wav", 1.0), tone(tmp_path / "two.wav", 1.5, rate=44_100)]
    seconds = inputs.joined(paths, wanted, tmp_path / "joined.wav")
    sound = sum([1.0, 1.5, 1.0, 1.5, 1.0][:copies])
    assert seconds == pytest.approx(sound + copies * inputs.PAUSE_SECONDS, abs=0.01)
    with wave.open(str(tmp_path / "joined.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.getnframes() / 16_000 == seconds


def test_what_cannot_be_joined_is_told(tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(Failed, match=r"text\.wav cannot be decoded"):
        inputs.joined([tmp_path / "text.wav"], 1.0, tmp_path / "joined.wav")
    with pytest.raises(Failed, match="no recordings"):
        inputs.joined([], 1.0, tmp_path / "joined.wav")


# --- the command itself -------------------------------------------------------------------------------------


def bench(*words):
    command = [sys.executable, "-m", "bench.accuracy", "--quick", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_captiond_and_the_bare_model_are_compared_on_a_recording_and_a_corpus(tmp_path):
    text = "It was the best of times, it was the worst of times, it was the age of wisdom"
    beginning(tmp_path / "x.wav", 6.5)
    folder = corpus(tmp_path, {"id": "begun", "reference_text": text}, {"id": "music", "tags": ["no-speech"]})
    done = bench("--json", "--corpus", folder)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    names = ["two_cities.wav", "begun", "all 1 of the corpus"]
    assert [(row["recording"], row["words"]) for row in said["rows"]] == list(zip(names, (119, 18, 18), strict=True))
    for row in said["rows"]:
        assert row["captionwatch WER %"] <= 3
    assert [bar["met"] for bar in said["bars"]] == [True, True]
    assert said["met"] is True
    assert "1 of 2, begun" in done.stderr


def test_a_recording_that_captiond_cannot_take_ends_the_benchmark_with_one_line(tmp_path):
    folder = corpus(tmp_path, {"id": "broken", "file": "broken.wav"})
    (folder / "broken.wav").unlink()
    (folder / "broken.wav").write_text("no sound")
    done = bench("--corpus", folder)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not done.stdout
    assert "broken.wav" in done.stderr.splitlines()[-1]
