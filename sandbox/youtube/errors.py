"""What the Data API answers when it says no, in Google's shape."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refused request: `code` is the HTTP status, `domain` and `reason` are for machines, `str()` is for people.

    `authenticate` is what WWW-Authenticate says is wrong with the token; empty: nothing.
    """

    def __init__(self, code: int, reason: str, message: str, domain: str = "global", *, authenticate: str = "") -> None:
        super().__init__(message)
        self.code, self.reason, self.domain, self.authenticate = code, reason, domain, authenticate

    def body(self) -> dict[str, Any]:
        """The answer's JSON. Source: developers.google.com/youtube/v3/docs/errors."""
        detail = {"message": str(self), "domain": self.domain, "reason": self.reason}
        return {"error": {"code": self.code, "message": str(self), "errors": [detail]}}


class WrongRequest(ApiError):
    """A request that no correct client sends: refused, and remembered in `YouTube.refusals`."""

    def __init__(self, reason: str, message: str, domain: str = "global") -> None:
        super().__init__(400, reason, message, domain)


class NotPlayed(WrongRequest):
    """A correct request that this sandbox cannot answer truthfully; 501, so that nobody takes it for YouTube's word."""

    def __init__(self, what: str) -> None:
        super().__init__("notPlayedBySandbox", f"The sandbox does not play {what}.", "sandbox")
        self.code = 501
