"""Read config.toml: one model per folder's table, all mistakes at once, with "did you mean"."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, TomlConfigSettingsSource
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from store.database import sqlite_url
from store.errors import SettingsError

PROGRAM = "captionwatch"


class Table(BaseModel):
    """A table of config.toml. Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _url(value: str) -> str:
    try:
        return str(make_url(value).render_as_string(hide_password=False)) if value else ""
    except ArgumentError:
        raise ValueError(
            "is no address of a database, such as sqlite:////var/lib/captionwatch/captionwatch.db"
        ) from None


class StoreSettings(Table):
    """[store]"""

    url: Annotated[str, AfterValidator(_url)] = ""  #: SQLAlchemy's; empty: an SQLite file in the state directory

    def database_url(self, state: Path) -> str:
        return self.url or sqlite_url(state / f"{PROGRAM}.db")


class FileSettings(BaseSettings):
    """The whole of config.toml as one process sees it: a process checks its own folder's table and the store's."""

    model_config = ConfigDict(extra="forbid", frozen=True)  # type: ignore[assignment]
    file: ClassVar[Path | None] = None
    store: StoreSettings = Field(default_factory=StoreSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file alone: a setting that came from nowhere visible would be a riddle."""
        del env_settings, dotenv_settings, file_secret_settings
        if cls.file is None:
            return (init_settings,)
        return (init_settings, TomlConfigSettingsSource(settings_cls, toml_file=cls.file))


Settings = TypeVar("Settings", bound=FileSettings)


def config_path(given: Path | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where config.toml is: as given, else $CAPTIONWATCH_CONFIG, else in ~/.config if there; None: the defaults."""
    if given is not None:
        return given
    if environment.get("CAPTIONWATCH_CONFIG"):
        return Path(environment["CAPTIONWATCH_CONFIG"])
    home = Path(environment.get("XDG_CONFIG_HOME") or _home() / ".config")
    path = home / PROGRAM / "config.toml"
    return path if path.exists() else None


def state_directory(environment: Mapping[str, str] = os.environ) -> Path:
    """Where database, sound, transcripts and tokens are: $STATE_DIRECTORY, else below $XDG_STATE_HOME."""
    if environment.get("STATE_DIRECTORY"):
        return Path(environment["STATE_DIRECTORY"].split(":")[0])
    return Path(environment.get("XDG_STATE_HOME") or _home() / ".local" / "state") / PROGRAM


def _home() -> Path:
    """Raise SettingsError where this account has none, as in some containers."""
    try:
        return Path.home()
    except RuntimeError:
        cure = "this account has no home: set $HOME, or $STATE_DIRECTORY and $CAPTIONWATCH_CONFIG"
        raise SettingsError("the environment", [cure]) from None


def load(model: type[Settings], path: Path | None) -> Settings:
    """The settings in the file at `path`, or the defaults. Raise SettingsError with every mistake in it."""
    if path is None:
        return model()
    _readable(path)
    bound = type(model.__name__, (model,), {"file": path, "__module__": model.__module__})
    return validated(bound, {}, str(path))


def validated(model: type[Settings], values: dict[str, Any], source: str) -> Settings:
    """The settings of `values`, which come from `source`. Raise SettingsError with every mistake in them."""
    try:
        return model(**values)
    except ValidationError as error:
        raise SettingsError(source, [_sentence(model, mistake) for mistake in error.errors()]) from error


def _readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            tomllib.load(file)
    except OSError as error:
        raise SettingsError(str(path), [f"cannot be read: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), [f"is no TOML: {error}"]) from error


def _sentence(model: type[BaseModel], mistake: ErrorDetails) -> str:
    place = mistake["loc"]
    key = ".".join(str(part) for part in place)
    if mistake["type"] == "extra_forbidden":
        names = _names_beside(model, place)
        close = difflib.get_close_matches(str(place[-1]), names, n=1)
        hint = f" Did you mean {close[0]}?" if close else f" There are: {', '.join(sorted(names))}."
        return f"{key}: there is no such key.{hint}"
    hidden = place == ("store", "url") and isinstance(mistake["input"], str)  # an address may hold a password
    said = "" if hidden or isinstance(mistake["input"], dict) else f" (it is {mistake['input']!r})"
    return f"{key}: {mistake['msg'].removeprefix('Value error, ')}{said}"


def _names_beside(model: type[BaseModel], place: tuple[int | str, ...]) -> list[str]:
    """The keys that the table may have in which the last key of `place` stands."""
    for part in place[:-1]:
        field = model.model_fields.get(str(part))
        inner = None if field is None else _model_in(field.annotation)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for kind in (annotation, *get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None
