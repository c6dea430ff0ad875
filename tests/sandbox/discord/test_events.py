"""What the bot is told of an act, to the letter: a session without a bot, and answers made by hand."""

import pytest

from sandbox import discord as sandbox
from sandbox.discord.people import Refused, Upload
from tests.sandbox.discord.conftest import MESSAGES

PING = {"name": "ping", "description": "x"}
SELECTS = [
    {"type": 5, "custom_id": "users", "max_values": 2},
    {"type": 6, "custom_id": "roles"},
    {"type": 7, "custom_id": "both"},
    {"type": 8, "custom_id": "places", "channel_types": [0]},
]
OPTIONS = [{"label": "One", "value": "1"}, {"label": "Two", "value": "2", "default": True}]


def label(component, text="Field"):
    return {"type": 18, "label": text, "component": component}


class Hand:
    """The bot's hand: what it is told, and what it answers."""

    def __init__(self, scene, rest):
        self._scene, self._rest = scene, rest
        self._session = scene.sessions.begin(1)

    @property
    def told(self):
        return self._session.log[-1]["d"]

    def answers(self, **body):
        answer = self._rest("POST", f"/interactions/{self.told['id']}/{self.told['token']}/callback", body)
        assert answer.ok, answer.text

    def opens(self, person, *components):
        """A modal for a person who typed /ping."""
        person.command("ping", {}, wait=0)
        self.answers(type=9, data={"custom_id": "m", "title": "Form", "components": list(components)})


@pytest.fixture
def hand(scene, rest):
    rest("PUT", f"/applications/{sandbox.BOT_ID}/commands", [PING])
    return Hand(scene, rest)


def test_a_command_tells_who_and_where(hand, ann):
    ann.command("ping", {}, wait=0)
    told = hand.told
    assert told["data"] | {"id": ""} == {"id": "", "name": "ping", "type": 1}
    assert (told["member"]["user"]["global_name"], told["member"]["roles"]) == ("Ann", [ann.roles["approver"]])
    assert (told["guild_id"], told["channel_id"]) == (sandbox.GUILD_ID, sandbox.CHANNEL_ID)
    assert told["attachment_size_limit"] == 10 * 1024 * 1024


def test_what_is_chosen_from_lists_is_resolved(hand, ann, rest, people):
    people.user("Bob")
    rows = [{"type": 1, "components": [one]} for one in SELECTS]
    message = rest("POST", MESSAGES, {"components": rows}).json()
    ann.select(message, "users", "Ann", "Bob", wait=0)
    assert [one["global_name"] for one in hand.told["data"]["resolved"]["users"].values()] == ["Ann", "Bob"]
    assert list(hand.told["data"]["resolved"]["members"]) == hand.told["data"]["values"]
    ann.select(message, "roles", "approver", wait=0)
    assert hand.told["data"]["values"] == [ann.roles["approver"]]
    for name, kind in (("Ann", "users"), ("approver", "roles")):
        ann.select(message, "both", name, wait=0)
        assert hand.told["data"]["values"] == list(hand.told["data"]["resolved"][kind])
    ann.select(message, "places", sandbox.CHANNEL_NAME, wait=0)
    assert list(hand.told["data"]["resolved"]["channels"]) == [sandbox.CHANNEL_ID]
    with pytest.raises(Refused, match="another type"):
        ann.select(message, "places", sandbox.FORUM_NAME)


def test_the_message_of_a_click_is_told_whole(hand, ann, rest):
    button = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    message = rest("POST", MESSAGES, {"content": "x", "components": [{"type": 1, "components": [button]}]}).json()
    ann.click(message, "Go", wait=0)
    assert hand.told["message"] == message
    assert hand.told["data"] == {"custom_id": "go", "component_type": 2, "id": 2}


def test_fields_in_rows_are_told_in_rows(hand, ann):
    hand.opens(ann, {"type": 1, "components": [{"type": 4, "custom_id": "t", "style": 1, "label": "Text"}]})
    ann.people.do("submit", user="Ann", values={"Text": "words"}, wait=0)
    field = {"type": 4, "id": 2, "custom_id": "t", "value": "words"}
    assert hand.told["data"]["components"] == [{"type": 1, "id": 1, "components": [field]}]
    assert "message" not in hand.told


def test_every_kind_of_field_is_told_in_its_way(hand, ann):
    hand.opens(
        ann,
        label({"type": 21, "custom_id": "radio", "options": OPTIONS}, "Radio"),
        label({"type": 22, "custom_id": "boxes", "options": OPTIONS}, "Boxes"),
        label({"type": 6, "custom_id": "role", "required": False}, "Role"),
        label({"type": 19, "custom_id": "file"}, "File"),
        label({"type": 23, "custom_id": "box"}, "Box"),
    )
    values = {"radio": "One", "Boxes": ["1", "Two"], "file": {"filename": "a.srt", "base64": "MQ=="}}
    ann.people.do("submit", user="Ann", values=values, wait=0)
    radio, boxes, role, file, box = (one["component"] for one in hand.told["data"]["components"])
    assert (radio["value"], boxes["values"], role["values"], box["value"]) == ("1", ["1", "2"], [], False)
    (attachment,) = hand.told["data"]["resolved"]["attachments"].values()
    assert (file["values"], attachment["filename"]) == ([attachment["id"]], "a.srt")


@pytest.mark.parametrize(
    ("field", "values", "why"),
    [
        ({"type": 21, "custom_id": "f", "options": OPTIONS}, {"f": "3"}, "not offered"),
        ({"type": 22, "custom_id": "f", "options": OPTIONS}, {"f": ["3"]}, "not offered"),
        ({"type": 19, "custom_id": "f"}, {"f": []}, "1 to 1 files"),
        ({"type": 6, "custom_id": "f"}, {}, "1 to 1 values"),
    ],
)
def test_a_field_takes_only_what_it_offers(hand, ann, field, values, why):
    hand.opens(ann, label(field))
    with pytest.raises(Refused, match=why):
        ann.submit(values)


def test_a_press_that_does_not_wait_says_what_came_of_it_later(hand, ann):
    seen = ann.command("ping", {}, wait=0)
    assert (seen.outcome, seen.choices, seen.followups) == ("nothing", [], [])
    with pytest.raises(AssertionError, match="no message"):
        _ = seen.message
    hand.answers(type=4, data={"content": "pong"})
    assert seen.again().text == "pong"


def test_uploads_may_be_in_memory(hand, ann, rest):
    option = {"type": 11, "name": "file", "description": "x"}
    rest("PUT", f"/applications/{sandbox.BOT_ID}/commands", [{**PING, "options": [option]}])
    ann.command("ping", {"file": Upload("a b.txt", b"words")}, wait=0)
    (attachment,) = hand.told["data"]["resolved"]["attachments"].values()
    assert (attachment["filename"], attachment["size"], attachment["ephemeral"]) == ("a_b.txt", 5, True)
    assert ann.people.bytes_of(attachment) == b"words"
