"""Bad input, by the real programs: one line says what is wrong and what to do, nothing is lost, nothing is half there.

One captiond serves all tests that need one; each brings its own channel or video, so their order does not matter.
"""

import os
import sqlite3
import subprocess
import threading
import wave
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from daemon import job
from daemon.settings import Settings
from daemon.stages import sha256_of
from sandbox import youtube
from store import channels, drafts, services, videos
from store import database as stored
from store import settings as read
from store.database import Database, sqlite_url
from store.errors import Refused, Unusable
from store.lifecycle import ChannelState, DraftState, VideoState
from store.tables import Channel, Draft
from tests.conftest import sample, whisper_tiny
from tests.daemon.speech.recordings import movie
from tests.machine import CONFIG, machine, program, wait_for

EARLIER = "WEBVTT\n\nNOTE what somebody made by hand\n"
GOOD = "clone-test.wav"  # four seconds of speech
TITLE = "a\nb\x1b[31mc\x1b[0m\x9b1m @everyone ../../etc/passwd \x1b]0;owned\x07" + "z" * 5_000
SHOWN = "a bc @everyone ../../etc/passwd zzz"
FULL = "the disk is full: make room, then retry"


def run(*command, **how):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **how)


def the_line(done):
    """What stands on standard error: one line, and the exit code says too that nothing came of it."""
    assert done.returncode > 0, done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()


def silence(path, seconds=5):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * 16_000 * seconds))
    return path


def text(path):
    path.write_text("this is no movie\n" * 200)
    return path


def without_sound(path):
    return movie(path, sound=None)


def cut_off(path):
    whole = movie(path, seconds=3.0).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    return path


def of_no_bytes(path):
    path.touch()
    return path


# ---- captiond caption


