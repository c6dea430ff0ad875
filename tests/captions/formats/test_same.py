"""Whether two tracks are the same, and what of one is shown."""

import pytest

from captions.formats import read, same_text, shown, write
from captions.text import plain
from captions.track import Cue, Line, Track

OURS = Track(
    "en",
    (
        Cue(1.0, 2.5, (Line("Good <i>morning</i>", "Ann"), Line("to all", "Ann"))),
        Cue(3.0, 4.0, (Line("Hi &amp; bye", "Bob"),)),
    ),
)


@pytest.mark.parametrize("format_name", ["vtt", "srt"])
def test_our_own_file_is_the_same_track(format_name):
    assert same_text(read(write(OURS, format_name), format_name, "en"), OURS)


@pytest.mark.parametrize(
    "served",
    [
        "00:01.001 --> 00:02.498\nGood morning to all\n\n00:02.998 --> 00:04.002\nHi &amp; bye",
        "1\n00:01.000 --> 00:02.500 align:start\n&gt;&gt; Ann: Good  morning\nto all\n\n"
        "2\n00:03.000 --> 00:04.000\n&gt;&gt; Bob: Hi &amp; bye",
        "00:01.000 --> 00:02.500\n<v Ann>Good morning\nto\nall\n\n00:03.000 --> 00:04.000\n<v Bob>Hi & bye",
    ],
)
def test_a_track_rendered_anew_by_a_server_is_the_same(served):
    assert same_text(OURS, read("WEBVTT\n\n" + served, "vtt", "en"))


@pytest.mark.parametrize(
    "served",
    [
        "00:01.000 --> 00:02.500\nGood morning to all",
        "00:01.003 --> 00:02.500\nGood morning to all\n\n00:03.000 --> 00:04.000\nHi &amp; bye",
        "00:01.000 --> 00:02.500\nGood evening to all\n\n00:03.000 --> 00:04.000\nHi &amp; bye",
        "00:01.000 --> 00:02.500\n<v Eve>Good morning to all\n\n00:03.000 --> 00:04.000\n<v Bob>Hi &amp; bye",
    ],
)
def test_another_track_is_not_the_same(served):
    assert not same_text(OURS, read("WEBVTT\n\n" + served, "vtt", "en"))


def test_what_is_shown_is_labelled_where_the_speaker_changes():
    assert shown(OURS) == [(">> Ann: Good morning", "to all"), (">> Bob: Hi & bye",)]
    assert plain(OURS.cues[0].lines[0].text) == "Good morning"
