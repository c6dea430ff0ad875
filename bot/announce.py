"""The outbox: drafts that nobody was shown yet, cards that show what is no more, notices that nobody was told.

All of it is found in the store, so that nothing is lost or said twice, whoever was down when it happened. Before a
message is sent it is written down that it will be; where it is not known whether it was sent, it is looked for first.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

import structlog

from bot import notices
from bot.card import Card, card
from bot.desk import Desk
from bot.held import Held
from bot.notices import Notice
from store import announcements, bookmarks, channels, drafts, services, videos
from store.announcements import Showing
from store.errors import NotFound
from store.tables import Announcement, Channel, Event, Subject

CARDS, NOTICES = "cards", "notices"  #: bookmarks
NOWHERE = ""  #: no place is open
AT_ONCE = 5  #: cards sent or redrawn in one turn; Discord takes about so many in as many seconds
TOUCHING = (Subject.DRAFT, Subject.VIDEO, Subject.CHANNEL)  # what makes cards others
QUOTA_ZONE = ZoneInfo("America/Los_Angeles")  # where the day of YouTube's quota begins
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  #: before the first card of all
BUGS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)  # of one draft: it holds up no other

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

    async def find(self, place: str, draft_id: int, since: datetime) -> str | None:
        """The message with that draft's card, if one was sent since then."""

    async def tell(self, place: str, first: int, last: int, told: Sequence[Notice]) -> None:
        """Send what is to be told of the events from `first` to `last`."""

    async def told(self, place: str, first: int, since: datetime) -> int:
        """The last event that messages since then tell of, from `first` on; the one before it if they tell of none."""