@pytest.fixture
def caption(tmp_path, monkeypatch):
    """The command, in a folder where a caption file of an earlier day lies."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    (tmp_path / "out.vtt").write_text(EARLIER)

    def captioned(source, *options, output="out.vtt"):
        chosen = options or ("--model", str(whisper_tiny()))
        command = [program("captiond"), "caption", str(source), "-o", output, *chosen]
        return run(*command, cwd=tmp_path)

    return captioned


@pytest.fixture
def refused(caption, tmp_path):
    """The one line of a command that cannot work; the folder is as it was."""

    def line_of(source, *options, **output):
        before = sorted(tmp_path.rglob("*"))
        line = the_line(caption(source, *options, **output))
        assert sorted(tmp_path.rglob("*")) == before
        assert (tmp_path / "out.vtt").read_text() == EARLIER
        return line

    return line_of


def test_no_such_file_is_said_before_a_model_is_fetched(refused):
    assert refused("absent.wav", "--device", "cpu") == "captiond: there is no file absent.wav: check its name"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (text, "talk.mp4 is no recording that can be decoded, or it is damaged: get it again"),
        (cut_off, "talk.mp4 is no recording that can be decoded, or it is damaged: get it again"),
        (of_no_bytes, "talk.mp4 is no recording that can be decoded, it has 0 bytes: get it again"),
        (without_sound, "talk.mp4 has no sound track: there is nothing to caption"),
    ],
    ids=["a text file named mp4", "a movie that is cut off", "a file of 0 bytes", "a video without sound"],
)
def test_what_is_no_recording_ends_in_one_line(refused, tmp_path, make, told):
    make(tmp_path / "talk.mp4")
    assert refused("talk.mp4") == f"captiond: {told}"


def test_a_folder_in_the_place_of_a_recording_ends_in_one_line(refused, tmp_path):
    (tmp_path / "talk.mp4").mkdir()
    assert refused("talk.mp4") == "captiond: talk.mp4 is no file but a folder: name a recording in it"


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(refused, tmp_path):
    os.mkfifo(tmp_path / "talk.mp4")
    assert "talk.mp4 is no file but a pipe or a device: save the recording in a file first" in refused("talk.mp4")


def test_a_name_with_line_breaks_and_terminal_escapes_is_one_plain_line(refused):
    assert refused("a\nb\x1b[31mc.wav") == "captiond: there is no file a bc.wav: check its name"


def test_an_address_that_is_none_ends_in_one_line(refused):
    assert refused("http://[::1") == "captiond: yt-dlp cannot take this address: Invalid IPv6 URL"


def test_a_silent_recording_gives_a_file_without_a_cue_and_says_so(caption, tmp_path):
    """Not an error: nothing was said, and so does the file; scripts over many recordings go on."""
    done = caption(silence(tmp_path / "silent.wav"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 words, 0 cues" in done.stdout
    assert "Nothing was said: there are no cues." in done.stdout
    assert (tmp_path / "out.vtt").read_text().strip() == "WEBVTT"


def test_a_folder_in_the_place_of_the_captions_is_said_before_the_work(refused, tmp_path):
    (tmp_path / "folder.srt").mkdir()
    assert refused("absent.wav", output="folder.srt") == "captiond: there is a folder of that name: folder.srt"


def test_a_full_disk_ends_in_one_line_and_leaves_what_was_there(caption, tmp_path):
    (tmp_path / ".out.vtt.part").symlink_to("/dev/full")
    line = the_line(caption(sample(GOOD)))
    assert line == "captiond: No space left on device: out.vtt; make room, then try again"
    assert (tmp_path / "out.vtt").read_text() == EARLIER
    assert [path.name for path in tmp_path.iterdir()] == ["out.vtt"]


# ---- model folders


def an_empty_folder(path):
    path.mkdir()


def a_folder_of_garbage(path):
    path.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (path / name).write_text("nonsense")


def nothing(path):
    """A path that was mistyped."""


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            an_empty_folder,
            "is no Whisper model for CTranslate2: model.bin and config.json and tokenizer.json missing; set",
        ),
        (a_folder_of_garbage, "cannot be loaded: Unsupported model binary version"),
        (nothing, "there is no model folder models/tiny: set [daemon.engines.whisper] model to a name or a folder"),
    ],
)
def test_a_model_folder_that_is_none_ends_in_one_line(refused, tmp_path, make, told):
    (tmp_path / "models").mkdir()
    make(tmp_path / "models" / "tiny")
    line = refused(sample(GOOD), "--model", "models/tiny")
    assert told in line
    assert "models/tiny" in line
    assert "set " in line


# ---- config.toml


WRONG_TYPE = "[store]\nurl = 5\n", "store.url: Input should be a valid string (it is 5)"
UNKNOWN_KEY = "[store]\nurll = 'x'\n", "store.urll: there is no such key. Did you mean url?"
UNKNOWN_DATABASE = "[store]\nurl = 'oracl://x/y'\n", "the database oracl needs a driver that is not installed"
UNREADABLE = None, "cannot be read: Is a directory"


@pytest.mark.parametrize(
    ("command", "config", "told"),
    [
        ("captiond run", *WRONG_TYPE),
        ("captiond run", *UNKNOWN_KEY),
        ("captiond run", *UNKNOWN_DATABASE),
        ("captiond run", *UNREADABLE),
        ("captionbot console status", *WRONG_TYPE),
        ("captionbot console status", *UNREADABLE),
    ],
)
def test_settings_that_cannot_be_used_end_in_one_line_and_make_no_database(
    tmp_path, monkeypatch, command, config, told
):
    path, state = tmp_path / "config.toml", tmp_path / "state"
    if config is None:
        path.mkdir()  # a file that may not be read would be read by root all the same
    else:
        path.write_text(config)
    monkeypatch.setenv("STATE_DIRECTORY", str(state))
    name, *words = command.split()
    done = run(program(name), *words, "--config", str(path))
    assert told in the_line(done)
    assert str(path) in done.stderr or config == UNKNOWN_DATABASE[0]
    assert not list(state.glob("*.db*"))


# ---- a captiond, with a feed server and a YouTube of its own


class Feeds(ThreadingHTTPServer):
    """Answers each channel with what it was given."""

    def __init__(self):
        self.answers = {}
        super().__init__(("127.0.0.1", 0), FeedHandler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/feed?channel_id={{channel_id}}"

    def handle_error(self, request, client_address):
        """The other side closes when it has read enough."""


class FeedHandler(BaseHTTPRequestHandler):
    def do_GET(self):
        status, body = self.server.answers[self.path.partition("=")[2]]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def atom(*entries):
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    spaces = 'xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015"'
    return f"<feed {spaces}><title>A Channel</title>{inside}</feed>".encode()


BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&c;</title></feed>"""
BAD_FEEDS = {
    "html": (200, b"<!DOCTYPE html><html><title>Sorry</title></html>", "no Atom feed but a page with a document type"),
    "404": (404, b"", "the feed answered 404"),
    "500": (500, b"", "the feed answered 500"),
    "10 MB": (200, b" " * 10_000_000, "longer than 2,000,000 bytes: it is no feed"),
    "bomb": (200, BOMB, "no Atom feed but a page with a document type"),
    "no ids": (200, atom("<title>one</title>", "<title>two</title>"), "entries, but none with the id of a video"),
}
BAD_VIDEOS = {
    "text": (text, "is no recording that can be decoded, or it is damaged"),
    "without sound": (without_sound, "has no sound track: there is nothing to caption"),
    "cut off": (cut_off, "is no recording that can be decoded, or it is damaged"),
}


