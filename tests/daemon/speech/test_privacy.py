"""Sound that may not leave this machine: no local engine opens a connection, in the very process that holds it.

Python tells its audit hooks of whatever Python code connects to or looks up. The child gets one before anything else
runs in it, writes down what was tried, and refuses it. What a library's own machine code did is not told.
"""

import contextlib
import subprocess
import sys
from contextlib import ExitStack

import pytest

from captions.transcript import from_json
from daemon.children import Spawner, WarmChild
from daemon.errors import DaemonError
from daemon.speech.audio import SAMPLE_RATE
from daemon.speech.engines import ENGINES
from tests.daemon.speech.recordings import wav_of
from tests.daemon.speech.test_engine_contract import MADE
from tests.daemon.speech.test_worker import ROOT, ask

GUARD = """
import os, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["TRIED"], "a") as file:
            print(event, file=file)
        raise PermissionError(f"{event} is not allowed here")

sys.addaudithook(refuse)
"""
WAYS_OUT = {
    "socket.connect": "socket.socket().connect(('127.0.0.1', 9))",
    "socket.getaddrinfo": "socket.getaddrinfo('localhost', 9)",
    "socket.gethostbyname": "socket.gethostbyname('localhost')",
    "socket.sendto": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
}


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """The file in which what a guarded Python tries is written down: each that is started with this environment."""
    (tmp_path / "sitecustomize.py").write_text(GUARD)  # Python imports it by itself, before all else
    found = tmp_path / "tried"
    found.touch()
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{ROOT}")
    monkeypatch.setenv("TRIED", str(found))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.delenv("HF_HUB_OFFLINE")  # an owner's machine may ask the hub
    return found


@pytest.fixture
def child(tried):
    with contextlib.closing(WarmChild(Spawner(), "daemon.speech.worker", idle_seconds=600)) as warm:
        yield warm


@pytest.mark.parametrize("name", [name for name, kind in ENGINES.items() if kind.local])
def test_no_local_engine_reaches_for_the_network(name, child, tried, tmp_path):
    with ExitStack() as held:
        ready = MADE[name](tmp_path / "model", held)
    path = wav_of(tmp_path / "sound.wav", ready.audio.samples, SAMPLE_RATE)
    answer = ask(child, {"path": str(path), "engine": name, "language": None, "options": ready.options})
    assert from_json(answer["transcript"]).words
    assert tried.read_text() == ""


def test_a_model_that_is_fetched_is_seen(child, tried, tmp_path):
    """The same child, guarded in the same way: what it tries does not stay unseen."""
    with ExitStack() as held:
        options = {**MADE["whisper"](tmp_path, held).options, "model": "tiny.en"}
    with pytest.raises(DaemonError):
        ask(child, {"engine": "whisper", "options": options})
    assert "socket." in tried.read_text()


@pytest.mark.parametrize("event", WAYS_OUT)
def test_every_way_out_is_seen(event, tried):
    command = [sys.executable, "-c", f"import socket; {WAYS_OUT[event]}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert f"PermissionError: {event} is not allowed here" in done.stderr
    assert tried.read_text() == f"{event}\n"
