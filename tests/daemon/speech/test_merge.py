"""Which word is whose, sentence by sentence."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.transcript import SpeakerTurn, Word
from daemon.speech.merge import LEAST_RUN, NEAR_SECONDS, assigned, merged, smoothed, turns_of


def said(text, begin=0.0, each=0.5):
    """Words one after the other, of the same length."""
    return tuple(Word(word, begin + n * each, begin + (n + 1) * each, 0.9) for n, word in enumerate(text.split()))


def by(*speakers_and_ends):
    """Turns from 0 on, one after the other."""
    turns, start = [], 0.0
    for speaker, end in speakers_and_ends:
        turns.append(SpeakerTurn(start, end, speaker))
        start = end
    return tuple(turns)


def speakers(words):
    return "".join(word.speaker or "-" for word in words)


def voiced(text, labels):
    words = said(text)
    assert len(words) == len(labels)
    return tuple(
        Word(word.text, word.start, word.end, word.confidence, None if label == "-" else label)
        for word, label in zip(words, labels, strict=True)
    )


def test_a_word_belongs_to_whoever_has_most_of_its_time():
    words = said("well then and now")
    assert speakers(assigned(words, by(("A", 0.7), ("B", 2.0)))) == "ABBB"
    assert speakers(assigned(words, by(("A", 0.8), ("B", 2.0)))) == "AABB"


def test_the_parts_of_a_speaker_in_one_word_count_together():
    turns = (SpeakerTurn(0.0, 0.2, "A"), SpeakerTurn(0.2, 0.45, "B"), SpeakerTurn(0.45, 1.0, "A"))
    assert speakers(assigned([Word("long", 0.0, 0.6, 1.0)], turns)) == "A"


def test_a_word_in_no_turn_belongs_to_the_nearest_if_that_is_near():
    turns = (SpeakerTurn(10.0, 11.0, "A"), SpeakerTurn(14.0, 15.0, "B"))
    words = [Word("x", start, start + 0.1, 1.0) for start in (0.0, 9.5, 11.8, 12.45, 13.5, 30.0)]
    assert speakers(assigned(words, turns)) == "-AA-B-"


def test_a_word_without_a_length_has_the_speaker_of_its_moment():
    assert speakers(assigned([Word("oh", 0.3, 0.3, 1.0)], by(("A", 1.0), ("B", 2.0)))) == "A"


def test_without_turns_nobody_speaks():
    spoken = merged(said("who is there?"), (), "en")
    assert (speakers(spoken.words), spoken.turns) == ("---", ())


def test_no_words_make_no_turns():
    assert merged((), by(("A", 9.0)), "en").turns == ()


@pytest.mark.parametrize(
    ("text", "heard", "wanted"),
    [
        ("I think so. Do you agree?", "AABBBB", "AAABBB"),  # the last word of a sentence
        ("I think so. Do you agree?", "AAAABB", "AAABBB"),  # the first word of one
        ("We could go there now", "AABAA", "AAAAA"),  # one in the middle
        ("I will come. Yes. And then we go.", "AAABAAAA", "AAABAAAA"),  # an interjection that is a sentence
        ("so how are you I am fine thanks", "AAAABBBB", "AAAABBBB"),  # no full stop where the speaker changes
        ("How are you?", "-AA", "AAA"),
        ("How are you?", "---", "---"),
    ],
)
def test_a_sentence_changes_its_speaker_for_no_single_word(text, heard, wanted):
    words = voiced(text, heard)
    assert speakers(smoothed(words, "en")) == wanted


def test_of_two_words_the_longer_one_says_who_speaks():
    assert speakers(smoothed((Word("Oh", 0.0, 0.2, 0.9, "A"), Word("really?", 0.2, 0.7, 0.9, "B")), "en")) == "BB"


def test_a_long_pause_ends_a_sentence_and_a_turn():
    words = (*said("so we wait"), *said("yes", 10.0))
    spoken = merged(words, (SpeakerTurn(0.0, 1.5, "A"), SpeakerTurn(10.0, 11.0, "B")), "en")
    assert speakers(spoken.words) == "AAAB"
    alone = merged(words, (SpeakerTurn(0.0, 11.0, "A"),), "en")
    assert alone.turns == (SpeakerTurn(0.0, 1.5, "A"), SpeakerTurn(10.0, 10.5, "A"))


def test_a_title_ends_no_sentence():
    assert speakers(smoothed(voiced("Ask Dr. Who about it", "AABAA"), "en")) == "AAAAA"


def test_twelve_speakers_keep_their_words():
    names = [chr(ord("A") + n) for n in range(12)]
    words = [word for n, _ in enumerate(names) for word in said("this is mine.", n * 2.0)]
    turns = [SpeakerTurn(n * 2.0, n * 2.0 + 1.5, name) for n, name in enumerate(names)]
    spoken = merged(words, turns, "en")
    assert speakers(spoken.words) == "".join(name * 3 for name in names)
    assert spoken.turns == tuple(turns)


texts = st.sampled_from(["yes", "no.", "and", "well,", "so?", "Dr."])
gaps = st.floats(0.0, 4.0)


@st.composite
def scenes(draw):
    def spans(most):
        at = 0.0
        for _ in range(draw(st.integers(0, most))):
            at += draw(gaps)
            end = at + draw(st.floats(0.0, 3.0))
            yield at, end
            at = end

    words = tuple(Word(draw(texts), start, end, 0.9) for start, end in spans(12))
    turns = tuple(SpeakerTurn(start, end, draw(st.sampled_from("ABC"))) for start, end in spans(8) if start < end)
    return words, turns


@given(scenes())
def test_words_stay_as_they_are_but_for_their_speaker(scene):
    words, turns = scene
    spoken = merged(words, turns, "en")
    assert [(word.text, word.start, word.end) for word in spoken.words] == [(w.text, w.start, w.end) for w in words]
    assert {word.speaker for word in spoken.words} <= {turn.speaker for turn in turns} | {None}


@given(scenes())
def test_a_speaker_is_never_far_from_the_words_before_they_are_smoothed(scene):
    words, turns = scene
    for word, made in zip(words, assigned(words, turns), strict=True):
        gap = {t: max(0.0, t.start - word.end, word.start - t.end) for t in turns}
        near = {turn.speaker for turn in turns if gap[turn] <= NEAR_SECONDS}
        assert made.speaker in near if near else made.speaker is None


@given(scenes())
def test_smoothing_twice_changes_nothing_more(scene):
    once = merged(*scene, "en").words
    assert smoothed(once, "en") == once


@given(scenes())
def test_turns_hold_every_word_that_has_a_speaker_and_nothing_else(scene):
    spoken = merged(*scene, "en")
    for word in spoken.words:
        holds = [turn for turn in spoken.turns if turn.start <= word.start and word.end <= turn.end]
        assert (word.speaker in {turn.speaker for turn in holds}) is (word.speaker is not None)
    edges = {word.start for word in spoken.words} | {word.end for word in spoken.words}
    assert {edge for turn in spoken.turns for edge in (turn.start, turn.end)} <= edges


@given(st.lists(st.sampled_from("AB"), min_size=1, max_size=20))
def test_within_a_sentence_no_word_stands_alone(labels):
    made = smoothed(voiced("on " * len(labels), labels), "en")
    lengths = [len(list(run)) for _, run in groupby(made, key=lambda word: word.speaker)]
    assert len(lengths) == 1 or min(lengths) >= LEAST_RUN


def test_a_turn_ends_with_another_speaker():
    words = voiced("a b c d", "AABA")
    assert [(turn.speaker, turn.start, turn.end) for turn in turns_of(words)] == [
        ("A", 0.0, 1.0),
        ("B", 1.0, 1.5),
        ("A", 1.5, 2.0),
    ]
