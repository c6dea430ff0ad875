"""Caption one file or address: no daemon, no database."""

from __future__ import annotations

import errno
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from captions import formats, transcript
from captions.transcript import Transcript
from daemon import job, recognising
from daemon.children import LOOK_SECONDS, Progress, Spawner, WarmChild, ask_once
from daemon.errors import Interrupted
from daemon.job import Job
from daemon.settings import DaemonSettings
from daemon.speech.engines import ENGINES
from daemon.speech.engines.contract import NoReceipts
from daemon.stages import download, transcribe, typeset


@dataclass(frozen=True)
class Summary:
    """What was done. `seconds`: of audio; `wall_seconds`: of waiting."""

    path: Path
    seconds: float
    wall_seconds: float
    words: int
    cues: int
    language: str
    engine: str
    model: str
    report: str


class Captioner:
    """Captions one recording after the other, with the local model loaded once.

    Threads may share it: what is downloaded, and what each engine works on at once, is bounded here.
    """

    def __init__(self, settings: DaemonSettings, spawner: Spawner) -> None:
        self._settings, self._spawner = settings, spawner
        self._asked = job.present(settings)
        self._recogniser = WarmChild(spawner, transcribe.MODULE, idle_seconds=0)
        self._ending = threading.Event()
        self._downloads = threading.Semaphore(settings.download.parallel)
        local = threading.Semaphore(1)  # one for them all: there is one GPU, and one child
        self._turns = {
            name: local if kind.local else threading.Semaphore(recognising.at_once(settings, name))
            for name, kind in ENGINES.items()
        }

    def close(self) -> None:
        """End what threads are still at: they raise Interrupted."""
        self._ending.set()
        self._recogniser.close()

    def caption(self, source: str, target: Path, progress: Progress) -> Summary:
        """Caption the file or URL `source` into `target`, whose suffix says the format.

        Raise DaemonError, ChildDied, ChildBug; ValueError for a suffix that is no format; OSError if it cannot be
        written.
        """
        wanted = formats.format_of(target.name)
        began = time.monotonic()
        with _beside(target) as temporary, tempfile.TemporaryDirectory(prefix="captionwatch-") as folder:
            path = self._fetched(source, Path(folder), progress) if "://" in source else Path(source)
            spoken = self._recognised(path, progress)
            made = typeset.typeset(spoken, self._asked.profile, spoken.seconds)
            _write(target, temporary, formats.write(formats.read(made.text, "vtt", made.language), wanted))
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
        )

    def _recognised(self, path: Path, progress: Progress) -> Transcript:
        """By the engines that config.toml names, one after the other; what they cost is for the person to see to."""
        found = recognising.route_of(self._settings, self._asked, None, None, None)
        if not found.choices:
            raise recognising.none_is_left(found)
        return recognising.one_after_the_other(
            found.choices, lambda choice: self._by(choice.engine, path, progress), lambda _choice, _error: None
        )

    def _by(self, engine: str, path: Path, progress: Progress) -> Transcript:
        trial = job.by(engine, self._asked, self._settings)
        with self._turn(self._turns[engine], engine, progress):
            return self._here(path, trial, progress) if ENGINES[engine].local else self._away(path, trial, progress)

    def _here(self, path: Path, trial: Job, progress: Progress) -> Transcript:
        request, limits = transcribe.request(path, trial, self._settings), transcribe.limits(self._settings)
        result = self._recogniser.ask(request, limits, progress, self._watch)
        return transcript.from_json(result["transcript"])

    def _away(self, path: Path, trial: Job, progress: Progress) -> Transcript:
        def told(fraction: float, step: str) -> None:
            self._watch()
            progress(fraction, step)

        return recognising.in_cloud(path, trial, self._settings, told, NoReceipts())

    def _fetched(self, source: str, folder: Path, progress: Progress) -> Path:
        request = download.request(source, folder, "sound", self._settings)
        limits = download.limits(self._settings)
        with self._turn(self._downloads, "a download", progress):
            found = ask_once(self._spawner, download.MODULE, request, limits, progress, self._watch)
        return Path(found["path"])

    @contextmanager
    def _turn(self, turns: threading.Semaphore, name: str, progress: Progress) -> Iterator[None]:
        """Wait for one of the turns, and give it back in the end."""
        while not turns.acquire(timeout=LOOK_SECONDS):
            self._watch()
            progress(0.0, f"waiting for {name}")
        try:
            yield
        finally:
            turns.release()

    def _watch(self) -> None:
        if self._ending.is_set():
            raise Interrupted("captiond ends")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A temporary file beside `target`, gone in the end. Raise OSError now, not when all is done, if there is none."""
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(target.parent))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "there is a folder of that name", str(target))
    temporary = target.with_name(f".{target.name}.part")
    try:
        temporary.touch()
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _write(target: Path, temporary: Path, text: str) -> None:
    """Write the file, whole or not at all."""
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
