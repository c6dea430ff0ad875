"""The real engine, with the smallest model. What every engine has to keep to is the first part."""

import os
from dataclasses import replace

import numpy as np
import pytest

from daemon.errors import AskHuman
from daemon.speech.audio import SAMPLE_RATE, Audio, decode
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.whisper import Options, Whisper
from daemon.speech.engines.whisper.model import load_model
from daemon.speech.engines.whisper.options import ONLY_HOW_TO_COMPUTE
from daemon.speech.engines.whisper.plan import Plan
from tests.conftest import CORPUS, sample, whisper_tiny
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
def beginning(audio):
    """Its first eight seconds."""
    return Audio(audio.samples[: 8 * SAMPLE_RATE], SAMPLE_RATE, 8.0)


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
    assert 0 < told[0] <= told[-1] == 1


def test_where_nothing_was_dropped_there_is_nothing_to_note(heard):
    assert heard.extras == {}


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


# ---- modes


@pytest.fixture(scope="module")
def sequential():
    return WHISPER.load(options(mode="sequential"))


def noise(seconds):
    samples = np.random.default_rng(7).normal(0, 0.1, int(seconds * SAMPLE_RATE)).astype(np.float32)
    return Audio(samples, SAMPLE_RATE, seconds)


def test_window_after_window_hears_what_was_said(sequential, audio):
    told = []
    heard = sequential.transcribe(audio, Request(), told.append)
    text = " ".join(word.text for word in heard.words).lower()
    assert "it was the best of times" in text
    assert "degree of comparison only" in text
    assert all(0 <= word.start <= word.end <= audio.seconds for word in heard.words)
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("mode", ["engine", "sequential"])
@pytest.mark.parametrize("sound", [silence(5.0), silence(0.01), noise(3.0)], ids=["silence", "a click", "noise"])
def test_in_no_mode_is_there_a_word_where_nobody_speaks(mode, sound, request):
    told = []
    heard = request.getfixturevalue(mode).transcribe(sound, Request(), told.append)
    assert (heard.words, heard.language, told[-1]) == ((), "en", 1)


def test_more_terms_than_fit_leave_room_to_speak_in_the_sequential_mode(sequential, beginning):
    terms = tuple(f"Name{number} Surname{number}" for number in range(500))
    heard = sequential.transcribe(beginning, Request(terms=terms), ignored)
    assert heard.words
    assert "terms of the glossary did not fit" in heard.extras["notes"][0]


def test_a_context_reaches_the_model_only_where_it_is_wanted(engine, beginning):
    about = Request(context="THE TYMES AND WISDOME OF FOOLISHNESSE. " * 3)
    without = engine.transcribe(beginning, Request(), ignored)
    assert engine.transcribe(beginning, about, ignored) != without
    assert WHISPER.load(options(context=False)).transcribe(beginning, about, ignored) == without


def test_a_stricter_detector_finds_less_speech(engine, beginning):
    strict = WHISPER.load(options(vad_threshold=0.999)).transcribe(beginning, Request(), ignored)
    assert seconds(strict.speech) < seconds(engine.transcribe(beginning, Request(), ignored).speech)


def test_less_padding_leaves_less_around_the_speech(engine, beginning):
    tight = WHISPER.load(options(vad_padding_seconds=0.05)).transcribe(beginning, Request(), ignored)
    assert seconds(tight.speech) < seconds(engine.transcribe(beginning, Request(), ignored).speech)


def test_longer_silences_make_fewer_spans_of_speech(engine, beginning):
    patient = WHISPER.load(options(vad_silence_seconds=5.0)).transcribe(beginning, Request(), ignored)
    assert len(patient.speech) < len(engine.transcribe(beginning, Request(), ignored).speech)


def seconds(spans):
    return sum(span.end - span.start for span in spans)


def test_a_loop_is_left_out_and_told_of():
    """An English model that is given German gets into one."""
    path = CORPUS / "librivox_multi" / "de.mp3"
    if not path.is_file():
        return
    foreign = decode(path)
    heard = WHISPER.load(options(beam_size=5)).transcribe(foreign, Request(), ignored)
    assert "times on end; kept once" in heard.extras["notes"][0]
    assert len(heard.words) < 100


def test_every_option_either_shapes_the_words_or_only_says_how_to_compute_them():
    assert set(WHISPER.shaping(options())) == set(Options.model_fields) - ONLY_HOW_TO_COMPUTE


# ---- languages per chunk, where a multilingual model is


BASE = os.environ.get("CAPTIONWATCH_WHISPER_BASE", "")


def test_each_chunk_has_its_own_language_where_that_is_wanted(audio):
    german = CORPUS / "librivox_multi" / "de.mp3"
    if not (BASE and german.is_file()):
        return
    samples = np.concatenate([audio.samples[: 29 * SAMPLE_RATE], decode(german).samples[: 25 * SAMPLE_RATE]])
    both = Audio(samples, SAMPLE_RATE, len(samples) / SAMPLE_RATE)
    heard = WHISPER.load(options(model=BASE, multilingual=True)).transcribe(both, Request(), ignored)
    text = " ".join(word.text for word in heard.words)
    assert heard.language == "en"
    assert "best of times" in text
    assert " der " in text


