"""Messages: create, get, list, edit, delete; and how a body becomes a message, for whoever makes one."""

from __future__ import annotations

import dataclasses
import mimetypes
import re
from typing import Any

from sandbox.discord.body import Upload
from sandbox.discord.call import NOTHING, Answer, Call
from sandbox.discord.errors import (
    EMPTY_MESSAGE,
    MISSING_ACCESS,
    MISSING_PERMISSIONS,
    NO_TEXT_CHANNEL,
    NOT_YOURS,
    THREAD_LOCKED,
    TOO_LARGE,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    ApiError,
    InvalidForm,
    Problem,
    WrongRequest,
)
from sandbox.discord.message import COMPONENTS_V2, EPHEMERAL, LOADING, SETTABLE_FLAGS, File, Message, numbered
from sandbox.discord.sessions import GUILDS
from sandbox.discord.state import Discord
from sandbox.discord.things import FORUM, MEBIBYTE, Channel, Json

LARGEST_REQUEST = 25 * MEBIBYTE  # its files together; more where one file may be larger
EDITABLE_FLAGS = SETTABLE_FLAGS & ~EPHEMERAL & ~COMPONENTS_V2  # who sees it stays; the last can only be set
MOST_LISTED, USUALLY_LISTED = 100, 50


def create(call: Call) -> Answer:
    """POST /channels/{channel_id}/messages. With `enforce_nonce` the message of a nonce that is remembered, if any."""
    discord, body = call.discord, call.body
    channel = place_to_write(call)
    nonce = body.get("nonce")
    known = _remembered(discord, nonce) if body.get("enforce_nonce") else None
    if known is not None:
        return Answer(discord.payload(known))
    message = new(discord, channel, body, call.files)
    message.nonce, message.reference = nonce, _reference(call, channel)
    message.nonce_enforced = bool(body.get("enforce_nonce"))
    if nonce is not None:
        discord.nonces[str(nonce)] = (message.id, message.created_at)
    discord.post(message)
    return Answer(discord.payload(message))


def _remembered(discord: Discord, nonce: Any) -> Message | None:
    """The message of an author with that nonce, wherever it is; the only author here is the bot."""
    found = discord.nonces.get(str(nonce))
    if found is None or discord.is_over(found[1], discord.settings.nonce_seconds):
        return None
    return discord.messages.get(found[0])


