"""A Reply as Discord shows it. Titles and captions come from strangers: nothing in them is markup or a mention."""

from __future__ import annotations

import io
import re
from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlencode

import discord

from bot.discord.components import CUSTOM_ID, Button, view
from bot.replies import Offer, Page, Reply, Table

TEXT_CHARACTERS = 1900  # Discord takes 2000 in a message's text
TABLE_CHARACTERS = 3900  # and 4096 in an embed's description
FIELD_CHARACTERS = 1000  # and 1024 in an embed's field
FILES = 10
CELL_CHARACTERS = 48  # a line that is wider than a phone is of no use
WHOLE = "all.txt"
MARKUP = re.compile(r"(?P<link>https://youtu\.be/[\w-]{11}(?!\S))|[\\*_~|`<>\[\]]|^[#-]", re.MULTILINE)


@dataclass(frozen=True)
class Rendered:
    """What goes into a message; `files` are names and contents, `kept` what a button below it needs again."""

    text: str
    table: str | None
    files: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()

    def embeds(self) -> list[discord.Embed]:
        if self.table is None and not self.kept:
            return []
        made = discord.Embed(description=self.table)
        for name, value in self.kept:
            made.add_field(name=name, value=f"`{value}`")
        return [made]

    def attachments(self) -> list[discord.File]:
        return [discord.File(io.BytesIO(text.encode()), filename=name) for name, text in self.files[:FILES]]

    def view(self) -> discord.ui.View:
        return view(*self.buttons)


def escaped(text: str) -> str:
    """Text as it is: no markup, no mention, no link under other words. Links to videos stay links.

    `discord.utils.escape_markdown` leaves `<` alone, and what looks like a link: a title could be a mention.
    """
    return MARKUP.sub(lambda found: found[0] if found["link"] else f"\\{found[0]}", text)


def block(text: str, limit: int) -> str:
    """Text as a block of code, in which nothing is markup, of at most so many characters; cut at a line."""
    safe = text.replace("`", "ˋ")  # three of them would end the block
    if len(safe) > limit:
        safe = safe[:limit].rpartition("\n")[0] + "\n…"
    return f"```\n{safe}\n```"


def rendered(reply: Reply, roles: Container[str] = ()) -> Rendered:
    """A table that is too long is cut, and attached as a whole. `roles`: ids that are those of roles."""
    text = escaped(reply.text)
    if len(text) > TEXT_CHARACTERS:
        text = text[: TEXT_CHARACTERS - 1].rstrip("\\") + "…"
    if reply.ask is not None:
        text = f"{text} {_who_can(reply.ask, roles)}"
    files = tuple((one.name, one.text) for one in reply.attachments)
    buttons = (*_turning(reply.page), *((_offering(reply.offer),) if reply.offer is not None else ()))
    kept = tuple(reply.offer.values.items()) if reply.offer is not None else ()
    table = None
    if reply.table is not None:
        table, cut = _table(_lines(reply.table, CELL_CHARACTERS))
        if cut:
            files = (*files, (WHOLE, "\n".join(_lines(reply.table, None))))
    return Rendered(text, table, files, buttons, kept)


def _who_can(ids: tuple[str, ...], roles: Container[str]) -> str:
    """Those who may do it, as mentions, which wake nobody."""
    named = " ".join(f"<@&{one}>" if one in roles else f"<@{one}>" for one in ids[:10])
    return f"Ask {named}." if named else "Ask somebody who may manage the server."


def _turning(page: Page | None) -> tuple[Button, ...]:
    """Buttons to turn the pages of a list."""
    if page is None or page.last == 1:
        return ()
    asked = urlencode(page.values)
    made = tuple(
        Button(label, f"page:{page.command}:{number}:{asked}", disabled=not 1 <= number <= page.last)
        for label, number in (("◀", page.number - 1), ("▶", page.number + 1))
    )
    return made if all(len(one.custom_id) <= CUSTOM_ID for one in made) else ()


def _offering(offer: Offer) -> Button:
    return Button(offer.label, f"do:{offer.command}", discord.ButtonStyle.primary)


def _lines(table: Table, limit: int | None) -> list[str]:
    """The table as lines of equally wide columns, its head first."""
    rows = [tuple(_cell(cell, limit) for cell in row) for row in (table.columns, *table.rows)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(table.columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cell(text: str, limit: int | None) -> str:
    plain = " ".join(text.split())
    return plain if limit is None or len(plain) <= limit else plain[: limit - 1] + "…"


def _table(lines: list[str]) -> tuple[str, bool]:
    """The lines as a block of code, and whether some had to be left out."""
    kept: list[str] = []
    length = 0
    for line in lines:
        if length + len(line) + 1 > TABLE_CHARACTERS:
            left = len(lines) - len(kept)
            return f"{block(chr(10).join(kept), TABLE_CHARACTERS)}\nand {left} more, see {WHOLE}", True
        kept.append(line)
        length += len(line) + 1
    return block("\n".join(kept), TABLE_CHARACTERS), False
