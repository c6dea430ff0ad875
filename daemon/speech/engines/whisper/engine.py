"""The engine: one loaded model, asked with what the request and the options say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from captions.text import clean_line
from captions.transcript import SpeechSpan, Word
from daemon.errors import AskHuman
from daemon.speech.align import Aligner
from daemon.speech.engines.contract import Request, Transcription
from daemon.speech.engines.whisper import spaces
from daemon.speech.engines.whisper.guards import Stretch, judge
from daemon.speech.engines.whisper.model import first_plan, is_of_gpu, load_model, translated
from daemon.speech.engines.whisper.options import Mode, Options
from daemon.speech.engines.whisper.plan import Plan, is_out_of_memory, next_plan, next_to_load, told
from daemon.speech.engines.whisper.prompt import Prompt, prompt

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

    from daemon.speech.audio import Audio

OTHER_TAGS = {"jw": "jv"}  # where Whisper's code is not the BCP-47 tag: Javanese
WORD_CHARACTERS = 200  # what no word exceeds; a decoder in a loop does

Result = TypeVar("Result")


def load(options: Mapping[str, Any]) -> Whisper:
    """Load the model. Raise AskHuman if it cannot be: no such folder, no such name, no device."""
    return Whisper(Options.model_validate(dict(options)))


class Whisper:
    """One loaded model. Not for two threads at once.

    Where the GPU's memory does not suffice it goes on with less, and stays with that until it is loaded anew.
    """

    def __init__(
        self, options: Options, make: Callable[[Options, Plan], WhisperModel] = load_model, plan: Plan | None = None
    ) -> None:
        self._options = options
        self._make = make
        self._planned = self._plan = plan or first_plan(options)
        self._model: WhisperModel | None = None
        self._until_it_fits(self._loaded)

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        rising = _Rising(progress)
        heard = self._until_it_fits(lambda: self._transcribe(audio, request, rising))
        rising(1.0)
        return heard

    def align(
        self,
        audio: Audio,
        texts: Sequence[str],
        language: str,
        rough: Sequence[tuple[float, float]] | None = None,
        progress: Callable[[float], None] = lambda _fraction: None,
    ) -> tuple[Word, ...]:
        """When each of the texts is said, as align.Aligner tells it."""
        rising = _Rising(progress)
        return self._until_it_fits(lambda: Aligner(self._loaded()).align(audio, texts, language, rough, rising))

    # ---- the GPU's memory

    def _until_it_fits(self, work: Callable[[], Result]) -> Result:
        """Do it, each time with a smaller plan, until it fits into the GPU's memory. Raise DaemonError."""
        while True:
            try:
                return work()
            except RuntimeError as error:  # CTranslate2 opens the GPU's libraries with the first work, not on loading
                following = self._smaller(error)
                if following is None and not is_of_gpu(error):
                    raise
                if following is None:
                    raise translated(self._options, error) from error
            self._change_to(following)  # not while the error is held: it holds the model, and so the memory

    def _smaller(self, error: RuntimeError) -> Plan | None:
        """What to try next; None where the error is no full memory."""
        if not is_out_of_memory(error):
            return None
        return next_plan(self._plan) if self._model is not None else next_to_load(self._plan)

    def _change_to(self, plan: Plan) -> None:
        if (plan.device, plan.compute_type) != (self._plan.device, self._plan.compute_type):
            self._model = None
        self._plan = plan

    def _loaded(self) -> WhisperModel:
        if self._model is None:
            self._model = self._make(self._options, self._plan)
        return self._model

    # ---- recognising

    def _transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        model = self._loaded()
        told_of = self._prompt(model, request)
        segments, language, speech = self._asked(model, audio, self._spoken(model, request.language), told_of)
        stretches, decoded = [], []
        for segment in segments:
            stretches.append(_stretch(segment, audio.seconds, language))
            decoded.append(SpeechSpan(float(segment.start), float(segment.end), float(segment.no_speech_prob)))
            progress(min(1.0, segment.end / audio.seconds))
        words, notes = self._judged(stretches, speech)
        words = tuple(spaces.joined(words)) if language in spaces.LANGUAGES else words
        said = [note for note in (told(self._planned, self._plan), told_of.note, *notes) if note]
        return Transcription(
            words,
            _tag(request.language) or OTHER_TAGS.get(language, language),
            _with_probabilities(speech, decoded),
            extras={"notes": said} if said else {},
        )

    def _asked(
        self, model: WhisperModel, audio: Audio, language: str | None, told_of: Prompt
    ) -> tuple[Iterable[Any], str, tuple[SpeechSpan, ...]]:
        """The segments, which are recognised as they are taken; the language; where there is speech."""
        settings: dict[str, Any] = {
            "language": language,
            "beam_size": self._options.beam_size,
            "vad_filter": True,
            "vad_parameters": self._detector(),
            "word_timestamps": True,
            "multilingual": self._options.multilingual and language is None and model.model.is_multilingual,
            "hotwords": told_of.terms or None,
            "initial_prompt": told_of.context or None,
        }
        if self._options.mode is Mode.SEQUENTIAL:
            return _sequential(model, audio, settings)
        return _batched(model, audio, settings, self._plan.batch_size)

    def _detector(self) -> dict[str, Any]:
        """faster-whisper's VadOptions, but for the longest span, which each mode sets itself."""
        return {
            "threshold": self._options.vad_threshold,
            "min_silence_duration_ms": round(1000 * self._options.silence_seconds),
            "speech_pad_ms": round(1000 * self._options.vad_padding_seconds),
        }

    def _prompt(self, model: WhisperModel, request: Request) -> Prompt:
        def count(text: str) -> int:
            return len(model.hf_tokenizer.encode(text, add_special_tokens=False).ids)

        return prompt(request.terms, request.context if self._options.context else "", count)

    def _judged(
        self, stretches: Sequence[Stretch], speech: Sequence[SpeechSpan]
    ) -> tuple[tuple[Word, ...], tuple[str, ...]]:
        if not self._options.guards:
            return tuple(word for stretch in stretches for word in stretch.words), ()
        judged = judge(stretches, speech)
        return judged.words, judged.notes

    def _spoken(self, model: WhisperModel, language: str | None) -> str | None:
        """Whisper's code for a BCP-47 tag. Raise AskHuman if the model does not know the language."""
        if language is None:
            return None
        code = language.split("-")[0].lower()
        known = model.supported_languages
        if code not in known:
            raise AskHuman(
                f"the model {self._options.model} does not know the language {language}; it knows: {' '.join(known)}"
            )
        return code


