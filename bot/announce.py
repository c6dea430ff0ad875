"""The outbox: drafts that nobody was shown yet, cards that show what is no more, notices that nobody was told.

All of it is found in the store, so that nothing is lost or said twice, whoever was down when it happened. Before a
message is sent it is written down that it will be; where it is not known whether it was sent, it is looked for first.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import structlog

from bot import notices
from bot.card import Card, Mood, card
from bot.desk import Desk
from bot.notices import Notice
from store import announcements, bookmarks, channels, drafts, services, videos
from store.announcements import Showing
from store.tables import Announcement, Channel, Event, Subject

CARDS, NOTICES = "cards", "notices"  #: bookmarks
HELD_SECONDS = 60.0  #: before a draft is looked at again that has no place, or whose place is closed
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")  # where the day of YouTube's quota begins
OVER = (Mood.DONE, Mood.REFUSED, Mood.PAST)

log = structlog.stdlib.get_logger()

Made = TypeVar("Made")


class Closed(Exception):
    """That cannot be done in that place, and nothing was sent there; `str()` says why, and what to do."""


class Gone(Exception):
    """Somebody has deleted that message, or the place."""


class Chat(Protocol):
    """Where messages go. Each may raise Closed and Gone; any other error means: nobody knows, try again later."""

    async def post(self, place: str, card: Card) -> str:
        """Send a card, and give the message's id. A card that was sent minutes ago is not sent again."""

    async def redraw(self, place: str, message: str, card: Card) -> None:
        """Show a card as it is now."""

    async def find(self, place: str, draft_id: int) -> str | None:
        """The message with that draft's card, if it is among the last ones."""

    async def tell(self, place: str, first: int, last: int, told: Sequence[Notice]) -> None:
        """Send what is to be told of the events from `first` to `last`."""

    async def told(self, place: str, first: int) -> int:
        """The last event that the last messages tell of, from `first` on; the one before it if they tell of none."""


