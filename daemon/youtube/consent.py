"""Ask a person for the login: consent in a browser, which Google sends back to a port of this machine.

OAuth 2.0 for Desktop apps: developers.google.com/identity/protocols/oauth2/native-app, RFC 8252, PKCE by RFC 7636. The
flow is google-auth-oauthlib's; the small server is ours, since theirs takes the first request for the answer, and
browsers make others: for an icon, or ahead of need.
"""

from __future__ import annotations

import contextlib
import errno
import html
import json
import os
import queue
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from google_auth_oauthlib.flow import Flow
from oauthlib.oauth2 import OAuth2Error

from daemon.errors import AskHuman, TryLater
from daemon.youtube.login import SCOPE, Grant

HOST = "127.0.0.1"
CONSOLE = "https://console.cloud.google.com/auth/clients"
NEW_CLIENT = f"make one of the type Desktop app at {CONSOLE}, and download its JSON"
NOT_GOOGLE = "what answered was not Google, but maybe a page in between that wants a login: try again"
ACCESS_SECONDS = 3600.0  # an access token's life where Google does not say; RFC 6749 lets it be left out
READ_SECONDS = 10.0  # for a browser that opens a connection and says nothing
LOOK_SECONDS = 0.05  # that long the port stays open at most when it is not needed any more


@dataclass(frozen=True)
class Client:
    """An OAuth client of the type Desktop app."""

    id: str
    secret: str


def read_client(text: str) -> Client:
    """The client in the JSON that Google Cloud gives to download. Raise AskHuman if it is another file."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if isinstance(values, dict) and "web" in values:
        raise AskHuman(f"this OAuth client is of the type Web application, which cannot be used here: {NEW_CLIENT}")
    inner = values.get("installed") if isinstance(values, dict) else None
    if not isinstance(inner, dict) or not all(
        isinstance(inner.get(name), str) and inner[name] for name in ("client_id", "client_secret")
    ):
        raise AskHuman(f"this is not the JSON of an OAuth client: {NEW_CLIENT}")
    return Client(inner["client_id"], inner["client_secret"])


def ask(
    client: Client,
    auth_uri: str,
    token_uri: str,
    port: int,
    timeout_seconds: float,
    answer_seconds: float,
    show: Callable[[str, int], None],
) -> Grant:
    """Let `show` tell the address to open and the port it comes back to, and wait for what the person answers.

    `port` 0 takes a free one. Raise AskHuman if they say no, or do not answer in `answer_seconds`; TryLater if Google
    cannot be reached in `timeout_seconds`.
    """
    with _listening(port) as (server, answers), _oauthlib_told(auth_uri, token_uri):
        place = f"http://{HOST}:{server.server_port}/"
        flow = Flow.from_client_config(_config(client, auth_uri, token_uri), [SCOPE], redirect_uri=place)
        try:
            address, server.state = flow.authorization_url(access_type="offline", prompt="consent")
            show(address, server.server_port)
            code = _code(_first(answers, answer_seconds))
            token = _exchanged(flow, code, timeout_seconds)
        except OAuth2Error as error:
            raise _translated(error) from error
        except requests.RequestException as error:
            raise TryLater(f"Google could not be reached: {type(error).__name__}; try again") from error
        return _grant(client, token, datetime.now(UTC))


def _exchanged(flow: Flow, code: str, timeout_seconds: float) -> dict[str, Any]:
    """What the token endpoint gives for the code. Raise TryLater for JSON that is none of Google's."""
    try:
        return dict(flow.fetch_token(code=code, timeout=timeout_seconds))
    except requests.RequestException:
        raise  # some of them are ValueErrors too
    except (ValueError, TypeError, AttributeError) as error:  # oauthlib, of what is no object or has wrong values
        raise TryLater(NOT_GOOGLE) from error


def _config(client: Client, auth_uri: str, token_uri: str) -> dict[str, Any]:
    inner = {"client_id": client.id, "client_secret": client.secret, "auth_uri": auth_uri, "token_uri": token_uri}
    return {"installed": inner}


def _first(answers: queue.Queue[dict[str, str]], seconds: float) -> dict[str, str]:
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        raise AskHuman(f"nobody answered in the browser within {seconds / 60:.0f} minutes: try again") from None