def test_an_english_model_has_one_language_for_all_chunks(engine, beginning):
    several = WHISPER.load(options(multilingual=True)).transcribe(beginning, Request(), ignored)
    assert several == engine.transcribe(beginning, Request(), ignored)


# ---- the GPU's memory


class SmallGpu:
    """Computes on the CPU, and says as CTranslate2 does that the memory is full where a plan takes more than it has.

    `room`: chunks of float16 that fit beside the model; `for_model`: compute types in which the model itself fits.
    """

    def __init__(self, room=1, for_model=("float16", "int8_float16"), says="CUDA failed with error out of memory"):
        self.room, self.for_model, self.says = room, for_model, says
        self.loaded = []
        self.batches = []

    def __call__(self, options, plan):
        self.loaded.append(plan)
        if plan.device == "cuda" and plan.compute_type not in self.for_model:
            raise RuntimeError(self.says)
        computed = load_model(options, replace(plan, device="cpu", compute_type="int8"))
        return computed if plan.device == "cpu" else _OnSmallGpu(computed, self, plan)


class _OnSmallGpu:
    def __init__(self, model, gpu, plan):
        self._model, self._gpu, self._plan = model, gpu, plan

    def __getattr__(self, name):
        return getattr(self._model, name)

    def encode(self, features):
        chunks = 1 if features.ndim == 2 else len(features)
        self._gpu.batches.append((self._plan.compute_type, chunks))
        if chunks > self._gpu.room * (2 if self._plan.compute_type.startswith("int8") else 1):
            raise RuntimeError(self._gpu.says)
        return self._model.encode(features)


def on(gpu, batch_size=8):
    return Whisper(Options(**options(batch_size=batch_size)), gpu, Plan("cuda", "float16", batch_size))


def test_a_batch_that_is_too_big_is_halved_until_it_fits(audio, heard):
    gpu, told = SmallGpu(room=1), []
    found = on(gpu).transcribe(audio, Request(), told.append)
    assert [word.text for word in found.words] == [word.text for word in heard.words]
    assert found.extras["notes"] == ["The GPU's memory did not suffice: recognised chunk by chunk."]
    assert gpu.loaded == [Plan("cuda", "float16", 8)]  # the model stays, only batches are smaller
    assert gpu.batches == [("float16", 2), ("float16", 2), ("float16", 2), ("float16", 1), ("float16", 1)]
    assert told == sorted(told)


def test_where_no_batch_fits_numbers_are_smaller(audio):
    gpu = SmallGpu(room=0.5)
    found = on(gpu, batch_size=2).transcribe(audio, Request(), ignored)
    assert gpu.loaded == [Plan("cuda", "float16", 2), Plan("cuda", "int8_float16", 1)]
    assert found.extras["notes"] == ["The GPU's memory did not suffice: recognised chunk by chunk, with int8_float16."]


def test_where_nothing_fits_the_cpu_does_it(audio, heard):
    gpu = SmallGpu(room=0, says="cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED")
    found = on(gpu, batch_size=1).transcribe(audio, Request(), ignored)
    assert found.words == heard.words
    assert found.extras["notes"] == ["The GPU's memory did not suffice: recognised on the CPU."]


def test_what_fitted_once_is_begun_with_the_next_time(audio):
    gpu = SmallGpu(room=1)
    engine = on(gpu)
    first = engine.transcribe(audio, Request(), ignored)
    gpu.batches.clear()
    assert engine.transcribe(audio, Request(), ignored) == first
    assert gpu.batches == [("float16", 1), ("float16", 1)]


def test_a_model_that_does_not_fit_is_loaded_with_smaller_numbers_or_on_the_cpu():
    gpu = SmallGpu(for_model=())
    assert on(gpu).transcribe(silence(1), Request(), ignored).words == ()
    assert gpu.loaded == [Plan("cuda", "float16", 8), Plan("cuda", "int8_float16", 1), Plan("cpu", "int8", 8)]


def test_a_gpu_that_fails_otherwise_is_told_of_and_not_tried_again(audio):
    gpu = SmallGpu(room=0, says="CUDA failed with error an illegal memory access was encountered")
    with pytest.raises(AskHuman, match="the GPU cannot be used: CUDA failed with error an illegal memory access"):
        on(gpu).transcribe(audio, Request(), ignored)
    assert len(gpu.batches) == 1


def test_an_error_that_is_none_of_the_gpus_is_passed_on(audio):
    with pytest.raises(RuntimeError, match="a mistake"):
        on(SmallGpu(room=0, says="a mistake")).transcribe(audio, Request(), ignored)


def test_what_progress_raises_ends_it_and_the_next_run_is_as_ever(engine, audio, heard):
    class Cancelled(Exception):
        pass

    def cancel(fraction):
        raise Cancelled

    with pytest.raises(Cancelled):
        engine.transcribe(audio, Request(), cancel)
    assert engine.transcribe(audio, Request(), ignored) == heard
