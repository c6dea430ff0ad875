"""FireRedASR by sherpa-onnx: Mandarin, Chinese dialects and English, by one or both of its models.

Xu et al. 2025, arXiv 2501.14350. The AED model (attention, encoder and decoder) hears best and gives no times; the CTC
model of FireRedASR2 gives each token's frame (40 ms). Where both are set, AED says the words and CTC when: their
characters are aligned, and a word is as sure as the share of its characters that both heard. With AED alone the words
are spread over the speech, and their times are approximate. CTC alone tells no probability: 1.

The text comes in capitals without punctuation; English is put in lower case. The models take no terms to expect.
sherpa-onnx ends the whole process over a file that it does not expect, so what it asks of the files is asked here
first. Its wheel computes on the CPU.

Never run on real weights here: what is tested on tiny models of the same inputs, outputs and metadata is how files
are found, the cutting, the way of tokens and their times into words, the alignment, and what goes wrong. So nobody saw
yet how AED takes the silence that is put after a piece of very quick speech (see `_Aed.hear`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from daemon.errors import AskHuman
from daemon.speech.engines import by_pieces, lacking, languages, model_files, token_times, tokens
from daemon.speech.engines.contract import EngineKind, Request, Transcription
from daemon.speech.engines.tokens import MARK, Token

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from captions.transcript import Word
    from daemon.speech.audio import Audio
    from daemon.speech.voice_activity import Piece

TABLE = "[daemon.engines.fireredasr]"
NO_MODEL = (
    f"no model is set: unpack one of sherpa-onnx's FireRedASR models, and set {TABLE} model to its folder "
    "(k2-fsa.github.io/sherpa/onnx/FireRedAsr)"
)
APPROXIMATE = (
    "Times are approximate: FireRedASR's AED model gives none. "
    f"Set {TABLE} ctc to the folder of its CTC model for exact ones."
)
LANGUAGES = frozenset({"zh", "en"})
SAMPLE_RATE = 16_000  # Hz, of what the models were trained on
LEAST_SECONDS = 1.0  # of a piece: the decoder of sherpa-onnx may say nothing at all in a shorter one
TOKENS_A_SECOND = 6  # sherpa-onnx stops the AED decoder at 8 (2.0.1) or 6 (1.x) of them
CMVN = ("cmvn_mean", "cmvn_inv_stddev")
AED_METADATA = ("num_decoder_layers", "num_head", "head_dim", "sos", "eos", "max_len", *CMVN)
CTC_TYPE = "fire-red-asr-2-ctc"
AED_FILES = {
    "encoder": ("encoder.int8.onnx", "encoder.onnx"),
    "decoder": ("decoder.int8.onnx", "decoder.onnx"),
    "tokens": ("tokens.txt",),
}
CTC_FILES = {"model": ("model.int8.onnx", "model.onnx"), "tokens": ("tokens.txt",)}


class Options(BaseModel):
    """[daemon.engines.fireredasr]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = ""  #: a folder with an AED or a CTC model as sherpa-onnx publishes them
    ctc: str = ""  #: a folder with a CTC model, for the times of what an AED model hears
    piece_seconds: float = Field(default=25.0, ge=5, le=30)  #: AED invents words from 60 on, silence put after included
    threads: PositiveInt = 4  #: of the CPU


