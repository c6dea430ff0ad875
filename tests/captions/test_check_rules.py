"""Each rule of the report by what breaks it, and by what is near it and does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.check import Kind, Severity, check
from captions.profiles import PROFILES, find
from captions.segment import segment
from captions.track import Cue, Line, Track
from captions.transcript import SpeechSpan, Transcript, Word

GERMAN = "Das ist nicht das, was wir sehen wollten, aber es ist auch nicht schlecht, und die Leute sind sehr zufrieden "


def cue(text, start=0.0, end=None, speaker=None):
    ends = start + max(2.0, len(text) / 15) if end is None else end
    return Cue(start, ends, tuple(Line(line, speaker) for line in text.splitlines()))


def spoken(text, start=0.0, pace=0.3):
    return tuple(
        Word(word, start + index * pace, start + (index + 1) * pace, 0.9) for index, word in enumerate(text.split())
    )


def heard(*words, speech=(), approximate=""):
    return Transcript(words, "en", "fake", "fake", 100.0, speech=tuple(speech), approximate=approximate)


def kinds(*cues, language="en", profile="netflix", words=None):
    return [problem.kind for problem in check(Track(language, cues), find(profile), words).problems]


# --- gaps -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gap", "expected"), [
    (0.0, [Kind.SMALL_GAP]),
    (0.05, [Kind.SMALL_GAP]),
    (0.067, []),  # two frames of thirty a second
    (0.083, []),
    (0.1, []),
    (0.125, [Kind.OPEN_GAP]),
    (0.49, [Kind.OPEN_GAP]),
    (0.5, []),
])  # fmt: skip
def test_a_gap_is_two_frames_or_half_a_second(gap, expected):
    assert kinds(cue("One.", 0, 2), cue("Two.", 2 + gap, 5)) == expected


def test_a_gap_is_left_where_the_cue_above_has_no_room(netflix):
    assert kinds(cue("One.", 0, 0.84), cue("Two.", 0.84, 3)) == []
    assert kinds(cue("One.", 0, 6.95), cue("Two.", 7.2, 9)) == []


def test_a_gap_is_judged_by_the_cue_that_showed_last():
    assert kinds(cue("Long.", 0, 5), cue("Short.", 1, 2), cue("Later.", 5.083, 7)) == [Kind.OVERLAP]


def test_a_house_without_a_gap_has_none_that_is_small():
    assert kinds(cue("One.", 0, 2), cue("Two.", 2, 4), profile="bbc") == []


# --- lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["We walked along the\nriver bank today.", "He said that I\nwas late again."])
def test_a_line_does_not_end_between_words_that_belong_together(text):
    assert kinds(cue(text)) == [Kind.BAD_BREAK]


@pytest.mark.parametrize(
    "text",
    [
        "We walked home\nin the river bank today.",
        "That is what it is.\nThe house is old.",
        "We walked...\n...along the river.",
        "- Is it the\n- The house is old, yes.",
        "WE WENT TO NEW\nYORK AND LONDON",
    ],
)
def test_a_line_may_end_elsewhere(text):
    assert kinds(cue(text)) == []


def test_a_cue_does_not_end_between_words_that_belong_together():
    assert kinds(cue("We walked along the", 0, 2), cue("river bank today.", 2.083, 5)) == [Kind.BAD_BREAK]
    assert kinds(cue("We walked along the", 0, 2), cue("river bank today.", 3, 5)) == [], "in a pause"
    assert kinds(cue("We walked along the", 0, 2, "Ann"), cue("river bank today.", 2.083, 5, "Bob")) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wir gingen heute mit dem\nalten Hund spazieren."),
        ("fr", "Nous avons marché le long du\nfleuve avec le chien."),
        ("es", "Ayer caminamos con los\nperros por la ciudad."),
        ("pl", "Poszliśmy wczoraj do\nmiasta na zakupy."),
    ],
)
def test_what_belongs_together_is_known_by_the_words_of_the_language(language, text):
    assert kinds(cue(text), language=language) == [Kind.BAD_BREAK]
    assert kinds(cue(text), language="bg") == []


@pytest.mark.parametrize(
    ("cues", "expected"),
    [
        ([cue("We all walked home\nhere.")], [Kind.ORPHAN]),
        ([cue("We all walked home.\nHere.")], []),
        ([cue("We all walked home\neverywhere.")], []),
        ([cue("[laughing]\nHere.")], []),
        ([cue("Walk\nhere.")], []),
        ([cue("We all\nwalked home")], []),
        ([cue("We all walked home", 0, 2), cue("here.", 2.083, 4)], [Kind.ORPHAN]),
        ([cue("We all walked home.", 0, 2), cue("Here.", 2.083, 4)], []),
        ([cue("We all walked home", 0, 2), cue("here.", 3, 5)], []),
        ([cue("We all walked home", 0, 2, "Ann"), cue("here.", 2.083, 4, "Bob")], []),
        ([cue("We all walked home", 0, 2), cue("here.\nAnd slept.", 2.083, 4)], []),
    ],
)
def test_a_short_word_is_lost_alone(cues, expected):
    assert kinds(*cues) == expected


# --- writing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["caf\ufffd", "caf\ue001", "ding\x07", "cafÃ©", "itâ€™s", "Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "100Â°", "\U000f0001"]
)
def test_what_cannot_be_read_is_told(text):
    (problem,) = check(Track("en", (cue(text),)), find("netflix")).problems
    assert problem.kind is Kind.UNREADABLE
    assert "U+" in problem.detail
    assert problem.detail.isprintable()


@pytest.mark.parametrize(
    "text", ["café", "it’s", "«IRMÃ»", "NÃO", "ÂME", "привет", "字幕", "عربي\u200f", "👩\u200d🚀", "Ðð Ññ"]
)
def test_writing_of_any_script_can_be_read(text):
    assert kinds(cue(text)) == []


@pytest.mark.parametrize(
    "text", ["<i>one", "one</i>", "<i>one</b>", "<i><b>one</i></b>", "&lt;i&gt;one", "{\\an8}one", "<font color=x>one"]
)
def test_a_tag_alone_or_shown_is_told(text):
    assert kinds(cue(text)) == [Kind.MARKUP]


@pytest.mark.parametrize(
    "text",
    [
        "<i>one</i>",
        "<i>one\ntwo too</i>",
        "<I>one</i>",
        "<v Ann>one",
        "a <00:00:01.000>word",
        "1 &lt; 2",
        "{one}",
        "<c.x>1</c>",
    ],
)
def test_tags_in_pairs_are_well(text):
    assert kinds(cue(text)) == []


# --- language ---------------------------------------------------------------------------------------------------


def german(count):
    return [cue(f"{index} {GERMAN[:40]}", 5 * index, 5 * index + 4) for index in range(count)]


def test_a_track_of_plainly_another_language_is_told_once():
    cues = german(10)
    report = check(Track("en", tuple(cues)), find("netflix"))
    (problem,) = [one for one in report.problems if one.kind is Kind.LANGUAGE]
    assert (problem.cue, problem.detail) == (0, "it says en, and looks like de")
    assert "sign that it is all of another language" in report.summary
    assert report.score <= 70


def test_a_language_is_not_doubted_by_few_words_nor_where_it_cannot_be_told():
    cues = german(10)
    assert Kind.LANGUAGE not in kinds(*cues, language="de")
    assert Kind.LANGUAGE not in kinds(*cues, language="de-AT")
    assert Kind.LANGUAGE not in kinds(*cues[:2])
    assert Kind.LANGUAGE not in kinds(*cues, language="no")
    assert Kind.LANGUAGE not in kinds(*cues, language="")


# --- what was heard ---------------------------------------------------------------------------------------------


HASTY = "Twenty-one letters say it."


def test_what_was_said_too_fast_with_no_silence_around_is_forced():
    words = (*spoken("before all that", 0, 0.3), *spoken(HASTY, 0.9, 0.25), *spoken("after all that", 1.9, 0.3))
    report = check(Track("en", (cue(HASTY, 0.9, 1.9),)), find("netflix"), heard(*words))
    (problem,) = report.problems
    assert (problem.kind, problem.severity) == (Kind.FORCED, Severity.HINT)
    assert (report.conformity, report.score) == (1.0, 100)


def test_what_could_show_longer_is_too_fast():
    words = (*spoken(HASTY, 0.9, 0.25), *spoken("after all that", 3.9, 0.3))
    assert kinds(cue(HASTY, 0.9, 1.9), words=heard(*words)) == [Kind.TOO_FAST]
    assert kinds(cue(HASTY, 0.9, 1.9)) == [Kind.TOO_FAST], "nothing is known of the sound"
    assert kinds(cue(HASTY, 0.9, 1.9), words=heard(*spoken(HASTY, 0.9, 0.25))) == [Kind.TOO_FAST]


def test_what_is_said_at_guessed_times_is_not_forced():
    words = (*spoken("before all that", 0, 0.3), *spoken(HASTY, 0.9, 0.25), *spoken("after all that", 1.9, 0.3))
    assert kinds(cue(HASTY, 0.9, 1.9), words=heard(*words, approximate="Guesses.")) == [Kind.TOO_FAST]


def test_a_cue_does_not_stay_over_a_long_silence():
    words = spoken("Good morning.", 1.0)
    assert kinds(cue("Good morning.", 1.0, 3.5), words=heard(*words)) == []
    assert kinds(cue("Good morning.", 1.0, 4.0), words=heard(*words)) == [Kind.HELD_OVER_SILENCE]
    assert kinds(cue("Good morning.", 1.0, 4.0)) == []
    assert kinds(cue("[music]", 3.0, 6.0), words=heard(*words)) == []
    assert kinds(cue("Good morning.", 1.0, 4.0), words=heard(*words, approximate="Guesses.")) == []
    over = (*spoken("Good", 1.0), *spoken("morning.", 4.0))
    assert kinds(cue("Good morning.", 1.0, 4.5), words=heard(*over)) == [Kind.HELD_OVER_SILENCE]


def test_a_doubtful_word_is_a_hint_at_its_cue():
    words = (Word("Good", 0, 0.4, 0.9), Word("morning.", 3.1, 3.5, 0.2))
    (problem,) = check(Track("en", (cue("Good"), cue("morning.", 3, 5))), find("netflix"), heard(*words)).problems
    assert (problem.kind, problem.cue, problem.detail) == (Kind.DOUBTFUL, 1, "“morning” is 20% sure")


# --- what nobody said -------------------------------------------------------------------------------------------

OUTRO = cue("Thanks for watching!", 30, 32)


@pytest.mark.parametrize(
    "text", ["Thanks for watching!", "Untertitel der Amara.org-Community", "字幕by索兰娅", "谢谢观看"]
)
def test_a_credit_where_no_speech_is_heard_was_not_said(text):
    silent = heard(speech=[SpeechSpan(0, 10), SpeechSpan(29, 33, no_speech_probability=0.9)])
    assert kinds(cue(text, 30, 33), cue("More.", 50, 52), words=silent) == [Kind.HALLUCINATION]
    assert kinds(cue(text, 30, 33), words=heard(speech=[SpeechSpan(29, 33)])) == []


def test_a_credit_in_the_end_after_a_silence_was_probably_not_said():
    assert kinds(cue("Hello there."), OUTRO) == [Kind.HALLUCINATION]
    assert kinds(cue("Hello there."), OUTRO, cue("See you in the next video.", 33, 35)) == [Kind.HALLUCINATION]
    assert kinds(cue("Hello there.", 20, 25), OUTRO) == []
    assert kinds(cue("Hello there."), OUTRO, cue("One more thing.", 33, 35)) == []
    assert kinds(cue("Hello there."), cue("Thanks for watching over her.", 30, 32)) == []


def test_the_same_on_end_is_told_once_where_it_repeats():
    report = check(
        Track("en", tuple(cue("I am going home.", 3 * index, 3 * index + 2) for index in range(8))), find("netflix")
    )
    (problem,) = report.problems
    assert (problem.kind, problem.cue, problem.detail) == (Kind.HALLUCINATION, 1, "“I am going home.” 8 times on end")
    assert "1 perhaps said by nobody" in report.summary


def test_rhetoric_and_refrains_are_no_loop():
    assert kinds(*(cue("I am going home.", 3 * index, 3 * index + 2) for index in range(3))) == []
    assert kinds(cue("No, no, no, no!")) == []


# --- what segment makes ------------------------------------------------------------------------------------------

VOCABULARY = ["I", "the", "and,", "house.", "understandable", "walked", "Well,", "no?", "it", "of", "Paris"]
SLOW_SECONDS = 0.2
"""Of each letter and the space after a word: five letters a second are well below any cap."""


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(VOCABULARY), st.sampled_from([0.0, 0.05, 0.3, 1.5])), min_size=1, max_size=40),
    st.sampled_from(sorted(PROFILES)),
)
def test_well_spaced_words_are_set_without_an_error(said, profile):
    words, now = [], 2.0
    for text, silence in said:
        spoken_seconds = (len(text) + 1) * SLOW_SECONDS
        words.append(Word(text, now, now + spoken_seconds, 0.9))
        now += spoken_seconds + silence
    transcript = Transcript(tuple(words), "en", "fake", "fake", now + 3)
    track = segment(transcript, find(profile))
    assert check(track, find(profile), transcript, now + 3).of(Severity.ERROR) == ()
