"""Forms (modals), and what people typed into them.

As with buttons nothing is kept in memory: a form that was open while the bot was restarted is served all the same. The
custom_id names the draft, which is one revision: what was typed about an older one is refused by the desk, not lost.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.desk.edit import LONGEST_WORDS
from bot.replies.words import clock
from captions.text import plain
from captions.track import Cue
from store.drafts import LONGEST_REASON

TITLE = 45  # characters that Discord takes
LONGEST_TEXT = 4000
PARAGRAPH, SHORT = discord.TextStyle.paragraph, discord.TextStyle.short


def edit_cue(draft_id: str, number: int, cue: Cue) -> discord.ui.Modal:
    """The text of one cue. Raise ValueError if it is longer than a form takes."""
    text = "\n".join(plain(line.text) for line in cue.lines)
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"cue {number} is too long for a form: change it in a file, with /draft replace")
    label = f"Cue {number}, {clock(cue.start)} to {clock(cue.end)}"
    return _form(f"Draft {draft_id}", f"edit:{draft_id}:{number}", (label, "text", PARAGRAPH, text, LONGEST_TEXT))


def reject(draft_id: str) -> discord.ui.Modal:
    field = ("Why? For those who come after", "reason", PARAGRAPH, "", LONGEST_REASON)
    return _form(f"Reject draft {draft_id}", f"reject:{draft_id}", field)


def find(draft_id: str) -> discord.ui.Modal:
    return _form(
        f"Find and replace in draft {draft_id}",
        f"replace:{draft_id}",
        ("Find", "find", SHORT, "", LONGEST_WORDS),
        ("Put in its place", "by", SHORT, "", LONGEST_WORDS),
    )


def jump(draft_id: str) -> discord.ui.Modal:
    return _form(
        f"Cues of draft {draft_id}", f"jump:{draft_id}", ("Number of a cue, or a time as 1:05", "at", SHORT, "", 10)
    )


def _form(title: str, custom_id: str, *fields: tuple[str, str, discord.TextStyle, str, int]) -> discord.ui.Modal:
    """A form of labelled inputs: label, name, style, what stands there, most characters."""
    made = discord.ui.Modal(title=title[:TITLE], custom_id=custom_id, timeout=None)
    for label, name, style, text, most in fields:
        wanted = name not in ("by", "reason")
        box: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(
            custom_id=name, style=style, default=text or None, required=wanted, max_length=most
        )
        made.add_item(discord.ui.Label(text=label[:TITLE], component=box))
    made.stop()
    return made


def typed(interaction: discord.Interaction) -> dict[str, str]:
    """What stood in the inputs of a form, by their names."""
    data: Any = interaction.data or {}
    inputs = (one.get("component") or {} for one in data.get("components", ()))
    return {str(one["custom_id"]): str(one.get("value") or "") for one in inputs if "custom_id" in one}
