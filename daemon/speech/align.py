"""When each word of a known text is said: forced alignment by Whisper's cross-attention.

    texts ──► rough times (given, or by recognising and anchoring) ──► windows of 30 s ──► attention ──► less its lag

While a Whisper model writes a token, some heads of its decoder look at the sound of it; CTranslate2 follows them by
dynamic time warping (`ctranslate2.models.Whisper.align`), which faster-whisper offers as `WhisperModel.find_alignment`
(after Radford et al. 2022, arXiv 2212.04356, and openai/whisper's timing.py). No further model is loaded.

An aligner by CTC (torchaudio's `forced_align`) is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from math import inf
from statistics import fmean
from typing import TYPE_CHECKING, Any, Protocol

from captions.anchors import Span, anchored, in_order, retimed, spread
from captions.text import space_between
from captions.track import Track
from captions.transcript import Transcript, Word
from daemon.speech.windows import divided, over_speech, snapped, windows

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

    from daemon.speech.audio import Audio

FOREIGN = 0.15
"""Mean probability of a window's words below which they are not what is said there.

With Whisper tiny.en the words of the right text have 0.4 to 0.85, the same words shuffled 0.01 to 0.04.
"""

MOSTLY = 0.8  # share of the words that were found; short ones have a low probability where they are right, too
MOST_TOKENS = 440  # of the decoder's 448 positions, less those that begin a text; nobody says so much in 30 s
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


class Aligner:
    """Aligns with a loaded model. Not for two threads at once.

    `lag`: by how many seconds this model's attention is late, see lag.py; None: measured in each sound that has enough
    words for it, and none in others.
    """

    def __init__(self, model: WhisperModel, lag: float | None = None) -> None:
        self._model = model
        self._lag = lag

    def align(
        self,
        audio: Audio,
        texts: Sequence[str],
        language: str,
        rough: Sequence[Span] | None = None,
        progress: Callable[[float], None] = lambda _fraction: None,
    ) -> tuple[Word, ...]:
        """Give each of `texts`, in order and unchanged, the time in `audio` at which it is said.

        A text is a word, or several that belong together; `language` is BCP-47. `rough`: about when each is said, in
        seconds; without it, or where it turns out wrong, the sound is recognised and the texts are anchored in what
        was heard. `progress` hears 0 to 1; what it raises is passed on.

        The confidence is the model's probability of the text at that place; a low one says that something else is said
        there, and then the time is the rough one. It is 0 throughout for a language that the model does not know: the
        times are the rough ones, or the texts are spread over the speech.
        """
        speech = speech_spans(audio)
        if not texts or self._code(language) is None:
            return in_order(_guesses(texts, rough or _spread_over(texts, speech, audio.seconds)), audio.seconds)
        sought = self._sought(audio, texts, language, rough, speech, progress)
        lag = self._lag if self._lag is not None else _lag_of(sought, speech, audio)
        progress(1.0)
        return in_order((_settled(one, lag, speech) for one in sought), audio.seconds)

    def lag_in(self, audio: Audio, texts: Sequence[str], language: str) -> float:
        """The model's lag, in seconds, as a sound shows it whose text is known; 0 if it has too few words."""
        speech = speech_spans(audio)
        return _lag_of(self._sought(audio, texts, language, None, speech, lambda _fraction: None), speech, audio)

    def _sought(
        self,
        audio: Audio,
        texts: Sequence[str],
        language: str,
        rough: Sequence[Span] | None,
        speech: Sequence[Span],
        progress: Callable[[float], None],
    ) -> list[Sought]:
        """Look for the words near their rough times; without, or in vain, near those of a recognition."""
        near = self._near(audio, _guesses(texts, rough), language, speech, progress) if rough else []
        if _trust(near) >= FOREIGN:
            return near
        anchors = self._anchored(audio, texts, language, speech, progress)
        again = self._near(audio, anchors, language, speech, progress)
        return again if not near or _trust(again) >= FOREIGN else near

    def _near(
        self,
        audio: Audio,
        guesses: Sequence[Word],
        language: str,
        speech: Sequence[Span],
        progress: Callable[[float], None],
    ) -> list[Sought]:
        """Look for words near the times that are guessed for them."""
        parts = windows(speech, audio.seconds)
        sought: list[Sought] = []
        for part, indexes in zip(parts, divided(guesses, parts), strict=True):
            progress(part[0] / audio.seconds)
            sought += self._in_window(audio, [guesses[index] for index in indexes], language, part)
        return sought

    def _in_window(self, audio: Audio, guesses: Sequence[Word], language: str, part: Span) -> list[Sought]:
        """Times in one window; the guessed ones, with a low confidence, where other words are said in it."""
        found = self._attention(audio, [guess.text for guess in guesses], language, part)
        is_foreign = fmean([one.probability if one else 0.0 for one in found] or [0.0]) < FOREIGN
        return [_placed(guess, one, part, is_foreign) for guess, one in zip(guesses, found, strict=True)]

    def _attention(self, audio: Audio, texts: Sequence[str], language: str, part: Span) -> list[Found | None]:
        """Where the model looks while it writes the texts; None for one that has no tokens, or for all too many."""
        from faster_whisper.audio import pad_or_trim

        tokenizer = self._tokenizer(language)
        tokens = [_tokens(tokenizer, text, before) for text, before in zip(texts, ["", *texts], strict=False)]
        total = sum(map(len, tokens))
        if not 0 < total <= MOST_TOKENS:
            return [None] * len(texts)
        samples = audio.samples[round(part[0] * audio.sample_rate) : round(part[1] * audio.sample_rate)]
        features = self._model.feature_extractor(samples)
        frames = min(features.shape[-1], self._model.feature_extractor.nb_max_frames)
        encoded = self._model.encode(pad_or_trim(features))
        [pieces] = self._model.find_alignment(tokenizer, [list(chain.from_iterable(tokens))], encoded, frames)
        return collected(pieces, [len(one) for one in tokens])

    def _anchored(
        self,
        audio: Audio,
        texts: Sequence[str],
        language: str,
        speech: Sequence[Span],
        progress: Callable[[float], None],
    ) -> tuple[Word, ...]:
        """Rough times by recognising the sound: those of words that are heard as they are written, spread between."""
        from faster_whisper import BatchedInferencePipeline

        heard: list[Word] = []
        segments, _ = BatchedInferencePipeline(model=self._model).transcribe(
            audio.samples, language=self._code(language), beam_size=1, vad_filter=True, word_timestamps=True
        )
        for segment in segments:
            progress(min(1.0, segment.end / audio.seconds))
            heard += [
                Word(word.word.strip(), float(word.start), float(word.end), float(word.probability))
                for word in segment.words or ()
            ]
        if not heard:
            return _guesses(texts, _spread_over(texts, speech, audio.seconds))
        return anchored(texts, heard, [(0.0, audio.seconds)] * len(texts))

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        multilingual = self._model.model.is_multilingual
        return Tokenizer(self._model.hf_tokenizer, multilingual, task="transcribe", language=self._code(language))

    def _code(self, language: str) -> str | None:
        """Whisper's code for a BCP-47 tag; None if the model does not know the language."""
        code = language.split("-")[0].lower()
        return code if code in self._model.supported_languages else None


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
        """See Aligner."""
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
    is_found = [one.confidence >= FOREIGN for one in found]
    words = (
        replace(word, start=one.start, end=one.end) if there or not has_times else word
        for word, one, there in zip(spoken.words, found, is_found, strict=True)
    )
    approximate = "" if sum(is_found) >= MOSTLY * len(is_found) else spoken.approximate
    return replace(spoken, words=in_order(words, audio.seconds), seconds=audio.seconds, approximate=approximate)


