"""What goes into an engine, what comes out, and what an engine says of itself. One test holds each engine to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from captions.transcript import SpeakerTurn, SpeechSpan, Word
from daemon.speech.condition import AS_IT_IS, Condition

if TYPE_CHECKING:
    from daemon.speech.audio import Audio

API_KEY = "api_key"  #: in the options of a cloud engine, beside those of config.toml; never kept, never logged
BRINGS = (
    "speakers",
    "sentiment",
    "chapters",
    "summary",
    "key_phrases",
    "entities",
    "topics",
    "content_safety",
)  #: what some engines give beyond words
PROMPT_CHARACTERS = 2000  #: of `Request.context`, whatever a video's description holds


class Receipts(Protocol):
    """Keeps what a paid service gave for a job, so that a restart asks for the same one and does not pay twice."""

    def read(self) -> str | None:
        """What was kept for this very job; None if nothing was."""
        ...

    def keep(self, receipt: str) -> None:
        """Keep it at once: the next moment may be the last. "" forgets it."""
        ...


class NoReceipts:
    """Keeps nothing: where nobody will come back to ask for it."""

    def read(self) -> str | None:
        return None

    def keep(self, receipt: str) -> None:
        pass


@dataclass(frozen=True)
class Request:
    """What is wanted of a recording.

    `language`: BCP-47, None to detect it. `terms`: names and words to expect. `context`: what it is about, in a few
    sentences, as a video's title and description say it. `speakers`: how many there are, from and to; None: not known.
    `receipts` are for engines that cost money.
    """

    language: str | None = None
    terms: tuple[str, ...] = ()
    context: str = ""
    speakers: tuple[int, int] | None = None
    receipts: Receipts = field(default_factory=NoReceipts, compare=False)


@dataclass(frozen=True)
class Transcription:
    """What was heard. Times are seconds from the start of the audio, ordered, within it.

    `language` is BCP-47, `speech` where a detector heard any, `turns` who spoke when. `extras` are plain JSON, each
    only where the engine gave it: `chapters` [{start, end, title, text}], `summary` (text), `key_phrases` [{text,
    count}], `entities` [{text, kind, start, end}], `topics` [{text, relevance}], `sentiment` [{start, end, label,
    confidence, speaker}], `content_safety` [{label, confidence, start, end}], and `notes`: sentences that a person
    should read before they approve.

    `approximate`: where times of words are guesses within what was told, a sentence that says so and why; else "".
    """

    words: tuple[Word, ...]
    language: str
    speech: tuple[SpeechSpan, ...] = ()
    turns: tuple[SpeakerTurn, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    approximate: str = ""


class Engine(Protocol):
    """A loaded engine."""

    def transcribe(self, audio: Audio, request: Request, progress: Callable[[float], None]) -> Transcription:
        """Recognise all speech in `audio`; tell `progress` how much is done, 0 to 1, at last 1. Raise DaemonError.

        Whatever `progress` raises ends it within 2 s, and is passed on.
        """
        ...


@dataclass(frozen=True)
class EngineKind:
    """What an engine brings, and how to make one from its options (a JSON object).

    `brings`: of BRINGS. `secret`: the name of its key, which comes in its options as API_KEY; "" for none.
    `price_per_hour`: of sound, by its options; 0 for what runs here. `hears_apart`: whether, by its options, it wants
    the channels of a recording (Audio.channels), and hears two that are apart each for itself: then each is paid.
    `tells_speakers`: whether, by its options, its words come with their speakers.
    """

    load: Callable[[Mapping[str, Any]], Engine]
    why_not: Callable[[Mapping[str, Any]], str]  #: "" if it looks ready; loads nothing
    is_here: Callable[[Mapping[str, Any]], bool]  #: whether its model is on this machine, not to be fetched first
    shaping: Callable[[Mapping[str, Any]], dict[str, Any]]  #: the options that change the words, not only the speed
    local: bool
    word_times: bool  #: whether each word always comes with a time of its own; else see Transcription.approximate
    brings: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None  #: primary subtags; None: all that its model knows
    maximum_seconds: float | None = None
    secret: str = ""
    price_per_hour: Callable[[Mapping[str, Any]], float] = lambda _options: 0.0
    hears_apart: Callable[[Mapping[str, Any]], bool] = lambda _options: False
    tells_speakers: Callable[[Mapping[str, Any]], bool] = lambda _options: False
    condition: Condition = AS_IT_IS  #: how the sound is prepared, where [daemon.speech.condition] says nothing
