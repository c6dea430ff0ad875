"""What is the same for every aligner, whatever its model: where to look for words, and which finds to believe.

    texts ──► rough times (given, or by recognising and anchoring) ──► windows ──► the model's times, where believed

Does not listen: what a model finds in a window, and what it recognises, is asked of the aligner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import fmean
from typing import TYPE_CHECKING, Protocol

from captions.anchors import Span, anchored, in_order, spread
from captions.transcript import Transcript, Word
from daemon.speech.windows import divided, over_speech, snapped, windows

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

CTC = "ctc"  #: the aligner by a CTC model, where engines have names; its options are `folder` and `device`
SHORTEST_PAUSE_MS = 100
SURE = 0.15  # confidence from which on a word counts as found; short ones have little where they are right, too
MOSTLY, LEAST = 0.8, 0.3  # share of the words that are found; where it is less than LEAST, it is another text
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
        """Times in one window; the guessed ones, without confidence, where other words are said in it."""
        found = self.find([guess.text for guess in guesses], part)
        is_foreign = fmean([one.probability if one else 0.0 for one in found] or [0.0]) < self.foreign
        return [_placed(guess, None if is_foreign else one, part) for guess, one in zip(guesses, found, strict=True)]

    def _anchored(self, texts: Sequence[str]) -> tuple[Word, ...]:
        """Rough times by recognising the sound: those of words that are heard as they are written, spread between."""
        heard = self.recognise()
        if not heard:
            return guessed(texts, None, self.speech, self.seconds)
        return anchored(texts, heard, [(0.0, self.seconds)] * len(texts))


class Aligning(Protocol):
    """What gives texts the times at which they are said."""

    def align(
        self,
        audio: Audio,
        texts: Sequence[str],
        language: str,
        rough: Sequence[Span] | None = None,
        progress: Callable[[float], None] = lambda _fraction: None,
    ) -> tuple[Word, ...]:
        """Give each of `texts`, in order and unchanged, the time at which it is said.

        `rough`: about when each is said, in seconds. `language` is BCP-47. One that is not found has the confidence 0.
        """
        ...


def aligned(
    spoken: Transcript, audio: Audio, aligner: Aligning, progress: Callable[[float], None] = lambda _fraction: None
) -> Transcript:
    """The transcript with the times at which its words are said, in a sound of `audio.seconds`; all else stays.

    Without any times yet, words are looked for in the whole sound. Words that are not found keep their times; where
    they are many, so does what the transcript says of them.
    """
    has_times = any(word.end > 0 for word in spoken.words)
    rough = [(word.start, word.end) for word in spoken.words] if has_times else None
    found = aligner.align(audio, [word.text for word in spoken.words], spoken.language, rough, progress)
    count = sum(one.confidence >= SURE for one in found)
    if has_times and count < LEAST * len(found):  # not what is said, or no language that the model knows
        return replace(spoken, seconds=audio.seconds)
    words = tuple(replace(word, start=one.start, end=one.end) for word, one in zip(spoken.words, found, strict=True))
    approximate = "" if count >= MOSTLY * len(found) else spoken.approximate
    return replace(spoken, words=words, seconds=audio.seconds, approximate=approximate)


def settled(sought: Sequence[Sought], speech: Sequence[Span], seconds: float, lag: float = 0.0) -> tuple[Word, ...]:
    """Words with times that rise: those that were found without the model's lag and the pauses beside them.

    A guess stays between its neighbours that were found; where it is not between them, it is put there.
    """
    found = [_less(one, lag, speech) for one in sought]
    runs = [(is_found, [one.word for one in run]) for is_found, run in groupby(found, lambda one: one.is_found)]
    words: list[Word] = []
    for number, (is_found, run) in enumerate(runs):
        low = words[-1].end if words else 0.0
        high = runs[number + 1][1][0].start if number + 1 < len(runs) else seconds
        words += run if is_found else _between(run, low, max(low, high))
    return in_order(words, seconds)


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


def _less(sought: Sought, lag: float, speech: Sequence[Span]) -> Sought:
    if not sought.is_found:
        return sought
    start = max(0.0, sought.word.start - lag)
    end = max(start, sought.word.end - lag)
    return replace(sought, word=snapped(replace(sought.word, start=start, end=end), speech))


def _between(run: Sequence[Word], low: float, high: float) -> list[Word]:
    """Guesses that follow each other, as far as they are between two moments; spread over that time if none is."""
    inside = [(min(max(word.start, low), high), min(max(word.end, low), high)) for word in run]
    if inside[0][0] == inside[-1][1]:
        inside = spread([word.text for word in run], (low, high))
    return [replace(word, start=start, end=end) for word, (start, end) in zip(run, inside, strict=True)]


def _placed(guess: Word, found: Found | None, part: Span) -> Sought:
    if found is None:
        return Sought(replace(guess, confidence=0.0))
    start, end = part[0] + found.start, part[0] + found.end
    return Sought(Word(guess.text, start, end, found.probability, guess.speaker), is_found=True)


def _guesses(texts: Sequence[str], spans: Sequence[Span]) -> tuple[Word, ...]:
    return tuple(Word(text, start, end, 0.0) for text, (start, end) in zip(texts, spans, strict=True))


def _spread_over(texts: Sequence[str], speech: Sequence[Span], seconds: float) -> list[Span]:
    spoken = sum(end - start for start, end in speech) or seconds
    return over_speech(spread(texts, (0.0, spoken)), speech)


def _trust(sought: Sequence[Sought]) -> float:
    return fmean([one.word.confidence for one in sought] or [0.0])
