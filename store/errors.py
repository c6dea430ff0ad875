"""What can go wrong in the store, each with a sentence for the person who runs the program.

StoreError
├── SettingsError   config.toml cannot be used
├── NotReady        the database is not there yet, or of another version
│   └── TooNew      it was written by a newer version
├── Busy            another process held the database for longer than the busy timeout
├── Unusable        the database file cannot be read or written
├── NotFound        no such channel, video or draft
└── Refused         the move is not allowed from the state the row is in now
"""

from __future__ import annotations


class StoreError(Exception):
    """Something about the store that a person can put right; `str()` is the sentence to show."""


class SettingsError(StoreError):
    """config.toml cannot be used. `mistakes` has one line for each."""

    def __init__(self, path: str, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(f"{path}: {mistake}" for mistake in mistakes))


class NotReady(StoreError):
    """The database has not the schema that this program knows."""


class TooNew(NotReady):
    """A newer version wrote the database: this one cannot use it, and cannot bring it back."""


class Busy(StoreError):
    """Another process held the database for longer than the busy timeout."""


class Unusable(StoreError):
    """The disk or the file does not let the database be read or written."""


class NotFound(StoreError):
    """No such channel, video or draft."""


class Refused(StoreError):
    """The move is not allowed from the state that the row is in now: somebody else was first, or it never was."""
