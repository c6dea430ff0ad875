"""captiond login: which client it takes, what it keeps, and what it says, as a function and as the real command."""

import json
import re
import socket
import stat

import keyring
import pytest
from keyring.backends import fail

from daemon.errors import AskHuman
from daemon.login import LoggedIn, log_in
from daemon.settings import YouTubeSettings
from daemon.youtube import login
from sandbox.youtube import CHANNEL_ID, CHANNEL_TITLE, CLIENT_ID, CLIENT_SECRET, TOKEN, YouTube, make_app, running
from tests.loopback import CONFIG, LoggingIn, answering, consents, environment_of, query_of, run

CLIENT = {"installed": {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}}
NO_CLIENT = r"^there is no OAuth client yet: make one .*Desktop app.*, then captiond login --client FILE$"


def client(name):
    """A client that can be told from others by its id."""
    return json.dumps({"installed": {"client_id": name, "client_secret": "hush-hush"}})


@pytest.fixture(autouse=True)
def _without_secrets(monkeypatch):
    monkeypatch.delenv("YOUTUBE_CLIENT", raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def youtube():
    return YouTube()


@pytest.fixture
def url(youtube):
    with running(make_app(youtube)) as address:
        yield address


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def token_file(state):
    return state / login.FILE


@pytest.fixture
def client_file(tmp_path):
    path = tmp_path / "client_secret.json"
    path.write_text(json.dumps(CLIENT))
    return path


def there(token_file, values=TOKEN):
    """A login that is there already."""
    token_file.parent.mkdir(exist_ok=True)
    token_file.write_text(json.dumps(values))
    return token_file.read_bytes()


# ---- as a function


@pytest.fixture
def logs_in(url, state):
    def act(client_file=None, show=consents, **places):
        addresses = {"api_root": url, "auth_uri": f"{url}/o/oauth2/auth", "token_uri": f"{url}/token", **places}
        return log_in(YouTubeSettings(timeout_seconds=5, **addresses), state, client_file, 0, show)

    return act


class Shown(Exception):
    """Ends a login when its address is known."""


@pytest.fixture
def asked(logs_in):
    """The id of the client that consent is asked for."""

    def show(address, _port):
        raise Shown(query_of(address)["client_id"])

    def act(client_file=None):
        with pytest.raises(Shown) as shown:
            logs_in(client_file, show)
        return str(shown.value)

    return act


def test_a_login_is_kept_with_the_channels_that_it_covers(logs_in, client_file, token_file, youtube):
    assert logs_in(client_file) == LoggedIn(token_file, {CHANNEL_ID: CHANNEL_TITLE}, None, "")
    kept = json.loads(token_file.read_text())
    assert kept["refresh_token"] in youtube.accounts
    assert (kept["client_id"], kept["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
    assert login.channels(token_file) == {CHANNEL_ID: CHANNEL_TITLE}
    assert youtube.executed["token"] == 1, "the access token that came with it is used"
    assert youtube.refusals == []


def test_the_client_that_is_given_comes_first_then_the_secret_then_that_of_the_former_login(
    asked, tmp_path, token_file, monkeypatch
):
    given = tmp_path / "given.json"
    given.write_text(client("given"))
    there(token_file, {**TOKEN, "client_id": "former"})
    assert asked() == "former"
    monkeypatch.setenv("YOUTUBE_CLIENT", client("secret"))
    assert asked() == "secret"
    assert asked(given) == "given"


def test_a_login_that_has_ended_still_knows_its_client(logs_in, token_file, youtube):
    there(token_file)
    youtube.revoke()
    assert logs_in().channels == {CHANNEL_ID: CHANNEL_TITLE}


@pytest.mark.parametrize("content", [None, "nonsense", "{}"])
def test_without_a_client_it_is_said_how_to_come_by_one(logs_in, token_file, content):
    if content is not None:
        token_file.parent.mkdir()
        token_file.write_text(content)
    with pytest.raises(AskHuman, match=NO_CLIENT):
        logs_in()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _: None, r"^the file .*/given\.json cannot be read: No such file or directory$"),
        (lambda path: path.mkdir(), r"^the file .*/given\.json cannot be read: Is a directory$"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "^this is not the JSON of an OAuth client"),
        (lambda path: path.write_text(" " * 200_000 + client("x")), "^this is not the JSON of an OAuth client"),
        (lambda path: path.write_text('{"web": {}}'), "of the type Web application"),
    ],
    ids=["missing", "folder", "binary", "huge", "web"],
)
def test_a_file_that_is_no_client_says_so_before_anybody_is_asked(logs_in, tmp_path, make, told):
    make(tmp_path / "given.json")
    with pytest.raises(AskHuman, match=told):
        logs_in(tmp_path / "given.json", show=None)