def channel_id(number):
    return f"UC{number:022}"


@pytest.fixture(scope="module")
def feeds():
    with Feeds() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def owner(tmp_path_factory, feeds):
    """A machine on which captiond runs."""
    with pytest.MonkeyPatch.context() as environment:  # it is made before that of the first test is cleaned
        environment.setenv("NO_PROXY", "*")
        environment.setenv("HF_HUB_OFFLINE", "1")
        with machine(tmp_path_factory.mktemp("owner")) as made:
            start(made, feeds.url)
            yield made


def start(owner, feed_url):
    """As Machine.start, with feeds from elsewhere."""
    places = {"url": owner.sandbox.url, "plugins": youtube.PLUGIN_DIR, "model": owner.model}
    lines = CONFIG.format(**places, tick=0.1, idle=300).splitlines()
    feed = f'feed_url = "{feed_url}"'
    owner.config.write_text("\n".join(feed if line.startswith("feed_url") else line for line in lines))
    with owner.log.open("ab") as log:
        owner.captiond = subprocess.Popen([program("captiond"), "run"], env=owner.environment, stdout=log, stderr=log)
    wait_for("captiond runs", lambda: "started" in owner.log.read_text())
    wait_for("it says so", lambda: (beat := services.get(owner.database, "captiond")) and beat.covers)


def console(owner, *words, limit=""):
    """The real console; `limit`: a shell's words before it."""
    return run("sh", "-c", f'{limit} exec "$0" "$@"', program("captionbot"), "console", *words, env=owner.environment)


def unwrapped(done):
    """What the console printed, without the line breaks of a narrow terminal."""
    return " ".join(done.stdout.split())


def published(owner, path, **about):
    """A new video that a person asked for."""
    return videos.request(owner.database, owner.sandbox.publishes(path, **about), "ann")


def came_to(owner, video, *states):
    return wait_for(str(states), lambda: (found := owner.video(video.youtube_id)).state in states and found)


def drafted(owner, video):
    came_to(owner, video, VideoState.DRAFTED)
    return drafts.find(owner.database, video.youtube_id)[0]


def test_a_second_captiond_on_the_same_state_ends_in_one_line_and_the_first_goes_on(owner):
    done = run(program("captiond"), "run", env=owner.environment)
    pid = owner.captiond.pid
    assert the_line(done) == f"captiond: another captiond (process {pid}) works with {owner.state} already"
    assert owner.captiond.poll() is None
    assert (owner.state / "captiond.lock").read_text() == str(pid)


