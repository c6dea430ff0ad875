"""One video from feed entry to uploaded track, by real processes; then again, with kill -9 in each stage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from captions import formats
from sandbox import youtube
from store import channels, services, videos
from store.lifecycle import ChannelState, DraftState, VideoState
from store.tables import ArtefactKind
from tests.conftest import sample
from tests.machine import Machine, machine, wait_for

SPOKEN = "it was the best of times"


@pytest.fixture
def owner(tmp_path):
    with machine(tmp_path) as made:
        yield made


def subscribed(owner: Machine) -> None:
    answer = owner.told("channel", "add", "@sandbox")
    assert answer["data"]["state"] == "watched"


def drafted(owner: Machine, video: str) -> int:
    wait_for("a draft", lambda: (found := owner.video(video)) and found.state is VideoState.DRAFTED)
    return int(owner.told("draft", "list")["data"][0]["id"])


def uploaded(owner: Machine) -> None:
    wait_for("uploaded", lambda: owner.draft().state is DraftState.UPLOADED)


def the_one_track(owner: Machine) -> str:
    """The text on YouTube: one track, put there by one insert, and no request that YouTube would refuse."""
    state = owner.sandbox.state
    assert len(state["tracks"]) == 1
    assert state["executed"].get("captions.insert", 0) == 1
    assert state["refusals"] == []
    assert state["tracks"][0]["status"] == "serving"
    return str(state["tracks"][0]["text"])


def test_a_video_goes_from_the_feed_to_an_uploaded_track(owner):
    before = owner.sandbox.publishes(sample("two_cities.wav"), published_at="2020-01-01T00:00:00+00:00")
    owner.start()
    subscribed(owner)
    wait_for("the first reading", lambda: owner.video(before))
    video = owner.sandbox.publishes(sample("two_cities.wav"), title="A tale of two cities")
    draft = drafted(owner, video)
    shown = owner.told("draft", "show", str(draft))
    assert SPOKEN in " ".join(shown["data"]["text"].lower().split())
    assert "captions.insert" not in owner.sandbox.state["executed"], "nothing is uploaded before a person says so"
    owner.told("draft", "approve", str(draft))
    uploaded(owner)
    assert the_one_track(owner) == shown["data"]["text"]
    assert owner.video(before).state is VideoState.SKIPPED
    assert owner.video(before).reason == "before subscription"
    assert owner.stop() == 0


def test_everything_that_a_person_did_is_an_event_with_their_name(owner):
    owner.start()
    subscribed(owner)
    video = owner.sandbox.publishes(sample("beckett.wav"))
    owner.told("draft", "reject", str(drafted(owner, video)), "not", "mine")
    person = {
        (event.what, event.to_state) for event in services.events(owner.database) if event.who.startswith("console:")
    }
    assert person == {("asked", "asked"), ("moved", "rejected")}


def test_a_video_is_captioned_by_hand_though_it_was_there_before_the_subscription(owner):
    video = owner.sandbox.publishes(sample("beckett.wav"), published_at="2020-01-01T00:00:00+00:00")
    owner.start()
    subscribed(owner)
    wait_for("skipped", lambda: (found := owner.video(video)) and found.state is VideoState.SKIPPED)
    owner.told("caption", f"https://youtu.be/{video}")
    assert drafted(owner, video)


def test_kill_9_in_the_middle_of_each_stage_loses_nothing_and_doubles_nothing(owner):
    """Nothing is patched: the sandbox holds an exchange open, the child is at work, or a file does not answer."""
    owner.start()
    held(owner, "channels.list")  # discover: looking the channel up
    channels.ask(owner.database, youtube.HANDLE, "console:test")  # the console would wait for the answer
    wait_for("discover holds the claim", lambda: holding(owner) and owner.channel().claim)
    assert owner.channel().state is ChannelState.ASKED
    killed(owner)
    wait_for("read once", lambda: owner.channel().polled_at)

    held(owner, "feed")  # discover: reading the feed that names the video
    wait_for("discover holds the claim", lambda: holding(owner) and owner.channel().claim)
    assert owner.channel().state is ChannelState.WATCHED
    video = owner.sandbox.publishes(sample("two_cities.wav"))
    held(owner, "media")  # download
    killed(owner)

    wait_for("download holds the claim", lambda: holding(owner) and claimed(owner, video, VideoState.FOUND))
    killed(owner)

    wait_for("transcribe's child reports progress", lambda: reports(owner, video))
    killed(owner, tick=30)  # all stages fire once at the start, then typeset rests
    wait_for("transcribed", lambda: owner.video(video).state is VideoState.TRANSCRIBED)
    owner.kill()

    with words_that_do_not_answer(owner):
        owner.start()
        wait_for("typeset holds the claim", lambda: claimed(owner, video, VideoState.TRANSCRIBED))
        owner.kill()
    owner.start()
    draft = drafted(owner, video)
    text = owner.told("draft", "show", str(draft))["data"]["text"]

    owner.sandbox.fault("captions.insert", "hold")  # upload, before YouTube has done it
    owner.told("draft", "approve", str(draft))
    wait_for("upload holds the claim", lambda: holding(owner) and owner.draft().claim)
    owner.kill()
    owner.sandbox.fault("captions.insert", "hold_after")  # and after it has, but did not say so
    owner.sandbox.post("release", {})
    owner.start()
    wait_for("upload holds the claim", lambda: holding(owner) and owner.draft().claim)
    killed(owner)

    uploaded(owner)
    assert the_one_track(owner) == text
    assert SPOKEN in " ".join(text.lower().split())
    assert formats.read(text, "vtt", "en").cues
    assert owner.video(video).state is VideoState.DRAFTED


def held(owner: Machine, operation: str) -> None:
    owner.sandbox.fault(operation, "hold")


def holding(owner: Machine) -> bool:
    """Whether the sandbox has an exchange open that it does not answer."""
    return any(owner.sandbox.state["held"].values())


def claimed(owner: Machine, video: str, state: VideoState) -> bool:
    found = owner.video(video)
    return found is not None and found.state is state and found.claim.startswith("captiond")


def reports(owner: Machine, video: str) -> bool:
    return claimed(owner, video, VideoState.DOWNLOADED) and owner.video(video).progress is not None


def killed(owner: Machine, tick: float = 0.1) -> None:
    """Kill captiond, let go what was held, and start it again."""
    owner.kill()
    owner.sandbox.post("release", {})
    owner.start(tick)


@contextmanager
def words_that_do_not_answer(owner: Machine) -> Iterator[None]:
    """Put a pipe that nobody writes to where the words are: whoever reads them waits."""
    words = videos.artefact(owner.database, 1, ArtefactKind.WORDS)
    path = owner.state / words.path
    kept = path.with_suffix(".kept")
    path.rename(kept)
    os.mkfifo(path)
    try:
        yield
    finally:
        kept.replace(path)
