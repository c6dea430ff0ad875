"""Whisper by faster-whisper (CTranslate2), batched, with Silero's voice activity detection and word times.

Whisper: Radford et al. 2022, arXiv 2212.04356. Segments of the batched pipeline may last 30 s, so words are all that
is taken from it. Without the detection silence becomes words that nobody said.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from captions.text import clean_line
from captions.transcript import SpeechSpan, Word
from daemon.errors import AskHuman, GiveUp, TryLater
from daemon.speech.device import DeviceName, choose
from daemon.speech.engines.contract import EngineKind, Request, Transcription

if TYPE_CHECKING:
    from faster_whisper import BatchedInferencePipeline

    from daemon.speech.audio import Audio

OTHER_TAGS = {"jw": "jv"}  # where Whisper's code is not the BCP-47 tag: Javanese
WORD_CHARACTERS = 200  # what no word exceeds; a decoder in a loop does


class Options(BaseModel):
    """[daemon.engines.whisper]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(default="large-v3-turbo", min_length=1)  #: a name that faster-whisper knows, or a folder
    device: DeviceName = DeviceName.AUTO
    compute_type: str = "auto"
    batch_size: PositiveInt = 8  #: chunks of up to 30 s at once
    beam_size: PositiveInt = 5
    threads: int = Field(default=0, ge=0)  #: of the CPU; 0: CTranslate2's choice


def shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change the words."""
    return {name: options[name] for name in ("model", "compute_type", "beam_size")}


def why_not(options: Mapping[str, Any]) -> str:
    """Why the engine cannot be used; "" if it looks as if it could."""
    if importlib.util.find_spec("faster_whisper") is None:
        return "faster-whisper is not installed"
    try:
        _refuse_missing_folder(str(options["model"]))
    except AskHuman as error:
        return str(error)
    return ""


def is_here(options: Mapping[str, Any]) -> bool:
    """Whether the model is a folder, or was fetched from the hub already."""
    if not _is_name(str(options["model"])):
        return True
    from faster_whisper import download_model

    try:
        download_model(str(options["model"]), local_files_only=True)
    except ValueError:  # no such name: what is to be said of it, loading says
        return True
    except OSError:  # huggingface_hub's LocalEntryNotFoundError is one
        return False
    return True


def load(options: Mapping[str, Any]) -> Whisper:
    """Load the model. Raise AskHuman if it cannot be: no such folder, no such name, no device."""
    return Whisper(Options.model_validate(dict(options)))


class Whisper:
    """One loaded model. Not for two threads at once: the pipeline keeps state while it runs."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._pipeline = _pipeline(options)

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        try:
            return self._transcribe(audio, request, progress)
        except RuntimeError as error:  # CTranslate2 opens the GPU's libraries with the first work, not when it loads
            if not _is_of_gpu(str(error)):
                raise
            raise _translated(self._options, error) from error

    def _transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        language = self._spoken(request.language)
        segments, info = self._pipeline.transcribe(
            audio.samples,
            language=language,
            batch_size=self._options.batch_size,
            beam_size=self._options.beam_size,
            vad_filter=True,
            word_timestamps=True,
            hotwords=", ".join(request.terms) or None,
        )
        words: list[Word] = []
        speech: list[SpeechSpan] = []
        for segment in segments:
            words.extend(_words(segment.words or (), audio.seconds))
            speech.append(SpeechSpan(float(segment.start), float(segment.end), float(segment.no_speech_prob)))
            progress(min(1.0, segment.end / audio.seconds))
        return Transcription(
            tuple(words), _tag(request.language) or OTHER_TAGS.get(info.language, info.language), tuple(speech)
        )

    def _spoken(self, language: str | None) -> str | None:
        """Whisper's code for a BCP-47 tag. Raise AskHuman if the model does not know the language."""
        if language is None:
            return None
        code = language.split("-")[0].lower()
        known = self._pipeline.model.supported_languages
        if code not in known:
            raise AskHuman(
                f"the model {self._options.model} does not know the language {language}; it knows: {' '.join(known)}"
            )
        return code


def _tag(language: str | None) -> str | None:
    """A BCP-47 tag with its language in lower case, as it is usually written."""
    if language is None:
        return None
    primary, dash, rest = language.partition("-")
    return primary.lower() + dash + rest


def _words(found: Iterable[Any], seconds: float) -> Iterable[Word]:
    for word in found:
        text = clean_line(word.word, WORD_CHARACTERS)
        start = min(max(0.0, float(word.start)), seconds)
        if text:
            yield Word(text, start, min(max(start, float(word.end)), seconds), float(word.probability))


def _pipeline(options: Options) -> BatchedInferencePipeline:
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    _refuse_missing_folder(options.model)
    model_name = options.model if _is_name(options.model) else str(Path(options.model).expanduser())
    device = choose(options.device, options.compute_type)
    try:
        model = WhisperModel(
            model_name, device=device.name, compute_type=device.compute_type, cpu_threads=options.threads
        )
    except Exception as error:  # the hub's client is httpx or, since its version 2, httpx2: known by a name
        if isinstance(error, (OSError, ValueError, RuntimeError)) or "TransportError" in _families(error):
            raise _translated(options, error) from error
        raise
    return BatchedInferencePipeline(model=model)


def _refuse_missing_folder(model: str) -> None:
    """A mistyped folder would be taken for a name at the model hub, and a folder without a tokenizer would ask it."""
    try:
        if _is_name(model):
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


def _is_of_gpu(text: str) -> bool:
    """Whether the GPU or its libraries are missing. A full memory is not that: the child ends and tries again."""
    return "out of memory" not in text.lower() and any(word in text.lower() for word in ("cuda", "cublas", "cudnn"))


def _is_name(model: str) -> bool:
    """Whether it is a name, as `large-v3-turbo` or `organisation/model`, and no folder."""
    path = Path(model).expanduser()
    if path.exists() or (path.parent != Path() and path.parent.is_dir()):  # then a folder was meant, and mistyped
        return False
    return "/" not in model or (model.count("/") == 1 and not model.startswith((".", "~", "/")))


def _families(error: Exception) -> set[str]:
    return {family.__name__ for family in type(error).__mro__}


def _translated(options: Options, error: Exception) -> AskHuman | TryLater | GiveUp:
    """What loading a model may meet: the hub, the network, the GPU's libraries, a damaged folder."""
    text = str(error) or type(error).__name__
    if _families(error) & {"LocalEntryNotFoundError", "TransportError", "ConnectionError"}:
        return TryLater(f"the model {options.model} could not be fetched: {text.splitlines()[0][:200]}")
    if _is_of_gpu(text):
        return AskHuman(
            f'the GPU cannot be used: {text.splitlines()[0][:200]}; install the extra gpu, or set device to "cpu"'
        )
    return AskHuman(
        f"the model {options.model} cannot be loaded: {clean_line(text.splitlines()[0], 200)}; set model to another one"
    )


KIND = EngineKind(load=load, why_not=why_not, is_here=is_here, shaping=shaping, local=True, word_times=True)
