"""A speaker is measured against themselves."""

from itertools import pairwise

import numpy as np

from captions.transcript import SpeakerTurn, Word
from daemon.speech.emotion.prosody import manners

RATE = 1000  # Hz: levels do not depend on it


def spoken(*turns):
    """The descriptors of turns of two seconds each: (speaker, loudness, words)."""
    samples, said, words = [], [], []
    for number, (speaker, loudness, count) in enumerate(turns):
        start = 2.0 * number
        samples.append(np.full(2 * RATE, loudness, np.float32))
        said.append(SpeakerTurn(start, start + 2.0, speaker))
        edges = np.linspace(start, start + 2.0, count + 1)
        words += [Word("word", float(a), float(b), 0.9) for a, b in pairwise(edges)]
    found = manners(np.concatenate(samples) if samples else np.zeros(0, np.float32), RATE, said, words)
    assert [one.turn for one in found] == said
    return [one.descriptors for one in found]


USUAL = ("A", 0.1, 6)


def test_who_speaks_as_always_has_no_descriptor():
    assert spoken(USUAL, USUAL, USUAL) == [(), (), ()]
    assert spoken() == []


def test_twice_as_strong_is_loud_and_half_as_strong_is_quiet():
    assert spoken(USUAL, USUAL, ("A", 0.21, 6), ("A", 0.19, 6))[2:] == [(), ()]  # of four, the median is between them
    assert spoken(USUAL, USUAL, USUAL, ("A", 0.21, 6), ("A", 0.19, 6))[3:] == [("loud",), ()]
    assert spoken(USUAL, USUAL, USUAL, ("A", 0.049, 6), ("A", 0.052, 6))[3:] == [("quiet",), ()]


def test_a_third_more_words_a_second_is_fast_and_the_same_share_less_is_slow():
    assert spoken(USUAL, USUAL, USUAL, ("A", 0.1, 9), ("A", 0.1, 8))[3:] == [("fast",), ()]
    assert spoken(USUAL, USUAL, USUAL, ("A", 0.1, 4), ("A", 0.1, 5))[3:] == [("slow",), ()]


def test_both_are_said_together():
    assert spoken(USUAL, USUAL, USUAL, ("A", 0.5, 12))[3] == ("loud", "fast")


def test_each_speaker_is_measured_by_their_own_turns():
    shouting = ("B", 0.8, 14)
    assert spoken(USUAL, shouting, USUAL, shouting, USUAL, shouting) == [()] * 6


def test_of_a_speaker_with_two_turns_nothing_is_said():
    assert spoken(USUAL, ("A", 0.9, 20)) == [(), ()]


def test_words_count_for_the_turn_that_their_middle_is_in_whatever_their_order():
    turns = [SpeakerTurn(2.0 * n, 2.0 * n + 2, "A") for n in range(4)]
    edges = [(n, n * 2 + 0.2 * m) for n in range(4) for m in range(9 if n == 3 else 5)]
    words = [Word("word", start, start + 0.2, 0.9) for n, start in edges]
    found = manners(np.full(8 * RATE, 0.1, np.float32), RATE, turns, words[::-1])
    assert found == manners(np.full(8 * RATE, 0.1, np.float32), RATE, turns, words)
    assert [one.descriptors for one in found] == [()] * 4, "as many words a second, however many they are"


def test_silent_turns_and_turns_of_few_words_have_no_level_and_no_rate():
    silent = ("A", 0.0, 0)
    assert spoken(USUAL, USUAL, USUAL, silent, silent, silent, silent) == [()] * 7
    assert spoken(USUAL, USUAL, USUAL, ("A", 0.1, 3))[3] == ()


def test_turns_beyond_the_sound_or_shorter_than_half_a_second_have_no_level():
    samples = np.full(8 * RATE, 0.1, np.float32)
    samples[6000:6400] = 0.9
    turns = [SpeakerTurn(start, end, "A") for start, end in ((0, 2), (2, 4), (4, 6), (6, 6.4), (90, 99), (-5, -1))]
    assert [one.descriptors for one in manners(samples, RATE, turns, [])] == [()] * 6
