import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.anchors import anchored, in_order, key, matches, spread, track_words, with_times
from captions.profiles import find
from captions.track import Cue, Line, Track
from captions.transcript import Word
from tests.captions.strategies import plain_lines, transcripts

WORDS = ["the", "cat", "sat", "on", "a", "mat,", "Mat", "…", "字", "extraordinary"]
vocabulary = st.sampled_from(WORDS)
texts = st.lists(vocabulary | plain_lines, max_size=25)


def heard(*words, step=0.5):
    return tuple(Word(text, index * step, index * step + 0.4, 0.9) for index, text in enumerate(words))


def rises(words, seconds):
    edges = [edge for word in words for edge in (word.start, word.end)]
    return edges == sorted(edges) and all(0 <= edge <= seconds for edge in edges)


@pytest.mark.parametrize(("one", "other"), [("Mat,", "mat"), ("I’m", "i'm"), ("É", "é"), ("ﬁne", "fine"), ("…", "…")])
def test_case_punctuation_and_composition_do_not_part_words(one, other):
    assert key(one) == key(other)


def test_what_has_no_letters_is_compared_as_it_is():
    assert key("…") != key("–")


@given(texts, texts)
def test_matches_are_equal_words_in_the_order_of_both(one, other):
    pairs = matches(one, other)
    assert all(key(one[left]) == key(other[right]) for left, right in pairs)
    assert [left for left, _ in pairs] == sorted({left for left, _ in pairs})
    assert [right for _, right in pairs] == sorted({right for _, right in pairs})


@given(texts)
def test_the_same_words_match_one_by_one(one):
    assert matches(one, one) == [(index, index) for index in range(len(one))]


def test_a_talk_of_hours_is_matched_in_seconds():
    talk = [f"{WORDS[n % 5]}" if n % 3 else f"word{n % 900}" for n in range(6_000)]
    edited = ["changed" if n % 211 == 0 else word for n, word in enumerate(talk)]
    began = time.monotonic()
    pairs = matches(edited, talk)
    assert time.monotonic() - began < 20
    assert len(pairs) == sum(one == other for one, other in zip(edited, talk, strict=True))


@given(st.lists(st.text(max_size=9), min_size=1, max_size=9), st.floats(0, 1e4), st.floats(0, 1e4))
def test_a_span_is_divided_without_a_rest(parts, start, length):
    spans = spread(parts, (start, start + length))
    assert len(spans) == len(parts)
    assert spans[0][0] == start
    assert spans[-1][1] == pytest.approx(start + length)
    assert all(before[1] == after[0] for before, after in pairwise(spans))


@given(texts, transcripts())
def test_every_text_is_there_once_unchanged_and_times_rise_within_the_sound(parts, transcript):
    seconds = max([transcript.seconds, *(word.end for word in transcript.words)])
    words = anchored(parts, in_order(transcript.words, seconds), [(0.0, seconds)] * len(parts))
    assert [word.text for word in words] == parts
    assert rises(words, seconds)


def test_a_word_that_was_heard_keeps_its_time_and_confidence():
    words = anchored(["The", "cat!"], heard("the", "cat"), [(0, 1)] * 2)
    assert words == (Word("The", 0, 0.4, 0.9), Word("cat!", 0.5, 0.9, 0.9))


def test_a_word_in_the_place_of_another_has_its_time_and_no_confidence():
    words = anchored(["the", "dog", "sat"], heard("the", "cog", "sat"), [(0, 2)] * 3)
    assert words[1] == Word("dog", 0.5, 0.9, 0.0)


def test_a_word_that_was_not_heard_is_between_its_neighbours():
    words = anchored(["the", "black", "cat"], heard("the", "cat"), [(0, 2)] * 3)
    assert words[1] == Word("black", 0.4, 0.5, 0.0)


def test_words_before_the_first_that_was_heard_do_not_last_a_minute():
    late = tuple(Word(word.text, word.start + 60, word.end + 60, 0.9) for word in heard("cat", "sat"))
    assert anchored(["the", "cat", "sat"], late, [(0, 90)] * 3)[0].start == pytest.approx(59.25)


def test_with_nothing_heard_texts_are_spread_within_their_bounds():
    assert [word.start for word in anchored(["a", "b"], (), [(4, 6)] * 2)] == [4, 5]
    assert anchored([], heard("cat"), []) == ()


@given(transcripts(), st.floats(0, 100))
def test_words_in_order_are_the_same_words_at_times_that_rise(transcript, seconds):
    ordered = in_order(transcript.words, seconds)
    assert [(word.text, word.speaker) for word in ordered] == [(word.text, word.speaker) for word in transcript.words]
    assert rises(ordered, seconds)
    assert in_order(ordered, seconds) == ordered


def test_words_that_are_in_order_stay_as_they_are():
    assert in_order(heard("the", "cat"), 1.0) == heard("the", "cat")


def test_the_dashes_of_two_who_share_a_cue_are_no_words():
    both = Cue(0.0, 3.0, (Line("- Are you there?", "Ann"), Line("- Yes.", "Bob")))
    track = Track("en", (both, Cue(3.0, 5.0, (Line("One two three.", "Ann"),))))
    words = track_words(track)
    assert [word.text for word in words] == ["Are", "you", "there?", "Yes.", "One", "two", "three."]
    assert [(cue.start, cue.end) for cue in with_times(track, words, find("netflix")).cues] == [(0.0, 3.0), (3.0, 5.0)]
