"""The addresses of the API: who may call, what is answered, and that answers are as Discord's own document has them."""

import json

import pytest
import requests

from sandbox import discord as sandbox
from sandbox.discord import spec
from sandbox.discord.people import wait_for
from sandbox.discord.rest import OPERATIONS, ROUTES
from tests.sandbox.discord.conftest import MESSAGES

JUDGE = spec.load(spec.path_of_document())
needs_document = pytest.mark.skipif(JUDGE is None, reason=f"no {spec.path_of_document()}, or no jsonschema")
COMMANDS = f"/applications/{sandbox.BOT_ID}/guilds/{sandbox.GUILD_ID}/commands"
PING = {"name": "ping", "description": "Ping", "options": [{"type": 3, "name": "text", "description": "Text"}]}
CARD = {
    "content": "A card",
    "embeds": [{"title": "A talk", "color": 255, "fields": [{"name": "Cues", "value": "12"}], "footer": {"text": "7"}}],
    "components": [
        {"type": 1, "components": [{"type": 2, "style": 3, "label": "Approve", "custom_id": "a"}]},
        {"type": 1, "components": [{"type": 3, "custom_id": "s", "options": [{"label": "One", "value": "1"}]}]},
    ],
    "nonce": "7",
}
GUILD = f"/guilds/{sandbox.GUILD_ID}"


def test_without_the_token_nothing_is_answered(rest, url):
    for headers in ({}, {"Authorization": "Bot wrong"}, {"Authorization": sandbox.TOKEN}):
        answer = requests.get(sandbox.api_url(url) + "/users/@me", headers=headers, timeout=30)
        assert (answer.status_code, answer.json()) == (401, {"message": "401: Unauthorized", "code": 0})
    assert rest("GET", "/users/@me").json()["id"] == sandbox.BOT_ID


def test_every_answer_has_the_headers_of_its_rate_limit_and_plain_json(rest):
    answer = rest("GET", "/users/@me")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Via"] == "1.1 google"
    assert set(answer.headers) >= {
        f"X-RateLimit-{name}" for name in ("Limit", "Remaining", "Reset", "Reset-After", "Bucket")
    }


