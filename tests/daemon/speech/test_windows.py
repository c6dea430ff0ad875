from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.transcript import Word
from daemon.speech.timemap import TimeMap, without_long_pauses
from daemon.speech.windows import divided, over_speech, snapped, windows

LONGEST = 30.0


@st.composite
def speech(draw):
    """Spans of speech, some half a minute and more."""
    time, spans = 0.0, []
    for _ in range(draw(st.integers(0, 20))):
        start = time + draw(st.floats(0.1, 8))
        time = start + draw(st.floats(0.05, 9) | st.floats(25, 100))
        spans.append((start, time))
    return spans


@given(speech())
def test_windows_hold_all_speech_and_are_short_enough(spans):
    seconds = spans[-1][1] + 1 if spans else 75.0
    parts = windows(spans, seconds)
    assert all(0 <= start < end <= seconds for start, end in parts)
    assert all(end - start <= LONGEST + 1e-6 for start, end in parts)
    assert all(before[1] <= after[0] + 1e-6 for before, after in pairwise(parts))
    for start, end in spans or [(0.0, seconds)]:
        inside = sum(max(0.0, min(end, high) - max(start, low)) for low, high in parts)
        assert inside == pytest.approx(end - start)


def test_a_window_ends_in_the_longest_pause_of_its_second_half():
    spans = [(0, 5), (6, 16), (19, 24), (24.2, 29), (29.1, 40)]
    assert windows(spans, 40) == [(0, 16), (19, 40)]


def test_what_fits_is_one_window():
    assert windows([(1, 3), (9, 29)], 40) == [(1, 29)]


@given(speech(), st.lists(st.tuples(st.floats(0, 300), st.floats(0, 40)), max_size=30))
def test_each_word_is_in_one_window_in_order(spans, times):
    words = [Word("x", start, start + length, 0.0) for start, length in sorted(times)]
    parts = windows(spans, 400.0)
    assert [index for part in divided(words, parts) for index in part] == list(range(len(words)))


def test_words_go_to_the_window_that_their_middle_is_in():
    words = [Word("x", start, start + 1, 0.0) for start in (0, 9, 12, 19)]
    assert divided(words, [(0, 10), (14, 20)]) == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("word", "expected"),
    [((1.0, 3.0), (2.0, 3.0)), ((2.5, 5.5), (2.5, 4.0)), ((4.2, 4.8), (4.2, 4.8)), ((3.9, 6.0), (5.0, 6.0))],
)
def test_pauses_are_no_part_of_a_word(word, expected):
    found = snapped(Word("x", *word, 0.5), [(2.0, 4.0), (5.0, 7.0)])
    assert (found.start, found.end) == expected


def test_texts_are_spread_over_speech_and_not_over_pauses():
    assert over_speech([(0, 1), (1, 2), (2, 4)], [(10, 11), (20, 23)]) == [(10, 11), (20, 21), (21, 23)]
    assert over_speech([(0, 1)], []) == [(0, 1)]


# ---- what was cut out


@st.composite
def cut(draw):
    """A map, and the length of the whole."""
    spans = draw(speech())
    seconds = (spans[-1][1] if spans else 0.0) + draw(st.floats(0.5, 20))
    return without_long_pauses(spans, seconds, draw(st.floats(0.1, 3))), spans, seconds


@given(cut(), st.floats(0, 1), st.floats(0, 1))
def test_times_rise_and_stay_within_the_whole(made, one, other):
    times, _, seconds = made
    first, second = sorted((one * times.seconds, other * times.seconds))
    start, end = times.span(first, second)
    assert 0 <= start <= end <= seconds
    assert times.original(first) <= times.original(second)
    assert all(0 <= edge <= seconds for edge in times.word(first, second))


@given(cut())
def test_no_speech_is_cut(made):
    times, spans, _ = made
    assert all(any(low <= start and end <= high for low, high in times.pieces) for start, end in spans)


@given(cut())
def test_what_is_left_has_its_place(made):
    times, _, _ = made
    before = 0.0
    for start, end in times.pieces:
        middle = before + (end - start) / 2
        assert times.original(middle) == pytest.approx((start + end) / 2)
        before += end - start


def test_a_long_pause_is_left_in_part_and_a_short_one_whole():
    times = without_long_pauses([(5, 6), (6.5, 8), (20, 21)], 30, 1.0)
    assert times.pieces == ((4.5, 8.5), (19.5, 21.5))


def test_without_speech_everything_is_left():
    assert without_long_pauses([], 30, 1.0).pieces == ((0.0, 30),)


def test_a_joint_is_an_end_for_what_ends_there_and_a_beginning_for_what_begins():
    times = TimeMap(((0.0, 2.0), (10.0, 12.0)))
    assert times.original(2.0) == 10.0
    assert times.original(2.0, ends=True) == 2.0
    assert times.span(1.0, 3.0) == (1.0, 11.0)
    assert times.word(1.5, 2.2) == (1.5, 2.0)
    assert times.word(1.9, 2.6) == (10.0, 10.6)


def test_pieces_out_of_order_are_refused():
    with pytest.raises(ValueError, match="in order"):
        TimeMap(((5.0, 6.0), (1.0, 2.0)))
    with pytest.raises(ValueError, match="in order"):
        TimeMap(())
