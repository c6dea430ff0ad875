"""Channels and threads: get, edit, delete, list, and posts of a forum; direct messages too."""

from __future__ import annotations

from sandbox.discord import guilds, messages
from sandbox.discord.call import NOTHING, Answer, Call
from sandbox.discord.errors import (
    INVALID_RECIPIENT,
    TAG_REQUIRED,
    UNKNOWN_MESSAGE,
    WRONG_CHANNEL_TYPE,
    ApiError,
    InvalidForm,
    Problem,
)
from sandbox.discord.sessions import GUILDS
from sandbox.discord.things import DM, FORUM, PUBLIC_THREAD, REQUIRE_TAG, TEXT, Channel, Json

EDITABLE = ("name", "topic")
EDITABLE_OF_THREADS = ("name", "archived", "locked", "applied_tags")


def get(call: Call) -> Answer:
    return Answer(messages.place(call).payload())


def update(call: Call) -> Answer:
    """PATCH /channels/{channel_id}: a name, a topic; of threads archived, locked and tags."""
    channel = messages.place(call)
    names = EDITABLE_OF_THREADS if channel.is_thread else EDITABLE
    for name in set(names) & set(call.body):
        setattr(channel, name, call.body[name])
    event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
    call.discord.sessions.dispatch(event, channel.payload(), GUILDS)
    return Answer(channel.payload())


def delete(call: Call) -> Answer:
    channel = messages.place(call)
    call.discord.remove_channel(channel)
    return Answer(channel.payload())


def typing(call: Call) -> Answer:
    messages.place(call)
    return NOTHING


# ---- threads


def create_thread(call: Call) -> Answer:
    """POST /channels/{channel_id}/threads: a post of a forum, whose first message has its id, or an empty thread."""
    parent, body = messages.place(call), call.body
    if parent.type not in (TEXT, FORUM):
        raise ApiError(WRONG_CHANNEL_TYPE)
    if parent.closed is not None:
        raise ApiError(parent.closed)
    thread = _thread(call, parent, call.discord.make_id())
    if parent.type != FORUM:
        _open(call, thread)
        return Answer(thread.payload(), 201)
    _check_post(parent, body)
    message = messages.new(call.discord, parent, body["message"], call.files)
    message.id = message.channel_id = thread.id
    _open(call, thread)
    call.discord.post(message)
    thread.sent = 0  # the first message of a post is not counted
    return Answer({**thread.payload(), "message": call.discord.payload(message)}, 201)


def _check_post(forum: Channel, body: Json) -> None:
    """Raise ApiError for a post without a message, without a tag where one is needed, or with wrong ones."""
    if body.get("message") is None:
        raise InvalidForm([Problem(("message",), "BASE_TYPE_REQUIRED", "This field is required")])
    tags = [str(tag) for tag in body.get("applied_tags") or []]
    if set(tags) - set(forum.tags):
        raise InvalidForm([Problem(("applied_tags",), "BASE_TYPE_CHOICES", "not all are tags of the forum")])
    if forum.flags & REQUIRE_TAG and not tags:
        raise ApiError(TAG_REQUIRED)


def create_thread_from_message(call: Call) -> Answer:
    """POST /channels/{channel_id}/messages/{message_id}/threads: the thread has the message's id."""
    parent = messages.place(call)
    message = call.discord.messages.get(call["message_id"])
    if message is None or message.channel_id != parent.id:
        raise ApiError(UNKNOWN_MESSAGE)
    if message.id in call.discord.channels:
        problem = Problem(
            ("message_id",), "THREAD_ALREADY_CREATED", "A thread has already been created for this message"
        )
        raise InvalidForm([problem])
    thread = _thread(call, parent, message.id)
    _open(call, thread)
    return Answer(thread.payload(), 201)


def _thread(call: Call, parent: Channel, id: str) -> Channel:  # noqa: A002
    tags = [str(tag) for tag in call.body.get("applied_tags") or []]
    return Channel(
        id,
        PUBLIC_THREAD,
        call.body["name"],
        call.discord.now(),
        parent.guild_id,
        parent.id,
        owner_id=call.discord.bot.id,
        applied_tags=tags,
        archive_minutes=call.body.get("auto_archive_duration") or 4320,
    )


def _open(call: Call, thread: Channel) -> None:
    call.discord.channels[thread.id] = thread
    call.discord.sessions.dispatch("THREAD_CREATE", {**thread.payload(), "newly_created": True}, GUILDS)


def active_threads(call: Call) -> Answer:
    guild = guilds.named(call)
    found = [one for one in call.discord.channels.values() if one.guild_id == guild.id and one.is_thread]
    return Answer({"threads": [one.payload() for one in found if not one.archived], "members": [], "has_more": False})


def archived_threads(call: Call) -> Answer:
    parent = messages.place(call)
    found = [one for one in call.discord.channels.values() if one.parent_id == parent.id and one.archived]
    return Answer({"threads": [one.payload() for one in reversed(found)], "members": [], "has_more": False})


# ---- guilds' channels, and direct messages


def listed(call: Call) -> Answer:
    guild = guilds.named(call)
    found = [one for one in call.discord.channels.values() if one.guild_id == guild.id and not one.is_thread]
    return Answer([one.payload() for one in found])


def create_dm(call: Call) -> Answer:
    """POST /users/@me/channels: the channel to a person, the same one each time."""
    discord = call.discord
    user = discord.users.get(str(call.body.get("recipient_id")))
    if user is None or user.bot:
        raise ApiError(INVALID_RECIPIENT)
    for one in discord.channels.values():
        if one.type == DM and one.recipients == [user]:
            return Answer(one.payload())
    channel = Channel(discord.make_id(), DM, user.name, discord.now(), recipients=[user])
    discord.channels[channel.id] = channel
    return Answer(channel.payload())
