"""[bot] in config.toml."""

from __future__ import annotations

from typing import Any

from pydantic import Field, PositiveFloat

from store.settings import FileSettings, Table


class BotSettings(Table):
    """[bot]"""

    answer_seconds: PositiveFloat = 20.0


class Settings(FileSettings):
    """config.toml as captionbot sees it; the daemon's table is the daemon's to check."""

    bot: BotSettings = Field(default_factory=BotSettings)
    daemon: Any = None
