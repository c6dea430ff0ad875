"""The demo as a process, without a terminal: the whole route with real programs, and a Ctrl-C in the middle of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import sample
from tests.machine import wait_for

MARK = "CAPTIONWATCH_TEST_OF_THE_DEMO"  # in the environment of all that the demo starts
PATIENCE_SECONDS = 120


@pytest.fixture
def demo(tmp_path):
    """Starts it, as in a terminal of its own group; what it leaves behind fails the test."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), MARK: str(tmp_path), "COLUMNS": "100"}
    running = []

    def start(*arguments):
        command = [sys.executable, "-m", "sandbox", "--file", str(sample("beckett.wav")), *arguments]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        running.append(subprocess.Popen(command, env=environment, text=True, process_group=0, **streams))
        return running[0]

    yield start
    running[0].terminate()
    running[0].communicate(timeout=PATIENCE_SECONDS)
    wait_for("nothing runs any more", lambda: not marked(tmp_path))
    assert list(tmp_path.glob("captionwatch-*")) == []


def marked(folder):
    """The processes that were started with this mark."""
    mark = f"{MARK}={folder}\0".encode()
    return [one for one in Path("/proc").iterdir() if one.name.isdecimal() and mark in environment_of(one)]


def environment_of(process):
    try:
        return (process / "environ").read_bytes()
    except OSError:  # gone, or somebody else's
        return b""


def printed(process):
    """What it printed until it ended well: before the track, and the track."""
    output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, output
    shown, _, track = output.partition("the track on YouTube: en, serving")
    return shown, track


def test_the_demo_goes_the_whole_route_in_the_console(demo):
    shown, track = printed(demo())
    for words in ("captionbot console draft show 1", "6 cues", "Draft 1 is approved.", "it is on YouTube"):
        assert words in shown
    assert "Fail better." in track


def test_the_demo_goes_the_whole_route_in_discord(demo):
    shown, track = printed(demo("--chat", "discord"))
    typed, card, form, edited = (
        shown.index(words)
        for words in ("/channel add @sandbox", "Waits for a decision.", "[Choose a cue ▾]", "On YouTube since")
    )
    assert typed < shown.index("Sandbox Channel, is watched.") < card < shown.index(" Approve ") < form < edited
    assert shown.index("Approved by @owner") < edited < shown.index("has captions on YouTube now")
    assert "Fail better." in track


@pytest.mark.parametrize("until", ["1. Subscribe", "   discover"])
def test_a_ctrl_c_leaves_nothing_behind(demo, until, tmp_path):
    process = demo("--chat", "discord")
    seen = ""
    while until not in seen:
        line = process.stdout.readline()
        assert line, seen
        seen += line
    assert len(marked(tmp_path)) >= 5, "the demo, two stand-ins and our two services"
    for _ in range(2):  # an impatient person
        os.killpg(process.pid, signal.SIGINT)
    rest, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 128 + signal.SIGINT
    assert "Traceback" not in seen + rest
    assert "The demo was stopped" in rest
