"""How people talk with each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.talking import talks
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
