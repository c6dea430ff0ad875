"""Log in to YouTube: find the OAuth client, ask for consent, keep the login, and ask which channels it covers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from daemon.errors import AskHuman, DaemonError, TryLater
from daemon.settings import YouTubeSettings
from daemon.youtube import consent, login
from daemon.youtube.api import Api
from daemon.youtube.consent import NEW_CLIENT, Client
from daemon.youtube.login import Login
from store import secrets

ANSWER_SECONDS = 600.0
LARGEST_BYTES = 100_000  # a client's JSON has a few hundred


@dataclass(frozen=True)
class LoggedIn:
    """Titles of the channels by their ids; `note`: why they could not be asked for, "" if they could."""

    path: Path
    channels: dict[str, str]
    ends_at: datetime | None
    note: str


def log_in(
    settings: YouTubeSettings, state: Path, client_file: Path | None, port: int, show: Callable[[str, int], None]
) -> LoggedIn:
    """Log in, by the OAuth client in `client_file`, else the one that is known. Raise DaemonError, StoreError, OSError.

    `show` is told the address to open in a browser, and the port that it comes back to.
    """
    path = state / login.FILE
    login.try_to_write(path)
    client = _client(client_file, path)
    grant = consent.ask(
        client, settings.auth_uri, settings.token_uri, port, settings.timeout_seconds, ANSWER_SECONDS, show
    )
    channels, note = _covered(settings, login.of(grant, path, settings.token_uri))
    if not channels and not note:  # a wrong account, chosen by mistake, must not cost the login that is there
        raise AskHuman(
            "this Google account has no channel, so nothing was changed: log in with the account that owns yours"
        )
    login.save(path, grant, settings.token_uri)
    login.note_channels(path, channels)
    return LoggedIn(path, channels, grant.ends_at, note)


def _covered(settings: YouTubeSettings, made: Login) -> tuple[dict[str, str], str]:
    """The channels that a login covers; with none, a note where they could not be asked for."""
    try:
        # The one call that is not booked: there may be no database yet, and it takes one unit of the day's thousands.
        with Api(made, settings.api_root, settings.timeout_seconds, lambda _operation: None) as api:
            return {channel.youtube_id: channel.title for channel in api.my_channels()}, ""
    except TryLater as error:
        return {}, f"{error}: which channels it covers, captiond asks later"
    except DaemonError as error:
        return {}, str(error)


def _client(file: Path | None, token_file: Path) -> Client:
    """The OAuth client: as given, else the secret, else that of the login that is there. Raise AskHuman."""
    if file is not None:
        return consent.read_client(_read(file))
    kept = secrets.find("youtube-client")
    if kept is not None:
        return consent.read_client(kept.value)
    try:
        return Client(*login.client(token_file))
    except AskHuman:
        raise AskHuman(f"there is no OAuth client yet: {NEW_CLIENT}, then captiond login --client FILE") from None


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            return opened.read(LARGEST_BYTES)
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise AskHuman(f"the file {file} cannot be read: {error.strerror}") from None
