"""Logging in: the consent screen, answered as the scene says, and the token endpoint.

Sources: developers.google.com/identity/protocols/oauth2/native-app, and …/oauth2/web-server for access_type and prompt;
RFC 6749, RFC 7636. `refresh_token_expires_in` of an app in Testing is in many published answers of Google's.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aiohttp import BasicAuth, web
from yarl import URL

from sandbox.youtube import authorization, incoming
from sandbox.youtube.authorization import Asked
from sandbox.youtube.errors import ApiError, WrongRequest
from sandbox.youtube.state import CLIENT_ID, CLIENT_SECRET, TESTING_SECONDS, TOKEN_SECONDS, Account, YouTube

Form = Mapping[str, str]


@dataclass(frozen=True)
class Grant:
    """What a code stands for until it is exchanged, once."""

    asked: Asked
    scopes: tuple[str, ...]
    channel_id: str


CODES = web.AppKey("codes", dict[str, Grant])


def add_routes(app: web.Application) -> None:
    app[CODES] = {}
    for path in ("/o/oauth2/auth", "/o/oauth2/v2/auth"):
        app.router.add_get(path, incoming.served("auth", _auth), allow_head=False)
    app.router.add_post("/token", incoming.served("token", _token))


# ---- the consent screen


async def _auth(request: web.Request) -> web.StreamResponse:
    """The person's answer, at once, or the screen itself; to a wrong request a page that leads nowhere."""
    youtube = request.app[incoming.STATE]
    try:
        asked = authorization.read(list(request.query.items()))
    except WrongRequest as error:
        incoming.remember(request, error)
        return incoming.page(html.escape(f"Error {error.code}: {error.reason}: {error}"), error.code)
    consent = youtube.consent
    if consent.answer == "page":
        return incoming.page("captionwatch wants access to your YouTube account")
    if consent.answer == "deny":
        return _sent_back(asked, error="access_denied")
    code = youtube.make_id("4/0A", 62)
    scopes = asked.scopes if consent.scopes is None else consent.scopes
    request.app[CODES][code] = Grant(asked, scopes, consent.channel_id)
    return _sent_back(asked, code=code, scope=" ".join(scopes))


def _sent_back(asked: Asked, **answer: str) -> web.Response:
    state = {} if asked.state is None else {"state": asked.state}
    location = URL(asked.redirect_uri).update_query({**state, **answer})
    return web.Response(status=302, headers={"Location": str(location)})


# ---- the token endpoint


async def _token(request: web.Request) -> web.StreamResponse:
    youtube = request.app[incoming.STATE]
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        _check_client(form, request.headers.get("Authorization", ""))
        answer = _answer(youtube, form, request.app[CODES])
    except ApiError as error:
        incoming.remember(request, error)
        body = {"error": error.reason, "error_description": str(error)}
        return web.json_response(body, status=error.code)
    youtube.executed["token"] += 1
    return web.json_response(answer)


def _answer(youtube: YouTube, form: Form, codes: dict[str, Grant]) -> dict[str, Any]:
    match _required(form, "grant_type"):
        case "refresh_token":
            return _access(youtube, _refreshed(youtube, form))
        case "authorization_code":
            return _login(youtube, _exchanged(form, codes))
        case other:
            raise WrongRequest("unsupported_grant_type", f"Invalid grant_type: {other}")


def _check_client(form: Form, header: str) -> None:
    """Raise ApiError unless the client shows who it is: in a Basic header, or in the form."""
    client, secret = form.get("client_id"), form.get("client_secret")
    if header.startswith("Basic "):
        client, secret = _basic(header)
    if not client:
        raise WrongRequest("invalid_request", "Could not determine client ID from request.")
    if client != CLIENT_ID:
        raise ApiError(401, "invalid_client", "The OAuth client was not found.")
    if not secret:
        raise WrongRequest("invalid_request", "client_secret is missing.")
    if secret != CLIENT_SECRET:
        raise ApiError(401, "invalid_client", "The provided client secret is invalid.")


def _basic(header: str) -> tuple[str, str]:
    try:
        basic = BasicAuth.decode(header)
    except ValueError:
        raise ApiError(401, "invalid_client", "Unauthorized") from None
    return basic.login, basic.password


def _refreshed(youtube: YouTube, form: Form) -> Account:
    """The login that a refresh token belongs to, with the scopes that are wanted of it: all, if none are named."""
    account = youtube.accounts.get(_required(form, "refresh_token"))
    if account is None or account.has_ended(youtube.now()):
        raise ApiError(400, "invalid_grant", "Token has been expired or revoked.")
    wanted = tuple(form.get("scope", "").split())
    if not set(wanted) <= set(account.scopes):
        raise ApiError(400, "invalid_scope", "Bad Request")
    return replace(account, scopes=wanted or account.scopes)


def _exchanged(form: Form, codes: dict[str, Grant]) -> Grant:
    """What a code stands for. The code is worth nothing afterwards, even if the exchange is refused."""
    code, redirect_uri = _required(form, "code"), _required(form, "redirect_uri")
    grant = codes.pop(code, None)
    if grant is None:
        raise ApiError(400, "invalid_grant", "Bad Request" if code.startswith("4/") else "Malformed auth code.")
    if redirect_uri != grant.asked.redirect_uri:
        raise WrongRequest("redirect_uri_mismatch", "Bad Request")
    _check_verifier(grant.asked, form.get("code_verifier", ""))
    return grant


def _check_verifier(asked: Asked, verifier: str) -> None:
    if verifier and not asked.challenge:
        raise WrongRequest("invalid_grant", "code_verifier or verifier is not needed.")
    if asked.challenge and not verifier:
        raise WrongRequest("invalid_grant", "Missing code verifier.")
    if asked.challenge and not asked.is_proven_by(verifier):
        raise WrongRequest("invalid_grant", "Invalid code verifier.")


def _login(youtube: YouTube, grant: Grant) -> dict[str, Any]:
    """A new login. Its refresh token is told to who wants to work offline, and was not let in before or asked again."""
    before = youtube.has_login(grant.channel_id)
    testing = youtube.consent.testing
    end = youtube.now() + timedelta(seconds=TESTING_SECONDS) if testing else None
    token = youtube.add_account(grant.channel_id, scopes=grant.scopes, ends_at=end)
    answer = _access(youtube, youtube.accounts[token])
    if grant.asked.offline and (not before or "consent" in grant.asked.prompt):
        answer["refresh_token"] = token
        if testing:
            answer["refresh_token_expires_in"] = TESTING_SECONDS
    return answer


def _access(youtube: YouTube, account: Account) -> dict[str, Any]:
    token = youtube.make_id("ya29.", 90)
    youtube.access_tokens[token] = (account, youtube.now() + timedelta(seconds=TOKEN_SECONDS))
    scope = " ".join(account.scopes)
    return {"access_token": token, "expires_in": TOKEN_SECONDS, "scope": scope, "token_type": "Bearer"}


def _required(form: Form, name: str) -> str:
    if not form.get(name):
        raise WrongRequest("invalid_request", f"Missing required parameter: {name}")
    return form[name]
