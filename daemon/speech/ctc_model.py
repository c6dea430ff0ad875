"""A CTC model from a folder of transformers: what it hears in a sound, letter by letter, and how it spells.

A folder with config.json (of Wav2Vec2ForCTC and its kin, which take samples), vocab.json, preprocessor_config.json and
model.safetensors. Nothing is fetched. torch, torchaudio and transformers come with the extra `voices`.

Never run on real weights here: what is tested on a tiny model of random weights is loading, the shape of what it
gives, and what goes wrong.
"""

from __future__ import annotations

import importlib.util
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from captions.text import clean_line
from daemon.errors import AskHuman, DaemonError, TryLater
from daemon.speech import device
from daemon.speech.device import DeviceName
from daemon.speech.engines import model_files

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETTING = "[daemon.speech.align] ctc"
SAMPLE_RATE = 16_000  # Hz, of what nearly all of these models were trained on
EXTRA = ("torch", "torchaudio", "transformers")
INSTALL = "torch, torchaudio and transformers are not installed: pip install -c constraints.txt -e '.[voices]'"
FILES = {
    "config": ("config.json",),
    "vocabulary": ("vocab.json",),
    "preprocessor": ("processor_config.json", "preprocessor_config.json"),
    "weights": ("model*.safetensors", "model.safetensors"),
}
FOR_TRAINING_ONLY = {"masked_spec_embed"}  # facebook's wav2vec2-base-960h comes without it
DELIMITERS = ("|", " ")  # what may stand between words in a vocabulary
APOSTROPHES = str.maketrans("‘’ʼ＇", "''''")
LEAST_SAMPLES = SAMPLE_RATE  # a second: what is shorter than a frame has none


@dataclass(frozen=True)
class Vocabulary:
    """The numbers of the letters that a model knows, of its blank, and of what stands between words, if anything."""

    letters: Mapping[str, int]
    blank: int
    delimiter: int | None = None

    def spelled(self, text: str) -> list[int | None]:
        """A word's letters by their numbers, None for one or more together that the vocabulary has not.

        In the case, and with or without accents, as the vocabulary has it. What is not said has no letter:
        punctuation, but for an apostrophe or a hyphen within a word where the vocabulary has it.
        """
        numbers = [one for letter in _word(text) for one in self._numbers(letter)]
        merged = [(number, list(run)) for number, run in groupby(numbers)]
        return [one for number, run in merged for one in ([None] if number is None else run)]

    def _numbers(self, letter: str) -> list[int | None]:
        bare = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
        for form in (letter, letter.lower(), letter.upper(), bare, bare.lower(), bare.upper()):
            if form and all(one in self.letters for one in form):
                return [self.letters[one] for one in form]
        return [None] if letter.isalnum() else []


