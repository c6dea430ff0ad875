"""A Reply as Discord shows it. Titles and captions come from strangers: nothing in them is markup or a mention."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import discord

from bot.discord.components import CUSTOM_ID, Button, view
from bot.reply import Action, Attachment, Offer, Page, Reply, Table

TEXT_CHARACTERS = 1900  # Discord takes 2000 in a message's text
TABLE_CHARACTERS = 3900  # and 4096 in an embed's description
LARGEST_FILE = 9_000_000  # bytes; Discord takes 10 MiB of a server without boosts
FILES = 10
CELL_CHARACTERS = 48  # a line that is wider than a phone is of no use
NOTE_CHARACTERS = 400
LINE_CHARACTERS = 60
WHOLE = "all.txt"
STYLES = {
    Action.APPROVE: discord.ButtonStyle.success,
    Action.DOWNLOAD: discord.ButtonStyle.primary,
    Action.RETRY: discord.ButtonStyle.primary,
    Action.REJECT: discord.ButtonStyle.danger,
}
MARKUP = re.compile(
    r"(?P<link>https://youtu\.be/[\w-]{11}(?!\S))|(?<=https:)/|(?<=http:)/|[\\*_~|`<>\[\]]|^[#-]", re.MULTILINE
)


@dataclass(frozen=True)
class Rendered:
    """What goes into a message; `kept` is what a button below it needs again."""

    text: str
    table: str | None
    files: tuple[Attachment, ...]
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
        return attached(self.files)

    def view(self) -> discord.ui.View:
        return view(*self.buttons)


def attached(files: Iterable[Attachment]) -> list[discord.File]:
    """The files, as far as Discord takes them."""
    small = [(one.name, content) for one in files if len(content := one.content) <= LARGEST_FILE]
    return [discord.File(io.BytesIO(content), filename=name) for name, content in small[:FILES]]


def escaped(text: str) -> str:
    """Text as it is: no markup, no mention, no link under other words. Links to videos stay links.

    `discord.utils.escape_markdown` leaves `<` alone, and what looks like a link: a title could be a mention.
    """
    return MARKUP.sub(lambda found: found[0] if found["link"] else f"\\{found[0]}", text)


def block(text: str, limit: int) -> str:
    """Text as a block of code, in which nothing is markup, of at most so many characters; cut at a line."""
    safe = text.replace("`", "ˋ")  # three of them would end the block
    if len(safe) > limit:
        whole, _, rest = safe[:limit].rpartition("\n")
        safe = f"{whole}\n…" if whole else f"{rest}…"
    return f"```\n{safe}\n```"


def rendered(reply: Reply, roles: Container[str] = ()) -> Rendered:
    """A table that is too long is cut, and attached as a whole. `roles`: ids that are those of roles."""
    files = reply.attachments
    table = None
    if reply.table is not None:
        table, cut = _table(_lines(reply.table, CELL_CHARACTERS))
        if cut:
            files = (*files, Attachment(WHOLE, "\n".join(_lines(reply.table, None))))
    buttons = (
        *_turning(reply.page),
        *map(_offering, filter(None, [reply.offer])),
        *deciding(reply.draft, reply.actions),
    )
    kept = tuple(reply.offer.values.items()) if reply.offer is not None else ()
    return Rendered(_text(reply, roles), table, files, buttons, kept)


def _text(reply: Reply, roles: Container[str]) -> str:
    """The reply's text, and what else is to be said: what a button is for, who can do it, which file is too large."""
    more = [f"{reply.offer.words}:"] if reply.offer is not None else []
    large = [one.name for one in reply.attachments if len(one.content) > LARGEST_FILE]
    more += [f"{name} is larger than Discord takes: /draft download in the console saves it." for name in large]
    text = escaped("\n".join([reply.text, *more]))
    if len(text) > TEXT_CHARACTERS:
        text = text[: TEXT_CHARACTERS - 1].rstrip("\\") + "…"
    return text if reply.ask is None else f"{text} {_who_can(reply.ask, roles)}"


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


def deciding(draft_id: int, actions: Sequence[Action]) -> tuple[Button, ...]:
    """The buttons of a draft."""
    return tuple(
        Button(action.value.capitalize(), f"draft:{action}:{draft_id}", STYLES.get(action, Button.style))
        for action in actions
    )


def _lines(table: Table, limit: int | None) -> list[str]:
    """The table as lines of equally wide columns, its head first. A note that is too long stands below its row."""
    rows = [tuple(_cell(cell, limit) for cell in row) for row in (table.columns, *table.rows)]
    notes = [""] * len(rows)
    if limit is not None:
        for index, row in enumerate(table.rows, 1):
            if len(row) > 1 and len(row[-1]) > limit:
                rows[index], notes[index] = (*rows[index][:-1], ""), _cell(row[-1], NOTE_CHARACTERS)
    widths = [max(len(row[index]) for row in rows) for index in range(len(table.columns))]
    lines = []
    for row, note in zip(rows, notes, strict=True):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        lines += [f"   {part}" for part in textwrap.wrap(note, LINE_CHARACTERS)]
    return lines


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