def retime(
    track: Track, transcript: Transcript, aligner: Aligning | None = None, audio: Audio | None = None
) -> tuple[Word, ...]:
    """The words of a track that people edited, with the times at which they are said.

    Words that the transcript has too keep its times. With an aligner and the sound, the others are looked for between
    them; and where nothing was changed, neither is used.
    """
    words = retimed(track, transcript)
    if aligner is None or audio is None or all(word.confidence for word in words):
        return words
    rough = [(word.start, word.end) for word in words]
    looked_for = aligner.align(audio, [word.text for word in words], track.language, rough)
    return in_order(between_anchors(words, looked_for), audio.seconds)


def between_anchors(words: Sequence[Word], found: Sequence[Word]) -> list[Word]:
    """Words with a confidence as they are; the others as they were found, kept between those. Speakers stay.

    One that was found elsewhere stays where it was guessed.
    """
    highs = list(accumulate((word.start if word.confidence else inf for word in reversed(words)), min))[::-1]
    chosen: list[Word] = []
    low = 0.0
    for word, other, high in zip(words, found, highs, strict=True):
        start, end = max(low, other.start), min(high, other.end)
        if not word.confidence and start < end:
            chosen.append(replace(other, start=start, end=end, speaker=word.speaker))
        else:
            chosen.append(word)
        low = max(low, word.end if word.confidence else low)
    return chosen


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


