"""Secrets get into no log, no event, no traceback, no output and no file: the whole is run, and all of it searched.

Real logins, a video from its feed to YouTube under verbose captiond, with expired and revoked logins, pages in between,
a bug with its traceback, and every command that looks at secrets. None of the secrets here but Google's tokens has a
form by which it could be blotted out: they are not written in the first place.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
import typer

from daemon.command_line import one_line_for_expected_errors
from daemon.errors import AskHuman
from daemon.stages import effect_of
from daemon.youtube import login
from sandbox import youtube
from sandbox.youtube import CLIENT_ID, CLIENT_SECRET, YouTube
from store import channels, services
from store.lifecycle import DraftState, VideoState
from store.tables import Video
from tests.conftest import sample, whisper_tiny
from tests.loopback import LoggingIn, answering, consented, environment_of, run
from tests.machine import CONFIG, Machine, Sandbox, program, wait_for

ROOT = Path(__file__).parents[1]
AFTER_THE_ROUTE = (
    ("captiond", "secret", "list"),
    ("captiond", "secret", "list", "--json"),
    ("captiond", "check", "--json"),
    ("captionbot", "console", "status"),
    ("captionbot", "console", "channel", "list", "--json"),
    ("captionbot", "console", "draft", "show", "1", "--json"),
)
KINDS = ("refresh token", "access token", "code", "client secret", "Discord token", "API key")


class InThisProcess(Sandbox):
    """A sandbox whose state can be looked into."""

    def __init__(self, url: str) -> None:
        self.url = url


class VerboseMachine(Machine):
    def start_verbosely(self, *words: str, **places: str) -> None:
        values = {"url": self.sandbox.url, "plugins": youtube.PLUGIN_DIR, "model": self.model}
        text = CONFIG.format(**values, tick=0.1, idle=300)
        for name, value in places.items():
            text = text.replace(f'{name} = "{self.sandbox.url}"', f'{name} = "{value}"')
        self.config.write_text(text)
        before = self.logged.count("started")
        command = [program("captiond"), "run", "--verbose", *words]
        with self.log.open("ab") as log:
            self.captiond = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        wait_for("captiond runs", lambda: self.logged.count("started") > before)

    @property
    def logged(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@dataclass
class Whole:
    """What was done: the secrets by their kinds, what was in the token file at times, and all that came of it."""

    secrets: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    token_files: list[str] = field(default_factory=list)
    outcome: dict[str, bytes] = field(default_factory=dict)
    video: str = ""

    def places_with(self, text: str) -> list[str]:
        """The places in which a text stands, as it is or as it is sent."""
        pair = f"{CLIENT_ID}:{text}".encode()
        forms = {text.encode(), quote(text, safe="").encode(), base64.b64encode(pair), ascii(text)[1:-1].encode()}
        return [place for place, found in self.outcome.items() if any(form in found for form in forms)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Iterator[Whole]:
    folder = tmp_path_factory.mktemp("whole")
    played = YouTube()
    done = Whole()
    with pytest.MonkeyPatch.context() as patch, youtube.running(youtube.make_app(played)) as url:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
        owner = VerboseMachine(folder, InThisProcess(url), whisper_tiny())
        owner.environment = _environment(owner, folder, done)
        try:
            _everything(owner, played, done, folder)
        finally:
            if owner.captiond is not None and owner.captiond.poll() is None:
                owner.stop()
            owner.database.close()
        _collect(owner, done)
    yield done


def _environment(owner: VerboseMachine, folder: Path, done: Whole) -> dict[str, str]:
    """Secrets in every place where they may be."""
    keyring, credentials = folder / "keyring.json", folder / "credentials"
    keyring.write_text(json.dumps({"captionwatch/gemini-api-key": "needle-gemini-1c5e0a"}))
    credentials.mkdir()
    (credentials / "discord-token").write_text("needle-credential-93b1d7\n")
    client = json.dumps({"installed": {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}})
    done.secrets["client secret"] |= {CLIENT_SECRET}
    done.secrets["Discord token"] |= {"needle-credential-93b1d7", "needle-discord-5d02fe"}
    done.secrets["API key"] |= {"needle-gemini-1c5e0a", "needle-assemblyai-b84e19"}
    return environment_of(
        owner.state,
        owner.config,
        YOUTUBE_CLIENT=client,
        DISCORD_TOKEN="needle-discord-5d02fe",
        ASSEMBLYAI_API_KEY="needle-assemblyai-b84e19",
        CREDENTIALS_DIRECTORY=str(credentials),
        PYTHON_KEYRING_BACKEND="tests.file_keyring.FileKeyring",
        PYTHONPATH=str(ROOT),
        FILE_KEYRING=str(keyring),
        HF_HUB_OFFLINE="1",
    )


def _everything(owner: VerboseMachine, played: YouTube, done: Whole, folder: Path) -> None:
    token_file = owner.state / login.FILE

    def remember() -> None:
        done.token_files.append(token_file.read_text())
        done.secrets["access token"] |= set(played.access_tokens)
        done.secrets["refresh token"] |= set(played.accounts)

    def logs_in(code: int = 0) -> None:
        with LoggingIn(folder, owner.environment) as terminal:
            done.secrets["code"].add(consented(terminal.waits()))
            ended = terminal.ends()
        assert ended.code == code, ended
        done.outcome[f"login {len(done.outcome)}"] = f"{ended.said}{ended.error}".encode()
        remember()

    remember()
    played.expire_tokens()
    played.fault("token", "html", 1, 502)
    owner.start_verbosely()
    wait_for("the page is noted", lambda: (found := services.get(owner.database, "captiond")) and found.note)
    played.fault("token", "status", 1, 500)
    logs_in(code=1)
    logs_in()
    wait_for("the login", lambda: (found := services.get(owner.database, "captiond")) and found.covers)
    owner.told("channel", "add", "@sandbox")
    done.video = owner.sandbox.publishes(sample("beckett.wav"))
    wait_for("a draft", lambda: (found := owner.video(done.video)) and found.state is VideoState.DRAFTED)
    remember()
    played.fault("feed", "status", 1, 500)
    played.revoke(json.loads(token_file.read_text())["refresh_token"])
    owner.told("draft", "approve", "1")
    wait_for("nobody is logged in", lambda: owner.draft().state is DraftState.FAILED)
    logs_in()
    played.expire_tokens()
    owner.told("draft", "retry", "1")
    wait_for("uploaded", lambda: owner.draft().state is DraftState.UPLOADED)
    remember()
    owner.stop()
    _bug(owner, token_file, done)
    remember()
    for words in AFTER_THE_ROUTE:
        if words[0] != "captiond" or words[1] in run(owner.environment, "--help").said:
            ended = subprocess.run(
                [program(words[0]), *words[1:]], env=owner.environment, capture_output=True, timeout=120
            )
            done.outcome[" ".join(words)] = ended.stdout + ended.stderr


def _bug(owner: VerboseMachine, token_file: Path, done: Whole) -> None:
    """A token file that was damaged, and an API that answers what nobody has foreseen: two tracebacks, and a row."""
    damaged = "ya29.damaged" + "ж" * 40
    done.secrets["access token"].add(damaged)
    kept = json.loads(token_file.read_text())
    token_file.write_text(json.dumps({**kept, "token": damaged, "expiry": "2099-01-01T00:00:00Z"}, ensure_ascii=False))
    done.token_files.append(token_file.read_text())
    with answering({"error": {"errors": [3]}}, 403) as other:  # on which Google's own library fails
        owner.start_verbosely("--log", "text", api_root=other)
        wait_for("a traceback", lambda: "Traceback" in owner.logged)
        asked = channels.ask(owner.database, "@unforeseen", "test")
        wait_for("the bug", lambda: channels.find(owner.database, str(asked.number)).last_error)
        owner.stop()
    owner.config.write_text(owner.config.read_text().replace(other, owner.sandbox.url))


def _collect(owner: VerboseMachine, done: Whole) -> None:
    done.outcome["the log"] = owner.log.read_bytes()
    with closing(sqlite3.connect(owner.state / "captionwatch.db")) as connection:
        done.outcome["the database's rows"] = "\n".join(connection.iterdump()).encode()
    for path in sorted(owner.state.rglob("*")):
        if path.is_file() and path.name != login.FILE:
            done.outcome[f"the file {path.relative_to(owner.state)}"] = path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_is_in_anything_that_is_written(whole, kind):
    assert whole.secrets[kind]
    found = {place for secret in whole.secrets[kind] for place in whole.places_with(secret)}
    assert found == set()


def test_what_is_searched_for_is_what_the_token_file_holds(whole):
    for kind, least in {"refresh token": 3, "access token": 4, "client secret": 1}.items():
        held = {secret for secret in whole.secrets[kind] if any(secret in text for text in whole.token_files)}
        assert len(held) >= least, kind
    assert len(whole.secrets["code"]) == 3


def test_what_is_searched_is_where_it_all_happened(whole):
    """Each place holds what it should: were it empty, or not the right one, nothing could be found in it."""
    assert {"the log", "the database's rows", "the file captionwatch.db"} <= set(whole.places_with(whole.video))
    assert b"Traceback (most recent call last)" in whole.outcome["the log"]
    rows = whole.outcome["the database's rows"]
    assert rows.count(b"log in again: captiond login") >= 1
    assert b'INSERT INTO "event"' in rows or b"INSERT INTO event" in rows
    assert whole.places_with("Logged in. Approved captions go to")
    assert whole.places_with("Google could not give a login now") or whole.places_with("Google did not accept")
    assert whole.places_with("systemd credentials")
    assert b"uploaded" in whole.outcome["the log"]


# ---- where one would get by


def test_what_a_bug_says_of_itself_is_stored_without_secrets():
    row, now = Video(youtube_id="dQw4w9WgXcQ"), datetime(2026, 11, 22, tzinfo=UTC)
    token = "ya29." + "a" * 90
    for error in (RuntimeError(f"Bearer {token}"), AskHuman(f"refused {token}")):
        assert "aaaa" not in effect_of(error, row, now).message


def test_what_ends_a_command_is_told_without_secrets(capfd):
    token = "ya29." + "a" * 90
    for error in (AskHuman(f"refused {token}"), ValueError(f"Invalid header value b'Bearer {token}'")):
        with pytest.raises(typer.Exit), one_line_for_expected_errors():
            raise error
    said = capfd.readouterr().err
    assert "refused" in said
    assert "aaaa" not in said
