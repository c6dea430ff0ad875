"""The engine of speechbrain: its wav2vec2 model trained on IEMOCAP, from the hub or a folder.

Such a model is a repository of weights, a hyperparams.yaml that says what to build of them, and a custom_interface.py
that speechbrain's foreign_class would run. Nothing of it is run here:

- No Python of the model is fetched or read: what its custom_interface.py does, `_Loaded.hear` does.
- hyperparams.yaml could call whatever it names: it is built only where it names nothing foreign (recipe.py).
- Weights are read as tensors only, and by their file names within the folder. speechbrain passes over weights that are
  missing, and then guesses: here they are refused.

In a folder, the encoder that the model was built upon lies in `wav2vec2-base`, as transformers keeps it.

Never run on the real weights here: what is tested is a tiny model of the same build.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.errors import AskHuman, DaemonError, TryLater
from daemon.speech import device
from daemon.speech.device import DeviceName
from daemon.speech.emotion import recipe
from daemon.speech.emotion.contract import LEAST_SECONDS, EmotionEngine, EmotionKind
from daemon.speech.engines import lacking, model_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = "speechbrain/emotion-recognition-wav2vec2-IEMOCAP"
EXTRA = ("torch", "torchaudio", "transformers", "speechbrain")
SETTING = "the emotion model"
SAMPLE_RATE = 16_000
RECIPE, LABELS, ENCODER = "hyperparams.yaml", "label_encoder.txt", "wav2vec2-base"
FILES = {"recipe": (RECIPE,), "labels": (LABELS,), "weights": ("*.ckpt",)}
FETCHED = ["*.yaml", "*.ckpt", "*.txt"]
FETCHED_ENCODER = ["*.json", "*.safetensors", "*.bin"]
FULL_NAMES = {"neu": "neutral", "ang": "angry", "hap": "happy", "sad": "sad"}
FOR_TRAINING_ONLY = {"masked_spec_embed"}  # models come with it and without


def load(model: str, name: DeviceName) -> EmotionEngine:
    """Load the model of a folder, or of a name at the hub. Raise AskHuman or TryLater if it cannot be."""
    _refuse_uninstalled()
    folder, encoder = _fetched(model) if model_files.is_name(model) else (Path(model).expanduser(), None)
    files = model_files.found_in(str(folder), FILES, SETTING)
    made = recipe.read(files["recipe"])
    try:
        with _quiet():
            loaded = _Loaded(*_built(made, folder, encoder or folder / ENCODER), device.for_torch(name))
            _refuse_nonsense(loaded)
    except DaemonError:
        raise
    except Exception as error:  # a foreign folder's files raise whatever they like
        raise AskHuman(f"{SETTING} {model} cannot be loaded: {lacking.said(error)}; name another one") from error
    return EmotionEngine(loaded)


def why_not(model: str) -> str:
    """Why the model cannot be used; "" if it looks as if it could, or is to be fetched."""

    def look() -> None:
        _refuse_uninstalled()
        if not model_files.is_name(model):
            recipe.read(model_files.found_in(model, FILES, SETTING)["recipe"])

    return lacking.refusal(look)


KIND = EmotionKind(load, why_not)


class _Loaded:
    """The modules of the recipe, which are named as in the model of IEMOCAP, and its labels."""

    def __init__(self, modules: Mapping[str, Any], softmax: Any, labels: tuple[str, ...], where: str) -> None:
        self._encoder, self._pool, self._output = (
            modules[name].eval().to(where) for name in ("wav2vec2", "avg_pool", "output_mlp")
        )
        self._softmax = softmax
        self._where = where
        self.labels = labels

    def hear(self, samples: NDArray[np.float32]) -> dict[str, float]:
        import torch

        try:
            with torch.inference_mode():
                heard = self._encoder(torch.from_numpy(samples)[None].to(self._where))
                scores = self._softmax(self._output(self._pool(heard).flatten(1)))[0].float().cpu()
        except torch.OutOfMemoryError as error:
            raise TryLater("the GPU has no memory left for the model that hears emotion") from error
        return dict(zip(self.labels, map(float, scores), strict=True))


def _refuse_uninstalled() -> None:
    for package in EXTRA:
        lacking.refuse_uninstalled(package, "voices")


def _fetched(model: str) -> tuple[Path, Path]:
    """The folders of the model and of its encoder, fetched where they are not here."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(model, allow_patterns=FETCHED))
        found = re.search(r"^wav2vec2_hub:\s*['\"]?([\w./-]+)", (folder / RECIPE).read_text(encoding="utf-8"), re.M)
        return folder, Path(snapshot_download(found[1] if found else "", allow_patterns=FETCHED_ENCODER))
    except (OSError, ValueError) as error:  # huggingface_hub's own are of these
        cure = f"try again, or get {MODEL} on another machine and name its folder"
        raise TryLater(f"the model {model} cannot be fetched: {lacking.said(error)}; {cure}") from error


