"""Who may do what: one guard, asked by the desk before every command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Role(IntEnum):
    """Each may do what those before it may."""

    NOBODY = 0  #: may do nothing
    VIEWER = 1  #: looks
    APPROVER = 2  #: decides on drafts
    OWNER = 3  #: decides what is watched


@dataclass(frozen=True)
class Actor:
    """Who gives a command: `name` is the surface and the person, e.g. `console:ada`; it stands in every Event."""

    name: str
    role: Role


def refusal(actor: Actor, needed: Role) -> str | None:
    """Why `actor` may not do what takes the role `needed`; None if they may."""
    if actor.role >= needed:
        return None
    return (
        f"that takes the role {needed.name.lower()}, and {actor.name} is {actor.role.name.lower()}: ask one who has it"
    )
