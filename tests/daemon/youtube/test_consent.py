"""Asking for consent: a real port, the loopback Google, and browsers that do more than they are asked for."""

import base64
import gc
import hashlib
import json
import os
import socket
import warnings
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import requests

from daemon.errors import AskHuman, DaemonError, TryLater
from daemon.youtube import consent
from daemon.youtube.consent import Client
from daemon.youtube.login import SCOPE
from sandbox.youtube import CLIENT_ID, CLIENT_SECRET, YouTube, make_app, running
from sandbox.youtube.state import TESTING_SECONDS, TOKEN_SECONDS
from tests.loopback import HTML, answering, consents, query_of

CLIENT = Client(CLIENT_ID, CLIENT_SECRET)
READONLY = "https://www.googleapis.com/auth/youtube.readonly"
PATIENCE_SECONDS = 5.0  # less than consent.READ_SECONDS, so that a connection in the way is noticed
OF_OAUTHLIB = ("OAUTHLIB_INSECURE_TRANSPORT", "OAUTHLIB_RELAX_TOKEN_SCOPE")


@pytest.fixture(autouse=True)
def _without_oauthlibs_variables(monkeypatch):
    for name in OF_OAUTHLIB:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def youtube():
    return YouTube()


@pytest.fixture
def url(youtube):
    with running(make_app(youtube)) as address:
        yield address


@pytest.fixture
def ask(url):
    def run(show=consents, client=CLIENT, port=0, seconds=PATIENCE_SECONDS, timeout=PATIENCE_SECONDS, **places):
        addresses = {"auth_uri": f"{url}/o/oauth2/auth", "token_uri": f"{url}/token", **places}
        return consent.ask(client, addresses["auth_uri"], addresses["token_uri"], port, timeout, seconds, show)

    return run


class Watcher:
    """Consents, after doing `before` and before doing `after`; keeps what it was shown and how it was answered."""

    def __init__(self, *before, after=()):
        self.shown = []
        self.seen = []
        self._before, self._after = before, after

    def __call__(self, address, port):
        self.shown.append((address, port))
        place, right = f"http://127.0.0.1:{port}", {"state": query_of(address)["state"]}
        pages = [
            *(act(place, right) for act in self._before),
            consents(address),
            *(act(place, right) for act in self._after),
        ]
        self.seen += [page.status_code for page in pages]

    @property
    def query(self):
        return query_of(self.shown[0][0])


def get(path="/", **query):
    """What does a GET with these parameters, and the right state where none is named; None leaves it out."""

    def act(place, right):
        given = {name: value for name, value in {**right, **query}.items() if value is not None}
        return requests.get(f"{place}{path}?{urlencode(given)}", timeout=PATIENCE_SECONDS)

    return act


def is_free(port):
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


# ---- what is given


def test_consent_gives_a_login_that_lasts(ask, youtube):
    grant = ask()
    assert (grant.client_id, grant.client_secret) == (CLIENT_ID, CLIENT_SECRET)
    assert grant.refresh_token in youtube.accounts
    assert grant.access_token in youtube.access_tokens
    assert grant.expires_at - grant.logged_in_at == timedelta(seconds=TOKEN_SECONDS)
    assert grant.logged_in_at.utcoffset() == timedelta(0)
    assert grant.ends_at is None
    assert youtube.refusals == []


def test_google_is_asked_for_captions_alone_offline_and_in_any_case(ask):
    watcher = Watcher()
    ask(watcher)
    asked = watcher.query
    assert (asked["scope"], asked["access_type"], asked["prompt"]) == (SCOPE, "offline", "consent")
    assert asked["redirect_uri"] == f"http://127.0.0.1:{watcher.shown[0][1]}/"


def test_the_code_is_of_use_only_to_who_asked_for_it(ask, youtube):
    """PKCE with S256: the sandbox refuses a code without the verifier; here it is asked for another challenge."""
    other = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("=")

    def swaps(address, _port):
        asked = query_of(address)
        assert asked["code_challenge_method"] == "S256"
        consents(address.replace(asked["code_challenge"], other))

    with pytest.raises(AskHuman, match=r"Invalid code verifier"):
        ask(swaps)
    assert youtube.executed["token"] == 0


