"""What somebody does in Discord all day: looks at lists, is offered choices, opens drafts and corrects their cues.

The person is one of the loopback Discord, and waits for each answer before the next act.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bench.report import Failed
from sandbox.discord.people import Json, Person, Refused, Seen
from tests.bot.discord.server import answered

COMMAND, CHOICES, CLICK, FORM = "slash command", "autocomplete", "click or choice", "form"
KINDS = (COMMAND, CHOICES, CLICK, FORM)
CUE_ON_THE_LIST = 5
PAUSE_SECONDS = 0.1  # between two acts, so that they come in all steps of what goes on meanwhile


@dataclass(frozen=True)
class Act:
    """What was done, how long it took until the first answer came, and how many choices were offered."""

    kind: str
    milliseconds: float
    choices: int = 0


class Talk:
    """`edited` and `other` are cards of drafts that wait; the first is edited again and again."""

    def __init__(self, person: Person, edited: Json, other: Json) -> None:
        self._person, self._other = person, other
        self._cues, self._button = edited, "Edit"  # the message below which cues are chosen, and its button for it
        self._corrections = 0

    def acts(self, count: int) -> list[Act]:
        """Act so often. Raise Failed where an answer is not what it should be."""
        found: list[Act] = []
        try:
            while len(found) < count:
                for kind, seen in self._turn():
                    found.append(_act(kind, seen))
                    time.sleep(PAUSE_SECONDS)
        except (Refused, AssertionError) as error:
            raise Failed(f"captionbot did not answer as it should: {error}") from error
        return found[:count]

    def _turn(self) -> Iterator[tuple[str, Seen]]:
        person = self._person
        yield COMMAND, answered(person.types("/status"))
        listed = answered(person.types("/draft list"))
        yield COMMAND, listed
        yield CLICK, person.click(listed.message, "▶").until(lambda now: "page:draft list:3:" in _ids(now.message))
        yield CHOICES, _offered(person.autocomplete("/draft approve", "draft", "4"))
        yield CHOICES, _offered(person.autocomplete("/channel settings", "channel", "2"))
        yield COMMAND, answered(person.types("/channel list"))
        yield CLICK, _opened(person.click(self._other, "Reject"))
        person.dismisses()
        yield from self._correct_a_cue()

    def _correct_a_cue(self) -> Iterator[tuple[str, Seen]]:
        """Open the list of the cues, choose one, and submit its form."""
        self._corrections += 1
        person = self._person
        listed = person.click(self._cues, self._button).until(lambda now: _menu(now.message))
        yield CLICK, listed
        yield CLICK, _opened(person.select(listed.message, _menu(listed.message), str(CUE_ON_THE_LIST)))
        made = answered(person.submit(text=f"Corrected for the {self._corrections}. time,\nand read once more"))
        yield FORM, made
        self._cues, self._button = made.message, "Edit another cue"


def _act(kind: str, seen: Seen) -> Act:
    return Act(kind, seen.acknowledged_milliseconds, len(seen.choices))


def _offered(seen: Seen) -> Seen:
    """Choices, as soon as they are there, and some are."""
    return seen.until(lambda now: now.choices)


def _opened(seen: Seen) -> Seen:
    """A form, as soon as it is open."""
    return seen.until(lambda now: now.outcome == "modal")


def _components(message: Json) -> list[dict[str, Any]]:
    return [one for row in message["components"] for one in row["components"]]


def _ids(message: Json) -> str:
    return " ".join(str(one.get("custom_id")) for one in _components(message))


def _menu(message: Json) -> str:
    """The custom_id of the list of cues; empty where there is none."""
    found = (str(one["custom_id"]) for one in _components(message) if str(one.get("custom_id")).startswith("cue:"))
    return next(found, "")
