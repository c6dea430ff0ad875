"""The picture of who speaks when: its size, and that it is drawn of whatever comes."""

import importlib.util
import struct

import pytest

from captions.transcript import SpeakerTurn
from daemon.speech.timeline import MOST_ROWS, clock, draw

pytestmark = pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="matplotlib is not installed")


def size(png):
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize(("speakers", "rows"), [(0, 1), (1, 1), (3, 3), (50, MOST_ROWS)])
def test_each_speaker_has_a_row_up_to_what_people_read(speakers, rows):
    turns = [SpeakerTurn(n, n + 1, f"Speaker {n}") for n in range(speakers)]
    assert size(draw(turns, 60.0)) == (1200, round(100 + 55 * rows))


@pytest.mark.parametrize("name", ["$\\frac{", "中文", "x" * 500, "", "\x1b[31m", "_^{}"])
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
