"""TTML: what is written, and what is read of what people and programs make."""

from xml.etree import ElementTree

import pytest

from captions.formats import CaptionError, read, write
from captions.track import Cue, Line, Track
from tests.captions.strategies import one

NAMES = {"tt": "http://www.w3.org/ns/ttml", "ttm": "http://www.w3.org/ns/ttml#metadata"}


def document(body: str, head: str = "", attributes: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        'xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" '
        f'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" {attributes}>\n<head>{head}</head>\n{body}\n</tt>'
    )


def paragraph(text: str = "Hi", times: str = 'begin="1s" end="2s"', **more: str) -> str:
    return document(f"<body><div><p {times}>{text}</p></div></body>", **more)


# --- written ----------------------------------------------------------------------------------------------------------


def test_ttml_names_its_profile_language_agents_and_times():
    track = Track("de", (Cue(1, 2.5, (Line("Hi", 'A "<b>'), Line("a &lt; b"))), Cue(3600, 3601, (Line("x", "Bob"),))))
    root = ElementTree.fromstring(write(track, "ttml"))  # noqa: S314 - of our own making
    assert root.get("{http://www.w3.org/ns/ttml#parameter}profile") == "http://www.w3.org/ns/ttml/profile/imsc1/text"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    assert [name.text for name in root.findall(".//ttm:name", NAMES)] == ['A "<b>', "Bob"]
    first, second = root.findall(".//tt:p", NAMES)
    assert (first.get("begin"), first.get("end"), second.get("begin")) == (
        "00:00:01.000",
        "00:00:02.500",
        "01:00:00.000",
    )
    assert ["".join(first.itertext()), len(first.findall("tt:br", NAMES))] == ["Hia < b", 1]


@pytest.mark.parametrize(
    ("cue_text", "again"),
    [
        ("<i>a</i> <b>b</b> <u>c</u>", "<i>a</i> <b>b</b> <u>c</u>"),
        ("<i>a <b>b</i> c</b>", "<i>a </i><b><i>b</i></b> c"),
        ("a</i> <I>b", "a <i>b</i>"),
        ("<c.loud>a</c> <00:01.500>b", "a b"),
        ("a&#10;b &#xFFFE;&#8238;c", "a b c"),
        ("<i></i>", None),
    ],
)
def test_markup_is_closed_in_turn(cue_text, again):
    (cue,) = read(write(one(Line(cue_text)), "ttml"), "ttml", "en").cues
    assert [line.text for line in cue.lines] == ([] if again is None else [again])


# --- read -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "times",
    [
        'begin="1s" end="2s"',
        'begin="00:00:01" end="00:00:02.000"',
        'begin="1000ms" dur="1s"',
        'begin="0.01666666667m" end="0.00055555556h"',
        'begin="25f" end="50f"',
        'begin="00:00:01:00" end="00:00:02:00"',
        'begin="100t" end="200t"',
        'begin="1" end="0:02.0"',
    ],
)
def test_times_are_read_in_every_way_of_writing_them(times):
    assert read(paragraph(times=times, attributes='ttp:frameRate="25" ttp:tickRate="100"'), "ttml", "en") == one(
        Line("Hi")
    )


def test_frames_of_broadcasts_are_a_little_longer():
    text = paragraph(times='begin="30f" end="60f"', attributes='ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"')
    assert [(cue.start, cue.end) for cue in read(text, "ttml", "en").cues] == [(1.001, 2.002)]


def test_times_count_from_what_is_around():
    text = document(
        '<body begin="10s"><div begin="5s" end="9s"><p begin="1s">a</p><p begin="2s" end="99s">b</p></div></body>'
    )
    assert [(cue.start, cue.end) for cue in read(text, "ttml", "en").cues] == [(16.0, 19.0), (17.0, 19.0)]


