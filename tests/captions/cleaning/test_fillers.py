"""Fillers and false starts, by choice; no word that means something."""

import pytest

from captions.cleaning import Options, cleaned
from captions.cleaning.fillers import Level
from tests.captions.cleaning.spoken import FULL, after, spoken, words

LIGHT = Options(fillers=Level.LIGHT)


@pytest.mark.parametrize(
    ("said", "kept", "language"),
    [
        ("Um, I think so.", "I think so.", "en"),
        ("Um, so it is.", "So it is.", "en"),
        ("I, uh, think so.", "I think so.", "en"),
        ("I uh think so.", "I think so.", "en"),
        ("It was, uh the cat.", "It was, the cat.", "en"),
        ("I think, um. So", "I think. So", "en"),
        ("Really, uh? Yes", "Really? Yes", "en"),
        ("um, uh, er, iPhones are", "iPhones are", "en"),
        ("Um. Right.", "Right.", "en"),
        ("Ich, äh, weiß nicht.", "Ich weiß nicht.", "de"),
        ("Ähm, er kommt um acht.", "Er kommt um acht.", "de-AT"),
        ("C'est, euh, bien.", "C'est bien.", "fr"),
    ],
)
def test_fillers_go_and_the_writing_is_mended(said, kept, language):
    assert after(said, LIGHT, language) == kept


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("They took him to the ER, and he was fine.", "en"),
        ('The word "um" is a filler.', "en"),
        ("Er sagt, um acht.", "de"),
        ("To err is human; umbrella, uh-huh.", "en"),
        ("Mhm. Hmm? Yes.", "en"),
        ("um, er, äh", "tr"),
        ("I I think wh- what, you know, it is", "en"),
    ],
)
def test_what_means_something_stays_under_light(said, language):
    assert after(said, LIGHT, language) == said


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("I I think the the cat", "I think the cat"),
        ("The, the cat and and I, I, I went", "The cat and I went"),
        ("wh- what is it", "what is it"),
        ("Wh— What is it", "What is it"),
        ("It is, you know, hard.", "It is hard."),
        ("I mean, it is hard.", "It is hard."),
        ("You know, I mean, it works.", "It works."),
        ("I um I think", "I think"),
    ],
)
def test_false_starts_go_under_full(said, kept):
    assert after(said, FULL) == kept


@pytest.mark.parametrize(
    "said",
    [
        "It is very very good. No, no, no!",
        "I know that that had had an end.",
        "Do you know, he left. As you know, it rains.",
        "You know it. I mean it.",
        "pre- and post-war, well-known",
        "I said The The are a band",
        "He saw I. I think so.",
        "go on on Monday, come in in a minute",
    ],
)
def test_what_is_meant_stays_under_full(said):
    assert after(said, FULL) == said


def test_nothing_goes_unless_it_is_asked_for():
    assert after("Um, I I, uh, think, you know, wh- what") == "Um, I I, uh, think, you know, wh- what"


def test_what_another_person_says_is_not_mended():
    said = spoken(words("And I,", speaker="A"), words("um.", 1, speaker="B"), words("think so", 2, speaker="A"))
    assert cleaned(said, FULL).transcript.text == "And I, think so"


def test_nobody_repeats_what_another_person_says():
    said = spoken(words("and I", speaker="A"), words("I think", 1, speaker="B"))
    assert cleaned(said, FULL).changes == ()
