"""Parakeet on a tiny model of the same inputs and outputs: what its tokens become, and what can be wrong with it."""

import json
import os
import socket
import subprocess
import sys

import pytest

from daemon.errors import AskHuman
from daemon.speech.device import DeviceName
from daemon.speech.engines import ENGINES, Request
from daemon.speech.engines.parakeet import Options, _providers
from tests.daemon.speech import tiny_models
from tests.daemon.speech.recordings import silence

PARAKEET = ENGINES["parakeet"]
VOCABULARY = ("▁It", "▁was", "▁the", "▁best", "▁of", "▁time", "s", ",", "▁and", "▁is", ".")
TONES = ((1.5, 0), (2.0, 1), (2.6, 2), (3.2, 3), (5.4, 4), (6.0, 2), (6.5, 5), (7.0, 6), (7.6, 7), (9.5, 8), (11.2, 9))
SAID = ["It", "was", "the", "best", "of", "the", "times,", "and", "is"]
FRAME_SECONDS = 0.08


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tiny_models.parakeet(tmp_path_factory.mktemp("parakeet"), VOCABULARY)


@pytest.fixture(scope="module")
def audio():
    return tiny_models.with_tones(tiny_models.speech(14), TONES)


def options(folder, **changed):
    return {**Options(model=str(folder), device="cpu", threads=1).model_dump(mode="json"), **changed}


def ignored(fraction):
    """Nobody looks at the progress."""


@pytest.fixture(scope="module")
def engine(folder):
    return PARAKEET.load(options(folder))


@pytest.fixture(scope="module")
def heard(engine, audio):
    return engine.transcribe(audio, Request(), ignored)


# ---- what is heard


def test_tokens_are_joined_to_words(heard):
    assert [word.text for word in heard.words] == SAID


def test_words_begin_when_their_tokens_do(heard):
    begins = [second for second, number in TONES if VOCABULARY[number].startswith("▁")]
    for word, second in zip(heard.words, begins, strict=True):
        assert word.start == pytest.approx(second, abs=FRAME_SECONDS * 1.5)


def test_words_are_sure_by_what_the_model_tells(heard):
    assert all(0 < word.confidence <= 1 for word in heard.words)


def test_pieces_change_nothing_but_where_they_are_cut(folder, audio, heard):
    told = []
    parts = PARAKEET.load(options(folder, piece_seconds=5)).transcribe(audio, Request(), told.append)
    assert [word.text for word in parts.words] == SAID
    for word, same in zip(parts.words, heard.words, strict=True):
        assert word.start == pytest.approx(same.start, abs=FRAME_SECONDS * 1.5)
    assert len(told) >= 4
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("seconds", [5.0, 0.01])
def test_silence_has_no_language(engine, seconds):
    assert engine.transcribe(silence(seconds), Request(), ignored).language == "und"


# ---- languages


def test_the_language_is_told_from_the_words(heard):
    assert heard.language == "en"


@pytest.mark.parametrize(("tag", "told"), [("de", "de"), ("de-AT", "de-AT"), ("DE", "de")])
def test_a_language_that_was_asked_for_is_believed(engine, audio, tag, told):
    assert engine.transcribe(audio, Request(tag), ignored).language == told


def test_a_language_that_the_model_does_not_know_is_refused_with_those_that_it_does(engine):
    with pytest.raises(AskHuman, match="does not know the language zh; it knows: bg cs da"):
        engine.transcribe(silence(1), Request("zh"), ignored)


def test_where_the_words_do_not_tell_a_person_is_asked(engine):
    audio = tiny_models.with_tones(tiny_models.speech(8), [(2.0, 5)])
    with pytest.raises(AskHuman, match="set the language"):
        engine.transcribe(audio, Request(), ignored)


def test_it_says_which_languages_it_knows():
    assert len(PARAKEET.languages) == 25


# ---- models


def test_nothing_speaks_against_a_model_that_is_there(folder):
    assert PARAKEET.why_not(options(folder)) == ""
    assert PARAKEET.is_here(options(folder))


def test_nothing_speaks_against_a_name_that_may_be_fetched():
    assert PARAKEET.why_not(Options().model_dump(mode="json")) == ""


@pytest.mark.parametrize("model", ["/no/such/folder", "./nowhere", "~/nowhere/at/all"])
def test_a_folder_that_is_not_there_says_what_to_set(model):
    with pytest.raises(AskHuman, match=r"there is no model folder .*: set \[daemon\.engines\.parakeet\] model to"):
        PARAKEET.load(options(model))
    assert PARAKEET.why_not(options(model)).startswith("there is no model folder")