def test_times_of_apples_lyrics_count_from_the_beginning():
    apple = 'xmlns:itunes="http://music.apple.com/lyric-ttml-internal" itunes:timing="Word"'
    text = document(
        '<body><div begin="5s"><p begin="6s" end="7s"><span begin="6s">a</span></p></div></body>', "", apple
    )
    assert [(cue.start, cue.end) for cue in read(text, "ttml", "en").cues] == [(6.0, 7.0)]


def test_lines_are_told_by_breaks_and_spaces_that_are_not_kept_are_joined():
    assert read(paragraph("\n    one\n   two <br/>\n three  "), "ttml", "en") == one(Line("one two"), Line("three"))
    assert read(paragraph("one\ntwo", attributes='xml:space="preserve"'), "ttml", "en") == one(Line("one"), Line("two"))


def test_styles_are_found_where_they_are_defined():
    styles = '<style xml:id="s" tts:fontStyle="italic"/><style xml:id="t" style="s" tts:fontWeight="bold"/>'
    said = 'a <span style="t">b <span tts:fontWeight="normal">c</span></span>'
    text = paragraph(said, head=f"<styling>{styles}</styling>")
    assert read(text, "ttml", "en") == one(Line("a <b><i>b </i></b><i>c</i>"))


def test_people_who_speak_in_one_line_get_a_line_each():
    agents = "".join(
        f'<ttm:agent xml:id="{name[0]}" type="person"><ttm:name type="full">{name}</ttm:name></ttm:agent>'
        for name in ("Ann", "Bob")
    )
    text = paragraph('<span ttm:agent="A">Hi.</span> <span ttm:agent="B">Ho.</span><br/>…', head=agents)
    assert read(text, "ttml", "en") == one(Line("Hi.", "Ann"), Line("Ho.", "Bob"), Line("…"))


def test_forerunners_and_files_without_a_namespace_are_read():
    bare = '<tt><body><div><p begin="1s" end="2s">Hi<metadata>no</metadata></p></div></body></tt>'
    assert read(bare, "ttml", "en") == one(Line("Hi"))
    assert read(bare.replace("<tt>", '<tt xmlns="http://www.w3.org/2006/10/ttaf1">'), "ttml", "en") == one(Line("Hi"))


BOMB = '<!DOCTYPE tt [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><tt><body><p begin="1s" end="2s">&b;</p></body></tt>'


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "this is no XML"),
        ("<tt>\n<body>\n</tt>", 3, "this is no XML"),
        ("\n".join(["<tt>", "<p>&nbsp;</p></tt>"]), 2, "this is no XML"),
        (BOMB, 1, "a DOCTYPE has no place in captions"),
        ('<!DOCTYPE tt SYSTEM "file:///etc/passwd"><tt/>', 1, "a DOCTYPE has no place in captions"),
        ("<html><body/></html>", 1, 'no TTML: it begins with "html"'),
        ("<tt>" * 101 + "</tt>" * 101, 1, "nested too deep"),
        (document("<body><div>\n<p>Hi</p></div></body>"), 5, "this text has no end"),
        (document("<body>\n<div>Hi</div></body>"), 5, "it stands in no paragraph"),
        (document('<body>\n<p begin="1s" end="2s"><p>Hi</p></p></body>'), 5, "a paragraph stands in another"),
        (document('<body>\n<div timeContainer="seq"/></body>'), 5, "are not read"),
        (paragraph(times='begin="soon" end="2s"'), 4, 'not how a time is written: "soon"'),
        (paragraph(times='begin="00:99:01" end="2s"'), 4, "more than 59"),
        (paragraph(times='begin="3s" end="2s"'), 4, "the cue ends before it starts"),
        (paragraph(attributes='ttp:frameRate="0"'), 2, 'this is no rate: "0"'),
        (paragraph(attributes='ttp:frameRateMultiplier="1"'), 2, "a frameRateMultiplier is two numbers"),
    ],
)
def test_broken_ttml_is_an_error_that_names_the_line(text, line, problem):
    with pytest.raises(CaptionError, match=rf"^line {line}: .*{problem}"):
        read(text, "ttml", "en")
