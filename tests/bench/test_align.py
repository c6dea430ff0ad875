import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from bench import condition
from bench.align import BY_CTC, ROWS, Errors, conclude, errors, measure, word_times
from bench.report import Failed
from captions.transcript import Word
from daemon.speech.condition import Condition
from tests.bench.test_accuracy import beginning, corpus
from tests.daemon.speech.tiny_models import wav2vec2

ROOT = Path(__file__).parents[2]
SHORT = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n9\n<exists>\n1\n"IntervalTier"\n"words"\n0\n9\n{rows}'
)
LONG = (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 9\ntiers? <exists>\nsize = 1\nitem []:\n'
    '    item [1]:\n        class = "IntervalTier"\n        name = "word"\n        xmin = 0.0\n        xmax = 9\n'
    "        intervals: size = 2\n        intervals [1]:\n            xmin = 0.5\n            xmax = 1\n"
    '            text = "say ""it"""\n        intervals [2]:\n            xmin = 1\n            xmax = 9\n'
    '            text = ""\n'
)


def grid(path, *rows):
    lines = [str(len(rows)), *(f'{start}\n{end}\n"{text}"' for start, end, text in rows)]
    path.write_text(SHORT.format(rows="\n".join(lines)))
    return path


def late(*milliseconds):
    return Errors(milliseconds, milliseconds)


def test_a_textgrid_is_read_in_its_short_form(tmp_path):
    path = grid(tmp_path / "a.TextGrid", (0, 1.05, ""), (1.05, 1.2, "this"), (1.2, 9, "2nd"))
    assert word_times(path) == (Word("this", 1.05, 1.2, 1.0), Word("2nd", 1.2, 9.0, 1.0))


def test_a_textgrid_is_read_in_its_long_form(tmp_path):
    (tmp_path / "a.TextGrid").write_text(LONG)
    assert [(word.start, word.end) for word in word_times(tmp_path / "a.TextGrid")] == [(0.5, 1.0)]


@pytest.mark.parametrize("text", ["", "nonsense", '"IntervalTier"\n"words"\n0\n9\n5\n0\n'])
def test_what_is_no_textgrid_is_refused(tmp_path, text):
    (tmp_path / "a.TextGrid").write_text(text)
    with pytest.raises(Failed, match="no TextGrid"):
        word_times(tmp_path / "a.TextGrid")


def test_words_are_late_by_what_they_begin_and_end_after_those_of_the_reference():
    reference = (Word("a", 1.0, 2.0, 1.0), Word("b", 2.0, 3.0, 1.0))
    found = errors(reference, (Word("A,", 1.25, 2.0, 1.0), Word("x", 2.0, 3.0, 1.0), Word("b", 1.5, 3.5, 1.0)))
    assert found == Errors((250.0, -500.0), (0.0, 500.0))


def test_an_aligner_that_is_farther_off_than_the_engine_misses_the_bar():
    assert conclude(dict(zip(ROWS, (late(90, -90), late(91, 91), late(0)), strict=True)), 0.0).met is False
    assert conclude(dict(zip(ROWS, (late(90, -90), late(-90, 90), late(0)), strict=True)), 0.0).met is True


def test_where_no_word_was_recognised_there_is_nothing_to_conclude():
    with pytest.raises(Failed, match="not one word"):
        conclude(dict(zip(ROWS, (late(), late(), late(1)), strict=True)), 0.0)


def bench(name, *words):
    command = [sys.executable, "-m", f"bench.{name}", "--quick", "--json", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_without_hand_made_times_it_says_what_it_needs(tmp_path):
    done = bench("align", "--corpus", corpus(tmp_path, {"id": "a"}))
    assert done.returncode == 2
    assert "hand-made" in done.stderr
    assert "Traceback" not in done.stderr


def timed(folder):
    """A corpus of one short recording whose first words have times."""
    beginning(folder / "x.wav", 5.0)
    grid(folder / "timed.TextGrid", (0.2, 0.4, "It"), (0.4, 0.6, "was"), (0.6, 0.7, "the"), (0.7, 1.1, "best"))
    text = "It was the best of times, it was the worst of times"
    return corpus(folder, {"id": "timed", "reference_text": text, "word_timing": "timed.TextGrid"})


def test_engine_and_aligner_are_measured_on_a_corpus_with_word_times(tmp_path):
    done = bench("align", "--corpus", timed(tmp_path))
    assert done.returncode in (0, 1), done.stderr
    assert [row["times of"] for row in json.loads(done.stdout)["rows"]] == list(ROWS)


def test_an_aligner_by_ctc_has_a_row_of_its_own(tmp_path):
    asked = Namespace(corpus=timed(tmp_path), model=None, quick=True, ctc=str(wav2vec2(tmp_path / "model")))
    rows = {name: words for name, words, *_ in measure(asked).rows}
    assert list(rows) == [*ROWS, BY_CTC]
    assert rows[BY_CTC] == 4


def test_a_ctc_model_that_is_not_there_is_said_before_anything_is_measured(tmp_path):
    folder = corpus(tmp_path, {"id": "timed", "reference_text": "It", "word_timing": "timed.TextGrid"})
    done = bench("align", "--corpus", folder, "--ctc", tmp_path / "nothing")
    assert done.returncode == 2
    assert done.stderr.startswith("bench: there is no model folder")


@pytest.mark.parametrize(("name", "decibels"), [("as they are", 0), ("30 dB softer", -30), ("noise at 10 dB", 0.4)])
def test_recordings_are_made_worse_by_what_is_said(name, decibels):
    sound = (0.5 * np.sin(np.arange(16_000) / 8)).astype(np.float32)
    changed = condition.SOUNDS[name](sound)
    assert 20 * np.log10(changed.std() / sound.std()) == pytest.approx(decibels, abs=0.1)


def test_each_preparation_that_is_measured_is_one_that_can_be_set():
    steps = [Condition.model_validate(one) for one in condition.STEPS.values()]
    assert [one.is_off for one in steps] == [True, *[False] * (len(steps) - 1)]
