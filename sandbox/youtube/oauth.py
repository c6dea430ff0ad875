"""Logging in: consent that is always given, and the token endpoint.

Sources: developers.google.com/identity/protocols/oauth2/native-app, RFC 6749, RFC 7636.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import BasicAuth, web
from yarl import URL

from sandbox.youtube import incoming
from sandbox.youtube.state import CHANNEL_ID, CLIENT_ID, CLIENT_SECRET, TOKEN_SECONDS, Account, YouTube


class TokenError(Exception):
    """A refused request for a token, by its OAuth error code."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code, self.status = code, status


@dataclass(frozen=True)
class Consent:
    """A code that waits to be exchanged, once. `challenge` is that of PKCE, empty if there was none."""

    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str


CODES = web.AppKey("codes", dict[str, Consent])


def add_routes(app: web.Application) -> None:
    app[CODES] = {}
    for path in ("/o/oauth2/auth", "/o/oauth2/v2/auth"):
        app.router.add_get(path, incoming.served("auth", _auth))
    app.router.add_post("/token", incoming.served("token", _token))


async def _auth(request: web.Request) -> web.StreamResponse:
    """Consent at once, for the default channel."""
    asked = request.query
    if asked.get("client_id") != CLIENT_ID or asked.get("response_type") != "code" or "redirect_uri" not in asked:
        return incoming.page("Error 400: invalid_request", 400)
    code = request.app[incoming.STATE].make_id("4/0A", 62)
    scopes = tuple(asked.get("scope", "").split())
    request.app[CODES][code] = Consent(asked["redirect_uri"], scopes, asked.get("code_challenge", ""))
    answer = {"state": asked.get("state", ""), "code": code, "scope": " ".join(scopes)}
    raise web.HTTPFound(URL(asked["redirect_uri"]).update_query(answer))


async def _token(request: web.Request) -> web.StreamResponse:
    youtube = request.app[incoming.STATE]
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        _check_client(form, request.headers.get("Authorization", ""))
        match form.get("grant_type"):
            case "refresh_token":
                answer = _grant(youtube, _refreshed(youtube, form))
            case "authorization_code":
                account = _exchanged(youtube, form, request.app[CODES])
                answer = _grant(youtube, account) | {"refresh_token": account.refresh_token}
            case _:
                raise TokenError("unsupported_grant_type", "Invalid grant_type")
    except TokenError as error:
        body = {"error": error.code, "error_description": str(error)}
        return web.json_response(body, status=error.status)
    youtube.executed["token"] += 1
    return web.json_response(answer)


def _check_client(form: Mapping[str, str], header: str) -> None:
    client = (form.get("client_id"), form.get("client_secret"))
    if header.startswith("Basic "):
        basic = BasicAuth.decode(header)
        client = (basic.login, basic.password)
    if client != (CLIENT_ID, CLIENT_SECRET):
        raise TokenError("invalid_client", "The OAuth client was not found.", 401)


def _refreshed(youtube: YouTube, form: Mapping[str, str]) -> Account:
    account = youtube.accounts.get(form.get("refresh_token", ""))
    if account is None:
        raise TokenError("invalid_grant", "Token has been expired or revoked.")
    return account


def _exchanged(youtube: YouTube, form: Mapping[str, str], codes: dict[str, Consent]) -> Account:
    """A new login for a code, which is worth nothing afterwards."""
    consent = codes.pop(form.get("code", ""), None)
    if consent is None:
        raise TokenError("invalid_grant", "Malformed auth code.")
    if form.get("redirect_uri") != consent.redirect_uri:
        raise TokenError("redirect_uri_mismatch", "Bad Request")
    if consent.challenge and _challenge(form.get("code_verifier", "")) != consent.challenge:
        raise TokenError("invalid_grant", "Invalid code verifier.")
    return youtube.accounts[youtube.add_account(CHANNEL_ID, scopes=consent.scopes)]


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _grant(youtube: YouTube, account: Account) -> dict[str, Any]:
    token = youtube.make_id("ya29.", 90)
    youtube.access_tokens[token] = (account, youtube.now() + timedelta(seconds=TOKEN_SECONDS))
    scope = " ".join(account.scopes)
    return {"access_token": token, "expires_in": TOKEN_SECONDS, "scope": scope, "token_type": "Bearer"}
