"""People on the loopback Discord, for tests: they type, click and submit as Discord's own client would let them.

people = People(url)
ann = people.user("Ann", roles=["approver"])
seen = ann.types("/draft approve", draft=3)
assert seen.outcome == "message" and seen.text == "Approved."
card = people.messages()[-1]
ann.click(card, "Reject")
ann.submit(reason="Not ours")
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from sandbox.discord.state import CHANNEL_ID

Json = dict[str, Any]

TIMEOUT_SECONDS = 60.0
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.02


class Refused(Exception):
    """Discord's client would not let a person do it, or the scene makes no sense; `str()` says why."""


@dataclass(frozen=True)
class Upload:
    """A file for an option or a field."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Seen:
    """What a person sees of the bot's answer, when it was asked for; `again()` looks anew.

    `outcome` is message, thinking, silent, update, choices, modal, failed (`failure` says how), or nothing yet.
    `data` is all of it, as acting.seen has it.
    """

    people: People
    data: Json

    @property
    def interaction(self) -> str:
        return str(self.data["interaction"])

    @property
    def outcome(self) -> str:
        return str(self.data["outcome"])

    @property
    def failure(self) -> str | None:
        found: str | None = self.data["failure"]
        return found

    @property
    def message(self) -> Json:
        """The response; for silent and update, the message whose component it was."""
        if self.data["message"] is None:
            raise AssertionError(f"there is no message: {self.data}")
        found: Json = self.data["message"]
        return found

    @property
    def text(self) -> str:
        return str(self.message["content"])

    @property
    def ephemeral(self) -> bool:
        return bool(self.message["flags"] & 1 << 6)

    @property
    def followups(self) -> list[Json]:
        found: list[Json] = self.data["followups"]
        return found

    @property
    def modal(self) -> Json:
        if self.data["modal"] is None:
            raise AssertionError(f"no modal was opened: {self.data}")
        found: Json = self.data["modal"]
        return found

    @property
    def choices(self) -> list[Json]:
        return list(self.data["choices"] or [])

    @property
    def acknowledged_milliseconds(self) -> float:
        """From the event's being sent to the first answer's coming in."""
        return float((self.data["acknowledged"] or {})["milliseconds"])

    def again(self) -> Seen:
        return Seen(self.people, self.people.get("seen", interaction=self.interaction))

    def until(self, so: Callable[[Seen], object]) -> Seen:
        """Look until it is so."""
        found: Seen = wait_for(lambda: (now := self.again()) and so(now) and now, f"{self.data['what']} came to that")
        return found


def wait_for(look: Callable[[], Any], what: str) -> Any:
    """What `look` gives, as soon as it is true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"it never came to: {what}")


