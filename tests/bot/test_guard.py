"""Who may do what: every command, with everybody who may come."""

import pytest

from bot import desk as desks
from bot.desk import COMMANDS, Desk
from bot.guard import Actor, Chat, Role, role_in, who_can
from store import channels, drafts, videos
from store.lifecycle import DraftState, ErrorKind, VideoState
from tests.bot.conftest import COVERED, OTHER, Captiond
from tests.conftest import Clock
from tests.store.factories import everything

CHAT = Chat(owners=("1",), approvers=("2",), viewers=("3",))
OWNER = Actor("discord:olga", Role.OWNER, frozenset({"1"}))
APPROVER = Actor("discord:anna", Role.APPROVER, frozenset({"2"}))
VIEWER = Actor("discord:vic", Role.VIEWER, frozenset({"3"}))
NOBODY = Actor("discord:nemo", Role.NOBODY, frozenset({"9"}))
BAKER = Actor("discord:ben", Role.VIEWER, frozenset({"7"}))  # approves what the bakery publishes, and nothing else
ELSEWHERE = Actor("discord:mallory", Role.NOBODY)  # in another server: no id of theirs counts
STRANGE_BAKER = Actor("discord:bob", Role.NOBODY, frozenset({"7"}))  # no viewer, but the bakery's approver

BAKERY = {"channel": "1", "video": "aaaaaaaaaaa", "draft": "1", "speaker": "1", "into": "1"}
GARAGE = {"channel": "2", "video": "bbbbbbbbbbb", "draft": "2", "speaker": "2", "into": "2"}
MORE = {
    "voice": "A",
    "person": "Bob",
    "text of file": "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n",
    "file": "x.vtt",
    "cue": "1",
    "text": "Else",
}


@pytest.fixture(scope="module")
def two_channels(tmp_path_factory, migrated, databases):
    """A database: the bakery has approvers of its own, the garage those of config.toml. Each has a draft."""
    folder = tmp_path_factory.mktemp("two-channels")
    with databases.copied(migrated, folder, Clock()) as database:
        captiond = Captiond(database)
        captiond.runs()
        captiond.watches("@bakery", COVERED, "The Bakery")
        captiond.watches("@garage", OTHER, "The Garage")
        channels.change(database, 1, "olga", {"approvers": ["7"]})
        captiond.drafts("aaaaaaaaaaa")
        captiond.drafts("bbbbbbbbbbb", owner=OTHER)
        captiond.knows_ada(1)
        captiond.knows_ada(2)
    return folder / "captionwatch.db"


@pytest.fixture
def desk(two_channels, tmp_path, clock, databases):
    with databases.copied(two_channels, tmp_path, clock) as database:
        yield Desk(database, CHAT)


def given(command, of):
    wanted = {**of, "term": "Ada", **MORE}
    names = [one.name for one in command.arguments if one.required or one.name in ("cue", "text")]
    values = {name: wanted[name] for name in names if name in wanted}
    if command.name == "channel add":
        values["channel"] = "@new"
    if "file" in values:
        values["text of file"] = MORE["text of file"]
    return values


def may(desk, actor, name, of):
    """Whether the guard lets somebody through, and what they are told else."""
    before = everything(desk.database)
    reply = desks.run(desk, actor, name, given(COMMANDS[name], of))
    if reply.ask is not None:
        assert not reply.ok
        assert everything(desk.database) == before
        assert "That takes the role" in reply.text
    return reply.ask is None, reply


DECIDES = sorted(name for name, one in COMMANDS.items() if one.role is Role.APPROVER)
OWNS = sorted(name for name, one in COMMANDS.items() if one.role is Role.OWNER)
LOOKS = sorted(name for name, one in COMMANDS.items() if one.role is Role.VIEWER)
OF_A_CHANNEL = [name for name in DECIDES if name not in ("term add", "term remove", "term import")]


