"""The changes of a cleaning as a draft's report holds them, and as people read them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from captions.cleaning.change import UNSAID, Change, What
from captions.text import clean_line

MOST = 200  # changes of a report; of the rest only the numbers are kept
TEXT_CHARACTERS = 200  # of what stood there, and what stands there
SAID_CHARACTERS = 80  # of it, in a sentence

REASONS = {
    What.SILENCE: "nobody speaks there",
    What.LOOP: "the same again and again",
    What.HASTE: "faster than anybody speaks",
    What.CREDIT: "nobody speaks there",
    What.NOISE: "there is hardly any speech",
}
COUNTED = {
    What.FILLER: ("filler left out", "fillers left out"),
    What.REPEAT: ("false start left out", "false starts left out"),
    What.CUT_OFF: ("cut-off word left out", "cut-off words left out"),
    What.NUMBER: ("number in digits", "numbers in digits"),
    What.PROFANITY: ("word masked", "words masked"),
    What.TERM: ("term written as the glossary has it", "terms written as the glossary has them"),
}


@dataclass(frozen=True)
class Told:
    """How many changes of which kind there are, and `changes`: some of them, first of all what was left out unsaid."""

    counts: Mapping[What, int]
    changes: tuple[Change, ...]

    @property
    def unsaid(self) -> int:
        return sum(self.counts.get(what, 0) for what in UNSAID)


def to_values(changes: Sequence[Change]) -> dict[str, Any]:
    """As JSON has it, of bounded size."""
    important = sorted(changes, key=lambda change: change.what not in UNSAID)[:MOST]
    counts = Counter(change.what for change in changes)
    return {
        "counts": {str(what): counts[what] for what in What if counts[what]},
        "listed": [
            {
                "what": str(change.what),
                "start": round(change.start, 3),
                "end": round(change.end, 3),
                "before": clean_line(change.before, TEXT_CHARACTERS),
                "after": clean_line(change.after, TEXT_CHARACTERS),
            }
            for change in sorted(important, key=lambda change: change.start)
        ],
    }


def from_values(values: Mapping[str, Any]) -> Told:
    """What `to_values` made; nothing of what is not there, or of a kind that only a newer program knows."""
    kinds = {str(what): what for what in What}
    counts = {kinds[what]: int(count) for what, count in values.get("counts", {}).items() if what in kinds}
    listed = [one for one in values.get("listed", ()) if one["what"] in kinds]
    return Told(counts, tuple(Change(**{**one, "what": kinds[one["what"]]}) for one in listed))


def summary(told: Told) -> str:
    """How much was changed, in one line; "" if nothing was."""
    stretches = told.unsaid
    found = [f"{stretches} stretch{'es' * (stretches != 1)} left out that nobody said"] if stretches else []
    for what, (one, several) in COUNTED.items():
        count = told.counts.get(what, 0)
        found += [f"{count} {one if count == 1 else several}"] if count else []
    return f"Changed: {', '.join(found)}." if found else ""


def left_out(told: Told, most: int) -> tuple[str, ...]:
    """What was left out that nobody said, each with its time and why; of more places only the number."""
    sentences = [
        f"“{clean_line(change.before, SAID_CHARACTERS)}” at {_clock(change.start)}, {REASONS[change.what]}"
        for change in told.changes
        if change.what in UNSAID
    ]
    more = told.unsaid - len(sentences[:most])
    return (*sentences[:most], *([f"and at {more} more place{'s' * (more != 1)}"] if more else []))


def _clock(seconds: float) -> str:
    """Where to look in a video: 1:05, or 1:02:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
