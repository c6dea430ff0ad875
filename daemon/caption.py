"""Caption one file or address: no daemon, and no database but for what costs money."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from captions import formats, transcript
from captions.cleaning import report as changed
from captions.transcript import Transcript
from daemon import beside, files, job, recognising, refining
from daemon.beside import Remembered, Wanted
from daemon.children import Message, Progress, Spawner, WarmChild, ask_once
from daemon.errors import Interrupted
from daemon.job import Job
from daemon.ledger import Ledger
from daemon.recognising import Account
from daemon.settings import DaemonSettings
from daemon.slots import LOCAL, Slots, held
from daemon.speech import voices
from daemon.speech.engines import ENGINES
from daemon.speech.router import Choice
from daemon.speech.voices import Diarization
from daemon.stages import download, transcribe, typeset

log = structlog.stdlib.get_logger()

CHANGES = 5  #: that are told one by one


@dataclass(frozen=True)
class Summary:
    """What was done. `seconds`: of audio; `wall_seconds`: of waiting; `cost`: of all engines, by config.toml.

    `emotions`: see emotion/summary.py; {} where they were not asked for.
    """

    path: Path
    seconds: float
    wall_seconds: float
    words: int
    cues: int
    language: str
    engine: str
    model: str
    report: str
    notes: tuple[str, ...] = ()
    cost: float = 0.0
    emotions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sound:
    """A recording's file, what is booked on it, and whether its picture is known to be higher than wide."""

    path: Path
    is_vertical: bool = False
    accounts: list[Account] = field(default_factory=list)

    @property
    def cost(self) -> float:
        return sum(account.cost for account in self.accounts)


