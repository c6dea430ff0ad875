"""Answering an interaction: where the answer is awaited, or beside it, to the one who asked alone.

Whatever Discord does not take, the person is told something: else they would see that we think, for ever.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import discord
import structlog

from bot.discord.components import Button, view
from bot.discord.rendering import Rendered, block, rendered
from bot.reply import Reply, refused
from captions.text import clean

TYPED_CHARACTERS = 1200  # of what somebody typed in vain, given back to them; more is a file
NOBODY = discord.AllowedMentions.none()

log = structlog.stdlib.get_logger()


async def answer(interaction: discord.Interaction, reply: Reply, typed: str = "", more: Sequence[Button] = ()) -> None:
    """Put the reply where the answer is awaited; with it, what was `typed` in vain, so that it is not lost."""
    shown = rendered(reply, _roles(interaction))
    files = shown.attachments()
    text = shown.text
    if typed and not reply.ok and len(typed) <= TYPED_CHARACTERS and "`" not in typed:
        text = f"{text[:600]}\nYou typed:\n{block(clean(typed), TYPED_CHARACTERS)}"
    elif typed and not reply.ok:
        text = f"{text}\nWhat you typed is in the file."
        files.append(discord.File(io.BytesIO(typed.encode()), filename="typed.txt"))
    try:
        await _put(interaction, shown, text, files, more)
    except discord.HTTPException as error:
        log.warning("could not answer", error=str(error))
        sorry = rendered(refused(f"Discord does not take the answer: {error.text[:300]}"))
        await _put(interaction, sorry, sorry.text, [], ())


async def _put(
    interaction: discord.Interaction, shown: Rendered, text: str, files: list[discord.File], more: Sequence[Button]
) -> None:
    await interaction.edit_original_response(
        content=text,
        embeds=shown.embeds(),
        attachments=files,
        view=view(*shown.buttons, *more),
        allowed_mentions=NOBODY,
    )


async def tell(interaction: discord.Interaction, reply: Reply) -> None:
    """Say something to the one who clicked alone, beside what is there."""
    text = rendered(reply, _roles(interaction)).text
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, allowed_mentions=NOBODY)
        else:
            await interaction.response.send_message(text, ephemeral=True, allowed_mentions=NOBODY)
    except discord.HTTPException as error:
        log.warning("could not answer", error=str(error))


def _roles(interaction: discord.Interaction) -> frozenset[str]:
    return frozenset(str(one.id) for one in interaction.guild.roles) if interaction.guild is not None else frozenset()