def test_each_time_is_asked_with_a_new_state_and_a_new_challenge(ask):
    first, second = Watcher(), Watcher()
    ask(first)
    ask(second)
    for name in ("state", "code_challenge"):
        assert first.query[name] != second.query[name]


def test_a_login_of_an_app_in_testing_says_when_it_ends(ask, youtube):
    youtube.set_consent(testing=True)
    grant = ask()
    assert grant.ends_at - grant.logged_in_at == timedelta(seconds=TESTING_SECONDS)


def test_an_answer_without_scope_and_lifetime_is_as_was_asked_for(ask):
    answer = {"access_token": "access", "refresh_token": "refresh", "token_type": "Bearer"}
    with answering(answer) as other:
        grant = ask(token_uri=f"{other}/token")
    assert (grant.access_token, grant.refresh_token) == ("access", "refresh")
    assert grant.expires_at - grant.logged_in_at == timedelta(hours=1)


def test_more_scopes_than_were_asked_for_do_no_harm(ask, youtube):
    youtube.set_consent(scopes=[READONLY, SCOPE])
    assert ask().refresh_token in youtube.accounts


# ---- the port


REFUSED = {
    404: (
        get("/favicon.ico", state=None),
        get("/", state=None),
        get(),  # no code
        get(code=""),
        get("/other", code="4/0Aother"),
    ),
    400: (
        get(code="4/0Aother", state=None),
        get(code="4/0Aother", state=""),
        get(code="4/0Aother", state="é"),
        get(code="4/0Aother", state="guessed"),
        get(error="access_denied", state="guessed"),
    ),
    501: (
        lambda place, right: requests.head(place, params={"code": "x", **right}, timeout=PATIENCE_SECONDS),
        lambda place, right: requests.post(place, params={"code": "x", **right}, timeout=PATIENCE_SECONDS),
    ),
}


@pytest.mark.parametrize("status", REFUSED)
def test_what_is_not_the_answer_is_refused_and_does_not_end_the_waiting(ask, youtube, status):
    watcher = Watcher(*REFUSED[status])
    assert ask(watcher).refresh_token in youtube.accounts
    assert watcher.seen == [*(status for _ in REFUSED[status]), 200]
    assert youtube.refusals == []


def test_a_connection_on_which_nothing_is_said_is_not_in_the_way(ask, youtube):
    """Browsers open them ahead of need."""
    idle = []

    def opens_one_first(address, port):
        idle.append(socket.create_connection(("127.0.0.1", port)))
        requests.get(address, timeout=PATIENCE_SECONDS)

    grant = ask(opens_one_first)
    idle[0].close()
    assert grant.refresh_token in youtube.accounts


@pytest.mark.parametrize("said", [b"\0\xff\r\n\r\n", b"GET //[ HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n"])
def test_nonsense_on_the_port_is_not_in_the_way_either(ask, youtube, said, capfd):
    def speaks_nonsense_first(address, port):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(said)
        consents(address)

    assert ask(speaks_nonsense_first).refresh_token in youtube.accounts
    assert capfd.readouterr() == ("", "")


def test_of_several_answers_the_first_counts(ask, youtube):
    watcher = Watcher(after=[get(error="access_denied")])
    assert ask(watcher).refresh_token in youtube.accounts
    assert watcher.seen == [200, 200]
    with pytest.raises(AskHuman, match="access was denied"):
        ask(Watcher(get(error="access_denied")))


def test_what_the_browser_shows_tells_the_person_what_to_do_next(ask):
    pages = []
    ask(lambda address, _port: pages.append(consents(address)))
    assert "Close this page, and go back to the terminal" in pages[0].text
    assert pages[0].headers["Content-Type"].startswith("text/html")


def test_the_port_is_open_to_this_machine_alone_and_only_while_it_is_asked(ask):
    ports = []

    def looks(address, port):
        ports.append(port)
        with socket.socket() as tried:
            assert tried.connect_ex(("127.0.0.2", port)) != 0, "all of 127/8 is loopback; it listens on one address"
        consents(address)

    ask(looks)
    with pytest.raises(AskHuman):
        ask(lambda _address, port: ports.append(port), seconds=0.01)
    assert [is_free(port) for port in ports] == [True, True]


def test_nothing_of_the_conversation_is_printed(ask, capfd):
    ask(Watcher(get("/favicon.ico")))
    assert capfd.readouterr() == ("", "")


