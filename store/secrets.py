"""Secrets: what there are, where they are looked for, and how they are kept out of what is shown.

They are looked for in systemd's credentials, then in the environment, then in the system's keyring, and never in
config.toml. Each is passed on in memory only; `masked` blots out what gets into a text all the same.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from store.errors import NotFound, Unusable

SERVICE = "captionwatch"  # the name that the keyring keeps them under
LONGEST_BYTES = 64_000  # far more than any key or client file
SHORTEST_MASKED = 8  # shorter values would blot out words
BLOT = "«secret»"
FORMS = re.compile(
    r"ya29\.[\w.-]+"  # Google's access tokens,
    r"|1//[\w-]{20,}"  # refresh tokens,
    r"|4/0A[\w-]{20,}"  # codes of a consent,
    r"|GOCSPX-[\w-]+"  # client secrets
    r"|AIza[\w-]{30,}"  # and API keys
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"  # tokens of Discord's bots
    r"|(?<=[Bb]earer )[\w.~+/=-]{16,}"
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # name and password in an address
)


class Source(StrEnum):
    """Where a secret was found."""

    CREDENTIALS = "systemd credentials"
    ENVIRONMENT = "environment"
    KEYRING = "keyring"


@dataclass(frozen=True)
class Kind:
    """What a secret is for, and the environment variable that may hold it."""

    purpose: str
    variable: str


SECRETS: dict[str, Kind] = {
    "youtube-client": Kind("the OAuth client of your Google Cloud project (its JSON file)", "YOUTUBE_CLIENT"),
    "discord-token": Kind("the token of your Discord bot", "DISCORD_TOKEN"),
    "assemblyai-api-key": Kind("the key of your AssemblyAI account", "ASSEMBLYAI_API_KEY"),
    "huggingface-token": Kind("a token of Hugging Face, for models that are given under conditions", "HF_TOKEN"),
    "gemini-api-key": Kind("the key of your Gemini account", "GEMINI_API_KEY"),
}


@dataclass(frozen=True)
class Secret:
    """A secret's value, which its `repr` does not show, and where it came from."""

    value: str = field(repr=False)
    source: Source


def check(name: str) -> None:
    """Raise NotFound if there is no such secret."""
    _kind(name)


def find(name: str, environment: Mapping[str, str] = os.environ) -> Secret | None:
    """The secret called `name`, from the first place that has it; None if none does. Raise NotFound, Unusable."""
    for source, found in _places(name, _kind(name), environment):
        value = found.strip()
        if value:
            _hide(value)
            return Secret(value, source)
    return None


def keep(name: str, value: str) -> None:
    """Put a secret into the system's keyring. Raise NotFound, Unusable, ValueError if it is none."""
    import keyring
    from keyring.errors import KeyringError, NoKeyringError

    kind = _kind(name)
    if not value.strip():
        raise ValueError(f"{name} is empty: nothing was kept")
    if len(value.encode()) > LONGEST_BYTES:
        raise ValueError(f"{name} is too long to be a secret: nothing was kept")
    _hide(value.strip())
    try:
        keyring.set_password(SERVICE, name, value.strip())
    except KeyringError as error:
        why = "" if isinstance(error, NoKeyringError) else f" ({_first_line(error)})"
        raise Unusable(
            f"this machine has no keyring that can be used{why}: set ${kind.variable}, "
            f"or give the service a credential named {name}"
        ) from error


def forget(name: str) -> bool:
    """Take a secret out of the system's keyring; whether it was there. Raise NotFound, Unusable."""
    import keyring
    from keyring.errors import KeyringError, NoKeyringError, PasswordDeleteError

    _kind(name)
    try:
        keyring.delete_password(SERVICE, name)
    except (PasswordDeleteError, NoKeyringError):
        return False
    except KeyringError as error:
        raise Unusable(f"the keyring did not let {name} be removed: {_first_line(error)}") from error
    return True


def masked(text: str) -> str:
    """`text` without the secrets that were read by this process, and without what has the form of one."""
    for value in sorted(_known, key=len, reverse=True):
        if len(value) >= SHORTEST_MASKED:
            text = text.replace(value, BLOT)
    return FORMS.sub(BLOT, text)


_known: set[str] = set()  # values that were read or kept; only to blot them out


def _hide(value: str) -> None:
    """Blot out `value` from now on, as it is and as JSON has it; of a client's file also the secret in it."""
    inner = re.search(r'"client_secret"\s*:\s*"([^"]+)"', value)
    _known.update({value, json.dumps(value)[1:-1], *(inner.groups() if inner else ())})


def _kind(name: str) -> Kind:
    if name not in SECRETS:
        close = difflib.get_close_matches(name, SECRETS, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise NotFound(f"there is no secret {name}; there are: {', '.join(SECRETS)}{hint}")
    return SECRETS[name]


def _places(name: str, kind: Kind, environment: Mapping[str, str]) -> Iterator[tuple[Source, str]]:
    """What each place has, "" for nothing; the next is looked at only when it is asked for."""
    yield Source.CREDENTIALS, _credential(name, environment)
    yield Source.ENVIRONMENT, environment.get(kind.variable, "")
    yield Source.KEYRING, _in_keyring(name)


def _credential(name: str, environment: Mapping[str, str]) -> str:
    """systemd.exec(5): each credential is a file in $CREDENTIALS_DIRECTORY that only the service can read."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return ""
    path = Path(folder) / name
    try:
        if not path.is_file():
            return ""
        if path.stat().st_size > LONGEST_BYTES:
            raise Unusable(f"the credential {path} is too long to be one")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"the credential {path} cannot be read: {_first_line(error)}") from error


def _in_keyring(name: str) -> str:
    """ "" too where there is no keyring, as in most services, or where it is locked."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name) or ""
    except KeyringError:
        return ""


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
