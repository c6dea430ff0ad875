"""Caption many recordings: which there are, where their captions go, which are there already, and what became of each.

An address may hold many: a playlist, a channel. No title names a file: anybody may have written it.

Whatever ends it, it goes on where it stopped: captions that are there, and newer than their recording, are left alone.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from daemon import recognising
from daemon.caption import Captioner, Summary
from daemon.children import ChildBug, ChildDied, Progress, Spawner, ask_once
from daemon.errors import DaemonError
from daemon.ledger import Ledger
from daemon.settings import DaemonSettings
from daemon.stages import download
from store.errors import StoreError
from store.references import read_video

VIDEO = {".mp4", ".m4v", ".mkv", ".webm", ".mov", ".avi", ".ts"}
SOUND = {".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav", ".wma", ".aiff", ".aif"}
RECORDINGS = VIDEO | SOUND  #: what is taken from a folder, by the ends of names
NAME_CHARACTERS = 80
PLAYLIST_MODULE = "daemon.youtube.playlist"
WAS_THERE, CAPTIONED, FAILED = "was there", "captioned", "failed"


@dataclass(frozen=True)
class Listing:
    """The addresses of the videos that an address holds; `left_out`: what of them is missing and why, or ""."""

    addresses: tuple[str, ...]
    left_out: str = ""


@dataclass(frozen=True)
class Piece:
    """A recording, as a file or an address, and where its captions go; `why_not`: why there will be none, or ""."""

    source: str
    target: Path
    why_not: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a piece: WAS_THERE, CAPTIONED with its `summary`, or FAILED, and why."""

    piece: Piece
    what: str
    summary: Summary | None = None
    why: str = ""

    @property
    def cost(self) -> float:
        return 0.0 if self.summary is None else self.summary.cost


Lister = Callable[[str], Listing]
"""What is at an address. Raises DaemonError, ChildDied, ChildBug."""


def one_video(address: str) -> Listing:
    """Take any address for that of one video; nobody is asked."""
    return Listing((address,))


def lister(settings: DaemonSettings, spawner: Spawner, progress: Progress) -> Lister:
    """Asks yt-dlp what is at an address, in a child process. Use it in the thread that made the spawner."""

    def listed(address: str) -> Listing:
        youtube = settings.youtube
        request = {
            "url": address,
            "plugin_dirs": [str(path) for path in youtube.plugin_dirs],
            "cookies_file": youtube.cookies_file,
            "timeout_seconds": youtube.timeout_seconds,
        }
        told = ask_once(spawner, PLAYLIST_MODULE, request, download.limits(settings), progress, lambda: None)
        return Listing(tuple(told["addresses"]), told["left_out"])

    return listed


def pieces(sources: Sequence[str], folder: Path, suffix: str, listed: Lister = one_video) -> list[Piece]:
    """The pieces of these files, folders and addresses; no two have one target, and no address comes twice.

    What an address holds is `listed`, but of those that are a video's by their form. Raise OSError for a folder.
    """
    made: list[Piece] = []
    taken: set[str] = set()
    addresses: set[str] = set()

    def target(name: str) -> Path:
        return folder / f"{name}{suffix}"

    def add(source: str) -> None:
        if source in addresses:
            return
        if is_address(source):
            addresses.add(source)
        name = _name(source)
        unique = next(one for one in (name, *(f"{name}-{n}" for n in range(2, 10**6))) if one not in taken)
        taken.add(unique)
        made.append(Piece(source, target(unique)))

    for given in sources:
        if not is_address(given):
            for one in _in_folder(given):
                add(one)
        elif is_video(given) or is_done(Piece(given, target(_name(given)))):  # captioned before: it was one
            add(given)
        else:
            found = _found_at(given, listed)
            for one in found.addresses:
                add(one)
            if found.left_out:
                made.append(Piece(given, target(_name(given)), found.left_out))
    return made


def is_address(source: str) -> bool:
    return "://" in source


def is_video(address: str) -> bool:
    """Whether an address is that of a YouTube video, by its form."""
    try:
        read_video(address)
    except (StoreError, ValueError):
        return False
    return True


def _in_folder(source: str) -> list[str]:
    """A folder's recordings in the order of their names, or the source itself."""
    path = Path(source)
    if not path.is_dir():
        return [source]
    return [str(one) for one in sorted(path.iterdir()) if one.suffix.lower() in RECORDINGS and one.is_file()]


def _found_at(address: str, listed: Lister) -> Listing:
    """What is at an address; where that cannot be told, nothing, and why."""
    try:
        return listed(address)
    except (DaemonError, ChildDied, ChildBug) as error:
        return Listing((), _why(error))


def _name(source: str) -> str:
    """What the captions of a source are called, without the suffix: the same in every run."""
    if not is_address(source):
        return Path(source).stem
    if is_video(source):
        return read_video(source)
    name = re.sub(r"[^\w.-]+", "-", source.partition("://")[2]).strip("-.") or "video"
    if len(name) <= NAME_CHARACTERS:
        return name
    return f"{name[:NAME_CHARACTERS]}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"  # many may begin alike


def is_done(piece: Piece) -> bool:
    """Whether its captions are there, and newer than the recording where that is a file."""
    try:
        made = piece.target.stat().st_mtime
        return is_address(piece.source) or made >= Path(piece.source).stat().st_mtime
    except OSError:
        return False


def run(
    work: Sequence[Piece],
    settings: DaemonSettings,
    ledger: Ledger,
    at_once: int | None,
    watch: Callable[[Piece], Progress],
    ended: Callable[[Outcome], None],
) -> list[Outcome]:
    """Caption all pieces, in the order given; `ended` is told of each. Call it in the main thread.

    `at_once`: how many; None: as many as the first engine takes, and one that is downloaded meanwhile.
    """
    at_once = at_once or recognising.at_once(settings, settings.speech.engine) + 1
    spawner, over = Spawner(), threading.Event()
    captioner = Captioner(settings, spawner, ledger)
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
    if piece.why_not:
        return Outcome(piece, FAILED, why=piece.why_not)
    if is_done(piece):
        return Outcome(piece, WAS_THERE)
    try:
        return Outcome(piece, CAPTIONED, captioner.caption(piece.source, piece.target, progress))
    except (DaemonError, StoreError, ChildDied, ChildBug, OSError) as error:
        return Outcome(piece, FAILED, why=_why(error))


def _why(error: Exception) -> str:
    """What is said of a failure: of a bug its last line."""
    return str(error).strip().splitlines()[-1] if isinstance(error, ChildBug) else str(error)
