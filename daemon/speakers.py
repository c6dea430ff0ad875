"""`captiond voices`: who speaks when in one recording, as a table and as files. No daemon, no database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from captions import anchors, formats, rttm, timeline, transcript
from captions.formats import decoding
from captions.talking import Talk, talks
from captions.transcript import SpeakerTurn, Word
from daemon import job
from daemon.children import Progress, Spawner, WarmChild
from daemon.errors import GiveUp
from daemon.settings import DaemonSettings
from daemon.speech import merge, voices
from daemon.speech.voices import Diarization
from daemon.stages import transcribe


@dataclass(frozen=True)
class Speakers:
    """Who speaks when in a recording of so many seconds, and how each talks."""

    recording: str
    seconds: float
    turns: tuple[SpeakerTurn, ...]
    talks: tuple[Talk, ...]


def heard(
    sound: Path, settings: DaemonSettings, spawner: Spawner, progress: Progress, words: Sequence[Word] = ()
) -> Speakers:
    """What the pipeline hears. `words`: those of the recording. Raise DaemonError, ChildDied, ChildBug."""
    seconds, found, _ = diarized(sound, settings, spawner, progress)
    return _of(sound.stem, seconds, found.turns, merge.assigned(words, found.exclusive))


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


def told(file: Path, words: Sequence[Word] = ()) -> Speakers:
    """What an RTTM file says. `words`: those of the recording. Raise GiveUp, OSError."""
    try:
        turns = rttm.read(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise GiveUp(f"{file} is no RTTM file: {error}") from error
    seconds = max((turn.end for turn in turns), default=0.0)
    return _of(file.stem, seconds, turns, merge.assigned(words, _one_at_a_time(turns)))


def _one_at_a_time(turns: Iterable[SpeakerTurn]) -> list[SpeakerTurn]:
    """The turns, in order, without overlap: who began first has the time of both."""
    made: list[SpeakerTurn] = []
    for turn in turns:
        start = max(turn.start, made[-1].end) if made else turn.start
        made += [replace(turn, start=start)] if start < turn.end else []
    return made


def _of(recording: str, seconds: float, turns: Sequence[SpeakerTurn], words: Sequence[Word]) -> Speakers:
    return Speakers(recording, seconds, tuple(turns), talks(turns, words))


def words_in(file: Path) -> tuple[Word, ...]:
    """The words of a recording: of a transcript, or of a caption file, which may know their times; else those of a
    cue are shared out among its words. Raise GiveUp, OSError.
    """
    try:
        text = decoding.decode(file.name, file.read_bytes())
        if file.suffix.lower() == ".json":
            return _words_of_json(text)
        return anchors.track_words(formats.read(text, formats.format_of(file.name), ""))
    except ValueError as error:
        raise GiveUp(f"{file} holds no words: {error}") from error


def _words_of_json(text: str) -> tuple[Word, ...]:
    values = json.loads(text)
    try:
        if not isinstance(values, dict) or "cues" not in values:
            said = transcript.from_json(text).words
        elif "words" in values:
            said = tuple(Word(**one) for one in values["words"])
        else:
            return anchors.track_words(formats.read(text, "json", ""))
        return tuple(replace(word, text=str(word.text), start=float(word.start), end=float(word.end)) for word in said)
    except (KeyError, TypeError) as error:
        raise ValueError(f"neither captions nor a transcript: {error}") from error


def rows(found: Speakers) -> list[dict[str, object]]:
    """A row for each speaker, to be shown."""
    with_words = any(talk.words for talk in found.talks)
    return [
        {
            "speaker": talk.speaker,
            "talk, s": round(talk.seconds, 1),
            "share, %": round(100 * talk.share),
            "turns": talk.turns,
            **({"words": talk.words, "words a minute": _rate(talk)} if with_words else {}),
            "interruptions": talk.interruptions,
        }
        for talk in found.talks
    ]


def _rate(talk: Talk) -> int | None:
    return None if talk.words_per_minute is None else round(talk.words_per_minute)


def write(found: Speakers, folder: Path) -> list[Path]:
    """Write what was found as RTTM, JSON and, where it can be drawn, a picture; the files. Raise OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        ".rttm": rttm.write(found.turns, found.recording).encode(),
        ".json": json.dumps(asdict(found), ensure_ascii=False, indent=1).encode(),
    }
    if timeline.is_there():
        contents[".png"] = timeline.draw(found.turns, found.seconds, found.recording)
    paths = []
    for suffix, content in contents.items():
        path = folder / f"{found.recording}{suffix}"
        temporary = path.with_name(f".{path.name}.part")
        temporary.write_bytes(content)
        temporary.replace(path)
        paths.append(path)
    return paths
