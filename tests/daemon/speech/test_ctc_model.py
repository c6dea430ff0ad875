"""A tiny CTC model of random weights in the format of transformers: what it gives, and what can be wrong with it."""

import json
import sys

import numpy as np
import pytest
import torch

from daemon.errors import AskHuman, TryLater
from daemon.speech import ctc_align, ctc_model, device
from daemon.speech.audio import SAMPLE_RATE, decode
from daemon.speech.ctc_model import INSTALL, SETTING, CtcModel, Vocabulary
from daemon.speech.device import DeviceName
from tests.conftest import sample
from tests.daemon.speech.recordings import silence

# of facebook/wav2vec2-base-960h
TOKENS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ETAOINHSRDLUMWCFGYPBVK'XJQZ"]
VOCABULARY = {text: number for number, text in enumerate(TOKENS)}
TINY = {
    "hidden_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "conv_dim": (8,) * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
    "pad_token_id": 0,
}


@pytest.fixture(scope="module")
def made():
    """The network, as it is saved for each test."""
    from transformers import Wav2Vec2Config, Wav2Vec2ForCTC

    torch.manual_seed(1)
    return Wav2Vec2ForCTC(Wav2Vec2Config(vocab_size=len(VOCABULARY), **TINY))


@pytest.fixture
def folder(made, tmp_path):
    from transformers import Wav2Vec2FeatureExtractor

    place = tmp_path / "model"
    made.save_pretrained(place)
    Wav2Vec2FeatureExtractor().save_pretrained(place)
    (place / "vocab.json").write_text(json.dumps(VOCABULARY))
    return place


def changed(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def weights(folder, change):
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    save_file(change(load_file(path)), path, metadata={"format": "pt"})


def refusal(folder):
    with pytest.raises(AskHuman) as refused:
        ctc_align.load(str(folder), DeviceName.CPU)
    said = str(refused.value)
    assert "\n" not in said
    assert SETTING in said or "get it again" in said
    return said


# ---- what it gives


def test_a_folder_is_a_model_that_hears_each_frame_of_a_sound(folder):
    assert ctc_align.why_not(str(folder)) == ""
    model = ctc_model.opened(str(folder), DeviceName.CPU)
    assert model.samples_per_frame == 320
    for seconds in (0.01, 0.5, 1.0, 3.21):
        emission = model.emission(silence(seconds).samples)
        assert len(emission) >= seconds * SAMPLE_RATE / 320
        assert emission.shape[1] == len(VOCABULARY)
        assert np.exp(emission).sum(axis=1) == pytest.approx(1.0, abs=1e-4)


def test_its_letters_its_blank_and_its_delimiter_are_told_apart(folder):
    found = ctc_model.opened(str(folder), DeviceName.CPU).vocabulary
    assert (found.blank, found.delimiter) == (0, 4)
    assert set(found.letters) == set("ETAOINHSRDLUMWCFGYPBVK'XJQZ")


def test_a_blank_that_looks_like_a_letter_is_none(folder):
    (folder / "vocab.json").write_text(
        json.dumps({("-" if text == "<pad>" else text): n for text, n in VOCABULARY.items()})
    )
    assert ctc_model.opened(str(folder), DeviceName.CPU).vocabulary.spelled("a-b") == [VOCABULARY["A"], VOCABULARY["B"]]


def test_texts_get_times_that_rise_whatever_it_hears(folder):
    audio = decode(sample("two_cities.wav"))
    aligner = ctc_align.load(str(folder), DeviceName.CPU)
    texts = ["It", "was", "the", "best", "of", "times,", "in", "1859"] * 4
    for rough in (None, [(index, index + 0.5) for index in range(len(texts))]):
        words = aligner.align(audio, texts, "en", rough)
        edges = [edge for word in words for edge in (word.start, word.end)]
        assert [word.text for word in words] == texts
        assert edges == sorted(edges)
        assert 0 <= edges[0] <= edges[-1] <= audio.seconds


# ---- what can be wrong


def test_a_folder_that_is_not_there_is_said(tmp_path):
    said = refusal(tmp_path / "nothing")
    assert "there is no model folder" in said
    assert ctc_align.why_not(str(tmp_path / "nothing")) == said


@pytest.mark.parametrize("name", ["config.json", "vocab.json", "preprocessor_config.json", "model.safetensors"])
def test_a_file_that_is_missing_is_named(folder, name):
    (folder / name).unlink()
    said = refusal(folder)
    assert name in said
    assert ctc_align.why_not(str(folder)) == said


@pytest.mark.parametrize("kinds", [["Wav2Vec2Model"], ["WhisperForConditionalGeneration"], [], None, 1])
def test_another_kind_of_model_is_refused_before_it_is_loaded(folder, kinds):
    changed(folder / "config.json", architectures=kinds)
    said = refusal(folder)
    assert "no CTC model" in said
    assert ctc_align.why_not(str(folder)) == said


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "cannot be read"),
        ("[1]", "is damaged"),
        ('{"eng": {"a": 1}}', "for several languages"),
        ('{"<pad>": 0, "hello": 1}', "no vocabulary of letters"),
        ('{"a": "1"}', "no vocabulary of letters"),
    ],
)
def test_a_vocabulary_that_is_none_is_refused_before_anything_is_loaded(folder, text, what):
    (folder / "vocab.json").write_text(text)
    said = refusal(folder)
    assert what in said
    assert ctc_align.why_not(str(folder)) == said