# ---- feeds


@pytest.fixture(scope="module")
def read_feeds(owner, feeds):
    """The channels with a bad feed by its name, when each was read once, as the console has them."""
    ids = {name: channel_id(number) for number, name in enumerate(BAD_FEEDS)}
    for name, youtube_id in ids.items():
        feeds.answers[youtube_id] = BAD_FEEDS[name][:2]
        owner.sandbox.post("channel", {"id": youtube_id, "title": name, "handle": f"@feed{youtube_id[-3:]}"})
        channels.ask(owner.database, youtube_id, "ann")
    wait_for("all were read", lambda: all(one.last_error for one in watched(owner, ids)))
    rows = {row["youtube_id"]: row for row in owner.told("channel", "list")["data"]}
    return SimpleNamespace(ids=ids, rows={name: rows[youtube_id] for name, youtube_id in ids.items()})


def watched(owner, ids):
    found = [one for one in channels.listing(owner.database) if one.reference in ids.values()]
    assert len(found) == len(ids)
    return found


@pytest.mark.parametrize("name", BAD_FEEDS)
def test_a_feed_that_is_none_is_one_line_beside_its_channel_which_stays_watched(read_feeds, name):
    row = read_feeds.rows[name]
    assert BAD_FEEDS[name][2] in row["last_error"]
    assert len(row["last_error"].splitlines()) == 1
    assert row["state"] == "watched"
    assert row["next_try_at"], "it is read again"


def test_what_a_channel_publishes_after_its_feed_was_bad_is_found(owner, feeds, read_feeds):
    youtube_id = read_feeds.ids["bomb"]
    entry = "<yt:videoId>AAAAAAAAAAA</yt:videoId><title>x</title><published>2030-01-01T00:00:00Z</published>"
    feeds.answers[youtube_id] = (200, atom("<title>without an id</title>", entry))
    with owner.database.write() as session:  # its time has come
        channel = session.get(Channel, read_feeds.rows["bomb"]["id"])
        channel.next_try_at = None
        session.add(channel)
    wait_for("found", lambda: owner.video("AAAAAAAAAAA"))
    assert channels.get(owner.database, channel.id).last_error is None
    assert channels.get(owner.database, channel.id).state is ChannelState.WATCHED


# ---- videos


@pytest.fixture(scope="module")
def bad_videos(owner, tmp_path_factory):
    """Each as the console shows it, when it was tried."""
    folder = tmp_path_factory.mktemp("media")
    made = {}
    for number, (name, (make, _)) in enumerate(BAD_VIDEOS.items()):
        made[name] = published(owner, make(folder / f"{number}.mp4"), title=name)
    for video in made.values():
        came_to(owner, video, VideoState.SKIPPED, VideoState.FAILED)
    rows = {row["youtube_id"]: row for row in owner.told("queue", "show", "--all")["data"]}
    return {name: rows[video.youtube_id] for name, video in made.items()}


@pytest.mark.parametrize("name", BAD_VIDEOS)
def test_a_video_that_cannot_be_captioned_is_one_line_in_the_queue(bad_videos, name):
    row = bad_videos[name]
    assert BAD_VIDEOS[name][1] in row["reason"]
    assert len(row["reason"].splitlines()) == 1
    assert row["state"] == "skipped"


def test_a_video_that_was_damaged_is_downloaded_anew_when_a_person_retries_it(owner, tmp_path):
    video = published(owner, text(tmp_path / "talk.mp4"))
    came_to(owner, video, VideoState.SKIPPED)
    owner.sandbox.post("edit", {"id": video.youtube_id, "path": str(sample(GOOD))})
    assert console(owner, "queue", "retry", video.youtube_id).returncode == 0
    assert drafted(owner, video).cues > 0


