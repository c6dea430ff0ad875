"""Checks a request against YouTube's discovery document, which google-api-python-client carries. Pure.

What it does not check: whether the things that a request names exist, and who may touch them. `fields` and
`prettyPrint` are let through and have no effect.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from googleapiclient.discovery_cache import get_static_doc

from sandbox.youtube.errors import WrongRequest

Spec = dict[str, Any]

UPLOAD_TYPES = ("media", "multipart", "resumable")
NOT_PARTS = frozenset({"kind", "etag", "eventId", "visitorId"})
JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


@dataclass(frozen=True)
class Method:
    """One method of the API: `operation` is e.g. captions.insert; `upload` when called at its upload address."""

    operation: str
    spec: Spec
    upload: bool
    path: dict[str, str]

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.spec.get("scopes", ()))


@dataclass(frozen=True)
class Query:
    """The checked parameters of a request, path and query alike."""

    values: dict[str, list[str]]

    def one(self, name: str, default: str = "") -> str:
        return self.values[name][0] if self.values.get(name) else default

    def many(self, name: str) -> list[str]:
        """A repeated parameter: given several times, with commas, or both."""
        return [part for value in self.values.get(name, []) for part in value.split(",") if part]

    def flag(self, name: str) -> bool:
        return self.one(name) == "true"


@functools.cache
def document() -> Spec:
    found: Spec = json.loads(get_static_doc("youtube", "v3"))
    return found


@functools.cache
def scopes() -> frozenset[str]:
    """Every scope that the API knows."""
    return frozenset(document()["auth"]["oauth2"]["scopes"])


def _methods(resources: Spec) -> Iterator[Spec]:
    for resource in resources.values():
        yield from resource.get("methods", {}).values()
        yield from _methods(resource.get("resources", {}))


@functools.cache
def _routes() -> list[tuple[str, re.Pattern[str], Spec, bool]]:
    """Of every method: HTTP method, pattern of the path, specification, whether it is an upload address."""
    found = []
    for spec in _methods(document()["resources"]):
        paths = [("/" + spec["path"], False)]
        paths += [(one["path"], True) for one in spec.get("mediaUpload", {}).get("protocols", {}).values()]
        found += [(spec["httpMethod"], _pattern(path), spec, upload) for path, upload in paths]
    return found


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\\?\+?(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def find(http_method: str, path: str) -> Method:
    """The method at an address. Raise WrongRequest if there is none (the real one answers a page with 404)."""
    for verb, pattern, spec, upload in _routes():
        match = pattern.fullmatch(path)
        if match and verb == http_method:
            values = {name: unquote(value) for name, value in match.groupdict().items()}
            return Method(spec["id"].removeprefix("youtube."), spec, upload, values)
    raise WrongRequest("notFound", f"There is no method {http_method} {path} in the API.")


def check_query(method: Method, items: Sequence[tuple[str, str]]) -> Query:
    """The request's parameters. Raise WrongRequest: unknown, missing, repeated, or of a wrong value."""
    known = {**document()["parameters"], **method.spec.get("parameters", {})}
    values: dict[str, list[str]] = {name: [value] for name, value in method.path.items()}
    for name, value in items:
        if name not in known or name in method.path:
            raise WrongRequest("badRequest", f"Unknown name {name!r}: Cannot bind query parameter.")
        if name in values and not known[name].get("repeated"):
            raise WrongRequest("invalidParameter", f"Parameter {name!r} is given twice.")
        values.setdefault(name, []).append(value)
    query = Query(values)
    for name in values:
        for value in query.many(name) if known[name].get("repeated") else values[name]:
            _check_parameter(name, value, known[name])
    _check_required(method, query)
    return query


def _check_required(method: Method, query: Query) -> None:
    for name, spec in method.spec.get("parameters", {}).items():
        if spec.get("required") and not any(query.values.get(name, ())):
            raise WrongRequest("required", f"Required parameter: {name}")
    unknown = set(query.many("part")) - parts(method)
    if unknown and "part" in method.spec.get("parameters", {}):
        raise WrongRequest("unknownPart", f"{sorted(unknown)[0]!r}", "youtube.part")
    kind = query.one("uploadType")
    if (kind not in UPLOAD_TYPES) if method.upload else kind:
        raise WrongRequest("badRequest", f"uploadType {kind!r} does not belong to this address.")


def _check_parameter(name: str, value: str, spec: Spec) -> None:
    wrong = WrongRequest("invalidParameter", f"Invalid value {value!r} for parameter {name!r}.")
    if "enum" in spec and value not in spec["enum"]:
        raise wrong
    if "pattern" in spec and not re.fullmatch(spec["pattern"], value):
        raise wrong
    if spec["type"] == "boolean" and value not in ("true", "false"):
        raise wrong
    if spec["type"] == "integer":
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise wrong
        least = 0 if spec.get("format", "").startswith("u") else value
        if not int(spec.get("minimum", least)) <= int(value) <= int(spec.get("maximum", value)):
            raise wrong


def parts(method: Method) -> frozenset[str]:
    """The values of `part` that the method knows: the properties of the resource that it answers with."""
    schema = _schema(method.spec.get("response", {}).get("$ref", ""))
    items = schema.get("properties", {}).get("items", {}).get("items", {}).get("$ref")
    return frozenset((_schema(items) if items else schema).get("properties", {})) - NOT_PARTS


def _schema(name: str) -> Spec:
    found: Spec = document()["schemas"].get(name, {})
    return found


def check_body(method: Method, body: object) -> dict[str, Any]:
    """The request's JSON. Raise WrongRequest if it is no object of the method's schema, or where none is taken."""
    name = method.spec.get("request", {}).get("$ref")
    if name is None:
        if body is not None:
            raise WrongRequest("badRequest", f"{method.operation} takes no body.")
        return {}
    if not isinstance(body, dict):
        raise WrongRequest("badRequest", f"{method.operation} needs a JSON object of type {name}.")
    _check_value(body, {"$ref": name}, name)
    return body


def _check_value(value: object, spec: Spec, where: str) -> None:
    spec = _schema(spec["$ref"]) if "$ref" in spec else spec
    expected = JSON_TYPES.get(spec.get("type", "any"), (object,))
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected and object not in expected):
        raise WrongRequest("invalid", f"Invalid value at {where!r}: it must be of type {spec['type']}.")
    if "enum" in spec and value not in spec["enum"]:
        raise WrongRequest("invalid", f"Invalid value at {where!r}: {value!r}.")
    if isinstance(value, dict):
        _check_properties(value, spec, where)
    if isinstance(value, list):
        for index, item in enumerate(value):
            _check_value(item, spec.get("items", {}), f"{where}[{index}]")


def _check_properties(value: dict[str, object], spec: Spec, where: str) -> None:
    known, other = spec.get("properties", {}), spec.get("additionalProperties")
    for name, item in value.items():
        one = known.get(name, other)
        if one is None:
            raise WrongRequest("invalid", f"Unknown name {name!r} at {where!r}: Cannot find field.")
        _check_value(item, one, f"{where}.{name}")
