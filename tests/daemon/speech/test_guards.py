"""Which words are left out or doubted, by which rule; and that nothing else is."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from captions.transcript import SpeechSpan, Word
from daemon.speech.engines.whisper import guards
from daemon.speech.engines.whisper.guards import Stretch, judge

EVERYWHERE = (SpeechSpan(0, 100_000),)


def words(text, start=0.0, each=0.3, confidence=0.8):
    """Words one after the other, of `each` seconds."""
    return tuple(
        Word(said, start + at * each, start + (at + 1) * each, confidence) for at, said in enumerate(text.split())
    )


def stretch(*groups, no_speech=0.1, log_probability=-0.3):
    return Stretch(tuple(word for group in groups for word in group), no_speech, log_probability)


def said(judged):
    return " ".join(word.text for word in judged.words)


def doubted(judged):
    return " ".join(word.text for word in judged.words if word.confidence == 0.4)


def judged(*groups, speech=EVERYWHERE, **measures):
    return judge([stretch(*groups, **measures)], speech)


# ---- hardly any speech


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "kept"),
    [
        (0.61, -1.01, False),
        (0.76, -2.06, False),  # what tiny.en hears in a scale on a piano
        (0.6, -1.01, True),
        (0.61, -1.0, True),
        (0.99, -0.3, True),
        (0.1, -3.0, True),
    ],
)
def test_words_are_left_out_where_nobody_is_thought_to_speak_and_they_are_not_believed(
    no_speech, log_probability, kept
):
    found = judged(words("thank you"), no_speech=no_speech, log_probability=log_probability)
    assert said(found) == ("thank you" if kept else "")
    assert bool(found.notes) is not kept


def test_only_the_stretch_without_speech_is_left_out():
    nobody = stretch(words("you.", 75), no_speech=0.7, log_probability=-2.0)
    found = judge([stretch(words("one two")), nobody, stretch(words("three", 80))], EVERYWHERE)
    assert said(found) == "one two three"
    assert found.notes == ("Left out at 1:15, where there is hardly any speech: “you.”",)


def test_a_stretch_without_words_says_nothing():
    assert judged(no_speech=0.9, log_probability=-2.0) == guards.Judged(())


# ---- loops


@pytest.mark.parametrize(
    ("text", "kept", "doubtful"),
    [
        ("well " + "yeah, " * 40 + "over", "well yeah, over", ""),
        ("thank you for watching this " * 10, "thank you for watching this", ""),
        ("Row, row, row your boat", "Row, row, row your boat", ""),
        ("no no no no no no", "no no no no no no", ""),  # too short a text to be compressible
        ("very " * 9 + "good", "very " * 9 + "good", "very " * 8),
        (
            "we shall fight on the beaches " * 4,
            "we shall fight on the beaches " * 4,
            "we shall fight on the beaches " * 3,
        ),
        ("we shall fight on the beaches " * 3, "we shall fight on the beaches " * 3, ""),
        ("Yes, we can! yes we can. Yes, we can, " * 4, "Yes, we can!", ""),  # case and punctuation do not count
        ("感谢 观看 " * 12, "感谢 观看", ""),
    ],
)
def test_what_is_said_in_a_loop_is_kept_once_or_doubted(text, kept, doubtful):
    found = judged(words(text))
    assert said(found) == kept.strip()
    assert doubted(found) == doubtful.strip()
    assert len(found.notes) == (said(found) != text.strip())


def test_a_loop_faster_than_speech_is_left_out_before_the_tenth_time():
    assert said(judged(words("and so it goes " * 5, each=0.05))) == "and so it goes"


def test_a_loop_goes_on_across_stretches():
    each = [stretch(words("Thanks for watching, my friends.", 30 * at)) for at in range(12)]
    found = judge(each, EVERYWHERE)
    assert said(found) == "Thanks for watching, my friends."
    assert "where the same was recognised 12 times on end; kept once" in found.notes[0]


def test_what_comes_after_a_loop_is_kept():
    assert said(judged(words("a b " * 30 + "c a b"))) == "a b c a b"


def test_a_note_says_when_and_what_in_few_words():
    found = judged(words("yes " * 200, start=3700))
    assert found.notes[0].startswith(
        "Left out at 1:01:40, where the same was recognised 200 times on end; kept once: “yes"
    )
    assert len(found.notes[0]) < 180


# ---- piles


def test_words_at_one_place_in_time_are_doubted():
    pile = "one two three four five six seven eight nine"
    found = judged(words("before"), words(pile, start=5, each=0.01), words("after that", start=9))
    assert doubted(found) == pile
    assert not found.notes


def test_words_at_one_place_in_time_that_are_not_believed_are_left_out():
    pile = words("one two three four five six seven eight nine", start=5, each=0.0, confidence=0.2)
    found = judged(words("before"), pile, words("after", start=9))
    assert said(found) == "before after"
    assert found.notes == (
        "Left out at 0:05, faster than anybody speaks: “one two three four five six seven eight nine”",
    )


def test_two_piles_are_two_places():
    first, second = (words("a b c d e f g h", start=at, each=0.0, confidence=0.1) for at in (5, 50))
    assert len(judged(first, words("between them", 20), second).notes) == 2


def test_seven_quick_words_are_speech():
    assert judged(words("I do not know what you mean", each=0.05)).words == words(
        "I do not know what you mean", each=0.05
    )


# ---- out of place


@pytest.mark.parametrize(
    ("start", "kept"), [(0.0, False), (8.9, False), (9.3, True), (10.0, True), (12.4, True), (12.6, False), (40, True)]
)
def test_words_away_from_any_speech_are_left_out(start, kept):
    found = judged(words("hello", start=start, each=0.5), speech=(SpeechSpan(10.2, 12), SpeechSpan(39, 41)))
    assert said(found) == ("hello" if kept else "")


def test_words_away_from_speech_are_told_of_together_and_others_stay():
    found = judged(words("a b c", 0), words("d", 20), words("e f", 30), speech=(SpeechSpan(19, 21),))
    assert said(found) == "d"
    assert found.notes == (
        "Left out at 0:00, where no speech was detected: “a b c”",
        "Left out at 0:30, where no speech was detected: “e f”",
    )


def test_where_no_detector_listened_no_word_is_out_of_place():
    assert said(judged(words("a b c"), speech=())) == "a b c"


# ---- together


def test_what_two_rules_leave_out_is_told_of_once():
    assert (
        len(judged(words("yeah " * 50), speech=(SpeechSpan(500, 501),), no_speech=0.9, log_probability=-3).notes) == 1
    )


def test_many_places_are_counted():
    nobody = [stretch(words("you.", 30 * at), no_speech=0.9, log_probability=-2) for at in range(25)]
    notes = judge(nobody, EVERYWHERE).notes
    assert (len(notes), notes[-1]) == (21, "Words were left out at 5 more places.")


COMMON = ("the", "a", "of", "no", "yes", "and", "it", "is", "very", "ha", "we", "can", "go", "row", "是", "的", "我")
TEXTS = st.lists(st.sampled_from(COMMON), max_size=80)
FOUR_ON_END = re.compile(r"(?:^|(?<= ))((?:\S+ ){1,20}?)\1{3}")


@settings(max_examples=60, deadline=None)
@given(
    TEXTS,
    st.floats(0.12, 2.0),  # seconds a word: from the quickest speech on
    st.floats(0, 1),
    st.one_of(
        st.tuples(st.floats(0, 0.6), st.floats(-5, 0)), st.tuples(st.floats(0, 1), st.floats(guards.LOG_PROBABILITY, 0))
    ),
)
def test_what_a_normal_stretch_holds_is_never_touched(texts, each, confidence, measures):
    """Nothing four times on end, no faster than people speak, where speech was detected and is believed."""
    text = " ".join(texts)
    assume(not FOUR_ON_END.search(text + " "))
    normal = words(text, each=each, confidence=confidence)
    speech = (SpeechSpan(0, len(normal) * each + 1),)
    assert judge([Stretch(normal, *measures)], speech) == guards.Judged(normal)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 2), st.floats(0, 1)), max_size=30),
                  st.floats(0, 1), st.floats(-3, 0)), max_size=4),
    st.booleans(),
)  # fmt: skip
def test_whatever_is_recognised_words_are_only_left_out_or_doubted_and_stay_in_order(recognised, known):
    clock, stretches = 0.0, []
    for texts, no_speech, log_probability in recognised:
        held = []
        for text, seconds, confidence in texts:
            held.append(Word(text, clock, clock + seconds, confidence))
            clock += seconds
        stretches.append(Stretch(tuple(held), no_speech, log_probability))
    found = judge(stretches, (SpeechSpan(1, 5),) if known else ())
    before = iter(word for one in stretches for word in one.words)
    for word in found.words:  # each is a later one of those before, at most less believed
        same = next(old for old in before if (old.text, old.start, old.end) == (word.text, word.start, word.end))
        assert word.confidence in (same.confidence, same.confidence * guards.DOUBT)
    assert bool(found.notes) == (len(found.words) < sum(len(one.words) for one in stretches))
