from collections import Counter

import pytest

from bench import backlog
from bench.discord import Load, Looked, conclude, desk_looks, percentile
from bench.talk import CHOICES, CLICK, COMMAND, FORM, Act, Talk
from sandbox.discord.state import CHANNEL_ID, OWNER_NAME
from store import channels, drafts
from store.lifecycle import ChannelState, DraftState
from tests.bot.discord.server import Server

LOOKED = Looked("/draft list", (3.0, 9.0, 4.0), 20)


def acts(longest=90.0, choices=25):
    """A hundred of them, of which all but two are quick."""
    kinds = (COMMAND, CHOICES, CLICK, FORM)
    quick = [Act(kinds[number % 4], 5.0, choices) for number in range(98)]
    return [*quick, Act(COMMAND, longest), Act(CLICK, longest)]


def missed(busy=None, looked=LOOKED):
    report = conclude([looked], acts(), busy or acts(), Load(1.8, 2.0), cards=100)
    return [bar.name for bar in report.bars if not bar.met]


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    yield made
    made.close()


def test_99_per_cent_are_within_the_last_but_one_of_a_hundred():
    assert percentile(list(range(1, 101))) == 99
    assert percentile(list(range(1, 201))) == 198
    assert percentile([7.0]) == 7.0


def test_quick_answers_meet_every_bar():
    assert not missed()


@pytest.mark.parametrize(
    ("busy", "looked", "which"),
    [
        (acts(501.0), LOOKED, ["99 % acknowledged"]),
        (acts(3001.0), LOOKED, ["99 % acknowledged", "the longest"]),
        (acts(choices=26), LOOKED, ["choices that are shown"]),
        (acts(), Looked("/draft list", (5.0, 101.0, 101.0), 20), ["/draft list in the desk"]),
        (acts(), Looked("/draft list", (5.0,), 21), ["rows of the longest reply"]),
    ],
)
def test_what_is_slow_or_long_misses_its_bar(busy, looked, which):
    found = missed(busy, looked)
    assert len(found) == len(which)
    assert all(name.startswith(begin) for name, begin in zip(found, which, strict=True))


def test_idle_and_busy_stand_beside_each_other_by_what_was_done():
    report = conclude([LOOKED], acts(), acts(200.0), Load(1.8, 2.0), cards=100)
    assert [row[:2] for row in report.rows if row[0] == "all acts"] == [
        ("all acts", "idle"),
        ("all acts", "transcribing"),
    ]
    assert [row[5] for row in report.rows if row[0] == "all acts"] == [90.0, 200.0]


def test_the_store_is_filled_and_the_talk_is_answered_by_a_real_bot(server):
    backlog.fill(server.database, channel_count=40, draft_count=60, place=CHANNEL_ID)
    assert len(drafts.listing(server.database, (DraftState.WAITING,), limit=100)) == 60
    assert {one.state for one in channels.listing(server.database)} == {ChannelState.PAUSED}
    looked = {one.name: one.rows for one in desk_looks(server.database.url, 1)}
    assert (looked["/draft list"], looked["/channel list"], looked["choices of /draft approve"]) == (20, 20, 60)

    server.start()
    server.connected()
    done = Talk(server.people.user(OWNER_NAME), server.card(1), server.card(2)).acts(20)
    assert Counter(act.kind for act in done) == {COMMAND: 6, CHOICES: 4, CLICK: 8, FORM: 2}
    assert all(act.milliseconds > 0 for act in done)
    assert max(act.choices for act in done) == 25
    newest, _ = drafts.find(server.database, "video-00000")
    assert newest.revision == 3
    assert "Corrected for the 2. time" in newest.text
    assert server.people.state["refusals"] == []
