"""Masks, by choice."""

import pytest

from captions.cleaning import Options
from captions.cleaning.profanity import Profanity
from tests.captions.cleaning.spoken import after

MASK = Options(profanity=Profanity.MASK)


@pytest.mark.parametrize(
    ("said", "masked", "language"),
    [
        ("What the fuck, man", "What the f***, man", "en-US"),
        ("Bullshit! SHIT-show, “fucking”", "B*******! S***-show, “f******”", "en"),
        ("So eine Scheiße!", "So eine S******!", "de"),
        ("Merde.", "M****.", "fr"),
    ],
)
def test_listed_words_are_masked(said, masked, language):
    assert after(said, MASK, language) == masked


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Dick Dickens of Scunthorpe has an ass and a cockerel; shiitake", "en"),
        ("merde", "en"),
        ("puta", "ja"),
    ],
)
def test_other_words_stay(said, language):
    assert after(said, MASK, language) == said


def test_nothing_is_masked_unless_it_is_asked_for():
    assert after("fuck") == "fuck"
