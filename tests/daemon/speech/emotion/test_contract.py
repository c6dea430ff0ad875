"""Turns become pieces, pieces become spans with the scores of every label."""

from itertools import pairwise

import numpy as np
import pytest

from captions.transcript import EmotionSpan, SpeakerTurn
from daemon.speech.audio import SAMPLE_RATE, Audio
from daemon.speech.emotion import ENGINES, EmotionEngine
from daemon.speech.emotion.contract import LONGEST_SECONDS, pieces


class Listener:
    """Calls loud what is loud, and keeps how long the pieces were that it heard."""

    labels = ("loud", "soft")

    def __init__(self):
        self.heard = []

    def hear(self, samples):
        self.heard.append(len(samples) / SAMPLE_RATE)
        loud = float(np.abs(samples).max())
        return {"loud": loud, "soft": 1 - loud}


def sound(*loudness):
    """A second of each loudness."""
    samples = np.repeat(np.array(loudness, np.float32), SAMPLE_RATE)
    return Audio(samples, SAMPLE_RATE, float(len(loudness)))


def emotions(audio, *turns):
    listener, told = Listener(), []
    found = EmotionEngine(listener).emotions(audio, [SpeakerTurn(*turn) for turn in turns], told.append)
    return found, listener.heard, told


def test_each_turn_has_the_feeling_of_its_own_sound():
    found, _, told = emotions(sound(0.9, 0.9, 0.25), (0.0, 2.0, "A"), (2.0, 3.0, "B"))
    assert [(one.start, one.end, one.label) for one in found] == [(0.0, 2.0, "loud"), (2.0, 3.0, "soft")]
    assert found[1] == EmotionSpan(2.0, 3.0, "soft", {"loud": 0.25, "soft": 0.75}, "B")
    assert told == [0.5, 1.0]


def test_spans_are_in_the_order_of_time_whatever_that_of_the_turns():
    found, _, _ = emotions(sound(0.9, 0.9, 0.2), (2.0, 3.0, "B"), (0.0, 2.0, "A"))
    assert [one.start for one in found] == [0.0, 2.0]


@pytest.mark.parametrize(("seconds", "number"), [(10.0, 1), (10.1, 2), (25.0, 3), (60.0, 6)])
def test_a_long_turn_is_cut_into_equal_pieces_that_meet(seconds, number):
    found = list(pieces(SpeakerTurn(1.0, 1.0 + seconds, "A"), 100.0))
    assert len(found) == number
    assert (found[0][0], found[-1][1]) == (1.0, 1.0 + seconds)
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert [end - start for start, end in found] == pytest.approx([seconds / number] * number)
    assert seconds / number <= LONGEST_SECONDS


def test_short_turns_silence_and_what_is_beyond_the_end_are_left_out():
    found, heard, told = emotions(
        sound(0.5, 0.0, 0.5), (0.0, 0.49, "A"), (1.0, 2.0, "A"), (2.8, 9.0, "A"), (5.0, 6.0, "A"), (2.0, 1.0, "A")
    )
    assert (found, heard) == ((), [])
    assert told == [1.0]
    assert emotions(sound(0.5)) == ((), [], [])


def test_a_turn_that_goes_past_the_end_or_begins_before_it_is_cut_there():
    found, heard, _ = emotions(sound(0.5, 0.5), (-1.0, 1.0, "A"), (1.0, 3.0, "A"))
    assert [(one.start, one.end) for one in found] == [(0.0, 1.0), (1.0, 2.0)]
    assert heard == [1.0, 1.0]


@pytest.mark.parametrize("name", sorted(ENGINES))
def test_every_engine_says_in_one_line_why_a_folder_is_no_model(name, tmp_path):
    said = ENGINES[name].why_not(str(tmp_path))
    assert str(tmp_path) in said
    assert "\n" not in said