def test_a_vocabulary_of_another_model_is_refused(folder):
    (folder / "vocab.json").write_text(json.dumps(VOCABULARY | {"Ö": len(VOCABULARY)}))
    assert "does not fit" in refusal(folder)


@pytest.mark.parametrize("left", [0, 100, -100])
def test_weights_that_are_cut_off_are_refused(folder, left):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:left])
    assert "cannot be loaded" in refusal(folder)


def test_weights_that_are_no_numbers_are_refused(folder):
    weights(folder, lambda found: {name: one * float("nan") for name, one in found.items()})
    assert "damaged" in refusal(folder)


def test_weights_without_the_layer_that_tells_letters_are_refused(folder):
    weights(folder, lambda found: {name: one for name, one in found.items() if not name.startswith("lm_head")})
    assert "lack lm_head.bias and more" in refusal(folder)


def test_weights_that_only_training_needs_may_be_missing(folder):
    weights(folder, lambda found: {name: one for name, one in found.items() if "masked_spec_embed" not in name})
    ctc_align.load(str(folder), DeviceName.CPU)


def test_a_model_of_another_sampling_rate_is_refused(folder):
    changed(folder / "preprocessor_config.json", sampling_rate=8000)
    assert "8000 Hz" in refusal(folder)


@pytest.mark.parametrize("module", ["torch", "torchaudio", "transformers"])
def test_without_the_extra_it_says_what_to_install(folder, module, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)  # as Python marks what cannot be imported
    assert ctc_align.why_not(str(folder)) == INSTALL
    with pytest.raises(AskHuman, match="voices"):
        ctc_align.load(str(folder), DeviceName.CPU)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_one_that_is_asked_for_is_refused_and_else_the_cpu_is_chosen(folder):
    assert device.for_torch(DeviceName.AUTO) == "cpu"
    with pytest.raises(AskHuman, match="torch sees no GPU"):
        ctc_align.load(str(folder), DeviceName.CUDA)


class Full:
    """A network on a GPU without memory left."""

    class config:  # noqa: N801
        inputs_to_logits_ratio = 320

    device = "cpu"

    def __call__(self, _values):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")


def test_a_gpu_without_memory_left_is_tried_later():
    from transformers import Wav2Vec2FeatureExtractor

    model = CtcModel(Full(), Wav2Vec2FeatureExtractor(), Vocabulary({"a": 1}, 0))
    with pytest.raises(TryLater, match="no memory left"):
        model.emission(silence(1.0).samples)
