"""Who speaks in the video of a draft, by its report: as sentences, and as a picture.

The report may be of another version of captiond: whatever is not of the expected shape is left out.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from captions import timeline
from captions.talking import Talk
from captions.text import clean_line
from captions.timeline import Feeling
from captions.transcript import SpeakerTurn

NAMED = 5  #: speakers whom a card names; more is a list that nobody reads
MOST_SPEAKERS, MOST_SPANS = 100, 20_000
NAME_CHARACTERS = 40
LABEL_CHARACTERS = 20
SPAN = ("start", "end", "speaker", "label")
LONGEST_SECONDS = 1e7  # four months

log = structlog.stdlib.get_logger()

_one_drawing = threading.Lock()  # matplotlib is not made for several threads at once


@dataclass(frozen=True)
class Voices:
    """How each speaker talks, who talks most first; when each does, and how that sounds; `seconds`: of the video."""

    talks: tuple[Talk, ...]
    turns: tuple[SpeakerTurn, ...]
    feelings: tuple[Feeling, ...]
    seconds: float


def read(report: Mapping[str, Any], seconds: float | None) -> Voices | None:
    """What a report says of voices; None if nothing. `seconds`: how long the video is, where that is known."""
    talks = tuple(talk for one in _items(report.get("talk"))[:MOST_SPEAKERS] if (talk := _talk(one)) is not None)
    if not talks:
        return None
    turns = tuple(SpeakerTurn(start, end, speaker) for start, end, speaker, _ in _spans(report.get("turns")))
    emotions = report.get("emotions")
    felt = emotions.get("spans") if isinstance(emotions, Mapping) else None
    feelings = tuple(Feeling(*span) for span in _spans(felt))
    return Voices(talks, turns, feelings, seconds or max((turn.end for turn in turns), default=0.0))


def lines(found: Voices | None) -> tuple[str, ...]:
    """Who speaks how much; how fast, and who interrupts whom how often."""
    if found is None:
        return ()
    shown = found.talks[:NAMED]
    shares = [f"{talk.speaker} {100 * talk.share:.0f} %" for talk in shown]
    left = len(found.talks) - len(shown)
    if left:
        rest = sum(talk.share for talk in found.talks[NAMED:])
        shares.append(f"{left} {'other' if left == 1 else 'others'} {100 * rest:.0f} %")
    return (", ".join(shares), *filter(None, ["; ".join(_manners(shown))]))


def _manners(talks: Sequence[Talk]) -> Iterator[str]:
    rates = [talk.words_per_minute for talk in talks if talk.words_per_minute]
    if len(rates) == len(talks):
        yield f"{_and(f'{rate:.0f}' for rate in rates)} words a minute"
    yield from (f"{talk.speaker} interrupts {_times(talk.interruptions)}" for talk in talks if talk.interruptions)


def drawn(found: Voices | None) -> bytes | None:
    """The picture, as PNG; None where there is nothing to draw, or nothing to draw it with.

    It takes a second or so: not for the event loop.
    """
    if found is None or not found.turns or not timeline.is_there():
        return None
    try:
        with _one_drawing:
            return timeline.draw(found.turns, found.seconds, feelings=found.feelings)
    except Exception:  # a draft is worth showing without
        log.exception("failed to draw who speaks")
        return None


def renamed(report: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """The report with another name for a speaker."""

    def of(value: Any) -> Any:
        match value:
            case {"speaker": speaker}:
                return {**value, "speaker": new} if speaker == old else value
            case [start, end, speaker, *rest]:
                return [start, end, new if speaker == old else speaker, *rest]
        return value

    emotions = report.get("emotions")
    parts: dict[str, Any] = {name: report.get(name) for name in ("talk", "turns")}
    if isinstance(emotions, Mapping):
        parts["emotions"] = {
            name: [of(one) for one in value] if isinstance(value, list) else value for name, value in emotions.items()
        }
    changed = {
        name: [of(one) for one in value] if isinstance(value, list) else value
        for name, value in parts.items()
        if value is not None
    }
    return {**report, **changed}


def _talk(one: Any) -> Talk | None:
    if not isinstance(one, Mapping):
        return None
    return Talk(
        speaker=_name(one.get("speaker")),
        seconds=_number(one.get("seconds")) or 0.0,
        share=min(_number(one.get("share")) or 0.0, 1.0),
        turns=int(_number(one.get("turns")) or 0),
        words=int(_number(one.get("words")) or 0),
        words_per_minute=_number(one.get("words_per_minute")),
        interruptions=int(_number(one.get("interruptions")) or 0),
    )


def _spans(found: Any) -> Iterator[tuple[float, float, str, str]]:
    """Start, end, speaker and label of each span, which is a list of those or has them by their names."""
    for one in _items(found)[:MOST_SPANS]:
        fields = [one.get(name) for name in SPAN] if isinstance(one, Mapping) else [*_items(one), *[None] * len(SPAN)]
        start, end = _number(fields[0]), _number(fields[1])
        if start is not None and end is not None and start < end:
            yield start, end, _name(fields[2]), clean_line(str(fields[3] or ""), LABEL_CHARACTERS) or "?"


def _items(found: Any) -> Sequence[Any]:
    return found if isinstance(found, (list, tuple)) else ()


def _name(value: Any) -> str:
    return clean_line(value, NAME_CHARACTERS) if isinstance(value, str) and clean_line(value) else "?"


def _number(value: Any) -> float | None:
    """A number that times, shares and counts may be."""
    known = isinstance(value, (int, float)) and 0 <= value < LONGEST_SECONDS
    return float(value) if known else None


def _and(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
