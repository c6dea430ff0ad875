"""The rules for a list of application commands.

Source: interactions/application-commands of Discord's documentation.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.discord.errors import Path
from sandbox.discord.judge import Judge
from sandbox.discord.things import Json

SLASH, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
OPTION_TYPES = tuple(range(1, 12))
WITH_CHOICES = (STRING, INTEGER, NUMBER)
MOST = {SLASH: 100, USER_MENU: 5, MESSAGE_MENU: 5}  # in one guild, or global
MOST_OPTIONS, MOST_CHOICES, MOST_CHARACTERS = 25, 25, 8000
NAME = re.compile(r"[-_'\w]{1,32}")  # \w for letters and numbers of any script


def check(judge: Judge, body: Any) -> None:
    """Judge what is to replace the commands of a guild, or the global ones."""
    if not isinstance(body, list):
        judge.say((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
        return
    kinds = [_kind(one) for one in body]
    for kind, most in MOST.items():
        if kinds.count(kind) > most:
            judge.say((), "APPLICATION_COMMANDS_MAX_EXCEEDED", f"at most {most} of type {kind}")
    _unique(judge, [(kind, one.get("name")) for kind, one in zip(kinds, body, strict=True) if kind], ())
    for index, command in enumerate(body):
        if isinstance(command, dict):
            _command(judge, command, (index,))
        else:
            judge.say((index,), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType.")


def _kind(command: Any) -> Any:
    """The type of a command; 0 for what is none."""
    return (command.get("type") or SLASH) if isinstance(command, dict) else 0


def _command(judge: Judge, command: Json, path: Path) -> None:
    judge.choice({"type": _kind(command)}, "type", path, tuple(MOST))
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdigit():
        judge.say((*path, "default_member_permissions"), "NUMBER_TYPE_COERCE", f'Value "{permissions}" is not int.')
    if _kind(command) != SLASH:
        judge.text(command, "name", path, 32, least=1, needed=True)
        if command.get("description") or command.get("options"):
            judge.say(path, "APPLICATION_COMMAND_INVALID", "Context menu commands have no description and no options.")
        return
    _named(judge, command, path)
    _options(judge, command, path, depth=0)
    if _characters(command) > MOST_CHARACTERS:
        judge.say(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _named(judge: Judge, thing: Json, path: Path) -> None:
    name = judge.text(thing, "name", path, 32, least=1, needed=True)
    if name is not None and (not NAME.fullmatch(name) or name != name.lower()):
        judge.say((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    judge.text(thing, "description", path, 100, least=1, needed=True)


def _options(judge: Judge, owner: Json, path: Path, depth: int) -> None:
    """Judge the options of a command (depth 0), a subcommand or a group."""
    found = judge.objects(owner, "options", path, MOST_OPTIONS)
    kinds = [one.get("type") for _, one in found]
    nested = [kind in (SUBCOMMAND, GROUP) for kind in kinds]
    if any(nested) and not all(nested):
        judge.say((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options do not mix")
    is_group = owner.get("type") == GROUP and depth
    if (is_group and set(kinds) - {SUBCOMMAND}) or (depth and not is_group and any(nested)):
        judge.say((*path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands are nested too deep")
    _unique(judge, [one.get("name") for _, one in found], (*path, "options"))
    was_optional = False
    for place, option in found:
        _option(judge, option, place, depth)
        if option.get("required") and was_optional:
            judge.say(
                place, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be before optional ones"
            )
        was_optional = was_optional or not option.get("required")


def _option(judge: Judge, option: Json, path: Path, depth: int) -> None:
    _named(judge, option, path)
    if not judge.choice(option, "type", path, OPTION_TYPES):
        return
    if option["type"] in (SUBCOMMAND, GROUP):
        _options(judge, option, path, depth + 1)
    for place, choice in judge.objects(option, "choices", path, MOST_CHOICES):
        judge.text(choice, "name", place, 100, least=1, needed=True)
        if isinstance(choice.get("value"), str) or option["type"] == STRING:
            judge.text(choice, "value", place, 100, needed=True)
    if option.get("autocomplete") and (option.get("choices") or option["type"] not in WITH_CHOICES):
        judge.say((*path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "autocomplete is not for this")


def _unique(judge: Judge, names: list[Any], path: Path) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            judge.say((*path, index), "APPLICATION_COMMANDS_DUPLICATE_NAME", f"the name is taken: {name}")


def _characters(thing: Json) -> int:
    """Of names, descriptions and values, with everything nested."""
    found = sum(len(str(thing[name])) for name in ("name", "description", "value") if thing.get(name) is not None)
    lists = [thing[name] for name in ("options", "choices") if isinstance(thing.get(name), list)]
    return found + sum(_characters(one) for nested in lists for one in nested if isinstance(one, dict))
