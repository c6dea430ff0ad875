"""What AssemblyAI answers when it says no: {"error": sentence}.

Source: assemblyai.com/docs, troubleshoot common errors.
"""

from __future__ import annotations

from typing import Any

from sandbox.clouds.cloud import Refused

SCHEMA = "Invalid endpoint schema, please refer to documentation for examples."
NO_KEY = "Authentication error, API token missing/invalid."
NOT_FOUND = "Transcript lookup error, transcript id not found"
BALANCE = "Your current account balance is negative. Please top up to continue using the API."
SERVER = "Server error, developers have been alerted."
STATUS_MESSAGES = {
    400: BALANCE,
    401: NO_KEY,
    403: "Forbidden",
    404: "Not found",
    413: "Request entity too large",
    429: "Too many requests",
    500: SERVER,
    503: "Service unavailable",
    504: "Gateway timeout",
}


class ApiError(Refused):
    """A refused request."""

    def body(self) -> dict[str, Any]:
        return {"error": str(self)}


class WrongRequest(ApiError):
    """A request that no correct client sends. The service often says but SCHEMA; `mistake` says what it is."""

    def __init__(self, message: str = SCHEMA, *, mistake: str | None = None, status: int = 400) -> None:
        super().__init__(status, message, mistake=mistake or message)


class NotPlayed(ApiError):
    """A correct request that this sandbox cannot answer truthfully."""

    def __init__(self, what: str) -> None:
        super().__init__(501, f"The sandbox does not play {what}.", mistake=f"the sandbox does not play {what}")
