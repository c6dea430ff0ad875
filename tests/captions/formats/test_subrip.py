"""SubRip: what is written, and what is read of what people and programs make."""

import re

import pytest

from captions.formats import CaptionError, read, write
from captions.track import Cue, Line, Track
from tests.captions.strategies import one

SRT = """1
00:00:01,000 --> 00:00:02,500
>> Ann: Good <i>morning</i> & welcome
to <font color="red">all</font>

2
1:00:00,000 --> 1:00:01.5  X1:1 X2:2 Y1:3 Y2:4
a < b -- > c"""


def test_srt_is_read_with_labels_and_markup():
    assert read(SRT, "srt", "en") == Track(
        "en",
        (
            Cue(1.0, 2.5, (Line("Good <i>morning</i> &amp; welcome", "Ann"), Line("to all", "Ann"))),
            Cue(3600.0, 3601.5, (Line("a &lt; b -- &gt; c"),)),
        ),
        labels="chevrons",
    )


def test_srt_without_numbers_is_read():
    assert read("00:01,000 --> 00:02,000\nHi", "srt", "en") == one(Line("Hi"))


def test_srt_is_written_with_numbers_labels_and_the_three_tags():
    track = Track(
        "en",
        (
            Cue(0.0, 1.5, (Line("<c.loud>Hi</c> <I>you</I> &amp; <b.x>me</b>", "Ann"), Line("again", "Ann")), id="x"),
            Cue(2.0, 3.0, (Line("<00:00:02.500>No", "Bob"),), settings="line:0"),
            Cue(4.0, 5.0, (Line("[music]"), Line("Well", "Bob"))),
        ),
    )
    assert write(track, "srt") == (
        "1\n00:00:00,000 --> 00:00:01,500\n>> Ann: Hi <I>you</I> & <b>me</b>\nagain\n\n"
        "2\n00:00:02,000 --> 00:00:03,000\n>> Bob: No\n\n"
        "3\n00:00:04,000 --> 00:00:05,000\n[music]\n>> Bob: Well\n"
    )


@pytest.mark.parametrize(
    ("cue_text", "written"),
    [("&lt;i>x", "< i>x"), ("&lt;3", "<3"), ("a --&gt; b", "a -- > b"), ("one&#10;two", "one two")],
)
def test_text_that_would_be_markup_in_srt_is_parted(cue_text, written):
    assert f"\n{written}\n" in write(one(Line(cue_text)), "srt")


# --- errors ----------------------------------------------------------------------------------------------------

SRT_CUE = "1\n00:00:01,000 --> 00:00:02,000\nHi\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("1\n00:00:02,000 --> 00:00:01,000\nHi", 2, "the cue ends before it starts"),
        ("1\n00:02 --> 00:03\nHi", 2, "not how the time of a cue is written"),
        ("1\n00:00:02,000 --> 00:00:03,000 Hi", 2, "not how the time of a cue is written"),
        ("1\nHi", 1, "this text has no time above it"),
        (SRT_CUE + "\n2\nlost\n", 5, "this text has no time above it"),
        (SRT_CUE + "\n2\n00:00:03,000 --> 00:00:0x,000\nlost\n", 6, "not how the time of a cue is written"),
        (SRT_CUE + "\nlost\n00:00:03,000 --> 00:00:04,000\nHi\n", 5, "the number of a cue was expected"),
        (SRT_CUE + SRT_CUE, 5, "an empty line is missing above this cue"),
        ("1\n00:00:05,000 --> 00:00:06,000\nHi\n\n" + SRT_CUE, 6, "the cue starts before the one above it"),
    ],
)
def test_broken_srt_is_an_error_that_names_the_line(text, line, problem):
    with pytest.raises(CaptionError, match=rf"^line {line}: .*{re.escape(problem)}"):
        read(text, "srt", "en")


# --- what people make -------------------------------------------------------------------------------------------------

TWO = [((Line("Hi"),), 1.0), ((Line("Ho"),), 3.0)]


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:03,000 --> 00:00:04,000\nHo\n",
        "7\n00:00:01.000 --> 00:00:02.000  \n  Hi  \n\n\n\n#7\n00:00:03.0 -> 00:00:04.0\nHo",
        "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n\ufeff1\n00:00:03,000 --> 00:00:04,000\nHo",
        "00:01,000 --> 00:02,000\nHi\n\n00:03,000 --> 00:04,000\nHo",
        "1\n00:00:01,000 --> 00:00:02,000\nHi\n2\n00:00:03,000 --> 00:00:04,000\nHo\n",
        "00:00:01,000 --> 00:00:02,000\nHi\n00:00:03,000 --> 00:00:04,000\nHo\n",
        "1\r\r\n00:00:01,000 --> 00:00:02,000\r\r\nHi\r\r\n\r\r\n2\r\r\n0:0:3 — > 0:0:4\r\r\n\r\r\nHo\r\r\n",
        "\n\n1.\n00:00:01,000-->00:00:02,000 X1:0 X2:9 Y1:0 Y2:9\n{\\an8}Hi\n\n2.\n00:00:03,000-->00:00:04,000\n\nHo",
    ],
)
def test_files_whose_meaning_is_clear_are_read(text):
    assert [(cue.lines, cue.start) for cue in read(text, "srt", "en").cues] == TWO


def test_text_below_an_empty_line_belongs_to_the_cue_above():
    (cue,) = read(SRT_CUE + "\nthere\n", "srt", "en").cues
    assert cue.lines == (Line("Hi"), Line("there"))


def test_a_number_that_stands_for_a_text_is_one():
    text = "1\n00:00:01,000 --> 00:00:02,000\n\n5\n\n9\n00:00:03,000 --> 00:00:04,000\n7\n"
    assert [cue.text for cue in read(text, "srt", "en").cues] == ["5", "7"]


def test_references_are_read_as_what_they_stand_for():
    (cue,) = read(
        "1\n00:00:01,000 --> 00:00:02,000\nTom &amp; &#74;erry &lt;3 &nosuch; &#8238;&#10;x\n", "srt", "en"
    ).cues
    assert cue.text.split() == ["Tom", "&amp;", "Jerry", "&lt;3", "&amp;nosuch;", "x"]


@pytest.mark.parametrize("line", ["00:00:01,000 --&gt; 00:00:02,000", "0:0:1 -&gt; 0:0:2"])
def test_text_that_looks_like_times_stays_text(line):
    (cue,) = read(write(one(Line(line)), "srt"), "srt", "en").cues
    assert cue.text.startswith("0")


def test_numbers_that_are_said_are_no_numbers_of_cues():
    track = Track("en", tuple(Cue(n, n + 0.5, (Line(str(9 - n)),)) for n in range(9)))
    assert read(write(track, "srt"), "srt", "en") == track


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (">> Ann: Hi\nyou\nall", ["Ann", "Ann", "Ann"]),
        (">> Ann: Hi\n- you", ["Ann", None]),
        (">> Ann: Hi\nyou\n>> Ann: all", ["Ann", None, "Ann"]),
        ("Hi\n>> Ann: you", [None, "Ann"]),
    ],
)
def test_a_label_is_for_all_lines_of_its_cue_unless_somebody_else_speaks(text, speakers):
    (cue,) = read(f"1\n00:01,000 --> 00:02,000\n{text}\n", "srt", "en").cues
    assert [line.speaker for line in cue.lines] == speakers
