"""WebVTT: what is written, what is read of what people and programs make, and the W3C's parser."""

import json
import re

import pytest
from webvtt.models import CueSettings

from captions.formats import CaptionError, read, write
from captions.formats.webvtt_structure import is_signed, parse
from captions.track import Cue, Line, Track
from tests.captions.strategies import one
from tests.conftest import CORPUS

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


# --- errors ----------------------------------------------------------------------------------------------------

CUE = "00:01.000 --> 00:02.000\nHi\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "begins with the word WEBVTT"),
        ("WEBVTTX\n\n" + CUE, 1, "begins with the word WEBVTT"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nHi", 3, "the cue ends before it starts"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nHi", 3, "the cue ends when it starts"),
        ("WEBVTT\n\n00:01.000 --> \nHi", 3, "not how the time of a cue is written"),
        ("WEBVTT\n\n00:01.000 --> 00:02.0001\nHi", 3, "not how the time of a cue is written"),
        ("WEBVTT\n\n00:00:61.000 --> 00:02:00.000\nHi", 3, "more than 59"),
        ("WEBVTT\n\n60:00.000 --> 61:00.000\nHi", 3, "more than 59"),
        ("WEBVTT\n\n" + CUE + "\nlost\n\n" + CUE, 6, "this text has no time above it"),
        ("WEBVTT\n\nNOTEBOOKS are fun\n\n" + CUE, 3, "this text has no time above it"),
        ("WEBVTT\n\n" + CUE + "2\n" + CUE, 6, "an empty line is missing above this cue"),
        ("WEBVTT\n\n" + CUE + "x --> y\n", 5, "not how the time of a cue is written"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nHi\n\n" + CUE, 6, "the cue starts before the one above it"),
    ],
)
def test_broken_webvtt_is_an_error_that_names_the_line(text, line, problem):
    with pytest.raises(CaptionError, match=rf"^line {line}: .*{re.escape(problem)}") as caught:
        read(text, "vtt", "en")
    assert caught.value.line == line
    assert problem in caught.value.problem


# --- what people make -------------------------------------------------------------------------------------------------

HI = one(Line("Hi"))


@pytest.mark.parametrize(
    "times",
    [
        "00:01,000 --> 00:02,000",
        "0:0:1.0 -> 0:0:2.0",
        "00:00:01 --> 00:00:02",
        "00:01.000-->00:02.000",
        "00:01.000 –> 00:02.000",
        "  00:01.000 \t-->  00:02.000  ",
    ],
)
def test_times_are_read_as_people_write_them(times):
    assert read(f"WEBVTT\n\n{times}\nHi\n", "vtt", "en") == HI


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n" + CUE,
        "WEBVTT\n\nNOTE\na\n" + CUE,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n\nHi\n",
        "WEBVTT\n  \n" + CUE + "\n   \n\nSTYLE\n::cue { color: lime }\n\nREGION\nid:fred\n",
    ],
)
def test_empty_lines_that_are_missing_or_too_many_change_nothing(text):
    assert read(text, "vtt", "en") == HI


def test_a_cue_right_below_another_is_one_of_its_own():
    assert [cue.text for cue in read("WEBVTT\n\n" + CUE + CUE, "vtt", "en").cues] == ["Hi", "Hi"]


def test_text_that_looks_like_times_stays_text():
    line = Line("00:01.000 -> 00:02.000")
    assert [cue.text for cue in read(write(one(line), "vtt"), "vtt", "en").cues] == ["00:01.000 -&gt; 00:02.000"]


# --- the W3C's parser -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("WEBVTT", True),
        ("WEBVTT\n", True),
        ("WEBVTT title\r", True),
        ("WEBVTT\ttitle", True),
        ("webvtt", False),
        ("WEBVTT-", False),
        ("", False),
    ],
)
def test_the_signature_is_told(text, signed):
    assert is_signed(text) == signed


@pytest.mark.parametrize(
    ("block", "times"),
    [
        ("00:00:01.000 --> 00:00:02.000", (1000, 2000)),
        ("123:00:01.000 --> 123:00:02.000", (442801000, 442802000)),
        ("00:01.000-->00:02.000align:start", (1000, 2000)),
        ("\f00:01.000\t-->\f00:02.000", (1000, 2000)),
        ("00:02.000 --> 00:01.000", (2000, 1000)),
        ("00:01.000 --> 00:02.0000", None),
        ("00:60.000 --> 01:02.000", None),
        ("0:01.000 --> 00:02.000", None),
        ("\v00:01.000 --> 00:02.000", None),
        ("00:01.000 --> 00:02.000".replace("0", "٠", 1), None),
    ],
)
def test_times_are_those_that_a_browser_takes(block, times):
    cues, dropped = parse(f"WEBVTT\n\n{block}\ntext")
    assert [(cue.start, cue.end) for cue in cues] == ([times] if times else [])
    assert [(one.line, one.times) for one in dropped] == ([] if times else [(3, True)])


def test_ids_settings_and_zeros_are_kept_as_the_w3c_has_them():
    (cue,), dropped = parse("WEBVTT\n\n an id \n00:01.000 --> 00:02.000  line:0\n te\0xt\n")
    assert (cue.id, cue.settings, cue.text, dropped) == (" an id ", "  line:0", (" te\ufffdxt",), [])


W3C = CORPUS / "captions" / "wpt_webvtt"
# Of newlines.vtt ids and texts are expected that would need empty lines, which the stored file does not have.
WITHOUT_LINES = {"newlines"}


SETTINGS = {
    "align": lambda settings: settings.align or "center",
    "vertical": lambda settings: settings.vertical or "",
    "size": lambda settings: float((settings.size or "100%").removesuffix("%")),
}
"""What the settings of a cue say, as webvtt-py understands them."""


@pytest.mark.skipif(not W3C.exists(), reason="no corpus")
def test_the_parsing_tests_of_the_w3c_give_their_cues():
    cases = json.loads((W3C / "expected.json").read_text(encoding="utf-8"))["cases"]
    assert len(cases) == 15
    for name, expected in cases.items():
        cues, _ = parse((W3C / f"{name}.vtt").read_bytes().decode("utf-8"))
        assert len(cues) == expected["count"], name
        if name in WITHOUT_LINES:
            continue
        assert [cue.start / 1000 for cue in cues] == expected.get("startTime", [cue.start / 1000 for cue in cues]), name
        assert [cue.end / 1000 for cue in cues] == expected.get("endTime", [cue.end / 1000 for cue in cues]), name
        assert ["\n".join(cue.text) for cue in cues] == expected.get("text", ["\n".join(one.text) for one in cues]), (
            name
        )
        ids = expected.get("id", {})
        for index, id_ in ids.items() if isinstance(ids, dict) else enumerate(ids):
            assert cues[int(index)].id == id_, name
        for setting, told in SETTINGS.items():
            values = expected.get(setting, {})
            for index, value in values.items() if isinstance(values, dict) else enumerate(values):
                assert told(CueSettings.from_string(cues[int(index)].settings)) == value, (name, setting, index)
