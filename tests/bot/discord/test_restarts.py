"""captionbot is killed, Discord is away, captiond is down: one card for each revision, each decision once.

The processes are real, and so are the kills. What happens in the middle of something is made by holding a request.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import select

from store import drafts, told
from store.lifecycle import DraftState
from store.tables import DecisionKind, Draft, ToldCommands
from tests.bot.conftest import LEASE
from tests.bot.discord.scene import Scene, is_decided, lines, played
from tests.bot.discord.scene import told as told_alone
from tests.bot.discord.server import answered
from tests.machine import wait_for

POST, REDRAW, ANSWER = "create_message", "update_message", "create_interaction_response"  # as Discord calls them
NONCE_SECONDS = 300.0
GUILDS = 1  # the intent


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    with played(Scene(tmp_path_factory.mktemp("restarts"))) as made:
        yield made


@pytest.fixture(autouse=True)
def _one_card_for_each_revision(request):
    midst = "midst" in request.fixturenames
    scene = request.getfixturevalue("midst").scene if midst else request.getfixturevalue("scene")
    yield
    with scene.database.read() as session:
        drafted = sorted(f"Draft {number}" for number in session.exec(select(Draft.id)))
    wait_for("all cards", lambda: len(scene.server.cards()) >= len(drafted))
    cards = [one["embeds"][0]["footer"]["text"].partition(",")[0] for one in scene.server.cards()]
    assert sorted(cards) == drafted


def decided(scene, draft):
    """What people decided on a draft, and who."""
    return [(one.what, one.who) for one in drafts.decisions(scene.database, draft)]


# ---- killed in the middle of everything


@dataclass
class Midst:
    """A bot that was killed and came back. It was posting a card, and drawing another; a click and forms were open."""

    scene: Scene
    posting: int
    posted: list[str]  # ids of that card's messages at the kill
    drawing: int
    clicked: int
    edited: int
    rejected: int
    tellings: int  # of the commands, as it came back
    others: bool  # whether Discord had been told of other commands


MOMENTS = ("before posting", "after posting", "before, much later", "after, much later")


@pytest.fixture(scope="module")
def midsts(tmp_path_factory):
    """One for each moment, made at once: most of it is waiting."""
    with ExitStack() as stack, ThreadPoolExecutor(len(MOMENTS)) as pool:
        scenes = [played(Scene(tmp_path_factory.mktemp("midst"))) for _ in MOMENTS]
        running = list(pool.map(stack.enter_context, scenes))
        yield dict(zip(MOMENTS, pool.map(killed, running, MOMENTS), strict=True))


@pytest.fixture(params=MOMENTS)
def midst(midsts, request):
    return midsts[request.param]


def killed(scene, moment):
    """Kill the bot in the midst of everything, and start it again. Much later a nonce is forgotten."""
    server, people = scene.server, scene.server.people
    before, later = moment.startswith("before"), moment.endswith("later")
    others = not before and later
    drawing, clicked, edited, rejected = (scene.unseen() for _ in range(4))
    scene.anna.select(answered(scene.anna.click(server.card(edited), "Edit")).message, f"cue:{edited}", "1")
    scene.owner.click(server.card(rejected), "Reject")
    approved_card, clicked_card = server.card(drawing), server.card(clicked)

    people.do("fault", operation=POST, kind="hold" if before else "hold_after")
    posting = scene.unseen()
    assert people.holds(POST)
    people.do("fault", operation=REDRAW, kind="hold", times=None)
    scene.anna.click(approved_card, "Approve")
    assert people.holds(REDRAW)
    people.do("fault", operation=ANSWER, kind="hold")
    scene.anna.click(clicked_card, "Approve", wait=0)
    assert people.holds(ANSWER)
    posted = [one["id"] for one in server.cards(posting)]
    assert not is_decided(server.card(drawing))
    server.kill()

    people.do("clear")
    people.do("settings", nonce_seconds=0 if later else NONCE_SECONDS)
    if others:
        knows_other_commands(scene)
    told_before = server.told_commands()
    server.comes_back()
    tellings = server.told_commands() - told_before
    return Midst(scene, posting, posted, drawing, clicked, edited, rejected, tellings, others)


def knows_other_commands(scene):
    """What Discord was told of last was another version's."""
    with scene.database.read() as session:
        (known,) = session.exec(select(ToldCommands)).all()
    told.note(scene.database, known.scope, "those of another version")


