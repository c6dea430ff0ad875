"""A Reply as Discord shows it. Titles and captions come from strangers: nothing in them is markup or a mention."""

from __future__ import annotations

import io
from dataclasses import dataclass

import discord

from bot.replies import Reply, Table

TEXT_CHARACTERS = 1900  # Discord takes 2000 in a message's text, and escaping adds some
TABLE_CHARACTERS = 3900  # and 4096 in an embed's description
FILES = 10
CELL_CHARACTERS = 48  # a line that is wider than a phone is of no use
WHOLE = "all.txt"


@dataclass(frozen=True)
class Rendered:
    """What goes into a message; `files` are names and contents."""

    text: str
    table: str | None
    files: tuple[tuple[str, str], ...]

    def embeds(self) -> list[discord.Embed]:
        return [] if self.table is None else [discord.Embed(description=self.table)]

    def attachments(self) -> list[discord.File]:
        return [discord.File(io.BytesIO(text.encode()), filename=name) for name, text in self.files[:FILES]]


def rendered(reply: Reply) -> Rendered:
    """A table that is too long is cut, and attached as a whole."""
    text = discord.utils.escape_markdown(reply.text)
    if len(text) > TEXT_CHARACTERS:
        text = text[: TEXT_CHARACTERS - 1].rstrip("\\") + "…"
    files = tuple((one.name, one.text) for one in reply.attachments)
    if reply.table is None:
        return Rendered(text, None, files)
    lines = _lines(reply.table, CELL_CHARACTERS)
    table, cut = _block(lines)
    if cut:
        files = (*files, (WHOLE, "\n".join(_lines(reply.table, None))))
    return Rendered(text, table, files)


def _lines(table: Table, limit: int | None) -> list[str]:
    """The table as lines of equally wide columns, its head first."""
    rows = [tuple(_cell(cell, limit) for cell in row) for row in (table.columns, *table.rows)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(table.columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cell(text: str, limit: int | None) -> str:
    plain = " ".join(text.split())
    return plain if limit is None or len(plain) <= limit else plain[: limit - 1] + "…"


def _block(lines: list[str]) -> tuple[str, bool]:
    """The lines as a block of code, and whether some had to be left out."""
    kept: list[str] = []
    length = 0
    for line in lines:
        safe = line.replace("`", "ˋ")  # three of them would end the block
        if length + len(safe) + 1 > TABLE_CHARACTERS:
            left = len(lines) - len(kept)
            return f"```\n{chr(10).join(kept)}\n```\nand {left} more, see {WHOLE}", True
        kept.append(safe)
        length += len(safe) + 1
    return f"```\n{chr(10).join(kept)}\n```", False
