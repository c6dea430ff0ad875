"""SBV, YouTube's own."""

import pytest

from captions.formats import CaptionError, read, write
from captions.track import Cue, Line, Track
from tests.captions.strategies import one


def test_sbv_is_written_with_labels_and_without_markup():
    track = Track("en", (Cue(0, 1.5, (Line("<i>Hi</i> &amp; bye", "Ann"), Line("again", "Ann"))), Cue(3600, 3601, ())))
    assert write(track, "sbv") == "0:00:00.000,0:00:01.500\n>> Ann: Hi & bye\nagain\n\n1:00:00.000,1:00:01.000\n"


@pytest.mark.parametrize(
    "text",
    [
        "0:00:01.000,0:00:02.000\n>> Ann: a < b\nand <c>\n",
        "[SUBTITLE]\n\n00:00:01.000,00:00:02.000\r\n>> Ann: a < b[br]and <c>",
        "[INFORMATION]\n[TITLE]A talk\n0:0:1.0,0:0:2.0\n>> Ann: a < b\n\nand <c>\n",
    ],
)
def test_sbv_is_read(text):
    assert read(text, "sbv", "en") == one(Line("a &lt; b", "Ann"), Line("and &lt;c&gt;", "Ann"), labels="chevrons")


@pytest.mark.parametrize("said", ["0:00:01.000,0:00:02.000", "1:2,3:4", "a[br]b"])
def test_text_that_looks_like_sbv_stays_text(said):
    (cue,) = read(write(one(Line(said)), "sbv"), "sbv", "en").cues
    assert [line.text.replace(" ", "") for line in cue.lines] == [said]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("Hi", 1, "no time above it"),
        ("[MUSIC]\n\n0:00:01.000,0:00:02.000\nHi", 1, "no time above it"),
        ("0:00:01.000,0:00:02.000\nHi\n\n0:00:03.000,0:00:04\nHo", 4, "not how the time of a cue is written"),
        ("0:00:01.000,0:00:01.000\nHi", 1, "the cue ends when it starts"),
        ("0:00:61.000,0:02:01.000\nHi", 1, "more than 59"),
    ],
)
def test_broken_sbv_is_an_error_that_names_the_line(text, line, problem):
    with pytest.raises(CaptionError, match=rf"^line {line}: .*{problem}"):
        read(text, "sbv", "en")