def test_the_port_that_was_wanted_is_taken(ask):
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    watcher = Watcher()
    ask(watcher, port=port)
    assert watcher.shown[0][1] == port


def test_a_port_that_is_in_use_is_named_with_the_option_that_helps(ask):
    watcher = Watcher()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AskHuman, match=rf"^port {port} is used by another program: choose another with --port$"):
            ask(watcher, port=port)
    assert watcher.shown == []


# ---- what is refused


def test_denied_consent_changes_nothing_and_says_so(ask, youtube):
    youtube.set_consent(answer="deny")
    with pytest.raises(AskHuman, match=r"^access was denied in the browser, so nothing was changed: try again"):
        ask()
    assert youtube.requests["token"] == 0


def test_another_refusal_of_google_is_named(ask):
    def is_sent_back(address, port):
        get(error="org_internal", state=query_of(address)["state"])(f"http://127.0.0.1:{port}", {})

    with pytest.raises(AskHuman, match=r"^Google refused the login \(org_internal\): try again$"):
        ask(is_sent_back)


def test_a_box_that_was_not_ticked_is_asked_for(ask, youtube):
    youtube.set_consent(scopes=[READONLY])
    with pytest.raises(AskHuman, match=r"the permission to manage captions was not ticked"):
        ask()


def test_a_login_that_does_not_last_is_none(ask):
    """Google gives no refresh token to whom it has given one before, unless it is asked by prompt=consent."""
    with pytest.raises(AskHuman, match=r"no lasting login: remove captionwatch at https://myaccount\.google\.com"):
        ask(lambda address, _port: consents(address.replace("prompt=consent", "prompt=select_account")))


def test_a_person_who_does_not_answer_is_not_waited_for_for_ever(ask, youtube):
    youtube.set_consent(answer="page")
    with pytest.raises(AskHuman, match="nobody answered in the browser within"):
        ask(seconds=0.01)


def test_the_right_answer_of_another_question_is_refused(ask, youtube):
    """A link that somebody sends, to log this machine in to their own channel."""
    stolen, pages = [], []

    def keeps(address, _port):
        asked = requests.get(address, allow_redirects=False, timeout=PATIENCE_SECONDS)
        stolen.append(query_of(asked.headers["Location"]))

    def sent(_address, port):
        pages.append(requests.get(f"http://127.0.0.1:{port}/", params=stolen[0], timeout=PATIENCE_SECONDS))

    for show in (keeps, sent):
        with pytest.raises(AskHuman, match="nobody answered"):
            ask(show, seconds=0.01)
    assert pages[0].status_code == 400
    assert "the answer to another question" in pages[0].text
    assert youtube.requests["token"] == 0


@pytest.mark.parametrize("client", [Client("other", CLIENT_SECRET), Client(CLIENT_ID, "wrong")], ids=["id", "secret"])
def test_a_client_that_google_does_not_know_is_to_be_made_anew(ask, client):
    def consents_for_the_right_one(address, _port):
        consents(address.replace(f"client_id={client.id}", f"client_id={CLIENT_ID}"))

    with pytest.raises(
        AskHuman, match=r"^Google does not know this OAuth client \(.*\): make one .*Desktop app"
    ) as error:
        ask(consents_for_the_right_one, client=client)
    assert client.secret not in str(error.value)


@pytest.mark.parametrize(
    "places",
    [
        {"auth_uri": "http://accounts.example.com/auth"},
        {"auth_uri": "http://127.0.0.1.example.com/auth"},
        {"auth_uri": "http://127.0.0.1@example.com/auth"},
        {"auth_uri": "ftp://example.com/auth"},
        {"token_uri": "http://oauth2.example.com/token"},
    ],
)
def test_an_address_off_this_machine_is_asked_over_https_or_not_at_all(ask, places):
    watcher = Watcher()
    with pytest.raises(AskHuman, match=r"auth_uri and token_uri of config\.toml must begin with https://"):
        ask(watcher, **places)
    assert watcher.shown == []


def test_a_code_is_not_sent_over_http_off_this_machine(ask):
    def answers(address, port):
        get(code="4/0Acode", state=query_of(address)["state"])(f"http://127.0.0.1:{port}", {})

    with pytest.raises(AskHuman, match="must begin with https://"):
        ask(answers, auth_uri="https://accounts.example.com/auth", token_uri="http://oauth2.example.com/token")


