"""What may be looked at over HTTP: GET /sandbox/WHAT, as TABLE has it."""

from __future__ import annotations

from typing import Any

from sandbox.discord import acting
from sandbox.discord.message import Message
from sandbox.discord.state import CHANNEL_ID, Discord
from sandbox.discord.things import Json


def state(discord: Discord) -> Json:
    """Everything. `seen_by` of a message names the one who sees it, `revision` counts its edits from 1.

    `nonce_enforced` of a message: whether the bot wanted no second one of that nonce.
    """
    return {
        "guilds": [_guild(discord, one.id) for one in list(discord.guilds.values())],
        "channels": [_channel(discord, one.id) for one in list(discord.channels.values())],
        "messages": [_message(discord, one) for one in list(discord.messages.values())],
        "commands": [one for scope in list(discord.commands.values()) for one in scope.values()],
        "interactions": [acting.seen(discord, one) for one in list(discord.interactions.values())],
        "open_modals": {
            one.member.user.name: one.modal["custom_id"] for one in discord.open_forms.values() if one.modal
        },
        "sessions": discord.sessions.state(),
        "requests": dict(discord.requests),
        "answers": dict(discord.answers),
        "refusals": list(discord.refusals),
        "held": discord.faults.held(),
        "down": discord.is_down,
    }


def messages(discord: Discord, channel: str = CHANNEL_ID, user: str | None = None) -> list[Json]:
    """The messages of a channel, the oldest first: what everybody sees, and what `user` alone does."""
    place = discord.channel(channel)
    viewer = None if user is None else discord.user(user).id
    found = [one for one in list(discord.messages.values()) if one.channel_id == place.id]
    return [_message(discord, one) for one in found if one.seen_by in (None, viewer)]


def seen(discord: Discord, interaction: str) -> Json:
    """What somebody has got by now of an answer."""
    if interaction not in discord.interactions:
        raise ValueError(f"there is no interaction {interaction}")
    return acting.seen(discord, discord.interactions[interaction])


TABLE: dict[str, Any] = {one.__name__: one for one in (state, messages, seen)}


def _message(discord: Discord, message: Message) -> Json:
    seen_by = discord.users[message.seen_by].name if message.seen_by else None
    ours = {"seen_by": seen_by, "revision": message.revision, "nonce_enforced": message.nonce_enforced}
    return discord.payload(message) | ours


def _channel(discord: Discord, id: str) -> Json:  # noqa: A002
    channel = discord.channels[id]
    return channel.payload() | {"name": channel.name, "closed": channel.closed and channel.closed.code}


def _guild(discord: Discord, id: str) -> Json:  # noqa: A002
    guild = discord.guilds[id]
    names = {role.id: role.name for role in guild.roles.values()}
    members = [
        {"id": one.user.id, "name": one.user.name, "roles": [names[role] for role in one.roles]}
        for one in guild.members.values()
    ]
    return {"id": guild.id, "name": guild.name, "roles": {name: id for id, name in names.items()}, "members": members}  # noqa: A001
