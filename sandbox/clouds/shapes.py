"""What JSON values may look like: small checks that are put together to the check of a body.

Each takes a value and its place, and raises Wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

Shape = Callable[[Any, str], None]


class Wrong(ValueError):
    """A value that is not as it must be: `place` is where, `str()` says what is wrong; `unknown` a name there."""

    def __init__(self, place: str, message: str, unknown: str | None = None) -> None:
        super().__init__(f"{place or 'the body'}: {message}")
        self.place, self.unknown = place, unknown


def anything(value: Any, place: str) -> None:
    """No check."""


def boolean(value: Any, place: str) -> None:
    if not isinstance(value, bool):
        raise Wrong(place, f"{value!r} is neither true nor false")


def text(value: Any, place: str) -> None:
    if not isinstance(value, str):
        raise Wrong(place, f"{value!r} is no string")


def number(least: float | None = None, most: float | None = None) -> Shape:
    def check(value: Any, place: str) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Wrong(place, f"{value!r} is no number")
        if (least is not None and value < least) or (most is not None and value > most):
            raise Wrong(place, f"{value} is not within {least} and {most}")

    return check


def integer(least: int | None = None, most: int | None = None) -> Shape:
    within = number(least, most)

    def check(value: Any, place: str) -> None:
        if not isinstance(value, int):
            raise Wrong(place, f"{value!r} is no integer")
        within(value, place)

    return check


def one_of(*known: str) -> Shape:
    def check(value: Any, place: str) -> None:
        if value not in known:
            raise Wrong(place, f"{value!r} is none of {', '.join(known)}")

    return check


def list_of(shape: Shape, least: int = 0, most: int | None = None) -> Shape:
    def check(value: Any, place: str) -> None:
        if not isinstance(value, list):
            raise Wrong(place, f"{value!r} is no list")
        if len(value) < least or (most is not None and len(value) > most):
            raise Wrong(place, f"{len(value)} items, not {least} to {most}")
        for index, item in enumerate(value):
            shape(item, f"{place}[{index}]")

    return check


def fields(known: Mapping[str, Shape], required: Collection[str] = ()) -> Shape:
    """An object with these fields and no others."""

    def check(value: Any, place: str) -> None:
        if not isinstance(value, dict):
            raise Wrong(place, f"{value!r} is no object")
        for name in required:
            if name not in value:
                raise Wrong(place, f"{name} is missing")
        for name, item in value.items():
            if name not in known:
                raise Wrong(place, f"there is no {name}", name)
            known[name](item, f"{place}.{name}".lstrip("."))

    return check