class Captioner:
    """Captions one recording after the other, with the local model loaded once. Threads may share it."""

    def __init__(self, settings: DaemonSettings, spawner: Spawner, ledger: Ledger) -> None:
        self._settings, self._spawner, self._ledger = settings, spawner, ledger
        self._asked = job.present(settings)
        self._recogniser = WarmChild(spawner, transcribe.MODULE, idle_seconds=0)
        self._voices = WarmChild(spawner, transcribe.VOICES_MODULE, idle_seconds=0)
        self._ending = threading.Event()
        self._downloads = threading.Semaphore(settings.download.parallel)
        self._slots = Slots(settings)
        self._remembered = Remembered()

    def close(self) -> None:
        """End what threads are still at: they raise Interrupted."""
        self._ending.set()
        self._recogniser.close()
        self._voices.close()
        self._ledger.close()

    def caption(self, source: str, target: Path, progress: Progress) -> Summary:
        """Caption the file or URL `source` into `target`, whose suffix says the format.

        Raise DaemonError, ChildDied, ChildBug; ValueError for a suffix that is no format; OSError if it cannot be
        written; StoreError where an engine costs money and the database cannot be used.
        """
        wanted = formats.format_of(target.name)
        began = time.monotonic()
        with files.beside(target) as temporary, tempfile.TemporaryDirectory(prefix="captionwatch-") as folder:
            sound = self._fetched(source, Path(folder), progress) if "://" in source else Sound(Path(source))
            spoken = self._recognised(sound, progress)
            made = typeset.typeset(spoken, self._asked.style(is_vertical=sound.is_vertical), spoken.seconds)
            track = formats.read(made.text, "vtt", made.language)
            files.write(target, temporary, formats.write(track, wanted, spoken.words))
        return Summary(
            path=target,
            seconds=spoken.seconds,
            wall_seconds=time.monotonic() - began,
            words=len(spoken.words),
            cues=made.cues,
            language=made.language,
            engine=made.engine,
            model=made.model,
            report=str(made.report.get("summary", "")),
            notes=(*made.report.get("extras", {}).get("notes", ()), *_changes(made.report.get("changes", {}))),
            cost=sound.cost,
            emotions=made.report.get("emotions", {}),
        )

    def _recognised(self, sound: Sound, progress: Progress) -> Transcript:
        """By the engines that config.toml names, one after the other; whether one is too dear is seen then."""
        found = recognising.route_of(self._settings, self._asked, None, None, None)
        if not found.choices:
            raise recognising.none_is_left(found)

        def by(choice: Choice) -> Transcript:
            trial = job.by(choice.engine, self._asked, self._settings)
            is_beside = beside.is_beside(trial, self._settings)
            steps = _Steps(self, sound, progress)
            return refining.made(trial, lambda: self._heard(trial.heard, sound, progress), steps, is_beside=is_beside)

        return recognising.one_after_the_other(found.choices, by, lambda _choice, _error: None)

    def _heard(self, asked: Job, sound: Sound, progress: Progress) -> Transcript:
        if ENGINES[asked.engine].local:
            return self._in_child(transcribe.request(sound.path, asked, self._settings), progress)
        from daemon.speech.audio import refuse_unreadable

        refuse_unreadable(sound.path)
        waiting = self._waiting(asked.engine, progress)
        with self._ledger.account(asked, sound.path, waiting) as account, self._slots.taken(asked.engine, waiting):
            sound.accounts.append(account)
            return recognising.in_cloud(sound.path, asked, self._settings, self._told(progress), account)

    def aligned(self, asked: Job, spoken: Transcript, sound: Sound, progress: Progress) -> Transcript:
        """The words with the times at which they are said. Raise DaemonError, ChildDied, ChildBug."""
        return self._in_child(transcribe.alignment(sound.path, asked, spoken, self._settings), progress)

    def second(self, asked: Job, sound: Sound, progress: Progress) -> Transcript:
        """What the second engine hears. Raise DaemonError, ChildDied, ChildBug."""
        return self._heard(recognising.second_of(self._settings, asked, None, None), sound, progress)

    def begin_voices(self) -> None:
        """Start what tells voices apart. Raise Interrupted."""
        self._voices.start()

    def voices(self, asked: Job, sound: Sound, progress: Progress, wanted: Wanted) -> Diarization:
        """Who speaks when. Raise DaemonError, ChildDied, ChildBug."""
        told, look = wanted.told(progress), wanted.watched(self._watch)
        request = transcribe.voices_request(sound.path, asked, self._settings)
        waiting = wanted.watched(self._waiting("its voices", told))

        def tell() -> Diarization:
            with self._slots.taken_by_voices(waiting, shares=beside.shares(asked, self._settings)):
                return voices.from_message(self._voices.ask(request, transcribe.limits(self._settings), told, look))

        return self._remembered.once({**request, "modified": sound.path.stat().st_mtime_ns}, tell)

    def emotions(self, asked: Job, spoken: Transcript, sound: Sound, progress: Progress) -> Transcript:
        """The transcript with what its voices feel. Raise DaemonError, ChildDied, ChildBug."""
        request = transcribe.emotion_request(sound.path, asked, spoken, self._settings)
        with self._slots.taken_by_voices(self._waiting("its voices", progress)):
            found = self._voices.ask(request, transcribe.limits(self._settings), progress, self._watch)
        return transcript.from_json(found["transcript"])

    def _in_child(self, request: Message, progress: Progress) -> Transcript:
        with self._slots.taken(LOCAL, self._waiting(str(request["engine"]), progress)):
            result = self._recogniser.ask(request, transcribe.limits(self._settings), progress, self._watch)
        return transcript.from_json(result["transcript"])

    def _fetched(self, source: str, folder: Path, progress: Progress) -> Sound:
        request = download.request(source, folder, "sound", self._settings)
        limits = download.limits(self._settings)
        with held(self._downloads, self._waiting("a download", progress)):
            found = ask_once(self._spawner, download.MODULE, request, limits, progress, self._watch)
        return Sound(Path(found["path"]), bool(found["is_vertical"]))

    def _waiting(self, name: str, progress: Progress) -> Callable[[], None]:
        """What is done while something is waited for."""

        def watch() -> None:
            self._watch()
            progress(0.0, f"waiting for {name}")

        return watch

    def _told(self, progress: Progress) -> Progress:
        def told(fraction: float, step: str) -> None:
            self._watch()
            progress(fraction, step)

        return told

    def _watch(self) -> None:
        if self._ending.is_set():
            raise Interrupted("captiond ends")


def _changes(report: Mapping[str, Any]) -> list[str]:
    told = changed.from_values(report)
    return [*filter(None, [changed.summary(told)]), *(f"Left out: {one}." for one in changed.left_out(told, CHANGES))]


class _Steps:
    """What is done to words that are there, see refining.py. What was not done is in the notes of the transcript."""

    def __init__(self, captioner: Captioner, sound: Sound, progress: Progress) -> None:
        self._captioner, self._sound, self._progress = captioner, sound, progress

    def align(self, asked: Job, spoken: Transcript) -> Transcript:
        return self._captioner.aligned(asked, spoken, self._sound, self._progress)

    def second(self, asked: Job) -> Transcript:
        return self._captioner.second(asked, self._sound, self._progress)

    def begin_voices(self) -> None:
        self._captioner.begin_voices()

    def voices(self, asked: Job, wanted: Wanted) -> Diarization:
        return self._captioner.voices(asked, self._sound, self._progress, wanted)

    def know(self, asked: Job, found: Diarization) -> None:
        """There is no channel whose voices they are."""

    def emotions(self, asked: Job, spoken: Transcript) -> Transcript:
        return self._captioner.emotions(asked, spoken, self._sound, self._progress)

    def note(self, what: str, why: str) -> None:
        log.warning(what, message=why)
