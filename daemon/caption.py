"""Caption one file or address: no daemon, no database."""

from __future__ import annotations

import errno
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from captions import formats, transcript
from daemon import job
from daemon.children import Progress, Spawner, ask_once
from daemon.settings import DaemonSettings
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


def caption(source: str, target: Path, settings: DaemonSettings, progress: Progress) -> Summary:
    """Caption the file or URL `source` into `target`, whose suffix says the format.

    Raise DaemonError, ChildDied, ChildBug; ValueError for a suffix that is no format; OSError if it cannot be written.
    """
    wanted = formats.format_of(target.name)
    began = time.monotonic()
    asked = job.present(settings)
    spawner = Spawner()
    with _beside(target) as temporary, tempfile.TemporaryDirectory(prefix="captionwatch-") as folder:
        path = _fetched(source, Path(folder), settings, spawner, progress) if "://" in source else Path(source)
        request, limits = transcribe.request(path, asked, settings), transcribe.limits(settings)
        result = ask_once(spawner, transcribe.MODULE, request, limits, progress, _always_wanted)
        spoken = transcript.from_json(result["transcript"])
        made = typeset.typeset(spoken, asked.profile, spoken.seconds)
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


def _fetched(source: str, folder: Path, settings: DaemonSettings, spawner: Spawner, progress: Progress) -> Path:
    request, limits = download.request(source, folder, "sound", settings), download.limits(settings)
    return Path(ask_once(spawner, download.MODULE, request, limits, progress, _always_wanted)["path"])


def _always_wanted() -> None:
    pass


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
