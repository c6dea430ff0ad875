"""A stage's surroundings: a real store, a real loopback YouTube, real children. Only the time is the test's."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from daemon.children import Spawner, WarmChild
from daemon.settings import DaemonSettings
from daemon.stages import Context, transcribe
from daemon.youtube import login
from sandbox import youtube
from sandbox.youtube import YouTube
from store import channels, services, videos
from store.database import Database
from store.tables import Draft, Video
from tests.conftest import CORPUS, Clock, whisper_tiny

MODELS = CORPUS.parent / "models"
PIPELINE = MODELS / "pyannote-offline"
DIALOGUE = CORPUS / "conversations" / "sample.wav"


@dataclass
class Scene:
    """What a test talks to: the context that stages get, the YouTube behind it, and the time."""

    context: Context
    youtube: YouTube
    clock: Clock
    url: str

    @property
    def database(self) -> Database:
        return self.context.database

    def video(self, video_id: int = 1) -> Video:
        return videos.get(self.database, video_id)

    def draft(self, draft_id: int = 1) -> Draft:
        with self.database.read() as session:
            found = session.get(Draft, draft_id)
            assert found is not None
            return found

    def requests(self, operation: str) -> int:
        return self.youtube.requests[operation]

    def logs_out(self) -> None:
        (self.context.state / login.FILE).unlink()

    def asks(self, reference: str) -> int:
        return channels.ask(self.database, reference, "ann").number

    def captiond_says_that_its_login_covers(self, *channel_ids: str) -> None:
        services.beat(self.database, "captiond", "1", self.clock(), {}, list(channel_ids))


@pytest.fixture(scope="module")
def recogniser() -> Iterator[WarmChild]:
    """One warm child for all tests of a module: loading the model takes longest."""
    warm = WarmChild(Spawner(), transcribe.MODULE, idle_seconds=600)
    yield warm
    warm.close()


class Counted(WarmChild):
    """A warm child that counts what it is asked."""

    asked = 0

    def ask(self, *request: Any) -> dict[str, Any]:
        self.asked += 1
        return super().ask(*request)


@pytest.fixture(scope="module")
def teller() -> Iterator[Counted]:
    """As `recogniser`, for what tells voices and feelings: importing torch takes longest."""
    warm = Counted(Spawner(), transcribe.VOICES_MODULE, idle_seconds=600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{MODELS}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")  # for the child
        yield warm
        warm.close()


@pytest.fixture
def scene(tmp_path: Path, database: Database, clock: Clock, recogniser: WarmChild, teller: Counted) -> Iterator[Scene]:
    played = YouTube(now=clock)
    with youtube.running(youtube.make_app(played)) as url:
        state = tmp_path / "state"
        state.mkdir()
        (state / login.FILE).write_text(json.dumps(youtube.TOKEN))
        teller.asked = 0
        context = Context(_settings(url), database, state, Spawner(), recogniser, teller, threading.Event())
        yield Scene(context, played, clock, url)


def _settings(url: str) -> DaemonSettings:
    values: dict[str, Any] = {
        "youtube": {
            "feed_url": url + "/feeds/videos.xml?channel_id={channel_id}",
            "watch_url": url + "/watch?v={video_id}",
            "site_url": url,
            "api_root": url,
            "token_uri": f"{url}/token",
            "plugin_dirs": [str(youtube.PLUGIN_DIR)],
        },
        "engines": {"whisper": {"model": str(whisper_tiny()), "device": "cpu"}},
    }
    return DaemonSettings.model_validate(values)
