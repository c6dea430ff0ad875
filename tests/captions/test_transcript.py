import json

import pytest
from hypothesis import given, settings

from captions.transcript import EmotionSpan, SpeakerTurn, SpeechSpan, Transcript, Word, from_json, to_json
from tests.captions.strategies import transcripts

TRANSCRIPT = Transcript(
    words=(Word("Hi,", 0.0, 0.4, 0.9, "Ann"), Word("there.", 0.4, 0.8, 0.7)),
    language="en",
    engine="fake",
    model="tiny",
    seconds=1.5,
    turns=(SpeakerTurn(0.0, 0.8, "Ann"),),
    emotions=(EmotionSpan(0.0, 0.8, "happy", {"happy": 0.8, "sad": 0.2}),),
    speech=(SpeechSpan(0.0, 0.8, 0.1),),
    extras={"chapters": [{"title": "One"}]},
)


def test_a_transcript_read_is_the_one_written():
    assert from_json(to_json(TRANSCRIPT)) == TRANSCRIPT


@settings(deadline=None, max_examples=30)
@given(transcripts())
def test_any_transcript_read_is_the_one_written(transcript):
    assert from_json(to_json(transcript)) == transcript


def test_its_text_is_what_was_said():
    assert TRANSCRIPT.text == "Hi, there."


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "3", "{}", '{"version": 1}', '{"version": 1, "words": [3]}'])
def test_anything_else_is_no_transcript(text):
    with pytest.raises(ValueError, match="not a transcript"):
        from_json(text)


def test_a_transcript_of_before_emotions_had_speakers_is_read():
    values = json.loads(to_json(TRANSCRIPT))
    del values["emotions"][0]["speaker"]
    assert from_json(json.dumps(values)) == TRANSCRIPT


def test_a_later_version_is_refused():
    text = json.dumps({**json.loads(to_json(TRANSCRIPT)), "version": 2})
    with pytest.raises(ValueError, match="a transcript of version 2; this program reads version 1"):
        from_json(text)
