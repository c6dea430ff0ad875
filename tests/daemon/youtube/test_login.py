"""The login's file: what is loaded from it, how it is kept, and what renewing a token does to it."""

import contextlib
import json
import os
import resource
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import google.auth.transport.requests
import pytest
import requests
import structlog
from google.oauth2.credentials import Credentials

from daemon.errors import AskHuman
from daemon.youtube import login
from daemon.youtube.api import Api
from daemon.youtube.login import Grant
from sandbox.youtube import CHANNEL_ID, CHANNEL_TITLE, CLIENT_ID, CLIENT_SECRET, TOKEN, YouTube, make_app, running
from sandbox.youtube.state import TOKEN_SECONDS
from tests.loopback import answering

TOKEN_URI = "http://127.0.0.1:9/token"
VALUES = {"refresh_token": "refresh", "client_id": "id", "client_secret": "secret", "token": "token"}
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
GRANT = Grant("id", "hush-hush", "refresh", "access", NOW + timedelta(hours=1), NOW)
NEWER = replace(GRANT, refresh_token="newer refresh", access_token="newer access")


@pytest.fixture
def path(tmp_path):
    return tmp_path / login.FILE


@pytest.fixture
def youtube():
    return YouTube()


@pytest.fixture
def url(youtube):
    with running(make_app(youtube)) as address:
        yield address


@pytest.fixture
def calls(path, url):
    """Asks for the channels by the login that is in the file now, or by the one given."""

    def call(kept=None):
        with Api(kept or login.load(path, f"{url}/token"), url, 5, lambda _operation: None) as api:
            return [channel.youtube_id for channel in api.my_channels()]

    return call


def without(name):
    return {key: value for key, value in VALUES.items() if key != name}


def values(path):
    return json.loads(path.read_text())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def refreshed(kept):
    with requests.Session() as session:
        kept.refresh(google.auth.transport.requests.Request(session))


