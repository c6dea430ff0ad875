"""A whole machine for a test: real captiond, real console, the loopback YouTube, on data of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import requests
from sqlmodel import select

from sandbox import youtube
from sandbox.youtube import YouTube
from store import services
from store.database import DAEMON_BUSY_SECONDS, Database, sqlite_url
from store.tables import Channel, Draft, Video
from tests.conftest import whisper_tiny

Row = TypeVar("Row", Channel, Draft)

PATIENCE_SECONDS = 60.0  # far more than anything here takes; a bound, not a measurement
LOOK_SECONDS = 0.02

CONFIG = """
[daemon]
tick_seconds = {tick}

[daemon.youtube]
feed_url = "{url}/feeds/videos.xml?channel_id={{channel_id}}"
watch_url = "{url}/watch?v={{video_id}}"
site_url = "{url}"
api_root = "{url}"
auth_uri = "{url}/o/oauth2/auth"
token_uri = "{url}/token"
poll_minutes = 0.02
timeout_seconds = 60
plugin_dirs = ["{plugins}"]

[daemon.engines.whisper]
model = "{model}"
device = "cpu"

[daemon.speech]
idle_seconds = {idle}
"""


def wait_for(what: str, look: Callable[[], Any]) -> Any:
    """What `look` gives, as soon as it is true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"it never came to: {what}")


class Sandbox:
    """The loopback YouTube. It is served from a thread, and spoken to as if it were far away."""

    def __init__(self) -> None:
        self._served = youtube.running(youtube.make_app(YouTube()))
        self.url = self._served.__enter__()

    def close(self) -> None:
        self._served.__exit__(None, None, None)

    def publishes(self, path: Path, **about: Any) -> str:
        """Publish a recording on the sandbox channel; the video's id."""
        values = {"channel_id": youtube.CHANNEL_ID, "title": "A tale", "path": str(path), **about}
        return str(self.post("publish", values)["id"])

    def post(self, what: str, values: dict[str, Any]) -> dict[str, Any]:
        answer = requests.post(f"{self.url}/sandbox/{what}", json=values, timeout=30)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def fault(self, operation: str, kind: str, times: int = 1, value: Any = None) -> None:
        self.post("fault", {"operation": operation, "kind": kind, "times": times, "value": value})

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = requests.get(f"{self.url}/sandbox/state", timeout=30).json()
        return found


class Machine:
    """One owner's machine: a state directory, a config, captiond now and then, and the console."""

    def __init__(self, folder: Path, sandbox: Sandbox, model: Path) -> None:
        self.state = folder / "state"
        self.state.mkdir()
        self.sandbox = sandbox
        self.model = model
        self.config = folder / "config.toml"
        self.other_tables = ""  # what config.toml says to other programs
        self.log = folder / "captiond.log"
        (self.state / "youtube-token.json").write_text(json.dumps(youtube.TOKEN))
        self.environment = {**os.environ, "STATE_DIRECTORY": str(self.state), "CAPTIONWATCH_CONFIG": str(self.config)}
        self.captiond: subprocess.Popen[bytes] | None = None
        self.database = Database(sqlite_url(self.state / "captionwatch.db"), DAEMON_BUSY_SECONDS)

    def start(self, tick: float = 0.1, idle: float = 300, *, covers: bool = True) -> None:
        """Start captiond, and wait until it says that it runs, and with `covers` that somebody is logged in."""
        places = {"url": self.sandbox.url, "plugins": youtube.PLUGIN_DIR, "model": self.model}
        self.config.write_text(CONFIG.format(**places, tick=tick, idle=idle) + self.other_tables)
        before = self._starts()
        with self.log.open("ab") as log:
            self.captiond = subprocess.Popen([program("captiond"), "run"], env=self.environment, stdout=log, stderr=log)
        wait_for("captiond runs", lambda: self._starts() > before)
        wait_for("it says so", lambda: self._says_of_its_login(covers))

    def _says_of_its_login(self, covers: bool) -> object:
        """What the console would tell. It is read here: a console each time would slow down what is waited for."""
        said = services.get(self.database, "captiond")
        return said and (said.covers if covers else said.note)

    def _starts(self) -> int:
        return self.log.read_text().count('"event": "started"') if self.log.exists() else 0

    def kill(self) -> None:
        """kill -9, and assert that no child outlives it."""
        assert self.captiond is not None
        children = children_of(self.captiond.pid)
        self.captiond.send_signal(signal.SIGKILL)
        self.captiond.wait()
        wait_for("no orphans", lambda: not [child for child in children if is_running(child)])

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.captiond is not None
        self.captiond.terminate()
        return self.captiond.wait(timeout=30)

    def says(self, *words: str) -> dict[str, Any]:
        """What the console answers to a command."""
        done = subprocess.run(
            [program("captionbot"), "console", *words, "--json"], env=self.environment, capture_output=True, text=True
        )
        if not done.stdout:
            return {"ok": False, "text": done.stderr}
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def told(self, *words: str) -> dict[str, Any]:
        """As `says`, for a command that must succeed."""
        answer = self.says(*words)
        assert answer["ok"], answer
        return answer

    def channel(self) -> Channel | None:
        return self._only(Channel)

    def video(self, youtube_id: str) -> Video | None:
        with self.database.read() as session:
            return session.exec(select(Video).where(Video.youtube_id == youtube_id)).first()

    def draft(self) -> Draft | None:
        return self._only(Draft)

    def _only(self, table: type[Row]) -> Row | None:
        with self.database.read() as session:
            return session.exec(select(table)).first()


@contextmanager
def machine(folder: Path, model: Path | None = None, *, show_log: bool = True) -> Iterator[Machine]:
    """A machine beside a loopback YouTube; both are ended with the block, by their ids."""
    sandbox = Sandbox()
    made = Machine(folder, sandbox, model or whisper_tiny())
    try:
        yield made
    finally:
        if show_log and made.log.exists():
            sys.stderr.write(made.log.read_text()[-8000:])  # shown where the test failed
        if made.captiond is not None and made.captiond.poll() is None:
            made.stop()
        made.database.close()
        sandbox.close()


def program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def children_of(parent: int) -> list[int]:
    """The processes below `parent`, at any depth."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and _parent_of(int(entry.name)) == parent:
            found += [int(entry.name), *children_of(int(entry.name))]
    return found


def _parent_of(process: int) -> int | None:
    fields = _stat(process)
    return int(fields[1]) if fields else None


def is_running(process: int) -> bool:
    """Whether the process is there and is no zombie."""
    fields = _stat(process)
    return bool(fields) and fields[0] != "Z"


def _stat(process: int) -> list[str]:
    """State, parent and what follows; nothing where the process is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
