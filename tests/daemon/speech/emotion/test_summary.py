"""A recording's feelings in few numbers."""

import json

from captions.transcript import EmotionSpan, Transcript
from daemon.speech.emotion import summary
from daemon.speech.emotion.summary import MOST_SPANS, certain, feelings


def span(start, end, label, speaker="A", score=0.9):
    return EmotionSpan(start, end, label, {label: score, "other": 1 - score}, speaker)


def spoken(*spans, manners=(), **extras):
    return Transcript((), "en", "fake", "", 99.0, emotions=spans, extras={"manners": list(manners), **extras})


def sentiment(start, end, label):
    return {"start": start, "end": end, "label": label, "confidence": 0.9, "speaker": None}


def loud(start, end, speaker="A"):
    return {"start": start, "end": end, "speaker": speaker, "descriptors": ["loud"]}


def test_shares_are_of_the_time_of_each_speaker_who_talks_most_first():
    told = summary.of(spoken(span(0, 1, "sad", "B"), span(1, 9, "neutral"), span(9, 11, "happy")))
    assert told["voice"] == [
        {"speaker": "A", "seconds": 10.0, "shares": {"neutral": 0.8, "happy": 0.2}},
        {"speaker": "B", "seconds": 1.0, "shares": {"sad": 1.0}},
    ]
    assert set(told) == {"voice", "spans"}, "what is not known is left out"


def test_sentiment_and_manner_stand_apart():
    said = [sentiment(0, 8, "positive"), sentiment(8, 10, "negative")]
    told = summary.of(spoken(span(0, 8, "happy"), span(8, 10, "sad"), manners=[loud(0, 5)], sentiment=said))
    assert told["text"] == {"positive": 0.8, "negative": 0.2}
    assert told["manner"] == [{"speaker": "A", "seconds": 10.0, "shares": {"loud": 0.5}}]
    assert told["both"] == told["voice"]


def test_neighbours_alike_are_drawn_as_one_with_their_mean_score():
    near = [span(0, 4, "sad", score=0.6), span(4.5, 8.5, "sad", score=0.8), span(9.6, 10, "sad"), span(10, 11, "happy")]
    told = summary.of(spoken(*near))["spans"]
    assert [(one["start"], one["end"], one["label"], one["score"]) for one in told] == [
        (0, 8.5, "sad", 0.7),
        (9.6, 10, "sad", 0.9),
        (10, 11, "happy", 0.9),
    ]


def test_of_too_many_spans_the_longest_stay_in_order():
    many = [span(n, n + (0.9 if n % 3 else 0.1), f"label{n % 2}", f"S{n}") for n in range(3 * MOST_SPANS)]
    told = summary.of(spoken(*many))
    starts = [one["start"] for one in told["spans"]]
    assert len(starts) == MOST_SPANS
    assert starts == sorted(starts)
    assert all(start % 3 for start in starts)
    assert len(json.dumps(told)) < 50_000


def test_where_nobody_listened_nothing_is_told_and_where_nothing_was_heard_neither():
    assert summary.of(Transcript((), "en", "fake", "", 9.0, extras={"sentiment": [sentiment(0, 9, "positive")]})) == {}
    assert summary.of(spoken()) == {}


def test_what_is_certain_is_so_by_the_voice_and_is_not_said_by_the_words():
    spans = [span(0, 1, "angry"), span(1, 2, "sad", score=0.79), span(2, 3, "neutral"), span(3, 4, "angry")]
    found = feelings(spoken(*spans, sentiment=[sentiment(3, 4, "negative")]))
    assert [(one.start, one.label) for one in certain(found, 0.8)] == [(0, "angry"), (2, "neutral")]
