import fcntl
import json
import os
import pty
import select
import sqlite3
import subprocess
import sys
import termios
import time
import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from bot.__main__ import app
from bot.console import offers
from bot.desk import COMMANDS, Desk
from store import channels, drafts, terms, videos
from store import database as stored
from store.database import Database, sqlite_url
from store.lifecycle import DraftState
from tests.bot.conftest import OTHER, Captiond

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 20  # for one answer of the console on a busy machine
PROMPT = "captionwatch>"
QUIET = {"PROMPT_TOOLKIT_NO_CPR": "1"}  # a real terminal says where its cursor is; this one does not
EVIL = "Bread\x1b[2J\x1b]0;title\x07\x9b31m \u202eback\r\nsecond\tline\x08"
EVIL_CAPTIONS = "WEBVTT\n\n00:01.000 --> 00:03.000\nFlour\x1b[31m and \x9b2Jwater\n"


def environment(folder):
    """Where the state of the console is: beside the database of the test."""
    person = {"HOME": str(folder), "LOGNAME": "olga", "USER": "olga"}
    return {**person, "STATE_DIRECTORY": str(folder), "TERM": "xterm", "COLUMNS": "80", **QUIET}


def process_environment(folder):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    without = {name: value for name, value in environment(folder).items() if name != "COLUMNS"}
    return {**kept, **without}


