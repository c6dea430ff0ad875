"""The login that may put captions on a channel: an OAuth token in a file that only its owner can read.

The file is what `Credentials.to_json()` of Google's library writes, and what we know beside it. An access token lives
an hour; each new one is kept, so that a restart need not ask for another.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import google.auth.exceptions
import google.auth.transport
import structlog
from google.oauth2.credentials import Credentials

from daemon.errors import AskHuman

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
FILE = "youtube-token.json"
PROBE_BYTES = 8192  # more than a token file has
AGAIN = "log in again: captiond login"

log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Grant:
    """What a consent gave. `ends_at`: when the login ends by itself, None if it does not."""

    client_id: str
    client_secret: str
    refresh_token: str
    access_token: str
    expires_at: datetime
    logged_in_at: datetime
    ends_at: datetime | None = None


class Login(Credentials):  # type: ignore[misc] # google.auth has no types
    """Credentials that write each new access token into their file."""

    def __init__(self, path: Path, values: dict[str, Any], token_uri: str) -> None:
        expiry = _time(values.get("expiry"))
        super().__init__(
            token=_header_safe(values.get("token")) if expiry is not None else None,
            refresh_token=_text(values, "refresh_token"),
            client_id=_text(values, "client_id"),
            client_secret=_text(values, "client_secret"),
            token_uri=token_uri,  # of the settings, which Google's own reader of such files would not heed
            scopes=[SCOPE],
            expiry=None if expiry is None else expiry.replace(tzinfo=None),  # the library wants it naive
        )
        self._path = path
        self._came_of = self.refresh_token
        self.logged_in_at = _time(values.get("logged_in_at"))
        self.ends_at = _time(values.get("ends_at"))

    def refresh(self, request: google.auth.transport.Request) -> None:
        try:
            super().refresh(request)
        except (TypeError, ValueError) as error:  # google-auth, of an answer that is none of Google's
            raise google.auth.exceptions.RefreshError("what answered was not Google", retryable=True) from error
        try:
            self._keep()
        except (OSError, AskHuman) as error:  # it lives on in memory, and the next process asks for another
            log.warning("could not keep the access token", message=str(error))

    def lost(self, now: datetime) -> str:
        """What to tell the person when Google does not know this login any more."""
        if self.ends_at is not None and now >= self.ends_at:
            return (
                f"the login to YouTube ended on {self.ends_at:%Y-%m-%d}, seven days after it was given, since the "
                f"consent screen of your Google Cloud project is in Testing: publish the app there, then {AGAIN}"
            )
        return (
            "the login to YouTube was revoked or has expired (after seven days, if the consent screen of your Google "
            f"Cloud project is in Testing): {AGAIN}"
        )

    def _keep(self) -> None:
        with _locked(self._path):
            values = _values(self._path)
            if values.get("refresh_token") == self._came_of:  # else somebody has logged in anew
                _write(self._path, {**values, **_tokens(self.token, self.refresh_token, self.expiry)})
                self._came_of = self.refresh_token


def load(path: Path, token_uri: str) -> Login:
    """The login in the token file, to be renewed at `token_uri`. Raise AskHuman if there is none of use."""
    values = _values(path)
    try:
        return Login(path, values, token_uri)
    except (ValueError, TypeError, KeyError):
        raise AskHuman(f"the token file {path} holds no login: {AGAIN}") from None


def of(grant: Grant, path: Path, token_uri: str) -> Login:
    """A login that is not in its file yet."""
    return Login(path, _granted(grant), token_uri)


def save(path: Path, grant: Grant, token_uri: str) -> Login:
    """Keep a new login in the token file, in the place of the one that was there. Raise OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(path):
        _write(path, _granted(grant))
    return of(grant, path, token_uri)


def _granted(grant: Grant) -> dict[str, Any]:
    return {
        "type": "authorized_user",
        "client_id": grant.client_id,
        "client_secret": grant.client_secret,
        **_tokens(grant.access_token, grant.refresh_token, grant.expires_at),
        "scopes": [SCOPE],
        "logged_in_at": grant.logged_in_at.isoformat(),
        "ends_at": None if grant.ends_at is None else grant.ends_at.isoformat(),
    }


def try_to_write(path: Path) -> None:
    """Raise OSError if there is no writing beside the token file: before a person has consented for nothing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    probe = path.with_name(f".{path.name}.probe")
    try:
        with probe.open("wb") as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


def note_channels(path: Path, channels: dict[str, str]) -> None:
    """Note in the token file which channels the login covers, their titles by their ids. Raise OSError."""
    with _locked(path):
        _write(path, {**_values(path), "channels": channels})


def channels(path: Path) -> dict[str, str]:
    """The channels that the login covered when it was given, their titles by their ids. Raise AskHuman."""
    noted = _values(path).get("channels")
    return {str(name): str(title) for name, title in noted.items()} if isinstance(noted, dict) else {}


def client(path: Path) -> tuple[str, str]:
    """Id and secret of the OAuth client in the token file. Raise AskHuman if there is none."""
    try:
        values = _values(path)
        return _text(values, "client_id"), _text(values, "client_secret")
    except (ValueError, KeyError):
        raise AskHuman(f"the token file {path} holds no login: {AGAIN}") from None


def identity(path: Path) -> str:
    """What changes when somebody logs in anew, and not when a token is renewed; "" where nobody is logged in."""
    try:
        return hashlib.sha256(_text(_values(path), "refresh_token").encode()).hexdigest()
    except (AskHuman, ValueError, KeyError):
        return ""


def _values(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text())
    except FileNotFoundError:
        raise AskHuman(f"nobody is logged in to YouTube: run captiond login (there is no {path})") from None
    except OSError as error:
        raise AskHuman(f"the token file {path} cannot be read: {error.strerror}") from None
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise AskHuman(f"the token file {path} holds no login: {AGAIN}")
    return values


def _tokens(token: str | None, refresh_token: str | None, expires_at: datetime | None) -> dict[str, Any]:
    at = None if expires_at is None else expires_at.replace(tzinfo=None).isoformat() + "Z"  # as Google's library has it
    return {"token": token, "refresh_token": refresh_token, "expiry": at}


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold off other threads and processes that would write the token file. Raise OSError."""
    with os.fdopen(os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600), "w") as file:
        _leave_to_owner(file.fileno(), path.parent)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _leave_to_owner(descriptor: int, neighbour: Path) -> None:
    """Give a file that root makes to the owner of what stands beside it: the service must be able to use it."""
    if os.geteuid() == 0 and neighbour.exists():
        os.fchown(descriptor, neighbour.stat().st_uid, neighbour.stat().st_gid)


def _write(path: Path, values: dict[str, Any]) -> None:
    """Write the file, whole or not at all, for nobody else to read. Raise OSError."""
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)  # it could have been made with another mode
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        _leave_to_owner(file.fileno(), path if path.exists() else path.parent)
        json.dump(values, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _text(values: dict[str, Any], name: str) -> str:
    value = values[name]
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value


def _header_safe(token: object) -> str | None:
    """An access token; None for what cannot be one: as a header it would be an error that tells it."""
    return token if isinstance(token, str) and re.fullmatch(r"[!-~]+", token) else None


def _time(value: object) -> datetime | None:
    """An aware time in UTC; None for what is none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        return None if found is None else found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
