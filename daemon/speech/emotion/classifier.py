"""A small convolutional network that tells feelings by the features of a voice: trained, kept in a folder, loaded.

    features (88, frames) ─► standardised ─► three convolutions over time ─► mean and deviation ─► a score per label

A folder holds model.safetensors and card.json. Of the same clips, seed, versions and number of threads comes the same
network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from captions.text import clean_line
from daemon.errors import AskHuman
from daemon.speech import device
from daemon.speech.device import DeviceName
from daemon.speech.emotion import card as cards
from daemon.speech.emotion import features
from daemon.speech.emotion.card import Card
from daemon.speech.engines import lacking

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WEIGHTS, CARD = "model.safetensors", "card.json"
PARTS = {name: f".{name}.part" for name in (WEIGHTS, CARD)}  # while they are written
CHANNELS = 64
LEAST_FRAMES = 16  # what two halvings leave something of
MADE_WITH = ("torch", "librosa", "numpy")
AGAIN = "train it again, or name another one"


@dataclass(frozen=True)
class Training:
    """How to train. The figures are those usual for networks of this size, and are not tuned to a data set."""

    seed: int = 0
    epochs: int = 40
    batch: int = 16
    rate: float = 2e-3
    decay: float = 1e-2


class Classifier:
    """A trained network and its labels. Not for two threads at once."""

    def __init__(self, network: Any, labels: tuple[str, ...]) -> None:
        self.network = network.eval()
        self.labels = labels

    def scores(self, matrix: NDArray[np.float32]) -> dict[str, float]:
        """The probability of each label, by the features of a stretch."""
        import torch

        where = next(self.network.parameters()).device
        with torch.inference_mode():
            found = self.network(_looped([matrix], LEAST_FRAMES).to(where)).softmax(-1)[0].cpu()
        return dict(zip(self.labels, map(float, found), strict=True))

    def hear(self, samples: NDArray[np.float32]) -> dict[str, float]:
        """The probability of each label, by mono float32 samples of 16 kHz."""
        return self.scores(features.of(samples))

    def guess(self, matrix: NDArray[np.float32]) -> str:
        scores = self.scores(matrix)
        return max(scores, key=lambda label: scores[label])


def train(
    clips: Sequence[NDArray[np.float32]],
    labels: Sequence[str],
    training: Training,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> Classifier:
    """Train on the features of clips and their labels, of which there are two or more. Does not touch torch's seed."""
    import torch

    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise AskHuman(f"there is only one feeling to learn from, {', '.join(names) or 'none at all'}: give another")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(training.seed)
        network = _network(len(names))
        _standardise(network, clips)
        _fit(network, clips, torch.tensor([names.index(label) for label in labels]), training, progress)
    return Classifier(network, names)


def prepare(folder: Path) -> None:
    """Make a folder ready for a model. Raise AskHuman if it is something else's, OSError if it cannot be written to.

    Before the work, which takes long. What was killed half-way is a model's, too.
    """
    if folder.exists() and not folder.is_dir():
        raise AskHuman(f"{folder} is a file: name a folder for the model")
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name for path in folder.iterdir()}
    if there and there.isdisjoint({WEIGHTS, CARD, *PARTS.values()}):
        raise AskHuman(f"{folder} is a folder of something else: name one that is new, empty, or an emotion model")
    for part in PARTS.values():
        (folder / part).touch()
        (folder / part).unlink()


def save(classifier: Classifier, card: Card, folder: Path) -> None:
    """Keep a classifier in a folder that `prepare` made ready, in the place of an older one."""
    from safetensors.torch import save_file

    weights, told = (folder / part for part in PARTS.values())
    try:
        save_file({name: one.contiguous() for name, one in classifier.network.state_dict().items()}, weights)
        told.write_text(cards.written(card), encoding="utf-8")
        (folder / CARD).unlink(missing_ok=True)  # the labels of one model beside the weights of another would mislead
        weights.replace(folder / WEIGHTS)
        told.replace(folder / CARD)
    finally:
        for part in (weights, told):
            part.unlink(missing_ok=True)


def load(folder: Path, name: DeviceName = DeviceName.CPU) -> Classifier:
    """Load what `save` kept. No code of the folder's is run. Raise AskHuman if it cannot be used."""
    features.refuse_uninstalled()
    card = read_card(folder)
    if card.features != features.VERSION:
        raise AskHuman(f"the emotion model {folder} takes other features than this program has: train it again")
    return Classifier(_loaded(folder / WEIGHTS, len(card.labels)).to(device.for_torch(name)), card.labels)


