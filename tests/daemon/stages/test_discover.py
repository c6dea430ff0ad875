"""Discover, against the loopback YouTube."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.stages import discover
from sandbox import youtube
from store import channels, videos
from store.lifecycle import ChannelState, ErrorKind, VideoState
from tests.conftest import sample

SOUND = sample("beckett.wav")


def watched(scene):
    channel_id = scene.asks(youtube.CHANNEL_ID)
    assert discover.step(scene.context)
    return channel_id


def polls(scene):
    """Let the next poll come due, and do it."""
    scene.clock.passes(hours=7)
    assert discover.step(scene.context)


def known(scene):
    return {video.youtube_id: video for video in videos.queue(scene.database, everything=True)}


@pytest.mark.parametrize("logged_in", [True, False])
@pytest.mark.parametrize(
    "reference",
    [youtube.HANDLE, youtube.CHANNEL_ID, f"https://www.youtube.com/channel/{youtube.CHANNEL_ID}", "VIDEO", "/user/"],
)
def test_a_channel_is_found_by_whatever_names_it_with_a_login_and_without(scene, reference, logged_in):
    if not logged_in:
        scene.logs_out()
    if reference == "VIDEO":
        reference = f"https://youtu.be/{scene.youtube.publish('A tale', SOUND).id}"
    if reference == "/user/":
        scene.youtube.add_channel(youtube.CHANNEL_ID, youtube.CHANNEL_TITLE, youtube.HANDLE, "OldName")
        reference = "https://www.youtube.com/user/OldName"
    channel_id = scene.asks(reference)
    assert discover.step(scene.context)
    channel = channels.get(scene.database, channel_id)
    assert (channel.state, channel.youtube_id, channel.title) == (
        ChannelState.WATCHED,
        youtube.CHANNEL_ID,
        youtube.CHANNEL_TITLE,
    )


def test_a_machine_that_goes_out_through_a_proxy_reaches_what_is_beside_the_proxy(scene, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    channel_id = scene.asks(youtube.HANDLE)
    assert discover.step(scene.context)
    assert channels.get(scene.database, channel_id).state is ChannelState.WATCHED
    assert scene.requests("channels.list") == 1


@pytest.mark.parametrize("trouble", ["revoked", "quota"])
def test_where_the_login_is_of_no_use_the_page_tells(scene, trouble):
    if trouble == "revoked":
        scene.youtube.revoke(youtube.REFRESH_TOKEN)
    else:
        scene.youtube.fault("channels.list", "quotaExceeded")
    channel_id = scene.asks(youtube.HANDLE)
    assert discover.step(scene.context)
    assert channels.get(scene.database, channel_id).youtube_id == youtube.CHANNEL_ID


@pytest.mark.parametrize("logged_in", [True, False])
def test_a_mistyped_id_of_a_channel_is_refused(scene, logged_in):
    if not logged_in:
        scene.logs_out()
    channel_id = scene.asks("UC" + "z" * 22)
    assert discover.step(scene.context)
    assert channels.get(scene.database, channel_id).state is ChannelState.REFUSED


def test_a_channel_that_youtube_does_not_know_is_refused_with_the_reason(scene):
    channel_id = scene.asks("@nobody")
    assert discover.step(scene.context)
    channel = channels.get(scene.database, channel_id)
    assert (channel.state, channel.reason) == (ChannelState.REFUSED, "YouTube knows no channel by @nobody")


def test_a_look_up_that_the_network_stops_is_tried_again(scene):
    scene.youtube.fault("channels.list", "status", 1, 503)
    channel_id = scene.asks(youtube.HANDLE)
    assert discover.step(scene.context)
    assert channels.get(scene.database, channel_id).state is ChannelState.ASKED
    assert not discover.step(scene.context), "not before its time"
    scene.clock.passes(minutes=1)
    assert discover.step(scene.context)
    assert channels.get(scene.database, channel_id).state is ChannelState.WATCHED


def test_a_look_up_whose_child_crashes_is_tried_again(scene):
    scene.logs_out()
    scene.youtube.fault("tab", "hold")
    channel_id = scene.asks(youtube.HANDLE)
    with ThreadPoolExecutor(1) as pool:
        killed = pool.submit(_kill_when_it_asks, scene)
        assert discover.step(scene.context)
        killed.result()
    channel = channels.get(scene.database, channel_id)
    assert (channel.state, channel.last_error_kind, channel.attempts) == (ChannelState.ASKED, ErrorKind.BUG, 1)
    scene.clock.passes(minutes=1)
    assert discover.step(scene.context)
    assert channels.get(scene.database, channel_id).state is ChannelState.WATCHED


def _kill_when_it_asks(scene):
    """Kill the child that looks the channel up, as soon as YouTube hears of it."""
    assert scene.youtube.faults.wait_until_held("tab", timeout=60)
    command = f"-m\0{discover.LOOKUP_MODULE}\0--parent\0{os.getpid()}\0"
    (child,) = (path for path in Path("/proc").glob("[0-9]*/cmdline") if _text(path).endswith(command))
    os.kill(int(child.parent.name), signal.SIGKILL)


def _text(path):
    """ "" of a process that has just ended."""
    try:
        return path.read_text()
    except OSError:
        return ""


def test_what_was_there_before_is_skipped_and_what_comes_is_found(scene):
    before = scene.youtube.publish("Old", SOUND, published_at=scene.clock() - timedelta(days=1)).id
    watched(scene)
    assert discover.step(scene.context)
    scene.clock.passes(minutes=5)
    after = scene.youtube.publish("New", SOUND).id
    polls(scene)
    assert {name: video.state for name, video in known(scene).items()} == {
        before: VideoState.SKIPPED,
        after: VideoState.FOUND,
    }


def test_a_renamed_video_is_no_second_one(scene):
    watched(scene)
    discover.step(scene.context)
    scene.clock.passes(minutes=5)
    video = scene.youtube.publish("New", SOUND).id
    polls(scene)
    scene.youtube.edit(video, title="Renamed")
    polls(scene)
    assert [one.title for one in known(scene).values()] == ["New"]


@pytest.mark.parametrize(
    ("kind", "value"), [("status", 404), ("status", 500), ("html", 404), ("html", 200), ("cut_before", None)]
)
def test_no_answer_of_a_feed_ends_the_watching(scene, kind, value):
    channel_id = watched(scene)
    scene.youtube.fault("feed", kind, 1, value)
    assert discover.step(scene.context)
    channel = channels.get(scene.database, channel_id)
    assert (channel.state, channel.last_error_kind) == (ChannelState.WATCHED, ErrorKind.LATER)
    assert channel.next_try_at > scene.clock()
    polls(scene)
    assert channels.get(scene.database, channel_id).last_error is None


def test_a_channel_is_not_read_again_before_its_interval_is_over(scene):
    channel_id = watched(scene)
    assert discover.step(scene.context)
    assert not discover.step(scene.context)
    wait = channels.get(scene.database, channel_id).next_try_at - scene.clock()
    assert timedelta(minutes=13.5) <= wait <= timedelta(minutes=16.5)
