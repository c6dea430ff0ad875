"""What bench/agreement.py counts."""

from bench.agreement import Judged, judged
from captions.transcript import Word


def words(*confidences):
    return [Word(str(n), n, n + 0.5, confidence) for n, confidence in enumerate(confidences)]


def test_words_below_the_limit_are_told_and_those_that_are_not_right_are_wrong():
    assert judged(words(0.9, 0.4, 0.9, 0.1), right={0, 1}) == Judged(told=2, wrong=2, both=1)


def test_the_more_of_the_wrong_words_are_told_the_better():
    assert Judged(2, 2, 2).f1 == 1
    assert Judged(2, 2, 0).f1 == 0
    assert (Judged(4, 2, 2) + Judged(0, 2, 0)).f1 == Judged(4, 4, 2).f1 == 0.5
    assert Judged().f1 == 0
