"""How many recordings each engine has at once: a loopback AssemblyAI, a real Whisper, the real threads."""

import signal
import subprocess
import threading
import wave
from concurrent.futures import ThreadPoolExecutor

import pytest

from daemon import batch
from daemon.ledger import Ledger
from daemon.settings import DaemonSettings
from sandbox.assemblyai import API_KEY, AssemblyAI, make_app, running
from store.database import sqlite_url
from tests.conftest import sample, whisper_tiny
from tests.machine import program, wait_for

WORDS = [["Fail", 0.5, 0.9, "A"], ["better.", 1.0, 1.4, "A"]]
AT_WORK = ("decoding", "loading the model", "recognising")


class Steps:
    """The progress of all pieces: `now` is where each is, `most` how many were ever at work at once."""

    def __init__(self):
        self.now, self.most = {}, 0
        self._lock = threading.Lock()

    def watch(self, piece):
        def progress(fraction, step):
            with self._lock:
                self.now[piece.source] = "done" if fraction >= 1 else step
                self.most = max(self.most, sum(step in AT_WORK for step in self.now.values()))

        return progress

    def at(self, step):
        return sum(one == step for one in self.now.values())


def recordings(folder, count):
    """So many, of which no two are the same: what is the same is paid once."""
    with wave.open(str(sample("beckett.wav"))) as read:
        shape, sound = read.getparams(), read.readframes(read.getnframes())
    for n in range(count):
        with wave.open(str(folder / f"{n}.wav"), "wb") as written:
            written.setparams(shape)
            written.writeframes(sound + bytes(n * shape.nchannels * shape.sampwidth))
    return batch.pieces([str(folder)], folder, ".vtt")


@pytest.fixture
def ledger(tmp_path):
    state = tmp_path / "state"
    return Ledger(sqlite_url(state / "captionwatch.db"), state)


@pytest.fixture
def cloud(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", API_KEY)
    made = AssemblyAI()
    made.say(WORDS)
    with running(make_app(made)) as made.url:
        yield made


def settings(cloud=None, **options):
    engines = {"whisper": {"model": str(whisper_tiny()), "device": "cpu"}}
    if cloud is not None:
        engines["assemblyai"] = {"base_url": cloud.url, "poll_seconds": 0.02, **options}
    engine = "whisper" if cloud is None else "assemblyai"
    return DaemonSettings.model_validate({"engines": engines, "speech": {"engine": engine}})


@pytest.mark.parametrize("at_once", [8, None])
def test_a_cloud_engine_has_as_many_at_once_as_it_may_and_never_more(cloud, ledger, tmp_path, at_once):
    work, steps = recordings(tmp_path, 4), Steps()
    cloud.fault("upload", "hold", times=None)

    def meanwhile():
        assert cloud.faults.wait_until_held("upload", 2, timeout=60), "two overlap"
        wait_for("the next one waits", lambda: steps.at("waiting for assemblyai"))
        held = cloud.faults.held()
        cloud.faults.clear("upload")
        cloud.faults.release("upload")
        return held

    with ThreadPoolExecutor(1) as beside:
        held = beside.submit(meanwhile)
        outcomes = batch.run(work, settings(cloud, at_once=2), ledger, at_once, steps.watch, lambda _: None)
    assert held.result() == {"upload": 2}
    assert {outcome.what for outcome in outcomes} == {batch.CAPTIONED}
    assert steps.most == 2
    assert cloud.executed["transcript.create"] == 4


def test_a_local_engine_has_one_at_once_however_many_are_asked_for(ledger, tmp_path):
    work, steps = recordings(tmp_path, 3), Steps()
    outcomes = batch.run(work, settings(), ledger, 3, steps.watch, lambda _: None)
    assert {outcome.what for outcome in outcomes} == {batch.CAPTIONED}
    assert steps.most == 1
    assert steps.at("done") == 3


def test_ctrl_c_ends_it_while_engines_are_at_work(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    recordings(tmp_path, 2)
    config = tmp_path / "config.toml"
    config.write_text(f'[daemon.engines.assemblyai]\nbase_url = "{cloud.url}"\n')
    cloud.fault("upload", "hold", times=None)
    words = ["caption", tmp_path, "-o", tmp_path / "out", "--engine", "assemblyai", "--config", config]
    with (tmp_path / "told").open("wb") as told:
        command = ["env", "--default-signal=INT", program("captiond"), *map(str, words)]  # a shell's & would ignore it
        process = subprocess.Popen(command, stdout=told, stderr=told)
    try:
        assert cloud.faults.wait_until_held("upload", 2, timeout=60)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) != 0
    finally:
        process.kill()
        process.wait()
    assert not list((tmp_path / "out").iterdir()), "nothing half done is left"