class Terminal:
    """A process that believes a person sits before it."""

    def __init__(self, command, environment):
        self.screen, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, b"\x18\x00\x50\x00\x00\x00\x00\x00")  # 24 lines of 80 columns
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""

    def shows(self, text):
        """Wait until `text` is on the screen; what was shown up to then."""
        until = time.monotonic() + PATIENCE_SECONDS
        while text not in self.shown:
            ready, _, _ = select.select([self.screen], [], [], max(0, until - time.monotonic()))
            assert ready, f"{text!r} was not shown, but {self.shown!r}"
            self.shown += os.read(self.screen, 65536).decode(errors="replace")
        before, _, self.shown = self.shown.partition(text)
        return before

    def types(self, text):
        os.write(self.screen, text.encode())

    def ends(self):
        """Wait until the process has ended; its exit code. What it shows meanwhile is read, else it would wait."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < until, "the process has not ended"
            if select.select([self.screen], [], [], 0.05)[0]:
                try:
                    os.read(self.screen, 65536)
                except OSError:  # EIO: nobody holds the other side any more
                    continue
        return self.process.returncode

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.screen)


@pytest.fixture
def captionbot(tmp_path):
    """Run `captionbot console` with these words, as a script would, but in this process: that is quicker."""

    def run(*words, typed=""):
        outside = {**environment(tmp_path), "XDG_CONFIG_HOME": None, "XDG_STATE_HOME": None}
        done = CliRunner().invoke(app, ["console", *words], env=outside, input=typed)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return run


def database_in(folder):
    """A database in a folder, on the real time as the processes over it are."""
    opened = Database(sqlite_url(folder / "captionwatch.db"), 10)
    stored.migrate(opened)
    return opened


# ---- one command, for scripts


def test_a_reply_as_json_has_the_same_shape_for_what_was_done_and_for_what_was_refused(database, captionbot):
    for words in (["status"], ["draft", "show", "99"]):
        reply = json.loads(captionbot(*words, "--json").stdout)
        assert list(reply) == ["ok", "text", "data", "attachments"]


def test_what_was_done_exits_with_0(database, captionbot):
    done = captionbot("channel", "list", "--json")
    assert (done.exit_code, json.loads(done.stdout)["ok"], done.stderr) == (0, True, "")


@pytest.mark.parametrize("words", [["draft", "show", "99"], ["draft", "aprove", "1"], ["draft", "approve"]])
def test_what_was_refused_exits_with_1(words, database, captionbot):
    refused = captionbot(*words, "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["ok"], refused.stderr) == (1, False, "")


def test_a_list_as_json_has_the_values_of_its_rows(captiond, captionbot):
    captiond.watches("@bakery", title="[red]Bäckerei[/red]\x1b[0m")
    (channel,) = json.loads(captionbot("channel", "list", "--json").stdout)["data"]
    assert (channel["id"], channel["state"], channel["title"]) == (1, "watched", "[red]Bäckerei[/red]\x1b[0m")


def test_an_option_of_a_command_reaches_it(captiond, captionbot):
    captiond.finds("aaaaaaaaaaa", skipped="too long")
    assert json.loads(captionbot("queue", "show", "--json").stdout)["data"] == []
    assert len(json.loads(captionbot("queue", "show", "--all", "--json").stdout)["data"]) == 1


def test_an_argument_may_begin_with_a_dash(captiond, captionbot):
    captiond.drafts("-aaaaaaaaaa")
    assert json.loads(captionbot("draft", "show", "-aaaaaaaaaa", "--json").stdout)["data"]["video"] == "-aaaaaaaaaa"


def test_whoever_has_the_terminal_is_an_owner_by_the_name_of_their_account(captionbot, database):
    captionbot("channel", "add", "@bakery")
    assert channels.get(database, 1).asked_by == "console:olga"


def test_a_channel_is_noted_without_a_wait_where_captiond_never_ran(captionbot, database):
    reply = json.loads(captionbot("channel", "add", "@bakery", "--json").stdout)
    assert reply["ok"]
    assert "captiond has never run" in reply["text"]


def test_a_table_shows_markup_in_a_title_as_it_is(captiond, captionbot):
    captiond.watches(title="[red]Live[/red] [/] [link=x]")
    assert "[red]Live[/red] [/] [link=x]" in captionbot("channel", "list").stdout


def test_a_reply_shows_markup_in_a_title_as_it_is(captiond, captionbot):
    captiond.drafts("aaaaaaaaaaa", "[red]Live[/red] [/]")
    assert "Draft 1: [red]Live[/red] [/]\n" in captionbot("draft", "show", "1").stdout


@pytest.mark.parametrize("name", ["channel list", "queue show", "draft list", "draft show 1", "status", "help"])
def test_a_reply_fits_80_columns(name, captiond, captionbot):
    captiond.runs(whisper="", parakeet="the package is not installed " * 10)
    captiond.drafts("aaaaaaaaaaa", "A long title of a video that says all " * 10)
    captiond.finds("bbbbbbbbbbb", "字" * 100)
    shown = captionbot(*name.split()).stdout
    assert max(map(cell_len, shown.splitlines())) <= 80


# ---- downloads


def test_a_downloaded_draft_is_saved_in_the_folder_that_was_named(captiond, captionbot, tmp_path):
    draft = captiond.drafts("aaaaaaaaaaa")
    folder = tmp_path / "captions"
    folder.mkdir()
    done = captionbot("draft", "download", "1", "--to", str(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["aaaaaaaaaaa.en.1.srt", "aaaaaaaaaaa.en.1.vtt"]
    assert (folder / "aaaaaaaaaaa.en.1.vtt").read_text() == draft.text
    assert f"saved {folder}/aaaaaaaaaaa.en.1.vtt" in done.stdout


def test_a_downloaded_draft_as_json_is_in_the_reply(captiond, captionbot):
    draft = captiond.drafts("aaaaaaaaaaa")
    reply = json.loads(captionbot("draft", "download", "1", "vtt", "--json").stdout)
    assert reply["attachments"] == [{"name": "aaaaaaaaaaa.en.1.vtt", "text": draft.text}]


def test_a_folder_that_is_not_there_is_one_line(captiond, captionbot, tmp_path):
    captiond.drafts("aaaaaaaaaaa")
    refused = captionbot("draft", "download", "1", "vtt", "--to", str(tmp_path / "nowhere"))
    assert refused.exit_code == 1
    assert refused.stderr == f"captionbot: No such file or directory: {tmp_path}/nowhere/aaaaaaaaaaa.en.1.vtt\n"


def test_a_download_is_saved_beside_one_that_somebody_has_changed(captiond, captionbot, tmp_path):
    draft = captiond.drafts("aaaaaaaaaaa")
    mine = tmp_path / "aaaaaaaaaaa.en.1.vtt"
    mine.write_text("an evening's work")
    done = captionbot("draft", "download", "1", "vtt", "--to", str(tmp_path))
    beside = tmp_path / "aaaaaaaaaaa.en.1 (2).vtt"
    assert (mine.read_text(), beside.read_text()) == ("an evening's work", draft.text)
    assert f"saved {beside}" in done.stdout


def test_what_was_saved_already_is_not_saved_again(captiond, captionbot, tmp_path):
    captiond.drafts("aaaaaaaaaaa")
    for _ in range(2):
        done = captionbot("draft", "download", "1", "vtt", "--to", str(tmp_path))
        assert f"saved {tmp_path}/aaaaaaaaaaa.en.1.vtt" in done.stdout
    assert [path.name for path in tmp_path.glob("*.vtt")] == ["aaaaaaaaaaa.en.1.vtt"]


def test_a_third_text_is_saved_beside_both(captiond, captionbot, tmp_path):
    captiond.drafts("aaaaaaaaaaa")
    for taken in ("aaaaaaaaaaa.en.1.vtt", "aaaaaaaaaaa.en.1 (2).vtt"):
        (tmp_path / taken).write_text(taken)
    captionbot("draft", "download", "1", "vtt", "--to", str(tmp_path))
    assert (tmp_path / "aaaaaaaaaaa.en.1 (3).vtt").exists()
    assert (tmp_path / "aaaaaaaaaaa.en.1 (2).vtt").read_text() == "aaaaaaaaaaa.en.1 (2).vtt"


# ---- files that are read


WORDS = b"1\n00:00:01,000 --> 00:00:03,000\nFlour and water\n"


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_a_file_that_is_named_is_read_from_the_disk(before, captiond, captionbot, tmp_path):
    captiond.drafts("aaaaaaaaaaa")
    (tmp_path / "my file.srt").write_bytes(before + WORDS)
    reply = json.loads(captionbot("draft", "replace", "1", str(tmp_path / "my file.srt"), "--json").stdout)
    assert (reply["ok"], reply["data"]["revision"], reply["data"]["cues"]) == (True, 2, 1)


def test_a_file_may_be_named_by_the_home_folder(captiond, captionbot, database, tmp_path):
    (tmp_path / "names.txt").write_text("Ada\nTuring\n")
    reply = json.loads(captionbot("term", "import", "~/names.txt", "--json").stdout)
    assert (reply["ok"], reply["data"]) == (True, ["Ada", "Turing"])
    assert terms.of_channel(database, None) == ("Ada", "Turing")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("x.srt", b"\x89PNG\r\n\x1a\n\x00", "x.srt is no text but a picture"),
        ("x.srt", "Привет".encode("cp1251"), "x.srt is no text in UTF-8"),
        ("x.srt", b"x" * 12_000_000, "x.srt is larger than 10 MB"),
        ("x.srt", b"", "x.srt has no cue"),
        ("x.png", WORDS, '"x.png" is no caption file'),
    ],
    ids=["png", "cyrillic", "12 MB", "empty", "suffix"],
)
def test_a_file_that_is_no_caption_file_is_one_line(name, content, why, captiond, captionbot, tmp_path):
    captiond.drafts("aaaaaaaaaaa")
    (tmp_path / name).write_bytes(content)
    refused = captionbot("draft", "replace", "1", str(tmp_path / name))
    assert (refused.exit_code, refused.stderr) == (1, "")
    assert why in refused.stdout
    assert len(refused.stdout.splitlines()) <= 2


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nowhere.srt", "No such file or directory"),
        (".", "Is a directory"),
        ("~nobody-of-this-name/x.srt", "There is no file ~nobody-of-this-name/x.srt"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(name, why, captiond, captionbot, tmp_path):
    captiond.drafts("aaaaaaaaaaa")
    path = name if name.startswith("~") else str(tmp_path / name)
    refused = captionbot("draft", "replace", "1", path)
    assert (refused.exit_code, refused.stderr) == (1, "")
    assert why in refused.stdout


def test_a_change_of_a_cue_is_typed_in_one_line(captiond, captionbot, database):
    captiond.drafts("aaaaaaaaaaa")
    replacing = "draft edit 2 --find flour --by Meal"
    shown = captionbot(typed=f"draft edit 1 2 it's <b>done</b>\n{replacing}\n{replacing} --apply\n").stdout
    assert "'flour' stands 1 time in draft 2." in shown
    newest, _ = drafts.find(database, "aaaaaaaaaaa")
    assert newest.revision == 3
    assert "Meal, water" in newest.text
    assert "it's &lt;b&gt;done&lt;/b&gt;" in newest.text


# ---- without a database


def test_without_a_database_one_line_says_what_to_do(captionbot, tmp_path):
    refused = captionbot("status")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr == (
        f"captionbot: there is no database {tmp_path}/captionwatch.db yet: start captiond first, it makes one\n"
    )


def test_no_database_is_made(captionbot, tmp_path):
    captionbot("status")
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_in_the_settings_is_one_line(captionbot, database, tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("[bot]\nanswer_second = 3\n")
    refused = captionbot("--config", str(path), "status")
    assert refused.exit_code == 1
    assert refused.stderr == (
        f"captionbot: {path}: bot.answer_second: there is no such key. Did you mean answer_seconds?\n"
    )


# ---- completion


def offered(desk, before):
    return [one.text for one in offers(desk, before)]


def test_at_the_beginning_every_command_is_offered(desk):
    assert offered(desk, "") == list(COMMANDS)


@pytest.mark.parametrize("before", ["chan", "/chan", "  chan"])
def test_a_beginning_offers_the_commands_that_begin_so(before, desk):
    assert offered(desk, before) == [name for name in COMMANDS if name.startswith("channel ")]


def test_a_command_of_two_words_replaces_all_that_was_typed_of_it(desk):
    (one,) = offers(desk, "draft ap")
    assert (one.text, one.start_position) == ("draft approve", -len("draft ap"))


def test_the_channels_are_offered_with_their_titles(desk, captiond):
    captiond.watches(title="The Bakery")
    (one,) = offers(desk, "channel remove ")
    assert (one.text, one.display_meta_text) == ("1", "The Bakery")


def test_only_drafts_that_wait_are_offered_for_approval(desk, captiond, database):
    captiond.drafts("aaaaaaaaaaa")
    captiond.drafts("bbbbbbbbbbb")
    drafts.reject(database, 1, "test")
    assert offered(desk, "draft approve ") == ["2"]
    assert offered(desk, "draft show ") == ["2", "1"]


def test_only_videos_that_are_stuck_are_offered_for_a_retry(desk, captiond):
    captiond.finds("aaaaaaaaaaa")
    captiond.finds("bbbbbbbbbbb", skipped="too long")
    captiond.finds("ccccccccccc")
    captiond.puts_off("ccccccccccc", "503", hours=1)
    assert sorted(offered(desk, "queue retry ")) == ["2", "3"]


def test_what_does_not_begin_so_is_not_offered(desk, captiond):
    captiond.drafts("aaaaaaaaaaa")
    assert offered(desk, "draft show 7") == []


@pytest.mark.parametrize(("before", "option"), [("draft list --a", "--all"), ("channel add @x --l", "--language")])
def test_options_are_offered(before, option, desk):
    assert offered(desk, before) == [option]


def test_behind_the_last_argument_nothing_is_offered(desk, captiond):
    captiond.drafts("aaaaaaaaaaa")
    assert offered(desk, "draft approve 1 ") == []


def test_what_is_no_command_is_offered_nothing(desk):
    assert offered(desk, "xyzzy 1") == []


def test_a_store_that_is_locked_offers_no_values(captiond, database):
    captiond.drafts("aaaaaaaaaaa")
    database.close()
    locked = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
    locked.execute("PRAGMA locking_mode=EXCLUSIVE").close()
    locked.execute("BEGIN EXCLUSIVE").close()
    impatient = Database(database.url, busy_seconds=0.01)
    assert offered(Desk(impatient), "draft show ") == []
    locked.close()
    assert offered(Desk(impatient), "draft show ") == ["1"]
    impatient.close()


# ---- lines from a pipe


SCRIPT = """
help
channel list
queue show
queue show --all
draft list
  /draft show 1
