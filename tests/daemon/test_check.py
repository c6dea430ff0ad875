"""captiond check: what it finds, by real folders, databases and a loopback YouTube; and the real command, as typed.

Most of it runs in this process, each finding being looked for no further than needed.
"""

import hashlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import keyring
import pytest
from keyring.backends import null

from daemon.check import Wanted, check
from daemon.findings import Mark
from daemon.speech.engines import ENGINES
from daemon.stages import WHO
from daemon.youtube import login
from sandbox import youtube
from sandbox.youtube import YouTube
from store import database as stored
from store import services, videos
from store.database import Database, sqlite_url
from tests.conftest import whisper_tiny
from tests.machine import machine, program

OK, WARNING, ERROR = Mark.OK, Mark.WARNING, Mark.ERROR
NAMES = [
    "python",
    "packages",
    "config",
    "disk",
    "database",
    "captiond",
    "gpu",
    *ENGINES,
    "yt-dlp",
    "javascript",
    "secrets",
    "login",
]
OF_THE_DAY = {"disk", "yt-dlp"}  # how much room there is, and how long ago the versions were pinned
NO_FOLDER = "/no/such/folder"  # as the model: told of at once, where a test is about what comes after
NOT_FETCHED = "nobody/no-such-model"
PAGE_BYTES = 4096  # SQLite's
CARD = "NVIDIA GeForce RTX 4070, 12282 MiB, 560.35.03"
ESCAPES = "Red \x1b[31mteam\x1b]0;owned\x07 \x9b2J\u202e!"
HUSH = {"DISCORD_TOKEN": "hush-hush-token", "gemini-api-key": "hush-hush-key"}

CONFIG = """
[daemon.youtube]
api_root = "{url}"
token_uri = "{url}/token"
cookies_file = "{cookies}"

[daemon.engines.whisper]
model = "{model}"
device = "{device}"
"""


class Owner:
    """An owner's config.toml and state directory, and what a check in this process finds there."""

    def __init__(self, folder, played, url):
        self.folder, self.youtube, self.url = folder, played, url
        self.config, self.state = folder / "config.toml", folder / "state"
        self.steps = []
        self.configures()

    @property
    def file(self):
        return self.state / "captionwatch.db"

    @property
    def token(self):
        return self.state / login.FILE

    def configures(self, text="", url=None, cookies="", model=NO_FOLDER, device="auto"):
        self.config.write_text(CONFIG.format(url=url or self.url, cookies=cookies, model=model, device=device) + text)

    def looks(self, **wanted):
        return check(Wanted(self.config, self.state, **wanted), lambda _, step: self.steps.append(step))

    def finds(self, name, **wanted):
        """The first finding of that name. What comes after it is not looked for."""
        with closing(self.looks(**wanted)) as found:
            return next(finding for finding in found if finding.name == name)

    def finds_all(self, name, before, **wanted):
        """All findings of that name among those before the first one that is called `before`."""
        with closing(self.looks(**wanted)) as found:
            return [finding for finding in takewhile(lambda one: one.name != before, found) if finding.name == name]

    @contextmanager
    def database(self, now=lambda: datetime.now(UTC)):
        """The present database, made where it is not there."""
        self.state.mkdir(exist_ok=True)
        opened = Database(sqlite_url(self.file), busy_seconds=10, now=now)
        stored.migrate(opened)
        yield opened
        opened.close()

    def logs_in(self, mode=0o600, **values):
        self.state.mkdir(exist_ok=True)
        self.token.write_text(json.dumps({**youtube.TOKEN, **values}))
        self.token.chmod(mode)


@pytest.fixture(autouse=True)
def _bare_machine(monkeypatch, tmp_path):
    """No card, no secret, no model and no config of the machine that the tests run on."""
    kept = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())
    (tmp_path / "programs").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "programs"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("YOUTUBE_CLIENT", "DISCORD_TOKEN", "ASSEMBLYAI_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    yield
    keyring.set_keyring(kept)


@pytest.fixture
def owner(tmp_path):
    played = YouTube()
    with youtube.running(youtube.make_app(played)) as url:
        yield Owner(tmp_path, played, url)


def has_program(owner, name, *lines):
    path = owner.folder / "programs" / name
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)


