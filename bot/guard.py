"""Who may do what: one guard, asked by the desk before every command, button, form and list of choices. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """Each may do what those before it may."""

    NOBODY = 0  #: may do nothing
    VIEWER = 1  #: looks
    APPROVER = 2  #: decides on drafts
    OWNER = 3  #: decides what is watched


@dataclass(frozen=True)
class Chat:
    """What config.toml says of the chat: ids of people and roles, and the place where drafts are shown."""

    owners: Collection[str] = ()
    approvers: Collection[str] = ()
    viewers: Collection[str] = ()
    place: str = ""


@dataclass(frozen=True)
class Actor:
    """Who gives a command: `name` is the surface and the person, e.g. `console:ada`; it stands in every Event.

    `role` is what config.toml gives them, `ids` those of the person and of their roles in the chat, `place` where they
    speak.
    """

    name: str
    role: Role
    ids: frozenset[str] = frozenset()
    place: str | None = None


def role_in(actor: Actor, approvers: Collection[str] | None) -> Role:
    """The role of `actor` for what concerns a channel with approvers of its own; None: those of config.toml."""
    if approvers is None or actor.role is Role.OWNER:
        return actor.role
    return Role.APPROVER if actor.ids & set(approvers) else min(actor.role, Role.VIEWER)


def who_can(needed: Role, chat: Chat, approvers: Collection[str] | None) -> tuple[str, ...]:
    """Ids of those who have the role `needed` for a channel with these approvers, the nearest first."""
    own = chat.approvers if approvers is None else approvers
    roles = {Role.VIEWER: chat.viewers, Role.APPROVER: own, Role.OWNER: chat.owners}
    return tuple(dict.fromkeys(one for role in sorted(roles) if role >= needed for one in roles[role]))


def refusal(role: Role, needed: Role, of: str = "") -> str:
    """Why somebody whose role is `role` may not do what takes the role `needed`; `of` names the channel."""
    has = {Role.NOBODY: "you have none", Role.VIEWER: "you are a viewer"}.get(role, f"you are an {role.name.lower()}")
    return f"that takes the role {needed.name.lower()}{of and f' of {of}'}, and {has}"
