"""What this Discord answers when it says no, in Discord's shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

Path = tuple[str | int, ...]


class No(NamedTuple):
    """Status, code and message of a refusal. Source: topics/opcodes-and-status-codes of Discord's documentation."""

    status: int
    code: int
    message: str


UNAUTHORIZED = No(401, 0, "401: Unauthorized")
NOT_FOUND = No(404, 0, "404: Not Found")
METHOD_NOT_ALLOWED = No(405, 0, "405: Method Not Allowed")
RATE_LIMITED = No(429, 0, "You are being rate limited.")
UNKNOWN_APPLICATION = No(404, 10002, "Unknown Application")
UNKNOWN_CHANNEL = No(404, 10003, "Unknown Channel")
UNKNOWN_GUILD = No(404, 10004, "Unknown Guild")
UNKNOWN_MEMBER = No(404, 10007, "Unknown Member")
UNKNOWN_MESSAGE = No(404, 10008, "Unknown Message")
UNKNOWN_USER = No(404, 10013, "Unknown User")
UNKNOWN_WEBHOOK = No(404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = No(404, 10062, "Unknown interaction")
UNKNOWN_COMMAND = No(404, 10063, "Unknown application command")
TOO_LARGE = No(413, 40005, "Request entity too large")
ACKNOWLEDGED = No(400, 40060, "Interaction has already been acknowledged.")
TAG_REQUIRED = No(400, 40067, "A tag is required to create a forum post in this channel")
MISSING_ACCESS = No(403, 50001, "Missing Access")
NOT_YOURS = No(403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = No(400, 50006, "Cannot send an empty message")
CANNOT_SEND_TO_USER = No(403, 50007, "Cannot send messages to this user")
NO_TEXT_CHANNEL = No(400, 50008, "Cannot send messages in a non-text channel")
MISSING_PERMISSIONS = No(403, 50013, "Missing Permissions")
WRONG_CHANNEL_TYPE = No(400, 50024, "Cannot execute action on this channel type")
INVALID_TOKEN = No(401, 50027, "Invalid Webhook Token")
INVALID_RECIPIENT = No(400, 50033, "Invalid Recipient(s)")
INVALID_FORM = No(400, 50035, "Invalid Form Body")
THREAD_ARCHIVED = No(400, 50083, "Thread is archived")
INVALID_JSON = No(400, 50109, "The request body contains invalid JSON.")
THREAD_LOCKED = No(400, 160005, "Thread is locked")

FORBIDDEN = {no.code: no for no in (MISSING_ACCESS, MISSING_PERMISSIONS, CANNOT_SEND_TO_USER)}
"""What a channel may be closed by."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a request's body: where, Discord's code for it, and a sentence."""

    path: Path
    code: str
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path)) or 'body'}: {self.message}"


class ApiError(Exception):
    """A refused request."""

    def __init__(self, no: No) -> None:
        super().__init__(no.message)
        self.no = no

    def body(self) -> dict[str, Any]:
        return {"message": self.no.message, "code": self.no.code}


class WrongRequest(ApiError):
    """A request that no correct bot sends: refused, and remembered in `Discord.refusals`."""


class InvalidForm(WrongRequest):
    """A body that Discord does not take."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__(INVALID_FORM)
        self.problems = list(problems)

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems))

    def body(self) -> dict[str, Any]:
        """The problems nested as the body is. Source: reference#error-messages of Discord's documentation."""
        errors: dict[str, Any] = {}
        for problem in self.problems:
            place = errors
            for step in problem.path:
                place = place.setdefault(str(step), {})
            place.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
        return super().body() | {"errors": errors}


class NotPlayed(WrongRequest):
    """A correct request that this sandbox cannot answer truthfully; 501, so that nobody takes it for Discord's word."""

    def __init__(self, what: str) -> None:
        super().__init__(No(501, 0, f"The sandbox does not play {what}."))