def shaping(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options that change the words."""
    return {name: options[name] for name in ("model", "ctc", "piece_seconds")}


def why_not(options: Mapping[str, Any]) -> str:
    """Why the engine cannot be used; "" if it looks as if it could."""
    return lacking.refusal(lambda: _files(Options.model_validate(dict(options))))


def is_here(_options: Mapping[str, Any]) -> bool:
    """Nothing is fetched: the models are folders."""
    return True


def load(options: Mapping[str, Any]) -> FireRedAsr:
    """Load the models. Raise AskHuman if they cannot be."""
    return FireRedAsr(Options.model_validate(dict(options)))


@dataclass(frozen=True)
class _Files:
    """The files of the two models by sherpa-onnx's names for them; None for a model that is not set."""

    aed: Mapping[str, Path] | None
    ctc: Mapping[str, Path] | None


class FireRedAsr:
    """The loaded models."""

    def __init__(self, options: Options) -> None:
        self._options = options
        files = _files(options)
        self._aed = _Aed(files.aed, options.threads) if files.aed else None
        self._ctc = _Ctc(files.ctc, options.threads) if files.ctc else None

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        asked = languages.asked(request.language, LANGUAGES, "fireredasr")
        heard = by_pieces.hear(audio, self._options.piece_seconds, LEAST_SECONDS, self._recognise, progress)
        spoken = asked or _told("".join(word.text for word in heard.words))
        return Transcription(
            heard.words,
            spoken,
            heard.speech,
            extras={"notes": list(heard.notes)} if heard.notes else {},
            approximate=APPROXIMATE if heard.words and not self._ctc else "",
        )

    def _recognise(self, samples: NDArray[np.float32], piece: Piece) -> list[Word]:
        timed = self._ctc.hear(samples, piece.start) if self._ctc else []
        if self._aed:
            said = self._aed.hear(samples)
            timed = token_times.aligned(said, timed, piece.speech)
        return tokens.words(timed, piece.start, piece.end)


class _Aed:
    """Words without times."""

    def __init__(self, files: Mapping[str, Path], threads: int) -> None:
        import sherpa_onnx

        _refuse_other_model(files["encoder"], AED_METADATA)
        _refuse_bad_vocabulary(files["tokens"])
        paths = {name: str(path) for name, path in files.items()}
        self._recogniser = _opened(
            files["encoder"], lambda: sherpa_onnx.OfflineRecognizer.from_fire_red_asr(**paths, num_threads=threads)
        )

    def hear(self, samples: NDArray[np.float32]) -> list[str]:
        """What is said. Where it may have been cut off for its speed, it is heard again with silence after it."""
        import numpy as np

        said = _said(self._recogniser, samples)
        if len(said.tokens) + 1 >= TOKENS_A_SECOND * len(samples) / SAMPLE_RATE:
            again = _said(self._recogniser, np.pad(samples, (0, len(samples))))
            said = max(said, again, key=lambda one: len(one.tokens))
        return [_lower(token) for token in said.tokens]


class _Ctc:
    """Tokens with times."""

    def __init__(self, files: Mapping[str, Path], threads: int) -> None:
        import sherpa_onnx

        _refuse_other_model(files["model"], CMVN, CTC_TYPE)
        _refuse_bad_vocabulary(files["tokens"], blank=True)
        paths = {name: str(path) for name, path in files.items()}
        self._recogniser = _opened(
            files["model"], lambda: sherpa_onnx.OfflineRecognizer.from_fire_red_asr_ctc(**paths, num_threads=threads)
        )

    def hear(self, samples: NDArray[np.float32], begin: float) -> list[Token]:
        """The tokens of a piece that begins at `begin` seconds."""
        said = _said(self._recogniser, samples)
        parts = zip(said.tokens, said.timestamps, strict=True)
        return [Token(_lower(text), begin + float(start)) for text, start in parts]


def _said(recogniser: Any, samples: NDArray[np.float32]) -> Any:
    stream = recogniser.create_stream()
    stream.accept_waveform(SAMPLE_RATE, samples)
    recogniser.decode_stream(stream)
    return stream.result


def _lower(token: str) -> str:
    """In lower case; an "I" by itself is a word in English, and stays."""
    return token if token.replace(MARK, " ").strip() == "I" and token[:1] in (" ", MARK) else token.lower()


def _told(text: str) -> str:
    """Chinese, unless most of it is in Latin letters: a Chinese word has two characters, an English one five."""
    chinese = sum(tokens.without_spaces(character) for character in text)
    return "en" if len(text) - chinese > 2.5 * chinese else "zh"


def _files(options: Options) -> _Files:
    """The files of the models. Raise AskHuman if none is set, or one lacks a file, or sherpa-onnx is missing."""
    lacking.refuse_uninstalled("sherpa-onnx", "fireredasr")
    if not options.model:
        raise AskHuman(NO_MODEL)
    is_ctc = _holds(options.model, CTC_FILES["model"]) and not _holds(options.model, AED_FILES["encoder"])
    if is_ctc:
        return _Files(None, model_files.found_in(options.model, CTC_FILES, f"{TABLE} model"))
    aed = model_files.found_in(options.model, AED_FILES, f"{TABLE} model")
    ctc = model_files.found_in(options.ctc, CTC_FILES, f"{TABLE} ctc") if options.ctc else None
    return _Files(aed, ctc)


def _holds(model: str, names: tuple[str, ...]) -> bool:
    try:
        return any((Path(model).expanduser() / name).is_file() for name in names)
    except (OSError, RuntimeError):  # `found_in` tells of it
        return False


def _refuse_other_model(path: Path, keys: tuple[str, ...], kind: str | None = None) -> None:
    """Raise AskHuman if a file lacks the metadata without which sherpa-onnx would end the process."""
    try:
        carried = model_files.metadata(path)
    except (ValueError, OSError) as error:
        raise AskHuman(f"the model {path} cannot be loaded: {error}; get it again") from error
    lacking = [key for key in keys if not carried.get(key)]
    if lacking or (kind and carried.get("model_type") != kind):
        raise AskHuman(f"{path} is no model of FireRedASR that sherpa-onnx takes: get one of sherpa-onnx's own")


def _refuse_bad_vocabulary(path: Path, *, blank: bool = False) -> None:
    """Raise AskHuman if lines are not a token and its number each, or the blank is missing that CTC needs."""
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (ValueError, OSError) as error:
        raise AskHuman(f"the vocabulary {path} cannot be read: {lacking.said(error)}; get it again") from error
    if not lines or not all(len(line) == 2 and line[1].isdecimal() for line in lines):
        raise AskHuman(f"the vocabulary {path} is damaged: get it again")
    if blank and not {"<blk>", "<eps>", "<blank>"} & {line[0] for line in lines}:
        raise AskHuman(f"the vocabulary {path} has no <blank>, which a CTC model needs: it is of another model")


def _opened(path: Path, make: Callable[[], Any]) -> Any:
    try:
        return make()
    except (RuntimeError, ValueError) as error:
        said = lacking.said(error)
        raise AskHuman(f"the model {path.parent} cannot be loaded: {said}; get it again") from error


KIND = EngineKind(
    load=load,
    why_not=why_not,
    is_here=is_here,
    shaping=shaping,
    local=True,
    word_times=False,  # not from an AED model alone
    languages=LANGUAGES,
)