@contextlib.contextmanager
def full_disk():
    """Files cannot grow past their first bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# ---- what is loaded


def test_what_googles_library_wrote_is_loaded(path):
    path.write_text(Credentials("token", "refresh", None, "https://x.example", "id", "secret", ["x"]).to_json())
    loaded = login.load(path, TOKEN_URI)
    assert (loaded.refresh_token, loaded.client_id, loaded.client_secret) == ("refresh", "id", "secret")


def test_a_login_is_renewed_at_the_address_of_the_settings_alone(path):
    path.write_text(json.dumps({**VALUES, "token_uri": "https://evil.example/token"}))
    assert login.load(path, TOKEN_URI).token_uri == TOKEN_URI


def test_a_login_is_for_captions_whatever_the_file_says(path):
    path.write_text(json.dumps({**VALUES, "scopes": ["https://www.googleapis.com/auth/drive"]}))
    assert login.load(path, TOKEN_URI).scopes == [login.SCOPE]


@pytest.mark.parametrize(
    ("expiry", "valid"),
    [
        ("2099-01-01T00:00:00Z", True),
        ("2099-01-01T00:00:00", True),
        ("2099-01-01T01:00:00+01:00", True),
        ("2020-01-01T00:00:00Z", False),
        ("soon", False),
        ("9999-12-31T23:59:59-01:00", False),
        (4070908800, False),
        (None, False),
    ],
)
def test_an_access_token_is_used_until_its_known_expiry(path, expiry, valid):
    path.write_text(json.dumps({**VALUES, "expiry": expiry}))
    assert login.load(path, TOKEN_URI).valid is valid


@pytest.mark.parametrize("token", [None, "", 3, ["token"], "ya29.a\nb", "ya29.ж"])
def test_what_can_be_no_access_token_is_not_sent(path, token):
    path.write_text(json.dumps({**VALUES, "token": token, "expiry": "2099-01-01T00:00:00Z"}))
    assert not login.load(path, TOKEN_URI).valid


def test_without_a_file_nobody_is_logged_in(path):
    told = r"^nobody is logged in to YouTube: run captiond login \(there is no .*youtube-token\.json\)$"
    with pytest.raises(AskHuman, match=told):
        login.load(path, TOKEN_URI)


def test_what_cannot_be_read_says_why(path):
    path.mkdir()
    with pytest.raises(AskHuman, match="cannot be read: Is a directory"):
        login.load(path, TOKEN_URI)


NONE = [
    b"",
    b"nonsense",
    b"\xff\xfe",
    b"[]",
    b"null",
    b"3",
    b'"token"',
    b"{}",
]


@pytest.mark.parametrize(
    "content",
    [
        *NONE,
        *(json.dumps(without(name)).encode() for name in ("refresh_token", "client_id", "client_secret")),
        *(json.dumps({**VALUES, "refresh_token": value}).encode() for value in (None, "", 3, ["refresh"])),
    ],
)
def test_what_holds_no_login_asks_for_one(path, content):
    path.write_bytes(content)
    with pytest.raises(AskHuman, match="holds no login: log in again: captiond login"):
        login.load(path, TOKEN_URI)


def test_a_secret_is_never_part_of_the_sentence(path):
    path.write_text(json.dumps({**without("refresh_token"), "client_secret": "hush"}))
    with pytest.raises(AskHuman) as error:
        login.load(path, TOKEN_URI)
    assert "hush" not in str(error.value)


# ---- what is beside the login


def test_the_client_is_that_of_the_login(path):
    login.save(path, GRANT, TOKEN_URI)
    assert login.client(path) == ("id", "hush-hush")


@pytest.mark.parametrize("content", [*NONE, json.dumps(without("client_secret")).encode()])
def test_a_file_without_a_client_has_none(path, content):
    path.write_bytes(content)
    with pytest.raises(AskHuman, match="holds no login"):
        login.client(path)


def test_channels_are_noted_beside_the_login_and_forgotten_with_it(path):
    login.save(path, GRANT, TOKEN_URI)
    assert login.channels(path) == {}
    login.note_channels(path, {CHANNEL_ID: CHANNEL_TITLE})
    assert login.channels(path) == {CHANNEL_ID: CHANNEL_TITLE}
    assert login.load(path, TOKEN_URI).refresh_token == "refresh"
    login.save(path, NEWER, TOKEN_URI)
    assert login.channels(path) == {}, "the new login may cover others"


def test_channels_that_are_none_are_none(path):
    path.write_text(json.dumps({**VALUES, "channels": ["UC"]}))
    assert login.channels(path) == {}


def test_identity_changes_with_a_new_login_and_with_nothing_else(path, youtube, url):
    assert login.identity(path) == ""
    grant = replace(GRANT, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, refresh_token=TOKEN["refresh_token"])
    kept = login.save(path, grant, f"{url}/token")
    first = login.identity(path)
    assert first
    login.note_channels(path, {CHANNEL_ID: CHANNEL_TITLE})
    refreshed(kept)
    assert values(path)["token"] in youtube.access_tokens, "it was renewed"
    assert login.identity(path) == first
    login.save(path, NEWER, TOKEN_URI)
    assert login.identity(path) not in ("", first)


@pytest.mark.parametrize("content", [*NONE, json.dumps(without("refresh_token")).encode()])
def test_what_holds_no_login_has_no_identity(path, content):
    path.write_bytes(content)
    assert login.identity(path) == ""


def test_identity_tells_nothing_of_the_secret(path):
    login.save(path, GRANT, TOKEN_URI)
    assert "refresh" not in login.identity(path)


# ---- how it is kept


def test_what_is_saved_is_loaded(path):
    grant = replace(GRANT, expires_at=datetime.now(UTC) + timedelta(hours=1), ends_at=NOW + timedelta(days=7))
    saved, loaded = login.save(path, grant, TOKEN_URI), login.load(path, TOKEN_URI)
    for one in (saved, loaded):
        assert (one.client_id, one.client_secret, one.refresh_token) == ("id", "hush-hush", "refresh")
        assert (one.token, one.valid) == ("access", True)
        assert one.expiry == grant.expires_at.replace(tzinfo=None)
        assert (one.logged_in_at, one.ends_at) == (NOW, NOW + timedelta(days=7))


def test_what_is_saved_is_read_by_googles_library_too(path):
    login.save(path, GRANT, TOKEN_URI)
    read = Credentials.from_authorized_user_file(str(path))
    assert (read.token, read.refresh_token, read.scopes) == ("access", "refresh", [login.SCOPE])
    assert read.expiry == GRANT.expires_at.replace(tzinfo=None)


@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o177])
@pytest.mark.parametrize("there", ["nothing", "a file for all", "a half-written file for all", "a link"])
def test_only_its_owner_reads_the_login_whatever_was_there(path, umask, there):
    if there == "a file for all":
        path.write_text("{}")
        path.chmod(0o666)
    elif there == "a half-written file for all":
        part = path.with_name(f".{path.name}.part")
        part.write_text("{")
        part.chmod(0o666)
    elif there == "a link":
        path.symlink_to("elsewhere")
    before = os.umask(umask)
    try:
        login.save(path, GRANT, TOKEN_URI)
        modes = [mode(path)]
        login.note_channels(path, {})
        modes.append(mode(path))
    finally:
        os.umask(before)
    assert not path.is_symlink()
    assert modes == [0o600, 0o600]
    assert all(mode(other) == 0o600 for other in path.parent.iterdir())
    assert values(path)["refresh_token"] == "refresh"


def test_a_folder_that_is_made_for_it_is_for_its_owner_alone(tmp_path):
    login.save(tmp_path / "state" / login.FILE, GRANT, TOKEN_URI)
    assert mode(tmp_path / "state") == 0o700


def test_a_full_disk_leaves_the_login_that_was_there(path):
    login.save(path, GRANT, TOKEN_URI)
    before = path.read_bytes()
    for act in (lambda: login.save(path, NEWER, TOKEN_URI), lambda: login.note_channels(path, {"UC": "x"})):
        with full_disk(), pytest.raises(OSError, match="File too large"):
            act()
        assert path.read_bytes() == before
    login.save(path, NEWER, TOKEN_URI)
    assert values(path)["refresh_token"] == "newer refresh"


def test_a_crash_in_the_middle_leaves_the_login_that_was_there(path):
    """The limit on the size of a file kills the process while it writes."""
    login.save(path, GRANT, TOKEN_URI)
    before = path.read_bytes()
    script = f"""
