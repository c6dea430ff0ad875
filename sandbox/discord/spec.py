"""Discord's official OpenAPI document as a judge of requests, where it and jsonschema are there.

The document: $CAPTIONWATCH_DISCORD_SPEC, else shared/specs/discord-openapi.json beside the repository
(github.com/discord/discord-api-spec, specs/openapi.json). What it does not say is in checks.py.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.discord.errors import Problem

VARIABLE = "CAPTIONWATCH_DISCORD_SPEC"
BESIDE = Path(__file__).parents[3] / "shared" / "specs" / "discord-openapi.json"
NAME = "urn:discord"
CODES = {
    "required": "BASE_TYPE_REQUIRED",
    "maxLength": "BASE_TYPE_MAX_LENGTH",
    "maxItems": "BASE_TYPE_MAX_LENGTH",
    "minLength": "BASE_TYPE_MIN_LENGTH",
    "minItems": "BASE_TYPE_MIN_LENGTH",
    "enum": "BASE_TYPE_CHOICES",
    "const": "BASE_TYPE_CHOICES",
    "maximum": "NUMBER_TYPE_MAX",
    "minimum": "NUMBER_TYPE_MIN",
    "pattern": "STRING_TYPE_REGEX",
    "type": "BASE_TYPE_BAD_TYPE",
}
"""Discord's codes by the rule that a value breaks."""
WRONG_KIND, WRONG_SHAPE = 100, 50  # how far a branch is from what was meant: another `type`, not even an object


def path_of_document() -> Path:
    return Path(os.environ.get(VARIABLE) or BESIDE)


@functools.cache
def load(path: Path) -> Spec | None:
    """The document at `path` as a judge; None without it or without jsonschema."""
    try:
        importlib.import_module("jsonschema")
        return Spec(json.loads(path.read_text()))
    except (ImportError, FileNotFoundError):
        return None


class Spec:
    """The paths of the document, and a validator for each body."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        # discord.py sends the index of a file as a number
        document["components"]["schemas"]["SnowflakeType"] |= {"type": ["string", "integer"], "minimum": 0}
        self._templates = [
            (re.compile(re.sub(r"\{\w+\}", "[^/]+", template.replace(".", r"\."))), methods)
            for template, methods in sorted(document["paths"].items(), key=lambda item: item[0].count("{"))
        ]
        referencing = importlib.import_module("referencing")
        resource = importlib.import_module("referencing.jsonschema").DRAFT202012.create_resource(document)
        self._registry = referencing.Registry().with_resource(NAME, resource)
        self._validators: dict[str, Any] = {}

    def knows(self, method: str, path: str) -> bool:
        """Whether Discord has such an address, below /api/v10."""
        return any(method.lower() in methods for pattern, methods in self._templates if pattern.fullmatch(path))

    def problems(self, method: str, template: str, body: Any) -> list[Problem]:
        """What is wrong with the body of a request; None stands for no body."""
        operation = self._document["paths"][template][method.lower()]
        if "requestBody" not in operation:
            return [] if body is None else [Problem((), "BASE_TYPE_BAD_TYPE", "no body is taken here")]
        place = f"paths/{_escaped(template)}/{method.lower()}/requestBody/content/application~1json/schema"
        return self._judge(place, {} if body is None else body)

    def problems_of_answer(self, method: str, template: str, status: int, body: Any) -> list[Problem]:
        """What is wrong with an answer, this sandbox's own."""
        place = f"paths/{_escaped(template)}/{method.lower()}/responses/{status}/content/application~1json/schema"
        return self._judge(place, body)

    def _judge(self, place: str, value: Any) -> list[Problem]:
        if place not in self._validators:
            kind = importlib.import_module("jsonschema").Draft202012Validator
            self._validators[place] = kind({"$ref": f"{NAME}#/{place}"}, registry=self._registry)
        return [problem for error in self._validators[place].iter_errors(value) for problem in _problems(error)]


def _escaped(template: str) -> str:
    return template.replace("~", "~0").replace("/", "~1")


def _problems(error: Any) -> Iterator[Problem]:
    """An error as problems: where a value fits none of several schemas, those of the schema that was meant."""
    if error.validator in ("oneOf", "anyOf") and error.context:
        branches: dict[int, list[Any]] = {}
        for one in error.context:
            branches.setdefault(one.relative_schema_path[0], []).append(one)
        for one in min(branches.values(), key=lambda branch: sum(_distance(error, one) for one in branch)):
            yield from _problems(one)
        return
    path = tuple(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield Problem((*path, name), CODES["required"], "This field is required")
    else:
        yield Problem(path, CODES.get(error.validator, "BASE_TYPE_INVALID"), error.message[:200])


def _distance(union: Any, error: Any) -> int:
    """How much an error speaks against its schema being the one that was meant."""
    path = list(error.absolute_path)[len(union.absolute_path) :]
    if path == ["type"]:
        return WRONG_KIND
    return WRONG_SHAPE if not path and error.validator == "type" else 1