class CtcModel:
    """A loaded model: `network` and `extractor` as transformers has them. Not for two threads at once."""

    def __init__(self, network: Any, extractor: Any, vocabulary: Vocabulary) -> None:
        self._network = network
        self._extractor = extractor
        self.vocabulary = vocabulary
        self.samples_per_frame = int(network.config.inputs_to_logits_ratio)

    def emission(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """The logarithms of the probabilities of all that the vocabulary has, in every frame of a sound of 16 kHz.

        Shape (frames, vocabulary), with a frame for each begun one of the sound, and perhaps some of silence after it.
        """
        import numpy as np
        import torch

        more = max(self.samples_per_frame, LEAST_SAMPLES - len(samples))  # the last frame needs samples after it
        features = self._extractor(np.pad(samples, (0, more)), sampling_rate=SAMPLE_RATE, return_tensors="pt")
        try:
            with torch.inference_mode():
                logits = self._network(features["input_values"].to(self._network.device)).logits[0]
                found: NDArray[np.float32] = logits.float().log_softmax(-1).cpu().numpy()
        except torch.OutOfMemoryError as error:
            raise TryLater("the GPU has no memory left for the CTC model that finds the times of words") from error
        return found


def why_not(folder: str) -> str:
    """Why the model in a folder cannot be used; "" if it looks as if it could."""
    try:
        _files(folder)
    except AskHuman as error:
        return str(error)
    return ""


def opened(folder: str, name: DeviceName) -> CtcModel:
    """Load the model in a folder. Raise AskHuman if it cannot be."""
    files = _files(folder)
    letters = _letters(files["vocabulary"])
    try:
        model = _opened(files["config"].parent, letters, device.for_torch(name))
        _refuse_nonsense(model)
    except DaemonError:
        raise
    except Exception as error:  # a foreign folder's files raise whatever they like
        text = clean_line((str(error) or type(error).__name__).splitlines()[0], 200)
        raise AskHuman(f"the CTC model {folder} cannot be loaded: {text}; set {SETTING} to another one") from error
    return model


def _files(folder: str) -> dict[str, Path]:
    """The files of the model. Raise AskHuman if one is missing, or they are not of a CTC model."""
    if not all(importlib.util.find_spec(name) for name in EXTRA):
        raise AskHuman(INSTALL)
    files = model_files.found_in(folder, FILES, SETTING)
    kinds = _json(files["config"]).get("architectures")
    if not isinstance(kinds, list) or not any(str(kind).endswith("ForCTC") for kind in kinds):
        raise AskHuman(f"in {folder} there is no CTC model, as its config.json says: set {SETTING} to another one")
    _letters(files["vocabulary"])
    return files


def _letters(path: Path) -> dict[str, int]:
    """The vocabulary's entries of one character. Raise AskHuman if there are none."""
    entries = _json(path)
    if any(isinstance(number, dict) for number in entries.values()):
        raise AskHuman(f"{path} is for several languages: set {SETTING} to the folder of a model for one")
    letters = {text: number for text, number in entries.items() if len(text) == 1 and isinstance(number, int)}
    if not letters:
        raise AskHuman(f"{path} is no vocabulary of letters: set {SETTING} to another model")
    return letters


def _json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AskHuman(f"{path} cannot be read: {clean_line(str(error), 200)}; get it again") from error
    if not isinstance(values, dict):
        raise AskHuman(f"{path} is damaged: get it again, or set {SETTING} to another model")
    return values


def _opened(folder: Path, letters: Mapping[str, int], where: str) -> CtcModel:
    from transformers import AutoFeatureExtractor, AutoModelForCTC
    from transformers.utils import logging

    logging.set_verbosity_error()  # what is wrong with the weights is said below, in one line
    logging.disable_progress_bar()
    network, read = AutoModelForCTC.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, output_loading_info=True
    )
    missing = sorted(key for key in read["missing_keys"] if key.split(".")[-1] not in FOR_TRAINING_ONLY)
    if missing:
        raise ValueError(f"its weights lack {missing[0]}{' and more' if len(missing) > 1 else ''}")
    if network.main_input_name != "input_values" or not hasattr(network.config, "inputs_to_logits_ratio"):
        raise ValueError("it does not take samples, as Wav2Vec2 and its kin do")
    extractor = AutoFeatureExtractor.from_pretrained(folder, local_files_only=True)
    if extractor.sampling_rate != SAMPLE_RATE:
        raise ValueError(f"it takes sound of {extractor.sampling_rate} Hz, not of {SAMPLE_RATE}")
    return CtcModel(network.eval().to(where), extractor, _vocabulary(letters, network.config))


def _vocabulary(letters: Mapping[str, int], config: Any) -> Vocabulary:
    """Raise ValueError if the model has not so many outputs."""
    blank = config.pad_token_id  # transformers trains with it for CTC's blank
    if blank is None or not all(0 <= number < config.vocab_size for number in (blank, *letters.values())):
        raise ValueError("its vocab.json does not fit its config.json")
    delimiter = next((letters[mark] for mark in DELIMITERS if mark in letters), None)
    said = {text: number for text, number in letters.items() if number not in (blank, delimiter)}
    return Vocabulary(said, blank, delimiter)


def _refuse_nonsense(model: CtcModel) -> None:
    """Hear silence: raise ValueError for weights that give no numbers."""
    import numpy as np

    if not np.isfinite(model.emission(np.zeros(LEAST_SAMPLES, np.float32))).all():
        raise ValueError("its weights are damaged")


def _word(text: str) -> Iterator[str]:
    """The characters of a word from its first letter to its last, composed, apostrophes as on a typewriter."""
    characters = unicodedata.normalize("NFKC", text.translate(APOSTROPHES))
    said = [index for index, one in enumerate(characters) if one.isalnum() or unicodedata.category(one)[0] == "M"]
    return iter(characters[said[0] : said[-1] + 1] if said else "")
