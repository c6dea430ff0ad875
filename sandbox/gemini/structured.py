"""What a general model answers: JSON by the schema that it was given, filled with what is said.

The names of properties say what is wanted: `text`, `start`, `end`, `speaker`, `language`, `words`; a list of objects is
the sentences. What no name tells is empty. Times are seconds where a number is wanted, MM:SS.mmm where a string is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.clouds.speech import Turn, Word, sentences

Json = dict[str, Any]
STARTS, ENDS = ("start", "begin", "from"), ("end", "until", "to")
TEXTS = ("text", "transcript", "word", "content", "caption", "sentence", "line", "summary")


@dataclass(frozen=True)
class About:
    """What a value is to tell of: some words, all that is said at first."""

    words: tuple[Word, ...]
    language: str
    is_whole: bool = True

    @property
    def turn(self) -> Turn | None:
        return Turn(self.words) if self.words else None


def text(schema: Json, words: tuple[Word, ...], language: str) -> str:
    """The answer as a text of JSON."""
    defined = schema.get("$defs") or schema.get("defs") or {}
    return json.dumps(_Filling(defined).value(schema, "", About(words, language)), ensure_ascii=False)


class _Filling:
    """`defined` is what a schema refers to."""

    def __init__(self, defined: Json) -> None:
        self._defined = defined

    def value(self, schema: Json, name: str, about: About) -> Any:
        schema = self._resolved(schema)
        match _kind(schema):
            case "OBJECT":
                return self._object(schema, about)
            case "ARRAY":
                return self._array(schema, name, about)
            case "STRING":
                return _string(schema, name, about)
            case "NUMBER":
                return _number(name, about)
            case "INTEGER":
                return round(_number(name, about))
            case "BOOLEAN":
                return False
        return None

    def _resolved(self, schema: Json) -> Json:
        """Without reference, and of several the first that is not null."""
        reference = schema.get("$ref") or schema.get("ref")
        if reference:
            return self._resolved(self._defined[reference.rsplit("/", 1)[-1]])
        several = [one for one in schema.get("anyOf", []) if _kind(one) != "NULL"]
        return self._resolved(several[0]) if several else schema

    def _object(self, schema: Json, about: About) -> Json:
        properties = schema.get("properties", {})
        order = schema.get("propertyOrdering") or list(properties)
        return {name: self.value(properties[name], name, about) for name in order}

    def _array(self, schema: Json, name: str, about: About) -> list[Any]:
        items, item_name = schema.get("items", {}), name.removesuffix("s")
        return [self.value(items, item_name, one) for one in _items(name, self._resolved(items), about)]


def _items(name: str, items: Json, about: About) -> Iterable[About]:
    """What each item of a list tells of."""
    if "word" in name:
        return [replace(about, words=(word,), is_whole=False) for word in about.words]
    if "speaker" in name:
        first = {word.speaker: word for word in reversed(about.words) if word.speaker}
        return [replace(about, words=(word,), is_whole=False) for word in reversed(first.values())]
    if "lang" in name:
        return [about]
    if about.is_whole and _kind(items) in ("OBJECT", "STRING"):
        return [replace(about, words=one.words, is_whole=False) for one in sentences(about.words)]
    return []


def _kind(schema: Json) -> str:
    kind = schema.get("type", "OBJECT" if "properties" in schema else "")
    kinds = kind if isinstance(kind, list) else [kind]
    return next((one.upper() for one in kinds if one.upper() != "NULL"), "NULL")


def _string(schema: Json, name: str, about: About) -> str:
    if schema.get("enum"):
        return str(schema["enum"][0])
    turn = about.turn
    if "lang" in name:
        return about.language
    if turn is None:
        return ""
    if "speaker" in name:
        return turn.speaker or ""
    seconds = _time(name, turn)
    if seconds is not None:
        return _clock(seconds)
    return turn.text if any(one in name for one in TEXTS) or not name else ""


def _number(name: str, about: About) -> float:
    turn = about.turn
    if turn is None:
        return 0.0
    if "confidence" in name:
        return turn.words[0].confidence
    if "duration" in name:
        return turn.end - turn.start
    seconds = _time(name, turn)
    return (seconds or 0.0) * (1000 if name.lower().endswith(("ms", "milliseconds")) else 1)


def _time(name: str, turn: Turn) -> float | None:
    if name.lower().startswith(STARTS):
        return turn.start
    return turn.end if name.lower().startswith(ENDS) else None


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return (f"{hours:02d}:" if hours else "") + f"{minutes:02d}:{rest:06.3f}"