def test_a_secret_that_is_no_client_is_not_told(logs_in, monkeypatch):
    monkeypatch.setenv("YOUTUBE_CLIENT", "hush-hush")
    with pytest.raises(AskHuman, match="this is not the JSON of an OAuth client") as error:
        logs_in()
    assert "hush" not in str(error.value)


def test_consent_that_is_denied_leaves_the_former_login(logs_in, token_file, youtube):
    before = there(token_file)
    youtube.set_consent(answer="deny")
    with pytest.raises(AskHuman, match="access was denied"):
        logs_in()
    assert token_file.read_bytes() == before


@pytest.mark.parametrize(
    ("kind", "value", "note"),
    [
        ("status", 503, "503.*: which channels it covers, captiond asks later$"),
        ("cut_before", None, "could not be reached: .*: which channels it covers, captiond asks later$"),
        ("quotaExceeded", None, "quota for today is used up"),
        ("status", 403, "403"),
    ],
)
def test_a_login_is_kept_though_its_channels_cannot_be_asked_for(
    logs_in, client_file, token_file, youtube, kind, value, note
):
    youtube.fault("channels.list", kind, None, value)
    done = logs_in(client_file)
    assert done.channels == {}
    assert re.search(note, done.note), done.note
    assert json.loads(token_file.read_text())["refresh_token"] in youtube.accounts


def test_an_account_without_a_channel_does_not_cost_the_login_that_is_there(logs_in, client_file, token_file):
    logs_in(client_file)
    before = token_file.read_text()
    wrong = pytest.raises(AskHuman, match="this Google account has no channel, so nothing was changed: log in with")
    with answering({"kind": "youtube#channelListResponse"}) as api, wrong:
        logs_in(client_file, api_root=api)
    assert token_file.read_text() == before


@pytest.mark.parametrize("items", [None, 3, [{}], [{"id": "UC", "snippet": None}]])
def test_channels_that_are_none_are_told_of_and_the_login_stays(logs_in, client_file, token_file, items):
    with answering({"items": items}) as api:
        done = logs_in(client_file, api_root=api)
    assert done.note.startswith("what answered was not YouTube")
    assert token_file.exists()


# ---- as the command


@pytest.fixture
def environment(tmp_path, state, url):
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(url=url, timeout=5))
    return environment_of(state, config)


@pytest.fixture
def command(tmp_path, environment):
    """`captiond login WORDS`, which a person answers by `answer`."""

    def act(*words, answer=consents, **more):
        with LoggingIn(tmp_path, {**environment, **more}, *map(str, words)) as terminal:
            answer(terminal.waits())
            return terminal.ends()

    return act


def test_the_command_logs_in_and_says_where_captions_go(command, client_file, token_file):
    addresses = []
    ended = command("--client", client_file, answer=lambda one: consents(addresses.append(one) or one))
    assert (ended.code, ended.error) == (0, "")
    assert ended.said.endswith(
        f"Logged in. Approved captions go to {CHANNEL_TITLE} ({CHANNEL_ID}).\n"
        f"The login is kept in {token_file}, which only you can read.\n"
    )
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600
    assert ended.said.startswith("Open this address, choose the account that owns the channel")
    port = query_of(addresses[0])["redirect_uri"].removeprefix("http://127.0.0.1:").rstrip("/")
    assert f"\nssh -L {port}:127.0.0.1:{port} " in ended.said


