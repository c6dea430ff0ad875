"""Where text may part in scripts that set no spaces: between phrases, as BudouX tells them.

Japanese is cut into bunsetsu, a word with its particles, Chinese and Thai into words or a few (Google's BudouX and its
models, github.com/google/budoux). Other languages set spaces, or have no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from captions.characters import clusters

if TYPE_CHECKING:
    from budoux import Parser

_TRADITIONAL = ("hant", "tw", "hk", "mo")  # scripts and regions of BCP-47


def parts(text: str, language: str) -> list[str]:
    """A text without spaces as pieces that a line may break between; one piece where its script sets spaces."""
    if language.lower().partition("-")[0] == "th":
        return _loaded("th").parse(text)
    return clusters(text)


def within(texts: Sequence[str], spaces: Sequence[str], language: str) -> set[int]:
    """Before which texts, by their index, a break would part a phrase; `spaces` stand before each.

    None in a language without a model.
    """
    parser = _parser(language)
    if parser is None:
        return set()
    found: set[int] = set()
    first = 0
    for last in range(1, len(texts) + 1):
        if last == len(texts) or spaces[last]:
            found.update(_within(texts, first, last, parser))
            first = last
    return found


def _within(texts: Sequence[str], first: int, last: int, parser: Parser) -> set[int]:
    """Of the texts from `first` to `last`, which follow each other without a space."""
    starts, place = {0}, 0
    for phrase in parser.parse("".join(texts[first:last])) if last - first > 1 else ():
        place += len(phrase)
        starts.add(place)
    found, place = set(), 0
    for index in range(first, last):
        if place not in starts:
            found.add(index)
        place += len(texts[index])
    return found


def _parser(language: str) -> Parser | None:
    primary, *others = language.lower().split("-")
    if primary not in ("ja", "zh", "th"):
        return None
    is_traditional = primary == "zh" and any(part in _TRADITIONAL for part in others)
    return _loaded("zh-hant" if is_traditional else primary)


@lru_cache
def _loaded(model: str) -> Parser:
    import budoux

    load = {
        "ja": budoux.load_default_japanese_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
        "th": budoux.load_default_thai_parser,
    }
    return load[model]()
