"""The real child with the real yt-dlp, whose generic extractor takes any sound from a server of a few lines."""

import io
import threading
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from daemon.children import Child, Limits, Spawner
from daemon.errors import AskHuman, GiveUp

LIMITS = Limits(stall_seconds=120, memory_bytes=2_000_000_000)
ROOT = Path(__file__).parents[3]
LOOKUP = "daemon.youtube.lookup"
AUDIO = "daemon.youtube.audio"
JSON_COOKIES = '[{"domain": ".youtube.com", "name": "SID", "value": "x"}]'


@pytest.fixture(scope="module", params=[AUDIO, LOOKUP])
def child(request):
    yield from started(request.param)


@pytest.fixture(scope="module")
def audio():
    yield from started(AUDIO)


def started(module):
    """A child that goes on after an expected error, so one does for all tests."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", str(ROOT))
        environment.setenv("NO_PROXY", "*")
        running = Child(Spawner(), module)
    yield running
    running.kill()


def ask(child, url, folder, cookies="", progress=lambda *_: None):
    request = {
        "url": url,
        "folder": str(folder),
        "name": "sound",
        "plugin_dirs": [],
        "cookies_file": str(cookies),
        "timeout_seconds": 10,
    }
    return child.ask(request, LIMITS, progress, lambda: None)


class Radio(BaseHTTPRequestHandler):
    """Sends a minute of silence, and never says how long it is: the end of the connection is the end."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(minute())

    do_HEAD = do_GET  # noqa: N815 named by the library

    def log_message(self, *arguments):
        pass


def minute():
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 16_000 * 60))
    return written.getvalue()


@pytest.fixture
def radio():
    with ThreadingHTTPServer(("127.0.0.1", 0), Radio) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/sound.wav"
        server.shutdown()
        thread.join()


def test_a_download_whose_size_nobody_tells_still_gives_a_sign(audio, radio, tmp_path):
    told = []
    answer = ask(audio, radio, tmp_path, progress=lambda _, step: told.append(step))
    assert "downloading" in told
    assert Path(answer["path"]).read_bytes() == minute()


@pytest.mark.parametrize("url", ["file:///etc/hostname", "nonsense://x", "http://[::1"])
def test_an_address_that_nobody_can_take_is_given_up(child, url, tmp_path):
    with pytest.raises(GiveUp, match="yt-dlp cannot take this address"):
        ask(child, url, tmp_path)


def test_cookies_that_are_not_there_ask_a_person(child, tmp_path):
    with pytest.raises(
        AskHuman, match=r"the cookies_file .*cookies\.txt of \[daemon\.youtube\] cannot be read: No such file"
    ):
        ask(child, "nonsense://x", tmp_path, cookies=tmp_path / "cookies.txt")


def test_cookies_in_another_format_ask_a_person(child, tmp_path):
    cookies = tmp_path / "cookies.json"
    cookies.write_text(JSON_COOKIES)
    with pytest.raises(AskHuman, match="must be in Netscape's format"):
        ask(child, "nonsense://x", tmp_path, cookies=cookies)
