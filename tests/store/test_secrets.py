"""Secrets by real places: a folder of credentials, an environment, and a keyring that keeps them in memory."""

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import KeyringLocked, PasswordDeleteError

from store import secrets
from store.errors import NotFound, Unusable
from store.secrets import SECRETS, Source


class Memory(KeyringBackend):
    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        if (service, username) not in self.kept:
            raise PasswordDeleteError("not there")
        del self.kept[service, username]


class Locked(Memory):
    def get_password(self, *_):
        raise KeyringLocked("locked")

    set_password = delete_password = get_password


@pytest.fixture(autouse=True)
def kept():
    before = keyring.get_keyring()
    backend = Memory()
    keyring.set_keyring(backend)
    yield backend.kept
    keyring.set_keyring(before)


@pytest.fixture
def credentials(tmp_path):
    def give(content):
        (tmp_path / "discord-token").write_bytes(content)
        return {"CREDENTIALS_DIRECTORY": str(tmp_path)}

    return give


def test_the_first_place_that_has_a_secret_gives_it(credentials):
    everywhere = {**credentials(b"from a file\n"), "DISCORD_TOKEN": "from a variable"}
    secrets.keep("discord-token", "from the keyring")
    found = secrets.find("discord-token", everywhere)
    assert (found.value, found.source) == ("from a file", Source.CREDENTIALS)
    found = secrets.find("discord-token", {**everywhere, "CREDENTIALS_DIRECTORY": "/nowhere"})
    assert (found.value, found.source) == ("from a variable", Source.ENVIRONMENT)
    found = secrets.find("discord-token", {"DISCORD_TOKEN": " "})
    assert (found.value, found.source) == ("from the keyring", Source.KEYRING)


def test_a_secret_that_is_nowhere_is_none():
    assert all(secrets.find(name, {}) is None for name in SECRETS)


def test_what_was_kept_is_forgotten_once():
    secrets.keep("gemini-api-key", "  hush-hush\n")
    assert secrets.find("gemini-api-key", {}).value == "hush-hush"
    assert secrets.forget("gemini-api-key")
    assert not secrets.forget("gemini-api-key")
    assert secrets.find("gemini-api-key", {}) is None


def test_nothing_is_no_secret(kept):
    with pytest.raises(ValueError, match="discord-token is empty: nothing was kept"):
        secrets.keep("discord-token", " \n")
    assert not kept


def test_an_unknown_name_is_answered_with_those_that_there_are():
    for act in (lambda: secrets.find("dicsord", {}), lambda: secrets.keep("x", "y"), lambda: secrets.forget("x")):
        with pytest.raises(NotFound, match=r"there is no secret .*; there are: youtube-client, discord-token"):
            act()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * (secrets.LONGEST_BYTES + 1)])
def test_a_credential_that_is_none_says_which(credentials, content):
    with pytest.raises(Unusable, match=r"the credential .*/discord-token"):
        secrets.find("discord-token", credentials(content))


def test_without_a_keyring_secrets_are_not_found_there_and_setting_one_says_what_to_do():
    keyring.set_keyring(fail.Keyring())
    assert secrets.find("discord-token", {}) is None
    assert not secrets.forget("discord-token")
    with pytest.raises(Unusable, match=r"no keyring .*: set \$DISCORD_TOKEN, or give the service a credential"):
        secrets.keep("discord-token", "hush-hush")


def test_a_locked_keyring_has_nothing_and_takes_nothing():
    keyring.set_keyring(Locked())
    assert secrets.find("discord-token", {}) is None
    with pytest.raises(Unusable):
        secrets.keep("discord-token", "hush-hush")
    with pytest.raises(Unusable, match="did not let discord-token be removed: locked"):
        secrets.forget("discord-token")


def test_a_secret_does_not_show_its_value():
    found = secrets.find("discord-token", {"DISCORD_TOKEN": "hush-hush"})
    assert "hush" not in f"{found} {found!r}"


def test_what_was_read_is_blotted_out_of_any_text():
    assert secrets.masked("the key is 0123456789abcdef") == "the key is 0123456789abcdef"
    secrets.find("assemblyai-api-key", {"ASSEMBLYAI_API_KEY": "0123456789abcdef"})
    assert secrets.masked("the key is 0123456789abcdef!") == "the key is «secret»!"


@pytest.mark.parametrize(
    "token",
    [
        "ya29.a0AfB_byC-" + "x" * 80,
        "1//0g" + "Ab-_" * 15,
        "4/0A" + "dQw4" * 12,
        "GOCSPX-" + "a1b2" * 7,
        "AIza" + "SyA-" * 9,
        "MTI" + "x" * 23 + ".GhIjKl." + "y" * 38,
    ],
)
def test_what_has_the_form_of_a_token_is_blotted_out_though_nobody_read_it(token):
    assert secrets.masked(f"token={token}, next") == "token=«secret», next"


@pytest.mark.parametrize("text", ["a short word", "dQw4w9WgXcQ", "/var/lib/captionwatch/x.json", "1/2 4/05 and 1//2"])
def test_what_is_no_secret_stays(text):
    assert secrets.masked(text) == text
