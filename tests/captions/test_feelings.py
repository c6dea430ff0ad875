"""The line of a card that tells feelings."""

import pytest

from captions.feelings import line

FOUND = {
    "voice": [
        {"speaker": "A", "seconds": 60.0, "shares": {"neutral": 0.8, "happy": 0.2}},
        {"speaker": "B", "seconds": 6.0, "shares": {"sad": 1.0}},
    ],
    "text": {"positive": 0.7, "neutral": 0.3},
    "manner": [{"speaker": "B", "seconds": 6.0, "shares": {"loud": 0.5}}],
}


def test_all_of_it_is_one_line():
    assert line(FOUND) == (
        "Feeling (voice): A neutral 80 %, happy 20 %; B sad 100 %; text: positive; manner: B loud 50 %"
    )


def test_without_a_name_there_is_none_and_without_words_no_text():
    assert line({"voice": [{"speaker": None, "shares": {"neutral": 0.5}}]}) == "Feeling (voice): neutral 50 %"


def test_it_is_short_and_small_shares_are_left_out():
    many = [{"speaker": f"S{n}", "shares": {f"label{m}": 0.3 for m in range(9)} | {"rare": 0.01}} for n in range(9)]
    said = line({"voice": many})
    assert said.count("label") == 12
    assert "rare" not in said


@pytest.mark.parametrize(
    "found",
    [
        None,
        [],
        "voice",
        {"voice": 3},
        {"voice": [None, 3, {}, {"shares": 1}, {"shares": {"x": "y", "z": float("nan"), "w": 7, "v": True}}]},
        {"text": {"positive": 1.0}},
    ],
)
def test_what_is_of_another_shape_is_left_out(found):
    assert "x" not in line(found)


def test_hostile_names_and_labels_stay_on_their_line():
    said = line({"voice": [{"speaker": "A\n\x1b[2J" * 20, "shares": {"hap\npy\u202e" * 9: 0.9}}]})
    assert said.isprintable()
    assert len(said) < 90
