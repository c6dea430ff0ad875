"""One video from /channel add to the track on YouTube, decided by clicks: captiond, captionbot, YouTube, Discord.

Each is a process of its own, and they speak over sockets.
"""

from __future__ import annotations

import pytest

from captions import formats
from store import drafts
from store.lifecycle import DraftState
from tests.bot.discord.scene import custom_ids, is_decided, lines
from tests.bot.discord.server import Server, answered
from tests.conftest import sample
from tests.machine import machine, wait_for

EDITED = "It was the best of thymes,"


@pytest.fixture
def owner(tmp_path):
    with machine(tmp_path) as made:
        yield made


@pytest.fixture
def server(tmp_path, owner):
    made = Server(tmp_path, owner)
    made.shows_drafts()
    try:
        yield made
        made.assert_nothing_was_wrong()
        assert made.stop() == 0
    finally:
        made.close()


def test_a_video_is_subscribed_shown_corrected_approved_and_published_by_clicks_alone(owner, server):
    owner.start()
    server.start()
    server.connected()
    person = server.people.user("Owner")
    assert "is watched" in answered(person.command("/channel add", {"channel": "@sandbox"})).text

    wait_for("the first reading", lambda: owner.channel().polled_at)
    video = owner.sandbox.publishes(sample("two_cities.wav"), title="A tale of *two* cities")
    card = server.card(1)
    assert card["embeds"][0]["title"].endswith(r"A tale of \*two\* cities")
    first = drafts.get(server.database, 1)[0]
    vtt, srt = (server.people.bytes_of(one).decode() for one in card["attachments"])
    assert vtt == first.text
    assert formats.read(srt, "srt", "en").text == formats.read(vtt, "vtt", "en").text

    chooser = answered(person.click(card, "Edit"))
    person.select(chooser.message, "cue:1", "1")
    assert "became draft 2" in answered(person.submit({"text": EDITED})).text
    assert "took its place" in lines(server.card(1, is_decided))
    card = server.card(2)
    assert EDITED in card["embeds"][0]["description"]
    assert custom_ids(card)[0] == "draft:approve:2"
    assert owner.sandbox.state["tracks"] == [], "nothing is uploaded before a person says so"

    person.click(card, "Approve")
    card = server.card(2, lambda one: "On YouTube since <t:" in lines(one))
    assert "Approved by @owner <t:" in lines(card)
    assert card["embeds"][0]["url"] == f"https://youtu.be/{video}"
    assert not card["components"]

    (track,) = owner.sandbox.state["tracks"]
    revision = drafts.get(server.database, 2)[0]
    assert (revision.state, revision.track_id) == (DraftState.UPLOADED, track["id"])
    assert track["text"] == revision.text == first.text.replace(*changed(first, revision))
    assert owner.sandbox.state["executed"]["captions.insert"] == 1
    assert owner.sandbox.state["refusals"] == []
    assert [len(server.cards(number)) for number in (1, 2)] == [1, 1]
    assert owner.stop() == 0


def changed(first, revision):
    """The text of the first cue, before and after."""
    old, new = (formats.read(one.text, "vtt", "en").cues[0].text for one in (first, revision))
    assert new == EDITED != old
    return old, new
