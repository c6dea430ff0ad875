"""How people talk with each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.talking import coarser, is_conversation, talks
from captions.transcript import SpeakerTurn, Word


def test_who_talks_most_comes_first_with_their_share_and_speed():
    turns = [SpeakerTurn(0, 10, "A"), SpeakerTurn(10, 40, "B"), SpeakerTurn(40, 50, "A")]
    words = [Word("x", n, n + 0.5, 1.0, "B") for n in range(10, 40)] + [Word("x", 5, 6, 1.0, None)]
    first, second = talks(turns, words)
    assert (first.speaker, first.seconds, first.share, first.turns, first.words) == ("B", 30, 0.6, 1, 30)
    assert first.words_per_minute == 60
    assert (second.speaker, second.turns, second.words_per_minute) == ("A", 2, None)


@pytest.mark.parametrize(
    ("turn", "count"),
    [
        (SpeakerTurn(8, 14, "B"), 1),  # begins while A speaks, and goes on
        (SpeakerTurn(5, 6.5, "B"), 0),  # within A's turn
        (SpeakerTurn(9.5, 10.2, "B"), 0),  # "mhm"
        (SpeakerTurn(10, 14, "B"), 0),  # A has ended
        (SpeakerTurn(8, 14, "A"), 0),  # the same voice
    ],
)
def test_an_interruption_begins_in_anothers_turn_and_outlasts_it(turn, count):
    found = {talk.speaker: talk for talk in talks([SpeakerTurn(0, 10, "A"), turn])}
    assert found[turn.speaker].interruptions == count


def test_two_who_interrupt_each_other_are_each_counted():
    turns = [SpeakerTurn(0, 10, "A"), SpeakerTurn(8, 20, "B"), SpeakerTurn(18, 30, "A"), SpeakerTurn(29, 40, "C")]
    assert {talk.speaker: talk.interruptions for talk in talks(turns)} == {"A": 1, "B": 1, "C": 1}


def test_writing_without_spaces_has_no_words_a_minute():
    words = [Word("面包", n, n + 0.5, 1.0, "A") for n in range(10)]
    (talk,) = talks([SpeakerTurn(0, 10, "A")], words)
    assert (talk.words, talk.words_per_minute) == (10, None)


@pytest.mark.parametrize(
    ("speakers", "told"),
    [("", False), ("A", False), ("AB", True), (["Ada"], True)]
    + [([label], False) for label in ("S27", "SPEAKER_00", "Speaker B", "spk_1", "3", "speaker 2")],
)
def test_there_is_something_to_tell_of_several_voices_or_of_a_name(speakers, told):
    assert is_conversation([SpeakerTurn(0, 1, speaker) for speaker in speakers]) is told


TURNS = st.lists(
    st.builds(
        lambda start, seconds, name: SpeakerTurn(start, start + seconds, name),
        st.floats(0, 1000),
        st.floats(0.01, 10),
        st.sampled_from("ABC"),
    ),
    max_size=60,
)


@given(TURNS, st.integers(3, 60))
def test_coarser_turns_are_few_and_hold_all_that_was_said(turns, most):
    found = coarser(turns, most)
    assert len(found) <= max(most, 1)
    for turn in turns:
        assert any(one.speaker == turn.speaker and one.start <= turn.start and turn.end <= one.end for one in found)


def test_turns_that_are_few_enough_stay_as_they_are():
    turns = [SpeakerTurn(3, 4, "B"), SpeakerTurn(0, 1, "A"), SpeakerTurn(1.1, 2, "A")]
    assert coarser(turns, 3) == (turns[1], turns[2], turns[0])


def test_ten_hours_of_quick_talk_become_few_turns():
    turns = [SpeakerTurn(n * 2.0, n * 2.0 + 1.5, "AB"[n % 2]) for n in range(18_000)]
    assert len(coarser(turns, 4000)) <= 4000


def test_nobody_speaks():
    assert talks([]) == ()


@given(
    st.lists(
        st.builds(
            lambda start, seconds, name: SpeakerTurn(start, start + seconds, name),
            st.floats(0, 100),
            st.floats(0, 10),
            st.sampled_from("ABC"),
        )
    )
)
def test_shares_are_of_the_whole(turns):
    found = talks(turns)
    assert {talk.speaker for talk in found} == {turn.speaker for turn in turns}
    assert sum(talk.turns for talk in found) == len(turns)
    assert sum(talk.share for talk in found) == pytest.approx(1 if any(t.end > t.start for t in turns) else 0)
