"""captiond secret set, list and remove, as processes with a keyring in a file."""

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from store.secrets import LONGEST_BYTES, SECRETS
from tests.loopback import NO_KEYRING, environment_of, run
from tests.machine import PATIENCE_SECONDS, program

ROOT = Path(__file__).parents[2]
VALUE = "hush-hush-0123456789"


@pytest.fixture
def kept_in(tmp_path):
    return tmp_path / "keyring.json"


@pytest.fixture
def environment(tmp_path, kept_in):
    return environment_of(
        tmp_path / "state",
        tmp_path / "config.toml",
        PYTHON_KEYRING_BACKEND="tests.file_keyring.FileKeyring",
        PYTHONPATH=str(ROOT),
        FILE_KEYRING=str(kept_in),
    )


@pytest.fixture
def secret(environment):
    """`captiond secret WORDS`; what it prints never holds the value."""

    def act(*words, typed="", **more):
        ended = run({**environment, **more}, "secret", *words, typed=typed)
        assert VALUE not in ended.said + ended.error
        return ended

    return act


@pytest.fixture
def found(secret):
    """Where `secret list` finds each."""

    def look(**more):
        ended = secret("list", "--json", **more)
        assert (ended.code, ended.error) == (0, "")
        return {row["secret"]: row["found in"] for row in json.loads(ended.said)}

    return look


def kept(path):
    return json.loads(path.read_text()) if path.exists() else {}


NOWHERE = dict.fromkeys(SECRETS)


def test_a_secret_goes_into_the_keyring_is_listed_and_goes_out_again(secret, found, kept_in):
    assert found() == NOWHERE
    ended = secret("set", "discord-token", typed=f" {VALUE}\n")
    assert (ended.code, ended.said, ended.error) == (0, "discord-token is kept in the keyring.\n", "")
    assert kept(kept_in) == {"captionwatch/discord-token": VALUE}
    assert found() == {**NOWHERE, "discord-token": "keyring"}
    ended = secret("remove", "discord-token")
    assert (ended.code, ended.said, ended.error) == (0, "discord-token was taken out of the keyring.\n", "")
    assert kept(kept_in) == {}
    ended = secret("remove", "discord-token")
    assert (ended.code, ended.said, ended.error) == (0, "discord-token was not in the keyring.\n", "")


def test_the_list_tells_where_each_was_found_first_and_what_it_is_for(secret, found, tmp_path):
    secret("set", "assemblyai-api-key", typed=VALUE)
    secret("set", "gemini-api-key", typed=VALUE)
    (tmp_path / "discord-token").write_text(VALUE)
    places = {"CREDENTIALS_DIRECTORY": str(tmp_path), "DISCORD_TOKEN": VALUE, "GEMINI_API_KEY": VALUE}
    assert found(**places) == {
        "youtube-client": None,
        "discord-token": "systemd credentials",
        "assemblyai-api-key": "keyring",
        "gemini-api-key": "environment",
        "huggingface-token": None,
    }
    ended = secret("list", COLUMNS="200", **places)
    assert (ended.code, ended.error) == (0, "")
    lines = {line.split()[0]: " ".join(line.split()) for line in ended.said.splitlines()}
    assert lines["discord-token"] == "discord-token systemd credentials the token of your Discord bot"
    assert lines["youtube-client"].startswith("youtube-client - the OAuth client")


def test_a_client_file_is_kept_whole(secret, kept_in):
    text = json.dumps({"installed": {"client_id": "id", "client_secret": VALUE}}, indent=1)
    assert secret("set", "youtube-client", typed=text).code == 0
    assert kept(kept_in) == {"captionwatch/youtube-client": text}


def test_setting_anew_replaces(secret, kept_in):
    for value in ("older", VALUE):
        secret("set", "gemini-api-key", typed=value)
    assert kept(kept_in) == {"captionwatch/gemini-api-key": VALUE}


def test_a_secret_that_is_still_elsewhere_after_it_was_removed_is_said_so(secret):
    secret("set", "discord-token", typed=VALUE)
    for said in ("was taken out of the keyring", "was not in the keyring"):
        ended = secret("remove", "discord-token", DISCORD_TOKEN=VALUE)
        assert ended.one_line == "captiond: discord-token is still found in: environment"
        assert said in ended.said


@pytest.mark.parametrize("typed", ["", " \n"])
def test_nothing_is_not_kept(secret, kept_in, typed):
    assert secret("set", "discord-token", typed=typed).one_line == "captiond: discord-token is empty: nothing was kept"
    assert kept(kept_in) == {}


def test_what_is_too_long_to_be_a_secret_is_not_kept_in_half(secret, kept_in):
    ended = secret("set", "youtube-client", typed="x" * (LONGEST_BYTES + 1))
    assert "too long" in ended.one_line
    assert kept(kept_in) == {}


@pytest.mark.parametrize("verb", ["set", "remove"])
def test_an_unknown_name_is_answered_with_the_one_that_was_meant(secret, kept_in, verb):
    told = f"captiond: there is no secret discord-tokn; there are: {', '.join(SECRETS)}; did you mean discord-token?"
    assert secret(verb, "discord-tokn", typed=VALUE).one_line == told
    assert kept(kept_in) == {}


def test_without_a_keyring_it_is_one_line_that_says_where_else(secret, found):
    nothing = {"PYTHON_KEYRING_BACKEND": NO_KEYRING}
    assert secret("set", "discord-token", typed=VALUE, **nothing).one_line == (
        "captiond: this machine has no keyring that can be used: set $DISCORD_TOKEN, "
        "or give the service a credential named discord-token"
    )
    assert found(**nothing) == NOWHERE
    assert found(DISCORD_TOKEN=VALUE, **nothing) == {**NOWHERE, "discord-token": "environment"}
    ended = secret("remove", "discord-token", **nothing)
    assert (ended.code, ended.said) == (0, "discord-token was not in the keyring.\n")


def test_a_credential_that_cannot_be_read_is_one_line(secret, tmp_path):
    (tmp_path / "discord-token").write_bytes(b"\xff\xfe")
    said = secret("list", CREDENTIALS_DIRECTORY=str(tmp_path)).one_line
    assert said.startswith(f"captiond: the credential {tmp_path}/discord-token cannot be read")


def test_what_is_typed_in_a_terminal_is_asked_for_by_name_and_not_shown(environment, kept_in):
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [program("captiond"), "secret", "set", "discord-token"],
        env=environment,
        stdin=its,
        stdout=its,
        stderr=its,
        start_new_session=True,
    )
    os.close(its)
    shown = b""
    try:
        while not shown.endswith(b": "):  # shown when the echo is off
            shown += os.read(ours, 1000)
        os.write(ours, f"{VALUE}\n".encode())
        while chunk := read(ours):
            shown += chunk
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
    finally:
        os.close(ours)
        if process.poll() is None:
            process.kill()
            process.wait()
    assert shown.startswith(b"discord-token: ")
    assert b"is kept in the keyring" in shown
    assert VALUE.encode() not in shown
    assert kept(kept_in) == {"captionwatch/discord-token": VALUE}


def read(terminal):
    """What comes from a terminal; nothing when nobody is there any more."""
    try:
        return os.read(terminal, 1000)
    except OSError:
        return b""
