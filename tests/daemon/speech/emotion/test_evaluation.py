"""Figures worked out by hand."""

import json

import pytest

from daemon.speech.emotion.evaluation import judged, plain, rows

TRUTH = ["angry"] * 6 + ["sad"] * 2
GUESSED = ["angry"] * 6 + ["angry", "sad"]


def test_accuracy_counts_recordings_and_unweighted_recall_counts_labels():
    found = judged(TRUTH, GUESSED)
    assert found.accuracy == 7 / 8
    assert found.recalls == {"angry": 1.0, "sad": 0.5}
    assert found.unweighted_average_recall == 0.75


def test_what_always_guesses_the_most_frequent_is_seen_through():
    found = judged(["angry"] * 98 + ["sad"] * 2, ["angry"] * 100)
    assert found.accuracy == 0.98
    assert found.unweighted_average_recall == 0.5


def test_the_matrix_says_what_is_taken_for_what():
    found = judged(TRUTH, GUESSED)
    assert found.counts == ((6, 0), (1, 1))
    assert rows(found) == [
        {"true": "angry", "angry": 6, "sad": 0, "recall": "100.0%"},
        {"true": "sad", "angry": 1, "sad": 1, "recall": "50.0%"},
    ]


def test_a_label_that_was_only_guessed_has_a_column_and_no_recall():
    found = judged(["angry", "sad"], ["angry", "calm"])
    assert found.labels == ("angry", "calm", "sad")
    assert found.recalls == {"angry": 1.0, "calm": None, "sad": 0.0}
    assert found.unweighted_average_recall == 0.5
    assert [row["recall"] for row in rows(found)] == ["100.0%", None, "0.0%"]


def test_it_is_written_as_json():
    written = json.loads(json.dumps(plain(judged(TRUTH, GUESSED))))
    assert written == {
        "recordings": 8,
        "accuracy": 0.875,
        "unweighted_average_recall": 0.75,
        "recalls": {"angry": 1.0, "sad": 0.5},
        "confusion": {"angry": {"angry": 6, "sad": 0}, "sad": {"angry": 1, "sad": 1}},
    }


def test_nothing_to_judge_by_is_said():
    with pytest.raises(ValueError, match="nothing to judge by"):
        judged([], [])


def test_lists_of_two_lengths_are_a_mistake():
    with pytest.raises(ValueError, match="zip"):
        judged(TRUTH, GUESSED[:-1])