def _reference(call: Call, channel: Channel) -> Json | None:
    reference = call.body.get("message_reference")
    if not reference:
        return None
    if str(reference.get("message_id")) not in call.discord.messages and reference.get("fail_if_not_exists", True):
        problem = Problem(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        raise InvalidForm([problem])
    return {
        "type": 0,
        "message_id": str(reference["message_id"]),
        "channel_id": channel.id,
        "guild_id": channel.guild_id,
    }


def get(call: Call) -> Answer:
    return Answer(call.discord.payload(_message(call)))


def listed(call: Call) -> Answer:
    """GET /channels/{channel_id}/messages, the newest first."""
    channel = place(call)
    limit = _limit(call.query.get("limit", str(USUALLY_LISTED)))
    for name in ("before", "after"):
        if not call.query.get(name, "0").isdigit():
            raise InvalidForm([Problem((name,), "NUMBER_TYPE_COERCE", "no id")])
    found = [one for one in call.discord.messages.values() if one.channel_id == channel.id and one.seen_by is None]
    found.sort(key=lambda one: int(one.id), reverse=True)
    if "before" in call.query:
        found = [one for one in found if int(one.id) < int(call.query["before"])]
    if "after" in call.query:
        found = [one for one in found if int(one.id) > int(call.query["after"])][-limit:]
    return Answer([call.discord.payload(one) for one in found[:limit]])


def _limit(asked: str) -> int:
    if not asked.isdigit() or not 1 <= int(asked) <= MOST_LISTED:
        raise InvalidForm([Problem(("limit",), "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")])
    return int(asked)


def update(call: Call) -> Answer:
    message = _message(call)
    if message.author is not call.discord.bot:
        raise ApiError(NOT_YOURS)
    return Answer(call.discord.payload(edit(call, message)))


def delete(call: Call) -> Answer:
    message = _message(call)
    if message.author is not call.discord.bot:
        raise ApiError(MISSING_PERMISSIONS)
    call.discord.delete(message)
    return NOTHING


def _message(call: Call) -> Message:
    """The message that the path names, if the bot may see it."""
    channel = place(call)
    message = call.discord.messages.get(call["message_id"])
    if message is None or message.channel_id != channel.id or message.seen_by is not None:
        raise ApiError(UNKNOWN_MESSAGE)
    return message


# ---- the channel


def place(call: Call) -> Channel:
    """The channel that the path names, if the bot may look into it."""
    channel = call.discord.channels.get(call["channel_id"])
    if channel is None:
        raise ApiError(UNKNOWN_CHANNEL)
    if channel.closed is MISSING_ACCESS:
        raise ApiError(MISSING_ACCESS)
    return channel


def place_to_write(call: Call) -> Channel:
    """The channel that the path names, if the bot may write there. An archived thread is opened again."""
    channel = place(call)
    above = call.discord.channels.get(channel.parent_id or "", channel)
    closed = channel.closed or above.closed
    if closed is not None:
        raise ApiError(closed)
    if channel.type == FORUM:
        raise ApiError(NO_TEXT_CHANNEL)
    if channel.locked:
        raise ApiError(THREAD_LOCKED)
    if channel.archived:
        channel.archived = False
        call.discord.sessions.dispatch("THREAD_UPDATE", channel.payload(), GUILDS)
    return channel


# ---- making one


def new(discord: Discord, channel: Channel, body: Json, files: list[Upload], *, response: bool = False) -> Message:
    """A message of the bot, not yet posted. `response`: it may be ephemeral. Raise ApiError."""
    wanted = body.get("flags") or 0
    flags = wanted & (SETTABLE_FLAGS if response else SETTABLE_FLAGS & ~EPHEMERAL)
    blank = Message(discord.make_id(), channel.id, discord.bot, discord.now(), flags=flags)
    return _filled(discord, channel, blank, body, files)


def edit(call: Call, message: Message, *, answers: bool = False) -> Message:
    """Change what the body names of a message of the bot. `answers`: it was only a place for what comes now."""
    discord = call.discord
    body = call.body
    changed = _filled(discord, discord.channels[message.channel_id], message, body, call.files)
    if body.get("flags") is not None:
        changed.flags = message.flags & ~EDITABLE_FLAGS | body["flags"] & (EDITABLE_FLAGS | COMPONENTS_V2)
    if answers:
        changed.flags &= ~LOADING
    elif changed.components != message.components:
        changed.earlier = [*message.earlier, message.components]
    discord.messages[message.id] = changed
    discord.edited(changed)
    return changed


def _filled(discord: Discord, channel: Channel, message: Message, body: Json, files: list[Upload]) -> Message:
    """A copy with what the body names; null stands for nothing. Raise ApiError if nothing would be in it."""
    made = dataclasses.replace(message, files=_files(discord, channel, message, body, files))
    if "content" in body:
        made.content = (body["content"] or "").strip()
    if "embeds" in body:
        made.embeds = body["embeds"] or []
    if "components" in body:
        made.components = numbered(body["components"] or [])
    if not (
        made.content or made.embeds or made.components or made.files or body.get("poll") or body.get("sticker_ids")
    ):
        raise WrongRequest(EMPTY_MESSAGE)
    return made


def _files(discord: Discord, channel: Channel, message: Message, body: Json, uploads: list[Upload]) -> list[File]:
    """The files that the message has then: those kept, and the new ones."""
    _check_sizes(uploads, discord.size_limit(channel))
    described = body.get("attachments")
    about = {str(one["id"]): one for one in described or []}
    wrong = set(about) - {file.id for file in message.files} - {str(one.index) for one in uploads}
    if wrong:
        raise InvalidForm([Problem(("attachments",), "ATTACHMENT_NOT_FOUND", f"no file {', '.join(sorted(wrong))}")])
    kept = [file for file in message.files if file.id in about or "attachments" not in body]
    added = [_stored(discord, one, about.get(str(one.index), {}), message) for one in uploads]
    return [*kept, *added]


def _check_sizes(uploads: list[Upload], limit: int) -> None:
    sizes = [len(one.data) for one in uploads]
    if any(size > limit for size in sizes) or sum(sizes) > max(LARGEST_REQUEST, limit):
        raise ApiError(TOO_LARGE)


def _stored(discord: Discord, upload: Upload, about: Json, message: Message) -> File:
    name = re.sub(r"[^\w.-]", "_", about.get("filename") or upload.name) or "unknown"
    kind = mimetypes.guess_type(name)[0] or upload.content_type
    file = File(discord.make_id(), name, upload.data, kind, about.get("description"), bool(message.flags & EPHEMERAL))
    discord.files[file.id] = file
    return file