def _built(made: str, folder: Path, encoder: Path) -> tuple[Mapping[str, Any], Any, tuple[str, ...]]:
    """The modules with their weights, what makes probabilities, and the labels in full."""
    from hyperpyyaml import load_hyperpyyaml, resolve_references

    if not ((encoder / "config.json").is_file() and [*encoder.glob("*.safetensors"), *encoder.glob("*.bin")]):
        raise AskHuman(f"there is no encoder in {encoder}: put facebook/wav2vec2-base there, as transformers keeps it")
    text = resolve_references(made, {"wav2vec2_hub": str(encoder)}, overrides_must_match=True).read()
    recipe.refuse_foreign(text, folder / RECIPE, encoder)  # once more: what !ref puts together is seen only now
    built = load_hyperpyyaml(text)
    pretrainer = built["pretrainer"]
    for name, part in pretrainer.loadables.items():
        _fill(part, folder / Path(pretrainer.paths.get(name, f"{name}.ckpt")).name)
    _refuse_unfilled(built["modules"], pretrainer.loadables)
    numbers = built["label_encoder"].ind2lab
    labels = tuple(FULL_NAMES.get(str(numbers[index]), str(numbers[index])) for index in sorted(numbers))
    return built["modules"], built["softmax"], labels


def _fill(part: Any, path: Path) -> None:
    """Give a part its file: to a network weights, all that it needs; to the labels their text."""
    import torch
    from speechbrain.utils.checkpoints import hook_on_loading_state_dict_checkpoint

    if not isinstance(part, torch.nn.Module):
        part.load(path)
        return
    weights = torch.load(path, map_location="cpu", weights_only=True)
    if not all(bool(torch.isfinite(one).all()) for one in weights.values()):
        raise ValueError(f"{path.name} holds what is no number")
    read = part.load_state_dict(hook_on_loading_state_dict_checkpoint(weights), strict=False)
    if missing := sorted(key for key in read.missing_keys if key.split(".")[-1] not in FOR_TRAINING_ONLY):
        raise ValueError(f"{path.name} lacks {missing[0]}{' and more' if len(missing) > 1 else ''}")


def _refuse_unfilled(modules: Mapping[str, Any], filled: Mapping[str, Any]) -> None:
    """Raise ValueError if a layer has no weights but those that it was made with, by chance."""
    known = {id(one) for part in filled.values() if hasattr(part, "parameters") for one in part.parameters()}
    for name, module in modules.items():
        if any(id(one) not in known for one in module.parameters()):
            raise ValueError(f"its {RECIPE} names no weights for {name}")


def _refuse_nonsense(loaded: _Loaded) -> None:
    """Hear silence: raise ValueError if there are not as many scores as labels, or they are no probabilities."""
    import numpy as np

    scores = loaded.hear(np.zeros(round(LEAST_SECONDS * SAMPLE_RATE), np.float32))
    if abs(sum(scores.values()) - 1) > 0.01:
        raise ValueError("what it gives are no probabilities")


@contextmanager
def _quiet() -> Iterator[None]:
    """What speechbrain and transformers tell while they load is for those who train."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    ours = logging.getLogger("speechbrain")
    before = ours.level
    ours.setLevel(logging.ERROR)
    try:
        yield
    finally:
        ours.setLevel(before)
