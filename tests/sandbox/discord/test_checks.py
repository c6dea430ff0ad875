"""What no correct bot sends is refused as Discord refuses it, with the errors nested as the body is, and remembered."""

import pytest

from sandbox import discord as sandbox
from sandbox.discord import spec
from tests.sandbox.discord.conftest import MESSAGES

needs_document = pytest.mark.skipif(
    spec.load(spec.path_of_document()) is None, reason=f"no {spec.path_of_document()}, or no jsonschema"
)
COMMANDS = f"/applications/{sandbox.BOT_ID}/commands"
V2 = 1 << 15
TEXT = {"type": 10, "content": "words"}
FIELD = {"name": "a", "value": "b"}


def button(**changes):
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **changes}


def row(*inner):
    return {"components": [{"type": 1, "components": list(inner)}]}


def select(**changes):
    return {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}], **changes}


def embed(**fields):
    return {"embeds": [fields]}


WRONG_MESSAGES = [
    ({"content": "x" * 2001}, "content"),
    ({"content": 1}, "content"),
    ({"content": "x", "nonce": "n" * 26}, "nonce"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"embeds": "x"}, "embeds"),
    ({"embeds": ["x"]}, "embeds.0"),
    (embed(title="x" * 257), "embeds.0.title"),
    (embed(description="x" * 4097), "embeds.0.description"),
    (embed(footer={"text": "x" * 2049}), "embeds.0.footer.text"),
    (embed(author={"name": "x" * 257}), "embeds.0.author.name"),
    (embed(author="x"), "embeds.0.author"),
    (embed(fields=[FIELD] * 26), "embeds.0.fields"),
    (embed(fields=[{"name": "x" * 257, "value": "b"}]), "embeds.0.fields.0.name"),
    (embed(fields=[{"name": "a", "value": "x" * 1025}]), "embeds.0.fields.0.value"),
    (embed(fields=[{"name": " ", "value": "b"}]), "embeds.0.fields.0.name"),
    (embed(fields=[{"name": "a"}]), "embeds.0.fields.0.value"),
    (embed(title="x", color=1 << 24), "embeds.0.color"),
    ({"embeds": [{"description": "x" * 2001}] * 3}, "embeds"),
    ({"content": "x", "attachments": [{"id": "none"}]}, "attachments.0.id"),
    ({"content": "x", "attachments": [{"id": 4}]}, "attachments"),
    ({"content": "x", "attachments": [{"id": 0}] * 11}, "attachments"),
    (row(button(custom_id="x" * 101)), "components.0.components.0.custom_id"),
    (row(button(label="x" * 81)), "components.0.components.0.label"),
    (row(button(custom_id=None)), "components.0.components.0.custom_id"),
    (row(button(style=5)), "components.0.components.0.url"),
    (row(button(style=9)), "components.0.components.0.style"),
    (row(button(label=None)), "components.0.components.0"),
    (row(*(button(custom_id=str(n)) for n in range(6))), "components.0.components"),
    (row(button(), button()), "components.0.components.1.custom_id"),
    (row(), "components.0.components"),
    (row(select(), button()), "components.0.components"),
    (row(select(options=[{"label": "a", "value": str(n)} for n in range(26)])), "components.0.components.0.options"),
    (row(select(options=[{"label": "a", "value": "a"}] * 2)), "components.0.components.0.options.1.value"),
    (row(select(options=[{"label": "", "value": "a"}])), "components.0.components.0.options.0.label"),
    (row(select(min_values=2, max_values=1)), "components.0.components.0.min_values"),
    (row(select(placeholder="x" * 151)), "components.0.components.0.placeholder"),
    (row({"type": 4, "custom_id": "t", "style": 1, "label": "x"}), "components.0.components.0.type"),
    ({"components": [button()]}, "components.0.type"),
    ({"components": [TEXT]}, "components"),
    ({"components": [row(button(custom_id=str(n)))["components"][0] for n in range(6)]}, "components"),
    ({"flags": V2, "components": [TEXT], "content": "x"}, "content"),
    ({"flags": V2, "components": [TEXT], "embeds": [{"title": "x"}]}, "embeds"),
    ({"flags": V2, "components": [TEXT] * 41}, "components"),
    ({"flags": V2, "components": [{"type": 17, "components": [TEXT] * 39}, TEXT]}, "components"),
    ({"flags": V2, "components": [{"type": 10, "content": "x" * 2001}] * 2}, "components"),
    ({"flags": V2, "components": [{"type": 9, "components": [TEXT]}]}, "components.0.accessory"),
]