class Outbox:
    """What one connection to the chat has to send, and what it knows of it."""

    def __init__(self, desk: Desk, chat: Chat, answer_seconds: float) -> None:
        self._desk, self._chat, self._answer_seconds = desk, chat, answer_seconds
        self._drafts, self._places = Held(), Held()
        self._drawing = asyncio.Lock()  # else an older look of a card could be sent after a newer one
        self._covers: list[str] | None = None
        self._clear = False  # else somebody may have been killed, or cut off, as he told

    @property
    def trouble(self) -> str | None:
        """Why something is not shown or told; None where all is."""
        draft, place = self._drafts.why, self._places.why
        return f"place {place}" if place else f"draft {draft}" if draft else None

    async def turn(self) -> None:
        """Send what is to be sent. Raise what the chat and the store raise: all is found again at the next turn."""
        await self._announce()
        await self._redraw()
        await self._tell()

    async def refresh(self, draft_id: int) -> None:
        """Show now what somebody has done with a draft, also while many others are on their way."""
        await self._draw(draft_id)

    # ---- drafts that nobody was shown

    async def _announce(self) -> None:
        sent = 0
        while sent < AT_ONCE:
            due = await _of_store(announcements.due, self._desk.database, tuple(self._drafts.now()))
            if not due:
                return
            for draft_id in due[: AT_ONCE - sent]:
                sent += await self._tried(draft_id)

    async def _tried(self, draft_id: int) -> int:
        """Show a draft, or hold it where that cannot be; how many messages were sent."""
        try:
            why = await self._show(draft_id)
        except NotFound as error:
            why = str(error)
        except BUGS:
            log.exception("failed to show", draft=draft_id)
            why = "something went wrong: see the log of captionbot"
        if why is not None:
            self._drafts.add(draft_id, why)
            return 0
        self._drafts.done(draft_id)
        return 1

    async def _show(self, draft_id: int) -> str | None:
        """Why a draft cannot be shown now; None if it is shown, or shall not be."""
        showing = await _of_store(announcements.showing, self._desk.database, draft_id)
        place = await self._place(showing.channel)
        if place is None:
            return "it has no place: set place in [bot.discord], or /channel settings place"
        if place in self._places.now():
            return f"its place {place} is closed"
        made = await _of_store(card, showing)
        begun, first = await _of_store(announcements.begin, self._desk.database, draft_id, place)
        try:
            message = None if first else await self._found(begun, place)
            if message is None and (begun.place != place or showing.draft.state not in drafts.UNDECIDED):
                await _of_store(announcements.give_up, self._desk.database, draft_id)
                return None
            if message is None:
                message = await self._post(begun, made)
            else:
                await self._chat.redraw(begun.place, message, made)
        except (Closed, Gone) as error:
            self._places.add(begun.place, str(error))
            return f"its place {begun.place} is closed"
        self._places.done(place)
        await _of_store(announcements.shown, self._desk.database, draft_id, message, showing.draft.state, _digest(made))
        return None

    async def _found(self, begun: Announcement, place: str) -> str | None:
        """The message of a card that may have been sent. Raise Closed if nobody can look where it still belongs."""
        try:
            return await self._chat.find(begun.place, begun.draft_id, begun.announced_at or LONG_AGO)
        except Gone:
            return None
        except Closed:
            if begun.place == place:
                raise
            return None

    async def _post(self, begun: Announcement, made: Card) -> str:
        try:
            message = await self._chat.post(begun.place, made)
        except (Closed, Gone):
            await _of_store(announcements.give_up, self._desk.database, begun.draft_id)
            raise
        log.info("shown", draft=begun.draft_id, place=begun.place)
        return message

    async def _place(self, channel: Channel | None) -> str | None:
        """Where a channel's drafts go: to its own place, to that of config.toml, to the first that any channel has."""
        own = channel.place if channel is not None else None
        return own or self._desk.chat.place or next(iter(await self._every_place()), None)

    async def _every_place(self) -> Sequence[str]:
        """Places that people chose, that of config.toml first."""
        chosen = await _of_store(channels.places, self._desk.database)
        return tuple(dict.fromkeys(one for one in (self._desk.chat.place, *chosen) if one))

    # ---- cards that show what is no more

    async def _redraw(self) -> None:
        async with self._drawing:
            await self._mark()
        drawn = 0
        while drawn < AT_ONCE:
            shut = tuple(str(one) for one in self._places.now())
            stale = await _of_store(announcements.stale, self._desk.database, shut)
            if not stale:
                return
            for draft_id in stale:
                drawn += await self._draw(draft_id)
                if drawn >= AT_ONCE:
                    return

    async def _mark(self) -> None:
        """Note which cards may show what is no more, by what happened since the last turn."""
        database = self._desk.database
        last, since = await _of_store(bookmarks.read, database, CARDS)
        touched = {subject: {int(one.subject_id) for one in since if one.subject is subject} for subject in TOUCHING}
        if touched[Subject.DRAFT]:
            await _of_store(announcements.touch, database, touched[Subject.DRAFT])
        if touched[Subject.VIDEO]:
            await _of_store(announcements.touch_videos, database, touched[Subject.VIDEO])
        if touched[Subject.CHANNEL]:
            self._drafts.again()
        captiond = await _of_store(services.get, database, "captiond")
        covers = captiond.covers if captiond is not None else []
        if covers != self._covers:  # Approve becomes Download, or the other way round
            await _of_store(announcements.touch_waiting, database)
        self._covers = covers
        if since:
            await _of_store(bookmarks.move, database, CARDS, since[-1].id or last)

    async def _draw(self, draft_id: int) -> int:
        """Show a card as it is now, if it was shown at all and is another now; how many messages were edited."""
        async with self._drawing:
            showing, shown = await _of_store(self._as_shown, draft_id)
            if shown is None or shown.message is None:
                return 0
            try:
                made = await _of_store(card, showing)
            except BUGS:
                log.exception("failed to draw", draft=draft_id)
                return await self._drawn(showing, shown.message, "")
            if shown.drawn == _digest(made):
                return await self._drawn(showing, shown.message, shown.drawn)
            try:
                await self._chat.redraw(shown.place, shown.message, made)
                self._places.done(shown.place)
            except Closed as error:
                self._places.add(shown.place, str(error))
                return 1
            except Gone as error:
                log.info("is not there any more", draft=draft_id, message=str(error))
            await self._drawn(showing, shown.message, _digest(made))
            return 1

    async def _drawn(self, showing: Showing, message: str, digest: str) -> int:
        draft = showing.draft
        await _of_store(announcements.shown, self._desk.database, draft.number, message, draft.state, digest)
        return 0

    def _as_shown(self, draft_id: int) -> tuple[Showing, Announcement | None]:
        database = self._desk.database
        return announcements.showing(database, draft_id), announcements.get(database, draft_id)

    # ---- notices

    async def _tell(self) -> None:
        """Tell what happened since the last turn. While there is no open place nothing is told, and nothing lost."""
        last, since = await _of_store(bookmarks.read, self._desk.database, NOTICES)
        if not since:
            return
        first, end = last + 1, since[-1].id or last
        clear, self._clear = self._clear, False  # until it is known that all was told
        every = await self._every_place()
        by_place = await _of_store(self._by_place, since, every)
        if NOWHERE in by_place:
            return
        for place, told in by_place.items():
            try:
                known = last if clear else await self._chat.told(place, first, since[0].at)
                new = [notice for number, notice in told if number > known]
                if new:
                    await self._chat.tell(place, known + 1, end, notices.distinct(new))
                self._places.done(place)
            except (Closed, Gone) as error:
                self._places.add(place, str(error))
                return  # the next turn tells the rest, and in another place what was for this one
        await _of_store(bookmarks.move, self._desk.database, NOTICES, end)
        self._clear = True

    def _by_place(self, events: Sequence[Event], every: Sequence[str]) -> dict[str, list[tuple[int, Notice]]]:
        """What is to be told, with the event's number, by the place where it is told, or NOWHERE."""
        shut = self._places.now()
        found: dict[str, list[tuple[int, Notice]]] = {}
        for event in events:
            for channel, notice in self._known(event):
                own = (channel.place,) if channel is not None and channel.place else ()
                place = next((one for one in (*own, *every) if one not in shut), NOWHERE)
                found.setdefault(place, []).append((event.id or 0, notice))
        return found

    def _known(self, event: Event) -> Sequence[tuple[Channel | None, Notice]]:
        """What is to be told of an event; nothing of one that cannot be understood."""
        try:
            return tuple(self._notices(event))
        except (NotFound, *BUGS):
            log.exception("failed to tell", number=event.id)
            return ()

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


def _digest(made: Card) -> str:
    """What tells whether a card is another now. The files of a revision never change."""
    return hashlib.sha256(repr(replace(made, files=())).encode()).hexdigest()


async def _of_store(function: Callable[..., Made], *arguments: object) -> Made:
    """What the store gives, got in a thread: it may have to wait for the disk."""
    return await asyncio.to_thread(function, *arguments)