def test_every_command_is_in_one_of_the_lists():
    assert len(DECIDES) + len(OWNS) + len(LOOKS) == len(COMMANDS)
    assert min(map(len, (DECIDES, OWNS, LOOKS))) > 4


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize(
    ("actor", "garage", "bakery"),
    [
        (OWNER, Role.OWNER, Role.OWNER),
        (APPROVER, Role.APPROVER, Role.VIEWER),  # the bakery's own take their place
        (VIEWER, Role.VIEWER, Role.VIEWER),
        (BAKER, Role.VIEWER, Role.APPROVER),
        (STRANGE_BAKER, Role.VIEWER, Role.APPROVER),
        (NOBODY, Role.NOBODY, Role.NOBODY),
        (ELSEWHERE, Role.NOBODY, Role.NOBODY),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_who_may_do_what(name, actor, garage, bakery, desk):
    needed = COMMANDS[name].role
    for of, role in ((GARAGE, garage), (BAKERY, bakery if name in OF_A_CHANNEL else garage)):
        allowed, reply = may(desk, actor, name, of)
        assert allowed == (role >= needed), reply


@pytest.mark.parametrize(
    ("name", "of", "ask"),
    [
        ("draft approve", GARAGE, ("2", "1")),
        ("draft approve", BAKERY, ("7", "1")),
        ("draft edit", BAKERY, ("7", "1")),
        ("queue cancel", BAKERY, ("7", "1")),
        ("caption", BAKERY, ("7", "1")),
        ("term add", BAKERY, ("2", "1")),
        ("channel remove", BAKERY, ("1",)),
    ],
)
def test_a_refusal_says_who_can(name, of, ask, desk):
    assert may(desk, VIEWER, name, of)[1].ask == ask


def test_a_refusal_names_the_channel(desk):
    assert (
        "takes the role approver of The Bakery, and you are a viewer"
        in may(desk, APPROVER, "draft approve", BAKERY)[1].text
    )


def test_nobody_is_told_who_may_look(desk):
    assert may(desk, NOBODY, "status", GARAGE)[1].ask == ("3", "2", "1")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_choices_are_for_those_who_may_choose_somewhere(name, desk):
    needed = COMMANDS[name].role
    expected = {OWNER: True, APPROVER: needed <= Role.APPROVER, BAKER: needed <= Role.APPROVER,
                VIEWER: needed is Role.VIEWER, NOBODY: False, ELSEWHERE: False}  # fmt: skip
    assert {actor: desks.may_choose(desk, actor, COMMANDS[name]) for actor in expected} == expected


def test_a_draft_that_does_not_exist_tells_nobody_of_others_anything(desk):
    assert desks.run(desk, NOBODY, "draft approve", {"draft": "77"}).ask is not None
    assert "There is no draft 77" in desks.run(desk, APPROVER, "draft approve", {"draft": "77"}).text


def test_a_term_of_a_channel_is_for_its_approvers(desk):
    values = {"term": "Ada", "channel": "1"}
    assert desks.run(desk, APPROVER, "term add", values).ask is not None
    assert desks.run(desk, BAKER, "term add", values).ok


def test_what_was_decided_stands_there_with_the_name(desk):
    desks.run(desk, BAKER, "draft approve", {"draft": "1"})
    (decision,) = drafts.decisions(desk.database, 1)
    assert decision.who == "discord:ben"
    assert drafts.get(desk.database, 1)[0].state is DraftState.APPROVED


def test_a_video_on_its_way_is_its_channels_too(desk):
    captiond = Captiond(desk.database)
    captiond.finds("ccccccccccc", owner=COVERED)
    videos.set_aside(
        desk.database, captiond.claims("ccccccccccc"), VideoState.FAILED, "captiond", ErrorKind.PERSON, "x"
    )
    assert desks.run(desk, APPROVER, "queue retry", {"video": "ccccccccccc"}).ask == ("7", "1")
    assert desks.run(desk, BAKER, "queue retry", {"video": "ccccccccccc"}).ok


@pytest.mark.parametrize("role", Role)
def test_without_approvers_of_its_own_a_channel_has_those_of_config_toml(role):
    assert role_in(Actor("discord:x", role, frozenset({"5"})), None) is role


def test_an_empty_list_of_approvers_leaves_the_owners():
    assert role_in(APPROVER, []) is Role.VIEWER
    assert role_in(OWNER, []) is Role.OWNER
    assert who_can(Role.APPROVER, CHAT, []) == ("1",)


def test_a_channel_that_was_removed_and_added_again_has_its_new_approvers(database):
    captiond = Captiond(database)
    captiond.runs()
    old = captiond.watches()
    channels.change(database, old.number, "olga", {"approvers": ["7"], "place": "70"})
    made = captiond.drafts("aaaaaaaaaaa")
    channels.remove(database, old.number, "olga")
    desk = Desk(database)
    values = {"draft": str(made.number)}
    assert desks.refusal(desk, BAKER, COMMANDS["draft approve"], values).ask == ()
    new = captiond.watches("@again")
    channels.change(database, new.number, "olga", {"approvers": ["8"]})
    assert desks.refusal(desk, BAKER, COMMANDS["draft approve"], values).ask == ("8",)
