"""captiond as a process: how it begins, and how it ends."""

import json
import subprocess

import pytest

from sandbox import youtube
from store import channels, services, videos
from store.lifecycle import VideoState
from tests.conftest import sample
from tests.machine import children_of, is_running, machine, program, wait_for


@pytest.fixture
def owner(tmp_path):
    with machine(tmp_path) as made:
        yield made


def runs_and_ends(owner, *words):
    """A captiond that ends by itself: its exit code and what it says on standard error."""
    done = subprocess.run(
        [program("captiond"), *words], env=owner.environment, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stderr


def test_a_second_captiond_on_the_same_state_is_one_line(owner):
    owner.start()
    code, said = runs_and_ends(owner, "run")
    assert code == 1
    assert said == f"captiond: another captiond (process {owner.captiond.pid}) works with {owner.state} already\n"


def test_a_captiond_with_another_state_but_the_same_database_is_refused_too(owner, tmp_path):
    owner.start()
    (tmp_path / "other").mkdir()
    owner.environment["STATE_DIRECTORY"] = str(tmp_path / "other")
    owner.config.write_text(f'[store]\nurl = "sqlite:///{owner.state}/captionwatch.db"\n')
    code, said = runs_and_ends(owner, "run")
    assert (code, "another captiond" in said) == (1, True)


def test_sigterm_in_the_middle_of_a_download_gives_the_video_back_uncounted_and_leaves_no_child(owner):
    owner.start()
    owner.sandbox.fault("media", "hold")
    video = owner.sandbox.publishes(sample("beckett.wav"))
    videos.request(owner.database, video, "test")
    wait_for("the download", lambda: owner.video(video).claim and any(owner.sandbox.state["held"].values()))
    children = children_of(owner.captiond.pid)
    assert children
    assert owner.stop() == 0
    assert not [child for child in children if is_running(child)]
    found = owner.video(video)
    assert (found.state, found.claim, found.attempts, found.next_try_at) == (VideoState.FOUND, "", 0, None)


def test_the_recogniser_is_kept_warm_and_leaves_when_it_is_idle(owner):
    owner.start(idle=1)
    video = owner.sandbox.publishes(sample("beckett.wav"))
    videos.request(owner.database, video, "test")
    wait_for("the draft", lambda: owner.video(video).state is VideoState.DRAFTED)
    wait_for("no child", lambda: not children_of(owner.captiond.pid))


def test_feeds_that_are_due_together_are_not_read_in_one_burst(owner):
    """With a tick that does not come again, one feed of three is read."""
    owner.start()
    for name in "abc":
        owner.sandbox.post("channel", {"id": f"UC{name * 22}", "title": name, "handle": f"@{name * 3}"})
        channels.ask(owner.database, f"UC{name * 22}", "test")
    wait_for("all were read", lambda: [bool(one.polled_at) for one in channels.listing(owner.database)] == [True] * 3)
    owner.kill()
    with owner.database.write() as session:
        for channel in channels.listing(owner.database):
            channel.next_try_at = None
            session.add(channel)
    before = owner.sandbox.state["requests"]["feed"]
    owner.start(tick=600)
    wait_for("one was read", lambda: owner.sandbox.state["requests"]["feed"] > before)
    assert owner.sandbox.state["requests"]["feed"] == before + 1


@pytest.mark.parametrize(
    ("code", "config", "told"),
    [
        (78, "[daemon]\ntick_second = 1\n", "daemon.tick_second: there is no such key. Did you mean tick_seconds?"),
        (78, "[daemon\n", "is no TOML"),
        (78, '[store]\nurl = "nonsense"\n', "is no address of a database"),
        (
            1,
            '[store]\nurl = "sqlite:////no/such/folder/x.db"\n',
            "the folder /no/such/folder cannot be written to: No such file or directory",
        ),
    ],
)
def test_settings_that_cannot_be_used_are_one_line(owner, code, config, told):
    """78 tells systemd that a new start would end the same way."""
    owner.config.write_text(config)
    ended, said = runs_and_ends(owner, "run")
    assert ended == code
    assert len(said.splitlines()) == 1
    assert told in said


def test_a_database_of_a_newer_version_is_refused_in_one_line_by_both_programs(owner):
    owner.start()
    owner.stop()
    with owner.database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    code, said = runs_and_ends(owner, "run")
    assert (code, len(said.splitlines())) == (78, 1)
    assert "written by a newer captionwatch" in said
    assert "written by a newer captionwatch" in owner.says("status")["text"]


def test_what_the_login_covers_is_known_after_a_restart_though_youtube_cannot_be_reached(owner):
    owner.start()
    owner.stop()
    owner.sandbox.fault("channels.list", "status", times=None, value=503)
    owner.start()
    wait_for("YouTube did not answer", lambda: services.get(owner.database, "captiond").note)
    said = owner.told("status")["data"]
    assert said["note"]
    assert said["covers"] == [youtube.CHANNEL_ID]


def test_a_login_that_comes_later_is_noticed(owner):
    token = owner.state / "youtube-token.json"
    token.unlink()
    owner.start(covers=False)
    assert "nobody is logged in" in owner.told("status")["data"]["note"]
    token.write_text(json.dumps(youtube.TOKEN))
    wait_for("covered", lambda: services.get(owner.database, "captiond").covers)
    assert owner.told("status")["data"]["covers"] == [youtube.CHANNEL_ID]
