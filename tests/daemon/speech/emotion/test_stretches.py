"""Who is listened to: one voice at a time."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from captions.transcript import SpeakerTurn, SpeechSpan, Transcript, Word
from daemon.speech.emotion.stretches import alone, of

TURNS = st.lists(
    st.builds(
        lambda a, b, who: SpeakerTurn(a, a + b, who), st.integers(0, 30), st.integers(0, 9), st.sampled_from("AB")
    )
)


def spoken(words=(), turns=(), speech=()):
    return Transcript(tuple(words), "en", "fake", "", 9.0, turns=tuple(turns), speech=tuple(speech))


def stretches(*turns):
    return [(one.start, one.end, one.speaker) for one in alone([SpeakerTurn(*turn) for turn in turns])]


def test_what_is_said_over_each_other_is_nobodys():
    assert stretches((0, 4, "A"), (3, 6, "B")) == [(0, 3, "A"), (4, 6, "B")]
    assert stretches((0, 9, "A"), (3, 4, "B")) == [(0, 3, "A"), (4, 9, "A")]


def test_turns_of_one_voice_that_meet_or_overlap_are_one():
    assert stretches((0, 2, "A"), (2, 4, "A"), (3, 5, "A"), (6, 7, "A")) == [(0, 5, "A"), (6, 7, "A")]


@settings(deadline=None, max_examples=60)
@given(TURNS)
def test_each_moment_is_of_whoever_speaks_alone_in_it(turns):
    found = list(alone(turns))
    assert all(one.end <= other.start for one, other in pairwise(found))
    for moment in range(40):
        now = {turn.speaker for turn in turns if turn.start <= moment < turn.end}
        told = {turn.speaker for turn in found if turn.start <= moment < turn.end}
        assert told == (now if len(now) == 1 else set())


WORD, NAMED = Word("Hi.", 1.0, 1.5, 0.9), Word("Hi.", 1.0, 1.5, 0.9, "Ann")


def test_the_best_that_is_known_of_turns_is_taken():
    turn, speech = SpeakerTurn(0.5, 2.0, "A"), SpeechSpan(0.8, 1.8)
    assert of(spoken([NAMED], [turn], [speech])) == (turn,)
    assert of(spoken([NAMED], [], [speech])) == (SpeakerTurn(1.0, 1.5, "Ann"),)
    assert of(spoken([WORD], [], [speech])) == (SpeakerTurn(0.8, 1.8, ""),)
    assert of(spoken([WORD])) == (SpeakerTurn(1.0, 1.5, ""),)
    assert of(spoken()) == ()
