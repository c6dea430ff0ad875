"""`captiond voices`: who speaks when in one recording, as a table and as files. No daemon, no database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from captions import rttm
from captions.talking import Talk, talks
from captions.transcript import SpeakerTurn
from daemon import job
from daemon.children import Progress, Spawner, WarmChild
from daemon.errors import GiveUp
from daemon.settings import DaemonSettings
from daemon.speech import voices
from daemon.speech.timeline import draw
from daemon.speech.voices import Diarization
from daemon.stages import transcribe


@dataclass(frozen=True)
class Speakers:
    """Who speaks when in a recording of so many seconds, and how each talks."""

    recording: str
    seconds: float
    turns: tuple[SpeakerTurn, ...]
    talks: tuple[Talk, ...]


def heard(sound: Path, settings: DaemonSettings, spawner: Spawner, progress: Progress) -> Speakers:
    """What the pipeline hears. Raise DaemonError, ChildDied, ChildBug."""
    seconds, found, _ = diarized(sound, settings, spawner, progress)
    return _of(sound.stem, seconds, found.turns)


def diarized(
    sound: Path, settings: DaemonSettings, spawner: Spawner, progress: Progress
) -> tuple[float, Diarization, dict[str, Any]]:
    """The seconds of a recording, who speaks when in it, and the options of the pipeline. Raise as `heard`."""
    on = settings.speech.voices.model_copy(update={"on": True})
    asked = job.present(settings.model_copy(update={"speech": settings.speech.model_copy(update={"voices": on})}))
    request = transcribe.voices_request(sound, asked, settings)
    child = WarmChild(spawner, transcribe.VOICES_MODULE, idle_seconds=0)
    try:
        answer = child.ask(request, transcribe.limits(settings), progress, lambda: None)
    finally:
        child.close()
    return answer["seconds"], voices.from_message(answer), request["options"]


def told(file: Path) -> Speakers:
    """What an RTTM file says. Raise GiveUp, OSError."""
    try:
        turns = rttm.read(file.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        raise GiveUp(f"{file} is no RTTM file: {error}") from error
    return _of(file.stem, max((turn.end for turn in turns), default=0.0), turns)


def _of(recording: str, seconds: float, turns: Sequence[SpeakerTurn]) -> Speakers:
    return Speakers(recording, seconds, tuple(turns), talks(turns))


def rows(found: Speakers) -> list[dict[str, object]]:
    """A row for each speaker, to be shown."""
    return [
        {
            "speaker": talk.speaker,
            "talk, s": round(talk.seconds, 1),
            "share, %": round(100 * talk.share),
            "turns": talk.turns,
            "interruptions": talk.interruptions,
        }
        for talk in found.talks
    ]


def write(found: Speakers, folder: Path) -> list[Path]:
    """Write what was found as RTTM, JSON and a picture; the files. Raise OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        ".rttm": rttm.write(found.turns, found.recording).encode(),
        ".json": json.dumps(asdict(found), ensure_ascii=False, indent=1).encode(),
        ".png": draw(found.turns, found.seconds, found.recording),
    }
    paths = []
    for suffix, content in contents.items():
        path = folder / f"{found.recording}{suffix}"
        temporary = path.with_name(f".{path.name}.part")
        temporary.write_bytes(content)
        temporary.replace(path)
        paths.append(path)
    return paths