def test_ids_are_snowflakes_that_rise_and_tell_the_time(scene, now):
    first = scene.make_id()
    now.passes(1)
    second = scene.make_id()
    assert int(scene.make_id()) == int(second) + 1
    assert (int(second) >> 22) - (int(first) >> 22) in (999, 1000, 1001)
    assert abs((int(second) >> 22) + 1_420_070_400_000 - now().timestamp() * 1000) < 2


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/channels/1", 10003),
        ("GET", f"{MESSAGES}/1", 10008),
        ("GET", "/guilds/1", 10004),
        ("GET", f"{GUILD}/members/1", 10007),
        ("GET", "/users/1", 10013),
        ("GET", f"{COMMANDS}/1", 10063),
        ("GET", "/applications/1/commands", 10002),
        ("GET", f"/webhooks/{sandbox.BOT_ID}/none/messages/@original", 10015),
        ("POST", "/interactions/1/none/callback", 10062),
    ],
)
def test_what_is_not_there_is_unknown(rest, scene, method, path, code):
    answer = rest(method, path, {"type": 6} if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (404, code)
    assert scene.refusals == []


def test_what_is_right_but_not_played_is_said_so_and_remembered(rest, scene):
    answer = rest("PUT", f"{MESSAGES}/1/reactions/x/@me")
    assert (answer.status_code, answer.json()["message"].split(" ", 5)[:5]) == (
        501,
        ["The", "sandbox", "does", "not", "play"],
    )
    assert len(scene.refusals) == 1


@needs_document
def test_an_address_that_discord_does_not_have_is_not_found_and_remembered(rest, scene):
    answer = rest("GET", "/nothing/here")
    assert (answer.status_code, answer.json()) == (404, {"message": "404: Not Found", "code": 0})
    assert len(scene.refusals) == 1


@needs_document
def test_every_operation_is_one_of_discords_and_named_as_there():
    paths = json.loads(spec.path_of_document().read_text())["paths"]
    for route in ROUTES:
        assert paths[route.template][route.method.lower()]["operationId"] == route.operation
    assert len(set(OPERATIONS)) == len(OPERATIONS)


# ---- commands


def test_commands_are_replaced_as_a_whole_and_keep_their_ids(rest):
    (first,) = rest("PUT", COMMANDS, [PING]).json()
    second = {one["name"]: one for one in rest("PUT", COMMANDS, [PING, {"name": "pong", "description": "x"}]).json()}
    assert second["ping"]["id"] == first["id"] != second["pong"]["id"]
    assert second["ping"]["version"] != first["version"]
    assert rest("DELETE", f"{COMMANDS}/{first['id']}").status_code == 204
    assert [one["name"] for one in rest("GET", COMMANDS).json()] == ["pong"]


def test_global_commands_are_there_in_every_guild_and_a_guilds_own_go_first(rest, people):
    rest("PUT", f"/applications/{sandbox.BOT_ID}/commands", [PING])
    (own,) = rest("PUT", COMMANDS, [PING]).json()
    ann = people.user("Ann")
    assert ann.types("ping").outcome == "failed"  # typed, though there is no bot
    assert people.state["commands"][-1]["id"] == own["id"]


def test_a_bot_invited_without_commands_cannot_sync(rest, people):
    people.do("settings", may_sync=False)
    answer = rest("PUT", COMMANDS, [PING])
    assert (answer.status_code, answer.json()["code"]) == (403, 50001)


# ---- the shape of answers


@needs_document
def test_answers_are_of_the_shape_that_discords_document_gives(rest, people, scene):
    """Each operation that answers with a body, once."""
    answered = {}

    def ask(operation, body=None, files=None, query="", **names):
        route = next(one for one in ROUTES if one.operation == operation)
        path = route.template.format(application_id=sandbox.BOT_ID, **{"channel_id": sandbox.CHANNEL_ID, **names})
        answer = rest(route.method, path + query, body, files=files)
        assert answer.ok, (operation, answer.text)
        if answer.content:
            problems = JUDGE.problems_of_answer(route.method, route.template, answer.status_code, answer.json())
            assert problems == [], operation
        answered[operation] = answer.json() if answer.content else None
        return answered[operation]

    guild = {"guild_id": sandbox.GUILD_ID}
    for operation in ("get_gateway", "get_bot_gateway", "get_my_user", "get_my_oauth2_application", "list_my_guilds"):
        ask(operation)
    for operation in ("get_guild", "list_guild_roles", "list_guild_channels", "get_active_guild_threads"):
        ask(operation, **guild)
    ann = people.user("Ann", roles=["approver"])
    ask("get_user", user_id=ann.id)
    ask("get_guild_member", user_id=ann.id, **guild)
    ask("search_guild_members", query="?query=a&limit=5", **guild)
    ask("create_dm", {"recipient_id": ann.id})
    for scope in ({}, guild):
        prefix = "guild_" if scope else ""
        (command,) = ask(f"bulk_set_{prefix}application_commands", [PING], **scope)
        ask(f"list_{prefix}application_commands", **scope)
        ask(f"get_{prefix}application_command", command_id=command["id"], **scope)
        ask(f"delete_{prefix}application_command", command_id=command["id"], **scope)
    message = ask("create_message", CARD)
    ask("create_message", files={"files[0]": ("a.png", b"png"), "payload_json": (None, '{"content": "x"}')})
    ask("update_message", {"content": "Changed"}, message_id=message["id"])
    ask("get_message", message_id=message["id"])
    ask("list_messages", query="?limit=10")
    thread = ask("create_thread", {"name": "A post", "message": CARD}, channel_id=sandbox.FORUM_ID)
    ask("create_thread_from_message", {"name": "Talk"}, message_id=message["id"])
    for channel_id in (sandbox.CHANNEL_ID, sandbox.FORUM_ID, thread["id"]):
        ask("get_channel", channel_id=channel_id)
    ask("update_channel", {"archived": True}, channel_id=thread["id"])
    ask("list_public_archived_threads", channel_id=sandbox.FORUM_ID)
    ask("trigger_typing_indicator")
    ask("delete_message", message_id=message["id"])
    _answers_to_interactions(ask, scene, ann)
    ask("delete_channel", channel_id=thread["id"])
    assert set(answered) == set(OPERATIONS) - {"gateway", "cdn"}


def _answers_to_interactions(ask, scene, ann):
    ask("bulk_set_application_commands", [PING])
    for data in (
        {"type": 4, "data": {"content": "hello", **{k: CARD[k] for k in ("embeds", "components")}}},
        {"type": 5},
    ):
        seen = ann.command("ping", {"text": "x"}, wait=0)
        token = scene.interactions[seen.interaction].token
        names = {"interaction_id": seen.interaction, "interaction_token": token}
        ask("create_interaction_response", data, query="?with_response=1", **names)
    webhook = {"webhook_id": sandbox.BOT_ID, "webhook_token": token}
    for operation in ("execute_webhook", "execute_webhook"):
        message = ask(operation, {"content": "more"}, **webhook)
    for operation in ("get_original_webhook_message", "get_webhook_message"):
        ask(operation, message_id=message["id"], **webhook)
    for operation in ("update_original_webhook_message", "update_webhook_message"):
        ask(operation, {"content": "changed"}, message_id=message["id"], **webhook)
    for operation in ("delete_original_webhook_message", "delete_webhook_message"):
        ask(operation, message_id=message["id"], **webhook)


def test_the_bots_requests_are_counted_by_operation(bot, scene):
    wait_for(lambda: scene.requests["heartbeat"], "a heartbeat came")
    assert {
        "get_my_user": 1,
        "get_my_oauth2_application": 1,
        "bulk_set_guild_application_commands": 1,
        "gateway": 1,
        "identify": 1,
    }.items() <= scene.requests.items()
