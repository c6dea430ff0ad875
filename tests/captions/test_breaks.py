import pytest

from captions.breaks import Inseparable, break_cost, ends_sentence, inside_cost


def cost(before: str, after: str, silence: int = 0, language: str = "en") -> float:
    return break_cost(before, after, silence, language)


def test_places_to_break_are_ranked_as_the_houses_rank_them():
    ranked = [
        cost("home.", "Then"),
        cost("home", "then", silence=600),
        cost("home,", "he"),
        cost("home", "and"),
        cost("walked", "towards"),
        cost("walked", "slowly"),
        cost("Ada", "Lovelace"),
        cost("the", "house"),
        cost("house", "!"),
    ]
    assert ranked == sorted(ranked)
    assert len(set(ranked)) == len(ranked)


@pytest.mark.parametrize(
    ("before", "after"), [("of", "it"), ("we’re", "here"), ("“the", "house"), ("Mr.", "Smith"), ("I", "know")]
)
def test_words_that_belong_together_are_kept_together(before, after):
    assert cost(before, after) > cost("walked", "slowly")


def test_a_capital_i_is_no_name():
    assert cost("Paris", "I") == cost("paris", "slowly")


def test_a_language_without_rules_still_breaks_at_punctuation():
    assert cost("а.", "б", language="ru") < cost("а,", "б", language="ru") < cost("the", "б", language="ru")


def test_a_region_or_script_keeps_the_rules_of_its_language():
    assert cost("the", "house", language="en-GB") == cost("the", "house", language="EN")


@pytest.mark.parametrize("word", ["end.", "end!”", "end?)", "終わり。", "نهاية؟", "wait…", "I."])
def test_a_sentence_ends_with_its_mark(word):
    assert ends_sentence(word, "en")


@pytest.mark.parametrize("word", ["Mr.", "e.g.", "J.", "end", "3.5", "end,"])
def test_an_abbreviation_ends_no_sentence(word):
    assert not ends_sentence(word, "en")


def test_a_cue_goes_on_for_nothing_inside_a_clause():
    assert inside_cost("walked", 100, "en") == 0


def test_the_longer_the_silence_the_dearer_it_is_to_go_on():
    silences = [inside_cost("walked", silence, "en") for silence in (0, 600, 1500, 2500)]
    assert silences == sorted(set(silences))


def test_going_on_after_a_sentence_costs_more_than_a_new_cue():
    from captions.segment import CUE_COST, TOO_SHORT_COST

    assert CUE_COST < inside_cost("over.", 0, "en") < TOO_SHORT_COST


@pytest.mark.parametrize(
    ("terms", "text", "places"),
    [
        (["Ada Lovelace"], "Then Ada Lovelace wrote.", {2}),
        (["Ada Lovelace"], "(ada LOVELACE’s notes", {1}),
        (["Ada Lovelace"], "Ada said. Lovelace wrote.", set()),
        (["New York Times", "York Times Square"], "the New York Times Square", {2, 3, 4}),
        (["Ada", "", "…"], "Ada wrote.", set()),
    ],
)
def test_where_a_break_would_part_a_term(terms, text, places):
    assert Inseparable(terms).places(text.split()) == places
