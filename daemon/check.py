"""Look whether everything is there that captiond needs: one finding after the other, each with its cure."""

from __future__ import annotations

import errno
import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from daemon import findings, job
from daemon.children import ChildBug, ChildDied, Progress, Spawner, ask_once
from daemon.errors import AskHuman, DaemonError, TryLater
from daemon.findings import Finding
from daemon.settings import Settings
from daemon.speech import device, diarize
from daemon.speech.emotion import options as emotion
from daemon.speech.engines import ENGINES
from daemon.stages import WHO, transcribe
from daemon.youtube import login
from daemon.youtube.api import Api
from store import VERSION, secrets, services
from store import database as stored
from store import settings as read
from store.database import BOT_BUSY_SECONDS, Database
from store.errors import NotReady, SettingsError, StoreError, TooNew

PACKAGES = ("faster-whisper", "ctranslate2", "av", "yt-dlp", "yt-dlp-ejs", "sqlmodel", "apscheduler")
ANSWER_SECONDS = 20.0  # for a program of the driver
IMPORT_SECONDS = 180.0  # for torch, from a cold disk


@dataclass(frozen=True)
class Wanted:
    """`fetch`: fetch the model where it is not here. `offline`: ask nothing of YouTube."""

    config: Path | None
    state: Path
    fetch: bool = False
    offline: bool = False


def check(wanted: Wanted, progress: Progress) -> Iterator[Finding]:
    """What is found, one after the other; `progress` is told of what takes long."""
    yield findings.ok("python", f"{platform.python_version()}, {sys.executable}")
    yield _packages()
    try:
        settings = read.load(Settings, wanted.config)
    except SettingsError as error:
        said = f"{wanted.config}: {'; '.join(error.mistakes)}"
        yield findings.error("config", said, "mend it: the rest of the check needs it")
        return
    yield findings.ok("config", str(wanted.config or "none: everything has its default"))
    yield from _state(wanted.state)
    yield from _database(settings.store.database_url(wanted.state))
    yield _gpu(settings, progress)
    yield from _engines(settings, wanted, progress)
    yield from _voices(settings)
    yield from _emotion(settings)
    yield from _download(settings)
    yield _secrets()
    yield from _login(settings, wanted, progress)


def _packages() -> Finding:
    versions = {name: _version(name) for name in PACKAGES}
    told = ", ".join(f"{name} {version}" for name, version in versions.items())
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        cure = f"in captionwatch's folder: {findings.PIP} -c constraints.txt -e ."
        return findings.error("packages", f"not installed: {', '.join(missing)}", cure)
    return findings.ok("packages", f"captionwatch {VERSION}, {told}")


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _state(path: Path) -> Iterator[Finding]:
    probe = path / ".check"
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            probe.write_bytes(b"written")
        finally:
            probe.unlink(missing_ok=True)
        yield findings.disk("disk", shutil.disk_usage(path).free, str(path))
    except OSError as error:
        there = next(folder for folder in (path, *path.parents) if _sees(folder.exists))
        cure = {
            errno.ENOSPC: "make room on its disk",
            errno.EDQUOT: "make room on its disk",
            errno.EROFS: "it is mounted read-only, or a service may not write there: set $STATE_DIRECTORY",
        }.get(error.errno or 0, f"give this account the right to write to {there}, or set $STATE_DIRECTORY")
        yield findings.error("disk", f"{path} cannot be written to: {error.strerror}", cure)


def _database(url: str) -> Iterator[Finding]:
    file = stored.sqlite_file(url)
    if file is not None and not _sees(file.exists):
        yield findings.ok("database", f"{file} is not there yet: captiond makes it when it starts")
        return
    try:
        with closing(Database(url, BOT_BUSY_SECONDS)) as database:
            yield from _looked_into(database)
    except TooNew as error:
        yield findings.error("database", str(error))
    except NotReady as error:
        yield findings.warning("database", str(error), "captiond run brings it up to date")
    except StoreError as error:
        yield findings.error("database", str(error))
    except SQLAlchemyError as error:
        yield findings.error("database", f"it does not answer: {str(error).splitlines()[0]}", "see [store] url")


def _looked_into(database: Database) -> Iterator[Finding]:
    """Raise StoreError, SQLAlchemyError."""
    stored.check_schema(database)
    damage = stored.damage(database)
    if damage:
        yield findings.error("database", f"it is damaged: {damage}", "stop captiond, and put a backup in its place")
    else:
        yield findings.ok("database", "present, of this version, whole")
    yield _running(database)


def _sees(look: Callable[[], bool]) -> bool:
    """What a look at the disk gives; False where this account may not look, or a home is nobody's."""
    try:
        return look()
    except (OSError, RuntimeError):
        return False


def _running(database: Database) -> Finding:
    seen = services.get(database, WHO)
    if services.is_alive(seen, database.now()):
        return findings.ok("captiond", "runs")
    last = "" if seen is None else f"; it was last seen at {seen.seen_at:%Y-%m-%d %H:%M} UTC"
    return findings.warning("captiond", f"does not run{last}", "captiond run, or systemctl start captionwatch.target")