def test_a_card_that_was_being_posted_at_the_kill_is_there_once(midst, request):
    assert len(midst.posted) == ("after" in request.node.callspec.id)
    card = midst.scene.server.card(midst.posting)
    assert card["id"] in (midst.posted or [card["id"]])
    assert len(card["attachments"]) == 2
    midst.scene.anna.click(card, "Approve")
    assert "Approved by @anna" in lines(midst.scene.server.card(midst.posting, is_decided))


def test_a_decision_that_no_card_showed_at_the_kill_is_there_once_and_is_shown(midst):
    assert "Approved by @anna" in lines(midst.scene.server.card(midst.drawing, is_decided))
    assert decided(midst.scene, midst.drawing) == [(DecisionKind.APPROVE, "discord:anna")]


def test_a_click_that_was_not_acknowledged_at_the_kill_decides_nothing_and_can_be_done_again(midst):
    assert decided(midst.scene, midst.clicked) == []
    midst.scene.anna.click(midst.scene.server.card(midst.clicked), "Approve")
    midst.scene.server.card(midst.clicked, is_decided)
    assert decided(midst.scene, midst.clicked) == [(DecisionKind.APPROVE, "discord:anna")]


def test_a_cue_that_was_being_edited_at_the_kill_is_taken(midst):
    seen = answered(midst.scene.anna.submit({"text": "Typed before the kill"}))
    number = int(seen.text.partition("became draft ")[2].partition(",")[0])
    assert "Typed before the kill" in midst.scene.server.card(number)["embeds"][0]["description"]
    assert "took its place" in lines(midst.scene.server.card(midst.edited, is_decided))


def test_a_reason_that_was_being_typed_at_the_kill_is_taken(midst):
    answered(midst.scene.owner.submit({"reason": "typed before the kill"}))
    card = midst.scene.server.card(midst.rejected, is_decided)
    assert "Rejected by @owner: typed before the kill." in lines(card)
    assert decided(midst.scene, midst.rejected) == [(DecisionKind.REJECT, "discord:owner")]


def test_discord_is_told_of_the_commands_again_only_where_it_knows_others(midst):
    assert midst.tellings == midst.others


# ---- what the bot asks Discord for


def test_it_asks_for_the_intent_guilds_alone(scene):
    assert {one["intents"] for one in scene.server.people.state["sessions"]} == {GUILDS}


def test_a_card_is_posted_with_a_nonce_that_is_enforced(scene):
    number, card = scene.draft()
    assert (card["nonce"], card["nonce_enforced"]) == (f"draft-{number}", True)


# ---- Discord fails, or is away


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "rate", "value": 0.2},
        {"kind": "status", "value": 500},
        {"kind": "cut_after"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('value', '')}".strip(),
)
def test_a_card_that_discord_did_not_take_at_once_is_there_once(fault, scene):
    before = scene.server.people.state["requests"][POST]
    scene.server.people.do("fault", operation=POST, **fault)
    number, _ = scene.draft()
    scene.anna.click(scene.server.card(number), "Approve")
    scene.server.card(number, is_decided)
    assert scene.server.people.state["requests"][POST] > before + (fault["kind"] != "cut_after")