def where(answer):
    """The paths of the errors, as nested."""
    found = []

    def walk(errors, path):
        for name, value in errors.items():
            if name == "_errors":
                found.append(".".join(path))
                assert all(set(one) == {"code", "message"} for one in value)
            else:
                walk(value, [*path, name])

    walk(answer.json()["errors"], [])
    return found


def refused(answer, path):
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (400, 50035, "Invalid Form Body")
    assert path in where(answer)


@pytest.mark.parametrize(("body", "path"), WRONG_MESSAGES, ids=str)
def test_a_message_that_discord_does_not_take_is_refused(rest, scene, body, path):
    refused(rest("POST", MESSAGES, body), path)
    assert len(scene.refusals) == 1
    assert scene.messages == {}


@pytest.mark.parametrize(("body", "path"), WRONG_MESSAGES[::4], ids=str)
def test_the_same_rules_hold_for_posts_of_a_forum(rest, body, path):
    refused(rest("POST", f"/channels/{sandbox.FORUM_ID}/threads", {"name": "x", "message": body}), f"message.{path}")


@pytest.mark.parametrize(("body", "path"), WRONG_MESSAGES[::4], ids=str)
def test_the_same_rules_hold_for_answers_to_interactions(rest, body, path):
    refused(rest("POST", "/interactions/1/none/callback", {"type": 4, "data": body}), f"data.{path}")


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": None, "embeds": []}])
def test_an_empty_message_is_refused(rest, scene, body):
    answer = rest("POST", MESSAGES, body)
    assert (answer.status_code, answer.json()["code"]) == (400, 50006)
    assert len(scene.refusals) == 1


def text_input(**changes):
    field = {"type": 4, "custom_id": "t", "style": 1, **changes}
    return {"type": 18, "label": "Text", "component": field}


def modal(*components, **changes):
    return {"type": 9, "data": {"custom_id": "m", "title": "Edit", "components": list(components), **changes}}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"type": 3}, "type"),
        ({"type": 4}, "data"),
        (modal(text_input(), title="x" * 46), "data.title"),
        (modal(text_input(), custom_id="x" * 101), "data.custom_id"),
        (modal(), "data.components"),
        (modal(*(text_input(custom_id=str(n)) for n in range(6))), "data.components"),
        (modal(text_input(), text_input()), "data.components.1.component.custom_id"),
        (modal(text_input(value="x" * 4001)), "data.components.0.component.value"),
        (modal(text_input(max_length=4001)), "data.components.0.component.max_length"),
        (modal({"type": 18, "label": "x" * 46, "component": text_input()["component"]}), "data.components.0.label"),
        (modal({"type": 18, "label": "x", "component": button()}), "data.components.0.component.type"),
        (modal({"type": 18, "label": "x"}), "data.components.0.component"),
        (modal(button()), "data.components.0.type"),
        ({"type": 8, "data": {"choices": [{"name": "x", "value": "x"}] * 26}}, "data.choices"),
        ({"type": 8, "data": {"choices": [{"name": "x" * 101, "value": "x"}]}}, "data.choices.0.name"),
        ({"type": 8, "data": {"choices": [{"name": "x", "value": "x" * 101}]}}, "data.choices.0.value"),
    ],
    ids=str,
)
def test_a_callback_that_discord_does_not_take_is_refused(rest, body, path):
    refused(rest("POST", "/interactions/1/none/callback", body), path)


def test_an_answer_of_the_wrong_kind_is_refused(rest, people, scene):
    rest("PUT", COMMANDS, [{"name": "ping", "description": "x"}])
    seen = people.user("Ann").command("ping", {}, wait=0)
    interaction = scene.interactions[seen.interaction]
    for body in ({"type": 7, "data": {"content": "x"}}, {"type": 6}, {"type": 8, "data": {"choices": []}}):
        refused(rest("POST", f"/interactions/{interaction.id}/{interaction.token}/callback", body), "type")


def option(kind=3, name="text", **changes):
    return {"type": kind, "name": name, "description": "x", **changes}


def command(*options, **changes):
    return {"name": "ping", "description": "x", "options": list(options), **changes}


