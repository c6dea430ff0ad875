"""A person uses a component of a message: clicks a button, or selects from a list."""

from __future__ import annotations

from typing import Any

from sandbox.discord.acting import Actor, CannotDo, Resolved
from sandbox.discord.interaction import Interaction, Type
from sandbox.discord.message import BUTTON, LINK, ROW, SELECT, SELECTS, Message, walk
from sandbox.discord.state import Discord
from sandbox.discord.things import Json

USERS, ROLES, MENTIONABLES, CHANNELS = 5, 6, 7, 8


def click(discord: Discord, user: str, message: str, button: str, *, force: bool = False) -> Interaction:
    """Click the button of this custom_id or label. Raise CannotDo, ValueError.

    `force`: as from a screen that shows the message as it was: with a button that it had, or none that it ever had.
    """
    actor, found = _before(discord, user, message)
    one, components = _component(found, button, (BUTTON,), force=force)
    if one.get("style") == LINK:
        raise CannotDo(f"{button} is a link: the bot is not told")
    data = {"custom_id": one["custom_id"], "component_type": BUTTON, "id": one["id"]}
    shown = discord.payload(found) | {"components": components}
    return actor.act(Type.COMPONENT, f"button {one['custom_id']}", data, shown)


def select(
    discord: Discord, user: str, message: str, custom_id: str, values: list[str], *, force: bool = False
) -> Interaction:
    """Choose from the list of this custom_id, options by value or label. Raise CannotDo, ValueError."""
    actor, found = _before(discord, user, message)
    one, components = _component(found, custom_id, SELECTS, force=force)
    resolved = actor.resolved()
    data = {
        "custom_id": custom_id,
        "component_type": one["type"],
        "id": one["id"],
        "values": chosen(one, values, resolved),
    }
    shown = discord.payload(found) | {"components": components}
    return actor.act(Type.COMPONENT, f"select {custom_id}", resolved.into(data), shown)


def _before(discord: Discord, user: str, reference: str) -> tuple[Actor, Message]:
    """The person in front of the message."""
    message = discord.message(reference)
    actor = Actor.at(discord, user, message.channel_id)
    if message.seen_by not in (None, actor.member.user.id):
        raise CannotDo(f"{user} does not see this message")
    return actor, message


def _component(message: Message, name: str, kinds: tuple[int, ...], *, force: bool) -> tuple[Json, list[Json]]:
    """The component, and all components of the message as it is seen."""
    for components in (message.components, *reversed(message.earlier if force else [])):
        found = [one for _, one in walk(components) if name in (one.get("custom_id"), one.get("label"))]
        found = [one for one in found if one["type"] in kinds]
        if found and found[0].get("disabled") and not force:
            raise CannotDo(f"{name!r} is disabled")
        if found:
            return found[0], components
    if not force:
        there = [one.get("label") or one["custom_id"] for _, one in walk(message.components) if one["type"] in kinds]
        raise CannotDo(f"the message has no {name!r}; it has: {', '.join(there) or 'nothing of that kind'}")
    one = {"type": kinds[0], "id": 2, "custom_id": name, "style": 2, "label": name, "options": []}
    return one, [{"type": ROW, "id": 1, "components": [one]}]


def chosen(one: Json, values: list[str], resolved: Resolved) -> list[str]:
    """The values of a select, as Discord sends them. Raise CannotDo for a choice that is not offered."""
    least, most = one.get("min_values", 1), one.get("max_values", 1)
    if not isinstance(values, list) or not least <= len(values) <= most:
        raise CannotDo(f"{one['custom_id']} takes {least} to {most} values")
    return [_value(one, value, resolved) for value in values]


def _value(one: Json, value: Any, resolved: Resolved) -> str:
    if one["type"] == SELECT:
        for option in one["options"]:
            if value in (option["value"], option["label"]):
                return str(option["value"])
        raise CannotDo(f"{value!r} is not offered: {', '.join(option['label'] for option in one['options'])}")
    if one["type"] == CHANNELS:
        return resolved.place(str(value), one.get("channel_types"))
    find = {USERS: resolved.user, ROLES: resolved.role, MENTIONABLES: resolved.mentionable}[one["type"]]
    return find(str(value))
