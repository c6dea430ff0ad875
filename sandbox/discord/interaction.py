"""An interaction: what somebody did, what the bot answered, and when. Begun in acting.py, answered in answers.py."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from sandbox.discord.things import Json, Member


class Type(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    SUBMIT = 5


class Callback(IntEnum):
    """What the bot's first answer may be."""

    MESSAGE = 4
    THINKING = 5
    SILENT = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


NO_ANSWER = "The application did not respond"
"""What a person reads when the first answer does not come in time."""


@dataclass(frozen=True)
class Acknowledgement:
    """The first answer. Milliseconds are real ones, from the event's being sent to the answer's coming in."""

    type: Callback
    milliseconds: float
    ephemeral: bool


@dataclass
class Interaction:
    """`member` did `what` in a channel; `message_id` is the message whose component it was, or that opened the modal.

    `response_id` is the message that is its original response: for SILENT and UPDATE the component's own. `versions`
    counts the bot's edits of it.
    """

    id: str
    token: str
    type: Type
    member: Member
    channel_id: str
    created_at: datetime
    what: str
    message_id: str | None = None
    acknowledged: Acknowledgement | None = None
    answered_milliseconds: float | None = None
    response_id: str | None = None
    followups: list[str] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    is_waiting: bool = True  # the person looks at "thinking …", or at nothing yet
    failure: str | None = None
    _sent: float = field(default_factory=time.perf_counter)
    _happened: asyncio.Event = field(default_factory=asyncio.Event)

    def sent(self) -> None:
        """It is on its way now."""
        self._sent = time.perf_counter()

    def acknowledge(self, type: Callback, arrived: float, *, ephemeral: bool) -> None:  # noqa: A002
        self.acknowledged = Acknowledgement(type, self._since(arrived), ephemeral)
        if type is not Callback.THINKING:
            self.answered(arrived)
        self.tell()

    def answered(self, arrived: float) -> None:
        """The person has got what was waited for."""
        if self.is_waiting:
            self.is_waiting, self.answered_milliseconds = False, self._since(arrived)
        self.tell()

    def fail(self, why: str = NO_ANSWER) -> None:
        self.failure, self.is_waiting = why, False
        self.tell()

    def _since(self, arrived: float) -> float:
        return round((arrived - self._sent) * 1000, 3)

    def tell(self) -> None:
        """Let those who wait look again."""
        self._happened.set()
        self._happened = asyncio.Event()

    async def wait(self, until: Callable[[Interaction], bool], seconds: float) -> bool:
        """Wait until it is so; whether it came."""
        try:
            async with asyncio.timeout(seconds):
                while not until(self):
                    await self._happened.wait()
        except TimeoutError:
            return False
        return True
