"""Parakeet, NVIDIA's transducer that predicts durations too (TDT), by onnx-asr: quick, 25 European languages.

Xu et al. 2023, arXiv 2304.06795. Each token comes with the frame at which it begins (80 ms); what ends a word is
guessed from the next one. The model takes no terms to expect. It hears by itself which of its languages is spoken,
and does not say which: unless it is asked for, the language is told from the words.

Never run on real weights here, nor on a GPU. What is tested on a tiny model of the same inputs and outputs is how
files are found, the way of tokens and their times into words, and what goes wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from captions import language
from daemon.errors import AskHuman, DaemonError, TryLater
from daemon.speech.device import DeviceName
from daemon.speech.engines import by_pieces, lacking, languages, model_files, tokens
from daemon.speech.engines.contract import EngineKind, Request, Transcription
from daemon.speech.engines.tokens import Token

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from captions.transcript import Word
    from daemon.speech.audio import Audio
    from daemon.speech.voice_activity import Piece

SETTING = "[daemon.engines.parakeet] model"
FOLDER_TYPE = "nemo-conformer-tdt"  # onnx-asr's name for what a folder holds
LEAST_SECONDS = 0.5  # of a piece: its features are compared over time, and a few frames say nothing
CUDA = "CUDAExecutionProvider"


class Options(BaseModel):
    """[daemon.engines.parakeet]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(default="nemo-parakeet-tdt-0.6b-v3", min_length=1)  #: a name that onnx-asr knows, or a folder
    quantization: str = Field(default="", pattern="^[a-z0-9_]*$")  #: as in the files' names: int8; "": full precision
    device: DeviceName = DeviceName.AUTO
    piece_seconds: float = Field(default=30.0, ge=5, le=600)  #: full attention takes 24 minutes, and much memory
    threads: int = Field(default=0, ge=0)  #: of the CPU; 0: onnxruntime's choice


def shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change the words."""
    return {name: options[name] for name in ("model", "quantization", "piece_seconds")}


def why_not(options: Mapping[str, Any]) -> str:
    """Why the engine cannot be used; "" if it looks as if it could."""
    return lacking.refusal(lambda: _refuse_unusable(Options.model_validate(dict(options))))


def is_here(options: Mapping[str, Any]) -> bool:
    """Whether the model is a folder, or was fetched from the hub already."""
    wanted = Options.model_validate(dict(options))
    if not model_files.is_name(wanted.model):
        return True
    from onnx_asr.loader import create_asr_resolver

    try:
        create_asr_resolver(wanted.model, offline=True).resolve_model(quantization=wanted.quantization or None)
    except ValueError:  # no such name: what is to be said of it, loading says
        return True
    except OSError:  # huggingface_hub's LocalEntryNotFoundError, or a file that was not fetched
        return False
    return True


def load(options: Mapping[str, Any]) -> Parakeet:
    """Load the model, from the hub where it is a name. Raise AskHuman or TryLater if it cannot be."""
    return Parakeet(Options.model_validate(dict(options)))


class Parakeet:
    """One loaded model."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._model = _model(options)

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        asked = languages.asked(request.language, language.EUROPEAN, "parakeet")
        heard = by_pieces.hear(audio, self._options.piece_seconds, LEAST_SECONDS, self._recognise, progress)
        spoken = asked or _told(" ".join(word.text for word in heard.words))
        extras = {"notes": list(heard.notes)} if heard.notes else {}
        return Transcription(heard.words, spoken, heard.speech, extras=extras)

    def _recognise(self, samples: NDArray[np.float32], piece: Piece) -> list[Word]:
        return tokens.words(_tokens(self._model.recognize(samples), piece.start), piece.start, piece.end)


def _tokens(result: Any, begin: float) -> list[Token]:
    """The tokens of a piece that begins at `begin` seconds. Their probabilities come as logarithms."""
    parts = zip(result.tokens, result.timestamps, result.logprobs, strict=True)
    return [Token(text, begin + float(start), _probability(float(chance))) for text, start, chance in parts]


def _probability(logarithm: float) -> float:
    return math.exp(min(0.0, logarithm)) if not math.isnan(logarithm) else 0.0


def _told(text: str) -> str:
    """The language of what was heard, "und" where nothing was. Raise AskHuman if the words do not tell."""
    if not text:
        return language.UNDETERMINED
    found = language.guess(text)
    if found is None:
        raise AskHuman(
            "parakeet does not say which language it heard, and so few words do not tell: set the language "
            'of the channel, or [daemon.speech] language, e.g. to "en"'
        )
    return found


def _model(options: Options) -> Any:
    _refuse_unusable(options)
    try:
        model = _opened(options)
        _try_out(model)
    except DaemonError:
        raise
    except Exception as error:  # a foreign folder's files and the hub's client raise whatever they like
        raise _translated(options, error) from error
    return model


def _opened(options: Options) -> Any:
    import onnx_asr
    import onnxruntime

    session = onnxruntime.SessionOptions()
    session.intra_op_num_threads = options.threads
    is_name = model_files.is_name(options.model)
    return onnx_asr.load_model(
        options.model if is_name else FOLDER_TYPE,
        None if is_name else Path(options.model).expanduser(),
        quantization=options.quantization or None,
        sess_options=session,
        providers=_providers(options.device, onnxruntime.get_available_providers()),
    ).with_timestamps()


def _providers(device: DeviceName, available: list[str]) -> list[str]:
    """What onnxruntime computes on. Raise AskHuman where it has no CUDA and that was asked for."""
    if device is DeviceName.CUDA and CUDA not in available:
        raise AskHuman(
            "the onnxruntime that is installed has no CUDA: install onnxruntime-gpu in its place, "
            'or set [daemon.engines.parakeet] device to "cpu"'
        )
    wanted = [CUDA] if device is not DeviceName.CPU and CUDA in available else []
    return [*wanted, "CPUExecutionProvider"]


def _try_out(model: Any) -> None:
    """Hear silence: a vocabulary, a configuration or a kind of model that does not fit is found now."""
    import numpy as np

    from daemon.speech.audio import SAMPLE_RATE

    result = model.recognize(np.zeros(SAMPLE_RATE, np.float32))
    if result.timestamps is None or result.tokens is None or result.logprobs is None:
        raise ValueError("it gives no times of its tokens")


def _refuse_unusable(options: Options) -> None:
    """Raise AskHuman over what is lacking. A mistyped folder would be taken for a name at the model hub."""
    lacking.refuse_uninstalled("onnx-asr", "parakeet")
    if model_files.is_name(options.model):
        return
    suffix = f"?{options.quantization}" if options.quantization else ""
    wanted = ("config.json", "vocab.txt", f"encoder-model{suffix}.onnx", f"decoder_joint-model{suffix}.onnx")
    model_files.found_in(options.model, {name: (name,) for name in wanted}, SETTING)


def _translated(options: Options, error: Exception) -> AskHuman | TryLater:
    """What loading a model may meet: the hub, the network, a damaged folder."""
    text = lacking.said(error)
    kinds = lacking.families(error)
    if not kinds & {"RepositoryNotFoundError", "ModelLoadingError"} and kinds & {
        "LocalEntryNotFoundError", "TransportError", "ConnectionError", "HfHubHTTPError", "TimeoutError"
    }:  # fmt: skip
        return TryLater(f"the model {options.model} could not be fetched: {text}")
    return AskHuman(f"the model {options.model} cannot be loaded: {text}; set {SETTING} to another one")


KIND = EngineKind(
    load=load,
    why_not=why_not,
    is_here=is_here,
    shaping=shaping,
    local=True,
    word_times=True,
    languages=language.EUROPEAN,
)
