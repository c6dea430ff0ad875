"""When each word of a known text is said: forced alignment by a CTC model.

    texts ──► letters ──► windows of 30 s, as for Whisper's attention ──► the likeliest path through what is heard

A CTC model tells for each frame of 20 ms which letter it hears, or none (Graves et al. 2006). The path through these
that spells the text and is the likeliest gives each letter its frames: torchaudio's `forced_align` (after Pratap et al.
2023, arXiv 2305.13516). Letters that the vocabulary has not, digits above all, may stand for whatever is heard.

For owners who set a model. Whether its licence allows their use is for them to check: the weights of Meta's MMS are
CC-BY-NC. A free one for English is torchaudio's WAV2VEC2_ASR_BASE_960H, in the format of transformers
facebook/wav2vec2-base-960h.

Never run on real weights here, so nobody measured how exact it is, nor FOREIGN on speech. Tested on emissions that
were made up, and on a tiny model of random weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from math import ceil, floor
from statistics import fmean
from typing import TYPE_CHECKING, Any, Protocol

from captions.anchors import Span, in_order
from captions.text import space_between
from captions.transcript import Word
from daemon.speech import ctc_model
from daemon.speech.alignment import Found, Search, guessed, settled, speech_spans
from daemon.speech.ctc_model import Vocabulary
from daemon.speech.device import DeviceName
from daemon.speech.windows import windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.speech.audio import Audio

FOREIGN = 0.5
"""Mean probability of a window's words below which they are not what is said there.

