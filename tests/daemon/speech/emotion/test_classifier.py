"""The network learns what there is to learn, keeps it in a folder, and refuses folders that are none of its own."""

import json
import random
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch

from daemon.errors import AskHuman
from daemon.speech.device import DeviceName
from daemon.speech.emotion import card as cards
from daemon.speech.emotion import classifier, features, own_model
from daemon.speech.emotion.card import Card
from daemon.speech.emotion.classifier import CARD, WEIGHTS, Training, train
from daemon.speech.emotion.evaluation import judged
from tests.daemon.speech.emotion.feelings import FEELINGS, voice

OTHERS = {2, 5, 8, 11}  # speakers who are not heard in training
TAKES = 4
SHORT = Training(seed=3, epochs=2)
MADE = Card(tuple(FEELINGS), "RAVDESS", 96, 8, "2026-11-25", 3, {"accuracy": 0.5}, features.VERSION, {"torch": "2"})


@cache
def clips(speakers):
    """The features of all takes of all feelings, and their labels."""
    wanted = [(feeling, speaker, take) for speaker in speakers for feeling in FEELINGS for take in range(TAKES)]
    return [features.of(voice(*one)) for one in wanted], [feeling for feeling, _, _ in wanted]


def learnt():
    return clips(frozenset(range(1, 13)) - OTHERS)


def unseen():
    return clips(frozenset(OTHERS))


def accuracy(model):
    matrices, labels = unseen()
    return judged(labels, [model.guess(matrix) for matrix in matrices]).accuracy


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def quick():
    """Hardly trained."""
    return train(*learnt(), SHORT)


@pytest.fixture
def folder(quick, tmp_path):
    classifier.prepare(tmp_path / "model")
    classifier.save(quick, MADE, tmp_path / "model")
    return tmp_path / "model"


def refusal(folder):
    with pytest.raises(AskHuman) as refused:
        classifier.load(folder)
    said = str(refused.value)
    assert "\n" not in said
    assert "train it again" in said
    return said


# ---- what it learns


def test_it_tells_the_feelings_of_speakers_whom_it_never_heard():
    told = []
    model = train(*learnt(), Training(seed=1), told.append)
    assert accuracy(model) >= 0.9
    assert told == sorted(told)
    assert told[-1] == 1


def test_of_labels_that_mean_nothing_it_learns_nothing():
    """If it did, the judgement would leak what is to be guessed."""
    matrices, labels = learnt()
    model = train(matrices, random.Random(1).sample(labels, len(labels)), Training(seed=1))
    assert accuracy(model) <= 1 / len(FEELINGS) + 0.15


def test_the_same_seed_gives_the_same_network_and_leaves_the_chance_of_others_alone(quick):
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    again = train(*learnt(), SHORT)
    assert torch.rand(1) == expected
    other = train(*learnt(), replace(SHORT, seed=4))
    one = {name: weights.numpy() for name, weights in quick.network.state_dict().items()}
    assert all(np.array_equal(one[name], weights) for name, weights in again.network.state_dict().items())
    assert not all(np.array_equal(one[name], weights) for name, weights in other.network.state_dict().items())


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.5, 1.0, 10.0, 30.0])
def test_scores_are_probabilities_whatever_the_length(quick, seconds):
    for samples in (voice("sad", 1, 0, seconds), np.zeros(round(seconds * 16_000), np.float32)):
        scores = quick.hear(samples)
        assert set(scores) == set(FEELINGS)
        assert sum(scores.values()) == pytest.approx(1, abs=1e-5)
        assert all(0 <= score <= 1 for score in scores.values())


def test_a_clip_that_is_too_short_is_heard_over_and_over(quick):
    short = unseen()[0][0][:, 20:28]
    assert quick.scores(short) == quick.scores(np.tile(short, 2))
    assert quick.scores(short) != quick.scores(np.pad(short, ((0, 0), (0, 8)), mode="edge"))


def test_clips_of_many_lengths_are_trained_on_together():
    lengths = (0.1, 0.3, 1.0, 2.0)
    matrices = [features.of(voice(feeling, 1, 0, seconds)) for seconds in lengths for feeling in FEELINGS]
    model = train(matrices, list(FEELINGS) * len(lengths), SHORT)
    assert model.labels == tuple(sorted(FEELINGS))


@pytest.mark.parametrize("number", [2, 17, 33])
def test_a_last_batch_of_one_clip_is_no_trouble(number):
    matrices, _ = learnt()
    train(matrices[:number], (["angry", "sad"] * number)[:number], replace(SHORT, epochs=1))


