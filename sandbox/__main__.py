"""The demo: the whole route of one video, with real programs and real speech, and no account anywhere.

    python -m sandbox [--chat console|discord] [--file recording]

It starts the loopback YouTube and captiond on data in a temporary folder, subscribes a channel, publishes a video
there, and follows it to the uploaded track. In a terminal the person approves; without one the demo does. With
`--chat discord` all that is decided and seen in a loopback Discord, by the real captionbot.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from sandbox import programs, youtube
from sandbox.programs import Declined, Stopped
from sandbox.surfaces import Chat, Surface, surface

STAGES = {  # state that a stage ends in → the stage, and what it did
    "found": ("discover", "found in the channel's feed"),
    "downloaded": ("download", "its sound track is here, by yt-dlp"),
    "transcribed": ("transcribe", "its words are recognised, by Whisper"),
    "drafted": ("typeset", "its words are set as captions"),
}

console = Console(highlight=False)


def demo(
    chat: Annotated[Chat, typer.Option(help="Where the draft is seen and decided on.")] = Chat.CONSOLE,
    file: Annotated[Path | None, typer.Option(help="A recording of your own, instead of the sample.")] = None,
) -> None:
    """Take one video from a channel's feed to its uploaded captions, all on this machine."""
    began = time.monotonic()
    try:
        recording = _recording(file)
        with programs.route() as url, surface(chat, console) as chosen:
            _route(url, recording, chosen)
    except Stopped as error:
        console.print(Text(f"demo: {error}", style="red"))
        raise typer.Exit(1) from None
    except SystemExit:
        console.print("\nThe demo was stopped, and what it had started is ended.")
        raise
    console.print(f"The whole route took {time.monotonic() - began:.0f} s.")


def _route(url: str, recording: Path, surface: Surface) -> None:
    _say("1", f"Subscribe: {surface.subscribing(youtube.HANDLE)}")
    surface.subscribe(youtube.HANDLE)
    _say("2", f"Publish {recording.name} on the sandbox channel; captiond reads the channel's feed")
    draft = _drafted(_published(url, recording))
    _say("3", f"The draft: {surface.showing(draft)}")
    surface.show(draft)
    _agree(draft, recording)
    surface.approve(draft)
    _say("4", "captiond uploads it")
    _uploaded(draft)
    surface.look(draft)
    _show_track(url)


def _published(url: str, recording: Path) -> str:
    """The id of the new video."""
    title = recording.stem.replace("_", " ").capitalize()
    about = {"channel_id": youtube.CHANNEL_ID, "title": title, "path": str(recording)}
    return str(programs.post(url, "publish", about)["id"])


def _drafted(video: str) -> int:
    """The draft of the video, whose stages are shown as they happen."""
    to_come = list(STAGES)
    with console.status("reading the feed") as status:
        for _ in programs.patiently("the video has no draft"):
            found = [one for one in programs.ask("queue", "show", "--all")["data"] if one["youtube_id"] == video]
            if not found:
                continue
            _refuse_trouble(found[0])
            state, progress = found[0]["state"], found[0]["progress"]
            while to_come and list(STAGES).index(to_come[0]) <= list(STAGES).index(state):
                stage, did = STAGES[to_come.pop(0)]
                console.print(f"   {stage:<11} {did}")
            if not to_come:
                break
            status.update(STAGES[to_come[0]][0] + (f" {progress:.0%}" if progress else ""))
    return int(programs.ask("draft", "list")["data"][0]["id"])


def _refuse_trouble(video: dict[str, Any]) -> None:
    if video["state"] not in STAGES:
        raise Stopped(f"the video is {video['state']}: {video['reason']}")
    if video["last_error"]:  # captiond will try again; but nothing here gets better by waiting
        raise Stopped(video["last_error"])


def _agree(draft: int, recording: Path) -> None:
    """Ask the person, where there is one. Raise Stopped unless the draft is to be uploaded."""
    if not programs.ask("draft", "show", str(draft))["data"]["cues"]:
        raise Stopped(f"no speech was heard in {recording.name}: a draft without a cue is never uploaded")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        console.print("There is no terminal to ask: the demo approves the draft.")
    elif not typer.confirm("Approve this draft?", default=True):
        raise Declined("not approved: nothing was uploaded")


def _uploaded(draft: int) -> None:
    for _ in programs.patiently("the draft is not uploaded"):
        now = next(one for one in programs.ask("draft", "list", "--all")["data"] if one["id"] == draft)
        if now["state"] == "uploaded":
            console.print("   upload      it is on YouTube")
            return
        if now["state"] != "approved":
            raise Stopped(f"the draft is {now['state']}: {now['reason']}")


def _show_track(url: str) -> None:
    track = programs.state(url)["tracks"][0]
    title = f"the track on YouTube: {track['language']}, {track['status']}, id {track['id']}"
    console.print(Panel(Text(track["text"].strip()), title=title, title_align="left"))


def _say(number: str, text: str) -> None:
    console.print(Text(f"{number}. {text}", style="bold"))


def _recording(file: Path | None) -> Path:
    if file is not None:
        if not file.is_file():
            raise Stopped(f"there is no file {file}")
        return file.resolve()
    import moonshine_voice

    return Path(moonshine_voice.__file__).parent / "assets" / "two_cities.wav"


def _end(number: int, _frame: object) -> None:
    """End what was started, and then the demo. Once is enough: the ending is not to be cut short."""
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    sys.exit(128 + number)


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

if __name__ == "__main__":
    for one in SIGNALS:
        signal.signal(one, _end)
    typer.run(demo)