def has_module(owner, monkeypatch, name, *lines):
    """A Python module that processes find before the one that is installed."""
    folder = owner.folder / "modules"
    folder.mkdir()
    (folder / f"{name}.py").write_text("\n".join([*lines, ""]))
    before = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), *([before] if before else [])]))


def contents(folder):
    """Every file below a folder: its mode, and what is in it."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file()
    }


# ---- packages, config


def test_the_versions_of_what_the_route_stands_on_are_told(owner):
    found = owner.finds("packages")
    assert found.mark is OK
    assert all(f"{name} " in found.message for name in ("captionwatch", "faster-whisper", "yt-dlp", "yt-dlp-ejs"))


def test_a_package_that_is_not_installed_is_an_error_with_the_command_that_installs_it(owner, monkeypatch):
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])
    found = owner.finds("packages")
    assert (found.mark, "faster-whisper" in found.message) == (ERROR, True)
    assert "pip install" in found.cure


def test_all_mistakes_of_a_config_are_told_and_nothing_else_is_looked_at(owner):
    owner.configures("[daemon.download]\nparallel = 0\nparalel = 1\n[store]\nurl = 'nonsense'\n")
    found = list(owner.looks())
    assert [finding.name for finding in found] == ["python", "packages", "config"]
    assert found[-1].mark is ERROR
    for mistake in ("daemon.download.parallel:", "Did you mean parallel?", "store.url: is no address"):
        assert mistake in found[-1].message
    assert not owner.state.exists()


def test_a_config_that_cannot_be_used_is_named(owner):
    owner.config.write_text("nonsense")
    assert str(owner.config) in owner.finds("config").message
    owner.config.unlink()
    assert str(owner.config) in owner.finds("config").message


def test_without_a_config_everything_has_its_default(owner):
    with closing(check(Wanted(None, owner.state), lambda *_: None)) as found:
        config = next(finding for finding in found if finding.name == "config")
    assert (config.mark, config.message) == (OK, "none: everything has its default")


# ---- the state directory


def test_the_state_directory_is_made_for_its_owner_alone_and_nothing_is_left_in_it(owner):
    found = owner.finds("disk")
    assert f"GB free in {owner.state}" in found.message
    assert owner.state.stat().st_mode & 0o777 == 0o700
    assert list(owner.state.iterdir()) == []


@pytest.mark.parametrize("place", ["state", "state/below"])
def test_a_state_directory_that_cannot_be_is_an_error_that_names_it_and_who_stands_in_its_way(owner, place):
    owner.state.write_text("a file")
    owner.state = owner.folder / place
    found = owner.finds("disk")
    assert (found.mark, f"{owner.state} cannot be written to" in found.message) == (ERROR, True)
    assert f"the right to write to {owner.folder / 'state'}, or set $STATE_DIRECTORY" in found.cure
    assert owner.finds("login").mark is WARNING, "the check goes on"


def test_a_state_directory_that_cannot_be_looked_at_is_an_error_too(owner):
    owner.state = owner.folder / ("x" * 300)
    assert owner.finds("disk").mark is ERROR
    assert owner.finds("login").mark is WARNING, "the check goes on"


# ---- the database, and captiond


def test_a_database_that_is_not_there_yet_is_well_and_is_not_made(owner):
    found = owner.finds("database")
    assert (found.mark, f"{owner.file} is not there yet" in found.message) == (OK, True)
    assert not owner.file.exists()


def test_an_empty_database_which_captionbot_makes_where_it_starts_first_is_a_warning(owner):
    owner.state.mkdir()
    owner.file.touch()
    found = owner.finds_all("database", before="gpu")
    assert [one.mark for one in found] == [WARNING]
    assert "start captiond first" in found[0].message


def test_a_database_of_a_newer_version_is_an_error_that_says_which_version_to_install(owner):
    with owner.database() as database, database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    found = owner.finds("database")
    assert "written by a newer captionwatch (schema 9999): install that version" in found.message
    assert "captiond run" not in found.cure
    assert found.mark is ERROR


def test_a_database_with_a_damaged_page_is_an_error(owner):
    with owner.database() as database, database.engine.connect() as connection:
        page = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'event'").scalar_one()
    with owner.file.open("r+b") as file:
        file.seek((page - 1) * PAGE_BYTES)
        file.write(b"\x55" * PAGE_BYTES)
    found = owner.finds("database")
    assert (found.mark, "it is damaged:" in found.message, f"{page}:" in found.message) == (ERROR, True, True)
    assert "backup" in found.cure


def test_a_database_of_which_little_is_left_is_an_error(owner):
    with owner.database():
        pass
    with owner.file.open("r+b") as file:
        file.seek(PAGE_BYTES)
        file.write(b"\x55" * (owner.file.stat().st_size - PAGE_BYTES))
    found = owner.finds("database")
    assert (found.mark, "restore a backup" in found.message) == (ERROR, True)


@pytest.mark.parametrize("content", [b"\x55" * 9000, b"SQLite format 3\0" + b"\x55" * 9000])
def test_a_file_that_is_no_database_is_an_error(owner, content):
    owner.state.mkdir()
    owner.file.write_bytes(content)
    found = owner.finds("database")
    assert (found.mark, str(owner.file) in found.message) == (ERROR, True)
    assert "restore a backup" in found.message
    assert owner.file.read_bytes() == content


def test_a_folder_in_the_place_of_the_database_is_an_error(owner):
    owner.file.mkdir(parents=True)
    found = owner.finds("database")
    assert (found.mark, "unable to open database file" in found.message) == (ERROR, True)


def test_a_database_that_another_program_keeps_to_itself_is_an_error(owner):
    with owner.database():
        pass
    with closing(sqlite3.connect(owner.file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE").close()
        other.execute("BEGIN EXCLUSIVE").close()
        found = owner.finds("database")
    assert (found.mark, "is locked by another program; close it, or wait" in found.message) == (ERROR, True)


def test_a_database_that_is_being_written_to_is_well(owner):
    with owner.database() as database, database.write():
        assert owner.finds("database").mark is OK


@pytest.mark.parametrize("url", ["mssql://ann:hush-hush@127.0.0.1/x", "nonsense://ann:hush-hush@127.0.0.1/x"])
def test_a_database_whose_driver_is_not_installed_is_an_error_without_the_password(owner, url):
    owner.configures(f'[store]\nurl = "{url}"\n')
    found = owner.finds("database")
    assert (found.mark, "hush" in f"{found}") == (ERROR, False)


def test_a_captiond_that_never_ran_does_not_run(owner):
    with owner.database():
        pass
    assert owner.finds("database").message == "present, of this version, whole"
    found = owner.finds("captiond")
    assert (found.mark, found.message) == (WARNING, "does not run")
    assert found.cure.startswith("captiond run")


@pytest.mark.parametrize(
    ("seen_at", "mark", "message"),
    [
        (datetime.now(UTC) + timedelta(hours=1), OK, "runs"),  # the machine that runs the tests may be slow
        (datetime(2026, 11, 22, 12, 30, tzinfo=UTC), WARNING, "does not run; it was last seen at 2026-11-22 12:30 UTC"),
    ],
)
def test_captiond_runs_as_long_as_it_gives_signs_of_life(owner, seen_at, mark, message):
    with owner.database(now=lambda: seen_at) as database:
        services.beat(database, WHO, "1", seen_at, {}, [])
    found = owner.finds("captiond")
    assert (found.mark, found.message) == (mark, message)


# ---- the GPU


def test_without_a_card_the_cpu_is_well_unless_a_gpu_is_asked_for(owner):
    assert owner.finds("gpu").mark is OK
    owner.configures(device="cuda")
    found = owner.finds("gpu")
    assert (found.mark, found.cure) == (ERROR, 'install the NVIDIA driver, or set device to "auto"')


@pytest.mark.parametrize(("device", "mark"), [("auto", WARNING), ("cuda", ERROR), ("cpu", OK)])
def test_a_card_that_cannot_be_used_is_told_of_with_what_each_library_sees(owner, monkeypatch, device, mark):
    has_program(owner, "nvidia-smi", f"echo '{CARD}'", "echo", "echo 'NVIDIA T4, 15360 MiB, 560.35.03'")
    has_module(owner, monkeypatch, "torch", "class cuda:", "    device_count = staticmethod(lambda: 3)")
    owner.configures(device=device)
    found = owner.finds("gpu")
    assert found.mark is mark
    assert found.message.startswith(f"{CARD}, NVIDIA T4, 15360 MiB, 560.35.03; seen by CTranslate2: 0, by torch: 3")
    assert ("driver" in found.cure) is (mark is not OK)
    assert "asking torch for the GPU" in owner.steps


def test_nvidia_smi_is_asked_for_what_is_told(owner):
    has_program(owner, "nvidia-smi", f'echo "$@" > {owner.folder}/asked')
    owner.finds("gpu")
    assert (
        owner.folder / "asked"
    ).read_text() == "--query-gpu=name,memory.total,driver_version --format=csv,noheader\n"


def test_a_torch_that_does_not_load_sees_nothing(owner, monkeypatch):
    has_program(owner, "nvidia-smi", f"echo '{CARD}'")
    has_module(owner, monkeypatch, "torch", "raise OSError('libcudart.so: cannot open shared object file')")
    assert "by torch: 0" in owner.finds("gpu").message


BROKEN_DRIVER = ("echo 'Failed to initialize NVML: Driver/library version mismatch'", "exit 18")


def test_what_a_failing_nvidia_smi_says_is_not_taken_for_a_card(owner):
    has_program(owner, "nvidia-smi", *BROKEN_DRIVER)
    owner.configures(device="cuda")
    found = owner.finds("gpu")
    assert (found.mark, "seen by CTranslate2" in found.message) == (ERROR, False)


def test_a_driver_that_does_not_answer_is_not_taken_for_a_machine_without_a_card(owner):
    has_program(owner, "nvidia-smi", *BROKEN_DRIVER)
    assert owner.finds("gpu").mark is WARNING


# ---- the engine


def test_a_model_folder_that_is_none_is_an_error_that_names_it(owner):
    found = owner.finds("whisper")
    assert (found.mark, f"there is no model folder {NO_FOLDER}" in found.message) == (ERROR, True)
    assert found.cure == "see [daemon.engines.whisper] in config.toml"
    owner.configures(model=owner.folder)
    found = owner.finds("whisper")
    assert (found.mark, f"{owner.folder} is no Whisper model" in found.message) == (ERROR, True)
    assert "loading the model" not in owner.steps, "no process is started to find that out"


def test_a_model_that_is_not_here_is_a_warning_with_the_command_that_fetches_it(owner):
    owner.configures(model=NOT_FETCHED)
    found = owner.finds("whisper")
    assert (found.mark, f"{NOT_FETCHED} is not here yet" in found.message) == (WARNING, True)
    assert found.cure.startswith("captiond check --fetch")


def test_a_model_that_a_broken_line_keeps_from_being_fetched_is_told_of_in_a_sentence(owner, monkeypatch):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    owner.configures(model=NOT_FETCHED)
    with cut_off() as url:
        monkeypatch.setenv("HF_ENDPOINT", url)
        found = owner.finds("whisper", fetch=True)
    assert (found.mark, f"the model {NOT_FETCHED} could not be fetched" in found.message) == (ERROR, True)


def test_what_tells_emotion_is_looked_at_where_it_is_wished(owner):
    assert owner.finds_all("emotion", before="javascript") == []
    owner.configures('[daemon.speech.emotion]\non = true\nengine = "classifier"\nmodel = "/nowhere"\n')
    found = owner.finds("emotion")
    assert (found.mark, found.cure) == (WARNING, "until then drafts are made without emotions")
    assert "there is no emotion model /nowhere" in found.message or "is not installed" in found.message


@contextmanager
def cut_off():
    """The address of a server that closes each connection when it has read the request."""
    script = (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(server.getsockname()[1], flush=True)\n"
        "while True:\n"
        "    with server.accept()[0] as one:\n"
        "        one.recv(65536)\n"
    )
    server = subprocess.Popen([sys.executable, "-S", "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.kill()
        server.communicate()


def test_the_model_is_loaded_in_a_process_and_it_is_told_that_this_takes_time(owner):
    owner.configures(model=whisper_tiny(), device="cpu")
    found = owner.finds("whisper")
    assert (found.mark, found.message) == (OK, f"the model {whisper_tiny()} loads")
    assert "loading the model" in owner.steps


def test_a_model_that_takes_more_memory_than_it_may_is_an_error(owner):
    owner.configures("[daemon.speech]\nmemory_limit_mb = 1\n", model=whisper_tiny(), device="cpu")
    found = owner.finds("whisper")
    assert (found.mark, "MB of memory and was killed" in found.message) == (ERROR, True)
    assert found.cure == "see [daemon.engines.whisper] in config.toml"


def test_a_bug_of_a_library_is_its_last_line(owner, monkeypatch):
    has_module(owner, monkeypatch, "faster_whisper", "raise ZeroDivisionError('of the library')")
    owner.configures(model=whisper_tiny(), device="cpu")
    found = owner.finds("whisper")
    assert (found.mark, found.message) == (ERROR, "it failed to load: ZeroDivisionError: of the library")


# ---- yt-dlp


def test_yt_dlp_and_its_javascript_are_told_with_their_versions(owner):
    from yt_dlp.version import __version__

    assert owner.finds("yt-dlp").message.startswith(__version__)
    found = owner.finds("javascript")
    assert (found.mark, found.message.startswith("deno ")) == (OK, True)


def test_a_file_of_cookies_that_is_not_there_is_an_error_that_names_it(owner):
    owner.configures(cookies=owner.folder / "cookies.txt")
    found = owner.finds("cookies")
    assert (found.mark, f"{owner.folder}/cookies.txt" in found.message) == (ERROR, True)
    assert found.cure == "see [daemon.youtube] cookies_file"


def test_a_file_of_cookies_that_is_there_is_not_spoken_of(owner, monkeypatch):
    monkeypatch.setenv("HOME", str(owner.folder))
    (owner.folder / "cookies.txt").touch()
    owner.configures(cookies="~/cookies.txt")
    assert "cookies" not in [found.name for found in owner.looks()]


@pytest.mark.parametrize("path", ["~nobody-at-all/cookies.txt", "x" * 300])
def test_a_file_of_cookies_that_cannot_be_looked_at_is_an_error_too(owner, path):
    owner.configures(cookies=path)
    assert owner.finds("cookies").mark is ERROR


# ---- secrets


def test_secrets_are_told_with_their_places_and_never_shown(owner, monkeypatch):
    assert owner.finds("secrets").message.startswith("none are set")
    (owner.folder / "gemini-api-key").write_text(HUSH["gemini-api-key"])
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(owner.folder))
    monkeypatch.setenv("DISCORD_TOKEN", HUSH["DISCORD_TOKEN"])
    found = owner.finds("secrets")
    assert found.mark is OK
    assert found.message == "discord-token (environment), gemini-api-key (systemd credentials)"


def test_a_credential_that_cannot_be_used_is_an_error_that_names_it(owner, monkeypatch):
    (owner.folder / "discord-token").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(owner.folder))
    found = owner.finds("secrets")
    assert (found.mark, "discord-token cannot be read" in found.message) == (ERROR, True)
    assert owner.finds("login").mark is WARNING, "the check goes on"


# ---- the login


def test_where_nobody_is_logged_in_it_is_told_how_to(owner):
    found = owner.finds("login")
    assert (found.mark, "nobody is logged in" in found.message) == (WARNING, True)
    assert found.cure == "captiond login"
    assert not owner.youtube.requests


def test_the_channels_that_youtube_names_are_told(owner):
    owner.logs_in()
    found = owner.finds("login")
    assert (found.mark, found.message) == (OK, f"covers {youtube.CHANNEL_TITLE} ({youtube.CHANNEL_ID})")
    assert owner.youtube.executed["channels.list"] == 1
    assert "asking YouTube" in owner.steps


def test_a_token_that_others_can_read_is_an_error_with_its_chmod(owner):
    owner.logs_in(mode=0o644)
    found = owner.finds("login")
    assert (found.mark, found.cure) == (ERROR, f"chmod 600 {owner.token}")


def test_a_login_that_was_revoked_is_an_error_that_says_how_to_log_in_again(owner):
    owner.logs_in()
    owner.youtube.revoke()
    found = owner.finds("login")
    assert (found.mark, "log in again: captiond login" in found.message) == (ERROR, True)


def test_a_file_that_holds_no_login_is_an_error(owner):
    owner.logs_in(refresh_token=None)
    found = owner.finds("login")
    assert (found.mark, f"{owner.token} holds no login" in found.message) == (ERROR, True)


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def test_a_login_that_ends_soon_is_a_warning_with_the_day(owner):
    ends_at = in_days(3)
    owner.logs_in(ends_at=ends_at)
    found = owner.finds("login")
    assert (found.mark, f"it ends on {ends_at[:10]}" in found.message) == (WARNING, True)
    assert found.cure.startswith("publish the app")


def test_a_login_that_would_end_soon_but_was_revoked_is_an_error(owner):
    owner.logs_in(ends_at=in_days(3))
    owner.youtube.revoke()
    assert ERROR in [found.mark for found in owner.looks() if found.name == "login"]


def test_a_login_that_has_ended_is_an_error_that_says_when(owner):
    owner.logs_in(ends_at="2026-01-02T03:04:05+00:00")
    owner.youtube.revoke()
    found = owner.finds("login")
    assert (found.mark, "ended on 2026-01-02" in found.message) == (ERROR, True)


def test_a_login_that_has_ended_is_an_error_without_asking_too(owner):
    owner.logs_in(ends_at="2026-01-02T03:04:05+00:00", channels={"UC1": "One"})
    assert owner.finds("login", offline=True).mark is ERROR


def test_without_a_network_the_login_is_a_warning(owner):
    owner.logs_in()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        owner.configures(url=f"http://127.0.0.1:{nobody.getsockname()[1]}")
        found = owner.finds("login")
    assert (found.mark, "YouTube could not be reached" in found.message) == (WARNING, True)
    assert "network" in found.cure


def test_a_quota_that_is_used_up_is_a_warning(owner):
    owner.logs_in()
    owner.youtube.fault("channels.list", "quotaExceeded")
    found = owner.finds("login")
    assert (found.mark, "quota" in found.message, found.cure) == (WARNING, True, "check again later")


def test_offline_youtube_is_asked_nothing_and_what_was_noted_at_the_login_is_told(owner):
    owner.logs_in(channels={"UC1": "One"})
    found = owner.finds("login", offline=True)
    assert (found.mark, found.message) == (OK, "covers One (UC1)")
    assert not owner.youtube.requests


def test_offline_a_login_of_which_nothing_was_noted_is_no_error(owner):
    owner.logs_in()
    assert owner.finds("login", offline=True).mark is not ERROR


def test_a_check_writes_nothing_but_a_renewed_access_token(owner):
    owner.logs_in(channels={"UC1": "One"})
    with owner.database() as database:
        videos.request(database, "dQw4w9WgXcQ", "ann")
    before, values = contents(owner.state), json.loads(owner.token.read_text())
    list(owner.looks(offline=True))
    assert contents(owner.state) == before
    list(owner.looks())
    after = contents(owner.state)
    del before[login.FILE], after[login.FILE]
    after.pop(f".{login.FILE}.lock")
    assert after == before
    renewed = json.loads(owner.token.read_text())
    assert renewed.pop("token") in owner.youtube.access_tokens
    assert renewed.pop("expiry")
    assert renewed == values


@pytest.mark.skipif(os.geteuid() != 0, reason="takes root")
def test_a_login_that_roots_check_renews_stays_its_owners(owner):
    owner.logs_in()
    os.chown(owner.token, 65534, 65534)
    owner.finds("login")
    assert owner.token.stat().st_uid == 65534


# ---- the command


def run(environment, *words):
    done = subprocess.run([program("captiond"), "check", *words], env=environment, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "hush" not in done.stdout + done.stderr
    return done


def test_a_machine_on_which_all_is_well_is_left_as_it_is(tmp_path, owner, monkeypatch):
    """Two runs: beside a captiond that runs, as JSON; long after it, as a table, for a channel with an evil title."""
    (tmp_path / "gemini-api-key").write_text(HUSH["gemini-api-key"])
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("DISCORD_TOKEN", HUSH["DISCORD_TOKEN"])
    (tmp_path / "machine").mkdir()
    with machine(tmp_path / "machine") as real:
        real.start()
        done = run(real.environment, "--json")
        found = {one["name"]: one for one in json.loads(done.stdout)}
        assert done.returncode == 0
        assert list(found) == NAMES
        assert {one["name"] for one in found.values() if one["mark"] != "ok"} <= OF_THE_DAY
        assert found["captiond"] == {"name": "captiond", "mark": "ok", "message": "runs", "cure": ""}
        assert found["secrets"]["message"] == "discord-token (environment), gemini-api-key (systemd credentials)"
        real.stop()

        long_ago = Database(real.database.url, busy_seconds=10, now=lambda: datetime(2026, 11, 1, tzinfo=UTC))
        services.beat(long_ago, WHO, "1", long_ago.now(), {}, [])
        long_ago.close()
        real.database.close()
        real.sandbox.post("channel", {"title": ESCAPES})
        real.config.write_text(real.config.read_text().replace('device = "cpu"', 'device = "auto"'))
        has_program(owner, "nvidia-smi", f"echo '{CARD}'")
        has_module(owner, monkeypatch, "torch", "class cuda:", "    device_count = staticmethod(lambda: 0)")
        real.environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
        before = contents(real.state)
        done = run(real.environment)
        assert contents(real.state) == before
    shown = [line.split() for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert done.returncode == 0
    assert [name for _, name, *_ in shown] == NAMES
    assert {name for mark, name, *_ in shown if mark != "ok"} - OF_THE_DAY == {"captiond", "gpu"}
    assert shown[-1] == ["ok", "login", *f"covers Red team ! ({youtube.CHANNEL_ID})".split()]
    assert not [character for character in done.stdout if not character.isprintable() and character != "\n"]
    for cure in ("→ captiond run", "→ bring the driver up"):
        assert cure in done.stdout


def test_a_config_with_mistakes_is_an_error_in_the_exit_code_too(owner):
    owner.config.write_text("[daemon]\ntick_second = 1\n[daemon.speech]\nengine = 'wisper'\n")
    environment = {**os.environ, "STATE_DIRECTORY": str(owner.state)}
    done = run(environment, "--json", "--config", owner.config)
    assert done.returncode == 1
    last = json.loads(done.stdout)[-1]
    assert (last["name"], last["mark"]) == ("config", "error")
    assert "Did you mean tick_seconds?" in last["message"]
    assert "Did you mean whisper?" in last["message"]


def test_a_model_that_cannot_be_fetched_is_one_error_among_the_other_lines(owner):
    owner.configures(model=NOT_FETCHED, device="cuda")
    environment = {**os.environ, "STATE_DIRECTORY": str(owner.state), "CAPTIONWATCH_CONFIG": str(owner.config)}
    done = run(environment, "--fetch")
    assert done.returncode == 1
    marks = [line.split()[:2] for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert [name for _, name in marks] == [name for name in NAMES if name != "captiond"]
    assert [name for mark, name in marks if mark == "error"] == ["gpu", "whisper"]
    assert f"the model {NOT_FETCHED} could not be fetched: " in " ".join(done.stdout.split())


def test_warnings_alone_do_not_fail_the_command(owner):
    owner.configures(model=NOT_FETCHED)
    environment = {**os.environ, "STATE_DIRECTORY": str(owner.state), "CAPTIONWATCH_CONFIG": str(owner.config)}
    done = run(environment, "--offline")
    assert (done.returncode, "warning whisper" in done.stdout) == (0, True)
    assert not owner.youtube.requests
