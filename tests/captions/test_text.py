import time
import unicodedata

import pytest
from hypothesis import given

from captions.labels import label
from captions.text import NAME_LIMIT, clean, clean_line, escape, plain, space_between
from tests.captions.strategies import awkward_text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("as it is", "as it is"),
        ("tab\tstop", "tab stop"),
        ("one\r\ntwo\rthree\u2028four\x0bfive\x85six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("  stripped \n\n \n lines ", "stripped\nlines"),
        ("zero\u200bwidth\ufeff and soft\u00adhyphen", "zerowidth and softhyphen"),
        ("over\u202eride \u2066isolate\u2069", "override isolate"),
        ("nul\x00 bell\x07 delete\x7f", "nul bell delete"),
        ("half a pair \ud83d", "half a pair"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1b]0;a window's title\x07seen", "seen"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ends, so it is shown", "0;never ends, so it is shown"),
        ("\x1b(Bcharset", "charset"),
        ("می\u200cخواهم \u200fשלום", "می\u200cخواهم \u200fשלום"),
        ("👩\u200d🚀", "👩\u200d🚀"),
    ],
)
def test_cleaning_removes_what_hides_or_harms_and_keeps_what_writing_needs(text, cleaned):
    assert clean(text) == cleaned


@given(awkward_text)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean(clean(text)) == clean(text)


@given(awkward_text)
def test_cleaned_text_can_be_encoded_and_holds_no_control_character(text):
    cleaned = clean(text).encode().decode()
    assert "Cc" not in {unicodedata.category(character) for character in cleaned.replace("\n", "")}


def test_a_clean_line_is_one_line_with_single_spaces():
    assert clean_line(" a \n\n b\u00a0 c ") == "a b c"


@pytest.mark.parametrize(
    ("limit", "line"), [(None, "Hello there"), (11, "Hello there"), (10, "Hello the…"), (7, "Hello…"), (1, "…")]
)
def test_a_line_that_is_too_long_is_cut_with_an_ellipsis(limit, line):
    assert clean_line("Hello there", limit) == line


@given(awkward_text)
def test_what_is_escaped_reads_as_it_was(text):
    assert plain(escape(clean_line(text))) == clean_line(text)


@pytest.mark.parametrize(
    ("cue_text", "read"),
    [
        ("<i>Hi</i> <b>there</b>", "Hi there"),
        ("<v Ann>Hi</v> <c.loud.red>you</c> <00:00:01.000>two", "Hi you two"),
        ("Tom &amp; Jerry &lt;3&nbsp;x", "Tom & Jerry <3\u00a0x"),
        ("1 < 2 and <3", "1 < 2 and <3"),
        ("never <closed", "never <closed"),
        ("one&#10;two", "one two"),
        ("&l<i>t;", "&lt;"),
    ],
)
def test_plain_text_has_no_markup(cue_text, read):
    assert plain(cue_text) == read


def test_a_megabyte_of_unclosed_tag_is_read_at_once():
    began = time.thread_time()  # of this thread: what else runs does not count
    plain("<" + "a" * 1_000_000)
    clean("\x9d" * 1_000_000)
    assert time.thread_time() - began < 5


def test_a_label_names_who_speaks():
    assert label("Ann") == ">> Ann: "


def test_a_label_holds_no_arrow():
    assert label("Ann --> Bob") == ">> Ann -> Bob: "


@pytest.mark.parametrize("nobody", [None, "", " \u200b"])
def test_nobody_has_no_label(nobody):
    assert label(nobody) == ""


def test_a_label_is_cut():
    assert len(label("x" * 500)) == NAME_LIMIT + len(">> : ")


@pytest.mark.parametrize(
    ("left", "right", "space"),
    [("a", "b", " "), ("字", "幕", ""), ("です。", "「は", ""), ("字", "b", " "), ("a", "幕", " "), ("한", "글", " ")],
)
def test_only_words_of_scripts_without_spaces_stand_side_by_side(left, right, space):
    assert space_between(left, right) == space