def test_what_came_while_discord_was_away_is_shown_when_it_is_back(scene):
    server = scene.server
    approved, rejected = scene.draft()[0], scene.draft()[0]
    tried = server.logged("cannot send")
    server.people.do("down")
    new, decided_at_once = scene.unseen(), scene.unseen()
    words = (f"approve {approved}", f"reject {rejected} not ours", f"approve {decided_at_once}")
    said = server.console(*(f"draft {one}" for one in words))
    assert (said.count("is approved"), said.count("is rejected")) == (2, 1)
    wait_for("it tried", lambda: server.logged("cannot send") > tried)
    server.people.do("up")
    server.people.waits(lambda state: any(one["connected"] for one in state["sessions"]), "connected again")
    assert "Waits for a decision" in lines(server.card(new))
    for number, what in ((approved, "Approved by "), (rejected, "Rejected by "), (decided_at_once, "Approved by ")):
        assert what in lines(server.card(number, is_decided))
        assert len(decided(scene, number)) == 1
    scene.anna.click(server.card(new), "Approve")
    server.card(new, is_decided)


def test_a_draft_and_a_click_that_came_while_the_gateway_was_dropped_are_served(scene):
    people = scene.server.people
    people.do("settings", deadline_seconds=60)
    people.do("fault", operation="gateway", kind="hold")
    people.do("drop", code=4000)
    assert people.holds("gateway")
    number, card = scene.draft()
    scene.anna.click(card, "Approve", wait=0)
    assert decided(scene, number) == []
    people.do("release")
    scene.server.card(number, is_decided)
    assert decided(scene, number) == [(DecisionKind.APPROVE, "discord:anna")]
    people.do("settings", deadline_seconds=3)


def test_an_intent_that_discord_refuses_ends_it_with_one_line(scene):
    scene.server.people.do("drop", code=4014)
    assert scene.server.bot.wait(timeout=30) == os.EX_CONFIG
    lines_for_people = [line for line in scene.server.log.read_text().splitlines() if not line.startswith("{")]
    assert lines_for_people == ["captionbot: Discord: it wants an intent that captionbot does not ask for"]
    scene.server.comes_back()


# ---- captiond is down


def test_what_is_approved_while_captiond_is_down_is_said_drawn_and_uploaded_in_the_end(scene):
    (clicked, card), (typed, _) = scene.draft(), scene.draft()
    scene.beats(ago=timedelta(hours=1))
    seen = answered(scene.anna.types("/draft approve", draft=str(typed)))
    assert f"Draft {typed} is approved. captiond has been down since" in seen.text
    scene.anna.click(card, "Approve")
    for number in (clicked, typed):
        assert "Approved by @anna" in lines(scene.server.card(number, is_decided))

    scene.beats()
    while (claimed := drafts.claim_approved(scene.database, "captiond", LEASE)) is not None:
        drafts.uploaded(scene.database, claimed, "captiond", f"track-{claimed.id}")
    for number in (clicked, typed):
        assert "On YouTube since" in lines(scene.server.card(number, lambda one: "On YouTube" in lines(one)))
        assert decided(scene, number) == [(DecisionKind.APPROVE, "discord:anna")]


# ---- two at once


def test_of_approve_and_reject_at_once_one_wins_and_the_other_is_told_whoever_came_first(scene):
    numbers = [scene.unseen() for _ in range(10)]
    for index, number in enumerate(numbers):
        card = scene.server.card(number)
        scene.owner.click(card, "Reject")
        approve, reject = (lambda: scene.anna.click(card, "Approve")), (lambda: scene.owner.submit({"reason": "no"}))  # noqa: B023
        with ThreadPoolExecutor(2) as pool:
            if index % 2:
                approves, rejects = pool.submit(approve), pool.submit(reject)
            else:
                rejects, approves = pool.submit(reject), pool.submit(approve)
        approved, rejected = approves.result(), answered(rejects.result())
        card = scene.server.card(number, is_decided)
        if scene.state(number) is DraftState.APPROVED:
            assert decided(scene, number) == [(DecisionKind.APPROVE, "discord:anna")]
            assert "only a waiting or a failed draft can be rejected" in rejected.text
            assert "Approved by @anna" in lines(card)
        else:
            assert decided(scene, number) == [(DecisionKind.REJECT, "discord:owner")]
            assert "only a waiting draft can be approved" in told_alone(approved)
            assert "Rejected by @owner: no." in lines(card)
