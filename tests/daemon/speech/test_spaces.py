"""Thai, Lao and Burmese, whose characters Whisper tells as words."""

import pytest

from captions.transcript import Word
from daemon.speech.engines.whisper.spaces import CHARACTERS, joined


def said(*parts):
    """Characters of 0.1 s, with the space before them, each with its time and how sure it is."""
    return [Word(text, at, at + 0.1, sure) for text, at, sure in parts]


def test_characters_are_joined_up_to_the_next_space():
    first, second = joined(said((" ว", 0.0, 0.9), ("ัน", 0.1, 0.7), ("นี้", 0.2, 0.8), (" เ", 0.4, 0.9)))
    assert (first.text, first.start, first.confidence) == ("วันนี้", 0.0, 0.7)
    assert first.end == pytest.approx(0.3)
    assert second == Word("เ", 0.4, 0.5, 0.9)


def test_nothing_is_joined_over_a_pause():
    assert [word.text for word in joined(said((" ว", 0.0, 0.9), ("ั", 0.7, 0.9)))] == ["ว", "ั"]


def test_a_loop_that_never_ends_is_parted():
    found = list(joined(said(*(("ว", n / 10, 0.9) for n in range(500)))))
    assert [len(word.text) for word in found] == [CHARACTERS, CHARACTERS, 100]


def test_no_words_are_none():
    assert list(joined([])) == []
