"""Consent on the loopback YouTube: met by google-auth-oauthlib's flow, as `captiond login` is, and by raw requests."""

import base64
import hashlib
import re
import threading
import webbrowser
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import google.auth.transport.requests
import pytest
import requests
from google.auth.exceptions import RefreshError
from google_auth_oauthlib.flow import InstalledAppFlow, WSGITimeoutError
from oauthlib.oauth2 import AccessDeniedError

from sandbox.youtube import (
    CHANNEL_ID,
    CLIENT_ID,
    CLIENT_SECRET,
    REFRESH_TOKEN,
    SCOPES,
    Consent,
    YouTube,
    make_app,
    running,
)
from sandbox.youtube.state import TESTING_SECONDS

FORCE_SSL = SCOPES[0]
READONLY = "https://www.googleapis.com/auth/youtube.readonly"
UPLOAD = "https://www.googleapis.com/auth/youtube.upload"
NEW_CHANNEL = "UCnewnewnewnewnewnewnewn"
"""A channel that nobody is logged in to yet; the default one has a login from the start."""

BACK = "http://127.0.0.1:1/back"


def s256(verifier):
    """The challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


VERIFIER = "v" * 43
CHALLENGE = s256(VERIFIER)
CLIENT = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
ASKED = {
    "client_id": CLIENT_ID,
    "response_type": "code",
    "redirect_uri": BACK,
    "scope": FORCE_SSL,
    "access_type": "offline",
    "prompt": "consent",
}
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self):
        self.time = datetime.now(UTC)

    def __call__(self):
        return self.time


@pytest.fixture
def now():
    return Clock()


@pytest.fixture
def youtube(now):
    youtube = YouTube(now=now)
    youtube.add_channel(NEW_CHANNEL, "New", "@new")
    return youtube


@pytest.fixture
def url(youtube):
    with running(make_app(youtube)) as address:
        yield address


@pytest.fixture
def web():
    with requests.Session() as session:
        yield session


@pytest.fixture
def ask(web, url):
    """Asks for consent; a value of None leaves a parameter out."""

    def get(path="/o/oauth2/v2/auth", **changes):
        return web.get(url + path, params={**ASKED, **changes}, allow_redirects=False)

    return get


@pytest.fixture
def exchange(web, url):
    """Exchanges a code, or an answer that holds one; a value of None leaves a field out."""

    def post(answer, **changes):
        code = answer if isinstance(answer, str) else sent_back(answer)["code"]
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **CLIENT, **changes}
        return web.post(f"{url}/token", form)

    return post


@pytest.fixture
def refresh(web, url):
    def post(token, **changes):
        form = {"grant_type": "refresh_token", "refresh_token": token, **CLIENT, **changes}
        return web.post(f"{url}/token", form)

    return post


def sent_back(answer):
    """The query that a redirect goes back with."""
    assert answer.status_code == 302, answer.text
    return {name: value for name, (value,) in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def error(answer):
    """Status and code of a refused request for a token."""
    assert answer.json()["error_description"]
    return answer.status_code, answer.json()["error"]


# ---- the real client


class Browser:
    """Stands in for a person's browser: goes where the flow sends it, and follows."""

    def __init__(self):
        self.seen = []
        self._threads = []

    def open(self, url, **_):
        thread = threading.Thread(target=self._go, args=(url,))
        self._threads.append(thread)
        thread.start()
        return True

    def _go(self, url):
        self.seen.append(requests.get(url, timeout=10))

    def close(self):
        for thread in self._threads:
            thread.join(10)


@pytest.fixture
def browser():
    browser = Browser()
    webbrowser.register("sandbox-person", None, browser)
    yield browser
    browser.close()


