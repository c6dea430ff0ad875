"""What the voices of a recording feel, as one line: of a card, or in a terminal. Pure.

Whatever is not of the expected shape is left out: the values lay in a database, and labels are a model's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from captions.text import clean_line

SPEAKERS = 4  #: more is a line that nobody reads, and is in the report
LABELS = 3
LEAST_SHARE = 0.05
NAME_CHARACTERS = 30
LABEL_CHARACTERS = 20


def line(found: Any) -> str:
    """The emotions of a report, e.g. "Feeling (voice): A neutral 80 %, happy 20 %; text: positive"; "" if none."""
    values = found if isinstance(found, Mapping) else {}
    voice = "; ".join(_speakers(values.get("voice")))
    if not voice:
        return ""
    parts = {
        "Feeling (voice)": voice,
        "text": _first(values.get("text")),
        "manner": "; ".join(_speakers(values.get("manner"))),
    }
    return "; ".join(f"{name}: {said}" for name, said in parts.items() if said)


def _speakers(found: Any) -> Iterator[str]:
    """Each speaker with the labels that have a share worth telling."""
    for one in found[:SPEAKERS] if isinstance(found, (list, tuple)) else ():
        shares = _shares(one.get("shares")) if isinstance(one, Mapping) else {}
        if shares:
            name = clean_line(str(one.get("speaker") or ""), NAME_CHARACTERS)
            told = ", ".join(f"{label} {share:.0%}".replace("%", " %") for label, share in shares.items())
            yield f"{name} {told}".strip()


def _first(found: Any) -> str:
    return next(iter(_shares(found)), "")


def _shares(found: Any) -> dict[str, float]:
    """The greatest shares by their labels."""
    shares = {
        clean_line(str(label), LABEL_CHARACTERS): float(share)
        for label, share in (found.items() if isinstance(found, Mapping) else ())
        if isinstance(share, (int, float)) and LEAST_SHARE <= share <= 1
    }
    return dict(sorted(shares.items(), key=lambda one: -one[1])[:LABELS])