class People:
    """All who are there, and the hands that set the scene: `do("fault", operation=…, kind=…)`, as control.py has it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def do(self, what: str, **values: Any) -> Json:
        """POST /sandbox/WHAT. Raise Refused."""
        answer = requests.post(f"{self.url}/sandbox/{what}", json=values, timeout=TIMEOUT_SECONDS)
        found: Json = answer.json()
        if answer.status_code != requests.codes.ok:
            raise Refused(found["error"])
        return found

    def get(self, what: str, **query: str) -> Any:
        """GET /sandbox/WHAT. Raise Refused."""
        answer = requests.get(f"{self.url}/sandbox/{what}", params=query, timeout=TIMEOUT_SECONDS)
        found = answer.json()
        if answer.status_code != requests.codes.ok:
            raise Refused(found["error"])
        return found

    def user(self, name: str, roles: Sequence[str] = (), permissions: int = 0, **more: Any) -> Person:
        """A person, made or given other roles."""
        found = self.do("user", name=name, roles=list(roles), permissions=permissions, **more)
        return Person(self, name, found["id"], found["roles"])

    @property
    def state(self) -> Json:
        found: Json = self.get("state")
        return found

    def messages(self, channel: str = CHANNEL_ID) -> list[Json]:
        """What everybody sees in a channel, the oldest first."""
        found: list[Json] = self.get("messages", channel=channel)
        return found

    def holds(self, operation: str, count: int = 1) -> bool:
        """Wait until so many requests are held; whether that came."""
        return bool(self.get("held", operation=operation, count=str(count))["held"])

    def bytes_of(self, attachment: Json) -> bytes:
        """Download an attachment of a message."""
        answer = requests.get(attachment["url"], timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        return answer.content

    def waits(self, so: Callable[[Json], Any], what: str) -> Any:
        """Wait until the state is so; what `so` gives."""
        return wait_for(lambda: so(self.state), what)


@dataclass(frozen=True)
class Person:
    """Somebody. Every act gives what is seen when the bot has answered; `wait=0` does not wait."""

    people: People
    name: str
    id: str
    roles: dict[str, str]

    def types(self, command: str, channel: str = CHANNEL_ID, **options: Any) -> Seen:
        """Type a command with options: `types("/draft approve", draft=3)`; for options named like ours, `command`."""
        return self.command(command, options, channel)

    def command(self, name: str, options: Json, channel: str = CHANNEL_ID, **how: Any) -> Seen:
        """As `types`, with `wait` and `until` too."""
        return self._acts("command", name=name, options=_plain(options), channel=channel, **how)

    def autocomplete(self, name: str, option: str, typed: str = "", channel: str = CHANNEL_ID, **others: Any) -> Seen:
        """Have typed so much of an option, with others filled in."""
        values = {"option": option, "typed": typed, "options": _plain(others), "channel": channel}
        return self._acts("autocomplete", name=name, **values)

    def menu(self, name: str, message: Json | str | None = None, target: str | None = None, **how: Any) -> Seen:
        """Use a command in the menu of a message, or of a user."""
        return self._acts("menu", name=name, message=None if message is None else _id(message), target=target, **how)

    def click(self, message: Json | str, button: str, **how: Any) -> Seen:
        """Click a button of a message, by custom_id or label; `force` as in control.py."""
        return self._acts("click", message=_id(message), custom_id=button, **how)

    def select(self, message: Json | str, custom_id: str, *values: str, **how: Any) -> Seen:
        return self._acts("select", message=_id(message), custom_id=custom_id, values=list(values), **how)

    def submit(self, values: Json | None = None, custom_id: str | None = None, /, **more: Any) -> Seen:
        """Submit the modal that is open: values by custom_id or label; those that are names may be keywords."""
        return self._acts("submit", values=_plain({**(values or {}), **more}), custom_id=custom_id)

    def submits_stale(
        self, custom_id: str, values: Json, message: Json | None = None, channel: str = CHANNEL_ID
    ) -> Seen:
        """Submit a modal that is not open, as from a screen that was not told; it was opened below `message`."""
        how = {"channel": channel, "force": True, "message": None if message is None else _id(message)}
        return self._acts("submit", values=_plain(values), custom_id=custom_id, **how)

    def dismisses(self) -> None:
        """Close the modal."""
        self.people.do("dismiss", user=self.name)

    def says(self, text: str, channel: str = CHANNEL_ID) -> str:
        """Write a message; its id."""
        return str(self.people.do("say", user=self.name, text=text, channel=channel)["id"])

    def sees(self, channel: str = CHANNEL_ID) -> list[Json]:
        """The messages of a channel, with those for this person alone."""
        found: list[Json] = self.people.get("messages", channel=channel, user=self.id)
        return found

    def _acts(self, what: str, **values: Any) -> Seen:
        return Seen(self.people, self.people.do(what, user=self.name, **values))


def _id(message: Json | str) -> str:
    return message if isinstance(message, str) else str(message["id"])


def _plain(values: Json) -> Json:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    """Files as the control takes them."""
    if isinstance(value, Path):
        value = Upload(value.name, value.read_bytes())
    if isinstance(value, Upload):
        return {"filename": value.filename, "base64": base64.b64encode(value.data).decode()}
    return [_plain_value(one) for one in value] if isinstance(value, list) else value
