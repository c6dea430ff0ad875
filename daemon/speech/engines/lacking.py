"""What a local engine lacks on this machine, and what foreign errors say of it, in words."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from captions.text import clean_line
from daemon.errors import AskHuman


def refuse_uninstalled(package: str, extra: str) -> None:
    """Raise AskHuman if the package that an engine stands on is not installed."""
    if importlib.util.find_spec(package.replace("-", "_")) is None:
        raise AskHuman(f"{package} is not installed: pip install -c constraints.txt -e '.[{extra}]'")


def refusal(look: Callable[[], object]) -> str:
    """What a person should mend before `look` raises AskHuman no more; "" where it does not."""
    try:
        look()
    except AskHuman as error:
        return str(error)
    return ""


def said(error: Exception) -> str:
    """What a foreign error says, in one line; its class where it says nothing."""
    return clean_line((str(error) or type(error).__name__).splitlines()[0], 200)


def families(error: Exception) -> set[str]:
    """The names of an error's classes: some libraries' own cannot be imported before they are needed."""
    return {family.__name__ for family in type(error).__mro__}