def read_card(folder: Path) -> Card:
    """The card in a folder. Raise AskHuman if it is no folder of a classifier."""
    if not folder.is_dir():
        raise AskHuman(f"there is no emotion model {folder}: {AGAIN}")
    if missing := [name for name in (WEIGHTS, CARD) if not (folder / name).is_file()]:
        raise AskHuman(f"in the emotion model {folder} there is no {' and no '.join(missing)}: {AGAIN}")
    try:
        return cards.read((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        said = "it is no JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else lacking.said(error)
        raise AskHuman(f"{folder / CARD} is damaged, {clean_line(said)}: {AGAIN}") from error


def versions() -> Mapping[str, str]:
    """Of the libraries that make a classifier what it is."""
    return {name: version(name) for name in MADE_WITH}


def _loaded(path: Path, labels: int) -> Any:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    network = _network(labels)
    try:
        weights = load_file(path)
        if not all(bool(torch.isfinite(one).all()) for one in weights.values()):
            raise ValueError("not all of it are numbers")
        network.load_state_dict(weights)  # strict: what is missing, too much or of another shape is told
    except (OSError, SafetensorError, ValueError, RuntimeError) as error:
        raise AskHuman(f"{path} is damaged, or does not fit its {CARD}: {AGAIN}") from error
    return network


def _network(labels: int) -> Any:
    """The untrained network: takes (clips, rows, frames), gives (clips, labels)."""
    import torch
    from torch import nn

    class Standardised(nn.Module):  # type: ignore[misc]  # of torch, which is not installed where types are checked
        """Every row less its mean over what was trained on, by its deviation."""

        mean: torch.Tensor
        deviation: torch.Tensor

        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("mean", torch.zeros(features.ROWS, 1))
            self.register_buffer("deviation", torch.ones(features.ROWS, 1))

        def forward(self, rows: torch.Tensor) -> torch.Tensor:
            return (rows - self.mean) / self.deviation

    class Pooled(nn.Module):  # type: ignore[misc]  # of torch, which is not installed where types are checked
        """The mean and the deviation over time: how a voice is, and how much it moves."""

        def forward(self, rows: torch.Tensor) -> torch.Tensor:
            deviation = (rows.var(-1, correction=0) + 1e-5).sqrt()  # of a constant it has a slope, too
            return torch.cat([rows.mean(-1), deviation], -1)

    def convolution(given: int) -> list[nn.Module]:
        return [nn.Conv1d(given, CHANNELS, 5, padding=2), nn.BatchNorm1d(CHANNELS), nn.ReLU()]

    return nn.Sequential(
        Standardised(),
        *convolution(features.ROWS),
        nn.MaxPool1d(2),
        *convolution(CHANNELS),
        nn.MaxPool1d(2),
        *convolution(CHANNELS),
        Pooled(),
        nn.Dropout(0.3),
        nn.Linear(2 * CHANNELS, labels),
    )


def _standardise(network: Any, clips: Sequence[NDArray[np.float32]]) -> None:
    import numpy as np
    import torch

    frames = np.concatenate(list(clips), axis=1)
    deviation = np.maximum(frames.std(1, keepdims=True), 1e-3)  # a row that never moves says nothing
    network[0].mean.copy_(torch.from_numpy(frames.mean(1, keepdims=True)))
    network[0].deviation.copy_(torch.from_numpy(deviation))


def _fit(
    network: Any,
    clips: Sequence[NDArray[np.float32]],
    truth: Any,
    training: Training,
    progress: Callable[[float], None],
) -> None:
    """Fit by AdamW with a rate that falls to 0; rare labels weigh as much as frequent ones."""
    import torch

    counts = torch.bincount(truth)
    loss = torch.nn.CrossEntropyLoss(weight=len(truth) / (len(counts) * counts.float()))
    optimiser = torch.optim.AdamW(network.parameters(), training.rate, weight_decay=training.decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, training.epochs)
    network.train()
    for epoch in range(training.epochs):
        for places in _batches(torch.randperm(len(clips)).tolist(), training.batch):
            optimiser.zero_grad()
            loss(network(_looped([clips[place] for place in places], LEAST_FRAMES)), truth[places]).backward()
            optimiser.step()
        schedule.step()
        progress((epoch + 1) / training.epochs)


def _batches(places: list[int], size: int) -> list[list[int]]:
    """In lots of `size`; a single clip that is left, which has no deviation to be normalised by, joins the last."""
    lots = [places[start : start + size] for start in range(0, len(places), size)]
    if len(lots) > 1 and len(lots[-1]) == 1:
        lots[-2:] = [lots[-2] + lots[-1]]
    return lots


def _looped(clips: Sequence[NDArray[np.float32]], least: int) -> Any:
    """Clips as one tensor; shorter ones go on from their beginning: silence after them would be heard as theirs."""
    import numpy as np
    import torch

    frames = max(least, *(clip.shape[1] for clip in clips))
    return torch.from_numpy(np.stack([np.take(clip, range(frames), axis=1, mode="wrap") for clip in clips]))
