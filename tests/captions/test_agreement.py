"""Two engines' words, compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captions.agreement import AGREED, DISPUTED, compared
from captions.transcript import Word


def words(text, confidence=0.6):
    return [Word(said, n * 0.5, n * 0.5 + 0.4, confidence) for n, said in enumerate(text.split())]


def disputed(text, other):
    return [word.text for word in compared(words(text), words(other)) if word.confidence == DISPUTED]


@pytest.mark.parametrize(
    ("text", "other", "doubted"),
    [
        ("it was the best of times", "it was the best of times", []),
        ("it was the wurst of times", "it was the best of times", ["wurst"]),
        ("It was, the BEST of times!", "it was the best of times", []),
        ("every thing goes", "everything goes", []),
        ("everything goes", "every thing goes", []),
        ("I have two cats", "I have 2 cats", []),
        ("one more word here", "one word here", ["more"]),
        ("one word here", "one more word here", []),
        ("a b c", "", ["a", "b", "c"]),
        ("", "a b c", []),
        ("quite other words", "nothing in common", ["quite", "other", "words"]),
    ],
)
def test_what_the_other_heard_otherwise_is_doubted(text, other, doubted):
    assert disputed(text, other) == doubted


def test_what_both_heard_is_sure_even_where_one_was_not():
    (word,) = compared(words("Ada", 0.1), words("ada", 0.9))
    assert word == Word("Ada", 0.0, 0.4, 0.9)
    assert compared(words("Ada", 0.1), words("ada", 0.2))[0].confidence == AGREED


def test_what_was_doubted_more_stays_so():
    assert compared(words("Ada", 0.1), words("Eider"))[0].confidence == 0.1


@given(st.lists(st.sampled_from("abcd1")), st.lists(st.sampled_from("abcd1")))
def test_texts_and_times_stay(one, other):
    given, others = words(" ".join(one)), words(" ".join(other))
    made = compared(given, others)
    assert [(word.text, word.start, word.end) for word in made] == [(w.text, w.start, w.end) for w in given]
    assert {word.confidence for word in made} <= {AGREED, DISPUTED, 0.6}
