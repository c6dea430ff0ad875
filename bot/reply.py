"""What a command answers, as data: text, a table, files, what may be done next. Surfaces show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from captions.text import clean, clean_line


@dataclass(frozen=True)
class Table:
    """Rows under column names. Cells are single lines without control characters; `data` has the values as they are."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(tuple(map(clean_line, row)) for row in self.rows))


@dataclass(frozen=True)
class Attachment:
    """A file: its text, or its `data` where it is none."""

    name: str
    text: str = ""
    data: bytes = b""

    @property
    def content(self) -> bytes:
        return self.data or self.text.encode()


@dataclass(frozen=True)
class Pending:
    """The daemon has to answer first: the channel whose state will say so."""

    channel_id: int


@dataclass(frozen=True)
class Page:
    """A page of a list: its number, how many there are, rows in all and on a page, and how the list was asked for."""

    number: int
    last: int
    total: int
    size: int
    values: Mapping[str, str]
    command: str = ""

    @property
    def skip(self) -> int:
        """Rows before it."""
        return (self.number - 1) * self.size

    def of(self, noun: str) -> str:
        """How many there are in all, and which page this is of several."""
        return count(self.total, noun) + (f", page {self.number} of {self.last}" if self.last > 1 else "")


@dataclass(frozen=True)
class Offer:
    """What may be done next with one more step: a command with its arguments; `words` say what for, `label` shortly."""

    words: str
    label: str
    command: str
    values: Mapping[str, str]


class Action(StrEnum):
    """What people can do with a draft by a button."""

    APPROVE = "approve"
    DOWNLOAD = "download"
    RETRY = "retry"
    EDIT = "edit"
    REJECT = "reject"
    REDO = "redo"


@dataclass(frozen=True)
class Reply:
    """What a command answers. `data` is plain JSON for scripts; `ok` is False where nothing was done.

    `text` is cleaned of control characters, whoever its parts come from. `ask`: where it was refused for want of a
    role, ids of those who have it; none where that is whoever may manage the server. `actions`: what can be done with
    the draft `draft`.
    """

    text: str
    table: Table | None = None
    attachments: tuple[Attachment, ...] = ()
    data: Any = field(default_factory=dict)
    ok: bool = True
    pending: Pending | None = None
    page: Page | None = None
    ask: tuple[str, ...] | None = None
    offer: Offer | None = None
    draft: int = 0
    actions: tuple[Action, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


def refused(reason: str) -> Reply:
    word = reason.partition(" ")[0]
    begin = reason[:1].upper() if word.isalpha() else reason[:1]  # the name of a file stays as it is
    return Reply(begin + reason[1:] + ("" if reason.endswith((".", "?")) else "."), ok=False)


def not_allowed(refusal: str, ask: tuple[str, ...]) -> Reply:
    return replace(refused(refusal), data={"ask": list(ask)}, ask=ask)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
