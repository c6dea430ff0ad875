import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench import inputs
from bench.inputs import SAMPLE_RATE
from bench.report import Failed
from bench.voices import Heard, Hours, Scene, Shares, conclude, count, joined, mapping, rates
from captions.transcript import Word

pytest.importorskip("pyannote.metrics")

ROOT = Path(__file__).parents[2]
TURNS = ((0.0, 4.0, "Ann"), (4.0, 8.0, "Bob"))
GIGABYTE = 10**9


def scene(turns=TURNS, seconds=10, marked=((0.0, 10.0),)):
    return Scene("talk", np.zeros(seconds * SAMPLE_RATE, np.float32), turns, marked)


def heard(turns, gigabytes=1.0):
    return Heard((1.0,), (list(turns),), (list(turns),), round(gigabytes * GIGABYTE))


def test_the_turns_of_a_recording_are_read(tmp_path):
    (tmp_path / "a.rttm").write_text(
        "SPEAKER a 1 0.500 1.500 <NA> <NA> Ann <NA> <NA>\nSPEAKER a 1 1.000 2.000 <NA> <NA> Bob <NA> <NA>\n"
    )
    (tmp_path / "a.uem").write_text("a NA 0.000 30.000\n")
    entry = {"id": "a", "file": "a.wav", "language": "en", "rttm": "a.rttm", "uem": "a.uem"}
    (tmp_path / "manifest.json").write_text(json.dumps([entry, {**entry, "rttm": None}]))
    [found] = inputs.conversations(tmp_path)
    assert (found.turns, found.marked) == (((0.5, 2.0, "Ann"), (1.0, 3.0, "Bob")), (0.0, 30.0))
    (tmp_path / "a.rttm").write_text("SPEAKER a 1 soon\n")
    with pytest.raises(Failed, match="turns of a cannot be read"):
        inputs.conversations(tmp_path)


def test_joined_scenes_keep_their_turns_at_their_place():
    whole = joined([scene(), scene(((1.0, 2.0, "Eve"),), 5, ((0.0, 5.0),))], 22)
    assert (whole.seconds, whole.marked) == (25, ((0, 10), (10, 15), (15, 25)))
    assert whole.turns == (*TURNS, (11.0, 12.0, "Eve"), (15.0, 19.0, "Ann"), (19.0, 23.0, "Bob"))


def test_names_do_not_count_but_speakers_do():
    renamed = [(start, end, {"Ann": "x", "Bob": "y"}[who]) for start, end, who in TURNS]
    assert rates([scene()], [renamed]) == [(0.0, 0.0), (0.0, 0.0)]
    assert mapping(scene(), renamed) == {"x": "Ann", "y": "Bob"}
    assert rates([scene()], [[(0.0, 8.0, "x")]])[0][0] == pytest.approx(50)


def test_what_is_near_a_border_counts_without_a_collar_only():
    assert rates([scene()], [[(0.0, 4.2, "x"), (4.2, 8.0, "y")]])[0] == (pytest.approx(2.5), 0.0)


def test_words_that_nobody_says_by_the_reference_do_not_count():
    words = [Word("a", 1.0, 1.5, 1.0, "x"), Word("b", 5.0, 5.5, 1.0, "x"), Word("c", 9.0, 9.5, 1.0, "y")]
    assert count(scene(), words, {"x": "Ann", "y": "Bob"}) == (2, 1)
    assert count(scene(), [Word("a", 1.0, 1.5, 1.0)], {"x": "Ann"}) == (1, 0)


def test_a_word_that_is_read_belongs_to_its_reader_whatever_its_time():
    read = Scene("read", np.zeros(0, np.float32), TURNS, (), said=(("well", "Ann"), ("so", "Ann"), ("yes", "Bob")))
    words = [Word("Well,", 0.0, 0.5, 1.0, "x"), Word("yes", 1.0, 1.5, 1.0, "y"), Word("hm", 5.0, 5.5, 1.0, "y")]
    assert count(read, words, {"x": "Ann", "y": "Bob"}) == (2, 2)


def met(ours=TURNS, windows=TURNS, shares=(10, 8, 9), hours=None):
    hours = Hours(*(heard((), gigabytes) for gigabytes in hours)) if hours else None
    together = (heard(TURNS), heard(windows))
    report = conclude([scene()], (heard(TURNS), heard(ours)), scene(), together, [Shares(*shares)], hours)
    return [bar.met for bar in report.bars]


def test_each_bar_is_missed_by_what_it_is_for():
    late = ((0.0, 4.5, "Ann"), (4.5, 8.0, "Bob"))
    assert met() == [True, True, True]
    assert met(ours=late) == [False, True, True]
    assert met(windows=late) == [True, False, True]
    assert met(shares=(10, 9, 8)) == [True, True, False]
    assert met(hours=(2.0, 2.05, 2.5)) == [True] * 5
    assert met(hours=(2.0, 2.2, 2.5)) == [True, True, True, False, True]
    assert met(hours=(2.0, 2.0, 2.7)) == [True, True, True, True, False]


def test_without_a_pipeline_nothing_is_measured(tmp_path):
    command = [sys.executable, "-m", "bench.voices", "--pipeline", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "there is no config.yaml" in done.stderr
    assert done.stderr.count("\n") == 1