def _code(answer: dict[str, str]) -> str:
    """The code to be exchanged. Raise AskHuman if the person, or Google, said no."""
    match answer.get("error"):
        case None:
            return answer["code"]
        case "access_denied":
            raise AskHuman(
                "access was denied in the browser, so nothing was changed: try again and choose Allow (where Google "
                "itself refuses, add your account as a test user of your Google Cloud project, or publish the app)"
            )
        case other:
            raise AskHuman(f"Google refused the login ({other[:100]}): try again")


def _translated(error: OAuth2Error) -> AskHuman | TryLater:
    said = str(error.description or error.error or type(error).__name__)[:200]
    match error.error:
        case "invalid_client" | "unauthorized_client" | "deleted_client":
            return AskHuman(f"Google does not know this OAuth client ({said}): {NEW_CLIENT}")
        case "insecure_transport":
            return AskHuman("the addresses auth_uri and token_uri of config.toml must begin with https://")
        case "missing_token":  # no JSON, or somebody else's
            return TryLater(NOT_GOOGLE)
        case "server_error" | "temporarily_unavailable" | "internal_failure":
            return TryLater(f"Google could not give a login now ({said}): try again")
    return AskHuman(f"Google did not accept the answer of the browser ({said}): try again")


def _grant(client: Client, token: dict[str, Any], now: datetime) -> Grant:
    """What the answer of the token endpoint gives. Raise AskHuman where it is not all that is needed."""
    scopes = token.get("scope") or SCOPE  # RFC 6749, 5.1: left out where it is what was asked for
    if SCOPE not in (scopes.split() if isinstance(scopes, str) else scopes):
        raise AskHuman(
            "the permission to manage captions was not ticked in the browser: try again and tick all that is asked for"
        )
    if not token.get("refresh_token"):
        raise AskHuman(
            "Google gave no lasting login: remove captionwatch at https://myaccount.google.com/connections, and try "
            "again"
        )
    lasts = token.get("refresh_token_expires_in")  # a consent screen in Testing: seven days
    return Grant(
        client_id=client.id,
        client_secret=client.secret,
        refresh_token=str(token["refresh_token"]),
        access_token=str(token["access_token"]),
        expires_at=now + timedelta(seconds=float(token.get("expires_in") or ACCESS_SECONDS)),
        logged_in_at=now,
        ends_at=now + timedelta(seconds=float(lasts)) if lasts else None,
    )


# ---- the port that the browser comes back to


class _Server(ThreadingHTTPServer):
    """Threads, since a browser may hold a connection open on which it says nothing."""

    daemon_threads = True
    state: str | None = None  #: of our question; None before it was asked

    def __init__(self, port: int, answers: queue.Queue[dict[str, str]]) -> None:
        self.answers = answers
        super().__init__((HOST, port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away is no news; the person is told where they wait."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = READ_SECONDS

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        answer = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path != "/" or not ({"code", "error"} & answer.keys()):
            self._page(404, "There is nothing here.")
        elif self.server.state is None or not secrets.compare_digest(
            answer.get("state", "").encode(), self.server.state.encode()
        ):
            self._page(400, "This is the answer to another question. Open the address that the terminal shows.")
        else:
            try:
                self._page(200, "captionwatch has your answer. Close this page, and go back to the terminal.")
            finally:  # a browser that has gone has answered all the same; once this is heard, the program may end
                self.server.answers.put(answer)

    def _page(self, status: int, text: str) -> None:
        page = f"<!doctype html><meta charset=utf-8><title>captionwatch</title><p>{html.escape(text)}".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: the address holds the code."""


@contextlib.contextmanager
def _listening(port: int) -> Iterator[tuple[_Server, queue.Queue[dict[str, str]]]]:
    answers: queue.Queue[dict[str, str]] = queue.Queue()
    try:
        server = _Server(port, answers)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AskHuman(f"port {port} is used by another program: choose another with --port") from error
        raise AskHuman(f"port {port} cannot be used: {error.strerror}; choose another with --port") from error
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(LOOK_SECONDS,), daemon=True, name="consent")
        thread.start()
        try:
            yield server, answers
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def _oauthlib_told(*addresses: str) -> Iterator[None]:
    """Tell oauthlib, which has no other way: scopes are checked here; http is well where it stays on this machine."""
    wanted = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}
    if all(urlsplit(address).hostname in (HOST, "localhost", "::1") for address in addresses):
        wanted["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