On made-up emissions the right text has 0.9 where one letter in ten is misheard and 0.67 where three are; the same words
shuffled have at most 0.42, for letters that happen to be there are taken, and other words 0.27.
"""

CONTEXT_SECONDS = 1.0  # heard before and after a window and not used: a model is unsure at the edges of what it hears
WILDCARD_COST = 0.1  # a wildcard is so much less likely than the best, in nats a frame: it takes no silence

why_not = ctc_model.why_not


def load(folder: str, device: DeviceName = DeviceName.AUTO) -> CtcAligner:
    """An aligner by the CTC model in a folder. Raise AskHuman if that cannot be loaded."""
    return CtcAligner(ctc_model.opened(folder, device))


class Emitting(Protocol):
    """A CTC model: see ctc_model.CtcModel."""

    vocabulary: Vocabulary
    samples_per_frame: int

    def emission(self, samples: NDArray[np.float32]) -> NDArray[np.float32]: ...


class CtcAligner:
    """Aligns with a loaded model, as align.Aligner does. Not for two threads at once.

    `speech`: where somebody speaks in a sound.
    """

    def __init__(self, model: Emitting, speech: Callable[[Audio], Sequence[Span]] = speech_spans) -> None:
        self._model = model
        self._speech = speech

    def align(
        self,
        audio: Audio,
        texts: Sequence[str],
        language: str,  # noqa: ARG002 - what the model's vocabulary spells is aligned, whatever the language
        rough: Sequence[Span] | None = None,
        progress: Callable[[float], None] = lambda _fraction: None,
    ) -> tuple[Word, ...]:
        """Give each of `texts`, in order and unchanged, the time in `audio` at which it is said.

        See align.Aligner.align. A text that the vocabulary does not spell at all keeps its rough time, with the
        confidence 0. Without `rough`, or where it turns out wrong, the whole sound goes through the model once more.
        """
        speech = self._speech(audio)
        if not self._are_spelled(texts):
            return in_order(guessed(texts, rough, speech, audio.seconds), audio.seconds)
        search = Search(
            audio.seconds,
            speech,
            find=lambda some, part: self._found(audio, some, part),
            recognise=lambda: self._recognised(audio, speech, progress),
            foreign=FOREIGN,
            progress=progress,
        )
        sought = search.words(texts, rough)
        progress(1.0)
        return settled(sought, speech, audio.seconds)

    def _are_spelled(self, texts: Sequence[str]) -> bool:
        """Whether there is one letter in them that the model knows."""
        return any(number is not None for text in texts for number in self._model.vocabulary.spelled(text))

    def _found(self, audio: Audio, texts: Sequence[str], part: Span) -> list[Found | None]:
        """Where the texts are on the likeliest path; None for one without a letter, or for all too many of them."""
        if not self._are_spelled(texts):
            return [None] * len(texts)
        emission, begin = self._emission(audio, part)
        wildcard = emission.shape[1]
        numbers, owners = spelled_out(texts, self._model.vocabulary, wildcard)
        spans: list[list[Any]] = [[] for _ in texts]
        for owner, span in zip(owners, path(emission, numbers, self._model.vocabulary.blank), strict=False):
            if owner is not None:
                spans[owner].append(span)
        seconds = self._model.samples_per_frame / audio.sample_rate
        return [_word(own, wildcard, seconds, begin - part[0]) for own in spans]

    def _recognised(self, audio: Audio, speech: Sequence[Span], progress: Callable[[float], None]) -> list[Word]:
        """The words that the model hears by itself: in every frame the likeliest letter."""
        seconds = self._model.samples_per_frame / audio.sample_rate
        heard: list[Word] = []
        for part in windows(speech, audio.seconds):
            progress(part[0] / audio.seconds)
            emission, begin = self._emission(audio, part)
            heard += greedy(emission, self._model.vocabulary, begin, seconds)
        return heard

    def _emission(self, audio: Audio, part: Span) -> tuple[NDArray[np.float32], float]:
        """What the model hears in the frames of a part, and when the first of them begins.

        Part by part: of a long sound all of it at once would not fit into the memory.
        """
        step = self._model.samples_per_frame
        a_second = audio.sample_rate / step
        first, last = floor(part[0] * a_second), ceil(part[1] * a_second)
        low, high = max(0, first - round(CONTEXT_SECONDS * a_second)), last + round(CONTEXT_SECONDS * a_second)
        emission = self._model.emission(audio.samples[low * step : high * step])
        return emission[first - low : last - low], first / a_second


def spelled_out(texts: Sequence[str], vocabulary: Vocabulary, wildcard: int) -> tuple[list[int], list[int | None]]:
    """The letters of all the texts, the delimiter between their words, and of which text each is, None for that."""
    numbers: list[int] = []
    owners: list[int | None] = []
    before = ""
    for owner, text in enumerate(texts):
        for word in text.split():
            letters = [wildcard if number is None else number for number in vocabulary.spelled(word)]
            if letters and numbers and vocabulary.delimiter is not None and space_between(before, word):
                numbers.append(vocabulary.delimiter)
                owners.append(None)
            numbers += letters
            owners += [owner] * len(letters)
            before = word
    return numbers, owners


def path(emission: NDArray[np.float32], numbers: Sequence[int], blank: int) -> list[Any]:
    """The span of frames of each letter on the likeliest path, as torchaudio's `TokenSpan`: its score is a probability.

    One more than the last number of the vocabulary is the wildcard. Empty where there are more letters than frames.
    """
    import numpy as np
    import torch
    from torchaudio.functional import forced_align, merge_tokens

    repeated = sum(one == other for one, other in pairwise(numbers))  # with a blank between them
    if not 0 < len(numbers) + repeated <= len(emission):
        return []
    widened = np.column_stack([emission, emission.max(axis=1) - WILDCARD_COST])
    labels, scores = forced_align(torch.from_numpy(widened)[None], torch.tensor([list(numbers)]), blank=blank)
    return list(merge_tokens(labels[0], scores[0].exp(), blank=blank))


def greedy(emission: NDArray[np.float32], vocabulary: Vocabulary, begin: float, seconds: float) -> list[Word]:
    """The words of the likeliest letters, `seconds` a frame, the first at `begin`. Without a delimiter: each letter."""
    names = {number: letter for letter, number in vocabulary.letters.items()}
    words: list[Word] = []
    is_new = True
    frame = 0
    for number, run in groupby(emission.argmax(axis=1).tolist()):
        start, frame = frame, frame + len(list(run))
        if number == vocabulary.delimiter:
            is_new = True
        elif number in names:
            letter = Word(names[number], begin + start * seconds, begin + frame * seconds, 1.0)
            if is_new or vocabulary.delimiter is None:
                words.append(letter)
            else:
                words[-1] = Word(words[-1].text + letter.text, words[-1].start, letter.end, 1.0)
            is_new = False
    return words


def _word(spans: Sequence[Any], wildcard: int, seconds: float, begin: float) -> Found | None:
    """The word of these spans of letters; None if none of them is a letter that the model knows."""
    scores = [span.score for span in spans if span.token != wildcard]
    if not scores:
        return None
    return Found(begin + spans[0].start * seconds, begin + spans[-1].end * seconds, min(1.0, fmean(scores)))
