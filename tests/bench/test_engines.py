import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import engines, inputs
from bench.accuracy import Score
from bench.engines import BARE, OURS, OURS_SEQUENTIAL, WAYS, WITH_CONTEXT, WITH_OTHER_CONTEXT, WITH_TERMS, Heard, Model
from bench.inputs import Recording
from bench.report import Failed
from tests.conftest import sample, whisper_tiny

ROOT = Path(__file__).parents[2]
TINY = Model("tiny.en", whisper_tiny(), multilingual=False)


def recording(text, language="en", **more):
    return Recording(text[:5], sample("beckett.wav"), 10.0, text, frozenset({"read"}), language, **more)


def found(*changed, rate=100):
    """All ways of one model, each with ten errors in a hundred words but for what is `changed`: {way: errors}."""
    errors = dict(changed)
    return [Heard("tiny.en", way, (Score(rate, errors.get(way, 10)), None, None), 0.1, 400_000_000) for way in WAYS]


# --- counting -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "reference", "heard", "words", "errors"),
    [
        ("en", "It's twenty.", "it is 20", 3, 0),
        ("de", "Der Wagen, groß", "der wagen gross", 3, 1),
        ("zh", "甚至出现交易", "甚至 出現,交易。", 6, 1),
        ("ja", "客観的", "客 観 的", 3, 0),
        ("fr", "un deux", "", 2, 2),
    ],
)
def test_words_are_counted_and_characters_where_nothing_parts_words(language, reference, heard, words, errors):
    assert engines.score_in(language, reference, heard) == Score(words, errors)


def test_languages_are_pooled_apart():
    heard = [
        (recording("red house"), "red"),
        (recording("garden"), "garden"),
        (recording("eins zwei", "de"), "eins drei"),
        (recording("客観", "ja"), "客観"),
    ]
    assert engines.scored(heard) == (Score(3, 1), Score(2, 1), Score(2, 0))
    assert engines.scored(heard[:1]) == (Score(2, 1), None, None)


def test_terms_are_the_longest_words_in_their_order():
    text = "the incomprehensible Grimmelshausen wrote wonderful adventures with extraordinary imagination, imagination"
    assert engines.terms_of(text) == (
        "incomprehensible",
        "Grimmelshausen",
        "adventures",
        "extraordinary",
        "imagination",
    )
    assert engines.terms_of("so it is") == ()


def test_a_title_is_made_of_what_a_recording_says():
    assert engines.context_of(recording("a wonderful adventure")).startswith("Wonderful Adventure. A recording: read.")
    assert engines.context_of(recording("so it is")) == ""


# --- what is asked ------------------------------------------------------------------------------------------


def test_each_way_is_told_only_what_it_is_to_be_told():
    two = (recording("a wonderful adventure"), recording("an incomprehensible story"))

    def told(way):
        return [(one["terms"], one["context"]) for one in engines.job(TINY, way, two)["recordings"]]

    assert told(OURS) == told(BARE) == [((), ""), ((), "")]
    assert told(WITH_TERMS) == [(("wonderful", "adventure"), ""), (("incomprehensible",), "")]
    assert told(WITH_OTHER_CONTEXT)[0] == ((), engines.context_of(two[1]))
    assert engines.job(TINY, WITH_CONTEXT, two)["options"]["context"] is True
    assert engines.job(TINY, OURS_SEQUENTIAL, two)["options"]["mode"] == "sequential"


def test_a_quick_run_takes_some_english_recordings_and_one_of_each_other_language():
    corpus = [recording(f"{at}") for at in range(20)] + [recording("x", "zh")] * 3 + [recording("y", "de")]
    assert [one.language for one in engines.chosen(corpus, True, None)] == ["en"] * 5 + ["de", "zh"]
    assert len(engines.chosen(corpus, False, 10)) == 1 + 10 + 4
    assert len(engines.chosen(corpus, False, 0)) == 1 + 20 + 4
    assert engines.chosen((), False, None) == (inputs.two_cities(),)


def test_an_english_model_is_known_as_one():
    assert not engines.is_multilingual(whisper_tiny())


def test_a_model_without_a_tokenizer_is_told_of(tmp_path):
    with pytest.raises(Failed, match=r"has no tokenizer\.json"):
        engines.is_multilingual(tmp_path)


def test_a_second_model_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv(engines.ENVIRONMENT, str(whisper_tiny()))
    assert [model.name for model in engines.models(None)] == ["tiny.en", "model"]
    monkeypatch.delenv(engines.ENVIRONMENT)
    assert [model.name for model in engines.models(None)] == ["tiny.en"]


# --- bars and notes -----------------------------------------------------------------------------------------


def test_as_many_errors_as_the_bare_script_meet_the_bars():
    report = engines.conclude(found(), [recording("one")])
    assert [bar.met for bar in report.bars] == [True, True]
    assert len(report.rows) == len(WAYS)


def test_a_word_in_a_hundred_more_than_the_bare_script_misses_the_bar():
    report = engines.conclude(found((OURS_SEQUENTIAL, 11)), [recording("one")])
    assert [bar.met for bar in report.bars] == [True, False]


def test_the_notes_say_what_helped():
    notes = engines.conclude(found((WITH_TERMS, 8), (WITH_OTHER_CONTEXT, 12)), [recording("one")]).notes
    assert notes[1] == (
        "tiny.en: its own terms help (10.00 → 8.00 %), those of another recording change nothing (10.00 → 10.00 %)."
    )
    assert "those of another recording do harm (10.00 → 12.00 %)" in notes[2]


@pytest.mark.parametrize(
    ("own", "other", "pays"), [(9, 10, True), (10, 10, False), (11, 10, False), (8, 11, True), (9, 12, False)]
)
def test_a_context_pays_where_it_helps_more_than_a_wrong_one_does_harm(own, other, pays):
    assert engines.context_pays(found((WITH_CONTEXT, own), (WITH_OTHER_CONTEXT, other))) is pays


# --- in processes of their own ------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [["bench/bare_texts.py"], ["-m", "bench.recognise"]], ids=["bare", "ours"])
def test_a_process_says_seconds_and_text_of_each_recording(script, tmp_path):
    path = tmp_path / "job.json"
    path.write_text(json.dumps(engines.job(TINY, OURS, [recording("nothing")])))
    command = [sys.executable, *script, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, text = json.loads(done.stdout)
    assert seconds > 0
    assert len(text.split()) > 5
