"""What an engine gave beyond words, as people read it: chapters ready to paste, a summary, and so on. Pure.

The values come from a service: whatever is not of the expected shape is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.replies.words import clock
from captions.text import clean, clean_line

ITEMS = 40  #: of a kind; more is a list that nobody reads, and is in the JSON
TEXT_CHARACTERS = 200
SUMMARY_CHARACTERS = 1800

Extras = Mapping[str, Any]


def kinds(extras: Extras) -> tuple[str, ...]:
    """The kinds that there is something to read of, in the order of NAMES."""
    return tuple(name for name in NAMES if shown(name, extras))


def shown(kind: str, extras: Extras) -> str:
    """One kind as text; "" if there is nothing. Raise ValueError for one that is none."""
    if kind not in NAMES:
        raise ValueError(f"there is nothing called {kind!r}; there are: {', '.join(NAMES)}")
    return "\n".join(line for line in NAMES[kind](extras.get(kind)) if line)


def _chapters(found: Any) -> Iterable[str]:
    """As YouTube takes them in a description: the first at 0:00, each on a line with its time."""
    for index, one in enumerate(_items(found)):
        yield f"{clock(0.0 if index == 0 else _number(one, 'start'))} {_text(one, 'title') or f'Part {index + 1}'}"


def _summary(found: Any) -> Iterable[str]:
    if isinstance(found, str):
        yield clean(found)[:SUMMARY_CHARACTERS]


def _key_phrases(found: Any) -> Iterable[str]:
    for one in _items(found):
        count = int(_number(one, "count"))
        yield _text(one, "text") + (f" ({count} times)" if count > 1 else "")


def _entities(found: Any) -> Iterable[str]:
    """Each kind on a line, with what is of it, the most often said first."""
    of_kind: dict[str, Counter[str]] = {}
    for one in _items(found, most=ITEMS * 10):
        of_kind.setdefault(_text(one, "kind").replace("_", " ") or "other", Counter())[_text(one, "text")] += 1
    for kind, texts in of_kind.items():
        yield f"{kind}: {', '.join(text for text, _ in texts.most_common(ITEMS) if text)}"


def _topics(found: Any) -> Iterable[str]:
    for one in _items(found):
        yield f"{_text(one, 'text')} ({_number(one, 'relevance'):.0%})"


def _sentiment(found: Any) -> Iterable[str]:
    """Which share of the sentences has which sentiment, for each speaker where they are told apart."""
    of_speaker: dict[str, Counter[str]] = {}
    for one in _items(found, most=100_000):
        of_speaker.setdefault(_text(one, "speaker"), Counter())[_text(one, "label").lower()] += 1
    for speaker, labels in of_speaker.items():
        shares = ", ".join(f"{label} {count / labels.total():.0%}" for label, count in labels.most_common())
        yield f"{speaker}: {shares}" if speaker else shares


def _content_safety(found: Any) -> Iterable[str]:
    for one in _items(found):
        label = _text(one, "label").replace("_", " ")
        yield f"{clock(_number(one, 'start'))} {label} ({_number(one, 'confidence'):.0%})"


NAMES: dict[str, Callable[[Any], Iterable[str]]] = {
    "chapters": _chapters,
    "summary": _summary,
    "key_phrases": _key_phrases,
    "entities": _entities,
    "topics": _topics,
    "sentiment": _sentiment,
    "content_safety": _content_safety,
}


def notes(extras: Extras) -> tuple[str, ...]:
    """Sentences that a person should read before they approve."""
    found = extras.get("notes")
    texts = found if isinstance(found, (list, tuple)) else ()
    return tuple(line for line in (clean_line(str(one), TEXT_CHARACTERS) for one in texts[:5]) if line)


def _items(found: Any, most: int = ITEMS) -> list[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, Mapping)][:most] if isinstance(found, (list, tuple)) else []


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return clean_line(value, TEXT_CHARACTERS) if isinstance(value, str) else ""


def _number(one: Mapping[str, Any], name: str) -> float:
    value = one.get(name)
    return float(value) if isinstance(value, (int, float)) and value == value and abs(value) < 1e9 else 0.0
