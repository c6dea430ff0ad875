import json

import pytest
from google.oauth2.credentials import Credentials

from daemon.errors import AskHuman
from daemon.youtube import login

TOKEN_URI = "http://127.0.0.1:9/token"
VALUES = {"refresh_token": "refresh", "client_id": "id", "client_secret": "secret", "token": "token"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / login.FILE


def without(name):
    return {key: value for key, value in VALUES.items() if key != name}


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


def test_an_old_access_token_is_not_used(path):
    path.write_text(json.dumps({**VALUES, "expiry": "2099-01-01T00:00:00Z"}))
    assert not login.load(path, TOKEN_URI).valid


def test_without_a_file_nobody_is_logged_in(path):
    with pytest.raises(AskHuman, match=r"nobody is logged in to YouTube: there is no token file .*youtube-token\.json"):
        login.load(path, TOKEN_URI)


def test_what_cannot_be_read_says_why(path):
    path.mkdir()
    with pytest.raises(AskHuman, match="cannot be read: Is a directory"):
        login.load(path, TOKEN_URI)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"3",
        b'"token"',
        b"{}",
        *(json.dumps(without(name)).encode() for name in ("refresh_token", "client_id", "client_secret")),
        *(json.dumps({**VALUES, "refresh_token": value}).encode() for value in (None, "", 3, ["refresh"])),
    ],
)
def test_what_holds_no_login_asks_for_one(path, content):
    path.write_bytes(content)
    with pytest.raises(AskHuman, match="holds no login: log in again"):
        login.load(path, TOKEN_URI)


def test_a_secret_is_never_part_of_the_sentence(path):
    path.write_text(json.dumps({**without("refresh_token"), "client_secret": "hush"}))
    with pytest.raises(AskHuman) as error:
        login.load(path, TOKEN_URI)
    assert "hush" not in str(error.value)