class _Rising:
    """Tells how much is done, and never less than before: a second try begins anew."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress = progress
        self._most = 0.0

    def __call__(self, fraction: float) -> None:
        self._most = max(self._most, fraction)
        self._progress(self._most)


def _batched(
    model: WhisperModel, audio: Audio, settings: dict[str, Any], batch_size: int
) -> tuple[Iterable[Any], str, tuple[SpeechSpan, ...]]:
    from faster_whisper import BatchedInferencePipeline

    pipeline = BatchedInferencePipeline(model)  # a new one: what one run leaves behind when it breaks off shifts times
    segments, info = pipeline.transcribe(audio.samples, batch_size=batch_size, **settings)
    return segments, info.language, _spans(info.transcription_options.clip_timestamps, audio)


def _sequential(
    model: WhisperModel, audio: Audio, settings: dict[str, Any]
) -> tuple[Iterable[Any], str, tuple[SpeechSpan, ...]]:
    """With terms no window knows the one before: both together would leave no room to say anything."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    speech = _spans(get_speech_timestamps(audio.samples, VadOptions(**settings["vad_parameters"])), audio)
    if not speech:
        return (), settings["language"] or "en", ()
    segments, info = model.transcribe(
        audio.samples, condition_on_previous_text=settings["hotwords"] is None, **settings
    )
    return segments, info.language, speech


def _spans(found: Iterable[Mapping[str, int]], audio: Audio) -> tuple[SpeechSpan, ...]:
    """What Silero's detector found, in samples, as spans in seconds."""
    return tuple(SpeechSpan(span["start"] / audio.sample_rate, span["end"] / audio.sample_rate) for span in found)


def _with_probabilities(speech: Sequence[SpeechSpan], decoded: Sequence[SpeechSpan]) -> tuple[SpeechSpan, ...]:
    """The spans of the detector, each with what was thought of the stretch that was decoded from it, if one was."""
    ends = [stretch.end for stretch in decoded]
    found = []
    for span in speech:
        within = bisect_right(ends, span.start)
        thought = within < len(decoded) and decoded[within].start < span.end
        found.append(replace(span, no_speech_probability=decoded[within].no_speech_probability) if thought else span)
    return tuple(found)


def _stretch(segment: Any, seconds: float, language: str) -> Stretch:
    words = tuple(_words(segment.words or (), seconds, with_spaces=language in spaces.LANGUAGES))
    return Stretch(words, float(segment.no_speech_prob), float(segment.avg_logprob))


def _words(found: Iterable[Any], seconds: float, *, with_spaces: bool) -> Iterator[Word]:
    """The words; where it is wished, with the space before them in their text."""
    for word in found:
        text = clean_line(word.word, WORD_CHARACTERS)
        start = min(max(0.0, float(word.start)), seconds)
        if text:
            end = min(max(start, float(word.end)), seconds)
            space = " " if with_spaces and str(word.word).startswith(" ") else ""
            yield Word(space + text, start, end, float(word.probability))


def _tag(language: str | None) -> str | None:
    """A BCP-47 tag with its language in lower case, as it is usually written."""
    if language is None:
        return None
    primary, dash, rest = language.partition("-")
    return primary.lower() + dash + rest
