"""What `captiond check` makes of what it finds: ok, a warning or an error, and the cure. Does not touch anything."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

GIGABYTE = 1_000_000_000
LITTLE_BYTES = 5 * GIGABYTE  # a model takes 1.6 GB, an hour of sound 60 MB
TOO_LITTLE_BYTES = GIGABYTE // 2
OLD = timedelta(days=90)  # after so long yt-dlp itself warns: YouTube changes, and old versions stop to work
PIP = f"{shlex.quote(sys.executable)} -m pip install"
UPGRADE = f"{PIP} -U yt-dlp yt-dlp-ejs"
SOON = timedelta(days=8)  # a login that ends by itself has seven days
READABLE_BY_OTHERS = 0o077


class Mark(StrEnum):
    OK = "ok"
    WARNING = "warning"  #: it works, but not as well as it could, or not for long
    ERROR = "error"  #: it does not work


@dataclass(frozen=True)
class Finding:
    """`cure`: what a person does about it; "" where there is nothing to do."""

    name: str
    mark: Mark
    message: str
    cure: str = ""


def ok(name: str, message: str) -> Finding:
    return Finding(name, Mark.OK, message)


def warning(name: str, message: str, cure: str) -> Finding:
    return Finding(name, Mark.WARNING, message, cure)


def error(name: str, message: str, cure: str = "") -> Finding:
    return Finding(name, Mark.ERROR, message, cure)


def gpu(
    name: str, cards: Sequence[str] | None, device: str, ctranslate2_sees: int, torch_sees: int | None, *, cublas: bool
) -> Finding:
    """`device` is the setting.

    `cards` is what the driver tells, None where it does not answer; `torch_sees` None where torch is not installed.
    """
    if cards is None and device != "cpu":
        cure = "see what nvidia-smi says; after an upgrade of the driver, restart the machine"
        return (error if device == "cuda" else warning)(name, "the NVIDIA driver does not answer", cure)
    seen = f"{', '.join(cards or ())}; seen by CTranslate2: {ctranslate2_sees}"
    seen += "" if torch_sees is None else f", by torch: {torch_sees}"
    if not cards:
        if device == "cuda":
            return error(name, 'none, though device is "cuda"', 'install the NVIDIA driver, or set device to "auto"')
        return ok(name, "none: speech is recognised on the CPU, which takes several times as long")
    if device == "cpu":
        return ok(name, f"{seen}; not used, since device is cpu")
    if not ctranslate2_sees:
        cure = "bring the driver up to CUDA 12 or newer, and see that this account may use /dev/nvidia*"
        return (error if device == "cuda" else warning)(name, f"{seen}: it cannot be used", cure)
    if not cublas:
        cure = f"in captionwatch's folder: {PIP} -c constraints.txt -e '.[gpu]'"
        return (error if device == "cuda" else warning)(name, f"{seen}; the library cuBLAS 12 is missing", cure)
    if torch_sees == 0:
        return warning(name, f"{seen}: voices are worked out on the CPU", "install torch for your version of CUDA")
    return ok(name, seen)


def yt_dlp(name: str, version: str, today: date) -> Finding:
    """yt-dlp's versions are dates: 2026.10.26."""
    try:
        year, month, day = (int(part) for part in version.split(".")[:3])
        age = today - date(year, month, day)
    except ValueError:
        return warning(name, f"{version}, which is no date", UPGRADE)
    if age > OLD:
        return warning(name, f"{version} is {age.days} days old; YouTube changes, and old versions fail", UPGRADE)
    return ok(name, version)


def javascript(name: str, version: str | None, *, supported: bool) -> Finding:
    if version is None:
        return error(name, "there is none: YouTube gives yt-dlp few formats or none", f"{PIP} deno")
    if not supported:
        return error(name, f"deno {version} is too old for yt-dlp", f"{PIP} -U deno")
    return ok(name, f"deno {version}")


def disk(name: str, free_bytes: int, path: str) -> Finding:
    message = f"{free_bytes / GIGABYTE:.1f} GB free in {path}"
    if free_bytes < TOO_LITTLE_BYTES:
        return error(name, message, "make room: downloads would fail")
    if free_bytes < LITTLE_BYTES:
        return warning(name, message, "make room before it is full")
    return ok(name, message)


def secrets(name: str, found: Mapping[str, str]) -> Finding:
    """`found`: where each secret that there is was found."""
    if not found:
        return ok(name, "none are set; captiond needs none once somebody is logged in")
    return ok(name, ", ".join(f"{secret} ({source})" for secret, source in found.items()))


def token_file(name: str, path: str, mode: int, ends_at: datetime | None, now: datetime) -> Finding | None:
    """What is wrong with the file of the login; None where nothing is."""
    if mode & READABLE_BY_OTHERS:
        return error(name, f"others can read {path}, and upload in your name", f"chmod 600 {path}")
    if ends_at is not None and ends_at <= now:
        return error(name, f"it ended on {ends_at:%Y-%m-%d}", "publish the app (In production), then captiond login")
    if ends_at is not None and ends_at < now + SOON:
        return warning(
            name,
            f"it ends on {ends_at:%Y-%m-%d}: the consent screen of your Google Cloud project is in Testing",
            "publish the app there (In production), then captiond login",
        )
    return None


def noted(name: str, channels: Mapping[str, str]) -> Finding:
    """As `covers`, by what was noted at the login: nothing, where YouTube could not be asked then."""
    return covers(name, channels) if channels else ok(name, "there is one; YouTube was not asked what it covers")


def covers(name: str, channels: Mapping[str, str]) -> Finding:
    """`channels`: titles by ids."""
    if not channels:
        return error(name, "this Google account has no channel", "captiond login with the account that owns yours")
    return ok(name, "covers " + ", ".join(f"{title} ({channel})" for channel, title in channels.items()))