import resource, signal
from pathlib import Path
from daemon.youtube import login
path = Path({str(path)!r})
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
login.note_channels(path, {{"UC": "x"}})
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=Path(login.__file__).parents[2], timeout=60)
    assert done.returncode == -signal.SIGXFSZ
    assert path.read_bytes() == before
    login.save(path, NEWER, TOKEN_URI)
    assert values(path)["refresh_token"] == "newer refresh"


# ---- renewing


def test_a_renewed_access_token_is_kept_and_used_by_the_next_process(path, youtube, calls):
    path.write_text(json.dumps(TOKEN))
    assert calls() == [CHANNEL_ID]
    assert values(path)["token"] in youtube.access_tokens
    assert datetime.now(UTC) < datetime.fromisoformat(values(path)["expiry"])
    assert datetime.fromisoformat(values(path)["expiry"]) < datetime.now(UTC) + timedelta(seconds=TOKEN_SECONDS)
    assert calls() == [CHANNEL_ID]
    assert youtube.requests["token"] == 1


def test_the_access_token_that_came_with_the_login_is_used(path, youtube, url, calls):
    now = datetime.now(UTC)
    refresh = youtube.add_account(CHANNEL_ID)
    youtube.access_tokens["ya29.given"] = (youtube.accounts[refresh], now + timedelta(hours=1))
    grant = Grant(CLIENT_ID, CLIENT_SECRET, refresh, "ya29.given", now + timedelta(hours=1), now)
    assert calls(login.save(path, grant, f"{url}/token")) == [CHANNEL_ID]
    assert youtube.requests["token"] == 0


def test_a_token_that_google_does_not_know_any_more_is_renewed_whatever_its_expiry(path, youtube, calls):
    path.write_text(json.dumps(TOKEN))
    calls()
    youtube.expire_tokens()
    assert calls() == [CHANNEL_ID]
    assert youtube.requests["token"] == 2
    assert values(path)["token"] in youtube.access_tokens


def test_a_token_whose_time_is_over_is_renewed_before_it_is_refused(path, youtube, calls):
    path.write_text(json.dumps({**TOKEN, "token": "ya29.old", "expiry": "2020-01-01T00:00:00Z"}))
    assert calls() == [CHANNEL_ID]
    assert (youtube.requests["token"], youtube.requests["channels.list"]) == (1, 1)


