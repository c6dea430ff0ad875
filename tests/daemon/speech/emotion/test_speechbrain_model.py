"""A tiny model of the same build as speechbrain's for IEMOCAP: what it gives, and what it must not be able to do."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from captions.transcript import SpeakerTurn
from daemon.errors import AskHuman, TryLater
from daemon.speech.audio import decode
from daemon.speech.device import DeviceName
from daemon.speech.emotion import ENGINES, speechbrain_model
from daemon.speech.emotion.speechbrain_model import ENCODER, LABELS, RECIPE
from tests.conftest import sample
from tests.daemon.speech.emotion.feelings import voice

ROOT = Path(__file__).parents[4]
WIDTH = 16
TINY = {
    "hidden_size": WIDTH,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": WIDTH,
    "conv_dim": (8,) * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 2,
}
YAML = """
encoder_dim: 16
out_n_neurons: 4
wav2vec2_hub: facebook/wav2vec2-base
pretrained_path: speechbrain/emotion-recognition-wav2vec2-IEMOCAP
wav2vec2: !new:speechbrain.lobes.models.huggingface_transformers.wav2vec2.Wav2Vec2
    source: !ref <wav2vec2_hub>
    output_norm: True
    freeze: True
    save_path: wav2vec2_checkpoints
avg_pool: !new:speechbrain.nnet.pooling.StatisticsPooling
    return_std: False
output_mlp: !new:speechbrain.nnet.linear.Linear
    input_size: !ref <encoder_dim>
    n_neurons: !ref <out_n_neurons>
    bias: False
model: !new:torch.nn.ModuleList
    - [!ref <output_mlp>]
modules:
    wav2vec2: !ref <wav2vec2>
    output_mlp: !ref <output_mlp>
    avg_pool: !ref <avg_pool>
softmax: !new:speechbrain.nnet.activations.Softmax
label_encoder: !new:speechbrain.dataio.encoder.CategoricalEncoder
pretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer
    loadables:
        wav2vec2: !ref <wav2vec2>
        model: !ref <model>
        label_encoder: !ref <label_encoder>
    paths:
        wav2vec2: !ref <pretrained_path>/wav2vec2.ckpt
        model: !ref <pretrained_path>/model.ckpt
        label_encoder: !ref <pretrained_path>/label_encoder.txt
