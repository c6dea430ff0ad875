"""Where speech is, on a recording, and how a sound is cut, for any speech."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.transcript import SpeechSpan
from daemon.speech import voice_activity
from daemon.speech.audio import SAMPLE_RATE, Audio, decode
from daemon.speech.voice_activity import LONG_PAUSE_SECONDS, PAD_SECONDS, between, cut, hard_cut_notes, samples, spans
from tests.conftest import sample
from tests.daemon.speech.recordings import silence

NEARLY = 1e-6
MANY = settings(deadline=None, max_examples=60)  # a busy machine is nobody's fault


def speech(*edges):
    """Spans by their starts and ends."""
    return [SpeechSpan(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def times(found):
    return [(round(piece.start, 3), round(piece.end, 3)) for piece in found.pieces]


@st.composite
def any_speech(draw):
    """Spans in order and apart, and how long the sound is."""
    lengths = draw(st.lists(st.tuples(st.floats(0.16, 40), st.floats(0.03, 70)), max_size=40))
    place, found = 0.0, []
    for pause, length in lengths:
        found.append(SpeechSpan(place + pause, place + pause + length))
        place = found[-1].end
    return found, place + draw(st.floats(0, 5))


# ---- cutting


@MANY
@given(any_speech(), st.floats(1, 60))
def test_no_piece_is_longer_than_it_may_be(sound, longest):
    assert all(piece.end - piece.start <= longest + NEARLY for piece in cut(*sound, longest).pieces)


@MANY
@given(any_speech(), st.floats(1, 60))
def test_pieces_are_in_order_within_the_sound_and_none_is_over_another(sound, longest):
    edges = [time for piece in cut(*sound, longest).pieces for time in (piece.start, piece.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= sound[1] for edge in edges)


@MANY
@given(any_speech(), st.floats(1, 60))
def test_all_speech_is_in_the_pieces_once(sound, longest):
    pieces = cut(*sound, longest).pieces
    assert sum(span.end - span.start for piece in pieces for span in piece.speech) == pytest.approx(
        sum(span.end - span.start for span in sound[0])
    )
    assert all(piece.start <= span.start <= span.end <= piece.end for piece in pieces for span in piece.speech)


@MANY
@given(any_speech(), st.floats(1, 60))
def test_only_speech_without_a_pause_for_so_long_is_cut_in_speech(sound, longest):
    for place in cut(*sound, longest).hard:
        assert any(
            span.start < place < span.end and span.end - span.start > longest - 2 * PAD_SECONDS for span in sound[0]
        )


@MANY
@given(any_speech())
def test_cutting_needs_no_more_than_the_longest_pause(sound):
    """Where the whole fits, only long pauses are cut."""
    found = cut(*sound, 1e9)
    for before, after in pairwise(found.pieces):
        assert after.speech[0].start - before.speech[-1].end >= LONG_PAUSE_SECONDS


def test_the_longest_pauses_are_cut_first():
    found = cut(speech(1, 5, 5.5, 9, 10.5, 14, 14.3, 18), 20, 12)
    assert times(found) == [(0.8, 9.2), (10.3, 18.2)]


def test_a_sound_that_fits_stays_whole():
    assert times(cut(speech(1, 5, 5.5, 9), 10, 30)) == [(0.8, 9.2)]


def test_a_long_pause_is_in_no_piece():
    assert times(cut(speech(1, 2, 7, 8), 10, 30)) == [(0.8, 2.2), (6.8, 8.2)]


def test_pads_end_in_the_middle_of_a_short_pause_and_at_the_ends_of_the_sound():
    assert times(cut(speech(0.1, 6, 6.2, 12), 12.1, 10)) == [(0.0, 6.1), (6.1, 12.1)]


def test_who_never_pauses_is_cut_into_equal_parts_and_it_is_noted():
    found = cut(speech(0, 90), 90, 30.4)
    assert found.hard == (30, 60)
    assert hard_cut_notes(found) == [
        "Nobody pauses around 0:30, 1:00: the sound was cut there in speech, look for broken words."
    ]


def test_of_many_hard_cuts_five_are_named():
    assert "and 4 more" in hard_cut_notes(cut(speech(0, 100), 100, 10.4))[0]


def test_cuts_at_pauses_are_not_noted():
    assert hard_cut_notes(cut(speech(1, 5, 7.5, 9), 10, 6)) == []


def test_no_speech_makes_no_pieces():
    assert cut([], 10, 30) == voice_activity.Cut(())


def test_pieces_that_leave_no_room_for_speech_are_refused():
    with pytest.raises(ValueError, match="too short"):
        cut([], 1, 2 * PAD_SECONDS)


def test_a_sound_of_ten_hours_is_cut_at_once():
    many = [SpeechSpan(place, place + 1.5) for place in np.arange(0, 36_000, 1.7)]
    assert len(cut(many, 36_000, 30).pieces) >= 1200


# ---- a part of it


@MANY
@given(any_speech(), st.floats(0, 100), st.floats(0, 100))
def test_speech_between_two_times_is_that_of_each_span_within_them(sound, begin, length):
    found = between(sound[0], begin, begin + length)
    cut = [(max(begin, span.start), min(begin + length, span.end)) for span in sound[0]]
    assert [(span.start, span.end) for span in found] == [(start, end) for start, end in cut if start < end]


# ---- samples of a piece


def test_a_piece_has_its_samples_and_silence_up_to_the_least():
    audio = Audio(np.arange(SAMPLE_RATE, dtype=np.float32), SAMPLE_RATE, 1.0)
    piece = voice_activity.Piece(0.25, 0.5, ())
    assert samples(audio, piece).tolist() == list(range(4000, 8000))
    padded = samples(audio, piece, 0.5)
    assert padded.tolist() == [*range(4000, 8000), *[0] * 4000]
    assert padded.dtype == np.float32


# ---- where speech is


@pytest.fixture(scope="module")
def recording():
    return decode(sample("two_cities.wav"))


def test_speech_is_found_between_silences(recording):
    quiet = np.zeros(3 * SAMPLE_RATE, np.float32)
    together = np.concatenate([quiet, recording.samples[: 10 * SAMPLE_RATE], quiet])
    found = spans(Audio(together, SAMPLE_RATE, 16.0))
    assert 3.0 < found[0].start < 5
    assert 11 < found[-1].end <= 13.3


def test_spans_are_plain_numbers_in_order_and_apart(recording):
    found = spans(recording)
    assert {type(time) for span in found for time in (span.start, span.end)} == {float}
    edges = [time for span in found for time in (span.start, span.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= recording.seconds


def test_speech_over_the_border_of_two_blocks_is_one_span(recording):
    whole = spans(recording)
    told = []
    parts = spans(recording, told.append, block_seconds=10)
    assert sum(one.end - one.start for one in parts) == pytest.approx(
        sum(one.end - one.start for one in whole), rel=0.03
    )
    assert all(after.start - before.end >= voice_activity.PAUSE_SECONDS for before, after in pairwise(parts))
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == 1


def test_speech_in_the_midst_of_which_a_block_ends_is_one_span(recording):
    lead = np.zeros(57 * SAMPLE_RATE, np.float32)
    told = []
    together = np.concatenate([lead, recording.samples[: 5 * SAMPLE_RATE]])
    found = spans(Audio(together, SAMPLE_RATE, 62.0), told.append, block_seconds=60)
    assert any(span.start < 60 < span.end for span in found)
    assert told == [pytest.approx(60 / 62), 1.0]


@pytest.mark.parametrize("seconds", [0.0, 0.01, 5.0])
def test_in_silence_nobody_speaks(seconds):
    assert spans(silence(seconds)) == ()


def test_whatever_the_report_raises_ends_the_search(recording):
    class Cancelled(Exception):
        pass

    def cancel(fraction):
        raise Cancelled

    with pytest.raises(Cancelled):
        spans(recording, cancel)
