"""What is the same for every aligner, whatever its model: where to look for words, and which finds to believe.

    texts ──► rough times (given, or by recognising and anchoring) ──► windows ──► the model's times, where believed

Does not listen: what a model finds in a window, and what it recognises, is asked of the aligner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

from captions.anchors import Span, anchored, spread
from captions.transcript import Word
from daemon.speech.windows import divided, over_speech, snapped, windows

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

SHORTEST_PAUSE_MS = 100
PAD_MS = 50  # the detector hears the beginning of a word so much too late


@dataclass(frozen=True)
class Found:
    """A word that the model looked for: `start` and `end` in seconds from the window's beginning."""

    start: float
    end: float
    probability: float


@dataclass(frozen=True)
class Sought:
    """A word, and whether its time is where the model looked, not a guess."""

    word: Word
    is_found: bool = False

    def settled(self, speech: Sequence[Span], lag: float = 0.0) -> Word:
        """The word without the model's lag and the pauses beside it; a guess as it is."""
        if not self.is_found:
            return self.word
        start = max(0.0, self.word.start - lag)
        return snapped(replace(self.word, start=start, end=max(start, self.word.end - lag)), speech)


@dataclass(frozen=True)
class Search:
    """How a model looks for words in one sound, of so many `seconds`, with somebody speaking in `speech`.

    `find`: where in a part of the sound it finds texts, None for one that it cannot look for. `recognise`: the words
    that it hears by itself. `foreign`: the mean probability of a window's words below which they are not what is said
    there. What `progress` raises is passed on.
    """

    seconds: float
    speech: Sequence[Span]
    find: Callable[[Sequence[str], Span], Sequence[Found | None]]
    recognise: Callable[[], Sequence[Word]]
    foreign: float
    progress: Callable[[float], None]

    def words(self, texts: Sequence[str], rough: Sequence[Span] | None) -> list[Sought]:
        """Look for the words near their rough times; without, or in vain, near those of a recognition."""
        near = self._near(_guesses(texts, rough)) if rough else []
        if _trust(near) >= self.foreign:
            return near
        again = self._near(self._anchored(texts))
        return again if not near or _trust(again) >= self.foreign else near

    def _near(self, guesses: Sequence[Word]) -> list[Sought]:
        """Look for words near the times that are guessed for them."""
        parts = windows(self.speech, self.seconds)
        sought: list[Sought] = []
        for part, indexes in zip(parts, divided(guesses, parts), strict=True):
            self.progress(part[0] / self.seconds)
            sought += self._in_window([guesses[index] for index in indexes], part)
        return sought

    def _in_window(self, guesses: Sequence[Word], part: Span) -> list[Sought]:
        """Times in one window; the guessed ones, with a low confidence, where other words are said in it."""
        found = self.find([guess.text for guess in guesses], part)
        is_foreign = fmean([one.probability if one else 0.0 for one in found] or [0.0]) < self.foreign
        return [_placed(guess, one, part, is_foreign) for guess, one in zip(guesses, found, strict=True)]

    def _anchored(self, texts: Sequence[str]) -> tuple[Word, ...]:
        """Rough times by recognising the sound: those of words that are heard as they are written, spread between."""
        heard = self.recognise()
        if not heard:
            return guessed(texts, None, self.speech, self.seconds)
        return anchored(texts, heard, [(0.0, self.seconds)] * len(texts))


def guessed(
    texts: Sequence[str], rough: Sequence[Span] | None, speech: Sequence[Span], seconds: float
) -> tuple[Word, ...]:
    """The texts at their rough times, or spread over the speech, with the confidence 0."""
    return _guesses(texts, rough or _spread_over(texts, speech, seconds))


def speech_spans(audio: Audio) -> list[Span]:
    """Where somebody speaks, in seconds, by Silero's detector, which faster-whisper carries."""
    from faster_whisper.vad import get_speech_timestamps

    found = get_speech_timestamps(
        audio.samples,
        sampling_rate=audio.sample_rate,
        min_silence_duration_ms=SHORTEST_PAUSE_MS,
        speech_pad_ms=PAD_MS,
    )
    return [(one["start"] / audio.sample_rate, one["end"] / audio.sample_rate) for one in found]


def _placed(guess: Word, found: Found | None, part: Span, is_foreign: bool) -> Sought:
    if found is None:
        return Sought(replace(guess, confidence=0.0))
    if is_foreign:
        return Sought(replace(guess, confidence=found.probability))
    start, end = part[0] + found.start, part[0] + found.end
    return Sought(Word(guess.text, start, end, found.probability, guess.speaker), is_found=True)


def _guesses(texts: Sequence[str], spans: Sequence[Span]) -> tuple[Word, ...]:
    return tuple(Word(text, start, end, 0.0) for text, (start, end) in zip(texts, spans, strict=True))


def _spread_over(texts: Sequence[str], speech: Sequence[Span], seconds: float) -> list[Span]:
    spoken = sum(end - start for start, end in speech) or seconds
    return over_speech(spread(texts, (0.0, spoken)), speech)


def _trust(sought: Sequence[Sought]) -> float:
    return fmean([one.word.confidence for one in sought] or [0.0])
