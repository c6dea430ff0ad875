"""[bot] in config.toml."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, PositiveFloat

from bot.guard import Chat
from store.settings import FileSettings, Table

LONGEST_ID = 20  # digits of a 64-bit number


def _ids(value: tuple[str, ...]) -> tuple[str, ...]:
    for one in value:
        _id(one)
    return value


def _id(value: str) -> str:
    if value and not (value.isdecimal() and len(value) <= LONGEST_ID):
        raise ValueError("is no id: in Discord, switch on Developer Mode, then right-click and Copy ID")
    return value


Id = Annotated[str, AfterValidator(_id)]
Ids = Annotated[tuple[str, ...], AfterValidator(_ids)]


class DiscordSettings(Table):
    """[bot.discord]: ids are those of people or of roles."""

    server: Id = ""
    place: Id = ""
    owners: Ids = ()
    approvers: Ids = ()
    viewers: Ids = ()
    tick_seconds: PositiveFloat = 1.0
    api_base: str = "https://discord.com/api/v10"
    gateway_url: str = "wss://gateway.discord.gg/"

    @property
    def chat(self) -> Chat:
        """What the guard and the desk know of it."""
        return Chat(self.owners, self.approvers, self.viewers, self.place)


class BotSettings(Table):
    """[bot]"""

    answer_seconds: PositiveFloat = 20.0
    discord: DiscordSettings = Field(default_factory=DiscordSettings)


class Settings(FileSettings):
    """config.toml as captionbot sees it; the daemon's table is the daemon's to check."""

    bot: BotSettings = Field(default_factory=BotSettings)
    daemon: Any = None
