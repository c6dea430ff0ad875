"""The reader of AssemblyAI's answers: whatever comes, what it makes of it is in order."""

import json
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.speech.engines.assemblyai import answer as read
from daemon.speech.engines.assemblyai import channels
from daemon.speech.engines.assemblyai.options import CHOICES

SECONDS = 10.0

scalars = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
milliseconds = st.integers(0, 10_000) | st.integers(-5_000, 30_000) | anything
pieces = st.fixed_dictionaries(
    {},
    optional={
        "text": st.text(max_size=10) | anything,
        "start": milliseconds,
        "end": milliseconds,
        "confidence": st.floats(0, 1) | anything,
        "speaker": st.sampled_from("AB") | anything,
        "channel": st.sampled_from("12") | anything,
        "sentiment": st.just("POSITIVE") | anything,
        "entity_type": st.just("date") | anything,
        "headline": st.text(max_size=5) | anything,
        "bullets": st.lists(anything, max_size=3) | anything,
        "count": anything,
        "rank": anything,
        "label": st.text(max_size=5) | anything,
    },
)
lists = st.lists(pieces | anything, max_size=8) | anything
flagged = st.fixed_dictionaries(
    {"timestamp": pieces | anything, "labels": st.lists(pieces | anything, max_size=2) | anything}
)
topics = st.dictionaries(st.text(max_size=5), anything, max_size=3)
sections = st.fixed_dictionaries({"summary": lists, "block_summary": anything})


def below(*names, inner):
    """Objects within objects, and `inner` at the bottom; or something else on the way."""
    for name in reversed(names):
        inner = st.fixed_dictionaries({name: inner}) | anything
    return inner


answers = st.fixed_dictionaries(
    {"status": st.sampled_from(["completed", "error"]) | anything},
    optional={
        "text": st.text(max_size=20) | anything,
        "words": lists,
        "utterances": lists,
        "confidence": anything,
        "language_code": st.sampled_from(["en", "en_us", "zh"]) | anything,
        "sentiment_analysis_results": lists,
        "entities": lists,
        "auto_highlights_result": below("results", inner=lists),
        "iab_categories_result": below("summary", inner=topics),
        "content_safety_labels": below("results", inner=st.lists(flagged, max_size=3)),
        "chapters": lists,
        "summary": anything,
        "error": anything,
        "speech_understanding": below("response", "summarization", inner=sections),
    },
)


def spans_of(value):
    """Every object with a start in the extras."""
    if isinstance(value, dict):
        yield from [value] if "start" in value else []
        for inner in value.values():
            yield from spans_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans_of(inner)


@given(answers, st.none() | st.just("de"))
@example({"status": "completed", "words": [{"text": "a", "start": math.inf, "end": math.nan}]}, None)
@settings(max_examples=150, deadline=None)
def test_whatever_comes_all_times_are_in_order_and_within_the_audio(answer, language):
    in_order(read.transcription(answer, SECONDS, language, CHOICES))
    in_order(read.transcription(channels.labelled(answer), SECONDS, language, CHOICES))


def in_order(heard):
    starts = [word.start for word in heard.words]
    assert starts == sorted(starts)
    for one in (*heard.words, *heard.turns):
        assert 0 <= one.start <= one.end <= SECONDS
    assert all(0 <= word.confidence <= 1 and word.text == word.text.strip() != "" for word in heard.words)
    assert all(0 <= span["start"] <= span["end"] <= SECONDS for span in spans_of(dict(heard.extras)))
    assert heard.language
    json.dumps(heard.extras, allow_nan=False)


@given(answers)
@settings(max_examples=50, deadline=None)
def test_whatever_comes_it_is_told_how_a_job_stands(answer):
    assert read.is_over(answer) in (True, False)
    assert read.is_deleted(answer) in (True, False)
    failure = read.failure(answer)
    assert failure is None or failure


def words(*spans):
    told = [{"text": f"w{index}", "start": start, "end": end} for index, (start, end) in enumerate(spans)]
    return [(word.start, word.end) for word in heard(words=told).words]


def heard(**fields):
    return read.transcription({"status": "completed", **fields}, SECONDS, None, CHOICES)


def test_times_that_make_sense_are_left_as_they_are():
    assert words((0, 500), (400, 900), (900, 900), (9_500, 10_000)) == [(0, 0.5), (0.4, 0.9), (0.9, 0.9), (9.5, 10)]


def test_one_wrong_time_does_not_move_the_others():
    assert words((1000, 1200), (9000, 9100), (1400, 1500), (1600, 1700)) == [
        (1, 1.2),
        (1.2, 1.4),
        (1.4, 1.5),
        (1.6, 1.7),
    ]


@pytest.mark.parametrize("wrong", [None, -1, 10_001, "1", True, math.nan, 10**400, [], {}])
def test_a_time_that_is_none_lies_between_its_neighbours(wrong):
    assert words((1000, 1200), (wrong, wrong), (wrong, wrong), (1600, 1700))[1:3] == [
        (1.2, 1.4),
        (1.4, pytest.approx(1.6)),
    ]


def test_a_text_without_words_becomes_words_whose_times_are_said_to_be_guessed():
    made = heard(text="Hello  there", words=None)
    assert [(word.text, word.start, word.end) for word in made.words] == [("Hello", 0, 0.5), ("there", 0.5, 1.0)]
    assert made.extras["notes"] == [read.APPROXIMATE.format(2, 2)]


def test_a_word_without_confidence_has_the_whole_answers_else_none():
    told = [{"text": "a", "start": 0, "end": 1}]
    assert [heard(words=told, **more).words[0].confidence for more in ({"confidence": 0.7}, {})] == [0.7, 0.0]


def test_key_phrases_come_by_their_rank_which_may_be_missing():
    results = [{"text": "low", "rank": 0.1}, {"text": "none", "rank": None, "count": 3}, {"text": "high", "rank": 0.9}]
    found = heard(auto_highlights_result={"results": results}).extras["key_phrases"]
    assert [(one["text"], one["count"]) for one in found] == [("high", 0), ("low", 0), ("none", 3)]


def test_chapters_of_bullets_and_of_the_older_field_are_read_too():
    section = {"start": 0, "end": 1000, "headline": "Hello", "bullets": ["One.", "Two."]}
    understood = {"response": {"summarization": {"summary": [section]}}}
    older = [{"start": 0, "end": 1000, "gist": "Hello", "summary": "One. Two."}]
    expected = [{"start": 0.0, "end": 1.0, "title": "Hello", "text": "One. Two."}]
    assert heard(speech_understanding=understood).extras["chapters"] == expected
    assert heard(chapters=older).extras["chapters"] == expected


def test_ten_hours_of_words_are_read_soon():
    told = [{"text": "word", "start": index * 360, "end": index * 360 + 300} for index in range(100_000)]
    assert len(read.transcription({"status": "completed", "words": told}, 36_000.0, None, ()).words) == 100_000
