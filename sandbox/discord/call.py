"""One request of the bot, checked and decoded, as the methods get it, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sandbox.discord.body import Upload
from sandbox.discord.state import Discord


@dataclass(frozen=True)
class Call:
    """`parameters` are those of the path; `arrived` is when it came, by time.perf_counter."""

    discord: Discord
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: list[Upload]
    arrived: float

    def __getitem__(self, name: str) -> str:
        """A parameter of the path."""
        return self.parameters[name]


class Answer(NamedTuple):
    """JSON values; None: an answer without a body."""

    data: Any
    status: int = 200


NOTHING = Answer(None, 204)
Method = Callable[[Call], Answer]
"""It runs in one go: nothing else happens meanwhile. Raises ApiError."""
