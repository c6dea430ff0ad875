"""Give a text that is known the times at which it is said: `captiond align`. No daemon, no database.

A caption file keeps its cues, whose times become those of their words; plain text is set as new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import captions.profiles
from captions import anchors, check, formats, segment, transcript
from captions.formats import CaptionError, decoding
from captions.text import clean
from captions.track import Track
from captions.transcript import Transcript, Word
from daemon import files, job
from daemon.children import Progress, Spawner, WarmChild
from daemon.errors import AskHuman, GiveUp
from daemon.settings import Align, DaemonSettings
from daemon.stages import transcribe

PLAIN = ".txt"
NOT_FOUND = "Many words were not found in the sound, and have guessed times: is the text that of the recording?"
LARGEST_BYTES = 10_000_000  # of a text; hours of speech are some hundred thousand


@dataclass(frozen=True)
class Summary:
    """What was done. `moved_seconds`: the median of what cues' beginnings moved by; None where there were none."""

    path: Path
    words: int
    cues: int
    moved_seconds: float | None
    report: str
    note: str


def align(
    sound: Path, text: Path, target: Path, settings: DaemonSettings, spawner: Spawner, progress: Progress
) -> Summary:
    """Write the captions of `text`, as it is said in `sound`, to `target`, whose suffix says the format.

    Raise DaemonError, ChildDied, ChildBug; ValueError for a suffix that is no format; OSError if it cannot be written.
    """
    wanted, language = formats.format_of(target.name), settings.speech.language
    if not language:
        raise AskHuman("say what is spoken: --language en, or language in [daemon.speech]")
    profile, _ = captions.profiles.that_hold(settings.captions.profile, language, settings.captions.limits)
    track = _track(text, language)
    texts = (
        clean(_content(text, language)).split() if track is None else [word.text for word in anchors.track_words(track)]
    )
    if not texts:
        raise GiveUp(f"{text} has no words")
    with files.beside(target) as temporary:
        spoken = _said(texts, sound, language, settings, spawner, progress)
        made = anchors.with_times(track, spoken.words, profile) if track else segment.segment(spoken, profile)
        files.write(target, temporary, formats.write(made, wanted))
    moved = [abs(new.start - old.start) for new, old in zip(made.cues, track.cues, strict=True)] if track else []
    return Summary(
        path=target,
        words=len(texts),
        cues=len(made.cues),
        moved_seconds=median(moved) if moved else None,
        report=check.check(made, profile, None, spoken.seconds).summary,
        note=spoken.approximate,
    )


def _said(
    texts: Sequence[str], sound: Path, language: str, settings: DaemonSettings, spawner: Spawner, progress: Progress
) -> Transcript:
    """The words with the times at which they are said; those of a caption file are not asked, they may be far off."""
    table = settings.speech.align.model_copy(update={"words": Align.ALWAYS})
    always = settings.model_copy(update={"speech": settings.speech.model_copy(update={"align": table})})
    asked = job.present(always)
    words = tuple(Word(one, 0.0, 0.0, 0.0) for one in texts)
    untimed = Transcript(words, language, "", "", 0.0, approximate=NOT_FOUND)
    child = WarmChild(spawner, transcribe.MODULE, idle_seconds=0)
    try:
        request = transcribe.alignment(sound, asked, untimed, settings)
        result = child.ask(request, transcribe.limits(settings), progress, lambda: None)
    finally:
        child.close()
    return transcript.from_json(result["transcript"])


def _track(text: Path, language: str) -> Track | None:
    """The track in a caption file; None for plain text. Raise GiveUp."""
    if text.suffix.lower() == PLAIN:
        return None
    try:
        return formats.read(_content(text, language), formats.format_of(text.name), language)
    except CaptionError as error:
        raise GiveUp(f"{text}, {error}") from error
    except ValueError as error:  # a format that is only written, or none
        raise GiveUp(str(error)) from error


def _content(text: Path, language: str) -> str:
    """Raise GiveUp if it is no text, OSError if it cannot be read."""
    if text.stat().st_size > LARGEST_BYTES:
        raise GiveUp(f"{text} is larger than {LARGEST_BYTES // 10**6} MB: such a file is not read")
    try:
        return decoding.decode(str(text), text.read_bytes(), language)
    except ValueError as error:
        raise GiveUp(str(error)) from error
