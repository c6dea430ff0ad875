"""What an authorization request asks for, checked as Google checks it. Pure.

Sources: developers.google.com/identity/protocols/oauth2/native-app; RFC 6749 §4.1.1, RFC 7636 §4, RFC 8252 §7.3; the
messages are Google's where public threads quote them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.youtube import discovery
from sandbox.youtube.errors import NotPlayed, WrongRequest
from sandbox.youtube.state import CLIENT_ID

LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})(?:/[^?#\s]*)?")
"""All that a Desktop client may be sent back to, with whatever path."""

HIGHEST_PORT = 65_535
PKCE = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # verifier and challenge alike
METHODS = ("S256", "plain")
ACCESS_TYPES = ("online", "offline")
PROMPTS = frozenset({"none", "consent", "select_account"})
SIGN_IN_SCOPES = frozenset({"openid", "email", "profile"})


@dataclass(frozen=True)
class Asked:
    """A correct request. `state` is None where none came; `challenge` is that of PKCE, empty if there was none."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str
    method: str
    offline: bool
    prompt: frozenset[str]

    def is_proven_by(self, verifier: str) -> bool:
        """Whether the challenge came from this verifier."""
        if not PKCE.fullmatch(verifier):
            return False
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        return self.challenge == (verifier if self.method == "plain" else digest)


def read(items: Sequence[tuple[str, str]]) -> Asked:
    """The request, from its parameters. Raise WrongRequest: Google shows a page then, and redirects nowhere."""
    given = _singles(items)
    if _required(given, "client_id") != CLIENT_ID:
        raise _unknown_client()
    if _required(given, "response_type") != "code":
        raise WrongRequest("unsupported_response_type", f"Invalid response_type: {given['response_type']}")
    redirect_uri = _required(given, "redirect_uri")
    if not is_loopback(redirect_uri):
        raise WrongRequest("redirect_uri_mismatch", f"A Desktop client is not sent back to {redirect_uri}")
    if given.get("include_granted_scopes") == "true":
        raise NotPlayed("include_granted_scopes")
    challenge, method = _challenge(given)
    return Asked(
        redirect_uri=redirect_uri,
        scopes=_scopes(_required(given, "scope")),
        state=given.get("state"),
        challenge=challenge,
        method=method,
        offline=_access_type(given) == "offline",
        prompt=_prompt(given),
    )


def is_loopback(uri: str) -> bool:
    found = LOOPBACK.fullmatch(uri)
    return found is not None and 0 < int(found[1]) <= HIGHEST_PORT


def _singles(items: Sequence[tuple[str, str]]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in items:
        if name in given:
            raise _invalid(f"OAuth 2 parameters can only have a single value: {name}")
        given[name] = value
    return given


def _required(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise _invalid(f"Missing required parameter: {name}")
    return given[name]


def _scopes(text: str) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(text.split()))
    if SIGN_IN_SCOPES.intersection(wanted):
        raise NotPlayed("the scopes of signing in")  # their answer has an id_token
    unknown = [one for one in wanted if one not in discovery.scopes()]
    if unknown or not wanted:
        raise WrongRequest("invalid_scope", f"Some requested scopes were invalid. {{invalid=[{', '.join(unknown)}]}}")
    return wanted


def _challenge(given: Mapping[str, str]) -> tuple[str, str]:
    """The challenge and its method. PKCE may be left out: Google recommends it, and does not demand it."""
    challenge, method = given.get("code_challenge", ""), given.get("code_challenge_method", "")
    if method and method not in METHODS:
        raise _invalid_value("code_challenge_method", f"'{method}' is not a valid CodeChallengeMethod")
    if method and not challenge:
        raise _invalid("Missing required parameter: code_challenge")
    if challenge and not PKCE.fullmatch(challenge):
        raise _invalid_value("code_challenge", "it is 43 to 128 characters of A-Z a-z 0-9 - . _ ~")
    return challenge, method or "plain"


def _access_type(given: Mapping[str, str]) -> str:
    value = given.get("access_type") or "online"
    if value not in ACCESS_TYPES:
        raise _invalid_value("access_type", f"Invalid access_type: {value}")
    return value


def _prompt(given: Mapping[str, str]) -> frozenset[str]:
    values = frozenset(given.get("prompt", "").split())
    if not values <= PROMPTS or ("none" in values and len(values) > 1):
        raise _invalid_value("prompt", f"Invalid prompt: {given['prompt']}")
    if "none" in values:
        raise NotPlayed("prompt=none")
    return values


def _invalid(message: str) -> WrongRequest:
    return WrongRequest("invalid_request", message)


def _invalid_value(name: str, why: str) -> WrongRequest:
    return _invalid(f"Invalid parameter value for {name}: {why}")


def _unknown_client() -> WrongRequest:
    error = WrongRequest("invalid_client", "The OAuth client was not found.")
    error.code = 401
    return error
