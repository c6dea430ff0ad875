"""Clicks and forms: what they mean stands in their custom_id, and the desk does it.

`draft:approve:12` is a button of a card, `edit:12:3` the form of cue 3 of draft 12, `do:term add` a button whose values
stand in the message's embed. All of it lives as long as the message, through any restart of the bot.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import discord
import structlog

from bot import desk as desks
from bot.announce import Outbox
from bot.desk import COMMANDS, Desk, cues
from bot.desk.command import PAGE, Command
from bot.discord import forms
from bot.discord.answering import answer, tell
from bot.discord.components import Button, Menu, view
from bot.guard import Actor
from bot.reply import Reply, refused
from captions import formats
from store import drafts
from store.errors import StoreError

TOO_LATE = 10062  # Discord's code for an interaction that it has given up

log = structlog.stdlib.get_logger()

Found = Mapping[str, str]
Handler = Callable[[discord.Interaction, Actor, Found], Coroutine[Any, Any, None]]


class Router:
    """Serves one connection's clicks and forms; `actor_of` says who it is."""

    def __init__(self, desk: Desk, outbox: Outbox, actor_of: Callable[[discord.Interaction], Actor]) -> None:
        self._desk, self._outbox, self._actor_of = desk, outbox, actor_of
        number = r"(?P<draft>\d{1,18})"
        table: dict[str, Handler] = {
            rf"draft:(?P<verb>approve|retry):{number}": self._decide,
            rf"draft:(?P<verb>download|redo):{number}": self._do,
            rf"draft:reject:{number}": self._open_reject,
            rf"draft:edit:{number}": self._choose,
            rf"extras:{number}": self._extras,
            rf"cues:{number}:(?P<page>\d{{1,6}})": self._turn_cues,
            rf"cue:{number}": self._open_cue,
            rf"find:{number}": self._open_find,
            rf"to:{number}": self._open_jump,
            rf"jump:{number}": self._jump,
            rf"edit:{number}:(?P<cue>\d{{1,6}})": self._edit,
            rf"reject:{number}": self._reject,
            rf"replace:{number}": self._replace,
            r"page:(?P<command>[a-z ]+):(?P<page>\d{1,6}):(?P<asked>.*)": self._turn,
            r"do:(?P<command>[a-z ]+)": self._offered,
        }
        self._table = [(re.compile(pattern), handler) for pattern, handler in table.items()]

    async def serve(self, interaction: discord.Interaction) -> None:
        """Answer a click or a form. Whatever goes wrong, the person is told."""
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        matches = ((pattern.fullmatch(custom_id), handler) for pattern, handler in self._table)
        match, handler = next(((found, one) for found, one in matches if found), (None, self._unknown))
        actor, began = self._actor_of(interaction), time.monotonic()
        try:
            await handler(interaction, actor, match.groupdict() if match else {})
        except (StoreError, ValueError) as error:
            await tell(interaction, refused(str(error)))
        except Exception as error:
            if isinstance(error, discord.HTTPException) and error.code == TOO_LATE:
                log.warning("came too late", what=custom_id, who=actor.name)
                return
            log.exception("failed", what=custom_id, who=actor.name)
            await tell(interaction, refused("something went wrong here; it is in the log of captionbot"))
        log.info("served", what=custom_id, who=actor.name, seconds=round(time.monotonic() - began, 3))

    async def _run(self, actor: Actor, command: str, values: Mapping[str, str]) -> Reply:
        return await asyncio.to_thread(desks.run, self._desk, actor, command, values)

    async def _refused(self, interaction: discord.Interaction, actor: Actor, command: str, draft: str) -> bool:
        """Whether somebody may not do that: then they were told."""
        refusal = await asyncio.to_thread(desks.refusal, self._desk, actor, COMMANDS[command], {"draft": draft})
        if refusal is not None:
            await tell(interaction, refusal)
        return refusal is not None

    async def _refresh(self, draft_id: int) -> None:
        """Show on the card at once what was decided; where that cannot be now, the outbox does it later."""
        try:
            await self._outbox.refresh(draft_id)
        except (StoreError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            log.info("drawn later", draft=draft_id, error=str(error))

    async def _unknown(self, interaction: discord.Interaction, _actor: Actor, _found: Found) -> None:
        await tell(
            interaction,
            refused("that is of another version of captionbot: see /draft list, and use what is there"),
        )

    # ---- buttons of a card

    async def _decide(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        """The card itself is the answer; a refusal is for the one who clicked."""
        await interaction.response.defer()
        reply = await self._run(actor, f"draft {found['verb']}", {"draft": found["draft"]})
        below = interaction.message
        alone = below is not None and below.flags.ephemeral
        if not reply.ok or alone or await asyncio.to_thread(self._desk.down) is not None:
            await tell(interaction, reply)
        await self._refresh(int(found["draft"]))

    async def _do(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        await answer(interaction, await self._run(actor, f"draft {found['verb']}", {"draft": found["draft"]}))
        await self._refresh(int(found["draft"]))

    async def _open_reject(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        if not await self._refused(interaction, actor, "draft reject", found["draft"]):
            await interaction.response.send_modal(forms.reject(found["draft"]))

    async def _reject(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        reason = forms.typed(interaction).get("reason", "").strip()
        values = {"draft": found["draft"], **({"reason": reason} if reason else {})}
        await answer(interaction, await self._run(actor, "draft reject", values), typed=reason)
        await self._refresh(int(found["draft"]))

    async def _extras(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        """What was chosen of what there is beside the captions, for the one who chose alone."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        data: Any = interaction.data
        values = {"draft": found["draft"], **({"what": str(data["values"][0])} if data.get("values") else {})}
        await answer(interaction, await self._run(actor, "draft extras", values))

    # ---- editing

    async def _choose(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        """A list of the cues, for the one who clicked alone."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        if not await self._refused(interaction, actor, "draft edit", found["draft"]):
            await self._show_cues(interaction, found["draft"], 1)

    async def _turn_cues(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        await interaction.response.defer()
        if not await self._refused(interaction, actor, "draft edit", found["draft"]):
            await self._show_cues(interaction, found["draft"], int(found["page"]))

    async def _open_jump(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        if not await self._refused(interaction, actor, "draft edit", found["draft"]):
            await interaction.response.send_modal(forms.jump(found["draft"]))

    async def _jump(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        await interaction.response.defer()
        if not await self._refused(interaction, actor, "draft edit", found["draft"]):
            at = forms.typed(interaction).get("at", "")
            draft = await asyncio.to_thread(drafts.editable, self._desk.database, int(found["draft"]))
            await self._show_cues(interaction, found["draft"], await asyncio.to_thread(cues.page_at, draft, at))

    async def _show_cues(self, interaction: discord.Interaction, draft_id: str, page: int) -> None:
        draft = await asyncio.to_thread(drafts.editable, self._desk.database, int(draft_id))
        shown = await asyncio.to_thread(cues.page, draft, page)
        options = [(str(n), f"{n} · {at}" + " ⚠️" * marked, text) for n, at, text, marked in shown.cues]
        of = f", page {shown.number} of {shown.last}" if shown.last > 1 else ""
        await interaction.edit_original_response(
            content=f"Which cue of draft {draft_id} shall be another{of}?",
            embeds=[],
            view=view(
                *([Menu("Choose a cue", f"cue:{draft_id}", options)] if options else []),
                Button("◀", f"cues:{draft_id}:{shown.number - 1}", disabled=shown.number == 1, row=1),
                Button("▶", f"cues:{draft_id}:{shown.number + 1}", disabled=shown.number == shown.last, row=1),
                Button("Go to …", f"to:{draft_id}", row=1),
                Button("Find and replace …", f"find:{draft_id}", row=1),
            ),
            allowed_mentions=discord.AllowedMentions.none(),
        )

    async def _open_cue(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        """A form is the first answer, or none: what stands in it is read before."""
        if await self._refused(interaction, actor, "draft edit", found["draft"]):
            return
        data: Any = interaction.data
        number = int(data["values"][0])
        draft = await asyncio.to_thread(drafts.editable, self._desk.database, int(found["draft"]))
        track = await asyncio.to_thread(formats.read, draft.text, "vtt", draft.language)
        if not 1 <= number <= len(track.cues):
            raise ValueError(f"there is no cue {number} in draft {draft.id}")
        await interaction.response.send_modal(forms.edit_cue(found["draft"], number, track.cues[number - 1]))

    async def _open_find(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        if not await self._refused(interaction, actor, "draft edit", found["draft"]):
            await interaction.response.send_modal(forms.find(found["draft"]))

    async def _edit(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        text = forms.typed(interaction).get("text", "")
        values = {"draft": found["draft"], "cue": found["cue"], "text": text}
        reply = await self._run(actor, "draft edit", values)
        page = -(-int(found["cue"]) // cues.PAGE_CUES)
        more = [Button("Edit another cue", f"cues:{reply.data['id']}:{page}")] if reply.ok else []
        await answer(interaction, reply, typed=text, more=more)

    async def _replace(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        await interaction.response.defer(thinking=True, ephemeral=True)
        typed = forms.typed(interaction)
        reply = await self._run(actor, "draft edit", {"draft": found["draft"], **typed})
        await answer(interaction, reply, typed="\n".join(typed.values()))

    # ---- buttons of a reply

    async def _turn(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        """Another page of a list, in the place of the one before."""
        await interaction.response.defer()
        if PAGE not in _known(found["command"]).arguments:
            raise ValueError(f"{found['command']} has no pages")
        values = {**dict(parse_qsl(found["asked"])), "page": found["page"]}
        await answer(interaction, await self._run(actor, found["command"], values))

    async def _offered(self, interaction: discord.Interaction, actor: Actor, found: Found) -> None:
        """What a reply offered; its values stand between back quotes in that message."""
        await interaction.response.defer()
        _known(found["command"])
        fields = [
            field for embed in (interaction.message.embeds if interaction.message else ()) for field in embed.fields
        ]
        values = {str(one.name): str(one.value)[1:-1] for one in fields}
        reply = await self._run(actor, found["command"], values)
        if reply.table is not None:
            await answer(interaction, reply)  # what it became, in the place of what it was
        else:
            await tell(interaction, reply)


def _known(name: str) -> Command:
    """Raise ValueError."""
    if name not in COMMANDS:
        raise ValueError(f"there is no command {name!r} any more")
    return COMMANDS[name]
