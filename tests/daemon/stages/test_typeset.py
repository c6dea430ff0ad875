"""What a draft's report says of voices, and of words that were changed."""

import json
from dataclasses import replace

import pytest

from captions import formats
from captions.cleaning import Options
from captions.cleaning.fillers import Level
from captions.transcript import SpeakerTurn, SpeechSpan, Transcript, Word
from daemon.job import Style
from daemon.stages.typeset import MOST_TURNS, typeset


def spoken(turns, words=None):
    """A transcript with a word in each turn's beginning."""
    made = tuple(Word("Yes.", turn.start, turn.start + 0.3, 0.9, turn.speaker) for turn in turns)
    seconds = max(turn.end for turn in turns)
    return Transcript(made if words is None else words, "en", "whisper", "tiny", seconds, tuple(turns))


def report(transcript):
    """As it is after a way through the store."""
    return json.loads(json.dumps(typeset(transcript, Style("netflix"), None).report))


def test_two_who_talk_are_reported_with_their_words():
    found = report(spoken([SpeakerTurn(0, 6.0004, "A"), SpeakerTurn(5.12345, 9, "B")]))
    assert found["turns"] == [[0, 6.0, "A"], [5.12, 9, "B"]]
    first, second = found["talk"]
    assert (first["speaker"], first["seconds"], first["share"], first["words_per_minute"]) == ("A", 6.0, 0.608, 9.999)
    assert (second["speaker"], second["turns"], second["interruptions"]) == ("B", 1, 1)


def test_turns_that_an_engine_does_not_give_are_those_of_its_words():
    words = (Word("One.", 0, 1, 0.9, "A"), Word("Two.", 1.1, 2, 0.9, "B"))
    found = report(Transcript(words, "en", "x", "y", 2.0))
    assert found["turns"] == [[0, 1, "A"], [1.1, 2, "B"]]


def test_one_voice_is_reported_only_if_it_has_a_name():
    assert "talk" not in report(spoken([SpeakerTurn(0, 5, "A")]))
    assert report(spoken([SpeakerTurn(0, 5, "Ada")]))["talk"][0]["speaker"] == "Ada"


def test_words_without_speakers_report_none():
    found = report(Transcript((Word("One.", 0, 1, 0.9),), "en", "x", "y", 2.0))
    assert "talk" not in found
    assert "turns" not in found


def test_ten_hours_of_quick_talk_are_a_report_of_bounded_size():
    turns = [SpeakerTurn(n * 2.0, n * 2.0 + 1.5, f"S{n % 30}") for n in range(18_000)]
    found = report(spoken(turns, words=()))
    assert len(found["turns"]) <= MOST_TURNS
    assert len(found["talk"]) == 30
    assert sum(one["turns"] for one in found["talk"]) == 18_000
    assert len(json.dumps(found)) < 200_000


@pytest.mark.parametrize(("style", "shown"), [("", "(A) Yes."), ("name", "A: Yes.")])
def test_viewers_read_who_speaks_as_the_profile_has_it_or_as_it_is_wished(style, shown):
    heard = spoken([SpeakerTurn(0, 6, "A"), SpeakerTurn(7, 9, "B")])
    text = typeset(heard, Style("dcmp", labels=style), None).text
    assert f"<v A>{shown}</v>" in text


# ---- clean words


def said(text, **rest):
    words = tuple(Word(one, n * 0.3, n * 0.3 + 0.3, 0.9) for n, one in enumerate(text.split()))
    return Transcript(words, "en", "whisper", "tiny", 900.0, **rest)


def test_what_nobody_said_is_not_in_the_captions_and_is_reported():
    outro = tuple(
        Word(one, 602 + n * 0.3, 602.3 + n * 0.3, 0.9) for n, one in enumerate(["Thanks", "for", "watching."])
    )
    heard = replace(said("That is all."), speech=(SpeechSpan(0, 1),))
    made = typeset(replace(heard, words=(*heard.words, *outro)), Style("netflix"), None)
    assert "Thanks" not in made.text
    assert "That is all." in made.text
    [change] = json.loads(json.dumps(made.report))["changes"]["listed"]
    assert (change["what"], change["start"], change["before"]) == ("credit", 602, "Thanks for watching.")


def test_terms_are_written_as_the_glossary_has_them():
    style = Style("netflix", terms=("Ada Lovelace", "Babbage"))
    made = typeset(said("This is by ada loveless, and babbidge."), style, None)
    assert "This is by Ada Lovelace, and Babbage." in made.text
    assert made.report["changes"]["counts"] == {"term": 2}


def test_a_draft_of_words_that_are_clean_reports_no_changes():
    assert "changes" not in typeset(said("Um, that is all."), Style("netflix"), None).report


def test_what_the_owner_asks_for_is_done():
    style = Style("netflix", cleaning=Options(fillers=Level.LIGHT))
    assert "\nThat is all." in typeset(said("Um, that is all."), style, None).text


# ---- the rules


def of_language(language):
    words = [Word(f"word{n}", n * 0.3, n * 0.3 + 0.25, 0.9) for n in range(40)]
    return Transcript(tuple(words), language, "whisper", "tiny", 12.0)


def test_numbers_of_ones_own_shape_the_cues_and_stand_in_the_report():
    made = typeset(of_language("en"), Style("netflix", limits={"lines": 1, "characters_per_line": 20}), None)
    shown = [cue.lines for cue in formats.read(made.text, "vtt", "en").cues]
    assert {len(lines) for lines in shown} == {1}
    assert max(len(lines[0].text) for lines in shown) <= 20
    assert made.report["limits"] == {"lines": 1, "characters_per_line": 20}
    assert "limits" not in typeset(of_language("en"), Style("netflix"), None).report


def test_a_number_that_cannot_hold_in_the_language_is_left_out_and_noted():
    limits = {"lines": 1, "reading_speed_target": 19}
    made = typeset(of_language("de"), Style("netflix", limits=limits), None)
    assert made.report["limits"] == {"lines": 1}
    (note,) = made.report["extras"]["notes"]
    assert note.startswith("reading_speed_target cannot be what was set, with the profile netflix in de")
    assert "extras" not in typeset(of_language("en"), Style("netflix", limits=limits), None).report


def test_the_rules_are_those_of_the_language_that_is_spoken():
    def widest(language):
        track = formats.read(typeset(of_language(language), Style("netflix"), None).text, "vtt", language)
        return max(len(line.text) for cue in track.cues for line in cue.lines)

    assert widest("ja") <= 26 < widest("en") <= 42
