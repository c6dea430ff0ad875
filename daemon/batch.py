"""Caption many recordings: which there are, where their captions go, which are there already, and what became of each.

Whatever ends it, it goes on where it stopped: captions that are there, and newer than their recording, are left alone.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from daemon.caption import Captioner, Summary
from daemon.children import ChildBug, ChildDied, Progress, Spawner
from daemon.errors import DaemonError
from daemon.settings import DaemonSettings
from store.errors import StoreError
from store.references import read_video

VIDEO = {".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".ts"}
SOUND = {".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav", ".wma", ".aiff", ".aif"}
RECORDINGS = VIDEO | SOUND  #: what is taken from a folder, by the ends of names
NAME_CHARACTERS = 80
WAS_THERE, CAPTIONED, FAILED = "was there", "captioned", "failed"


@dataclass(frozen=True)
class Piece:
    """A recording, as a file or an address, and where its captions go."""

    source: str
    target: Path


@dataclass(frozen=True)
class Outcome:
    """What became of a piece: WAS_THERE, CAPTIONED with its `summary`, or FAILED, and why."""

    piece: Piece
    what: str
    summary: Summary | None = None
    why: str = ""


def pieces(sources: Sequence[str], folder: Path, suffix: str) -> list[Piece]:
    """The pieces of these files, folders and addresses; no two have one target. Raise OSError for a folder."""
    made: list[Piece] = []
    taken: set[str] = set()
    for source in (one for given in sources for one in _expanded(given)):
        name = _name(source)
        unique = next(one for one in (name, *(f"{name}-{n}" for n in range(2, 10**6))) if one not in taken)
        taken.add(unique)
        made.append(Piece(source, folder / f"{unique}{suffix}"))
    return made


def _expanded(source: str) -> Iterator[str]:
    """A folder's recordings in the order of their names, or the source itself."""
    path = Path(source)
    if "://" in source or not path.is_dir():
        yield source
        return
    yield from (str(one) for one in sorted(path.iterdir()) if one.suffix.lower() in RECORDINGS and one.is_file())


def _name(source: str) -> str:
    """What the captions of a source are called, without the suffix."""
    if "://" not in source:
        return Path(source).stem
    try:
        return read_video(source)
    except (StoreError, ValueError):  # an address of another site
        return re.sub(r"[^\w.-]+", "-", source.partition("://")[2]).strip("-.")[:NAME_CHARACTERS] or "video"


def is_done(piece: Piece) -> bool:
    """Whether its captions are there, and newer than the recording where that is a file."""
    try:
        made = piece.target.stat().st_mtime
        return "://" in piece.source or made >= Path(piece.source).stat().st_mtime
    except OSError:
        return False


def run(
    work: Sequence[Piece],
    settings: DaemonSettings,
    at_once: int,
    watch: Callable[[Piece], Progress],
    ended: Callable[[Outcome], None],
) -> list[Outcome]:
    """Caption all pieces, so many at once, in the order given; `ended` is told of each. Call it in the main thread."""
    spawner, over = Spawner(), threading.Event()
    captioner = Captioner(settings, spawner)
    left = len(work)
    lock = threading.Lock()

    def one(piece: Piece) -> Outcome:
        return _captioned(captioner, piece, watch(piece))

    def tell(future: Future[Outcome]) -> None:
        nonlocal left
        with lock:
            left -= 1
            if not future.cancelled() and future.exception() is None:
                ended(future.result())
            if left == 0:
                over.set()

    with ThreadPoolExecutor(at_once) as pool:
        try:
            futures = [pool.submit(one, piece) for piece in work]
            for future in futures:
                future.add_done_callback(tell)
            if work:
                spawner.work(over)  # children are started here, in the main thread
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            captioner.close()
    return [future.result() for future in futures]


def _captioned(captioner: Captioner, piece: Piece, progress: Progress) -> Outcome:
    if is_done(piece):
        return Outcome(piece, WAS_THERE)
    try:
        return Outcome(piece, CAPTIONED, captioner.caption(piece.source, piece.target, progress))
    except (DaemonError, ChildDied, OSError) as error:
        return Outcome(piece, FAILED, why=str(error))
    except ChildBug as error:
        return Outcome(piece, FAILED, why=str(error).strip().splitlines()[-1])
