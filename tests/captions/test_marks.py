"""A mark stands where a feeling begins, and only where there is room for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions import check, formats
from captions.marks import WORDS, marked
from captions.profiles import PROFILES, Profile
from captions.track import Cue, Line, Track
from captions.transcript import EmotionSpan

PROFILE = PROFILES["netflix"]


def track(*cues, language="en", seconds=4.0):
    """Cues of four seconds, one after the other: their lines, each the text alone or with its speaker."""
    made = [
        Cue(
            seconds * index,
            seconds * (index + 1),
            tuple(Line(*line) if isinstance(line, tuple) else Line(line) for line in lines),
        )
        for index, lines in enumerate(cues)
    ]
    return Track(language, tuple(made))


def felt(*labels, speaker=None):
    """A feeling for each cue, None for a stretch where none is certain."""
    return [EmotionSpan(4.0 * n, 4.0 * n + 4, one, {one: 0.9}, speaker) for n, one in enumerate(labels) if one]


def texts(found):
    return [cue.text for cue in found.cues]


def test_a_feeling_is_marked_where_it_begins_and_once():
    found = marked(track(["One."], ["Two."], ["Three."]), felt("neutral", "angry", "angry"), PROFILE)
    assert texts(found) == ["One.", "[angrily] Two.", "Three."]


def test_it_is_marked_again_after_another_feeling_but_not_after_doubt():
    said = track(["One."], ["Two."], ["Three."], ["Four."])
    assert texts(marked(said, felt("angry", "neutral", "angry", "sad"), PROFILE)) == [
        "[angrily] One.",
        "Two.",
        "[angrily] Three.",
        "[sadly] Four.",
    ]
    assert texts(marked(said, felt("angry", None, "angry", None), PROFILE))[2] == "Three."


def test_a_cue_of_nothing_says_nothing_in_any_way():
    said = track([" "])
    assert marked(said, felt("angry"), PROFILE) == said


def test_each_speaker_has_a_feeling_of_their_own():
    both = [*felt("angry", speaker="A"), *felt(None, "angry", speaker="B"), *felt(None, None, "angry", speaker="A")]
    assert texts(marked(track(["One."], ["Two."], ["Three."]), both, PROFILE)) == [
        "[angrily] One.",
        "[angrily] Two.",
        "Three.",
    ]


def test_a_cue_that_outlasts_its_words_is_not_of_who_speaks_next():
    said = track([("Yes.", "Bob")], [("Two.", "Ann with a lo…")])
    angry = [EmotionSpan(1.0, 8.0, "angry", {}, "Ann with a long name")]
    assert texts(marked(said, angry, PROFILE)) == ["Yes.", "[angrily] Two."]
    assert texts(marked(said, [EmotionSpan(1.0, 8.0, "angry", {})], PROFILE))[0] == "[angrily] Yes."


@pytest.mark.parametrize("label", ["neutral", "calm", "bored", "<b>", "unknown"])
def test_nobody_is_marked_as_neutral_nor_by_a_word_that_the_table_has_not(label):
    said = track(["One."])
    assert marked(said, felt(label), PROFILE) == said


def test_a_language_without_words_for_it_has_no_marks():
    said = track(["Eins."], language="de")
    assert marked(said, felt("angry"), PROFILE) == said
    assert texts(marked(track(["One."], language="en-GB"), felt("angry"), PROFILE)) == ["[angrily] One."]


def test_where_a_feeling_covers_less_than_half_of_a_cue_it_is_not_the_cues():
    said = track(["One."])
    assert marked(said, [EmotionSpan(2.1, 9.0, "angry", {})], PROFILE) == said
    assert marked(said, [EmotionSpan(1.9, 9.0, "angry", {})], PROFILE) != said
    assert marked(said, [], PROFILE) == said


def test_a_full_line_has_the_mark_above_it():
    full = "This is a line of forty-two characters, eh"
    assert len(full) == 42
    found = marked(track([full], seconds=8.0), [EmotionSpan(0, 8, "angry", {})], PROFILE)
    assert texts(found) == [f"[angrily]\n{full}"]


def test_words_of_two_lines_move_down_where_that_makes_room():
    said = track(["A line that is about forty letters long", "and a short one"])
    assert texts(marked(said, felt("angry"), PROFILE)) == [
        "[angrily] A line that is about forty\nletters long and a short one"
    ]


def test_a_cue_without_room_leaves_its_mark_to_the_next_one():
    full = ["This is a line of forty-two characters, eh"] * 2
    found = marked(track(full, ["Two."]), felt("angry", "angry"), PROFILE)
    assert texts(found) == ["\n".join(full), "[angrily] Two."]
    hasty = track(["Just short enough"], ["Two."], seconds=1.0)
    assert texts(marked(hasty, [EmotionSpan(0, 4, "angry", {})], PROFILE)) == ["Just short enough", "[angrily] Two."]


def test_the_label_of_the_speaker_counts():
    said = track([("Sixteen letters!", "Ann Onymous")], [("Two.", "Bob")])
    narrow = Profile("narrow", characters_per_line=36, lines=1)
    assert texts(marked(said, felt("angry"), narrow))[0] == "Sixteen letters!"
    assert texts(marked(said, felt("angry"), PROFILE))[0] == "[angrily] Sixteen letters!"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.text("ab &<>漢 .", min_size=1, max_size=50), min_size=1, max_size=2), max_size=6),
    st.lists(st.sampled_from([None, "neutral", *WORDS["en"]]), max_size=6),
)
def test_no_rule_is_broken_by_a_mark_and_no_letter_lost(cues, labels):
    before = track(*([(line, "Ann") for line in lines] for lines in cues))
    after = marked(before, felt(*labels), PROFILE)
    problems = {(one.kind, one.cue) for one in check.check(before, PROFILE).of(check.Severity.ERROR)}
    assert {(one.kind, one.cue) for one in check.check(after, PROFILE).of(check.Severity.ERROR)} <= problems
    for cue, other in zip(before.cues, after.cues, strict=True):
        assert (cue.start, cue.end) == (other.start, other.end)
        mark = other.text.split("]")[0] + "]" if other != cue else ""
        assert "".join(other.text.removeprefix(mark).split()) == "".join(cue.text.split())
    assert formats.read(formats.write(after, "vtt"), "vtt", "en").language == "en"
