import json
import re

import pytest
from hypothesis import given, settings

from captions.formats import FORMATS, CaptionError, format_of, read, same_text, shown, write
from captions.text import plain
from captions.track import Cue, Line, Track
from tests.captions.strategies import awkward_text, tracks

VTT = """WEBVTT - a title
Kind: captions
Language: en

STYLE
::cue { color: papayawhip; }

NOTE
a remark

intro
00:01.000 --> 00:00:02.5 align:start line:0
<v Ann>Good <i>morning</i> &amp; welcome
to all</v>

1:00:00.000 --> 1:00:01.000
<v.loud Bob>Hi!

00:00:03.000 --> 00:00:04.000""".replace("00:00:03.000 --> 00:00:04.000", "1:00:03.000 --> 1:00:04.000")

SRT = """1
00:00:01,000 --> 00:00:02,500
>> Ann: Good <i>morning</i> & welcome
to <font color="red">all</font>

2
1:00:00,000 --> 1:00:01.5  X1:1 X2:2 Y1:3 Y2:4
a < b -- > c"""


def one(*lines: Line, start: float = 1.0, end: float = 2.0, **more: str) -> Track:
    return Track("en", (Cue(start, end, lines, **more),))


# --- WebVTT ---------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(tracks())
def test_a_track_read_from_webvtt_is_the_one_written(track):
    assert read(write(track, "vtt"), "vtt", "en") == track


@settings(deadline=None)
@given(awkward_text, awkward_text)
def test_any_text_can_be_written_and_read_again(text, name):
    for format_name in ("vtt", "srt"):
        track = read(write(one(Line(text, name), id=name, settings=name), format_name), format_name, "en")
        assert len(track.cues) == 1


def test_webvtt_is_read_with_ids_settings_voices_and_markup():
    assert read(VTT, "vtt", "de") == Track(
        "de",
        (
            Cue(
                1.0,
                2.5,
                (Line("Good <i>morning</i> &amp; welcome", "Ann"), Line("to all", "Ann")),
                id="intro",
                settings="align:start line:0",
            ),
            Cue(3600.0, 3601.0, (Line("Hi!", "Bob"),)),
            Cue(3603.0, 3604.0, ()),
        ),
    )


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(("format_name", "text"), [("vtt", VTT), ("srt", SRT)])
def test_line_ends_and_a_byte_order_mark_make_no_difference(format_name, text, break_, mark):
    assert read(mark + text.replace("\n", break_) + break_, format_name, "en") == read(text, format_name, "en")


def test_webvtt_is_written_as_the_golden_files_have_it():
    track = Track(
        "en",
        (
            Cue(0.0, 1.5, (Line("Hi", "Ann"), Line("a &lt; b")), id="7"),
            Cue(3600, 3601, (Line("x"),), settings="line:0"),
        ),
    )
    assert write(track, "vtt") == (
        "WEBVTT\n\n7\n00:00:00.000 --> 00:00:01.500\n<v Ann>Hi</v>\na &lt; b\n\n"
        "01:00:00.000 --> 01:00:01.000 line:0\nx\n"
    )


def test_an_empty_track_is_written_and_read():
    assert read(write(Track("en", ()), "vtt"), "vtt", "en") == Track("en", ())
    assert read(write(Track("en", ()), "srt"), "srt", "en") == Track("en", ())


def test_a_sign_that_a_player_would_swallow_is_escaped():
    assert "a &lt; b --&gt; <b>c</b>" in write(one(Line("a < b --> <b>c</b>")), "vtt")


def test_a_name_never_makes_an_arrow():
    assert "<v Ann>x</v>" in write(one(Line("x", "Ann--")), "vtt")


def test_several_voices_on_a_line_stay_markup():
    line = Line("<v Ann>Hi.</v> <v Bob>Hello.</v>")
    assert read(write(one(line), "vtt"), "vtt", "en") == one(line)


def test_a_voice_ends_where_it_is_closed():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>\nHi.</v>\nHello.\n"
    assert read(text, "vtt", "en") == one(Line("Hi.", "Ann"), Line("Hello."))


def test_a_line_of_spaces_in_a_cue_is_passed_over():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nHi.\n \nHello.\n"
    assert read(text, "vtt", "en") == one(Line("Hi."), Line("Hello."))


def test_times_that_round_to_none_still_last_a_millisecond():
    assert "00:00:01.000 --> 00:00:01.001" in write(one(Line("x"), start=1.0001, end=1.0002), "vtt")


# --- errors ---------------------------------------------------------------------------------------------------