"""
TEXT = "'neu' => 0\n'ang' => 1\n'hap' => 2\n'sad' => 3\n================\n'starting_index' => 0\n"
LEFT_BEHIND = "was-here"
PYTHON = f"from pathlib import Path\nPath(__file__).with_name({LEFT_BEHIND!r}).touch()\n"


@pytest.fixture(scope="module")
def weights():
    """Of the encoder, and of the layer that tells feelings; the encoder as it is before it is trained, too."""
    from transformers import Wav2Vec2Config, Wav2Vec2Model

    torch.manual_seed(1)
    before, after = (Wav2Vec2Model(Wav2Vec2Config(**TINY)) for _ in range(2))
    encoder = {f"model.{name}": one for name, one in after.state_dict().items()}
    return before, encoder, {"0.w.weight": torch.randn(4, WIDTH)}


@pytest.fixture
def folder(weights, tmp_path):
    from transformers import Wav2Vec2FeatureExtractor

    before, encoder, output = weights
    place = tmp_path / "model"
    before.save_pretrained(place / ENCODER)
    Wav2Vec2FeatureExtractor().save_pretrained(place / ENCODER)
    (place / RECIPE).write_text(YAML)
    (place / LABELS).write_text(TEXT)
    torch.save(encoder, place / "wav2vec2.ckpt")
    torch.save(output, place / "model.ckpt")
    for name in ("custom_interface.py", "custom.py", f"{ENCODER}/custom.py"):
        (place / name).write_text(PYTHON)
    return place


def load(folder):
    return speechbrain_model.load(str(folder), DeviceName.CPU)


def refusal(folder):
    with pytest.raises(AskHuman) as refused:
        load(folder)
    said = str(refused.value)
    assert "\n" not in said
    assert not list(folder.rglob(LEFT_BEHIND))
    return said


# ---- what it gives


def test_it_gives_four_feelings_by_their_full_names(folder):
    model = load(folder).model
    assert model.labels == ("neutral", "angry", "happy", "sad")
    scores = model.hear(voice("sad", 1, 0))
    assert tuple(scores) == model.labels
    assert sum(scores.values()) == pytest.approx(1, abs=1e-5)
    assert speechbrain_model.why_not(str(folder)) == ""


def test_its_scores_are_those_of_the_weights_in_the_folder(folder, weights):
    """Worked out without speechbrain: the encoder, normalised before and after, its mean over time, and the layer."""
    from transformers import Wav2Vec2Config, Wav2Vec2Model

    _, encoder, output = weights
    network = Wav2Vec2Model(Wav2Vec2Config(**TINY)).eval()
    network.load_state_dict({name.removeprefix("model."): one for name, one in encoder.items()})
    samples = torch.from_numpy(voice("angry", 1, 0))[None]
    with torch.inference_mode():
        hidden = network(torch.nn.functional.layer_norm(samples, samples.shape[1:]))[0]
        mean = torch.nn.functional.layer_norm(hidden, hidden.shape[1:]).mean(1)
        expected = (mean @ output["0.w.weight"].T).softmax(-1)[0]
    assert list(load(folder).model.hear(samples[0].numpy()).values()) == pytest.approx(expected.tolist(), abs=1e-3)


def test_turns_of_speech_get_their_spans(folder):
    audio = decode(sample("two_cities.wav"))
    turns = [SpeakerTurn(0.0, 12.0, "A"), SpeakerTurn(13.0, 15.0, "B")]
    found = ENGINES["speechbrain"].load(str(folder), DeviceName.AUTO).emotions(audio, turns, lambda _fraction: None)
    assert [(one.start, one.end) for one in found] == [(0.0, 6.0), (6.0, 12.0), (13.0, 15.0)]
    assert all(one.scores[one.label] == max(one.scores.values()) for one in found)


def test_the_encoder_may_be_named_as_speechbrain_did_before(folder):
    old = "speechbrain.lobes.models.huggingface_wav2vec.HuggingFaceWav2Vec2"
    text = YAML.replace("speechbrain.lobes.models.huggingface_transformers.wav2vec2.Wav2Vec2", old)
    assert text != YAML
    (folder / RECIPE).write_text(text)
    assert load(folder).model.hear(voice("sad", 1, 0))


# ---- what it must not be able to do


def test_no_python_of_the_folder_is_run_and_nothing_is_written(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    path = list(sys.path)
    load(folder).model.hear(voice("sad", 1, 0))
    assert set(tmp_path.rglob("*")) == before
    assert sys.path == path


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("more: !apply:os.system ['touch was-here']", "!apply:os.system"),
        ("more: !new:subprocess.Popen\n    args: [touch, was-here]", "!new:subprocess.Popen"),
        ("more: !name:os.system", "!name:os.system"),
        ("more: !module:custom", "!module:custom"),
        ("more: !include:other.yaml", "!include:other.yaml"),
        ("more: !!python/object/apply:os.system ['touch was-here']", "python/object/apply:os.system"),
        ("more: !new:torch.hub.load\n    repo_or_dir: x", "!new:torch.hub.load"),
        ("more: !<!apply:os.system> ['touch was-here']", "!apply:os.system"),
        ("? !apply:os.system ['touch was-here']\n: 1", "!apply:os.system"),
        ("more: &a\n  - *a\n  - !name:os.system x", "!name:os.system"),
        ("%TAG", "is no YAML"),
    ],
)
def test_a_recipe_that_would_call_anything_else_is_refused_before_it_is_built(folder, monkeypatch, line, named):
    monkeypatch.chdir(folder)
    (folder / RECIPE).write_text(f"{YAML}{line}\n")
    assert named in refusal(folder)


@pytest.mark.parametrize(
    ("argument", "named"),
    [
        ("trust_remote_code: True", "trust_remote_code of the encoder"),
        ('"trust_remote_\\x63ode": True', "trust_remote_code of the encoder"),
        ("weights_only: False", "weights_only of the encoder"),
        ("<<: {weights_only: False}", "<< of the encoder"),
        ("? !ref <encoder_dim>\n    : True", "of the encoder"),
    ],
)
def test_an_encoder_gets_no_arguments_that_would_run_what_came_with_it(folder, argument, named):
    (folder / RECIPE).write_text(YAML.replace("    output_norm: True", f"    output_norm: True\n    {argument}"))
    assert named in refusal(folder)


@pytest.mark.parametrize("source", ["facebook/wav2vec2-base", "/elsewhere", "!ref <pretrained_path>"])
def test_another_encoder_than_that_of_the_folder_is_not_fetched(folder, source):
    (folder / RECIPE).write_text(YAML.replace("source: !ref <wav2vec2_hub>", f"source: {source}"))
    assert "asks for the encoder" in refusal(folder)


def test_an_encoder_of_unnamed_arguments_is_refused(folder):
    given = "Wav2Vec2 [a, b]\nrest:"
    (folder / RECIPE).write_text(YAML.replace("Wav2Vec2\n", f"{given}\n", 1))
    assert "unnamed arguments" in refusal(folder)


def test_an_encoder_that_brings_its_own_python_is_not_run(folder):
    import json

    path = folder / ENCODER / "config.json"
    values = json.loads(path.read_text()) | {"auto_map": {"AutoConfig": "custom.C", "AutoModel": "custom.M"}}
    path.write_text(json.dumps(values))
    load(folder)  # by transformers' own class of that name
    assert not list(folder.rglob(LEFT_BEHIND))


class Trap:
    def __reduce__(self):
        return (open, (LEFT_BEHIND, "w"))


def test_weights_that_would_run_something_are_refused(folder, monkeypatch):
    monkeypatch.chdir(folder)
    torch.save({"0.w.weight": Trap()}, folder / "model.ckpt")
    assert "cannot be loaded" in refusal(folder)


def test_files_outside_the_folder_are_not_read(folder, tmp_path):
    (folder / "model.ckpt").rename(tmp_path / "model.ckpt")
    (folder / RECIPE).write_text(YAML.replace("<pretrained_path>/model.ckpt", f"{tmp_path}/model.ckpt"))
    assert "model.ckpt" in refusal(folder)


ALONE = """
import sys
import numpy
from daemon.errors import TryLater
from daemon.speech.device import DeviceName
from daemon.speech.emotion import speechbrain_model

