"""The sign of life of captiond: that it runs, which engines are ready, and which channels the login covers."""

from __future__ import annotations

from datetime import timedelta

import structlog

from daemon import job
from daemon.errors import AskHuman, DaemonError, TryLater
from daemon.speech.engines import ENGINES
from daemon.stages import WHO, Context
from daemon.youtube import login
from store import VERSION, services

ASK_AGAIN = timedelta(hours=1)
ASK_SOON = timedelta(minutes=1)  # where YouTube could not be reached

log = structlog.stdlib.get_logger()


class Signs:
    """Writes captiond's Service row. Asks YouTube which channels the login covers: at first, hourly, after a login."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._started_at = context.database.now()
        self._ask_at = context.database.now()
        self._asked_for = ""
        before = services.get(context.database, WHO)  # what was known is the best there is until YouTube answers
        self._covers: list[str] = list(before.covers) if before else []
        self._note: str | None = before.note if before else None

    def beat(self) -> None:
        """Say that captiond is alive, and what it can do."""
        settings = self._context.settings
        engines = {name: kind.why_not(job.with_key(settings, name)) for name, kind in ENGINES.items()}
        services.beat(self._context.database, WHO, VERSION, self._started_at, engines, self._covers, self._note)

    def ask(self) -> None:
        """Ask YouTube which channels the login covers, if it is time to, and say so."""
        if self._is_time_to_ask():
            self._ask()
            self.beat()

    def _is_time_to_ask(self) -> bool:
        now = self._context.database.now()
        return now >= self._ask_at or self._login() != self._asked_for

    def _login(self) -> str:
        return login.identity(self._context.state / login.FILE)

    def _ask(self) -> None:
        now, self._asked_for = self._context.database.now(), self._login()
        self._ask_at = now + ASK_SOON
        try:
            with self._context.api() as api:
                self._covers = [channel.youtube_id for channel in api.my_channels()]
            self._note, self._ask_at = None, now + ASK_AGAIN
        except TryLater as error:
            self._note = str(error)
        except AskHuman as error:
            self._covers, self._note, self._ask_at = [], str(error), now + ASK_AGAIN
        except DaemonError as error:  # each asking costs quota: not every minute
            self._note, self._ask_at = str(error), now + ASK_AGAIN
        log.info("asked for the login's channels", covers=self._covers, note=self._note)
