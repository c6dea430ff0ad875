"""`captiond voices`: who speaks when in one recording, and what each feels, as a table and as files. No daemon, no
database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from captions import rttm, transcript
from captions.talking import Talk, talks
from captions.transcript import SpeakerTurn, Transcript
from daemon import job
from daemon.children import Progress, Spawner, WarmChild
from daemon.errors import GiveUp
from daemon.settings import DaemonSettings
from daemon.speech import voices
from daemon.speech.emotion import summary
from daemon.speech.timeline import draw
from daemon.stages import transcribe


@dataclass(frozen=True)
class Speakers:
    """Who speaks when in a recording of so many seconds, and how each talks.

    `emotions`: see emotion/summary.py; {} where they were not asked for.
    """

    recording: str
    seconds: float
    turns: tuple[SpeakerTurn, ...]
    talks: tuple[Talk, ...]
    emotions: Mapping[str, Any] = field(default_factory=dict)


def heard(
    sound: Path, settings: DaemonSettings, spawner: Spawner, progress: Progress, *, emotion: bool = False
) -> Speakers:
    """What the pipeline hears, and what tells emotion. Raise DaemonError, ChildDied, ChildBug."""
    on = settings.speech.voices.model_copy(update={"on": True})
    felt = settings.speech.emotion.model_copy(update={"on": emotion})
    speech = settings.speech.model_copy(update={"voices": on, "emotion": felt})
    asked = job.present(settings.model_copy(update={"speech": speech}))
    if emotion:
        transcribe.emotion_request(sound, asked, _spoken(0.0, ()), settings)  # what is missing is said before the work
    request = transcribe.voices_request(sound, asked, settings)
    child = WarmChild(spawner, transcribe.VOICES_MODULE, idle_seconds=0)
    try:
        answer = child.ask(request, transcribe.limits(settings), progress, lambda: None)
        found = _of(sound.stem, answer["seconds"], voices.from_message(answer).turns)
        if emotion:
            request = transcribe.emotion_request(sound, asked, _spoken(found.seconds, found.turns), settings)
            answer = child.ask(request, transcribe.limits(settings), progress, lambda: None)
            found = replace(found, emotions=summary.of(transcript.from_json(answer["transcript"])))
    finally:
        child.close()
    return found


def told(file: Path) -> Speakers:
    """What an RTTM file says. Raise GiveUp, OSError."""
    try:
        turns = rttm.read(file.read_text(encoding="utf-8-sig"))
    except (ValueError, UnicodeDecodeError) as error:
        raise GiveUp(f"{file} is no RTTM file: {error}") from error
    return _of(file.stem, max((turn.end for turn in turns), default=0.0), turns)


def _of(recording: str, seconds: float, turns: Sequence[SpeakerTurn]) -> Speakers:
    return Speakers(recording, seconds, tuple(turns), talks(turns))


def _spoken(seconds: float, turns: Sequence[SpeakerTurn]) -> Transcript:
    """Turns without words: nothing is recognised here."""
    return Transcript((), "", "", "", seconds, turns=tuple(turns))


def rows(found: Speakers) -> list[dict[str, object]]:
    """A row for each speaker, to be shown."""
    columns = {"feeling": "voice", "manner": "manner"} if found.emotions else {}
    return [
        {
            "speaker": talk.speaker,
            "talk, s": round(talk.seconds, 1),
            "share, %": round(100 * talk.share),
            "turns": talk.turns,
            "interruptions": talk.interruptions,
            **{name: _shares(found.emotions.get(kind, ()), talk.speaker) for name, kind in columns.items()},
        }
        for talk in found.talks
    ]


def _values(found: Speakers) -> dict[str, Any]:
    """All of it; emotions only where they were asked for."""
    values = asdict(found)
    return values if found.emotions else {name: value for name, value in values.items() if name != "emotions"}


def _shares(told: Iterable[Mapping[str, Any]], speaker: str) -> str:
    """The shares of one speaker in words."""
    shares: Mapping[str, float] = next((one["shares"] for one in told if one["speaker"] == speaker), {})
    return ", ".join(f"{label} {share:.0%}" for label, share in shares.items())


def write(found: Speakers, folder: Path) -> list[Path]:
    """Write what was found as RTTM, JSON and a picture; the files. Raise OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        ".rttm": rttm.write(found.turns, found.recording).encode(),
        ".json": json.dumps(_values(found), ensure_ascii=False, indent=1).encode(),
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