draft show 99
channel remove "left open
draft reject 1 it's --all wrong, Ann's "own  words" -- sorry
channel remove 2
caption dQw4w9WgXcQ
"""


class Piped:
    """What came of SCRIPT in a process of its own, over a database full of what strangers wrote."""

    def __init__(self, folder):
        database = database_in(folder)
        captiond = Captiond(database)
        captiond.drafts("aaaaaaaaaaa", EVIL, text=EVIL_CAPTIONS)
        captiond.finds("bbbbbbbbbbb", EVIL)
        captiond.fails("bbbbbbbbbbb", EVIL)
        captiond.watches("@evil", OTHER, EVIL)
        asked = channels.ask(database, "@refused", "test")
        channels.refuse(database, asked.number, "captiond", EVIL)
        command = [sys.executable, "-m", "bot", "console"]
        self.done = subprocess.run(
            command, cwd=ROOT, env=process_environment(folder), input=SCRIPT.encode(), capture_output=True, timeout=60
        )
        self.shown = self.done.stdout.decode()
        self.draft, _ = drafts.get(database, 1)
        self.queued = [video.youtube_id for video in videos.queue(database)]
        database.close()


@pytest.fixture(scope="module")
def piped(tmp_path_factory):
    return Piped(tmp_path_factory.mktemp("piped"))


def test_the_lines_of_a_pipe_are_done_one_after_the_other(piped):
    assert (piped.done.returncode, piped.done.stderr) == (0, b"")
    assert "channel add CHANNEL" in piped.shown
    assert piped.queued[0] == "dQw4w9WgXcQ"


def test_a_refused_line_of_a_pipe_does_not_end_the_rest(piped):
    assert "There is no draft 99." in piped.shown
    assert "A quotation mark is left open." in piped.shown
    assert "Draft 1 is rejected" in piped.shown


def test_an_apostrophe_and_dashes_in_a_reason_are_kept(piped):
    assert (piped.draft.state, piped.draft.reason) == (
        DraftState.REJECTED,
        "it's --all wrong, Ann's own words -- sorry",
    )


def test_nothing_that_a_stranger_wrote_reaches_the_terminal_as_a_control_character(piped):
    assert {one for one in piped.shown if unicodedata.category(one) in ("Cc", "Cf")} == {"\n"}


def test_what_a_stranger_wrote_is_one_line(piped):
    assert "Draft 1: Bread back second line\n" in piped.shown
    assert "Channel 2, Bread back second line, is not watched any more." in piped.shown
    assert "Flour and water" in piped.shown


def test_an_argument_of_a_script_may_hold_apostrophes_and_dashes(captiond, captionbot, database):
    captiond.drafts("aaaaaaaaaaa")
    assert captionbot("draft", "reject", "1", "it's", "--all", "wrong").exit_code == 0
    assert drafts.get(database, 1)[0].reason == "it's --all wrong"


@pytest.mark.parametrize("line", ["exit", "quit", "/exit"])
def test_a_pipe_may_leave_as_a_person_does(line, database, captionbot):
    assert captionbot(typed=f"{line}\nstatus\n").stdout == ""


# ---- a person at a terminal


def open_terminal(folder):
    return Terminal([sys.executable, "-m", "bot", "console"], process_environment(folder))


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A database on the real time, and a terminal over it."""
    folder = tmp_path_factory.mktemp("terminal")
    database = database_in(folder)
    opened = open_terminal(folder)
    opened.shows(PROMPT)
    yield database, opened
    opened.close()
    database.close()


