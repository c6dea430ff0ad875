"""What holds for all of cleaning: order, times, the list of changes, and what people read aloud."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captions.cleaning import OFF, Options, cleaned
from captions.cleaning.change import What
from captions.cleaning.fillers import Level
from captions.cleaning.profanity import Profanity
from captions.transcript import SpeechSpan, Transcript, Word
from tests.captions.cleaning.spoken import spoken

EVERYTHING = Options(fillers=Level.FULL, numbers=True, profanity=Profanity.MASK)
TERMS = ("Ada Lovelace", "PyTorch", "um Um", "Kubernetes")
VOCABULARY = {"the": 40_000.0, "py": 0.1, "torch": 9.0, "um": 100.0}
SAID = """
    Um, uh I I I, the the. wh- what you know, mean, I twenty five percent one million and dollars two 5 fuck
    ada lovelace’s lovelace py torch kubernettes! Thanks for watching. a iPhone — “um” ♪ 字幕by ご視聴ありがとう
"""
CORPUS = Path(os.environ.get("CAPTIONWATCH_CORPUS") or Path(__file__).parents[4] / "shared" / "corpus")


@st.composite
def transcripts(draw):
    made, at = [], 0.0
    for text in draw(
        st.lists(st.sampled_from(SAID.split()) | st.text(min_size=1, max_size=4).filter(str.split), max_size=40)
    ):
        at += draw(st.sampled_from((0.0, 0.01, 0.3, 12.0)))
        seconds = draw(st.sampled_from((0.0, 0.02, 0.4)))
        confidence, speaker = draw(st.sampled_from((0.0, 0.1, 0.9))), draw(st.sampled_from((None, None, "A")))
        made.append(Word("".join(text.split()), at, at + seconds, confidence, speaker))
        at += seconds
    speech = draw(st.sampled_from(((), (SpeechSpan(0, 5), SpeechSpan(20, 60, 0.9)))))
    return Transcript(tuple(made), "en", "x", "y", at + 1, speech=speech)


@settings(max_examples=200, deadline=None)
@given(transcripts())
def test_words_stay_in_order_and_a_second_cleaning_changes_nothing(transcript):
    found = cleaned(transcript, EVERYTHING, TERMS, VOCABULARY)
    times = [(word.start, word.end) for word in found.transcript.words]
    assert times == sorted(times)
    assert all(start <= end for start, end in times)
    assert cleaned(found.transcript, EVERYTHING, TERMS, VOCABULARY).changes == ()


@settings(max_examples=200, deadline=None)
@given(transcripts())
def test_nothing_changes_but_what_is_listed(transcript):
    """The words that are there more, or less, than before are those of the changes."""
    found = cleaned(transcript, EVERYTHING, TERMS, VOCABULARY)
    before, after = (Counter(one.text.split()) for one in (transcript, found.transcript))
    for change in found.changes:
        before.update(change.after.split())
        before.subtract(change.before.split())
    assert {text: count for text, count in before.items() if count} == dict(after)


@given(transcripts())
def test_switched_off_it_is_the_same_transcript(transcript):
    assert cleaned(transcript, OFF, TERMS, VOCABULARY).transcript is transcript


@pytest.mark.parametrize("options", [Options(), EVERYTHING])
def test_what_is_not_changed_is_the_same_word(options):
    said = spoken("This is what we have, and it stays.")
    assert cleaned(said, options).transcript is said


def _read_aloud():
    """The reference texts of a developer's corpus, if there is one, with their languages."""
    listed = CORPUS / "manifest.json"
    entries = json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else []
    return {one["reference_text"]: one["language"] or "en" for one in entries if one["reference_text"]}


@pytest.mark.skipif(not _read_aloud(), reason="there is no corpus here")
def test_nothing_of_what_people_read_aloud_is_left_out_or_replaced():
    from daemon import vocabulary

    texts = _read_aloud()
    english = vocabulary.of("en")
    long = sorted({word for text in texts for word in text.split() if len(word) > 6 and word.isalpha()})
    for text, language in texts.items():
        terms = [word.capitalize() for word in long if word not in text]
        said = spoken(text, language=language)
        assert cleaned(said, Options(profanity=Profanity.MASK), terms, english).changes == (), text
        gone = cleaned(said, Options(fillers=Level.FULL)).changes
        assert {(one.what, one.after) for one in gone} <= {(What.FILLER, "")}, text
        assert {one.before for one in gone} <= {"um", "uh"}, text
