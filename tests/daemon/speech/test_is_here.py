"""Whether a model of Whisper is on this machine: in a folder, or where huggingface_hub keeps what it fetched."""

import json
import os
import socket
import subprocess
import sys

import pytest

from daemon.speech.engines import ENGINES
from tests.conftest import whisper_tiny

COMMIT = "0" * 40
FETCHED, BEGUN, NEVER = "tiny.en", "base.en", "small.en"
ASKED = (
    FETCHED,
    "Systran/faster-whisper-tiny.en",
    BEGUN,
    NEVER,
    "Systran/faster-whisper-small.en",
    "nobody/no-such-model",
    "wisper-large",
    "no/such name",
)
SCRIPT = (
    "import json, sys; from daemon.speech.engines import whisper;"
    "print(json.dumps({name: whisper.is_here({'model': name}) for name in sys.argv[1:]}))"
)


def noted(hub, name):
    """The hub's folder of a model that it was begun to fetch."""
    folder = hub / f"models--Systran--faster-whisper-{name}"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs" / "main").write_text(COMMIT)
    return folder


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """The hub's folder: one model is whole, one was begun."""
    folder = tmp_path_factory.mktemp("hub")
    snapshot = noted(folder, FETCHED) / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    for file in whisper_tiny().iterdir():
        (snapshot / file.name).symlink_to(file)
    noted(folder, BEGUN)
    return folder


@pytest.fixture(scope="module")
def is_here(hub):
    """What is said of each model by a process, which could ask the hub, and does not."""
    with socket.create_server(("127.0.0.1", 0)) as nobody_asks:
        nobody_asks.settimeout(0)
        address = f"http://127.0.0.1:{nobody_asks.getsockname()[1]}"
        environment = {**os.environ, "HF_HUB_CACHE": str(hub), "HF_ENDPOINT": address, "HF_HUB_ETAG_TIMEOUT": "1"}
        for name in ("HF_HUB_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            environment.pop(name, None)
        command = [sys.executable, "-c", SCRIPT, *ASKED]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=120)
        with pytest.raises(BlockingIOError):
            nobody_asks.accept()
    return json.loads(done.stdout)


def test_a_model_that_was_fetched_is_here_by_both_of_its_names(is_here):
    assert (is_here[FETCHED], is_here["Systran/faster-whisper-tiny.en"]) == (True, True)


def test_a_model_that_was_not_fetched_is_not_here(is_here):
    assert (is_here[NEVER], is_here["Systran/faster-whisper-small.en"], is_here["nobody/no-such-model"]) == (False,) * 3


def test_a_model_of_which_only_the_name_was_noted_is_not_here(is_here):
    assert is_here[BEGUN] is False


def test_of_a_name_that_no_model_has_loading_is_to_tell(is_here):
    assert (is_here["wisper-large"], is_here["no/such name"]) == (True, True)


@pytest.mark.parametrize("model", [whisper_tiny(), "/no/such/folder", "./nowhere", "~/nowhere"])
def test_a_folder_is_not_fetched(model):
    assert ENGINES["whisper"].is_here({"model": str(model)}) is True


def test_a_folder_whose_path_could_be_a_name_at_the_hub_is_not_fetched(tmp_path, monkeypatch):
    (tmp_path / "models" / "tiny").mkdir(parents=True)
    assert ENGINES["whisper"].is_here({"model": "models/tiny"}) is False
    monkeypatch.chdir(tmp_path)
    assert ENGINES["whisper"].is_here({"model": "models/tiny"}) is True
