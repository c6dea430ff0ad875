"""What a voice feels and what its words say, each for itself and both together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.transcript import EmotionSpan
from daemon.speech.emotion.fusion import POLARITIES, Sentence, fused, sentences, together

ANGRY = {"neutral": 0.2, "angry": 0.5, "happy": 0.3}


def span(scores, start=0.0, end=4.0):
    return EmotionSpan(start, end, max(scores, key=scores.get), scores, "A")


def said(polarity, confidence=0.9, start=0.0, end=4.0):
    return Sentence(start, end, polarity, confidence)


def test_without_sentiment_both_are_what_the_voice_is():
    (found,) = fused([span(ANGRY)], [])
    assert (found.voice, found.voice_score, found.text, found.both, found.both_score) == (
        "angry",
        0.5,
        "",
        "angry",
        0.5,
    )


def test_words_of_the_same_polarity_make_it_surer_and_of_another_less_sure():
    (alike,) = fused([span(ANGRY)], [said("negative")])
    (unlike,) = fused([span(ANGRY)], [said("positive")])
    assert (alike.both, unlike.both) == ("angry", "happy")
    assert alike.both_score == pytest.approx(0.7)  # the mean of 0.5 and 0.9
    assert unlike.both_score == pytest.approx(0.6)  # the mean of 0.3 and 0.9
    assert (unlike.voice, unlike.text) == ("angry", "positive"), "each for itself, too"


def test_within_a_polarity_the_voice_decides():
    scores = together({"angry": 0.2, "sad": 0.4, "neutral": 0.4}, {"positive": 0.0, "neutral": 0.0, "negative": 1.0})
    assert scores["sad"] == pytest.approx(2 * scores["angry"])
    assert sum(scores.values()) == pytest.approx(1)


def test_sentences_count_by_their_time_in_the_span():
    long_and_short = [said("negative", start=-9.0, end=1.0), said("positive", start=1.0, end=9.0)]
    (found,) = fused([span(ANGRY)], long_and_short)
    assert found.text == "positive"
    assert fused([span(ANGRY, 4.0, 5.0)], [said("negative")])[0].text == "", "it has ended"


def test_each_span_has_its_own_sentences():
    spans = [span(ANGRY, 0.0, 4.0), span(ANGRY, 4.0, 8.0), span(ANGRY, 8.0, 12.0)]
    found = fused(spans, [said("negative"), said("positive", start=8.0, end=12.0)])
    assert [one.text for one in found] == ["negative", "", "positive"]


def test_words_say_by_themselves_what_a_voice_of_their_polarity_does():
    assert [fused([span(ANGRY)], [said(polarity)])[0].is_said for polarity in POLARITIES] == [False, False, True]
    surprised = {"surprised": 0.9, "happy": 0.1}
    assert not fused([span(surprised)], [said("neutral")])[0].is_said, "that the words are neutral says nothing"


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(st.sampled_from(["happy", "sad", "angry", "calm", "odd"]), st.floats(0.001, 1), min_size=1),
    st.sampled_from(POLARITIES),
    st.floats(0, 1),
)
def test_what_comes_are_probabilities(scores, polarity, confidence):
    scores = {label: score / sum(scores.values()) for label, score in scores.items()}
    text = {name: confidence if name == polarity else (1 - confidence) / 2 for name in POLARITIES}
    found = together(scores, text)
    assert set(found) == set(scores)
    assert sum(found.values()) == pytest.approx(1)
    assert all(0 <= score <= 1 + 1e-9 for score in found.values())


def test_a_voice_that_knows_only_feelings_that_the_words_exclude_stays_as_it_is():
    (found,) = fused([span({"happy": 1.0, "sad": 0.0})], [said("neutral", 1.0)])
    assert (found.both, found.both_score) == ("happy", 1.0)


GOOD = {"start": 1, "end": 2.5, "label": "positive", "confidence": 0.5, "speaker": "A"}


def test_sentences_are_read_in_order_and_what_is_none_is_left_out():
    bad = [
        *(GOOD | {name: value} for name in ("start", "end", "confidence") for value in (None, "x", float("nan"), -1)),
        *(GOOD | {"label": label} for label in (None, [], "joyful", "POSITIVE")),
        {},
        3,
        None,
    ]
    early = GOOD | {"start": 0}
    assert sentences([GOOD, *bad, early]) == (Sentence(0, 2.5, "positive", 0.5), Sentence(1, 2.5, "positive", 0.5))
    assert sentences(None) == sentences("x") == sentences({"a": 1}) == ()
