"""What was changed of the words that an engine heard, as people read it before they decide. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from captions.cleaning import report as changed


def lines(report: Mapping[str, Any], most: int) -> tuple[str, ...]:
    """How much was changed, and at most so many places where words were left out that nobody said."""
    told = changed.from_values(report.get("changes", {}))
    left = changed.left_out(told, most)
    return (*filter(None, [changed.summary(told)]), *([f"Left out: {'; '.join(left)}."] if left else []))
