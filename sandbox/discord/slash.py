"""A person types a command, lets Discord complete an option, or uses the menu of a message or a user."""

from __future__ import annotations

from typing import Any

from sandbox.discord.acting import Actor, CannotDo, Resolved
from sandbox.discord.command_rules import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    GROUP,
    INTEGER,
    MENTIONABLE,
    MESSAGE_MENU,
    NUMBER,
    ROLE,
    SLASH,
    STRING,
    SUBCOMMAND,
    USER,
    USER_MENU,
)
from sandbox.discord.interaction import Interaction, Type
from sandbox.discord.things import ADMINISTRATOR, Json

LARGEST = 2**53
MOST_CHARACTERS = 6000  # of a string option
NESTED = (SUBCOMMAND, GROUP)


def command(actor: Actor, name: str, options: Json) -> Interaction:
    """Type `/name` with options by their names. Raise CannotDo, ValueError."""
    chain = _chain(actor, name)
    resolved = actor.resolved()
    known = {one["name"]: one for one in chain[-1].get("options") or []}
    _check_names(options, known, name)
    missing = [one for one in known if known[one].get("required") and one not in options]
    if missing:
        raise CannotDo(f"/{name} needs {', '.join(missing)}")
    values = [_given(known[one], value, resolved) for one, value in options.items()]
    return actor.act(Type.COMMAND, f"/{name}", resolved.into(_data(chain, values)))


def autocomplete(actor: Actor, name: str, option: str, typed: str, options: Json) -> Interaction:
    """Have typed so much of an option, with others filled in. Raise CannotDo, ValueError."""
    chain = _chain(actor, name)
    resolved = actor.resolved()
    known = {one["name"]: one for one in chain[-1].get("options") or []}
    _check_names({option: typed, **options}, known, name)
    if not known[option].get("autocomplete"):
        raise CannotDo(f"{option} of /{name} has no autocomplete")
    values = [_given(known[one], value, resolved) for one, value in options.items() if one != option]
    values.append({"name": option, "type": known[option]["type"], "value": typed, "focused": True})
    return actor.act(Type.AUTOCOMPLETE, f"/{name} {option}:{typed}", resolved.into(_data(chain, values)))


def menu(actor: Actor, name: str, message: str | None, user: str | None) -> Interaction:
    """Use a command of a message's or a user's menu. Raise CannotDo, ValueError."""
    if (message is None) == (user is None):
        raise CannotDo("a menu is that of a message or of a user")
    root = _root(actor, name, USER_MENU if message is None else MESSAGE_MENU)
    resolved = actor.resolved()
    if message is not None:
        target = message
        resolved.message(actor.discord.message(message))
    else:
        target = resolved.user(str(user))
    return actor.act(Type.COMMAND, name, resolved.into({**_head(root), "target_id": target}))


# ---- the command


def _root(actor: Actor, name: str, kind: int) -> Json:
    commands = actor.discord.commands
    for scope in (actor.channel.guild_id, None):
        for one in commands.get(scope, {}).values():
            if one["name"] == name and one["type"] == kind:
                _check_hidden(actor, one)
                return one
    raise CannotDo(f"there is no command {name!r}: it was never synced")


def _check_hidden(actor: Actor, root: Json) -> None:
    wanted = root["default_member_permissions"]
    if wanted is None or actor.permissions & ADMINISTRATOR:
        return
    if int(wanted) == 0 or int(wanted) & ~actor.permissions:
        raise CannotDo(f"{root['name']} is hidden from {actor.member.user.name}, who lacks permissions")


def _chain(actor: Actor, name: str) -> list[Json]:
    """The command, and the groups and subcommands that the words name, down to one that takes values."""
    words = name.removeprefix("/").split()
    chain = [_root(actor, words[0] if words else "", SLASH)]
    for word in words[1:]:
        inner = [one for one in chain[-1].get("options") or [] if one["name"] == word and one["type"] in NESTED]
        if not inner:
            raise CannotDo(f"{chain[-1]['name']} has no subcommand {word!r}")
        chain.append(inner[0])
    if any(one["type"] in NESTED for one in chain[-1].get("options") or []):
        raise CannotDo(f"/{name} needs a subcommand")
    return chain


def _head(root: Json) -> Json:
    found = {"id": root["id"], "name": root["name"], "type": root["type"]}
    return found | ({"guild_id": root["guild_id"]} if "guild_id" in root else {})


def _data(chain: list[Json], values: list[Json]) -> Json:
    for inner in reversed(chain[1:]):
        values = [{"name": inner["name"], "type": inner["type"], "options": values}]
    return _head(chain[0]) | ({"options": values} if values else {})


# ---- values


def _check_names(options: Json, known: dict[str, Json], name: str) -> None:
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise CannotDo(f"/{name} has no option {', '.join(unknown)}; it has: {', '.join(known) or 'none'}")


def _given(option: Json, value: Any, resolved: Resolved) -> Json:
    return {"name": option["name"], "type": option["type"], "value": _value(option, value, resolved)}


def _value(option: Json, value: Any, resolved: Resolved) -> Any:
    """The value as Discord sends it. Raise CannotDo if no client would take it."""
    kind = option["type"]
    if option.get("choices"):
        return _choice(option, value)
    if kind == STRING:
        return _string(option, value)
    if kind in (INTEGER, NUMBER):
        return _number(option, value)
    if kind == BOOLEAN:
        if not isinstance(value, bool):
            raise CannotDo(f"{option['name']} is true or false, not {value!r}")
        return value
    if kind == ATTACHMENT:
        return resolved.file(value)
    if kind == CHANNEL:
        return resolved.place(str(value), option.get("channel_types"))
    find = {USER: resolved.user, ROLE: resolved.role, MENTIONABLE: resolved.mentionable}[kind]
    return find(str(value))


def _choice(option: Json, value: Any) -> Any:
    for choice in option["choices"]:
        if value in (choice["name"], choice["value"]):
            return choice["value"]
    raise CannotDo(f"{value!r} is no choice of {option['name']}: {', '.join(one['name'] for one in option['choices'])}")


def _string(option: Json, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise CannotDo(f"{option['name']} is a text, not {value!r}")
    least, most = option.get("min_length") or 0, option.get("max_length") or MOST_CHARACTERS
    if not least <= len(value) <= most:
        raise CannotDo(f"{option['name']} has {least} to {most} characters, not {len(value)}")
    return value


def _number(option: Json, value: Any) -> int | float:
    kinds = int if option["type"] == INTEGER else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise CannotDo(f"{option['name']} is a number, not {value!r}")
    least, most = option.get("min_value"), option.get("max_value")
    least, most = -LARGEST if least is None else least, LARGEST if most is None else most
    if not least <= value <= most:
        raise CannotDo(f"{option['name']} is from {least} to {most}, not {value}")
    found: int | float = value
    return found
