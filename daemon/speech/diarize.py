"""Who speaks when: diarization by pyannote.audio 4 (Bredin 2023, Interspeech; the pipeline community-1, or a folder).

    sound ──► pyannote's pipeline, whole or in windows that are stitched (stitch.py) ──► Diarization (voices.py)

What the pipeline needs beside its models grows with the square of the length: it clusters the voices of all its
windows of 5 or 10 s, by a matrix of the distances between any two (0.1 GB for 30 minutes with a step of 0.5 s, 4 GB for
three hours). So a long recording is diarized in windows, and the voices of the windows are clustered.

pyannote.audio reports to its makers unless it is told not to: `load` tells it. It unpickles the models, which can run
any code: a folder must be one that you trust. Torch's threads wait for each other by spinning: where other work shares
the cores, one thread can be ten times as quick as two.

community-1 is gated, and was never run here. What is measured and tested is a pipeline of other weights, with
agglomerative clustering; how the threshold of community-1's clustering is read is reckoned (`_threshold`).
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from captions.text import clean_line
from captions.transcript import SpeakerTurn
from daemon.errors import AskHuman, TryLater
from daemon.speech.device import DeviceName
from daemon.speech.engines.model_files import families, found_in, is_name
from daemon.speech.stitch import Window, clipped, stitched, windows
from daemon.speech.voices import Diarization, named

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

TABLE = "[daemon.speech.voices]"
INSTALL = "pyannote.audio is not installed: pip install -c constraints.txt -e '.[voices]'"
LEAST_SECONDS = 0.1  # of a sound: in a shorter one the models hear nothing, or something after its end
OVERLAP_SECONDS = 60.0  # of windows: enough for most voices of a conversation to speak in it
SHARES = {"segmentation": (0.0, 0.4), "embeddings": (0.4, 1.0)}
"""The slow steps of the pipeline, by their names in its hook, and the share of the time that each takes."""


class Options(BaseModel):
    """[daemon.speech.voices]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(default="pyannote/speaker-diarization-community-1", min_length=1)  #: a name, or a folder
    device: DeviceName = DeviceName.AUTO
    segmentation_batch_size: PositiveInt = 32  #: windows of 5 or 10 s that are heard at once
    embedding_batch_size: PositiveInt = 32
    whole_minutes: float = Field(default=60.0, ge=1)  #: a longer recording is heard in windows
    window_minutes: float = Field(default=30.0, ge=2)
    threads: int = Field(default=0, ge=0)  #: of the CPU; 0: torch's choice


def why_not(options: Options) -> str:
    """Why there can be no diarization; "" if it looks as if there could."""
    try:
        _refuse_missing(options)
    except AskHuman as error:
        return str(error)
    return ""


def load(options: Options, token: str = "") -> Diarizer:
    """Load the pipeline; `token` is Hugging Face's. Raise AskHuman or TryLater if it cannot be."""
    _refuse_missing(options)
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"
    folder = None if is_name(options.model) else str(Path(options.model).expanduser())
    with _quiet():
        try:
            from pyannote.audio import Pipeline

            pipeline: Any = Pipeline.from_pretrained(folder or options.model, token=token or None)
        except MemoryError:
            raise
        except Exception as error:  # a pipeline's folder names classes, and unpickles: anything may go wrong
            raise translated(options, error) from error
        _place(pipeline, options)
    return Diarizer(pipeline, options)


class Diarizer:
    """A loaded pipeline. Not for two threads at once."""

    def __init__(self, pipeline: Any, options: Options) -> None:
        self._pipeline = pipeline
        self._options = options

    def diarize(
        self,
        audio: Audio,
        speakers: tuple[int, int] | None = None,
        progress: Callable[[float], None] = lambda _fraction: None,
    ) -> Diarization:
        """Who speaks when. `speakers`: how many there are, from and to: a wish that the voices may not grant.

        `progress` hears 0 to 1, rising; what it raises is passed on. Raise AskHuman if memory is too small.
        """
        if audio.seconds <= 60 * self._options.whole_minutes:
            found = self._heard(audio, (0.0, audio.seconds), speakers, progress)
        else:
            found = self._in_windows(audio, speakers, progress)
        progress(1.0)
        return named(found)

    def _in_windows(
        self, audio: Audio, speakers: tuple[int, int] | None, progress: Callable[[float], None]
    ) -> Diarization:
        spans = windows(audio.seconds, 60 * self._options.window_minutes, OVERLAP_SECONDS)
        most = (1, speakers[1]) if speakers else None  # not all of them need speak in each window
        done = 0  # of the windows

        def tell(fraction: float) -> None:
            progress((done + fraction) / len(spans))

        parts: list[Window] = []
        for done, span in enumerate(spans):  # noqa: B007
            parts.append(Window(*span, self._heard(audio, span, most, tell)))
        return stitched(parts, _threshold(self._pipeline.clustering), speakers)

    def _heard(
        self,
        audio: Audio,
        span: tuple[float, float],
        speakers: tuple[int, int] | None,
        progress: Callable[[float], None],
    ) -> Diarization:
        """What the pipeline hears in a span, with the times of the whole and names of its own."""
        import numpy as np
        import torch

        start, end = span
        samples = audio.samples[round(start * audio.sample_rate) : round(end * audio.sample_rate)]
        if len(samples) < LEAST_SECONDS * audio.sample_rate:
            return Diarization()
        waveform = torch.from_numpy(np.ascontiguousarray(samples, dtype=np.float32))[None]
        bounds = {"min_speakers": speakers[0], "max_speakers": speakers[1]} if speakers else {}
        try:
            with _quiet():
                output = self._pipeline(
                    {"waveform": waveform, "sample_rate": audio.sample_rate}, hook=_Hook(progress), **bounds
                )
        except (MemoryError, torch.OutOfMemoryError) as error:
            raise AskHuman(
                f"memory is too small to tell voices apart: set {TABLE} embedding_batch_size, segmentation_batch_size "
                'or window_minutes lower, or device to "cpu"'
            ) from error
        return read(output, start, end)


