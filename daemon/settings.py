"""[daemon] and the tables below it in config.toml."""

from __future__ import annotations

import difflib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationInfo,
    field_validator,
    model_validator,
)

import captions.labels
import captions.profiles
from captions.cleaning import Options as CleaningOptions
from captions.cleaning.fillers import Level
from captions.cleaning.profanity import Profanity
from daemon.speech.condition import Condition
from daemon.speech.diarize import Options as VoicesOptions
from daemon.speech.emotion.options import Options as EmotionOptions
from daemon.speech.engines import ENGINES
from daemon.speech.engines.assemblyai import Options as AssemblyAIOptions
from daemon.speech.engines.contract import BRINGS
from daemon.speech.engines.fireredasr import Options as FireRedAsrOptions
from daemon.speech.engines.gemini import Options as GeminiOptions
from daemon.speech.engines.parakeet import Options as ParakeetOptions
from daemon.speech.engines.whisper import Options as WhisperOptions
from daemon.speech.identify import Options as IdentityOptions
from store.channels import read_speakers
from store.settings import FileSettings, Table


def _template(name: str) -> AfterValidator:
    def check(value: str) -> str:
        if f"{{{name}}}" not in value:
            raise ValueError(f"must hold {{{name}}}")
        return value

    return AfterValidator(check)


def _engine(value: str) -> str:
    if value not in ENGINES:
        close = difflib.get_close_matches(value, ENGINES, n=1)
        raise ValueError(
            f"there is no such engine; there are: {', '.join(ENGINES)}"
            + (f". Did you mean {close[0]}?" if close else "")
        )
    return value


def _need(value: str) -> str:
    if value not in BRINGS:
        raise ValueError(f"no engine gives that; there are: {', '.join(BRINGS)}")
    return value


def _speakers(value: str) -> str:
    if value:
        read_speakers(value)
    return value


def _profile(value: str) -> str:
    return captions.profiles.find(value).name


def _labels(value: str) -> str:
    if value not in captions.labels.STYLES:
        raise ValueError(f"there are: {', '.join(captions.labels.STYLES)}")
    return value


class CostSettings(Table):
    """[daemon.youtube.costs]: units of quota per call; they change now and then."""

    captions_list: PositiveInt = 50
    captions_insert: PositiveInt = 400
    captions_update: PositiveInt = 450
    captions_download: PositiveInt = 200
    channels_list: PositiveInt = 1
    videos_list: PositiveInt = 1


class YouTubeSettings(Table):
    """[daemon.youtube]"""

    feed_url: Annotated[str, _template("channel_id")] = (
        "https://www.youtube.com/feeds/videos.xml?channel_id={channel_id}"
    )
    watch_url: Annotated[str, _template("video_id")] = "https://www.youtube.com/watch?v={video_id}"
    site_url: str = "https://www.youtube.com"
    api_root: str = "https://youtube.googleapis.com"
    auth_uri: str = "https://accounts.google.com/o/oauth2/auth"
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 an address
    poll_minutes: PositiveFloat = 15.0
    poll_jitter: float = Field(default=0.1, ge=0, lt=1)
    timeout_seconds: PositiveFloat = 20.0
    daily_quota: PositiveInt = 10_000
    track_name: str = Field(default="", max_length=150)
    plugin_dirs: tuple[Path, ...] = ()
    cookies_file: str = ""
    costs: CostSettings = Field(default_factory=CostSettings)


class DownloadSettings(Table):
    """[daemon.download]"""

    parallel: PositiveInt = 2
    stall_seconds: PositiveFloat = 300.0
    memory_limit_mb: PositiveInt = 2048


class ConditionSettings(Condition):
    """[daemon.speech.condition]"""

    engines: tuple[Annotated[str, AfterValidator(_engine)], ...] = ()

    @property
    def steps(self) -> Condition:
        return Condition.model_validate(self.model_dump(exclude={"engines"}))

    def is_for(self, engine: str) -> bool:
        return not self.engines or engine in self.engines


class Align(StrEnum):
    """Where the times of words are looked for in the sound."""

    MISSING = "missing"  #: where an engine tells approximate ones alone
    ALWAYS = "always"
    NEVER = "never"


class AlignSettings(Table):
    """[daemon.speech.align]"""

    words: Align = Align.MISSING
    model: str = ""
    ctc: str = ""


class When(StrEnum):
    """When voices are told apart."""

    AUTO = "auto"  #: whichever is faster, see beside.py
    BESIDE = "beside"  #: while an engine recognises
    AFTER = "after"


class VoicesSettings(VoicesOptions):
    """[daemon.speech.voices]"""

    on: bool = False
    when: When = When.AUTO

    @property
    def options(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"on", "when"})


