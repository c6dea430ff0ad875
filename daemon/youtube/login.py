"""The login that may put captions on a channel: an OAuth token in a file of mode 0600."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from pathlib import Path

from google.oauth2.credentials import Credentials

from daemon.errors import AskHuman

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
FILE = "youtube-token.json"


def load(path: Path, token_uri: str) -> Credentials:
    """The credentials in the token file. Raise AskHuman if there are none, or none that can be used."""
    try:
        values = json.loads(path.read_text())
        return Credentials.from_authorized_user_info({**values, "token_uri": token_uri}, scopes=[SCOPE])
    except FileNotFoundError:
        raise AskHuman(f"nobody is logged in to YouTube: there is no token file {path}") from None
    except OSError as error:
        raise AskHuman(f"the token file {path} cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, AttributeError):
        raise AskHuman(f"the token file {path} holds no login: log in again") from None


def save(credentials: Credentials, path: Path) -> None:
    """Write the token file, whole or not at all, readable by its owner alone."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made with mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(credentials.to_json())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
