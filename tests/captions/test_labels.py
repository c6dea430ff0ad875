"""Who speaks, as a viewer reads it: labels and dashes, in text and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from captions.formats import read, same_text, shown, write
from captions.labels import STYLES, is_exchange, label, labels, recognised, without_dash
from captions.text import escape, squeezed
from captions.track import Cue, Line, Track
from tests.captions.strategies import tracks

STYLED = {"chevrons": ">> Ada: No.", "name": "Ada: No.", "parentheses": "(Ada) No."}


def talk(*rows: tuple[str | None, str], style: str = "", language: str = "en") -> Track:
    """A cue for each row, of who says what."""
    cues = (Cue(n, n + 0.9, (Line(escape(text), who),)) for n, (who, text) in enumerate(rows))
    return Track(language, tuple(cues), style)


def exchange(style: str = "chevrons") -> Track:
    """Two who share a cue, then one of them alone."""
    lines = (Line("-No?", "Ada"), Line("-No.", "Bob"))
    return Track("en", (Cue(0, 1, lines), Cue(2, 3, (Line("Well.", "Bob"),))), style)


@pytest.mark.parametrize("style", STYLES)
def test_a_label_stands_where_the_speaker_changes(style):
    track = talk(("Ada", "No."), ("Ada", "Yes."), ("Bob", "Why?"), (None, "[rain]"), ("Bob", "Well."), style=style)
    found = [text for (text,) in labels(track)]
    assert found == [label("Ada", style), "", label("Bob", style), "", label("Bob", style)]
    assert shown(track)[0] == (STYLED[style],)


@pytest.mark.parametrize("file", ["vtt", "ttml"])
@pytest.mark.parametrize("style", STYLES)
def test_formats_that_know_speakers_show_them_too_and_are_read_back(style, file):
    track = talk(("Ada", "No."), ("Ada", "Yes."), ("Bob & <Co>", "Why?"), style=style)
    text = write(track, file)
    assert escape(STYLED[style]) in text.replace("> >", "&gt; &gt;")
    assert escape(label("Bob & <Co>", style)) in text
    assert read(text, file, "en") == track


@pytest.mark.parametrize("file", ["vtt", "ttml"])
def test_a_track_without_a_style_shows_its_speakers_only_where_there_is_no_other_way(file):
    track = talk(("Ada", "No."), ("Bob", "Why?"))
    assert ": No." not in write(track, file)
    assert read(write(track, file), file, "en") == track
    assert ">> Ada: No." in write(track, "srt")


@pytest.mark.parametrize("style", STYLES)
def test_json_keeps_the_style(style):
    assert read(write(talk(("Ada", "No."), style=style), "json"), "json", "en").labels == style


def test_json_of_no_style_is_refused():
    with pytest.raises(ValueError, match="labels are one of chevrons, name, parentheses"):
        read(write(talk(("Ada", "No."), style="name"), "json").replace('"name"', '"stars"', 1), "json", "en")


def test_a_label_that_a_person_took_out_of_the_file_comes_back_and_all_of_them_do_not():
    text = write(talk(("Ada", "No."), ("Bob", "Why?"), style="name"), "vtt")
    assert read(text.replace("Ada: ", ""), "vtt", "en") == read(text, "vtt", "en")
    assert read(text.replace("Ada: ", "").replace("Bob: ", ""), "vtt", "en").labels == ""


@settings(deadline=None)
@given(tracks(), st.sampled_from([*STYLES]))
def test_a_labelled_track_survives_its_file(track, style):
    lines = [line for cue in track.cues for line in cue.lines if line.speaker]
    named = [escape(label(line.speaker, one)) for line in lines for one in STYLES]
    assume(not any(line.text.lstrip("\u200f").startswith(tuple(filter(None, named))) for line in lines))
    styled = Track(track.language, track.cues, style)
    back = read(write(styled, "vtt"), "vtt", "en")
    assert shown(back) == shown(styled)
    assert [[line.speaker for line in cue.lines] for cue in back.cues] == [
        [line.speaker for line in cue.lines] for cue in track.cues
    ]
    assert write(back, "vtt") == write(styled, "vtt")


def test_what_sounds_like_a_label_is_left_where_none_is_due():
    track = talk(
        ("A", "No."), ("A", "A: the first one."), ("B", "B: the second."), ("B", "B: the third."), style="name"
    )
    for file in ("vtt", "ttml", "json"):
        assert read(write(track, file), file, "en") == track


@pytest.mark.parametrize("style", STYLES)
def test_the_style_is_that_of_the_labels_and_not_of_what_somebody_says(style):
    said = (("A", "No."), ("A", "A: the first one."), ("B", "(B) the second."), ("A", ">> A: the third."))
    track = talk(*said, style=style)
    assert read(write(track, "vtt"), "vtt", "en") == track


def test_a_name_that_ends_with_a_dash_is_named_once_however_often_it_is_saved():
    track = talk(("Ann -", "Hello."), ("Bob", "Yes."), style="chevrons")
    text = write(track, "vtt")
    assert text.count("Ann") == 2
    assert write(read(text, "vtt", "en"), "vtt") == text


# --- two in one cue


def test_two_with_dashes_have_no_labels_and_who_goes_on_has_one():
    assert is_exchange(exchange().cues[0])
    assert shown(exchange()) == [("-No?", "-No."), (">> Bob: Well.",)]


@pytest.mark.parametrize("file", ["vtt", "ttml", "json"])
def test_an_exchange_survives_its_file(file):
    assert read(write(exchange(), file), file, "en") == exchange()


@pytest.mark.parametrize(
    "lines",
    [
        (Line("-No?", "Ada"), Line("-No.", "Ada")),
        (Line("-No?", "Ada"), Line("No.", "Bob")),
        (Line("-No?", "Ada"),),
        (),
    ],
)
def test_dashes_alone_are_no_exchange(lines):
    assert not is_exchange(Cue(0, 1, lines))


@pytest.mark.parametrize(("text", "said"), [("-No.", "No."), ("– No.", "No."), ("--No.", "-No."), ("No-no", "No-no")])
def test_the_dash_is_no_word(text, said):
    assert without_dash(text) == said


# --- from right to left


@pytest.mark.parametrize("style", STYLES)
def test_a_label_in_other_letters_does_not_turn_a_line_from_right_to_left(style):
    track = talk(("Ada", "שלום לכולם"), ("אבי", "שלום"), ("Bob", "Hello"), ("אבי", "Bye"), style=style, language="he")
    found = [text for (text,) in labels(track)]
    assert [text[0] if text[0] in "\u200e\u200f" else "" for text in found] == ["\u200f", "", "", "\u200e"]
    for file in ("vtt", "ttml"):
        assert read(write(track, file), file, "he") == track
    assert shown(read(write(talk(*_rows(track), style="chevrons"), "srt"), "srt", "he"))[0] == (
        "\u200f>> Ada: שלום לכולם",
    )


def _rows(track: Track) -> list[tuple[str | None, str]]:
    return [(line.speaker, line.text) for cue in track.cues for line in cue.lines]


# --- a file that comes back


@pytest.mark.parametrize("file", ["srt", "sbv"])
@pytest.mark.parametrize("style", STYLES)
def test_speakers_of_a_draft_are_found_again_in_a_file_that_knows_none(style, file):
    track = talk(("Ada", "No."), ("Ada", "Yes."), ("Bob", "Why?"), style=style)
    assert recognised(read(write(track, file), file, "en"), track) == track


@pytest.mark.parametrize("file", ["srt", "sbv"])
@pytest.mark.parametrize("style", STYLES)
def test_speakers_of_cues_that_were_changed_are_told_by_their_labels(style, file):
    track = talk(("Ann", "No."), ("Ann: Lee", "Yes."), ("Ann: Lee", "Why?"), ("Ann", "So"), style=style)
    changed = write(track, file).replace("Yes", "Yeah").replace("Why", "How").replace("So", "Well")
    back = recognised(read(changed, file, "en"), track)
    assert [(line.speaker, line.text) for cue in back.cues for line in cue.lines] == [
        ("Ann", "No."),
        ("Ann: Lee", "Yeah."),
        ("Ann: Lee", "How?"),
        ("Ann", "Well"),
    ]


@settings(deadline=None)
@given(tracks(), st.sampled_from(["", *STYLES]), st.sampled_from(["srt", "sbv"]))
def test_a_file_that_comes_back_unchanged_changes_nothing(track, style, file):
    draft = read(write(replace(track, labels=style), "vtt"), "vtt", "en")
    back = recognised(read(write(draft, file), file, "en"), draft)
    rows = [[squeezed(text) for text in lines] for lines in shown(draft)]
    assert [[squeezed(text) for text in lines] for lines in shown(back)] == rows


def test_after_two_with_dashes_nobody_is_taken_to_speak_on():
    changed = write(exchange(), "srt").replace("No", "Na")
    back = recognised(read(changed, "srt", "en"), exchange())
    assert [line.speaker for cue in back.cues for line in cue.lines] == [None, None, "Bob"]
    assert recognised(read(write(exchange(), "srt"), "srt", "en"), exchange()) == exchange()


def test_who_is_not_known_in_the_draft_is_text():
    track = read(write(talk((None, "Note: it rains"), (None, "Ada: she said")), "srt"), "srt", "en")
    assert recognised(track, talk(("Bob", "Hello"))) == track


# --- the same track, as a server gives it


def test_a_track_is_the_same_where_voices_are_dropped_and_labels_stay():
    track = talk(("Ada", "No."), ("Bob", "Why?"), style="name")
    bare = talk((None, "Ada: No."), (None, "Bob: Why?"))
    assert same_text(track, bare)
    assert same_text(bare, track)
    assert not same_text(track, talk((None, "Ada: No."), (None, "Ada: Why?")))
