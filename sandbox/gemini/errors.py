"""What the Gemini API answers when it says no, in Google's shape: {"error": {"code", "message", "status"}}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.clouds.cloud import Refused

INVALID = "INVALID_ARGUMENT"
STATUS_NAMES = {
    400: INVALID,
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
STATUS_MESSAGES = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials.",
    403: "Your API key was reported as leaked. Please use another API key.",
    404: "Requested entity was not found.",
    429: "You exceeded your current quota, please check your plan and billing details.",
    500: "An internal error has occurred.",
    503: "The model is overloaded. Please try again later.",
    504: "The request timed out. Please try again.",
}
NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). "
    "Please use API Key or other form of API consumer identity to call this API."
)
WRONG_KEY = "API key not valid. Please pass a valid API key."
TYPES = "type.googleapis.com/google.rpc."


class ApiError(Refused):
    """A refused request; `name` is its status in Google's words, where its code is not enough."""

    def __init__(
        self,
        status: int,
        message: str | None = None,
        *,
        name: str | None = None,
        mistake: str | None = None,
        headers: Mapping[str, str] | None = None,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(status, message or STATUS_MESSAGES.get(status, ""), mistake=mistake, headers=headers)
        self.name = name or STATUS_NAMES.get(status, "UNKNOWN")
        self.details = details or []

    def body(self) -> dict[str, Any]:
        error = {"code": self.status, "message": str(self), "status": self.name}
        return {"error": error | ({"details": self.details} if self.details else {})}


class WrongRequest(ApiError):
    """A request that no correct client sends."""

    def __init__(self, message: str, *, mistake: str | None = None, status: int = 400) -> None:
        super().__init__(status, message, mistake=mistake or message)


class NotPlayed(ApiError):
    """A correct request that this sandbox cannot answer truthfully."""

    def __init__(self, what: str) -> None:
        super().__init__(501, f"The sandbox does not play {what}.", mistake=f"the sandbox does not play {what}")


def wrong_key() -> ApiError:
    """Google takes a key that it does not know for a bad request."""
    info = {
        "@type": TYPES + "ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }
    return ApiError(400, WRONG_KEY, details=[info])


def retry_info(seconds: str) -> list[dict[str, Any]]:
    """When to come back, as Google says it beside the header."""
    return [{"@type": TYPES + "RetryInfo", "retryDelay": f"{seconds}s"}]
