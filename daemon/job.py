"""The settings that shape a video's captions.

They are copied onto the video when it is first taken up, so that each automatic try repeats the same job. Where a
person retries what had failed, the present settings are copied anew: one of them may be what was mended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from captions.cleaning import DEFAULT
from captions.cleaning import Options as CleaningOptions
from daemon.errors import AskHuman
from daemon.settings import Align, CleanSettings, DaemonSettings
from daemon.speech import diarize
from daemon.speech.condition import AS_IT_IS
from daemon.speech.emotion import options as emotion
from daemon.speech.engines import ENGINES
from daemon.speech.engines.contract import API_KEY, NoReceipts, Receipts, Request
from store import secrets
from store.channels import read_speakers


@dataclass(frozen=True)
class Wishes:
    """What is set for one channel; None: what config.toml says. `terms`: words to expect in its videos.

    `context`: what the video says of itself. `limits`: single numbers of the profile; the others are config.toml's.
    """

    language: str | None = None
    engine: str | None = None
    profile: str | None = None
    terms: tuple[str, ...] = ()
    speakers: str | None = None
    context: str = ""
    limits: Mapping[str, float] = field(default_factory=dict)
    emotion: bool | None = None


@dataclass(frozen=True)
class Style:
    """How words are set as cues: by which profile, how cleaned, with the spelling of which terms.

    `certainty`: how probable a feeling has to be for captions to tell it; 0: none is told. `limits`: numbers in the
    place of the profile's. `labels`: how they tell who speaks; "": as the profile does.
    """

    profile: str
    certainty: float = 0.0
    cleaning: CleaningOptions = DEFAULT
    terms: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    labels: str = ""


@dataclass(frozen=True)
class Job:
    """`language`: BCP-47, None to detect it. `options`: of the engine, those that change the words.

    `condition`: how the sound is prepared, of condition.Condition what is not off. `context`: what the video is about;
    `speakers`: how many there are, from and to, None if that is not known. `align`: where (`words`, of Align) and by
    which Whisper `model`, or the folder of which `ctc` model, words get their times; empty: nowhere. `second`: the
    engine that is compared; "": none. `voices`: how voices are told apart, of diarize.Options what shapes it;
    empty: not at all, but for what the engine itself does. `emotion`: by what emotion is told, of emotion's Options
    what shapes it; empty: not at all. `marks`: how probable a feeling has to be for captions to tell it; 0: none is.
    `clean`: how words are cleaned when they are set as cues, of settings.CleanSettings; empty: as it comes.
    `limits`: single numbers in the place of the profile's. `vertical_profile`: the profile if the video is higher than
    wide; "": as any other. `labels`: how captions tell who speaks, of captions.labels; "": as the profile does.
    """

    engine: str
    language: str | None
    profile: str
    options: dict[str, Any] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    condition: dict[str, float] = field(default_factory=dict)
    context: str = ""
    speakers: tuple[int, int] | None = None
    align: dict[str, str] = field(default_factory=dict)
    second: str = ""
    voices: dict[str, Any] = field(default_factory=dict)
    emotion: dict[str, Any] = field(default_factory=dict)
    marks: float = 0.0
    clean: dict[str, Any] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    vertical_profile: str = ""
    labels: str = ""

    def style(self, *, is_vertical: bool = False) -> Style:
        """How its words are set as cues, for a video of that shape."""
        profile, limits = self.rules(is_vertical=is_vertical)
        return Style(profile, self.marks, CleanSettings(**self.clean).options, tuple(self.terms), limits, self.labels)

    @property
    def heard(self) -> Job:
        """The part that an engine does: what it hears."""
        return replace(self, align={}, second="", voices={}, emotion={})

    @property
    def model(self) -> str:
        """The model by its name, of several the first; "" where the engine has but one."""
        several = self.options.get("models", ())
        return str(self.options.get("model") or (several[0] if several else ""))

    def rules(self, *, is_vertical: bool) -> tuple[str, dict[str, float]]:
        """The name of the profile for a video of that shape, and the numbers that take the place of its own."""
        if not (is_vertical and self.vertical_profile):
            return self.profile, self.limits
        wide = "characters_per_line"  # was meant for a picture of another width
        return self.vertical_profile, {name: value for name, value in self.limits.items() if name != wide}

    def words_key(self, sound_sha256: str) -> str:
        """Key of the words that this job makes of a sound: the hash of all that shapes them."""
        shaped_by: list[Any] = [sound_sha256, self.engine, self.language, self.options, *self.terms]
        if self.condition:
            shaped_by.append(self.condition)
        later = {"context": self.context, "speakers": self.speakers, "align": self.align, "second": self.second}
        later |= {"voices": self.voices, "emotion": self.emotion}
        if any(later.values()):  # words made before there were such things keep their key
            shaped_by.append({name: value for name, value in later.items() if value})
        return hashlib.sha256(json.dumps(shaped_by, sort_keys=True).encode()).hexdigest()


def present(settings: DaemonSettings, wishes: Wishes = Wishes()) -> Job:
    """The job by the settings of now, those of the channel first. Raise AskHuman if its engine is none."""
    engine = wishes.engine or settings.speech.engine
    if engine not in ENGINES:
        raise AskHuman(f"there is no engine {engine}: set another one for the channel; there are: {', '.join(ENGINES)}")
    return Job(
        engine=engine,
        language=wishes.language or settings.speech.language or None,
        profile=wishes.profile or settings.captions.profile,
        options=ENGINES[engine].shaping(engine_options(settings, engine)),
        terms=wishes.terms,
        condition=condition(settings, engine),
        context=wishes.context,
        speakers=_speakers(wishes.speakers or settings.speech.speakers),
        align=_alignment(settings, engine),
        second=_second(settings, engine),
        voices=_voices(settings),
        emotion=_emotion(settings, wishes.emotion),
        marks=_marks(settings, wishes.emotion),
        clean=settings.captions.clean.model_dump(mode="json"),
        limits={**settings.captions.limits, **wishes.limits},
        labels=settings.captions.labels,
        vertical_profile="" if wishes.profile else settings.captions.vertical_profile,
    )


def _speakers(text: str) -> tuple[int, int] | None:
    return read_speakers(text) if text else None


def _alignment(settings: DaemonSettings, engine: str) -> dict[str, str]:
    table = settings.speech.align
    if table.words is Align.NEVER or (table.words is Align.MISSING and ENGINES[engine].word_times):
        return {}
    by = {"ctc": table.ctc} if table.ctc else {"model": table.model or settings.engines.whisper.model}
    return {"words": str(table.words), **by}


def _voices(settings: DaemonSettings) -> dict[str, Any]:
    table = settings.speech.voices
    return diarize.shaping(table.options) if table.on else {}


def _emotion(settings: DaemonSettings, wished: bool | None) -> dict[str, Any]:
    table = settings.speech.emotion
    return emotion.shaping(table.options) if _is_on(table.on, wished) else {}


def _marks(settings: DaemonSettings, wished: bool | None) -> float:
    table = settings.speech.emotion
    return table.certainty if _is_on(table.on, wished) and table.cues else 0.0


def _is_on(usual: bool, wished: bool | None) -> bool:
    """As the channel wishes it, else as config.toml says."""
    return usual if wished is None else wished


def _second(settings: DaemonSettings, engine: str) -> str:
    return "" if settings.router.second == engine else settings.router.second


def condition(settings: DaemonSettings, engine: str) -> dict[str, float]:
    """How the sound is prepared for an engine: by the settings, where they are for it, else as its kind says."""
    table = settings.speech.condition
    ours = table.steps if table.is_for(engine) else AS_IT_IS
    return {name: value for name, value in ours.over(ENGINES[engine].condition).model_dump().items() if value}


def engine_options(settings: DaemonSettings, engine: str) -> dict[str, Any]:
    """All options of an engine, as plain values."""
    options: dict[str, Any] = getattr(settings.engines, engine).model_dump(mode="json")
    return options


def with_key(settings: DaemonSettings, engine: str) -> dict[str, Any]:
    """All options of an engine, with its key where it takes one and there is one. Never to be kept or logged."""
    options = engine_options(settings, engine)
    kind = ENGINES[engine]
    found = secrets.find(kind.secret) if kind.secret else None
    return options if found is None else {**options, API_KEY: found.value}


def options_of(asked: Job, options: dict[str, Any]) -> dict[str, Any]:
    """All options for a job: what shapes the words is the job's own or as it comes, of `options` is the rest."""
    shaped = ENGINES[asked.engine].shaping(options)
    return {**{name: value for name, value in options.items() if name not in shaped}, **asked.options}


def by(engine: str, asked: Job, settings: DaemonSettings) -> Job:
    """The same job by another engine, with its present options."""
    if engine == asked.engine:
        return asked
    shaped = ENGINES[engine].shaping(engine_options(settings, engine))
    return replace(
        asked,
        engine=engine,
        options=shaped,
        condition=condition(settings, engine),
        align=_alignment(settings, engine),
        second=_second(settings, engine),
    )


def request(asked: Job, receipts: Receipts | None = None) -> Request:
    """What an engine is asked of a sound."""
    return Request(asked.language, asked.terms, asked.context, asked.speakers, receipts or NoReceipts())


def to_values(job: Job) -> dict[str, Any]:
    return asdict(job)


def from_values(values: dict[str, Any]) -> Job:
    """What `to_values` made, of this version or an older one."""
    speakers = values.get("speakers")
    return Job(
        **{
            **values,
            "terms": tuple(values.get("terms", ())),
            "speakers": None if speakers is None else (speakers[0], speakers[1]),
        }
    )