class EmotionSettings(EmotionOptions):
    """[daemon.speech.emotion]"""

    on: bool = False
    cues: bool = False
    certainty: float = Field(default=0.8, gt=0, le=1)

    @property
    def options(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"on", "cues", "certainty"})


class SpeechSettings(Table):
    """[daemon.speech]"""

    engine: Annotated[str, AfterValidator(_engine)] = "whisper"
    language: str = ""
    speakers: Annotated[str, AfterValidator(_speakers)] = ""
    idle_seconds: float = Field(default=300.0, ge=0)
    stall_seconds: PositiveFloat = 900.0
    memory_limit_mb: PositiveInt = 16_000
    condition: ConditionSettings = Field(default_factory=ConditionSettings)
    align: AlignSettings = Field(default_factory=AlignSettings)
    voices: VoicesSettings = Field(default_factory=VoicesSettings)
    identity: IdentityOptions = Field(default_factory=IdentityOptions)
    emotion: EmotionSettings = Field(default_factory=EmotionSettings)


class RuleSettings(Table):
    """A row of [daemon.router] rules."""

    engine: Annotated[str, AfterValidator(_engine)]
    language: str | None = None
    at_least_minutes: float | None = Field(default=None, ge=0)
    at_most_minutes: float | None = Field(default=None, ge=0)


class RouterSettings(Table):
    """[daemon.router]: which engine a video gets, and which come after it."""

    rules: tuple[RuleSettings, ...] = ()
    fallbacks: tuple[Annotated[str, AfterValidator(_engine)], ...] = ()
    needs: tuple[Annotated[str, AfterValidator(_need)], ...] = ()
    second: Annotated[str, AfterValidator(lambda name: name and _engine(name))] = ""
    local_only: bool = False
    monthly_limit: float = Field(default=20.0, ge=0)
    channel_monthly_limit: float = Field(default=20.0, ge=0)


class EnginesSettings(Table):
    """[daemon.engines]: each engine reads the table of its name."""

    whisper: WhisperOptions = Field(default_factory=WhisperOptions)
    assemblyai: AssemblyAIOptions = Field(default_factory=AssemblyAIOptions)
    parakeet: ParakeetOptions = Field(default_factory=ParakeetOptions)
    fireredasr: FireRedAsrOptions = Field(default_factory=FireRedAsrOptions)
    gemini: GeminiOptions = Field(default_factory=GeminiOptions)


class CleanSettings(Table):
    """[daemon.captions.clean]"""

    hallucinations: bool = True
    glossary: bool = True
    fillers: Level = Level.OFF
    numbers: bool = False
    profanity: Profanity = Profanity.OFF

    @property
    def options(self) -> CleaningOptions:
        return CleaningOptions(**dict(self))


class CaptionsSettings(Table):
    """[daemon.captions]"""

    profile: Annotated[str, AfterValidator(_profile)] = captions.profiles.DEFAULT
    clean: CleanSettings = Field(default_factory=CleanSettings)
    labels: Annotated[str, AfterValidator(lambda name: name and _labels(name))] = ""
    vertical_profile: Annotated[str, AfterValidator(lambda name: name and _profile(name))] = "shorts"
    limits: dict[str, Annotated[float, Field(strict=True)]] = Field(default_factory=dict)

    @field_validator("limits")
    @classmethod
    def _hold_in_the_profile(cls, limits: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        captions.profiles.refuse_impossible(limits, info.data.get("profile"))
        return limits


class DaemonSettings(Table):
    """[daemon]"""

    tick_seconds: PositiveFloat = 1.0
    youtube: YouTubeSettings = Field(default_factory=YouTubeSettings)
    download: DownloadSettings = Field(default_factory=DownloadSettings)
    speech: SpeechSettings = Field(default_factory=SpeechSettings)
    engines: EnginesSettings = Field(default_factory=EnginesSettings)
    router: RouterSettings = Field(default_factory=RouterSettings)
    captions: CaptionsSettings = Field(default_factory=CaptionsSettings)

    @model_validator(mode="after")
    def _does_not_prepare_what_is_heard_apart(self) -> Self:
        table = self.speech.condition
        if self.engines.assemblyai.multichannel and table.is_for("assemblyai") and not table.steps.is_off:
            raise ValueError(
                "[daemon.engines.assemblyai] multichannel cannot be combined with [daemon.speech.condition]: switch it "
                "off, or name in condition's engines those that it is for, without assemblyai"
            )
        return self


class Settings(FileSettings):
    """config.toml as captiond sees it; the bot's table is the bot's to check."""

    daemon: DaemonSettings = Field(default_factory=DaemonSettings)
    bot: Any = None