@pytest.mark.parametrize(
    ("commands", "path"),
    [
        ([command(name="Ping")], "0.name"),
        ([command(name="a b")], "0.name"),
        ([command(name="x" * 33)], "0.name"),
        ([command(description="")], "0.description"),
        ([command(description="x" * 101)], "0.description"),
        ([command(), command()], "1"),
        ([command(name=f"c{n}") for n in range(101)], ""),
        ([{"name": f"Menu {n}", "type": 3} for n in range(6)], ""),
        ([{"name": "Menu", "type": 2, "description": "x"}], "0"),
        ([command(*(option(name=f"o{n}") for n in range(26)))], "0.options"),
        ([command(option(), option())], "0.options.1"),
        ([command(option(), option(name="b", required=True))], "0.options.1"),
        ([command(option(kind=12))], "0.options.0.type"),
        ([command(option(choices=[{"name": "a", "value": "a"}] * 26))], "0.options.0.choices"),
        ([command(option(choices=[{"name": "a", "value": "a"}], autocomplete=True))], "0.options.0.autocomplete"),
        ([command(option(kind=5, autocomplete=True))], "0.options.0.autocomplete"),
        ([command(option(kind=1), option(name="b"))], "0.options"),
        ([command(option(kind=1, options=[option(kind=1, name="b")]))], "0.options.0.options"),
        ([command(option(kind=2, options=[option()]))], "0.options.0.options"),
        (
            [
                command(
                    *(
                        option(
                            name=f"o{n}", choices=[{"name": "n" * 90 + str(m), "value": "v" * 90} for m in range(25)]
                        )
                        for n in range(3)
                    )
                )
            ],
            "0",
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_commands_that_discord_does_not_take_are_refused(rest, scene, commands, path):
    refused(rest("PUT", COMMANDS, commands), path)
    assert scene.commands[None] == {}


@pytest.mark.parametrize(
    ("body", "path"), [({"name": ""}, "name"), ({"topic": "x" * 1025}, "topic"), ({"archived": 1}, "archived")]
)
def test_a_channel_is_not_changed_to_what_none_can_be(rest, body, path):
    refused(rest("PATCH", f"/channels/{sandbox.CHANNEL_ID}", body), path)


@pytest.mark.parametrize(
    ("path", "place"), [("/interactions/1/none/callback", "type"), (f"/channels/{sandbox.FORUM_ID}/threads", "name")]
)
def test_a_body_that_is_needed_and_missing_is_refused(rest, path, place):
    refused(rest("POST", path), place)


def test_commands_are_a_list(rest):
    refused(rest("PUT", COMMANDS, {}), "")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"data": b"{", "headers": {"Content-Type": "application/json"}}, 50109),
        ({"data": b"[1]", "headers": {"Content-Type": "application/json"}}, 50035),
        ({"data": b"{}", "headers": {"Content-Type": "text/plain"}}, 50035),
        ({"files": {"words": ("a", b"b")}}, 50035),
        ({"files": {"payload_json": (None, "{")}}, 50109),
        ({"data": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 50035),
    ],
    ids=str,
)
def test_a_body_that_cannot_be_read_is_refused(rest, sent, code):
    answer = rest("POST", MESSAGES, **sent)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "before=x", "after=-1"])
def test_a_list_has_one_to_a_hundred_messages_between_ids(rest, query):
    refused(rest("GET", f"{MESSAGES}?{query}"), query.split("=")[0])


def test_the_errors_of_one_body_come_all_at_once(rest):
    answer = rest("POST", MESSAGES, {"content": "x" * 2001, **embed(title="x" * 257, footer={"text": "x" * 2049})})
    assert where(answer) == ["content", "embeds.0.title", "embeds.0.footer.text"]
    assert answer.json()["errors"]["content"]["_errors"] == [
        {"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}
    ]


# ---- what only the document says


@needs_document
@pytest.mark.parametrize(
    ("method", "path", "body", "place"),
    [
        ("POST", MESSAGES, {"content": "x", "tts": "yes"}, "tts"),
        ("POST", MESSAGES, {"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0"),
        ("POST", MESSAGES, row(button(emoji={"name": 1})), "components.0.components.0.emoji.name"),
        ("POST", MESSAGES, {"flags": V2, "components": [{"type": 17}]}, "components.0.components"),
        ("POST", "/users/@me/channels", {"recipient_id": "x"}, "recipient_id"),
        ("DELETE", f"{MESSAGES}/1", {"content": "x"}, ""),
    ],
    ids=str,
)
def test_the_official_document_is_asked_too(rest, scene, method, path, body, place):
    refused(rest(method, path, body), place)
    assert len(scene.refusals) == 1


def test_without_the_document_the_rules_here_still_hold(tmp_path):
    assert spec.load(tmp_path / "nothing.json") is None
