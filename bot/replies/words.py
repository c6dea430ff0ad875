"""How people, times and troubles are written, in every reply."""

from __future__ import annotations

from datetime import datetime

from captions.text import clean_line
from store.tables import Work

NAME_CHARACTERS = 80
TITLE_CHARACTERS = 60  # in a list: one of the longest would fill a screen


def person(who: str | None) -> str:
    """Somebody as people are called: by their name in the chat, or as one at the machine."""
    surface, _, name = clean_line(who or "", NAME_CHARACTERS).partition(":")
    return f"@{name}" if surface == "discord" else f"{name} in the console" if name else surface


def short(title: str) -> str:
    """A title as lists show it."""
    return clean_line(title, TITLE_CHARACTERS)


def trouble_and_when(row: Work) -> str:
    """What went wrong last, and when it is tried again."""
    said = row.last_error or ""
    return f"{said} (again at {moment(row.next_try_at)})" if said and row.next_try_at else said


def moment(time: datetime | None) -> str:
    """A time as people read it, in the machine's own time zone."""
    return "" if time is None else time.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def clock(seconds: float) -> str:
    """A time in a video: 1:05, or 1:02:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
