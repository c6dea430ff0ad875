"""When each word of a known text is said: forced alignment by Whisper's cross-attention.

    texts ──► rough times (given, or by recognising and anchoring) ──► windows of 30 s ──► attention ──► less its lag

While a Whisper model writes a token, some heads of its decoder look at the sound of it; CTranslate2 follows them by
dynamic time warping (`ctranslate2.models.Whisper.align`), which faster-whisper offers as `WhisperModel.find_alignment`
(after Radford et al. 2022, arXiv 2212.04356, and openai/whisper's timing.py). No further model is loaded.

What all aligners share is in alignment.py; ctc_align.py is one by CTC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from captions.anchors import Span, in_order
from captions.text import space_between
from captions.transcript import Word
from daemon.speech.alignment import Found, Search, Sought, guessed, settled, speech_spans

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

    from daemon.speech.audio import Audio

FOREIGN = 0.15
"""Mean probability of a window's words below which they are not what is said there.

With Whisper tiny.en the words of the right text have 0.4 to 0.85, the same words shuffled 0.01 to 0.04.
"""

MOST_TOKENS = 440  # of the decoder's 448 positions, less those that begin a text; nobody says so much in 30 s


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

        The confidence is the model's probability of the text at that place. It is 0 where something else is said there:
        then the time is the rough one; and throughout for a language that the model does not know: then the times are
        the rough ones, or the texts are spread over the speech.
        """
        speech = speech_spans(audio)
        if not texts or self._code(language) is None:
            return in_order(guessed(texts, rough, speech, audio.seconds), audio.seconds)
        sought = self._sought(audio, texts, language, rough, speech, progress)
        lag = self._lag if self._lag is not None else _lag_of(sought, speech, audio)
        progress(1.0)
        return settled(sought, speech, audio.seconds, lag)

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
        """See Search.words."""
        search = Search(
            audio.seconds,
            speech,
            find=lambda some, part: self._attention(audio, some, language, part),
            recognise=lambda: self._recognised(audio, language, progress),
            foreign=FOREIGN,
            progress=progress,
        )
        return search.words(texts, rough)

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

    def _recognised(self, audio: Audio, language: str, progress: Callable[[float], None]) -> list[Word]:
        """The words that the model hears by itself."""
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
        return heard

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        multilingual = self._model.model.is_multilingual
        return Tokenizer(self._model.hf_tokenizer, multilingual, task="transcribe", language=self._code(language))

    def _code(self, language: str) -> str | None:
        """Whisper's code for a BCP-47 tag; None if the model does not know the language."""
        code = language.split("-")[0].lower()
        return code if code in self._model.supported_languages else None


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


def _lag_of(sought: Sequence[Sought], speech: Sequence[Span], audio: Audio) -> float:
    from daemon.speech import lag

    return lag.measured([one.word.start for one in sought if one.is_found], speech, audio.samples, audio.sample_rate)
