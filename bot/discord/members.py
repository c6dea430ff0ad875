"""Which role a member of the server has, by the settings. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.guard import Actor, Role
from bot.settings import DiscordSettings


@dataclass(frozen=True)
class Member:
    """Who acts: ids of the person and of their roles, and whether they may manage the server.

    `ours`: whether it is in the server that is served; anybody may be the master of another one.
    """

    id: int
    name: str
    roles: Collection[int]
    manages: bool
    ours: bool


def actor(member: Member, settings: DiscordSettings, place: str | None = None) -> Actor:
    """Who acts, in the channel `place`. Whoever is elsewhere has no id that could give a role."""
    return Actor(f"discord:{member.name}", role(member, settings), _ids(member) if member.ours else frozenset(), place)


def is_ours(guild_id: int | None, server: str, guilds: Collection[int]) -> bool:
    """Whether `guild_id` is the server of the settings; where they name none, the only one that we are in.

    Discord also brings what is clicked in servers that the bot is not in, by those who took its commands along.
    """
    if guild_id is None:
        return False
    return str(guild_id) == server if server else set(guilds) == {guild_id}


def role(member: Member, settings: DiscordSettings) -> Role:
    """The highest role that the settings give; without owners in them, whoever may manage the server is one."""
    if not member.ours:
        return Role.NOBODY
    ids = _ids(member)
    if ids & set(settings.owners) or (not settings.owners and member.manages):
        return Role.OWNER
    if ids & set(settings.approvers):
        return Role.APPROVER
    if not settings.viewers or ids & set(settings.viewers):
        return Role.VIEWER
    return Role.NOBODY


def _ids(member: Member) -> frozenset[str]:
    return frozenset(str(one) for one in (member.id, *member.roles))
