import pytest

from captions.track import Cue, Line, Track

CUE = Cue(1.0, 2.5, (Line("One"), Line("two", "Ann")))


def test_a_cue_has_the_text_of_its_lines():
    assert CUE.text == "One\ntwo"


def test_a_cue_lasts_from_its_start_to_its_end():
    assert CUE.seconds == 1.5


def test_a_track_has_the_text_of_its_cues():
    assert Track("en", (CUE, CUE)).text == "One\ntwo\nOne\ntwo"


@pytest.mark.parametrize(("start", "end"), [(-1, 1), (1, 1), (2, 1), (float("nan"), 1), (0, float("nan"))])
def test_times_that_are_no_interval_are_refused(start, end):
    with pytest.raises(ValueError, match="a cue needs 0 <= start < end"):
        Cue(start, end, ())