CUE = "00:01.000 --> 00:02.000\nHi\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "begins with the word WEBVTT"),
        ("WEBVTTX\n\n" + CUE, 1, "begins with the word WEBVTT"),
        ("WEBVTT\n" + CUE, 2, "an empty line is missing above this cue"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nHi", 3, "the cue ends before it starts"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nHi", 3, "the cue ends when it starts"),
        ("WEBVTT\n\nid\n00:01,000 --> 00:02,000\nHi", 4, "not how the time of a cue is written"),
        ("WEBVTT\n\n00:01.000 --> \nHi", 3, "not how the time of a cue is written"),
        ("WEBVTT\n\n00:01.000 --> 00:02.0001\nHi", 3, "not how the time of a cue is written"),
        ("WEBVTT\n\n00:00:61.000 --> 00:02:00.000\nHi", 3, "more than 59"),
        ("WEBVTT\n\n60:00.000 --> 61:00.000\nHi", 3, "more than 59"),
        ("WEBVTT\n\n" + CUE + "\nlost\n\n" + CUE, 6, "this text has no time above it"),
        ("WEBVTT\n\nNOTEBOOKS are fun\n\n" + CUE, 3, "this text has no time above it"),
        ("WEBVTT\n\n" + CUE + CUE, 5, "an empty line is missing above this cue"),
        ("WEBVTT\n\nNOTE\na\n" + CUE, 5, "an empty line is missing above this cue"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nHi\n\n" + CUE, 6, "the cue starts before the one above it"),
    ],
)
def test_broken_webvtt_is_an_error_that_names_the_line(text, line, problem):
    with pytest.raises(CaptionError, match=rf"^line {line}: .*{re.escape(problem)}") as caught:
        read(text, "vtt", "en")
    assert caught.value.line == line
    assert problem in caught.value.problem


SRT_CUE = "1\n00:00:01,000 --> 00:00:02,000\nHi\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("1\n00:00:02,000 --> 00:00:01,000\nHi", 2, "the cue ends before it starts"),
        ("1\n00:00:02 --> 00:00:03\nHi", 2, "not how the time of a cue is written"),
        ("1\n00:00:02,000 --> 00:00:03,000 Hi", 2, "not how the time of a cue is written"),
        ("1\nHi", 1, "this text has no time above it"),
        (SRT_CUE + "\nlost\n", 5, "this text has no time above it"),
        (SRT_CUE + "\nlost\n00:00:03,000 --> 00:00:04,000\nHi\n", 5, "the number of a cue was expected"),
        (SRT_CUE + SRT_CUE, 5, "an empty line is missing above this cue"),
        ("1\n00:00:05,000 --> 00:00:06,000\nHi\n\n" + SRT_CUE, 6, "the cue starts before the one above it"),
    ],
)
def test_broken_srt_is_an_error_that_names_the_line(text, line, problem):
    with pytest.raises(CaptionError, match=rf"^line {line}: .*{re.escape(problem)}"):
        read(text, "srt", "en")


@settings(deadline=None)
@given(awkward_text)
def test_reading_any_text_gives_a_track_or_a_caption_error(text):
    for format_name, beginning in (("vtt", "WEBVTT\n\n"), ("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n"), ("srt", "")):
        try:
            read(beginning + text, format_name, "en")
        except CaptionError as error:
            assert error.line >= 1


# --- SubRip ---------------------------------------------------------------------------------------------------


def test_srt_is_read_with_labels_and_markup():
    assert read(SRT, "srt", "en") == Track(
        "en",
        (
            Cue(1.0, 2.5, (Line("Good <i>morning</i> &amp; welcome", "Ann"), Line("to all"))),
            Cue(3600.0, 3601.5, (Line("a &lt; b -- &gt; c"),)),
        ),
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


@settings(deadline=None)
@given(tracks())
def test_srt_keeps_times_and_text(track):
    text = write(track, "srt")
    again = read(text, "srt", "en")
    assert [(cue.start, cue.end) for cue in again.cues] == [(cue.start, cue.end) for cue in track.cues]
    assert shown(again) == [tuple(loosely(line) for line in lines) for lines in shown(track)]
    assert write(again, "srt") == text


def loosely(line: str) -> str:
    """A line with the two changes that SubRip needs."""
    return re.sub(r"<(?=[/a-zA-Z])", "< ", line).replace("-->", "-- >")


# --- text, JSON, the table ------------------------------------------------------------------------------------


def test_plain_text_is_a_cue_a_line():
    track = Track(
        "en",
        (
            Cue(0, 1, (Line("<i>Hi</i>", "Ann"), Line("you &amp; me", "Ann"))),
            Cue(1, 2, ()),
            Cue(2, 3, (Line("No", "Bob"),)),
        ),
    )
    assert write(track, "txt") == ">> Ann: Hi you & me\n>> Bob: No\n"


def test_json_holds_everything():
    written = json.loads(write(one(Line("Hi", "Ann"), id="7", settings="line:0"), "json"))
    assert written == {
        "version": 1,
        "language": "en",
        "cues": [
            {"start": 1.0, "end": 2.0, "lines": [{"text": "Hi", "speaker": "Ann"}], "id": "7", "settings": "line:0"}
        ],
    }


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_told_by_its_suffix(name):
    assert format_of(f"C:\\Some.Folder/talk.EN{FORMATS[name].suffix.upper()}") == name


def test_a_file_without_a_known_suffix_is_refused():
    with pytest.raises(ValueError, match=r'"talk.ass" is no caption file: those end in .vtt, .srt, .txt, .json'):
        format_of("talk.ass")


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match='no caption format is called "ass"; there are: vtt, srt, txt, json'):
        write(Track("en", ()), "ass")


def test_a_format_of_one_way_is_not_read():
    with pytest.raises(ValueError, match='captions cannot be read from "txt", only from vtt, srt'):
        read("Hi", "txt", "en")


# --- the same track? ------------------------------------------------------------------------------------------

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
