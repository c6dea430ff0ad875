"""Whatever a body holds where something else belongs, the answer is one of Discord's; without the official document."""

import copy

import pytest

from sandbox import discord as sandbox
from sandbox.discord import spec
from tests.sandbox.discord.conftest import MESSAGES

ODD = (None, 1, -1, 1.5, "", "x", True, [], {}, [1], [[]], [{}], {"type": 1})
MESSAGE = {
    "content": "words",
    "embeds": [
        {
            "title": "a",
            "description": "b",
            "color": 1,
            "footer": {"text": "c"},
            "author": {"name": "d"},
            "image": {"url": "attachment://a.png"},
            "fields": [{"name": "e", "value": "f"}],
        }
    ],
    "components": [
        {"type": 1, "components": [{"type": 2, "style": 1, "label": "g", "custom_id": "h", "disabled": False}]},
        {"type": 1, "components": [{"type": 3, "custom_id": "s", "options": [{"label": "i", "value": "j"}]}]},
    ],
    "attachments": [],
    "flags": 0,
    "nonce": "k",
    "enforce_nonce": False,
    "message_reference": {"message_id": "1", "fail_if_not_exists": False},
}
POST = {"name": "a", "message": {"content": "b"}, "applied_tags": [], "auto_archive_duration": 60}
ANSWER = {"type": 4, "data": {"content": "a", "flags": 64}}
MODAL = {
    "type": 9,
    "data": {
        "custom_id": "a",
        "title": "b",
        "components": [
            {"type": 18, "label": "c", "component": {"type": 4, "custom_id": "d", "style": 1, "value": "e"}}
        ],
    },
}
COMMANDS = [
    {
        "name": "a",
        "description": "b",
        "type": 1,
        "default_member_permissions": "8",
        "options": [
            {"type": 3, "name": "c", "description": "d", "required": True, "choices": [{"name": "e", "value": "f"}]}
        ],
    }
]


@pytest.fixture(autouse=True)
def _without_the_document(monkeypatch, tmp_path):
    monkeypatch.setenv(spec.VARIABLE, str(tmp_path / "nothing.json"))


def places(value, path=()):
    """Every place in a body."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from places(one, (*path, name))


def variants(body):
    """The body with something odd in each of its places."""
    for path in places(body):
        for odd in ODD:
            made = {"body": copy.deepcopy(body)}
            place, name = made, "body"
            for step in path:
                place, name = place[name], step
            place[name] = odd
            yield made["body"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, MESSAGE),
        ("POST", f"/channels/{sandbox.FORUM_ID}/threads", POST),
        ("PATCH", f"/channels/{sandbox.CHANNEL_ID}", {"name": "a", "topic": "b"}),
        ("PUT", f"/applications/{sandbox.BOT_ID}/commands", COMMANDS),
        ("POST", "/users/@me/channels", {"recipient_id": sandbox.OWNER_ID}),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_body_with_something_odd_in_it_is_taken_or_refused(rest, method, path, body):
    assert rest(method, path, body).ok
    for odd in variants(body):
        assert rest(method, path, odd).status_code in (200, 201, 400), odd


@pytest.mark.parametrize("body", [ANSWER, MODAL], ids=["message", "modal"])
def test_an_answer_to_a_person_with_something_odd_in_it_is_taken_or_refused(rest, scene, body):
    rest("PUT", f"/applications/{sandbox.BOT_ID}/commands", COMMANDS)
    from sandbox.discord.acting import Actor
    from sandbox.discord.interaction import Type

    for odd in variants(body):
        actor = Actor.at(scene, sandbox.OWNER_NAME, sandbox.CHANNEL_ID)
        interaction = actor.act(Type.COMMAND, "test", {})
        answer = rest("POST", f"/interactions/{interaction.id}/{interaction.token}/callback", odd)
        assert answer.status_code in (204, 400), odd


def test_a_scene_with_odd_things_in_it_can_still_be_looked_at(rest, people):
    for odd in variants(MESSAGE):
        rest("POST", MESSAGES, odd)
    assert people.state["messages"]
