"""English numbers in digits, by choice."""

import pytest

from captions.cleaning import Options, cleaned
from tests.captions.cleaning.spoken import after, spoken, words

NUMBERS = Options(numbers=True)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("about twenty five percent of it", "about 25% of it"),
        ("about twenty-five per cent, or so", "about 25%, or so"),
        ("one percent of one per cent", "one percent of 1%"),
        ("it costs three dollars.", "it costs $3."),
        ("for three dollars and fifty cents!", "for $3.50!"),
        ("for three dollars and five cents", "for $3.05"),
        ("for two million euros", "for €2 million"),
        ("some two point five million people", "some 2.5 million people"),
        ("some twelve thousand five hundred people", "some 12,500 people"),
        ("in two thousand and eleven", "in 2011"),
        ("for two thousand dollars", "for $2,000"),
        ("it is twenty degrees celsius.", "it is 20 °C."),
        ("at five miles per hour", "at 5 mph"),
        ("they are ninety nine point nine", "they are 99.9"),
        ("they are twelve, fifteen, or more", "they are twelve, fifteen, or more"),
    ],
)
def test_numbers_are_written_in_digits(said, written):
    assert after(said, NUMBERS) == written


@pytest.mark.parametrize(
    "said",
    [
        "in nineteen eighty four",
        "at seven thirty, or eleven fifty nine",
        "call five five five one two",
        "one of us and no one else had two",
        "for a hundred and one reasons",
        "half a million and tens of thousands in the twenties",
        "a twenty dollar bill",
        "the twenty first of May, the second",
        "we saw Ocean's Eleven and Catch Twenty Two",
        "two hundred fifty and two hundred",
        "for twenty 5",
        "no, point taken, or oh well",
    ],
)
def test_what_may_be_meant_otherwise_stays(said):
    assert after(said, NUMBERS) == said


@pytest.mark.parametrize("said", ["Twenty people came. Fifty percent left.", "twenty percent"])
def test_a_sentence_begins_with_no_digit(said):
    assert after(said, NUMBERS) == said


def test_other_languages_stay():
    assert after("il y a vingt cinq percent", NUMBERS, "fr") == "il y a vingt cinq percent"


def test_a_pause_parts_two_numbers_which_stay():
    said = spoken(words("there were twenty"), words("five people", 5))
    assert cleaned(said, NUMBERS).transcript.text == "there were twenty five people"


def test_a_number_lasts_from_its_first_word_to_its_last():
    [_, number, _] = cleaned(spoken(words("say twenty five percent now", each=1)), NUMBERS).transcript.words
    assert (number.text, number.start, number.end) == ("25%", 1, 4)
