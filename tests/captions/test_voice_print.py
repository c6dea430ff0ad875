import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.voice_print import MOST_SECONDS, similarity, voice_print

numbers = st.floats(-1000, 1000, allow_nan=False)
vectors = st.lists(numbers, min_size=3, max_size=3).filter(lambda vector: math.hypot(*vector) > 1e-3)


@given(vectors, vectors, st.floats(0.01, 100))
def test_likeness_is_from_minus_one_to_one_the_same_both_ways_and_whatever_the_length(one, other, factor):
    alike = similarity(one, other)
    assert -1 <= alike <= 1
    assert alike == pytest.approx(similarity(other, one))
    assert alike == pytest.approx(similarity([factor * value for value in one], other), abs=1e-6)
    assert similarity(one, one) == pytest.approx(1)


def test_what_is_nothing_is_like_nothing():
    assert similarity([0, 0], [1, 0]) == 0
    assert voice_print([]) == ()
    assert voice_print([([0.0, 0.0], 5.0), ([1.0, 0.0], 0.0)]) == ()


def test_embeddings_of_two_networks_are_not_compared():
    with pytest.raises(ValueError, match="zip"):
        similarity([1, 0], [1, 0, 0])


def test_a_print_is_the_mean_of_directions_weighted_by_seconds():
    made = voice_print([([2.0, 0.0], 30.0), ([0.0, 7.0], 10.0)])
    assert similarity(made, [3, 1]) == pytest.approx(1)


def test_an_hour_of_one_recording_does_not_drown_a_minute_of_another():
    made = voice_print([([1.0, 0.0], 3600.0), ([0.0, 1.0], MOST_SECONDS)])
    assert similarity(made, [1, 1]) == pytest.approx(1)