# ---- the token endpoint in trouble


@pytest.mark.parametrize(
    ("kind", "value"),
    [("status", 500), ("status", 503), ("status", 429), ("html", 200), ("html", 404), ("html", 502)],
)
def test_a_token_endpoint_in_trouble_is_to_be_tried_again(ask, youtube, kind, value):
    youtube.fault("token", kind, 1, value)
    with pytest.raises(DaemonError, match=r"try again$") as error:
        ask()
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(("kind", "value"), [("cut_before", None), ("cut_after", None), ("slow", 5)])
def test_a_token_endpoint_that_does_not_answer_is_no_fault_of_the_person(ask, youtube, kind, value):
    youtube.fault("token", kind, 1, value)
    with pytest.raises(TryLater, match=r"^Google could not be reached: \w+; try again$"):
        ask(timeout=0.2)


def test_a_token_endpoint_that_takes_no_connection_is_no_fault_of_the_person(ask):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(TryLater, match="could not be reached: ConnectionError"):
            ask(token_uri=f"http://127.0.0.1:{taken.getsockname()[1]}/token")


@pytest.mark.parametrize(
    "answer",
    [b"", b"{}", b"[]", b"null", b"3", b'"text"', {"error": 3}, {"access_token": "a", "expires_in": "soon"}],
    ids=str,
)
def test_json_of_somebody_else_is_no_bug(ask, answer):
    with answering(answer) as other, pytest.raises(DaemonError, match=r"try again"):
        ask(token_uri=f"{other}/token")


def test_a_page_in_between_is_told_as_one(ask):
    with answering(b"<html>Welcome to the hotel", kind=HTML) as other, pytest.raises(TryLater, match="not Google"):
        ask(token_uri=f"{other}/token")


# ---- what is left behind


@pytest.mark.parametrize("before", [None, "0"])
@pytest.mark.parametrize("answer", ["allow", "deny"])
def test_oauthlibs_variables_are_as_before(ask, youtube, monkeypatch, before, answer):
    if before is not None:
        for name in OF_OAUTHLIB:
            monkeypatch.setenv(name, before)
    youtube.set_consent(answer=answer)
    during = []

    def looks(address, _port):
        during.extend(os.environ.get(name) for name in OF_OAUTHLIB)
        consents(address)

    if answer == "allow":
        ask(looks)
    else:
        with pytest.raises(AskHuman):
            ask(looks)
    assert during == ["1", "1"]
    assert [os.environ.get(name) for name in OF_OAUTHLIB] == [before, before]


def test_no_connection_is_left_open(ask):
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always", ResourceWarning)
        ask()
        gc.collect()
    assert [str(one.message) for one in warned if one.category is ResourceWarning] == []


# ---- the client's file

INSTALLED = {"client_id": "id", "client_secret": "hush-hush", "redirect_uris": ["http://localhost"]}


def test_the_client_is_read_from_what_google_cloud_gives():
    assert consent.read_client(json.dumps({"installed": INSTALLED})) == Client("id", "hush-hush")


def test_a_client_of_another_type_says_which_is_wanted():
    with pytest.raises(
        AskHuman, match=r"of the type Web application, which cannot be used here: make one .*Desktop app"
    ):
        consent.read_client(json.dumps({"web": INSTALLED}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "3",
        "null",
        '"installed"',
        "{}",
        "[" * 90_000,
        json.dumps([{"installed": INSTALLED}]),
        json.dumps(INSTALLED),
        json.dumps({"type": "service_account", **INSTALLED}),
        *(json.dumps({"installed": value}) for value in (None, 3, "id", [], {})),
        *(
            json.dumps({"installed": {**INSTALLED, name: value}})
            for name in ("client_id", "client_secret")
            for value in (None, "", 3, ["id"])
        ),
        *(
            json.dumps({"installed": {key: value for key, value in INSTALLED.items() if key != name}})
            for name in ("client_id", "client_secret")
        ),
    ],
    ids=lambda text: text[:60],
)
def test_what_is_no_client_says_where_to_make_one_and_tells_nothing_of_it(text):
    with pytest.raises(
        AskHuman, match=r"^this is not the JSON of an OAuth client: make one .*https://console"
    ) as error:
        consent.read_client(text)
    assert "hush" not in str(error.value)
