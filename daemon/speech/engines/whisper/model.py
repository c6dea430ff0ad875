"""The model: whether it is there, how it is loaded, and what is said where it cannot be."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.errors import AskHuman, TryLater
from daemon.speech.device import choose
from daemon.speech.engines import lacking, model_files
from daemon.speech.engines.whisper.options import Options
from daemon.speech.engines.whisper.plan import Plan, is_out_of_memory

if TYPE_CHECKING:
    from faster_whisper import WhisperModel


def why_not(options: Mapping[str, Any]) -> str:
    """Why the engine cannot be used; "" if it looks as if it could."""
    if importlib.util.find_spec("faster_whisper") is None:
        return "faster-whisper is not installed"
    return lacking.refusal(lambda: _refuse_missing_folder(str(options["model"])))


def is_here(options: Mapping[str, Any]) -> bool:
    """Whether the model is a folder, or was fetched from the hub already."""
    if not model_files.is_name(str(options["model"])):
        return True
    from faster_whisper import download_model

    try:
        download_model(str(options["model"]), local_files_only=True)
    except ValueError:  # no such name: what is to be said of it, loading says
        return True
    except OSError:  # huggingface_hub's LocalEntryNotFoundError is one
        return False
    return True


def first_plan(options: Options) -> Plan:
    """How the options want it to be computed."""
    device = choose(options.device, options.compute_type)
    return Plan(device.name, device.compute_type, options.batch_size)


def load_model(options: Options, plan: Plan) -> WhisperModel:
    """Load the model. Raise DaemonError if it cannot be; RuntimeError, as CTranslate2 does, if memory is full."""
    from faster_whisper import WhisperModel

    _refuse_missing_folder(options.model)
    name = options.model if model_files.is_name(options.model) else str(Path(options.model).expanduser())
    try:
        return WhisperModel(name, device=plan.device, compute_type=plan.compute_type, cpu_threads=options.threads)
    except Exception as error:  # the hub's client is httpx or, since its version 2, httpx2: known by a name
        if is_out_of_memory(error):
            raise
        if isinstance(error, (OSError, ValueError, RuntimeError)) or "TransportError" in lacking.families(error):
            raise translated(options, error) from error
        raise


def _refuse_missing_folder(model: str) -> None:
    """A mistyped folder would be taken for a name at the model hub, and a folder without a tokenizer would ask it."""
    try:
        if model_files.is_name(model):
            return
        folder = Path(model).expanduser()
        there = folder.is_dir()
        missing = [name for name in ("model.bin", "config.json", "tokenizer.json") if not (folder / name).is_file()]
    except (OSError, RuntimeError) as error:  # no permission to look; a home of nobody
        raise AskHuman(f"the model folder {model} cannot be looked at: {error}") from error
    if not there:
        raise AskHuman(f"there is no model folder {model}: set [daemon.engines.whisper] model to a name or a folder")
    if missing:
        raise AskHuman(
            f"{model} is no Whisper model for CTranslate2: {' and '.join(missing)} missing; "
            "set model to a name or another folder"
        )


def is_of_gpu(error: Exception) -> bool:
    """Whether the GPU or its libraries are missing. A full memory is not that."""
    text = str(error).lower()
    return not is_out_of_memory(error) and any(word in text for word in ("cuda", "cublas", "cudnn"))


def translated(options: Options, error: Exception) -> AskHuman | TryLater:
    """What loading a model may meet: the hub, the network, the GPU's libraries, a damaged folder."""
    text = lacking.said(error)
    if lacking.families(error) & {"LocalEntryNotFoundError", "TransportError", "ConnectionError"}:
        return TryLater(f"the model {options.model} could not be fetched: {text}")
    if is_of_gpu(error):
        return AskHuman(f'the GPU cannot be used: {text}; install the extra gpu, or set device to "cpu"')
    return AskHuman(f"the model {options.model} cannot be loaded: {text}; set model to another one")