def collected(pieces: Sequence[Any], lengths: Sequence[int]) -> list[Found | None]:
    """The library's words, each with its `tokens`, put together to ours, of so many tokens each.

    A piece belongs where its first token does. Its probability is the mean over its tokens. None for what has none.
    """
    begins = [0, *accumulate(len(piece["tokens"]) for piece in pieces)]
    ends = list(accumulate(lengths))
    found: list[Found | None] = []
    for length, end in zip(lengths, ends, strict=True):
        own = [piece for begin, piece in zip(begins, pieces, strict=False) if end - length <= begin < end]
        count = sum(len(piece["tokens"]) for piece in own)
        probability = sum(float(piece["probability"]) * len(piece["tokens"]) for piece in own) / max(1, count)
        found.append(Found(float(own[0]["start"]), float(own[-1]["end"]), min(1.0, probability)) if own else None)
    return found


def _tokens(tokenizer: Any, text: str, before: str) -> list[int]:
    """The tokens of a text as they are within a longer one; what looks like a special token is left out."""
    space = space_between(before, text) if before else " "
    return [token for token in tokenizer.encode(space + text) if token < tokenizer.eot]


def _placed(guess: Word, found: Found | None, part: Span, is_foreign: bool) -> Sought:
    if found is None:
        return Sought(replace(guess, confidence=0.0))
    if is_foreign:
        return Sought(replace(guess, confidence=found.probability))
    start, end = part[0] + found.start, part[0] + found.end
    return Sought(Word(guess.text, start, end, found.probability, guess.speaker), is_found=True)


def _settled(sought: Sought, lag: float, speech: Sequence[Span]) -> Word:
    """The word without the model's lag and the pauses beside it; a guess as it is."""
    word = sought.word
    if not sought.is_found:
        return word
    start = max(0.0, word.start - lag)
    return snapped(replace(word, start=start, end=max(start, word.end - lag)), speech)


def _lag_of(sought: Sequence[Sought], speech: Sequence[Span], audio: Audio) -> float:
    from daemon.speech import lag

    return lag.measured([one.word.start for one in sought if one.is_found], speech, audio.samples, audio.sample_rate)


def _guesses(texts: Sequence[str], spans: Sequence[Span]) -> tuple[Word, ...]:
    return tuple(Word(text, start, end, 0.0) for text, (start, end) in zip(texts, spans, strict=True))


def _spread_over(texts: Sequence[str], speech: Sequence[Span], seconds: float) -> list[Span]:
    spoken = sum(end - start for start, end in speech) or seconds
    return over_speech(spread(texts, (0.0, spoken)), speech)


def _trust(sought: Sequence[Sought]) -> float:
    return fmean([one.word.confidence for one in sought] or [0.0])