def test_a_login_that_ends_says_when_and_how_the_next_one_stays(command, youtube):
    youtube.set_consent(testing=True)
    youtube.add_channel(CHANNEL_ID, "Red \x1b[31mtitle\nLogged in.", "@sandbox")
    ended = command(YOUTUBE_CLIENT=json.dumps(CLIENT))
    assert ended.code == 0
    assert "\nThis login ends on 2" in ended.said
    assert "Publish the app there (In production), and log in once more" in ended.said
    assert f"go to Red title Logged in. ({CHANNEL_ID})." in ended.said, "a title is one line, and steers no terminal"
    assert "\x1b" not in ended.said


def test_where_there_is_a_screen_a_browser_is_opened_unless_it_is_not_wanted(command, tmp_path, token_file):
    there(token_file)
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {opened}\n')
    browser.chmod(0o700)
    screen = {"DISPLAY": ":0", "BROWSER": str(browser)}
    shown = []
    ended = command(**screen, answer=lambda address: consents(shown.append(address) or address))
    assert opened.read_text().split() == shown
    assert "ssh" not in ended.said
    assert "ssh" in command("--no-browser", **screen).said
    assert opened.read_text().split() == shown


def test_a_login_that_nothing_is_known_of_is_kept_and_exit_code_1(command, token_file, youtube):
    there(token_file)
    youtube.fault("channels.list", "status", None, 503)
    ended = command()
    assert "captiond asks later" in ended.one_line
    assert f"The login is kept in {token_file}" in ended.said
    assert "Logged in." not in ended.said
    assert json.loads(token_file.read_text())["refresh_token"] != TOKEN["refresh_token"]


def test_what_goes_wrong_in_the_browser_is_one_line(command, token_file, youtube):
    before = there(token_file)
    youtube.set_consent(answer="deny")
    assert command().one_line.startswith("captiond: access was denied in the browser, so nothing was changed")
    youtube.set_consent(answer="allow")
    youtube.fault("token", "html", None, 502)
    assert command().one_line.startswith("captiond: ")
    assert token_file.read_bytes() == before


def test_a_state_directory_that_cannot_be_written_to_is_said_before_a_person_consents(
    tmp_path, environment, client_file
):
    (tmp_path / "file").write_text("")
    elsewhere = {**environment, "STATE_DIRECTORY": str(tmp_path / "file" / "state")}
    ended = run(elsewhere, "login", "--client", str(client_file))
    assert ended.one_line.startswith("captiond: Not a directory: ")


def test_what_goes_wrong_before_the_browser_is_one_line(environment, tmp_path, client_file):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = run(environment, "login", "--client", str(client_file), "--port", str(port))
        assert ended.one_line == f"captiond: port {port} is used by another program: choose another with --port"
    assert run(environment, "login").one_line.startswith("captiond: there is no OAuth client yet: ")
    missing = tmp_path / "missing.json"
    ended = run(environment, "login", "--client", str(missing))
    assert ended.one_line == f"captiond: the file {missing} cannot be read: No such file or directory"


def test_ctrl_c_changes_nothing(tmp_path, environment, token_file):
    there(token_file)
    before = {path.name: path.read_bytes() for path in token_file.parent.iterdir()}
    with LoggingIn(tmp_path, environment) as terminal:
        address = terminal.waits()
        ended = terminal.interrupted()
    assert ended.code > 0, "it ends by itself, not by the signal"
    assert "Traceback" not in ended.error
    after = {path.name: path.read_bytes() for path in token_file.parent.iterdir() if path.suffix != ".lock"}
    assert after == before
    port = int(query_of(address)["redirect_uri"].rstrip("/").rpartition(":")[2])
    with socket.socket() as tried:
        assert tried.connect_ex(("127.0.0.1", port)) != 0
