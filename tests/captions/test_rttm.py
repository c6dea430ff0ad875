"""RTTM, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions import rttm
from captions.transcript import SpeakerTurn

TURNS = st.builds(
    lambda start, seconds, speaker: SpeakerTurn(start / 1000, (start + seconds) / 1000, speaker),
    st.integers(0, 10**7),
    st.integers(1, 10**6),
    st.sampled_from(["A", "B", "Ada"]),
)


def test_a_turn_is_a_line():
    turns = [SpeakerTurn(1.5, 2.75, "Ada Lovelace"), SpeakerTurn(3, 4, "B")]
    assert rttm.write(turns, "my talk") == (
        "SPEAKER my_talk 1 1.500 1.250 <NA> <NA> Ada_Lovelace <NA> <NA>\n"
        "SPEAKER my_talk 1 3.000 1.000 <NA> <NA> B <NA> <NA>\n"
    )


@given(st.lists(TURNS))
def test_what_is_written_is_read(turns):
    found = rttm.read(rttm.write(turns, "x"))
    wanted = sorted(turns, key=lambda turn: (turn.start, turn.end, turn.speaker))
    assert [(round(turn.start, 3), round(turn.end, 3)) for turn in found] == [
        (round(turn.start, 3), round(turn.end, 3)) for turn in wanted
    ]


def test_lines_of_other_kinds_are_passed_over():
    text = ";; made by hand\nSPKR-INFO x 1 <NA> <NA> <NA> unknown A <NA>\n\nSPEAKER x 1 1 2 <NA> <NA> A <NA> <NA>\n"
    assert rttm.read(text) == (SpeakerTurn(1.0, 3.0, "A"),)


@pytest.mark.parametrize(
    "line",
    ["SPEAKER", "SPEAKER x 1 a 2 <NA> <NA> A", "SPEAKER x 1 -1 2 <NA> <NA> A", "SPEAKER x 1 1 0 <NA> <NA> A"]
    + [f"SPEAKER x 1 {value} 1 <NA> <NA> A" for value in ("nan", "inf", "1e99")],
)
def test_a_turn_that_is_none_is_named_by_its_line(line):
    with pytest.raises(ValueError, match=r"^line 2: "):
        rttm.read(f";;\n{line}\n")


NAMES = st.text(max_size=120) | st.sampled_from(
    ["Ada Lovelace", "x" * 90 + "1", "x" * 90 + "2", "李\u3000明", "\u2028"]
)


@given(st.lists(NAMES, unique=True, max_size=8))
def test_whatever_people_are_called_as_many_are_read_as_were_written(names):
    turns = [SpeakerTurn(n, n + 1.0, name) for n, name in enumerate(names)]
    read = rttm.read(rttm.write(turns, "x"))
    assert len({turn.speaker for turn in read}) == len(names)
    assert rttm.read(rttm.write(read, "x")) == read


def test_names_that_are_cut_stay_apart():
    turns = [SpeakerTurn(0, 1, "x" * 90 + "1"), SpeakerTurn(1, 2, "x" * 90 + "2"), SpeakerTurn(2, 3, "x" * 90 + "1")]
    first, second, third = rttm.read(rttm.write(turns, "x"))
    assert first.speaker == third.speaker != second.speaker
    assert len(second.speaker) <= rttm.NAME_CHARACTERS


def test_a_name_of_another_script_may_hold_its_own_space():
    (turn,) = rttm.read("SPEAKER x 1 0 1 <NA> <NA> 李\u3000明 <NA> <NA>\n")
    assert turn.speaker == "李_明"


def test_a_turn_that_is_too_short_to_be_written_is_a_millisecond():
    (turn,) = rttm.read(rttm.write([SpeakerTurn(1, 1.0001, "A")], "x"))
    assert turn == SpeakerTurn(1.0, 1.001, "A")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end):
    lines = ["SPEAKER x 1 0 1 <NA> <NA> A <NA> <NA>", "SPEAKER x 1 1 1 <NA> <NA> B <NA> <NA>"]
    assert [turn.speaker for turn in rttm.read(end.join(lines))] == ["A", "B"]
    with pytest.raises(ValueError, match=r"^line 3: "):
        rttm.read(end.join([*lines, "SPEAKER x"]))


def test_a_name_cannot_make_a_line_of_its_own():
    written = rttm.write([SpeakerTurn(0, 1, "A\nSPEAKER x 1 5 6 <NA> <NA> B\x1b[31m")], "x")
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written
