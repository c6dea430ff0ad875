import json
import os
import subprocess
import sys

import pytest

from bench import inputs
from bench.identity import Person, conclude, score
from daemon.speech.identify import HeardVoice, Thresholds

pytest.importorskip("rich")


def person(name, *direction, later=2):
    voice = HeardVoice(direction, 6.0)
    return Person(name, (voice,), (voice,) * later)


ADA, BOB = person("ada", 1, 0, 0), person("bob", 0, 1, 0)
EVE, DAN = person("eve", 0.9, 0.1, 0.4), person("dan", 0, 0, 1)


def test_what_becomes_of_voices_is_counted():
    strict, lax = Thresholds(0.999, 0.99), Thresholds(0.5, 0.4)
    assert score([ADA, BOB], [EVE], strict).right == 4
    counted = score([ADA, BOB], [EVE], lax)
    assert (counted.right, counted.wrong, counted.strangers, counted.named) == (4, 0, 2, 2)
    far = Person("ada", ADA.known, (HeardVoice((0.7, 0.0, 0.7), 6.0), HeardVoice((0, 0, 1), 6.0)))
    counted = score([far], [], Thresholds(0.9, 0.6))
    assert (counted.right, counted.unsure, counted.unknown) == (0, 1, 1)


def test_a_bar_is_missed_where_voices_get_wrong_names():
    swapped = Person("ada", ADA.known, BOB.later), Person("bob", BOB.known, ADA.later)
    bars = conclude([swapped[0], DAN, swapped[1], EVE]).bars
    assert [bar.met for bar in bars if bar.name == "wrong names"] == [True, False]


def test_files_of_one_speaker_are_found_once_each(tmp_path):
    def entry(**values):
        return {"id": "x", "file": "x.wav", "tags": [], "speaker_ids": ["ann"], **values}

    entries = [entry(), entry(id="y", file="y.mp3", recording="x"), entry(id="z", speaker_ids=["a", "b"])]
    (tmp_path / "manifest.json").write_text(json.dumps(entries))
    assert inputs.alone(tmp_path) == {"ann": [tmp_path / "x.wav"]}
    assert inputs.alone(None) == {}


def test_without_a_corpus_it_ends_with_one_line(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "bench.identity", "--corpus", str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "CAPTIONWATCH_VOICES": str(tmp_path / "none")},
        timeout=60,
    )
    assert ran.returncode == 2
    assert len(ran.stderr.strip().splitlines()) == 1
