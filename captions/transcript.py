"""A transcript: the words of a recording with their times, and what is known about the voices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

VERSION = 1
"""Version of the JSON written by `to_json`; `from_json` refuses any that it does not know."""


@dataclass(frozen=True)
class Word:
    """One written word with its punctuation, spoken from `start` to `end` seconds.

    `text` has no space around it; in writing systems without spaces it may hold several words. `confidence`
    is the engine's probability (0 to 1), `speaker` a label or a name where one is known.
    """

    text: str
    start: float
    end: float
    confidence: float
    speaker: str | None = None


@dataclass(frozen=True)
class SpeechSpan:
    """A stretch in which the voice activity detector heard speech, and the probability that there is none."""

    start: float
    end: float
    no_speech_probability: float = 0.0

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True)
class SpeakerTurn:
    """One speaker talking from `start` to `end` seconds."""

    start: float
    end: float
    speaker: str


@dataclass(frozen=True)
class EmotionSpan:
    """The feeling heard in a voice from `start` to `end` seconds; `scores` maps every label to 0 to 1.

    `speaker`: whose voice it is, where that is known.
    """

    start: float
    end: float
    label: str
    scores: Mapping[str, float]
    speaker: str | None = None


@dataclass(frozen=True)
class Transcript:
    """What was said in `seconds` of audio, in `language` (BCP-47), as heard by `engine` with `model`.

    `extras` holds what only some engines give (chapters, entities); its values are plain JSON. `approximate`: a
    sentence on why times of words are guesses; "" where they are not.
    """

    words: tuple[Word, ...]
    language: str
    engine: str
    model: str
    seconds: float
    turns: tuple[SpeakerTurn, ...] = ()
    emotions: tuple[EmotionSpan, ...] = ()
    speech: tuple[SpeechSpan, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    approximate: str = ""

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


def to_json(transcript: Transcript) -> str:
    """Write a transcript as JSON that `from_json` reads back to an equal value."""
    return json.dumps({"version": VERSION, **asdict(transcript)}, ensure_ascii=False)


def from_json(text: str) -> Transcript:
    """Read what `to_json` wrote. Raise ValueError for anything else."""
    try:
        values = json.loads(text)
        version = values.pop("version")
        if version != VERSION:
            raise ValueError(f"a transcript of version {version}; this program reads version {VERSION}")
        parts = {"words": Word, "turns": SpeakerTurn, "emotions": EmotionSpan, "speech": SpeechSpan}
        lists: dict[str, Any] = {name: tuple(part(**one) for one in values.pop(name)) for name, part in parts.items()}
        return Transcript(**lists, **values)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"not a transcript: {error}") from error