@pytest.fixture
def shared(machine):
    return machine[0]


@pytest.fixture
def terminal(machine):
    """The terminal at an empty prompt, with nothing of the tests before on its screen."""
    _, opened = machine
    opened.types("xyzzy\r")
    opened.shows("There is no command 'xyzzy'")
    opened.shows(PROMPT)
    return opened


def test_a_person_types_help(terminal):
    terminal.types("help\r")
    terminal.shows("channel add CHANNEL")


@pytest.mark.parametrize("typed", ["quit\r", "/exit\r", "\x04"])
def test_a_person_leaves_with_a_word_or_the_end_of_the_input(typed, database, tmp_path):
    opened = open_terminal(tmp_path)
    opened.shows(PROMPT)
    opened.types(typed)
    assert opened.ends() == 0
    opened.close()


def test_an_interrupt_takes_back_the_line_and_not_the_console(terminal):
    terminal.types("draft reject 1\x03")
    terminal.shows("captionwatch> draft reject 1")
    terminal.shows(PROMPT)
    terminal.types("status\r")
    terminal.shows("captiond")


def test_a_refusal_does_not_end_the_console(terminal):
    terminal.types("draft show 99\r")
    terminal.shows("There is no draft 99.")
    terminal.shows(PROMPT)


def test_what_a_person_decides_in_the_terminal_is_done(shared, terminal):
    captiond = Captiond(shared)
    captiond.runs()
    draft = captiond.drafts("aaaaaaaaaaa")
    terminal.types(f"draft approve {draft.id}\r")
    terminal.shows(f"Draft {draft.id} is approved.")
    assert drafts.get(shared, draft.id)[0].state is DraftState.APPROVED


def test_the_answer_of_the_daemon_is_waited_for(shared, terminal):
    Captiond(shared).runs()
    terminal.types("channel add @baker\r")
    terminal.shows("Looking up @baker")
    asked = channels.find(shared, "@baker")
    channels.found(shared, asked.number, "captiond", OTHER, "The Baker")
    terminal.shows("The Baker, is watched.")
