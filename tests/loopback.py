"""What tests have on loopback beside the sandbox: a server with one answer, a browser, captiond's commands."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from store.secrets import SECRETS
from tests.machine import PATIENCE_SECONDS, program, wait_for

HTML = "text/html; charset=utf-8"
NO_KEYRING = "keyring.backends.fail.Keyring"
OF_A_DESKTOP = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "PYTHON_KEYRING_BACKEND")

CONFIG = """
[daemon.youtube]
api_root = "{url}"
auth_uri = "{url}/o/oauth2/auth"
token_uri = "{url}/token"
timeout_seconds = {timeout}
"""


# ---- a server


class _Answer(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body, status, kind = self.server.answer
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextlib.contextmanager
def answering(body: object, status: int = 200, kind: str = "application/json") -> Iterator[str]:
    """The address of a server that gives every request this answer: bytes as they are, else as JSON."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.daemon_threads = True
    server.answer = (body if isinstance(body, bytes) else json.dumps(body).encode(), status, kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# ---- a person


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def consents(address: str, _port: int = 0) -> requests.Response:
    """Go where the terminal says, and answer as the sandbox's consent is set; the page that is seen at last."""
    return requests.get(address, timeout=PATIENCE_SECONDS)


def consented(address: str) -> str:
    """As `consents`, step by step; the code that was given."""
    asked = requests.get(address, allow_redirects=False, timeout=PATIENCE_SECONDS)
    place = urljoin(address, asked.headers["Location"])
    assert requests.get(place, timeout=PATIENCE_SECONDS).status_code == 200
    return query_of(place)["code"]


# ---- commands as processes


def environment_of(state: Path, config: Path, **more: str) -> dict[str, str]:
    """The environment of a command, on a machine without a screen, without secrets and without a keyring."""
    unwanted = {*OF_A_DESKTOP, *(kind.variable for kind in SECRETS.values())}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    places = {"STATE_DIRECTORY": str(state), "CAPTIONWATCH_CONFIG": str(config), "PYTHON_KEYRING_BACKEND": NO_KEYRING}
    return {**kept, **places, **more}


@dataclass(frozen=True)
class Ended:
    code: int
    said: str
    error: str

    @property
    def one_line(self) -> str:
        """What a failure says. Fails where that is not one line."""
        assert (self.code, self.error.count("\n"), self.error[-1:]) == (1, 1, "\n"), self
        return self.error.strip()


def run(environment: dict[str, str], *words: str, typed: str = "") -> Ended:
    """Run `captiond WORDS` to its end."""
    done = subprocess.run(
        [program("captiond"), *words],
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class LoggingIn:
    """`captiond login` as a process, which waits for a person."""

    def __init__(self, folder: Path, environment: dict[str, str], *words: str) -> None:
        self._said, self._error = folder / "login.said", folder / "login.error"
        command = ["env", "--default-signal=INT", program("captiond"), "login", *words]  # a shell's & would ignore it
        with self._said.open("wb") as said, self._error.open("wb") as error:
            self._process = subprocess.Popen(command, env=environment, stdout=said, stderr=error)

    def __enter__(self) -> LoggingIn:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    @property
    def said(self) -> str:
        return self._said.read_text()

    def waits(self) -> str:
        """Wait until it waits for the person; the address that it shows."""
        wait_for("an address", lambda: "Waiting for your answer" in self.said or self._process.poll() is not None)
        found = re.search(r"^(https?://\S+)$", self.said, re.MULTILINE)
        assert found is not None, self._error.read_text()
        return found[1]

    def interrupted(self) -> Ended:
        """Ctrl-C."""
        self._process.send_signal(signal.SIGINT)
        return self.ends()

    def ends(self) -> Ended:
        code = self._process.wait(timeout=PATIENCE_SECONDS)
        return Ended(code, self.said, self._error.read_text())