def test_renewing_keeps_what_is_beside_the_tokens(path):
    login.save(path, replace(GRANT, ends_at=NOW + timedelta(days=7)), TOKEN_URI)
    login.note_channels(path, {CHANNEL_ID: CHANNEL_TITLE})
    before = values(path)
    with answering({"access_token": "renewed", "expires_in": 86_400, "token_type": "Bearer"}) as other:
        refreshed(login.load(path, f"{other}/token"))
    after = values(path)
    assert after.pop("token") == "renewed"
    assert after.pop("expiry") > before["expiry"]
    assert after == {name: value for name, value in before.items() if name not in ("token", "expiry")}
    assert mode(path) == 0o600


def test_a_new_login_made_meanwhile_is_not_overwritten_by_the_old_one(path, calls, url):
    path.write_text(json.dumps(TOKEN))
    old = login.load(path, f"{url}/token")
    login.save(path, NEWER, TOKEN_URI)
    before = path.read_bytes()
    assert calls(old) == [CHANNEL_ID]
    assert old.token
    assert path.read_bytes() == before


def test_a_login_that_was_taken_away_meanwhile_stays_away(path, calls, url):
    path.write_text(json.dumps(TOKEN))
    old = login.load(path, f"{url}/token")
    path.unlink()
    with structlog.testing.capture_logs():
        assert calls(old) == [CHANNEL_ID]
    assert not path.exists()


def test_a_refresh_token_that_google_replaces_is_kept_and_what_is_renewed_with_it_too(path):
    """Google does not replace it today; RFC 6749, 6 lets it."""
    path.write_text(json.dumps(VALUES))
    with answering({"access_token": "renewed", "refresh_token": "replaced", "expires_in": 3600}) as other:
        kept = login.load(path, f"{other}/token")
        refreshed(kept)
        assert values(path)["refresh_token"] == "replaced"
        path.write_text(json.dumps({**values(path), "token": "older"}))
        refreshed(kept)
    assert values(path)["token"] == "renewed"


def gone(path):
    path.unlink()
    path.parent.rmdir()


@pytest.mark.parametrize(
    "trouble",
    [
        lambda path: path.with_name(f".{path.name}.part").mkdir(),
        lambda path: path.with_name(f".{path.name}.lock").mkdir(),
        gone,
        *(lambda path, content=content: path.write_bytes(content) for content in NONE if content != b"{}"),
    ],
)
def test_a_renewed_token_that_cannot_be_kept_is_used_all_the_same(tmp_path, youtube, url, trouble):
    path = tmp_path / "state" / login.FILE
    path.parent.mkdir()
    path.write_text(json.dumps(TOKEN))
    kept = login.load(path, f"{url}/token")
    trouble(path)
    with structlog.testing.capture_logs() as logged, Api(kept, url, 5, lambda _operation: None) as api:
        assert [channel.youtube_id for channel in api.my_channels()] == [CHANNEL_ID]
    assert [(line["event"], line["log_level"]) for line in logged] == [("could not keep the access token", "warning")]
    assert not any(token in str(logged) for token in youtube.access_tokens)


def test_a_full_disk_does_not_end_a_call(path, youtube, calls):
    path.write_text(json.dumps(TOKEN))
    before = path.read_bytes()
    with structlog.testing.capture_logs() as logged, full_disk():
        assert calls() == [CHANNEL_ID]
    assert [(line["event"], line["log_level"]) for line in logged] == [("could not keep the access token", "warning")]
    assert path.read_bytes() == before


# ---- a login that is lost


@pytest.mark.parametrize(
    ("ends_at", "told"),
    [
        (None, "the login to YouTube was revoked or has expired (after seven days, if"),
        (NOW + timedelta(seconds=1), "the login to YouTube was revoked or has expired (after seven days, if"),
        (NOW, "the login to YouTube ended on 2026-11-22, seven days after it was given, since the consent screen"),
    ],
)
def test_a_lost_login_says_why_it_is_lost_and_what_to_do(path, ends_at, told):
    lost = login.save(path, replace(GRANT, ends_at=ends_at), TOKEN_URI).lost(NOW)
    assert lost.startswith(told)
    assert lost.endswith("log in again: captiond login")
