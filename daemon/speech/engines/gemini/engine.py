"""The engine: calls the steps in order. What each of them decides is in its own file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog

from captions.transcript import SpeechSpan
from daemon.errors import AskHuman, TryLater
from daemon.speech import voice_activity
from daemon.speech.engines.contract import API_KEY, Request, Transcription
from daemon.speech.engines.gemini import asking, pieces, reading, refusals, stitching, times, waiting
from daemon.speech.engines.gemini.errand import Errand, named
from daemon.speech.engines.gemini.options import Options, wrong_address, wrong_key
from daemon.speech.engines.gemini.times import Timed
from daemon.speech.merge import turns_of

if TYPE_CHECKING:
    from google.genai.types import GenerateContentResponse

    from daemon.speech.audio import Audio
    from daemon.speech.voice_activity import Piece

HEARING = 0.05  # share of finding speech in the whole
SURE_SECONDS = 1.0  # of speech in a piece; with less, "nobody speaks" may be the truth
UNKNOWN_LANGUAGE = "und"  # BCP-47: undetermined
SPREAD = (
    "The times of words are approximate: Gemini told when sentences were said, and their words were spread over the "
    "speech that was heard then."
)
MENDED = (
    "Some times are approximate: those that Gemini told, or left out, could not be right in {count}, "
    "where the words were spread over the speech that was heard."
)

GUESSED = (
    "All times are approximate: Gemini told none that could be right, and the words were spread over the speech that "
    "was heard."
)

log = structlog.stdlib.get_logger()


def load(options: Mapping[str, Any]) -> Gemini:
    """Make the engine of its options and its key. Raise AskHuman if they cannot be. Asks nobody."""
    plain = dict(options)
    key = str(plain.pop(API_KEY, "") or "").strip()
    checked = Options.model_validate(plain)
    wrong = wrong_address(checked.base_url) or wrong_key(key)
    if wrong:
        raise AskHuman(wrong)
    return Gemini(checked, key)


class Gemini:
    """One account. Keeps nothing between recordings, so that several threads may use it."""

    def __init__(self, options: Options, key: str) -> None:
        self._options, self._key = options, key

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        told = _Rising(progress)
        speech = voice_activity.spans(audio, told.part(0.0, HEARING))
        plan = asking.plan(self._options, request, audio.seconds)
        heard = [
            self._heard(audio, piece, plan, request, told.part(*_share(piece, audio.seconds)))
            for piece in pieces.cut(speech, audio.seconds, plan.longest, self._options.overlap_seconds)
            if piece.speech
        ]
        told(1.0)
        return _together(heard, speech, request, audio.seconds)

    def _heard(
        self, audio: Audio, piece: Piece, plan: asking.Plan, request: Request, progress: Callable[[float], None]
    ) -> _Heard:
        """What is said in a piece. Raise DaemonError."""
        response = self._asked(audio, piece, plan, request, progress)
        refusals.refuse_incomplete(response)
        answer = reading.read(response, plan.is_dedicated, piece.seconds)
        timed = times.settle(answer.passages, tuple(times.moved(piece.speech, -piece.start)), piece.seconds)
        if not timed.words and sum(span.seconds for span in piece.speech) >= SURE_SECONDS:
            raise TryLater("Gemini heard no words where there is speech")
        progress(1.0)
        return _Heard(piece, timed, answer.language)

    def _asked(
        self, audio: Audio, piece: Piece, plan: asking.Plan, request: Request, progress: Callable[[float], None]
    ) -> GenerateContentResponse:
        receipts = request.receipts
        before = receipts.read()
        sound = named(voice_activity.samples(audio, piece), audio.sample_rate, before)
        errand = Errand(
            self._options,
            self._key,
            sound,
            lambda service, file: service.answer(
                plan.model, asking.contents(plan, request, file), asking.config(plan, self._options, request)
            ),
        )
        progress(0.0)
        receipts.keep(sound.name)
        running = waiting.begin(errand.run)
        try:
            response = waiting.watched(running, lambda: progress(errand.fraction))
        finally:
            if not running.done():
                waiting.begin(errand.abandon)
            elif errand.deleted and not errand.may_cost:
                receipts.keep(before or "")  # as if nothing had been asked; what cost money has a receipt
        log.info("asked gemini", model=plan.model, seconds=round(piece.seconds), tokens=_tokens(response))
        return response


def _tokens(response: GenerateContentResponse) -> int | None:
    return response.usage_metadata.total_token_count if response.usage_metadata else None


@dataclass(frozen=True)
class _Heard:
    piece: Piece
    timed: Timed
    language: str | None

    @property
    def placed(self) -> stitching.Heard:
        """At its place in the recording."""
        start, end = self.piece.start, self.piece.end
        return stitching.Heard(tuple(times.moved(self.timed.words, start)), start, end, self.timed.is_exact)


class _Rising:
    """Tells a progress that never falls, whatever is told of the parts."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress = progress
        self._most = 0.0

    def __call__(self, fraction: float) -> None:
        self._most = max(self._most, min(1.0, fraction))
        self._progress(self._most)

    def part(self, begin: float, end: float) -> Callable[[float], None]:
        """Tells of a part, 0 to 1, as what it is of the whole."""
        return lambda fraction: self(begin + (end - begin) * fraction)


def _share(piece: Piece, seconds: float) -> tuple[float, float]:
    """From where to where the progress goes with a piece."""
    return HEARING + (1 - HEARING) * piece.start / seconds, HEARING + (1 - HEARING) * piece.end / seconds


def _together(heard: list[_Heard], speech: tuple[SpeechSpan, ...], request: Request, seconds: float) -> Transcription:
    words = tuple(times.ordered(stitching.join([one.placed for one in heard]), seconds))
    return Transcription(
        words=words,
        language=_language(heard, request),
        speech=speech,
        turns=turns_of(words),
        approximate=_approximate(heard),
    )


def _language(heard: list[_Heard], request: Request) -> str:
    """The one that was asked for, else the one that most words are in."""
    if request.language:
        return asking.tag(request.language)
    counted: Counter[str] = Counter()
    for one in heard:
        if one.language:
            counted[asking.tag(one.language)] += len(one.timed.words)
    return max(counted, key=lambda tag: counted[tag], default=UNKNOWN_LANGUAGE)


def _approximate(heard: list[_Heard]) -> str:
    """What a person should know of the times; "" where they are those that were told."""
    mended = sum(one.timed.mended for one in heard)
    if mended and mended == sum(one.timed.passages for one in heard):
        return GUESSED
    count = "one place" if mended == 1 else f"{mended} places"
    said = [SPREAD] if any(one.timed.spread for one in heard) else []
    said += [MENDED.format(count=count)] if mended else []
    return " ".join(said)