def test_a_silent_video_has_a_draft_that_says_so_and_is_never_uploaded(owner, tmp_path):
    draft = drafted(owner, published(owner, silence(tmp_path / "silent.wav"), title="Silence"))
    assert "nothing was said: nothing to upload" in unwrapped(console(owner, "draft", "list"))
    shown = unwrapped(console(owner, "draft", "show", str(draft.id)))
    assert "Nothing was said: there are no cues." in shown
    assert f"There is nothing to upload. Next: /draft reject {draft.id}" in shown
    done = console(owner, "draft", "approve", str(draft.id))
    assert done.returncode == 1
    assert f"Draft {draft.id} has no cue, since nothing was said: an empty track is never uploaded" in unwrapped(done)
    assert drafts.get(owner.database, draft.id)[0].state is DraftState.WAITING

    put_past_the_store(owner, draft, DraftState.APPROVED)  # the upload looks too
    failed = wait_for("failed", lambda: (row := drafts.get(owner.database, draft.id)[0]).reason and row)
    assert failed.state is DraftState.FAILED
    assert failed.reason == "the draft shows no text, and an empty track is never uploaded: reject the draft"
    with pytest.raises(Refused, match="has no cue"):
        drafts.retry(owner.database, draft.id, "ann")
    assert owner.sandbox.state["tracks"] == []
    assert drafts.reject(owner.database, draft.id, "ann").state is DraftState.REJECTED


def put_past_the_store(owner, draft, state):
    with owner.database.write() as session:
        row = session.get(Draft, draft.id)
        row.state = state
        session.add(row)


@pytest.fixture(scope="module")
def hostile(owner):
    """The draft of a video with a hostile title."""
    return drafted(owner, published(owner, sample(GOOD), title=TITLE))


@pytest.mark.parametrize("words", ["queue show --all", "draft list", "draft show DRAFT"])
def test_a_hostile_title_is_one_plain_short_line_wherever_it_is_shown(owner, hostile, words):
    done = console(owner, *words.replace("DRAFT", str(hostile.id)).split())
    assert SHOWN in unwrapped(done)
    assert not [letter for letter in done.stdout if not letter.isprintable() and letter != "\n"]
    assert done.stdout.count("z") < 250


