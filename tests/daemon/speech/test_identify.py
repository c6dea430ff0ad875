import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from daemon.speech.identify import LEAST_SECONDS, HeardVoice, Likeness, Options, Thresholds, calibrated, identified

THRESHOLDS = Thresholds(sure=0.8, unsure=0.6)
ADA, BOB = 1, 2
PRINTS = {ADA: (1.0, 0.0, 0.0), BOB: (0.0, 1.0, 0.0)}


def voice(alike, to=ADA, seconds=10.0):
    """A voice that is so like one print, and not at all like the other."""
    first = [0.0, 0.0, math.sqrt(1 - alike**2)]
    first[to - 1] = alike
    return HeardVoice(first, seconds)


def found(**voices):
    return identified(voices, PRINTS, THRESHOLDS)


@pytest.mark.parametrize(
    ("alike", "expected"),
    [(0.95, True), (0.8, True), (0.79, False), (0.6, False), (0.59, None), (0.0, None)],
)
def test_likeness_makes_three_bands(alike, expected):
    likeness = found(A=voice(alike)).get("A")
    assert (likeness.is_sure if likeness else None) is expected


def test_each_voice_gets_the_speaker_that_it_is_most_like():
    assert found(A=voice(0.9, BOB), B=voice(0.85, ADA)) == {
        "A": Likeness(BOB, pytest.approx(0.9), is_sure=True),
        "B": Likeness(ADA, pytest.approx(0.85), is_sure=True),
    }


def test_of_two_voices_like_one_speaker_only_the_nearer_is_surely_theirs():
    both = found(A=voice(0.9), B=voice(0.95))
    assert [both["A"].is_sure, both["B"].is_sure] == [False, True]


def test_nobody_is_asked_of_a_voice_where_another_is_surely_that_speaker():
    assert set(found(A=voice(0.7), B=voice(0.95))) == {"B"}
    assert set(found(A=voice(0.7), B=voice(0.75))) == {"A", "B"}


def test_a_voice_that_is_like_two_speakers_is_surely_neithers():
    twins = {ADA: (1.0, 0.0), BOB: (0.999, 0.03)}
    assert not identified({"A": HeardVoice((1.0, 0.0), 9)}, twins, THRESHOLDS)["A"].is_sure


def test_too_little_speech_tells_nobody():
    assert found(A=voice(0.99, seconds=LEAST_SECONDS - 0.1)) == {}
    assert found(A=voice(0.99, seconds=LEAST_SECONDS))["A"].is_sure


def test_without_prints_nobody_is_recognised():
    assert identified({"A": voice(1.0)}, {}, THRESHOLDS) == {}


likenesses = st.floats(-1, 1)


@given(st.lists(likenesses, min_size=1, max_size=20), st.lists(likenesses, min_size=2, max_size=50))
def test_calibrated_thresholds_are_above_all_that_two_people_were_alike(own, others):
    thresholds = calibrated(own, others)
    assert thresholds.sure >= max(others) or thresholds.sure == 1
    assert thresholds.unsure <= thresholds.sure <= 1


def test_thresholds_follow_how_alike_people_are():
    near, far = calibrated([0.9], [0.5, 0.6, 0.7]), calibrated([0.9], [0.1, 0.15, 0.2])
    assert near.sure > far.sure >= 0.55
    assert near.unsure > far.unsure > 0.15


def test_options_out_of_order_are_refused():
    with pytest.raises(ValidationError, match="unsure must not be above sure"):
        Options(sure=0.5, unsure=0.6)