def read(output: Any, start: float, end: float) -> Diarization:
    """pyannote's answer to a span, with the times of the whole; what it hears after the end is left out."""

    def turns(annotation: Any) -> tuple[SpeakerTurn, ...]:
        found = [
            SpeakerTurn(start + float(segment.start), start + float(segment.end), str(speaker))
            for segment, _, speaker in annotation.itertracks(yield_label=True)
        ]
        return tuple(clipped(found, start, end))

    labels = output.speaker_diarization.labels()
    rows = [tuple(map(float, row)) for row in (() if output.speaker_embeddings is None else output.speaker_embeddings)]
    known = {str(speaker): row for speaker, row in zip(labels, rows, strict=False) if sum(a * a for a in row) > 0}
    return Diarization(turns(output.speaker_diarization), turns(output.exclusive_speaker_diarization), known)


class _Hook:
    """Turns what the pipeline tells of its steps into one fraction that only rises."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress = progress
        self._told = 0.0

    def __call__(self, step: str, _artefact: Any, file: Any = None, total: Any = None, completed: Any = None) -> None:  # noqa: ARG002
        if step in SHARES and total:
            begin, end = SHARES[step]
            self._told = max(self._told, begin + (end - begin) * min(1.0, float(completed) / float(total)))
            self._progress(self._told)


def _threshold(clustering: Any) -> float:
    """The cosine distance up to which the pipeline's own clustering takes two voices for one.

    By average, complete and single linkage it is the threshold itself. Centroid linkage and the like, with which
    community-1's VBx begins, measure between vectors of length 1 how far they are apart: √(2 · cosine distance).
    """
    is_straight = getattr(clustering, "method", "centroid") in ("centroid", "median", "ward")
    return float(clustering.threshold) ** 2 / 2 if is_straight else float(clustering.threshold)


def _refuse_missing(options: Options) -> None:
    """Raise AskHuman if the extra is missing, or the model is no folder of a pipeline where it must be one."""
    if not _is_installed():
        raise AskHuman(INSTALL)
    if not is_name(options.model):
        found_in(options.model, {"pipeline": ("config.yaml",)}, f"{TABLE} model")


def _is_installed() -> bool:
    try:
        return importlib.util.find_spec("pyannote.audio") is not None
    except ModuleNotFoundError:  # not even the namespace
        return False


def _place(pipeline: Any, options: Options) -> None:
    """Set the batches, the threads and the device. Raise AskHuman if there is no such device."""
    import torch

    pipeline.segmentation_batch_size = options.segmentation_batch_size
    pipeline.embedding_batch_size = options.embedding_batch_size
    if options.threads:
        torch.set_num_threads(options.threads)
    wanted = options.device
    if wanted is DeviceName.AUTO:
        wanted = DeviceName.CUDA if torch.cuda.is_available() else DeviceName.CPU
    try:
        pipeline.to(torch.device(wanted.value))
    except (RuntimeError, AssertionError) as error:  # the second: a torch without CUDA
        raise AskHuman(f'the GPU cannot be used: {_line(error)}; set {TABLE} device to "cpu"') from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without warnings: of torchcodec, which is not needed, of TF32, of statistics over one frame."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def translated(options: Options, error: Exception) -> AskHuman | TryLater:
    """What loading may meet: the hub and its gate, the network, a damaged folder."""
    model, kinds = options.model, families(error)
    status = getattr(getattr(error, "response", None), "status_code", None)
    if "RepositoryNotFoundError" in kinds or status in (401, 403):  # the hub tells a stranger no more
        return AskHuman(
            f"the pipeline {model} may not be fetched: accept its conditions at huggingface.co/{model}, make a token "
            "at huggingface.co/settings/tokens, and keep it by `captiond secret set huggingface-token`; or set "
            f"{TABLE} model to a folder"
        )
    if kinds & {"LocalEntryNotFoundError", "TransportError", "ConnectionError"} or (status or 0) >= 429:
        return TryLater(f"the pipeline {model} could not be fetched: {_line(error)}")
    return AskHuman(f"the pipeline {model} cannot be loaded: {_line(error)}; set {TABLE} model to another one")


def _line(error: Exception) -> str:
    return clean_line((str(error).strip() or type(error).__name__).splitlines()[0], 200)
