"""The outbox's way into Discord: cards and notices as messages of the bot, by its token, of whatever age."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import discord

from bot import voices
from bot.announce import Closed, Gone
from bot.card import Card
from bot.discord import cards
from bot.notices import Notice

CLOCKS_APART = timedelta(minutes=5)  # ours and Discord's
MOST_MESSAGES = 5000  # that are looked through; Discord gives a hundred at once
UNKNOWN = {10003: "place", 10008: "message"}  # Discord's codes


class Poster:
    """`bot.announce.Chat` over one connection."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def post(self, place: str, card: Card) -> str:
        """Discord remembers a nonce for minutes, and answers with the message that it had."""
        picture = await asyncio.to_thread(voices.drawn, card.voices)
        with _translated(place):
            message = await self._place(place).send(
                embed=cards.embed(card, pictured=picture is not None),
                files=cards.files(card, picture),
                view=cards.buttons(card),
                nonce=f"draft-{card.draft_id}",
            )
        return str(message.id)

    async def redraw(self, place: str, message: str, card: Card) -> None:
        """The files stay as they are: those of a revision never change. Nor is its picture drawn again, and where
        the card was sent without one, there is none.
        """
        with _translated(place):
            found = self._place(place).get_partial_message(int(message))
            pictured = card.voices is not None and cards.is_pictured(await found.fetch())
            await found.edit(embed=cards.embed(card, pictured=pictured), view=cards.buttons(card))

    async def find(self, place: str, draft_id: int, since: datetime) -> str | None:
        """The message with that draft's card, if one was posted since then."""
        for message in await self._since(place, since):
            if cards.draft_of(message) == draft_id:
                return str(message.id)
        return None

    async def tell(self, place: str, first: int, last: int, told: Sequence[Notice]) -> None:
        with _translated(place):
            await self._place(place).send(embed=cards.told(first, last, list(told)), nonce=_nonce(first, place))

    async def told(self, place: str, first: int, since: datetime) -> int:
        """The last event that messages since then tell of, each from where the one before ended."""
        ends = dict(filter(None, map(cards.told_from, await self._since(place, since))))
        known = first - 1
        while known + 1 in ends:
            known = max(ends[known + 1], known + 1)
        return known

    async def _since(self, place: str, time: datetime) -> list[discord.Message]:
        """Our own messages there since then, however many other people wrote."""
        me = self._client.user
        with _translated(place):
            history = self._place(place).history(after=time - CLOCKS_APART, limit=MOST_MESSAGES)
            return [one async for one in history if me is not None and one.author.id == me.id]

    def _place(self, place: str) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(int(place))


def _nonce(first: int, place: str) -> str:
    """Discord knows a nonce in all places, and takes 25 characters."""
    return f"events-{first}-{place[-6:]}"[-25:]


@contextmanager
def _translated(place: str) -> Iterator[None]:
    """Say what Discord refuses for good in the outbox's words; what is over by itself passes as it is."""
    try:
        yield
    except discord.HTTPException as error:
        if error.code in UNKNOWN:
            raise Gone(f"there is no such {UNKNOWN[error.code]} any more in the place {place}") from error
        if isinstance(error, discord.Forbidden):
            raise Closed(
                f"the bot may not do that in the place {place} ({error.text}): give it View Channel, Send Messages, "
                "Embed Links, Attach Files and Read Message History there"
            ) from error
        if 400 <= error.status < 500 and error.status != 429:
            raise Closed(f"Discord does not take it in the place {place}: {error.text[:300]}") from error
        raise
