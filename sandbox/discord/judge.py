"""Collects what is wrong with a body, in Discord's codes. Knows kinds of values, not what they are for."""

from __future__ import annotations

from typing import Any

from sandbox.discord.errors import Path, Problem
from sandbox.discord.things import Json


class Judge:
    """Each method looks at one field of `owner`, an object at `path`."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def say(self, path: Path, code: str, message: str) -> None:
        self.problems.append(Problem(path, code, message))

    def text(
        self, owner: Json, name: str, path: Path, most: int, *, least: int = 0, needed: bool = False, blank: bool = True
    ) -> str | None:
        """A string of `least` to `most` characters; not `blank`: more than white space. None if it is none."""
        value = owner.get(name)
        here = (*path, name)
        if self._is_missing(value, here, needed):
            return None
        if not isinstance(value, str):
            self.say(here, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return None
        if not least <= len(value) <= most:
            bounds = (
                f"Must be {most} or fewer in length." if not least else f"Must be between {least} and {most} in length."
            )
            self.say(here, "BASE_TYPE_MAX_LENGTH" if not least else "BASE_TYPE_BAD_LENGTH", bounds)
        elif not blank and not value.strip():
            self.say(here, "BASE_TYPE_REQUIRED", "This field is required")
        return value

    def number(self, owner: Json, name: str, path: Path, least: int, most: int, *, needed: bool = False) -> int | None:
        """A whole number from `least` to `most`. None if it is none."""
        value = owner.get(name)
        here = (*path, name)
        if self._is_missing(value, here, needed):
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.say(here, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if value < least:
            self.say(here, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        elif value > most:
            self.say(here, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return value

    def objects(
        self, owner: Json, name: str, path: Path, most: int, *, least: int = 0, needed: bool = False
    ) -> list[tuple[Path, Json]]:
        """A list of `least` to `most` objects, each with its path; those entries that are none are left out."""
        value = owner.get(name)
        here = (*path, name)
        if self._is_missing(value, here, needed):
            return []
        if not isinstance(value, list):
            self.say(here, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
            return []
        if not least <= len(value) <= most:
            bounds = (
                f"Must be {most} or fewer in length." if not least else f"Must be between {least} and {most} in length."
            )
            self.say(here, "BASE_TYPE_MAX_LENGTH" if not least else "BASE_TYPE_BAD_LENGTH", bounds)
        found = []
        for index, one in enumerate(value):
            if isinstance(one, dict):
                found.append(((*here, index), one))
            else:
                self.say((*here, index), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType.")
        return found

    def ids(self, owner: Json, name: str, path: Path, most: int) -> None:
        """A list of at most so many ids."""
        value = owner.get(name)
        good = isinstance(value, list) and len(value) <= most and all(str(one).isdigit() for one in value)
        if value is not None and not good:
            self.say((*path, name), "LIST_TYPE_CONVERT", f"a list of at most {most} ids")

    def object(self, owner: Json, name: str, path: Path, *, needed: bool = False) -> Json:
        """An object; an empty one if it is none."""
        value: Any = owner.get(name)
        if self._is_missing(value, (*path, name), needed):
            return {}
        if not isinstance(value, dict):
            self.say((*path, name), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return {}
        return value

    def choice(self, owner: Json, name: str, path: Path, known: tuple[Any, ...]) -> bool:
        """One of `known`; whether it is."""
        found = any(owner.get(name) == one and type(owner.get(name)) is type(one) for one in known)
        if not found:
            self.say((*path, name), "BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(map(str, known))}}}.")
        return found

    def _is_missing(self, value: Any, path: Path, needed: bool) -> bool:
        if value is None and needed:
            self.say(path, "BASE_TYPE_REQUIRED", "This field is required")
        return value is None
