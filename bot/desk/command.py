"""What a command is, and what commands work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.guard import Actor, Chat, Role
from bot.replies import status as replies
from bot.reply import Page, Reply, count
from store import services
from store.database import Database
from store.tables import Channel

Values = Mapping[str, str]
"""A command's arguments by name; those that were not given are absent. A flag that was given is "yes".

Of a file it is the name, and what is in it is the value of "text of NAME".
"""


@dataclass(frozen=True)
class Desk:
    """What the commands work with.

    `places` and `people` are those of the chat, by id, to choose from; `slash`: its commands are slash commands.
    `why_not` says why drafts cannot be shown in a place; None if they can.
    """

    database: Database
    chat: Chat = field(default_factory=Chat)
    places: Callable[[], Sequence[tuple[str, str]]] = tuple
    people: Callable[[], Sequence[tuple[str, str]]] = tuple
    slash: bool = False
    why_not: Callable[[str], str | None] = lambda _place: None

    def down(self) -> str | None:
        """Since when captiond does not answer, as a clause; None if it runs."""
        service = services.get(self.database, "captiond")
        alive = services.is_alive(service, self.database.now())
        return None if alive else replies.daemon_down(service)

    def engines(self) -> Sequence[str]:
        """The engines that captiond has told of; none where it never ran."""
        service = services.get(self.database, "captiond")
        return sorted(service.engines) if service else ()


Choices = Callable[[Desk], Sequence[tuple[str, str]]]
"""Sensible values of an argument now, each with a few words about it."""


@dataclass(frozen=True)
class Argument:
    """`flag`: an option without a value. `option`: given as --name VALUE. `rest`: takes all that follows.

    `file`: the surface reads it, by `bot.desk.editing.read_file`.
    """

    name: str
    help: str
    required: bool = True
    option: bool = False
    flag: bool = False
    rest: bool = False
    file: bool = False
    choices: Choices | None = None


@dataclass(frozen=True)
class Command:
    """`name` is what people type, of one or two words; `role` what it takes to be allowed.

    `about` gives the channel that it concerns, which may have approvers of its own. Raise StoreError.
    """

    name: str
    help: str
    role: Role
    run: Callable[[Desk, Actor, Values], Reply]
    arguments: tuple[Argument, ...] = ()
    example: str = ""
    about: Callable[[Desk, Values], Channel | None] | None = None

    @property
    def usage(self) -> str:
        """The command with its arguments, as people type it: options before one that takes all that follows."""
        takes_all = any(one.rest for one in self.arguments)
        first = [one for one in self.arguments if takes_all and (one.option or one.flag)]
        return " ".join([self.name, *map(_usage, [*first, *(one for one in self.arguments if one not in first)])])


def _usage(argument: Argument) -> str:
    value = argument.name.upper()
    if argument.flag:
        return f"[--{argument.name}]"
    if argument.option:
        return f"[--{argument.name} {value}]"
    return value if argument.required else f"[{value}]"


def page_of(values: Values, total: int, size: int) -> Page:
    """Which page somebody wants of a list. Raise ValueError."""
    last = max(1, -(-total // size))
    wanted = values.get("page", "1")
    if not wanted.isdecimal() or not 1 <= int(wanted[:9]) <= last:
        raise ValueError(f"there is no page {wanted!r}: the list has {count(last, 'page')}")
    return Page(int(wanted), last, total, size, {name: value for name, value in values.items() if name != "page"})


PAGE = Argument("page", "which page of the list", required=False, option=True)
ALL = Argument("all", "also what is done with", required=False, flag=True)