def test_a_hostile_title_is_in_no_name_of_a_file(owner, hostile, tmp_path):
    youtube_id = drafts.get(owner.database, hostile.id)[1].youtube_id
    console(owner, "draft", "download", str(hostile.id), "--to", str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {f"{youtube_id}.en.1.vtt", f"{youtube_id}.en.1.srt"}
    assert not [path for path in owner.state.rglob("*") if "passwd" in path.name or "z" * 9 in path.name]


# ---- a model folder that is none, for the daemon


def test_a_captiond_without_its_model_says_so_and_keeps_the_video(tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    with machine(tmp_path, model) as owner:
        owner.start()
        video = came_to(owner, published(owner, sample(GOOD)), VideoState.FAILED)
        told = f"{model} is no Whisper model for CTranslate2: model.bin and config.json and tokenizer.json missing"
        assert video.reason.startswith(told)
        assert video.resume_state is VideoState.DOWNLOADED, "it can be retried when the model is there"
        assert owner.told("status")["data"]["engines"]["whisper"].startswith(told)
        assert "Traceback" not in owner.log.read_text()


# ---- disks that are full


def test_a_full_disk_under_sound_and_words_is_one_line_each_and_the_retries_go_through(owner):
    youtube_id = owner.sandbox.publishes(sample(GOOD))
    sounds, words = owner.state / "audio", owner.state / "transcripts" / youtube_id
    sounds.mkdir(exist_ok=True)
    words.mkdir(parents=True)
    full = sounds / f"{youtube_id}.download.140.wav.part"
    full.symlink_to("/dev/full")
    video = videos.request(owner.database, youtube_id, "ann")
    assert the_trouble(owner, video, VideoState.FOUND) == FULL
    assert not (sounds / f"{youtube_id}.wav").exists()

    full.unlink()
    (words / f"words-{words_key(owner)[:16]}.part").symlink_to("/dev/full")
    assert console(owner, "queue", "retry", youtube_id).returncode == 0
    assert the_trouble(owner, video, VideoState.DOWNLOADED) == FULL
    assert list(words.iterdir()) == [], "the room is free again"

    assert console(owner, "queue", "retry", youtube_id).returncode == 0
    assert drafted(owner, video).cues > 0
    assert "Traceback" not in owner.log.read_text()


def words_key(owner):
    """That of the sound of GOOD, of which its title alone is known."""
    asked = job.present(read.load(Settings, owner.config).daemon, job.Wishes(context="A tale"))
    return asked.words_key(sha256_of(sample(GOOD)))


def the_trouble(owner, video, where):
    """What the store says of a video that a person has to see to since it could not leave the state `where`."""
    found = came_to(owner, video, VideoState.FAILED)
    assert found.resume_state is where
    return found.reason


def test_a_disk_that_takes_no_more_under_the_database_is_one_line_and_nothing_is_lost(owner):
    """A file that may not grow stands for a full disk: SQLite is refused by the system in both cases."""
    done = console(owner, "caption", "BBBBBBBBBBB", limit="ulimit -f 0;")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert f"{owner.state}/captionwatch.db cannot be used: disk I/O error; make room on its disk" in unwrapped(done)
    assert owner.video("BBBBBBBBBBB") is None
    assert console(owner, "status", limit="ulimit -f 0;").returncode == 0, "reading goes on"
    assert owner.captiond.poll() is None


def test_a_database_that_is_full_says_what_to_do(tmp_path):
    with closing(Database(sqlite_url(tmp_path / "captionwatch.db"), busy_seconds=1)) as database:
        stored.migrate(database)
        with (
            pytest.raises(Unusable, match="database or disk is full; make room on its disk"),
            database.write() as session,
        ):
            session.connection().exec_driver_sql("PRAGMA max_page_count = 1")  # less than it has: no page more
            session.connection().exec_driver_sql("CREATE TABLE more AS SELECT randomblob(1000000)")
        stored.check_schema(database)


def test_a_draft_that_does_not_fit_on_the_disk_is_not_left_half_saved(owner, hostile, tmp_path):
    done = console(owner, "draft", "download", str(hostile.id), "--to", str(tmp_path), limit="ulimit -f 0;")
    assert "File too large" in the_line(done)
    assert str(tmp_path) in the_line(done)
    assert list(tmp_path.iterdir()) == []


def test_a_captiond_whose_state_cannot_be_written_ends_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    done = run("sh", "-c", 'ulimit -f 0; exec "$0" run', program("captiond"))
    line = the_line(done)
    assert str(tmp_path) in line
    assert "make room" in line


# ---- a locked database


def test_a_locked_database_ends_in_one_line_and_works_when_it_is_free_again(owner):
    other = sqlite3.connect(owner.state / "captionwatch.db", isolation_level=None)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        done = console(owner, "caption", "CCCCCCCCCCC")
        other.execute("ROLLBACK")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert f"{owner.state}/captionwatch.db is locked by another program; close it, or wait" in unwrapped(done)
    assert owner.video("CCCCCCCCCCC") is None
    assert console(owner, "caption", "CCCCCCCCCCC").returncode == 0
    assert owner.captiond.poll() is None


def test_a_captiond_whose_database_is_locked_ends_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    other = sqlite3.connect(tmp_path / "captionwatch.db", isolation_level=None)
    with closing(other):
        other.execute("CREATE TABLE somebody (elses)")
        other.execute("BEGIN IMMEDIATE")
        done = run(program("captiond"), "run")
    assert the_line(done).endswith("captionwatch.db is locked by another program; close it, or wait")
