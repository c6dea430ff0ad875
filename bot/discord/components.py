"""Buttons and menus, as data. Nothing of them is kept in memory: what a click means stands in its custom_id.

discord.py would remember every view that it sends, and serve a click by the object that made it; after a restart there
is none. Here a view is stopped before it is sent, so that it is never remembered, and `router.py` serves every click.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

CUSTOM_ID = 100  # characters that Discord takes
LABEL = 80
OPTIONS = 25
OPTION_LABEL = 100


@dataclass(frozen=True)
class Button:
    """`row`: from 0; Discord puts at most five into one."""

    label: str
    custom_id: str
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    disabled: bool = False
    row: int = 0


@dataclass(frozen=True)
class Menu:
    """A select menu: `options` are value, label and a few words about it."""

    placeholder: str
    custom_id: str
    options: Sequence[tuple[str, str, str]]
    row: int = 0


def view(*parts: Button | Menu) -> discord.ui.View:
    """The parts below a message; none takes away what was there."""
    made = discord.ui.View(timeout=None)
    for part in parts:
        made.add_item(_item(part))
    made.stop()
    return made


def _item(part: Button | Menu) -> discord.ui.Item[discord.ui.View]:
    if isinstance(part, Button):
        return discord.ui.Button(
            label=part.label[:LABEL],
            custom_id=part.custom_id[:CUSTOM_ID],
            style=part.style,
            disabled=part.disabled,
            row=part.row,
        )
    options = [
        discord.SelectOption(value=value, label=label[:OPTION_LABEL], description=about[:OPTION_LABEL] or None)
        for value, label, about in part.options[:OPTIONS]
    ]
    return discord.ui.Select(
        placeholder=part.placeholder, custom_id=part.custom_id[:CUSTOM_ID], options=options, row=part.row
    )
