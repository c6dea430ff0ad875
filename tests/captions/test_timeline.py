"""The picture of who speaks when: its size, and that it is drawn of whatever comes."""

import importlib.util
import struct

import pytest

from captions.timeline import MOST_ROWS, Feeling, clock, draw
from captions.transcript import SpeakerTurn

pytestmark = pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="matplotlib is not installed")


def size(png):
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize(("speakers", "rows"), [(0, 1), (1, 1), (3, 3), (50, MOST_ROWS)])
def test_each_speaker_has_a_row_up_to_what_people_read(speakers, rows):
    turns = [SpeakerTurn(n, n + 1, f"Speaker {n}") for n in range(speakers)]
    assert size(draw(turns, 60.0)) == (1200, round(100 + 55 * rows))


@pytest.mark.parametrize("name", ["$\\frac{$", "中文", "x" * 500, "", "\x1b[31m", "_^{}"])
def test_a_name_is_text_whatever_it_holds(name):
    assert draw([SpeakerTurn(0, 1, name)], 1.0, name).startswith(b"\x89PNG")


@pytest.mark.parametrize("seconds", [0.0, 0.3, 59.9, 36_000.0, 10**6])
def test_any_length_is_drawn(seconds):
    assert size(draw([SpeakerTurn(0, min(seconds, 1.0), "A")], seconds))[0] == 1200


def test_the_same_turns_make_the_same_picture():
    turns = [SpeakerTurn(0, 3, "A"), SpeakerTurn(2, 5, "B")]
    assert draw(turns, 6.0) == draw(turns, 6.0)
    assert draw(turns, 6.0) != draw(turns[:1], 6.0)


@pytest.mark.parametrize(("seconds", "told"), [(0, "0:00"), (61.4, "1:01"), (3723, "1:02:03")])
def test_a_time_is_written_as_people_read_it(seconds, told):
    assert clock(seconds) == told


def feelings(*labels):
    return [Feeling(n, n + 1.0, "A", label) for n, label in enumerate(labels)]


def test_how_a_voice_sounds_changes_the_picture_and_adds_a_legend():
    turns = [SpeakerTurn(0, 10, "A"), SpeakerTurn(10, 20, "B")]
    plain, felt = draw(turns, 20.0), draw(turns, 20.0, feelings=feelings("angry", "neutral"))
    assert size(felt) == (1200, size(plain)[1] + 50)
    assert felt != draw(turns, 20.0, feelings=feelings("angry", "sad"))


def test_feelings_of_somebody_who_has_no_row_are_left_out():
    turns = [SpeakerTurn(0, 10, "A")]
    assert draw(turns, 10.0, feelings=[Feeling(0, 1, "B", "angry")]) == draw(turns, 10.0)


@pytest.mark.parametrize("labels", [["$\\frac{$"], ["中文"], [""], ["_hidden"], [f"label {n}" for n in range(30)]])
def test_a_feeling_may_be_called_anything(labels):
    assert size(draw([SpeakerTurn(0, 60, "A")], 60.0, feelings=feelings(*labels))) == (1200, 205)


def test_ten_hours_of_thirty_people_are_a_picture_like_any_other():
    turns = [SpeakerTurn(n * 1.8, n * 1.8 + 1.5, f"Speaker {n % 30}") for n in range(20_000)]
    felt = [Feeling(n * 1.8, n * 1.8 + 1.5, f"Speaker {n % 30}", ("angry", "sad")[n % 2]) for n in range(20_000)]
    assert size(draw(turns, 36_000.0, feelings=felt)) == (1200, 1250)


def test_a_name_that_no_font_has_letters_of_is_called_by_its_place():
    private = "\ue123\ue124"  # letters that no font agrees on
    assert draw([SpeakerTurn(0, 1, private)], 1.0) == draw([SpeakerTurn(0, 1, "no. 1")], 1.0)
    assert draw([SpeakerTurn(0, 1, f"Ada {private}")], 1.0) == draw([SpeakerTurn(0, 1, "Ada")], 1.0)
