"""Thai, Lao and Burmese, whose characters Whisper tells as words."""

from captions.transcript import Word
from daemon.speech.engines.whisper.spaces import joined


def said(*parts):
    """Characters of 0.1 s, each with what stands before it, and the times given."""
    return [(Word(text, at, at + 0.1, sure), spaced) for text, at, sure, spaced in parts]


def test_characters_are_joined_up_to_the_next_space():
    found = list(
        joined(said(("ว", 0.0, 0.9, False), ("ัน", 0.1, 0.7, False), ("นี้", 0.2, 0.8, False), ("เ", 0.4, 0.9, True)))
    )
    assert found == [Word("วันนี้", 0.0, 0.30000000000000004, 0.7), Word("เ", 0.4, 0.5, 0.9)]


def test_nothing_is_joined_over_a_pause():
    assert [word.text for word in joined(said(("ว", 0.0, 0.9, True), ("ั", 0.7, 0.9, False)))] == ["ว", "ั"]


def test_no_words_are_none():
    assert list(joined([])) == []