def _gpu(settings: Settings, progress: Progress) -> Finding:
    cards = _cards()
    torch_sees = None
    if cards and importlib.util.find_spec("torch") is not None:
        progress(0.0, "asking torch for the GPU")
        torch_sees = int(_said([sys.executable, "-c", "import torch; print(torch.cuda.device_count())"]) or 0)
    return findings.gpu(
        "gpu",
        cards,
        str(job.engine_options(settings.daemon, settings.daemon.speech.engine).get("device", "auto")),
        device.gpus() if cards else 0,
        torch_sees,
        cublas=device.has_cublas(),
    )


def _cards() -> list[str] | None:
    """The NVIDIA cards that the driver tells of; None where it does not answer."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    told = _said([program, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"])
    if told is None:
        return None
    return [line.strip() for line in told.splitlines() if line.strip()]


def _said(command: list[str]) -> str | None:
    """What a program prints; None where it fails."""
    try:
        seconds = IMPORT_SECONDS if command[0] == sys.executable else ANSWER_SECONDS
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _voices(settings: Settings) -> Iterator[Finding]:
    """What tells voices apart, where that is wished: drafts are made without, too."""
    table = settings.daemon.speech.voices
    if table.on:
        why_not = diarize.why_not(diarize.Options.model_validate(table.options))
        if why_not:
            yield findings.warning("voices", why_not, "until then drafts are made without speakers")
        else:
            yield findings.ok("voices", table.model)


def _emotion(settings: Settings) -> Iterator[Finding]:
    """What tells emotion, where that is wished: drafts are made without, too."""
    table = settings.daemon.speech.emotion
    if table.on:
        why_not = emotion.why_not(table)
        if why_not:
            yield findings.warning("emotion", why_not, "until then drafts are made without emotions")
        else:
            yield findings.ok("emotion", f"{table.engine}: {table.model}")


def _engines(settings: Settings, wanted: Wanted, progress: Progress) -> Iterator[Finding]:
    """The engine that is set is loaded; of those that config.toml names besides it is told what they lack."""
    router = settings.daemon.router
    named = {*router.fallbacks, *(rule.engine for rule in router.rules)}
    for name, kind in ENGINES.items():
        options = job.engine_options(settings.daemon, name)
        reason = kind.why_not(job.with_key(settings.daemon, name))
        is_set = name == settings.daemon.speech.engine
        if reason and not is_set and name not in named:
            yield findings.ok(name, f"is not used: {reason}")
        elif reason:
            found = findings.error if is_set else findings.warning
            yield found(name, reason, f"see [daemon.engines.{name}] in config.toml")
        elif not kind.local:
            yield findings.ok(name, "there is a key; whether it is right is seen with the first video")
        elif not is_set:
            yield findings.ok(name, "looks ready")
        elif not wanted.fetch and not kind.is_here(options):
            message = f"the model {options['model']} is not here yet: it is fetched when it is first used"
            yield findings.warning(name, message, "captiond check --fetch fetches it now")
        else:
            yield _loaded(settings, name, options, progress)


def _loaded(settings: Settings, name: str, options: dict[str, object], progress: Progress) -> Finding:
    request = {"engine": name, "options": options}
    try:
        ask_once(Spawner(), transcribe.MODULE, request, transcribe.limits(settings.daemon), progress, lambda: None)
    except (DaemonError, ChildDied) as error:
        return findings.error(name, str(error), f"see [daemon.engines.{name}] in config.toml")
    except ChildBug as error:
        return findings.error(name, f"it failed to load: {str(error).strip().splitlines()[-1]}")
    return findings.ok(name, f"the model {options['model']} loads")


def _download(settings: Settings) -> Iterator[Finding]:
    from yt_dlp.utils._jsruntime import DenoJsRuntime  # the search that yt-dlp itself makes
    from yt_dlp.version import __version__

    yield findings.yt_dlp("yt-dlp", __version__, datetime.now(UTC).date())
    found = DenoJsRuntime().info
    yield findings.javascript("javascript", found and found.version, supported=bool(found and found.supported))
    cookies = settings.daemon.youtube.cookies_file
    if cookies and not _sees(lambda: Path(cookies).expanduser().is_file()):
        yield findings.error("cookies", f"there is no file {cookies}", "see [daemon.youtube] cookies_file")


def _secrets() -> Finding:
    try:
        found = {name: secrets.find(name) for name in secrets.SECRETS}
    except StoreError as error:
        return findings.error("secrets", str(error))
    return findings.secrets("secrets", {name: value.source for name, value in found.items() if value is not None})


def _login(settings: Settings, wanted: Wanted, progress: Progress) -> Iterator[Finding]:
    youtube, path = settings.daemon.youtube, wanted.state / login.FILE
    if not _sees(path.exists):
        message = "nobody is logged in to YouTube: drafts can be downloaded, not uploaded"
        yield findings.warning("login", message, "captiond login")
        return
    try:
        kept = login.load(path, youtube.token_uri)
        trouble = findings.token_file("login", str(path), path.stat().st_mode, kept.ends_at, datetime.now(UTC))
        if trouble is not None:
            yield trouble
        if wanted.offline:
            yield findings.noted("login", login.channels(path))
            return
        progress(0.0, "asking YouTube")
        with Api(kept, youtube.api_root, youtube.timeout_seconds, lambda _operation: None) as api:
            yield findings.covers("login", {channel.youtube_id: channel.title for channel in api.my_channels()})
    except TryLater as error:
        yield findings.warning("login", str(error), "look at the network, then check again")
    except AskHuman as error:
        yield findings.error("login", str(error))
    except DaemonError as error:
        yield findings.warning("login", str(error), "check again later")