def test_a_folder_that_is_no_model_says_what_is_missing(tmp_path):
    (tmp_path / "vocab.txt").touch()
    lacks = "there is no config.json and no encoder-model.onnx and no decoder_joint-model.onnx"
    assert lacks in PARAKEET.why_not(options(tmp_path))
    with pytest.raises(AskHuman, match=lacks):
        PARAKEET.load(options(tmp_path))


def test_the_quantization_says_which_files_are_taken(tmp_path, folder):
    tiny_models.parakeet(tmp_path, VOCABULARY, suffix=".int8")
    assert PARAKEET.why_not(options(tmp_path, quantization="int8")) == ""
    assert "encoder-model?int8.onnx" in PARAKEET.why_not(options(folder, quantization="int8"))
    PARAKEET.load(options(tmp_path, quantization="int8"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("encoder-model.onnx", "nonsense"),
        ("decoder_joint-model.onnx", ""),
        ("config.json", "{"),
        ("config.json", json.dumps({"features_size": 80})),  # as of another model: its features do not fit
        ("vocab.txt", "one two three\n"),
        ("vocab.txt", "".join(f"{token} {number}\n" for number, token in enumerate(VOCABULARY))),  # no <blk>
    ],
)
def test_a_damaged_model_is_told_of_when_it_is_loaded(tmp_path, name, content):
    tiny_models.parakeet(tmp_path, VOCABULARY)
    (tmp_path / name).write_text(content)
    with pytest.raises(AskHuman, match=r"the model .* cannot be loaded: .*; set \[daemon\.engines\.parakeet\] model"):
        PARAKEET.load(options(tmp_path))


def test_a_name_that_no_model_has_is_told_of():
    assert PARAKEET.is_here(options("parakeet-giant"))
    with pytest.raises(AskHuman, match=r"the model parakeet-giant cannot be loaded: .* not supported"):
        PARAKEET.load(options("parakeet-giant"))


SCRIPT = """
import json, sys
from daemon.errors import DaemonError
from daemon.speech.engines import parakeet
for name in sys.argv[1:]:
    options = parakeet.Options(model=name, device="cpu", threads=1).model_dump(mode="json")
    print(json.dumps(parakeet.is_here(options)))
    try:
        print(json.dumps(type(parakeet.load(options)).__name__))
    except DaemonError as error:
        print(json.dumps(f"{type(error).__name__}: {error}"))
"""


def test_a_model_of_the_hub_is_taken_where_it_was_fetched_and_tried_later_where_the_hub_cannot_be_reached(tmp_path):
    kept = tmp_path / "models--istupakov--parakeet-tdt-0.6b-v3-onnx"
    tiny_models.parakeet(kept / "snapshots" / ("0" * 40), VOCABULARY)
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("0" * 40)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    environment = {**os.environ, "HF_HUB_CACHE": str(tmp_path), "HF_ENDPOINT": f"http://127.0.0.1:{port}"}
    environment.pop("HF_HUB_OFFLINE")
    fetched, never = "nemo-parakeet-tdt-0.6b-v3", "nemo-parakeet-tdt-0.6b-v2"
    command = [sys.executable, "-c", SCRIPT, fetched, never]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
    here, loaded, not_here, error = (json.loads(line) for line in done.stdout.splitlines())
    assert (here, loaded, not_here) == (True, "Parakeet", False)
    assert error.startswith(f"TryLater: the model {never} could not be fetched: ")


# ---- devices


def test_the_gpu_is_taken_where_onnxruntime_has_it():
    both = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    assert _providers(DeviceName.AUTO, both) == _providers(DeviceName.CUDA, both) == both
    assert _providers(DeviceName.AUTO, both[1:]) == _providers(DeviceName.CPU, both) == both[1:]


def test_a_gpu_that_onnxruntime_does_not_have_is_told_of(folder):
    with pytest.raises(AskHuman, match="install onnxruntime-gpu"):
        PARAKEET.load(options(folder, device="cuda"))


@pytest.mark.parametrize("changed", [{"beam_size": 5}, {"piece_seconds": 0}, {"quantization": "*"}])
def test_options_that_there_are_not_are_refused(folder, changed):
    with pytest.raises(ValueError, match=next(iter(changed))):
        PARAKEET.load(options(folder, **changed))
