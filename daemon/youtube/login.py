"""The login that may put captions on a channel: an OAuth token in a file that only its owner can read."""

from __future__ import annotations

import json
from pathlib import Path

from google.oauth2.credentials import Credentials

from daemon.errors import AskHuman

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
FILE = "youtube-token.json"


def load(path: Path, token_uri: str) -> Credentials:
    """The credentials in the token file, to be renewed at `token_uri`. Raise AskHuman if there are none of use.

    The file is what `Credentials.to_json()` writes. Its access token is not used: a new one is had for the refresh
    token with the first call, at the address of the settings, which Google's own reader of such files would not heed.
    """
    try:
        values = json.loads(path.read_text())
        return Credentials(
            token=None,
            refresh_token=_text(values, "refresh_token"),
            client_id=_text(values, "client_id"),
            client_secret=_text(values, "client_secret"),
            token_uri=token_uri,
            scopes=[SCOPE],
        )
    except FileNotFoundError:
        raise AskHuman(f"nobody is logged in to YouTube: there is no token file {path}") from None
    except OSError as error:
        raise AskHuman(f"the token file {path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        raise AskHuman(f"the token file {path} holds no login: log in again") from None


def _text(values: dict[str, object], name: str) -> str:
    value = values[name]
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value