@pytest.fixture
def log_in(url, browser, monkeypatch):
    """Runs the flow of google-auth-oauthlib; its credentials."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")

    def run(scopes=SCOPES, timeout_seconds=10, **more):
        addresses = {"auth_uri": f"{url}/o/oauth2/auth", "token_uri": f"{url}/token"}
        flow = InstalledAppFlow.from_client_config({"installed": {**CLIENT, **addresses}}, list(scopes))
        with flow.oauth2session:
            return flow.run_local_server(
                host="127.0.0.1",
                port=0,
                authorization_prompt_message=None,
                timeout_seconds=timeout_seconds,
                browser="sandbox-person",
                **more,
            )

    return run


def renew(credentials):
    with requests.Session() as session:
        credentials.refresh(google.auth.transport.requests.Request(session))


def test_the_real_flow_logs_in_to_the_channel_that_was_chosen(log_in, youtube, web, url):
    youtube.set_consent(channel_id=NEW_CHANNEL)
    credentials = log_in(prompt="consent")
    assert youtube.accounts[credentials.refresh_token].channel_id == NEW_CHANNEL
    renew(credentials)
    header = {"Authorization": f"Bearer {credentials.token}"}
    answer = web.get(f"{url}/youtube/v3/channels?part=id&mine=true", headers=header)
    assert answer.json()["items"][0]["id"] == NEW_CHANNEL
    assert youtube.refusals == []


def test_the_real_flow_learns_that_consent_was_denied(log_in, youtube):
    youtube.set_consent(answer="deny")
    with pytest.raises(AccessDeniedError):
        log_in(prompt="consent")
    assert youtube.executed["token"] == 0


def test_the_real_flow_waits_in_vain_for_a_person_who_only_looks(log_in, browser, youtube):
    youtube.set_consent(answer="page")
    with pytest.raises(WSGITimeoutError):
        log_in(prompt="consent", timeout_seconds=1)
    browser.close()
    assert [one.status_code for one in browser.seen] == [200]
    assert browser.seen[0].history == []
    assert "wants access" in browser.seen[0].text


def test_the_real_flow_sees_which_boxes_were_ticked(log_in, youtube):
    youtube.set_consent(scopes=[READONLY])
    credentials = log_in([FORCE_SSL, READONLY], prompt="consent")
    assert credentials.granted_scopes == [READONLY]


def test_the_real_client_cannot_renew_for_scopes_that_were_not_granted(log_in, youtube):
    youtube.set_consent(scopes=[READONLY])
    credentials = log_in([FORCE_SSL, READONLY], prompt="consent")
    with pytest.raises(RefreshError, match="invalid_scope"):
        renew(credentials)


def test_the_real_flow_gets_no_refresh_token_for_a_second_login_that_was_not_asked_again(log_in, youtube):
    assert log_in().refresh_token is None
    youtube.set_consent(channel_id=NEW_CHANNEL)
    assert log_in().refresh_token is not None


# ---- the request for consent


@pytest.mark.parametrize("path", ["/o/oauth2/auth", "/o/oauth2/v2/auth"])
@pytest.mark.parametrize("state", ["s", "a b&c=d/é%", None])
def test_state_comes_back_as_it_was_sent(ask, path, state):
    assert sent_back(ask(path, state=state)).get("state") == state


def test_denied_consent_comes_back_with_error_and_state(ask, youtube):
    youtube.set_consent(answer="deny")
    answer = ask(state="s")
    assert answer.headers["Location"].startswith(f"{BACK}?")
    assert sent_back(answer) == {"error": "access_denied", "state": "s"}
    assert youtube.refusals == []


@pytest.mark.parametrize(
    "redirect_uri",
    ["http://127.0.0.1:1", "http://localhost:8080/", "http://[::1]:65535/any/path", "http://127.0.0.1:40797/"],
)
def test_every_loopback_address_with_a_port_is_gone_back_to(ask, redirect_uri):
    location = ask(redirect_uri=redirect_uri).headers["Location"]
    assert location.startswith(redirect_uri)
    assert "code=" in location


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://127.0.0.1",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:65536/",
        "http://127.0.0.1:1@example.com/",
        "http://127.0.0.1:1/?a=b",
        "http://127.0.0.1:1/#a",
        "https://127.0.0.1:1/",
        "http://127.0.0.2:1/",
        "http://192.168.0.1:1/",
        "http://localhost.example.com:1/",
        "http://example.com:1/",
        "urn:ietf:wg:oauth:2.0:oob",
        "captionwatch:/back",
    ],
)
def test_any_other_address_is_a_page_that_leads_nowhere(ask, youtube, redirect_uri):
    answer = ask(redirect_uri=redirect_uri)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert "redirect_uri_mismatch" in answer.text
    assert len(youtube.refusals) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"client_id": None}, "400: invalid_request"),
        ({"client_id": "other"}, "401: invalid_client"),
        ({"response_type": None}, "400: invalid_request"),
        ({"response_type": "token"}, "400: unsupported_response_type"),
        ({"redirect_uri": None}, "400: invalid_request"),
        ({"scope": None}, "400: invalid_request"),
        ({"scope": " "}, "400: invalid_scope"),
        ({"scope": f"{FORCE_SSL} https://www.googleapis.com/auth/youtube.captions"}, "400: invalid_scope"),
        ({"scope": f"{FORCE_SSL},{READONLY}"}, "400: invalid_scope"),
        ({"scope": [FORCE_SSL, READONLY]}, "400: invalid_request"),
        ({"access_type": "later"}, "400: invalid_request"),
        ({"prompt": "force"}, "400: invalid_request"),
        ({"prompt": "none consent"}, "400: invalid_request"),
        ({"code_challenge_method": "S256"}, "400: invalid_request"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "s256"}, "400: invalid_request"),
        ({"code_challenge": "c" * 42, "code_challenge_method": "S256"}, "400: invalid_request"),
        ({"code_challenge": "c" * 129, "code_challenge_method": "plain"}, "400: invalid_request"),
        ({"code_challenge": "c" * 42 + "=", "code_challenge_method": "S256"}, "400: invalid_request"),
    ],
)
def test_a_wrong_request_for_consent_is_a_page_and_remembered(ask, youtube, changes, reason):
    answer = ask(**changes)
    assert f"Error {reason}" in answer.text
    assert answer.status_code == int(reason[:3])
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "Location" not in answer.headers
    assert len(youtube.refusals) == 1
    assert youtube.refusals[0].startswith("GET /o/oauth2/v2/auth?")


@pytest.mark.parametrize("changes", [{"prompt": "none"}, {"include_granted_scopes": "true"}, {"scope": "openid"}])
def test_what_is_right_but_not_played_at_consent_is_said_so(ask, youtube, changes):
    assert ask(**changes).status_code == 501
    assert len(youtube.refusals) == 1


def test_a_wrong_request_is_refused_whatever_the_person_would_answer(ask, youtube):
    youtube.set_consent(answer="deny")
    assert ask(redirect_uri="https://example.com/").status_code == 400
    youtube.set_consent(answer="page")
    assert ask(scope="wrong").status_code == 400


def test_a_page_of_refusal_quotes_without_obeying(ask):
    answer = ask(redirect_uri="http://<script>")
    assert "&lt;script&gt;" in answer.text
    assert "<script>" not in answer.text


# ---- the token endpoint


def test_the_answer_has_what_googles_has(ask, exchange, youtube):
    answer = exchange(ask(**PKCE), code_verifier=VERIFIER).json()
    assert answer.pop("access_token") in youtube.access_tokens
    assert youtube.accounts[answer.pop("refresh_token")].channel_id == CHANNEL_ID
    assert answer == {"expires_in": 3599, "scope": FORCE_SSL, "token_type": "Bearer"}


@pytest.mark.parametrize(
    ("access_type", "prompt", "channel_id", "given"),
    [
        ("offline", "consent", CHANNEL_ID, True),
        ("offline", "select_account consent", CHANNEL_ID, True),
        ("offline", None, CHANNEL_ID, False),
        ("offline", "select_account", CHANNEL_ID, False),
        ("offline", None, NEW_CHANNEL, True),
        ("online", "consent", NEW_CHANNEL, False),
        (None, "consent", NEW_CHANNEL, False),
    ],
)
def test_a_refresh_token_is_for_offline_work_at_the_first_consent_or_a_new_one(
    ask, exchange, youtube, access_type, prompt, channel_id, given
):
    youtube.set_consent(channel_id=channel_id)
    answer = exchange(ask(access_type=access_type, prompt=prompt)).json()
    assert ("refresh_token" in answer) == given
    assert answer["access_token"]


def test_consent_without_a_refresh_token_is_consent(ask, exchange, youtube):
    youtube.set_consent(channel_id=NEW_CHANNEL)
    exchange(ask(access_type="online", prompt=None))
    assert "refresh_token" not in exchange(ask(prompt=None)).json()


def test_a_revoked_consent_is_a_first_one_again(ask, exchange, youtube):
    youtube.revoke(REFRESH_TOKEN)
    assert "refresh_token" in exchange(ask(prompt=None)).json()


def test_a_code_is_exchanged_once(ask, exchange):
    answer = ask()
    assert exchange(answer).status_code == 200
    assert error(exchange(answer)) == (400, "invalid_grant")
    assert error(exchange("no-code-of-ours")) == (400, "invalid_grant")


def test_a_code_of_another_address_is_refused_and_spent(ask, exchange, youtube):
    answer = ask()
    assert error(exchange(answer, redirect_uri="http://127.0.0.1:2/back")) == (400, "redirect_uri_mismatch")
    assert error(exchange(answer)) == (400, "invalid_grant")
    assert len(youtube.refusals) == 1


@pytest.mark.parametrize(
    ("pkce", "verifier"),
    [
        (PKCE, None),
        (PKCE, "w" * 43),
        (PKCE, CHALLENGE),
        ({"code_challenge": CHALLENGE}, VERIFIER),
        ({**PKCE, "code_challenge": s256("short")}, "short"),
        ({}, VERIFIER),
    ],
)
def test_a_verifier_belongs_to_its_challenge(ask, exchange, pkce, verifier):
    assert error(exchange(ask(**pkce), code_verifier=verifier)) == (400, "invalid_grant")


@pytest.mark.parametrize("method", ["plain", None])
def test_a_plain_challenge_is_its_verifier(ask, exchange, method):
    answer = ask(code_challenge=VERIFIER, code_challenge_method=method)
    assert exchange(answer, code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize("missing", ["grant_type", "code", "redirect_uri", "client_id", "client_secret"])
def test_a_field_that_is_missing_is_invalid_request(ask, exchange, youtube, missing):
    assert error(exchange(ask(), **{missing: None})) == (400, "invalid_request")
    assert len(youtube.refusals) == 1
    assert CLIENT_SECRET not in youtube.refusals[0]


def test_a_refresh_without_its_token_is_invalid_request(refresh):
    assert error(refresh(None)) == (400, "invalid_request")


@pytest.mark.parametrize("client", [("other", CLIENT_SECRET), (CLIENT_ID, "wrong")])
def test_a_wrong_client_is_401_in_header_and_form_alike(web, url, refresh, client):
    fields = dict(zip(("client_id", "client_secret"), client, strict=True))
    assert error(refresh(REFRESH_TOKEN, **fields)) == (401, "invalid_client")
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    assert error(web.post(f"{url}/token", form, auth=client)) == (401, "invalid_client")


def test_the_client_may_show_itself_in_a_basic_header(web, url):
    form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
    assert web.post(f"{url}/token", form, auth=(CLIENT_ID, CLIENT_SECRET)).status_code == 200
    broken = web.post(f"{url}/token", form, headers={"Authorization": "Basic ?"})
    assert error(broken) == (401, "invalid_client")


def test_a_login_from_consent_is_renewed_until_it_is_revoked(ask, exchange, refresh, youtube):
    token = exchange(ask()).json()["refresh_token"]
    youtube.expire_tokens()
    assert refresh(token).json()["scope"] == FORCE_SSL
    youtube.revoke(token)
    assert error(refresh(token)) == (400, "invalid_grant")
    assert youtube.refusals == []


def test_a_renewed_token_has_no_more_scopes_than_were_asked_for_it(refresh, youtube, web, url):
    token = youtube.add_account(CHANNEL_ID, scopes=(FORCE_SSL, UPLOAD))
    assert refresh(token).json()["scope"] == f"{FORCE_SSL} {UPLOAD}"
    narrow = refresh(token, scope=UPLOAD).json()
    assert narrow["scope"] == UPLOAD
    header = {"Authorization": f"Bearer {narrow['access_token']}"}
    assert web.get(f"{url}/youtube/v3/channels?part=id&mine=true", headers=header).status_code == 403
    assert error(refresh(token, scope=READONLY)) == (400, "invalid_scope")


# ---- an app in Testing


def test_the_refresh_token_of_an_app_in_testing_says_that_it_ends_after_a_week(ask, exchange, refresh, youtube, now):
    youtube.set_consent(testing=True)
    answer = exchange(ask()).json()
    assert answer["refresh_token_expires_in"] == TESTING_SECONDS == 7 * 24 * 3600 - 1
    now.time += timedelta(days=6)
    assert refresh(answer["refresh_token"]).status_code == 200
    now.time += timedelta(days=1)
    assert error(refresh(answer["refresh_token"])) == (400, "invalid_grant")


def test_without_a_refresh_token_there_is_no_end_of_it(ask, exchange, youtube):
    youtube.set_consent(testing=True)
    assert "refresh_token_expires_in" not in exchange(ask(access_type="online")).json()


def test_a_login_that_has_ended_counts_no_more_as_consent(ask, exchange, youtube, now):
    youtube.set_consent(testing=True, channel_id=NEW_CHANNEL)
    exchange(ask())
    assert "refresh_token" not in exchange(ask(prompt=None)).json()
    now.time += timedelta(days=7)
    assert "refresh_token" in exchange(ask(prompt=None)).json()


# ---- what a login may do


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /youtube/v3/captions?part=id&videoId=AAAAAAAAAAA",
        "DELETE /youtube/v3/captions?id=A",
        "POST /upload/youtube/v3/captions?part=snippet&uploadType=multipart",
    ],
)
def test_a_login_that_was_not_granted_captions_is_told_which_scope_is_missing(
    ask, exchange, youtube, web, url, request_line
):
    youtube.set_consent(scopes=[READONLY])
    granted = exchange(ask(scope=f"{FORCE_SSL} {READONLY}")).json()
    assert granted["scope"] == READONLY
    method, path = request_line.split()
    answer = web.request(method, url + path, headers={"Authorization": f"Bearer {granted['access_token']}"})
    assert answer.status_code == 403
    assert answer.json()["error"]["errors"][0]["reason"] == "insufficientPermissions"
    header = answer.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope"' in header
    assert FORCE_SSL in re.search('scope="([^"]+)"', header)[1].split()
    assert youtube.refusals == []


# ---- the control


@pytest.fixture
def control(web, url):
    return lambda **values: web.post(f"{url}/sandbox/consent", json=values)


def test_consent_is_set_over_http_and_what_is_not_named_stays(control, youtube, web, url):
    assert control(testing=True).json() == {
        "answer": "allow",
        "scopes": None,
        "channel_id": CHANNEL_ID,
        "testing": True,
    }
    control(answer="deny", scopes=[READONLY], channel_id=NEW_CHANNEL)
    assert youtube.consent == Consent("deny", (READONLY,), NEW_CHANNEL, testing=True)
    control(answer="allow", scopes=None)
    assert youtube.consent == Consent("allow", None, NEW_CHANNEL, testing=True)
    assert web.get(f"{url}/sandbox/state").json()["consent"]["channel_id"] == NEW_CHANNEL


def test_an_answer_holds_until_it_is_changed(ask, control):
    control(answer="deny")
    assert [sent_back(ask())["error"] for _ in range(2)] == ["access_denied"] * 2
    control(answer="allow")
    assert sent_back(ask())["code"]


@pytest.mark.parametrize(
    "values",
    [
        {"answer": "maybe"},
        {"scopes": []},
        {"scopes": ["captions"]},
        {"scopes": FORCE_SSL},
        {"scopes": 5},
        {"channel_id": "UCnobodynobodynobodynobo"},
        {"testing": "yes"},
        {"colour": "red"},
    ],
)
def test_a_consent_that_makes_no_sense_is_refused_and_changes_nothing(control, youtube, values):
    answer = control(**values)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert youtube.consent == Consent()