tried = []

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        tried.append(event)
        raise PermissionError(f"{event} is not allowed here")

sys.addaudithook(refuse)
model = speechbrain_model.load(sys.argv[1], DeviceName.CPU).model
model.hear(numpy.zeros(16_000, numpy.float32))
assert tried == [], tried
try:
    speechbrain_model.load(speechbrain_model.MODEL, DeviceName.CPU)
except TryLater as error:
    print(error)
assert tried, "what is tried is not seen"
"""


def test_a_folder_reaches_for_no_network_and_a_name_does(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    words = [sys.executable, "-c", ALONE, str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert "cannot be fetched" in done.stdout


# ---- what can be wrong


@pytest.mark.parametrize("name", [RECIPE, LABELS, "model.ckpt", "wav2vec2.ckpt", ENCODER])
def test_a_file_that_is_missing_is_named(folder, name):
    (folder / name).rename(folder / "elsewhere")
    assert name in refusal(folder)


@pytest.mark.parametrize("text", ["", "[1]", "a: [", "a: !ref <b>", "\x00", "pretrainer: 1"])
def test_a_recipe_that_is_none_is_refused(folder, text):
    (folder / RECIPE).write_text(text)
    refusal(folder)


@pytest.mark.parametrize("file", ["model.ckpt", "wav2vec2.ckpt"])
def test_weights_that_do_not_fit_are_refused_where_speechbrain_would_guess(folder, file):
    whole = torch.load(folder / file, weights_only=True)
    torch.save({f"other.{name}": one for name, one in whole.items()}, folder / file)
    assert f"{file} lacks" in refusal(folder)
    torch.save({name: one * float("nan") for name, one in whole.items()}, folder / file)
    assert "no number" in refusal(folder)
    (folder / file).write_bytes(b"PK")
    assert "cannot be loaded" in refusal(folder)


def test_a_layer_without_weights_is_refused_where_speechbrain_would_guess(folder):
    (folder / RECIPE).write_text(YAML.replace("        model: !ref <model>\n", "", 1))
    assert "names no weights for output_mlp" in refusal(folder)


@pytest.mark.parametrize("text", ["", "'neu' => 0\n'ang' => 1\n================\n'starting_index' => 0\n", "neutral"])
def test_labels_that_are_not_as_many_as_the_scores_are_refused(folder, text):
    (folder / LABELS).write_text(text)
    assert "cannot be loaded" in refusal(folder)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(AskHuman, match="there is no model folder"):
        load(tmp_path / "nothing")


def test_a_model_that_cannot_be_fetched_is_tried_later():
    with pytest.raises(TryLater, match="cannot be fetched") as refused:
        load(speechbrain_model.MODEL)
    assert "\n" not in str(refused.value)
    assert speechbrain_model.why_not(speechbrain_model.MODEL) == ""


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_said(folder):
    with pytest.raises(AskHuman, match="torch sees no GPU"):
        speechbrain_model.load(str(folder), DeviceName.CUDA)


@pytest.mark.parametrize("package", ["torch", "torchaudio", "transformers", "speechbrain"])
def test_without_the_extra_it_says_what_to_install(folder, package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)  # as Python marks what cannot be imported
    assert refusal(folder).startswith(f"{package} is not installed: pip install ")
    assert "voices" in speechbrain_model.why_not(str(folder))


def test_silence_and_a_tenth_of_a_second_are_heard_without_harm(folder):
    model = load(folder).model
    for samples in (np.zeros(16_000, np.float32), voice("sad", 1, 0, 0.1), np.sign(voice("sad", 1, 0))):
        assert sum(model.hear(samples).values()) == pytest.approx(1, abs=1e-5)