@pytest.mark.parametrize("labels", [[], ["angry"], ["angry", "angry"]])
def test_one_feeling_is_not_enough(labels):
    with pytest.raises(AskHuman, match="only one feeling to learn from"):
        train(learnt()[0][: len(labels)], labels, SHORT)


# ---- what it keeps


def test_a_folder_gives_back_the_same_scores(quick, folder):
    matrix = unseen()[0][0]
    assert classifier.load(folder).scores(matrix) == quick.scores(matrix)
    assert own_model.load(str(folder), DeviceName.AUTO).model.labels == quick.labels
    assert own_model.why_not(str(folder)) == ""


def test_the_card_is_kept_as_it_was(folder):
    assert classifier.read_card(folder) == MADE
    assert cards.read(cards.written(MADE)) == MADE


def test_a_model_may_be_saved_in_the_place_of_an_older_one_and_nothing_else_is_left_there(quick, folder):
    classifier.prepare(folder)
    classifier.save(quick, replace(MADE, seed=9), folder)
    assert classifier.read_card(folder).seed == 9
    assert {path.name for path in folder.iterdir()} == {CARD, WEIGHTS}


@pytest.mark.parametrize("left", [{WEIGHTS}, {f".{WEIGHTS}.part", f".{CARD}.part"}, {CARD, f".{WEIGHTS}.part"}])
def test_what_was_killed_half_way_is_made_again(quick, tmp_path, left):
    for name in left:
        (tmp_path / name).write_text("half")
    refusal(tmp_path)
    classifier.prepare(tmp_path)
    classifier.save(quick, MADE, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {CARD, WEIGHTS}
    classifier.load(tmp_path)


class Unsaved(Exception):
    """The disk is full, say."""


class Broken:
    """A classifier that cannot be written."""

    @property
    def network(self):
        raise Unsaved


def test_a_model_that_cannot_be_written_leaves_the_older_one_as_it_was(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    classifier.prepare(folder)
    with pytest.raises(Unsaved):
        classifier.save(Broken(), MADE, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_labels_of_an_older_model_are_not_left_beside_the_weights_of_another(quick, folder):
    (folder / WEIGHTS).unlink()
    (folder / WEIGHTS).mkdir()  # nothing can be put in its place: as if it ended there
    with pytest.raises(OSError, match=WEIGHTS):
        classifier.save(quick, MADE, folder)
    assert not (folder / CARD).exists()


# ---- what can be wrong


def test_a_folder_that_is_not_there_is_said(tmp_path):
    assert "there is no emotion model" in refusal(tmp_path / "nothing")


@pytest.mark.parametrize("name", [CARD, WEIGHTS])
def test_a_file_that_is_missing_is_named(folder, name):
    (folder / name).unlink()
    assert f"there is no {name}" in refusal(folder)
    assert f"there is no {name}" in own_model.why_not(str(folder))


@pytest.mark.parametrize("left", [0, 100, -100])
def test_weights_that_are_cut_off_are_refused(folder, left):
    path = folder / WEIGHTS
    path.write_bytes(path.read_bytes()[:left])
    assert "damaged" in refusal(folder)


def test_weights_that_are_no_numbers_or_lack_a_layer_are_refused(folder):
    from safetensors.torch import load_file, save_file

    whole = load_file(folder / WEIGHTS)
    save_file(
        {name: one * float("nan") if one.is_floating_point() else one for name, one in whole.items()}, folder / WEIGHTS
    )
    assert "damaged" in refusal(folder)
    save_file({name: one for name, one in whole.items() if name != "1.weight"}, folder / WEIGHTS)
    assert "damaged" in refusal(folder)


@pytest.mark.parametrize(
    "change", [{"labels": ["angry", "sad"]}, {"labels": "angry"}, {"labels": []}, {"labels": [1, 2, 3]}, {"more": 1}]
)
def test_a_card_that_does_not_fit_is_refused(folder, change):
    path = folder / CARD
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert "damaged" in refusal(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "{}", "\udcff"])
def test_a_card_that_is_none_is_refused(folder, text):
    (folder / CARD).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert "damaged" in refusal(folder)


def test_a_model_of_other_features_is_refused(folder):
    path = folder / CARD
    path.write_text(json.dumps(json.loads(path.read_text()) | {"features": features.VERSION + 1}))
    assert "other features" in refusal(folder)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there_is_said(folder):
    with pytest.raises(AskHuman, match="torch sees no GPU"):
        classifier.load(folder, DeviceName.CUDA)


def test_without_the_extra_it_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "librosa", None)  # as Python marks what cannot be imported
    assert own_model.why_not(str(folder)).startswith("librosa is not installed")
    with pytest.raises(AskHuman, match="voices"):
        classifier.load(folder)
