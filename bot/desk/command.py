"""What a command is, and what commands work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot import replies
from bot.guard import Actor, Role
from bot.replies import Reply
from store import services
from store.database import Database

Values = Mapping[str, str]
"""A command's arguments by name; those that were not given are absent. A flag that was given is "yes"."""


@dataclass(frozen=True)
class Desk:
    """What the commands work with."""

    database: Database

    def down(self) -> str | None:
        """Since when captiond does not answer, as a clause; None if it runs."""
        service = services.get(self.database, "captiond")
        alive = services.is_alive(service, self.database.now())
        return None if alive else replies.daemon_down(service)


Choices = Callable[[Desk], Sequence[tuple[str, str]]]
"""Sensible values of an argument now, each with a few words about it."""


@dataclass(frozen=True)
class Argument:
    """`flag`: an option without a value. `option`: given as --name VALUE. `rest`: takes all that follows."""

    name: str
    help: str
    required: bool = True
    option: bool = False
    flag: bool = False
    rest: bool = False
    choices: Choices | None = None


@dataclass(frozen=True)
class Command:
    """`name` is what people type, of one or two words; `role` what it takes to be allowed."""

    name: str
    help: str
    role: Role
    run: Callable[[Desk, Actor, Values], Reply]
    arguments: tuple[Argument, ...] = ()
    example: str = ""

    @property
    def usage(self) -> str:
        """The command with its arguments, as people type it."""
        return " ".join([self.name, *map(_usage, self.arguments)])


def _usage(argument: Argument) -> str:
    value = argument.name.upper()
    if argument.flag:
        return f"[--{argument.name}]"
    if argument.option:
        return f"[--{argument.name} {value}]"
    return value if argument.required else f"[{value}]"


ALL = Argument("all", "also what is done with", required=False, flag=True)
