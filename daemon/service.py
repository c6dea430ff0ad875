"""captiond as a service: what is started, in which order, and how it ends."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from daemon.children import Spawner, WarmChild
from daemon.settings import Settings
from daemon.signs import Signs
from daemon.stages import Context, discover, download, transcribe, typeset, upload
from store import VERSION, notify, services, work
from store import database as stored
from store.database import DAEMON_BUSY_SECONDS, Database
from store.errors import StoreError, Unusable

OTHER_JOBS = 7  # threads besides those of downloads and recognitions, one for each job below
FEEDINGS = 4  # of systemd's watchdog within the time that it waits
M_ARENA_MAX, ARENAS = -8, 2  # mallopt(3)
STORE_SECONDS = 10.0  # a stage rests so long after the store failed it

log = structlog.stdlib.get_logger()


def run(settings: Settings, state: Path, stopping: threading.Event) -> None:
    """Run captiond in the main thread until `stopping` is set, by SIGTERM or SIGINT. Raise StoreError."""
    url = settings.store.database_url(state)
    with locked(state, url):
        database = Database(url, DAEMON_BUSY_SECONDS)
        stored.migrate(database)
        freed = work.release_all(database)
        spawner = Spawner()
        recogniser = WarmChild(spawner, transcribe.MODULE, settings.daemon.speech.idle_seconds)
        voices = WarmChild(spawner, transcribe.VOICES_MODULE, settings.daemon.speech.idle_seconds)
        context = Context(settings.daemon, database, state, spawner, recogniser, voices, stopping)
        scheduler = _scheduler(context)
        _stop_on_signals(stopping)
        _few_arenas()
        scheduler.start()
        notify.tell(notify.READY)
        log.info("started", version=VERSION, state=str(state), freed=freed)
        spawner.work(stopping)  # children are started here, in the main thread
        notify.tell(notify.STOPPING)
        log.info("stopping")
        scheduler.shutdown(wait=True)  # stages give their work back; one that waits for an answer, when it has it
        recogniser.close()
        voices.close()
        database.close()
        log.info("stopped")


def _scheduler(context: Context) -> BackgroundScheduler:
    """Timers only: the queue is the store, and a timer that fires while its stage works does nothing."""
    threads = OTHER_JOBS + context.settings.download.parallel + context.slots.total
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": {"type": "threadpool", "max_workers": threads}},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each firing that finds its stage at work

    def every(seconds: float, name: str, work_once: Callable[[], bool], instances: int = 1) -> None:
        scheduler.add_job(
            _drain,
            "interval",
            seconds=seconds,
            args=(name, work_once, context.stopping),
            name=name,
            max_instances=instances,
            next_run_time=datetime.now(UTC),
        )

    tick, signs = context.settings.tick_seconds, Signs(context)
    every(services.BEAT.total_seconds(), "beat", lambda: _once(signs.beat))
    every(tick, "login", lambda: _once(signs.ask))
    every(tick, "discover", lambda: _once(lambda: discover.step(context)))  # a feed a tick: never a burst of them
    every(tick, "download", lambda: download.step(context), context.settings.download.parallel)
    every(tick, "transcribe", lambda: transcribe.step(context), context.slots.total)
    every(tick, "typeset", lambda: typeset.step(context))
    every(tick, "upload", lambda: upload.step(context))
    every(tick, "idle", lambda: _once(lambda: _leave_if_idle(context)))
    watched = notify.watchdog_seconds()
    if watched is not None:
        every(watched / FEEDINGS, "watchdog", lambda: _once(lambda: feed_watchdog(context, watched)))
    return scheduler


def feed_watchdog(context: Context, watched_seconds: float) -> None:
    """Tell systemd that all is well. The timers turn, since this runs; the rest is looked at. Raise StoreError.

    A disk that is full is no reason to be restarted: the store answers, and says so where it is written to.
    """
    context.database.answer()
    if context.spawner.silent_seconds < watched_seconds:
        notify.tell(notify.ALIVE)


def _leave_if_idle(context: Context) -> None:
    for child in (context.recogniser, context.voices):
        child.leave_if_idle()


def _once(act: Callable[[], object]) -> bool:
    """Act, and tell that there is nothing more to do."""
    act()
    return False


def _drain(name: str, work_once: Callable[[], bool], stopping: threading.Event) -> None:
    """Work until there is nothing to do. A locked database or a full disk is met again at the next firing."""
    try:
        while not stopping.is_set() and work_once():
            pass
    except StoreError as error:
        log.error("store failed", stage=name, message=str(error))
        stopping.wait(STORE_SECONDS)
    except Exception:
        log.exception("failed", stage=name)


def _few_arenas() -> None:
    """Let glibc's allocator keep few arenas: by default eight a core, each with memory that it does not give back."""
    with contextlib.suppress(AttributeError, OSError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _stop_on_signals(stopping: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())


@contextmanager
def locked(state: Path, url: str) -> Iterator[None]:
    """Hold the state directory, whose files are ours alone, and the database, whose claims are. Raise Unusable."""
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Unusable(f"the state directory {state} cannot be used: {error.strerror}") from error
    file = stored.sqlite_file(url)
    with ExitStack() as held:
        held.enter_context(_lock(state / "captiond.lock", state))
        if file is not None:
            held.enter_context(_lock(file.with_name(f"{file.name}.lock"), file))
        yield


@contextmanager
def _lock(path: Path, guarded: Path) -> Iterator[None]:
    """Hold a lock file. Raise Unusable if another captiond does, or there is no writing there."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Unusable(f"the folder {path.parent} cannot be written to: {error.strerror}") from error
    with os.fdopen(handle, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = file.read().strip() or "unknown"
            raise Unusable(f"another captiond (process {other}) works with {guarded} already") from None
        try:
            os.ftruncate(handle, 0)
            os.write(handle, str(os.getpid()).encode())
        except OSError as error:
            raise Unusable(f"{path} cannot be written: {error.strerror}; make room on its disk") from error
        yield
