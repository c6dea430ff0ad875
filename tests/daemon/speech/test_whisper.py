"""The real engine, with the smallest model. What every engine has to keep to is the first part."""

import pytest

from daemon.errors import AskHuman
from daemon.speech.audio import decode
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.whisper import Options
from tests.conftest import sample, whisper_tiny
from tests.daemon.speech.recordings import silence

WHISPER = ENGINES["whisper"]


def options(**changed):
    plain = Options(model=str(whisper_tiny()), device="cpu", compute_type="int8", beam_size=1, threads=2)
    return {**plain.model_dump(mode="json"), **changed}


def ignored(fraction):
    """Nobody looks at the progress."""


@pytest.fixture(scope="module")
def engine():
    return WHISPER.load(options())


@pytest.fixture(scope="module")
def audio():
    return decode(sample("two_cities.wav"))


@pytest.fixture(scope="module")
def told():
    return []


@pytest.fixture(scope="module")
def heard(engine, audio, told):
    return engine.transcribe(audio, Request(), told.append)


def test_what_was_said_is_heard(heard):
    said = " ".join(word.text for word in heard.words).lower()
    assert "it was the best of times" in said


def test_words_are_ordered(heard):
    assert len(heard.words) > 100
    assert all(first.start <= second.start for first, second in zip(heard.words, heard.words[1:], strict=False))


def test_words_are_within_the_audio_and_do_not_end_before_they_begin(heard, audio):
    assert all(0 <= word.start <= word.end <= audio.seconds for word in heard.words)


def test_the_confidence_is_a_probability(heard):
    assert all(0 <= word.confidence <= 1 for word in heard.words)


def test_there_is_a_word_in_every_word_and_no_space_around_it(heard):
    assert all(word.text and word.text == word.text.strip() for word in heard.words)


def test_numbers_are_plain_ones_that_json_takes(heard):
    assert {type(value) for word in heard.words for value in (word.start, word.end, word.confidence)} == {float}


def test_the_speech_that_was_heard_holds_the_words(heard):
    for word in heard.words:
        middle = (word.start + word.end) / 2
        assert any(span.start - 0.5 <= middle <= span.end + 0.5 for span in heard.speech), word


def test_the_language_is_told(heard):
    assert heard.language == "en"


def test_progress_rises_within_the_whole(heard, told):
    assert told == sorted(told)
    assert 0 < told[0] <= told[-1] <= 1


@pytest.mark.parametrize("seconds", [5.0, 0.01])
def test_silence_has_no_words(engine, seconds):
    heard = engine.transcribe(silence(seconds), Request(), ignored)
    assert (heard.words, heard.speech) == ((), ())


def test_an_engine_hears_the_same_when_it_is_asked_again(engine, audio, heard):
    assert engine.transcribe(audio, Request(), ignored) == heard


# ---- languages and models


@pytest.mark.parametrize("tag", ["en", "en-GB", "EN"])
def test_a_regional_tag_is_understood(engine, tag):
    assert engine.transcribe(silence(1), Request(tag), ignored).language == f"en{tag[2:]}"


def test_a_language_that_the_model_does_not_know_is_refused_with_those_that_it_does(engine):
    with pytest.raises(AskHuman, match="does not know the language sv; it knows: en"):
        engine.transcribe(silence(1), Request("sv"), ignored)


@pytest.mark.parametrize("model", ["/no/such/folder", "./nowhere", "~/nowhere/at/all"])
def test_a_folder_that_is_not_there_says_what_to_set(model):
    with pytest.raises(AskHuman, match=r"there is no model folder .*: set \[daemon\.engines\.whisper\] model to"):
        WHISPER.load(options(model=model))
    assert WHISPER.why_not(options(model=model)).startswith("there is no model folder")


def test_a_model_folder_may_be_given_by_the_home_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "tiny").symlink_to(whisper_tiny())
    loaded = WHISPER.load(options(model="~/tiny"))
    assert loaded.transcribe(silence(1), Request(), ignored).language == "en"


def test_a_folder_that_is_no_model_says_what_is_missing(tmp_path):
    (tmp_path / "model.bin").touch()
    with pytest.raises(
        AskHuman, match=r"is no Whisper model for CTranslate2: config\.json and tokenizer\.json missing"
    ):
        WHISPER.load(options(model=str(tmp_path)))
    assert "config.json and tokenizer.json missing" in WHISPER.why_not(options(model=str(tmp_path)))


def test_a_damaged_model_is_told_of(tmp_path):
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("nonsense")
    with pytest.raises(AskHuman, match=r"the model .* cannot be loaded: Unsupported model"):
        WHISPER.load(options(model=str(tmp_path)))


def test_a_name_that_no_model_has_is_told_of():
    with pytest.raises(AskHuman, match="the model wisper-large cannot be loaded: Invalid model size"):
        WHISPER.load(options(model="wisper-large"))


def test_a_way_to_compute_that_does_not_exist_is_told_of():
    with pytest.raises(AskHuman, match="Invalid compute type: int3"):
        WHISPER.load(options(compute_type="int3"))


def test_nothing_speaks_against_a_model_that_is_there():
    assert WHISPER.why_not(options()) == ""


def test_nothing_speaks_against_a_name_that_may_be_fetched():
    assert WHISPER.why_not(options(model="large-v3-turbo")) == ""


# ---- terms to expect


def said(engine, audio, *terms):
    heard = engine.transcribe(audio, Request(terms=terms), ignored)
    return " ".join(word.text for word in heard.words).lower()


def test_with_terms_to_expect_what_was_said_is_heard(engine, audio):
    assert "it was the best of times" in said(engine, audio, "Charles Dickens", "A Tale of Two Cities")


def test_terms_reach_the_model(engine, audio):
    """It is told what to expect, not made to say it: what it hears is another text, and which one is the model's."""
    assert said(engine, audio, "Tymes", "Wisdome", "Foolishnesse") != said(engine, audio)


def test_more_terms_than_the_model_heeds_are_no_error(engine, audio):
    assert len(said(engine, audio, *(f"Name{number} Surname{number}" for number in range(500))).split()) > 10


def test_terms_make_no_words_of_silence(engine):
    assert engine.transcribe(silence(2), Request(terms=("Ada Lovelace",)), ignored).words == ()
