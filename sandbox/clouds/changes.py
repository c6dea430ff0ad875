"""Answers made strange: values put in and taken out of a JSON answer by their paths.

A path is names and numbers with dots between, `*` is all of a list: {"words.*.start": null}, ["utterances.0.words"].
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    put: Mapping[str, Any]
    drop: tuple[str, ...]

    def of(self, answer: Any) -> Any:
        """The answer changed; a path that leads nowhere changes nothing."""
        changed = copy.deepcopy(answer)
        for path, value in self.put.items():
            for parent, key in _found(changed, path.split(".")):
                parent[key] = value
        for path in self.drop:
            for parent, key in _found(changed, path.split(".")):
                if not isinstance(parent, dict) or key in parent:
                    del parent[key]
        return changed


def make(put: Mapping[str, Any] | None = None, drop: Iterable[str] = ()) -> Change:
    """Raise ValueError if that changes nothing."""
    change = Change(put or {}, tuple(drop))
    if not change.put and not change.drop:
        raise ValueError("nothing is put in, and nothing dropped")
    return change


def _found(value: Any, names: list[str]) -> Iterator[tuple[Any, Any]]:
    """What holds the thing at this path, and its key there."""
    for key in _keys(value, names[0]):
        if len(names) == 1:
            yield value, key
        elif not isinstance(value, dict) or key in value:
            yield from _found(value[key], names[1:])


def _keys(value: Any, name: str) -> list[Any]:
    if isinstance(value, dict):
        return list(value) if name == "*" else [name]
    if not isinstance(value, list):
        return []
    wanted = range(len(value)) if name == "*" else [int(name)]
    return [index for index in reversed(wanted) if index < len(value)]