class Outbox:
    """What one connection to the chat has to send, and what it knows of it."""

    def __init__(self, desk: Desk, chat: Chat, answer_seconds: float) -> None:
        self._desk, self._chat, self._answer_seconds = desk, chat, answer_seconds
        self._held: dict[int, float] = {}  # drafts → the moment when they are looked at again
        self._drawn: dict[int, Card] = {}  # cards that may still change, as they are shown
        self._covers: list[str] | None = None
        self._clear = False  # else somebody may have been killed, or cut off, as he told
        self.trouble: str | None = None  #: why something is not shown; None where all is

    async def turn(self) -> None:
        """Send all that is to be sent. Raise what the chat and the store raise: all is found again at the next turn."""
        self.trouble = None
        await self._announce()
        await self._redraw()
        await self._tell()

    async def refresh(self, draft_id: int) -> None:
        """Show now what somebody has done with a draft, also while many others are on their way."""
        await self._draw(draft_id)

    # ---- drafts that nobody was shown

    async def _announce(self) -> None:
        now = time.monotonic()
        self._held = {draft: until for draft, until in self._held.items() if until > now}
        while due := await _of_store(announcements.due, self._desk.database, tuple(self._held)):
            for draft_id in due:
                await self._show(draft_id)
        if self._held and self.trouble is None:
            self.trouble = "drafts wait to be shown: see the log"

    async def _show(self, draft_id: int) -> None:
        showing = await _of_store(announcements.showing, self._desk.database, draft_id)
        place = self._place(showing.channel)
        if place is None:
            self._hold(draft_id, "set place in [bot.discord], or /channel settings place")
            return
        begun, first = await _of_store(announcements.begin, self._desk.database, draft_id, place)
        try:
            message = None if first else await self._found(begun)
            if message is None and (begun.place != place or showing.draft.state not in drafts.UNDECIDED):
                await _of_store(announcements.give_up, self._desk.database, draft_id)
                return
            made = await _of_store(card, showing)
            if message is None:
                message = await self._post(begun, made)
            else:
                await self._chat.redraw(begun.place, message, made)
        except (Closed, Gone) as error:
            self._hold(draft_id, str(error))
            return
        await _of_store(announcements.shown, self._desk.database, draft_id, message, showing.draft.state)
        self._drawn[draft_id] = made

    async def _found(self, begun: Announcement) -> str | None:
        """The message of a card that may have been sent."""
        try:
            return await self._chat.find(begun.place, begun.draft_id)
        except Gone:
            return None

    async def _post(self, begun: Announcement, made: Card) -> str:
        try:
            message = await self._chat.post(begun.place, made)
        except (Closed, Gone):
            await _of_store(announcements.give_up, self._desk.database, begun.draft_id)
            raise
        log.info("shown", draft=begun.draft_id, place=begun.place)
        return message

    def _place(self, channel: Channel | None) -> str | None:
        """Where a channel's drafts and notices go."""
        return (channel.place if channel is not None else None) or self._desk.chat.place or None

    def _hold(self, draft_id: int, why: str) -> None:
        self._held[draft_id] = time.monotonic() + HELD_SECONDS
        self.trouble = f"draft {draft_id} is shown nowhere: {why}"
        log.warning("cannot show", draft=draft_id, message=why)

    # ---- cards that show what is no more

    async def _redraw(self) -> None:
        database = self._desk.database
        last, since = await _of_store(bookmarks.read, database, CARDS)
        touched = {int(event.subject_id) for event in since if event.subject is Subject.DRAFT}
        other = set(await _of_store(announcements.beside, database, touched)) if touched else set()
        captiond = await _of_store(services.get, database, "captiond")
        covers = captiond.covers if captiond is not None else []
        if covers != self._covers:  # Approve becomes Download, or the other way round
            other |= set(await _of_store(announcements.waiting, database))
        for draft_id in sorted({*await _of_store(announcements.stale, database), *other}):
            await self._draw(draft_id)
        self._covers = covers
        if since:
            await _of_store(bookmarks.move, database, CARDS, since[-1].id or last)

    async def _draw(self, draft_id: int) -> None:
        """Show a card as it is now, if it was shown at all and is another now."""
        showing, shown = await _of_store(self._as_shown, draft_id)
        if shown is None or shown.message is None:
            return
        made = await _of_store(card, showing)
        if self._drawn.get(draft_id) != made:
            try:
                await self._chat.redraw(shown.place, shown.message, made)
            except (Closed, Gone) as error:
                log.info("is not there any more", draft=draft_id, message=str(error))
        await _of_store(announcements.shown, self._desk.database, draft_id, shown.message, showing.draft.state)
        self._drawn[draft_id] = made
        if made.mood in OVER:
            self._drawn.pop(draft_id, None)

    def _as_shown(self, draft_id: int) -> tuple[Showing, Announcement | None]:
        database = self._desk.database
        return announcements.showing(database, draft_id), announcements.get(database, draft_id)

    # ---- notices

    async def _tell(self) -> None:
        last, since = await _of_store(bookmarks.read, self._desk.database, NOTICES)
        if not since:
            return
        first, end = last + 1, since[-1].id or last
        clear, self._clear = self._clear, False  # until it is known that all was told
        for place, told in (await _of_store(self._by_place, since)).items():
            try:
                known = last if clear else await self._chat.told(place, first)
                new = [notice for number, notice in told if number > known]
                if new:
                    await self._chat.tell(place, known + 1, end, notices.distinct(new))
            except (Closed, Gone) as error:
                log.warning("cannot tell", place=place, message=str(error), lost=[notice.text for _, notice in told])
        await _of_store(bookmarks.move, self._desk.database, NOTICES, end)
        self._clear = True

    def _by_place(self, events: Sequence[Event]) -> dict[str, list[tuple[int, Notice]]]:
        """What is to be told, with the event's number, by the place where it is told."""
        found: dict[str, list[tuple[int, Notice]]] = {}
        for event in events:
            for channel, notice in self._notices(event):
                place = self._place(channel)
                if place is None:
                    log.warning("nowhere to tell", text=notice.text)
                else:
                    found.setdefault(place, []).append((event.id or 0, notice))
        return found

    def _notices(self, event: Event) -> Iterator[tuple[Channel | None, Notice]]:
        database = self._desk.database
        notice: Notice | None = None
        channel: Channel | None = None
        match event.subject:
            case Subject.VIDEO if event.to_state:
                video = videos.get(database, int(event.subject_id))
                notice, channel = notices.of_video(event, video), videos.channel_of(database, video)
            case Subject.DRAFT if event.to_state or event.what == "postponed":
                draft, video = drafts.get(database, int(event.subject_id))
                channel = videos.channel_of(database, video)
                notice = notices.of_draft(event, draft, video)
                if notice is None and not self._was_told_today(event):
                    notice = notices.of_wait(event, draft)
            case Subject.CHANNEL if event.to_state:
                channel = channels.get(database, int(event.subject_id))
                notice = notices.of_channel(event, channel, self._answer_seconds)
            case Subject.SERVICE:
                notice = notices.of_service(event)
        if notice is not None:
            yield channel, notice

    def _was_told_today(self, event: Event) -> bool:
        """Whether another draft was put off for the same reason on the same day of the quota."""
        before = services.same_before(self._desk.database, event)
        return before is not None and (
            before.at.astimezone(QUOTA_ZONE).date() == event.at.astimezone(QUOTA_ZONE).date()
        )


async def _of_store(function: Callable[..., Made], *arguments: object) -> Made:
    """What the store gives, got in a thread: it may have to wait for the disk."""
    return await asyncio.to_thread(function, *arguments)
