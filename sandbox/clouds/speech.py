"""What is said in a recording, as the scene has it, and how it falls into turns and sentences."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from sandbox.clouds import audio
from sandbox.clouds.audio import Audio

SPOKEN = 0.8  # of the time that a word has in a text that is spread
SENTENCE_ENDS = tuple(".?!。？！")


@dataclass(frozen=True)
class Word:
    """`start` and `end` in seconds from the beginning of the audio."""

    text: str
    start: float
    end: float
    speaker: str | None = None
    confidence: float = 0.99

    def within(self, begin: float, end: float) -> Word:
        """As it is heard in the piece between these seconds."""
        return replace(self, start=max(self.start, begin) - begin, end=min(self.end, end) - begin)


@dataclass(frozen=True)
class Speech:
    """`words` as they are said, or a `text` that is spread over the audio, whatever its length.

    With `recording` the words are those of this file, and of a piece cut out of it those that lie in the piece.
    """

    words: tuple[Word, ...] = ()
    text: str = ""
    language: str = "en"
    language_confidence: float = 0.99
    recording: Path | None = None

    def heard_in(self, data: bytes, heard: Audio) -> tuple[Word, ...]:
        """The words with their times in this audio. Times that make no sense are left as the scene has them."""
        if self.text:
            return spread(self.text, heard.seconds)
        if self.recording is None:
            return self.words
        begin = audio.place(data, self.recording.read_bytes())
        end = begin + heard.seconds
        return tuple(word.within(begin, end) for word in self.words if begin <= (word.start + word.end) / 2 < end)


def make(words: Iterable[Any] = (), text: str = "", recording: str | None = None, **more: Any) -> Speech:
    """A speech from plain values: a word is [text, start, end, speaker, confidence], the last two may be left out.

    `more` are further fields of Speech. Raise TypeError, ValueError.
    """
    made = tuple(Word(*word) for word in words)
    if made and text:
        raise ValueError("either words, or a text")
    path = None if recording is None else Path(recording)
    if path is not None and not path.is_file():
        raise ValueError(f"there is no file {recording}")
    return Speech(made, text, recording=path, **more)


def spread(text: str, seconds: float) -> tuple[Word, ...]:
    """The words of a text, at even distances over so many seconds."""
    found = text.split()
    step = seconds / max(1, len(found))
    return tuple(Word(one, index * step, (index + SPOKEN) * step) for index, one in enumerate(found))


@dataclass(frozen=True)
class Turn:
    """Words without a break by one speaker, or one sentence."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end

    @property
    def speaker(self) -> str | None:
        return self.words[0].speaker


def turns(words: Sequence[Word]) -> list[Turn]:
    """The words by who says them, in their order."""
    return _grouped(words, lambda word: word.speaker)


def sentences(words: Sequence[Word]) -> list[Turn]:
    """The words by sentence and by who says them, in their order."""
    ended = 0
    numbers = []
    for word in words:
        numbers.append(ended)
        ended += word.text.endswith(SENTENCE_ENDS)
    numbered = iter(numbers)
    return _grouped(words, lambda word: (next(numbered), word.speaker))


def _grouped(words: Sequence[Word], what: Callable[[Word], Hashable]) -> list[Turn]:
    return [Turn(tuple(group)) for _, group in groupby(words, what)]
