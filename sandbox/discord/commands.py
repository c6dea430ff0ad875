"""Application commands: a whole scope replaced at once, and looked at. One scope is a guild's, or the global one."""

from __future__ import annotations

from sandbox.discord.call import NOTHING, Answer, Call
from sandbox.discord.command_rules import SLASH
from sandbox.discord.errors import MISSING_ACCESS, UNKNOWN_APPLICATION, UNKNOWN_COMMAND, UNKNOWN_GUILD, ApiError
from sandbox.discord.things import Json


def replace(call: Call) -> Answer:
    """PUT …/commands. A command that keeps its name and type keeps its id."""
    scope = _scope(call)
    known = {(one["type"], one["name"]): one["id"] for one in call.discord.commands[scope].values()}
    made = [_command(call, body, scope, known) for body in call.body]
    call.discord.commands[scope] = {one["id"]: one for one in made}
    return Answer(made)


def _command(call: Call, body: Json, scope: str | None, known: dict[tuple[int, str], str]) -> Json:
    kind = body.get("type") or SLASH
    permissions = body.get("default_member_permissions")
    return {
        "options": [],
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
        **{name: value for name, value in body.items() if value is not None},
        "id": known.get((kind, body["name"])) or call.discord.make_id(),
        "application_id": call.discord.bot.id,
        "version": call.discord.make_id(),
        "type": kind,
        "description": body.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        **({"guild_id": scope} if scope else {}),
    }


def listed(call: Call) -> Answer:
    return Answer(list(call.discord.commands[_scope(call)].values()))


def get(call: Call) -> Answer:
    found = call.discord.commands[_scope(call)].get(call["command_id"])
    if found is None:
        raise ApiError(UNKNOWN_COMMAND)
    return Answer(found)


def delete(call: Call) -> Answer:
    found = call.discord.commands[_scope(call)].pop(call["command_id"], None)
    if found is None:
        raise ApiError(UNKNOWN_COMMAND)
    return NOTHING


def _scope(call: Call) -> str | None:
    """The guild's id; None for the global scope. Raise ApiError."""
    discord = call.discord
    if call["application_id"] != discord.bot.id:
        raise ApiError(UNKNOWN_APPLICATION)
    guild = call.parameters.get("guild_id")
    if guild is not None and guild not in discord.guilds:
        raise ApiError(UNKNOWN_GUILD)
    if guild is not None and not discord.settings.may_sync:
        raise ApiError(MISSING_ACCESS)
    return guild
