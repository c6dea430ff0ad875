"""The rules for messages, modals and choices that hold with or without the OpenAPI document.

Limits: resources/message#embed-object-embed-limits, resources/message#create-message and interactions/receiving-and-
responding of Discord's documentation. Several are in no schema: those over more than one field.
"""

from __future__ import annotations

from typing import Any

from sandbox.discord import command_rules, components
from sandbox.discord.errors import EMPTY_MESSAGE, InvalidForm, Path, Problem, WrongRequest
from sandbox.discord.interaction import Callback
from sandbox.discord.judge import Judge
from sandbox.discord.message import COMPONENTS_V2, PLACES_IN_EMBEDS
from sandbox.discord.things import Json

MOST_CONTENT = 2000  # the OpenAPI document has 4000, which is what people with Nitro may write
MOST_EMBEDS, MOST_OF_ALL_EMBEDS, MOST_FIELDS, MOST_FILES, MOST_CHOICES = 10, 6000, 25, 10, 25
MOST_TAGS, MOST_ADDRESS, MOST_FLAGS = 5, 2048, (1 << 31) - 1
ARCHIVE_MINUTES = (60, 1440, 4320, 10_080)
PARTS = ("content", "embeds", "components", "attachments", "poll", "sticker_ids", "message_reference")
"""What a message may consist of."""

NEW_MESSAGE = ("create_message", "execute_webhook")
MESSAGE_EDIT = ("update_message", "update_webhook_message", "update_original_webhook_message")
COMMANDS = ("bulk_set_application_commands", "bulk_set_guild_application_commands")


def check(operation: str, body: Any, *, with_files: bool, more: list[Problem]) -> None:
    """Refuse a body that breaks a rule, or that has `more` problems. Raise InvalidForm, WrongRequest."""
    judge = Judge()
    _judge(judge, operation, {} if body is None else body)
    known = {problem.path for problem in judge.problems}
    found = judge.problems + [problem for problem in more if problem.path not in known]
    if found:
        raise InvalidForm(found)
    message = _new_message(operation, body)
    if message is not None and not with_files and not any(message.get(part) for part in PARTS):
        raise WrongRequest(EMPTY_MESSAGE)


def _new_message(operation: str, body: Any) -> Json | None:
    """The message that the body would make; None if it makes none."""
    if operation in NEW_MESSAGE:
        return body or {}
    if operation == "create_thread":
        return body.get("message") if body else None
    if operation == "create_interaction_response" and body and body["type"] == Callback.MESSAGE:
        return body.get("data") or {}
    return None


def _judge(judge: Judge, operation: str, body: Any) -> None:
    if operation in COMMANDS:
        command_rules.check(judge, body)
    elif not isinstance(body, dict):
        judge.say((), "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    elif operation in (*NEW_MESSAGE, *MESSAGE_EDIT):
        message(judge, body, ())
    elif operation in ("create_thread", "create_thread_from_message"):
        thread(judge, body)
    elif operation == "update_channel":
        channel(judge, body)
    elif operation == "create_interaction_response":
        callback(judge, body)


def thread(judge: Judge, body: Json) -> None:
    judge.text(body, "name", (), 100, least=1, needed=True)
    if body.get("auto_archive_duration") is not None:
        judge.choice(body, "auto_archive_duration", (), ARCHIVE_MINUTES)
    judge.ids(body, "applied_tags", (), MOST_TAGS)
    message(judge, judge.object(body, "message", ()), ("message",))


def channel(judge: Judge, body: Json) -> None:
    judge.text(body, "name", (), 100, least=1)
    judge.text(body, "topic", (), 1024)
    for name in ("archived", "locked"):
        if name in body:
            judge.choice(body, name, (), (True, False))
    judge.ids(body, "applied_tags", (), MOST_TAGS)


def callback(judge: Judge, body: Json) -> None:
    """Judge the first answer to an interaction, by its type."""
    if not judge.choice(body, "type", (), tuple(map(int, Callback))):
        return
    kind, path = body["type"], ("data",)
    needed = kind in (Callback.MESSAGE, Callback.CHOICES, Callback.MODAL)
    data = judge.object(body, "data", (), needed=needed)
    if not isinstance(body.get("data"), dict):
        return
    if kind == Callback.MODAL:
        modal(judge, data, path)
    elif kind == Callback.CHOICES:
        choices(judge, data, path)
    elif kind in (Callback.MESSAGE, Callback.UPDATE):
        message(judge, data, path)
    elif kind == Callback.THINKING:
        judge.number(data, "flags", path, 0, MOST_FLAGS)


def message(judge: Judge, body: Json, path: Path) -> None:
    flags = judge.number(body, "flags", path, 0, MOST_FLAGS) or 0
    new = bool(flags & COMPONENTS_V2)
    judge.text(body, "content", path, MOST_CONTENT)
    embeds = judge.objects(body, "embeds", path, MOST_EMBEDS)
    total = sum(_embed(judge, embed, place) for place, embed in embeds)
    if total > MOST_OF_ALL_EMBEDS:
        judge.say((*path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
    for place, attachment in judge.objects(body, "attachments", path, MOST_FILES):
        if not str(attachment.get("id", "")).isdigit():
            judge.say((*place, "id"), "NUMBER_TYPE_COERCE", "no index of a file, no id of an attachment")
        judge.text(attachment, "filename", place, 1024)
        judge.text(attachment, "description", place, 1024)
    if not isinstance(body.get("nonce"), int):
        judge.text(body, "nonce", path, 25)
    judge.object(body, "message_reference", path)
    components.check_of_message(judge, body, path, new=new)
    for part in ("content", "embeds", "poll"):
        if new and body.get(part):
            judge.say((*path, part), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", f"no {part} with this flag")


def _embed(judge: Judge, embed: Json, path: Path) -> int:
    """Judge one embed; how many characters it has."""
    texts = [judge.text(embed, "title", path, 256), judge.text(embed, "description", path, 4096)]
    texts.append(judge.text(judge.object(embed, "footer", path), "text", (*path, "footer"), 2048))
    texts.append(judge.text(judge.object(embed, "author", path), "name", (*path, "author"), 256))
    judge.number(embed, "color", path, 0, 0xFFFFFF)
    for part, address in PLACES_IN_EMBEDS:
        judge.text(judge.object(embed, part, path), address, (*path, part), MOST_ADDRESS)
    for place, field in judge.objects(embed, "fields", path, MOST_FIELDS):
        texts.append(judge.text(field, "name", place, 256, needed=True, blank=False))
        texts.append(judge.text(field, "value", place, 1024, needed=True, blank=False))
    return sum(len(text) for text in texts if text)


def modal(judge: Judge, body: Json, path: Path) -> None:
    judge.text(body, "custom_id", path, 100, least=1, needed=True)
    judge.text(body, "title", path, 45, least=1, needed=True)
    components.check_of_modal(judge, body, path)


def choices(judge: Judge, body: Json, path: Path) -> None:
    for place, choice in judge.objects(body, "choices", path, MOST_CHOICES, needed=True):
        judge.text(choice, "name", place, 100, least=1, needed=True, blank=False)
        if not isinstance(choice.get("value"), (int, float)):
            judge.text(choice, "value", place, 100, needed=True)
