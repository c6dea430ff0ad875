"""What systemd is told: that captiond is ready, again and again that it is well, and that it stops."""

import socket
import sqlite3
import subprocess
import threading
from concurrent.futures import Future
from contextlib import closing, suppress

import pytest

from daemon.children import Spawner, WarmChild
from daemon.service import feed_watchdog
from daemon.settings import DaemonSettings
from daemon.stages import Context, transcribe
from store import database as stored
from store.database import Database, sqlite_url
from store.errors import Busy, Unusable
from tests.machine import PATIENCE_SECONDS, machine, program, wait_for

WATCHED_SECONDS = 0.5  # a spawner that turns is silent for half of that
LONG_SECONDS = 3600.0
HERE = "1000000"  # systemd waits a second for the next sign of life


class Systemd:
    """systemd's end of the socket."""

    def __init__(self, path):
        self.path = str(path)
        self._end = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._end.bind(self.path)

    def told(self):
        """All that it was told and has not heard yet. Does not wait."""
        self._end.settimeout(0)
        found = []
        with suppress(BlockingIOError):
            while True:
                found.append(self._end.recv(1000).decode())
        return found

    def hears(self):
        """What it was told next."""
        self._end.settimeout(PATIENCE_SECONDS)
        return self._end.recv(1000).decode()

    def close(self):
        self._end.close()


@pytest.fixture
def systemd(tmp_path, monkeypatch):
    made = Systemd(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", made.path)
    yield made
    made.close()


# ---- one feeding


def context(database, state, spawner):
    recogniser = WarmChild(spawner, transcribe.MODULE, idle_seconds=300)
    voices = WarmChild(spawner, transcribe.VOICES_MODULE, idle_seconds=300)
    return Context(DaemonSettings(), database, state, spawner, recogniser, voices, threading.Event())


@pytest.fixture
def hasty(database):
    """The same database for one who does not wait for others."""
    opened = Database(database.url, busy_seconds=0.01)
    yield opened
    opened.close()


def test_systemd_is_told_that_all_is_well_while_the_store_answers_and_the_spawner_turns(database, tmp_path, systemd):
    feed_watchdog(context(database, tmp_path, Spawner()), LONG_SECONDS)
    assert systemd.told() == ["WATCHDOG=1"]


def test_nothing_is_told_while_another_program_keeps_the_store_to_itself(database, hasty, tmp_path, systemd):
    database.close()
    with closing(sqlite3.connect(stored.sqlite_file(database.url), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE").close()
        other.execute("BEGIN EXCLUSIVE").close()
        with pytest.raises(Busy):
            feed_watchdog(context(hasty, tmp_path, Spawner()), LONG_SECONDS)
    assert systemd.told() == []
    feed_watchdog(context(hasty, tmp_path, Spawner()), LONG_SECONDS)
    assert systemd.told() == ["WATCHDOG=1"]


def test_nothing_is_told_where_the_store_is_no_database_any_more(tmp_path, systemd):
    (tmp_path / "nonsense.db").write_bytes(b"nonsense" * 1000)
    broken = Database(sqlite_url(tmp_path / "nonsense.db"), busy_seconds=0.01)
    with pytest.raises(Unusable):
        feed_watchdog(context(broken, tmp_path, Spawner()), LONG_SECONDS)
    assert systemd.told() == []
    broken.close()


def test_nothing_is_told_when_the_disk_gives_something_else_than_was_written(hasty, tmp_path, systemd):
    """Though the connection is open since then: whatever answers without a look at the files does not tell of them."""
    its = context(hasty, tmp_path, Spawner())
    feed_watchdog(its, LONG_SECONDS)
    file = stored.sqlite_file(hasty.url)
    for path in file.parent.glob(f"{file.name}*"):
        with path.open("r+b") as opened:
            opened.write(b"\x55" * path.stat().st_size)
    with pytest.raises(Unusable):
        feed_watchdog(its, LONG_SECONDS)
    assert systemd.told() == ["WATCHDOG=1"]


def test_while_another_program_writes_systemd_is_told_that_all_is_well(database, hasty, tmp_path, systemd):
    """Readers do not wait for a writer: that captiond could not write now is no reason to end it."""
    with database.write():
        feed_watchdog(context(hasty, tmp_path, Spawner()), LONG_SECONDS)
    assert systemd.told() == ["WATCHDOG=1"]


def test_nothing_is_told_while_the_thread_that_starts_children_hangs(database, tmp_path, systemd):
    made, released, stop = Future(), threading.Event(), threading.Event()

    def hang_then_turn():
        made.set_result(Spawner())
        released.wait()
        made.result().work(stop)

    thread = threading.Thread(target=hang_then_turn)
    thread.start()
    try:
        spawner = made.result()
        its = context(database, tmp_path, spawner)
        wait_for("it hangs for long", lambda: spawner.silent_seconds >= WATCHED_SECONDS)
        feed_watchdog(its, WATCHED_SECONDS)
        assert systemd.told() == []
        released.set()
        wait_for("it turns again", lambda: feed_watchdog(its, WATCHED_SECONDS) or systemd.told())
    finally:
        released.set()
        stop.set()
        thread.join()


# ---- captiond as systemd starts it


@pytest.fixture
def owner(tmp_path, systemd):
    """A machine whose captiond is started with `systemd` listening."""
    (tmp_path / "machine").mkdir()
    with machine(tmp_path / "machine") as made:
        yield made


def test_a_captiond_that_runs_is_ready_first_and_then_alive_again_and_again_though_another_program_writes(
    owner, systemd
):
    owner.environment["WATCHDOG_USEC"] = HERE
    owner.start()
    assert systemd.hears() == "READY=1"
    assert [systemd.hears() for _ in range(3)] == ["WATCHDOG=1"] * 3
    with closing(sqlite3.connect(owner.state / "captionwatch.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE").close()
        systemd.told()
        assert [systemd.hears() for _ in range(5)] == ["WATCHDOG=1"] * 5
        other.execute("ROLLBACK").close()
    owner.captiond.terminate()
    wait_for("it says that it stops", lambda: "STOPPING=1" in systemd.told())
    assert owner.captiond.wait(timeout=PATIENCE_SECONDS) == 0


def test_a_captiond_that_is_not_watched_says_only_that_it_is_ready_and_that_it_stops(owner, systemd):
    """Ready is one whose database is there, and which holds it: a second one never is."""
    owner.environment["WATCHDOG_USEC"], owner.environment["WATCHDOG_PID"] = HERE, "1"  # another process is meant
    owner.start()
    assert systemd.told() == ["READY=1"]
    stored.check_schema(owner.database)
    assert "another captiond" in refusal(owner)
    assert systemd.told() == []
    assert owner.captiond.poll() is None
    assert owner.stop() == 0
    assert systemd.told() == ["STOPPING=1"]


def test_a_captiond_that_refuses_its_database_never_says_that_it_is_ready(owner, systemd):
    owner.config.write_text("")
    stored.migrate(owner.database)
    with owner.database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert "written by a newer captionwatch" in refusal(owner)
    assert systemd.told() == []


def refusal(owner):
    """What a captiond says that ends by itself."""
    command = [program("captiond"), "run"]
    done = subprocess.run(command, env=owner.environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    return done.stderr
