"""Windows, and which of their voices are the same; all on invented voices."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.transcript import SpeakerTurn
from daemon.speech.stitch import Window, clipped, cosine_distance, joined, stitched, windows
from daemon.speech.voices import Diarization, label, named

pytest.importorskip("scipy")

ANN, BOB, EVE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
THRESHOLD = 0.3


def window(start, end, voices, turns, exclusive=None):
    """`voices`: the embedding of each, by its name in this window; `turns`: (speaker, start, end)."""
    made = tuple(SpeakerTurn(begin, stop, speaker) for speaker, begin, stop in turns)
    return Window(start, end, Diarization(made, made if exclusive is None else exclusive, voices))


def told(found):
    return [(turn.speaker, turn.start, turn.end) for turn in named(found).turns]


def near(embedding, by=0.05):
    return tuple(value + by for value in embedding)


def test_voices_are_known_again_whatever_each_window_calls_them():
    first = window(0, 100, {"x": ANN, "y": BOB}, [("x", 0, 40), ("y", 50, 80)])
    second = window(90, 190, {"x": near(BOB), "y": near(ANN)}, [("x", 110, 120), ("y", 130, 140)])
    assert told(stitched([first, second], THRESHOLD)) == [("A", 0, 40), ("B", 50, 80), ("B", 110, 120), ("A", 130, 140)]


def test_a_voice_that_is_nobody_elses_is_a_new_one():
    first = window(0, 100, {"x": ANN}, [("x", 0, 40)])
    second = window(90, 190, {"x": EVE}, [("x", 110, 120)])
    assert {speaker for speaker, _, _ in told(stitched([first, second], THRESHOLD))} == {"A", "B"}


def test_a_voice_that_pauses_for_a_window_keeps_its_name():
    parts = [window(n * 90, n * 90 + 100, {"x": voice}, [("x", n * 90 + 20, n * 90 + 40)]) for n, voice in
             enumerate((ANN, BOB, ANN))]  # fmt: skip
    assert [speaker for speaker, _, _ in told(stitched(parts, THRESHOLD))] == ["A", "B", "A"]


def test_two_voices_of_one_window_are_never_the_same():
    first = window(0, 100, {"x": ANN, "y": near(ANN, 0.01)}, [("x", 0, 40), ("y", 50, 80)])
    second = window(90, 190, {"x": near(ANN, 0.02)}, [("x", 110, 120)])
    assert len({speaker for speaker, _, _ in told(stitched([first, second], THRESHOLD))}) == 2


def test_who_speaks_at_the_same_time_in_both_windows_is_the_same_however_it_sounds():
    first = window(0, 100, {"x": ANN}, [("x", 85, 100)])
    second = window(80, 180, {"z": EVE}, [("z", 85, 100)])
    assert told(stitched([first, second], THRESHOLD)) == [("A", 85, 100)]


def test_a_voice_without_an_embedding_is_known_by_the_overlap_alone():
    first = window(0, 100, {}, [("x", 85, 99)])
    second = window(80, 180, {}, [("z", 84, 99), ("z", 150, 160), ("w", 170, 180)])
    assert told(stitched([first, second], THRESHOLD)) == [("A", 85, 99), ("A", 150, 160), ("B", 170, 180)]


def test_a_turn_over_the_border_stays_one():
    first = window(0, 100, {"x": ANN}, [("x", 70, 100)])
    second = window(80, 180, {"x": ANN}, [("x", 80, 120)])
    assert told(stitched([first, second], THRESHOLD)) == [("A", 70, 120)]


def test_each_window_has_its_say_up_to_the_middle_of_the_overlap():
    first = window(0, 100, {"x": ANN, "y": BOB}, [("x", 60, 85), ("y", 92, 100)])
    second = window(80, 180, {"x": ANN}, [("x", 86, 95)])
    assert told(stitched([first, second], THRESHOLD)) == [("A", 60, 85), ("A", 90, 95)]


def test_turns_over_each_other_stay_so_and_the_exclusive_ones_do_not_come_of_them():
    exclusive = (SpeakerTurn(0, 20, "x"), SpeakerTurn(20, 40, "y"))
    first = window(0, 100, {"x": ANN, "y": BOB}, [("x", 0, 30), ("y", 10, 40)], exclusive)
    found = named(stitched([first, window(90, 190, {}, [])], THRESHOLD))
    assert [(turn.speaker, turn.start, turn.end) for turn in found.turns] == [("A", 0, 30), ("B", 10, 40)]
    assert [(turn.speaker, turn.start, turn.end) for turn in found.exclusive] == [("A", 0, 20), ("B", 20, 40)]


@pytest.mark.parametrize(("speakers", "count"), [(None, 3), ((1, 2), 2), ((1, 1), 1), ((4, 5), 4), ((3, 3), 3)])
def test_as_many_voices_as_are_said_where_there_is_a_choice(speakers, count):
    turns = [(0, ANN), (1, near(ANN)), (2, BOB), (3, EVE)]
    parts = [window(n * 90, n * 90 + 100, {"x": one}, [("x", n * 90 + 20, n * 90 + 40)]) for n, one in turns]
    assert len({speaker for speaker, _, _ in told(stitched(parts, THRESHOLD, speakers))}) == count


def test_the_embedding_of_a_voice_is_the_mean_by_its_time():
    first = window(0, 100, {"x": (1.0, 0.0)}, [("x", 0, 30)])
    second = window(90, 190, {"x": (0.9, 0.1)}, [("x", 110, 120)])
    assert named(stitched([first, second], THRESHOLD)).embeddings == {"A": pytest.approx((0.975, 0.025))}


def test_where_nobody_speaks_there_is_nothing_to_stitch():
    assert stitched([window(0, 100, {}, []), window(90, 190, {}, [])], THRESHOLD) == Diarization()


def test_the_twenty_seventh_voice_has_a_name_too():
    assert [label(number) for number in (0, 25, 26)] == ["A", "Z", "S27"]


@given(st.floats(0.1, 50_000), st.floats(100, 4000), st.floats(0, 90))
def test_windows_cover_the_whole_and_overlap(seconds, longest, overlap):
    made = windows(seconds, longest, overlap)
    assert (made[0][0], made[-1][1]) == (0.0, seconds)
    assert all(end - start <= longest + 1e-6 for start, end in made)
    for before, after in pairwise(made):
        assert before[1] - after[0] == pytest.approx(overlap, abs=1e-6)


times = st.integers(0, 60)
turns = st.lists(
    st.tuples(times, st.integers(1, 20), st.sampled_from("ABC")).map(lambda t: SpeakerTurn(t[0], t[0] + t[1], t[2])),
    max_size=12,
)


def seconds_of(made):
    return {(second, turn.speaker) for turn in made for second in range(int(turn.start), int(turn.end))}


@given(turns)
def test_joined_turns_say_the_same_in_as_few_turns_as_there_can_be(given_turns):
    made = joined(given_turns)
    assert seconds_of(made) == seconds_of(given_turns)
    for speaker in "ABC":
        own = [turn for turn in made if turn.speaker == speaker]
        assert all(before.end < after.start for before, after in pairwise(own))


@given(turns, times, times)
def test_clipped_turns_are_what_lies_between(given_turns, low, high):
    inside = {one for one in seconds_of(given_turns) if low <= one[0] < high}
    assert seconds_of(clipped(given_turns, low, high)) == inside


@st.composite
def talks(draw):
    """Who speaks in each second, by voices as different as can be; 0: nobody."""
    return draw(st.lists(st.integers(0, 3), min_size=30, max_size=120))


@given(talks(), st.integers(20, 60), st.integers(0, 10), st.randoms())
def test_a_perfect_diarizer_of_windows_gives_the_diarization_of_the_whole(talk, longest, overlap, random):
    voices = {1: ANN, 2: BOB, 3: EVE}

    def heard(start, end):
        names = dict(zip((1, 2, 3), random.sample("xyz", 3), strict=True))
        made = joined(
            [
                SpeakerTurn(max(start, second), min(end, second + 1), names[who])
                for second, who in enumerate(talk)
                if who and max(start, second) < min(end, second + 1)
            ]
        )
        spoken = {turn.speaker for turn in made}
        return Window(start, end, Diarization(made, made, {names[w]: voices[w] for w in names if names[w] in spoken}))

    whole = named(heard(0, len(talk)).found)
    found = named(stitched([heard(*span) for span in windows(len(talk), longest, overlap)], THRESHOLD))
    assert [(t.speaker, round(t.start, 6), round(t.end, 6)) for t in found.turns] == [
        (t.speaker, t.start, t.end) for t in whole.turns
    ]
    assert found.exclusive == found.turns


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=3), st.floats(0.01, 10))
def test_a_voice_is_as_near_to_itself_however_loud_it_is(values, factor):
    if sum(value * value for value in values) > 1e-6:
        assert cosine_distance(values, [value * factor for value in values]) == pytest.approx(0, abs=1e-9)
        assert cosine_distance(values, [-value for value in values]) == pytest.approx(2)
