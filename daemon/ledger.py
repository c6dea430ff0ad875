"""Paid work on recordings that are no videos of ours: booked where the daemon books its own, so both see one limit.

The database is opened, and made, where a cloud engine is about to be used, and not before.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from daemon.job import Job
from daemon.recognising import Account
from daemon.slots import held
from daemon.stages import sha256_of
from store import database as stored
from store.database import DAEMON_BUSY_SECONDS, Database
from store.errors import NotReady, TooNew


class Ledger:
    """The store, for those who pay. Threads share it."""

    def __init__(self, url: str, state: Path) -> None:
        self._url, self._state = url, state
        self._lock = threading.Lock()
        self._open = ExitStack()
        self._database: Database | None = None
        self._alone: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(1))

    @contextmanager
    def account(self, asked: Job, sound: Path, watch: Callable[[], None]) -> Iterator[Account]:
        """Where a job on a sound is booked, held alone: of two equal recordings the second finds the first's receipt.

        While it is waited for, whatever `watch` raises ends it. Raise StoreError, OSError.
        """
        key = asked.words_key(sha256_of(sound))
        with self._lock:
            database, alone = self._opened(), self._alone[key]
        with held(alone, watch):
            yield Account(database, None, key)

    def close(self) -> None:
        self._open.close()

    def _opened(self) -> Database:
        if self._database is None:
            self._database = self._ready()
        return self._database

    def _ready(self) -> Database:
        """The database with the present schema; where captiond runs with another one, it is left alone."""
        from daemon.service import locked

        if stored.sqlite_file(self._url) is not None:
            self._state.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = Database(self._url, DAEMON_BUSY_SECONDS)
        self._open.callback(database.close)
        try:
            stored.check_schema(database)
        except TooNew:
            raise
        except NotReady:
            with locked(self._state, self._url):
                stored.migrate(database)
        return database
