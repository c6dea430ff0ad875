"""Every format that can be read: what is written comes back, and nothing that people give breaks the reader."""

import pytest
from hypothesis import given, settings

from captions.formats import CaptionError, read, readable, shown, write
from captions.text import escape
from captions.track import Cue, Line, Track
from tests.captions.formats.remaining import KEPT, SHOWN
from tests.captions.strategies import awkward_text, one, tracks


def test_it_is_known_of_every_format_what_remains():
    assert {*KEPT, *SHOWN} == set(readable())


@settings(deadline=None)
@given(tracks())
def test_a_track_that_is_read_is_the_one_written(track):
    for name, remains in KEPT.items():
        assert read(write(track, name), name, "en") == remains(track), name


@settings(deadline=None)
@given(tracks())
def test_times_and_what_is_shown_are_kept_where_speakers_are_labels(track):
    for name, remains in SHOWN.items():
        text = write(track, name)
        again = read(text, name, "en")
        assert [(cue.start, cue.end) for cue in again.cues] == [(cue.start, cue.end) for cue in track.cues], name
        assert shown(again) == remains(track), name
        assert write(again, name) == text, name


@settings(deadline=None)
@given(awkward_text, awkward_text)
def test_any_text_can_be_written_and_read_again(text, name):
    for format_name in readable():
        track = read(write(one(Line(text, name), id=name, settings=name), format_name), format_name, "en")
        assert len(track.cues) == 1, format_name


TRICKY = [
    "👩‍🚀 e\u0301 Zürich",
    "שלום \u200fabc",
    "a --> b",
    "<b>no tag</b>",
    "AT&T &amp; co",
    "- Hello",
    ">> well",
    "]]>",
    "<!-- x -->",
    "{\\an8}up",
    "WEBVTT",
    "NOTE",
    "1",
    "12:30",
]


@pytest.mark.parametrize("said", TRICKY)
@pytest.mark.parametrize("name", readable())
def test_what_is_said_comes_back(said, name):
    track = read(write(one(Line(escape(said))), name), name, "en")
    assert ["".join(line.split()) for line in shown(track)[0]] == ["".join(said.split())]


@pytest.mark.parametrize("name", readable())
def test_zeros_are_removed(name):
    text = write(one(Line("a\0b")), name)
    assert "\0" not in text
    assert shown(read(text, name, "en")) == [("ab",)]


@pytest.mark.parametrize(
    ("name", "count"), [("srt", 100_000), *((name, 20_000) for name in readable() if name != "srt")]
)
def test_many_cues_are_written_and_read_in_seconds(name, count):
    """No clock: where the time grew as their square, this would take an hour."""
    track = Track("en", tuple(Cue(n, n + 0.5, (Line(f"number {n}."),)) for n in range(count)))
    assert len(read(write(track, name), name, "en").cues) == count


BEGINNINGS = {
    "vtt": ("", "WEBVTT\n\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n"),
    "srt": ("", "1\n00:00:01,000 --> 00:00:02,000\n"),
    "ttml": ("", "<tt>", '<tt><body><p begin="1s" end="2s">'),
    "sbv": ("", "0:00:01.000,0:00:02.000\n"),
    "json": ("", '{"cues": ['),
}


@settings(deadline=None)
@given(awkward_text)
def test_reading_any_text_gives_a_track_or_a_caption_error(text):
    for name, beginnings in BEGINNINGS.items():
        for beginning in beginnings:
            try:
                read(beginning + text, name, "en")
            except CaptionError as error:
                assert error.line >= 1


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("name", readable())
def test_line_ends_and_a_byte_order_mark_make_no_difference(name, mark, break_):
    track = Track("en", (Cue(1, 2, (Line("Hi", "Ann"), Line("there", "Ann"))), Cue(3, 4, (Line("you"),))))
    text = write(track, name)
    assert read(mark + text.replace("\n", break_) + break_, name, "en") == read(text, name, "en")
