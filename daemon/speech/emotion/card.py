"""The card of a classifier: what it was trained on, by what, and how well it did on speakers it had not heard."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Card:
    """`trained_on`: a date, as the caller says it. `scores`: the evaluation's, {} where there was none.

    `features`: the version of the features that it takes; `versions`: of the libraries that made it.
    """

    labels: tuple[str, ...]
    data_set: str
    recordings: int
    speakers: int
    trained_on: str
    seed: int
    scores: Mapping[str, Any]
    features: int
    versions: Mapping[str, str]


def written(card: Card) -> str:
    return json.dumps(asdict(card), indent=1)


def read(text: str) -> Card:
    """Read what `written` wrote. Raise ValueError for anything else."""
    values = json.loads(text)
    names = {one.name for one in fields(Card)}
    if not isinstance(values, dict) or set(values) != names:
        raise ValueError(f"it does not hold {', '.join(sorted(names))}")
    labels = values["labels"]
    if not (isinstance(labels, list) and len(labels) > 1 and all(isinstance(label, str) for label in labels)):
        raise ValueError("its labels are no list of two or more names")
    return Card(**{**values, "labels": tuple(labels)})
