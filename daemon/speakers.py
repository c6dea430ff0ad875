"""`captiond voices`: who speaks when in one recording, and what each feels, as a table and as files. No daemon, no
database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from captions import anchors, formats, rttm, timeline, transcript
from captions.formats import decoding
from captions.talking import Talk, talks
from captions.timeline import Feeling
from captions.transcript import SpeakerTurn, Transcript, Word
from daemon import job
from daemon.children import Progress, Spawner, WarmChild
from daemon.errors import GiveUp
from daemon.job import Job
from daemon.settings import DaemonSettings
from daemon.speech import merge, voices
from daemon.speech.emotion import summary
from daemon.speech.voices import Diarization
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
    sound: Path,
    settings: DaemonSettings,
    spawner: Spawner,
    progress: Progress,
    words: Sequence[Word] = (),
    *,
    emotion: bool = False,
) -> Speakers:
    """What the pipeline hears, and what tells emotion. `words`: those of the recording.

    Raise DaemonError, ChildDied, ChildBug.
    """
    asked = _asked(settings, emotion=emotion)
    if emotion:
        transcribe.emotion_request(sound, asked, _spoken(0.0, ()), settings)  # what is missing is said before the work
    with _child(spawner) as child:
        request = transcribe.voices_request(sound, asked, settings)
        answer = child.ask(request, transcribe.limits(settings), progress, lambda: None)
        told = voices.from_message(answer)
        found = _of(sound.stem, answer["seconds"], told.turns, merge.assigned(words, told.exclusive))
        if emotion:
            request = transcribe.emotion_request(sound, asked, _spoken(found.seconds, found.turns), settings)
            answer = child.ask(request, transcribe.limits(settings), progress, lambda: None)
            found = replace(found, emotions=summary.of(transcript.from_json(answer["transcript"])))
    return found


def diarized(
    sound: Path, settings: DaemonSettings, spawner: Spawner, progress: Progress
) -> tuple[Diarization, dict[str, Any]]:
    """Who speaks when in a recording, and the options of the pipeline. Raise as `heard`."""
    request = transcribe.voices_request(sound, _asked(settings, emotion=False), settings)
    with _child(spawner) as child:
        return voices.from_message(child.ask(request, transcribe.limits(settings), progress, lambda: None)), request[
            "options"
        ]


def _asked(settings: DaemonSettings, *, emotion: bool) -> Job:
    """A job with voices told apart, whatever config.toml says."""
    on = settings.speech.voices.model_copy(update={"on": True})
    felt = settings.speech.emotion.model_copy(update={"on": emotion})
    speech = settings.speech.model_copy(update={"voices": on, "emotion": felt})
    return job.present(settings.model_copy(update={"speech": speech}))


@contextmanager
def _child(spawner: Spawner) -> Iterator[WarmChild]:
    child = WarmChild(spawner, transcribe.VOICES_MODULE, idle_seconds=0)
    try:
        yield child
    finally:
        child.close()


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


def _spoken(seconds: float, turns: Sequence[SpeakerTurn]) -> Transcript:
    """Turns without words: nothing is recognised here."""
    return Transcript((), "", "", "", seconds, turns=tuple(turns))


def rows(found: Speakers) -> list[dict[str, object]]:
    """A row for each speaker, to be shown."""
    with_words = any(talk.words for talk in found.talks)
    columns = {"feeling": "voice", "manner": "manner"} if found.emotions else {}
    return [
        {
            "speaker": talk.speaker,
            "talk, s": round(talk.seconds, 1),
            "share, %": round(100 * talk.share),
            "turns": talk.turns,
            **({"words": talk.words, "words a minute": _rate(talk)} if with_words else {}),
            "interruptions": talk.interruptions,
            **{name: _shares(found.emotions.get(kind, ()), talk.speaker) for name, kind in columns.items()},
        }
        for talk in found.talks
    ]


def _rate(talk: Talk) -> int | None:
    return None if talk.words_per_minute is None else round(talk.words_per_minute)


def _values(found: Speakers) -> dict[str, Any]:
    """All of it; emotions only where they were asked for."""
    values = asdict(found)
    return values if found.emotions else {name: value for name, value in values.items() if name != "emotions"}


def _shares(told: Iterable[Mapping[str, Any]], speaker: str) -> str:
    """The shares of one speaker in words."""
    shares: Mapping[str, float] = next((one["shares"] for one in told if one["speaker"] == speaker), {})
    return ", ".join(f"{label} {share:.0%}" for label, share in shares.items())


def _felt(found: Speakers) -> Sequence[Mapping[str, Any]]:
    spans: Sequence[Mapping[str, Any]] = found.emotions.get("spans", ())
    return spans


def write(found: Speakers, folder: Path) -> list[Path]:
    """Write what was found as RTTM, JSON and, where it can be drawn, a picture; the files. Raise OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {
        ".rttm": rttm.write(found.turns, found.recording).encode(),
        ".json": json.dumps(_values(found), ensure_ascii=False, indent=1).encode(),
    }
    if timeline.is_there():
        felt = [Feeling(one["start"], one["end"], one["speaker"] or "", one["label"]) for one in _felt(found)]
        contents[".png"] = timeline.draw(found.turns, found.seconds, found.recording, felt)
    paths = []
    for suffix, content in contents.items():
        path = folder / f"{found.recording}{suffix}"
        temporary = path.with_name(f".{path.name}.part")
        temporary.write_bytes(content)
        temporary.replace(path)
        paths.append(path)
    return paths
