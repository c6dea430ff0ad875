"""channel add, remove, list, pause, resume, settings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import replies
from bot.desk.command import Argument, Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import Reply
from captions import profiles
from store import channels
from store.references import read_channel

OWN = ("language", "engine", "profile")
DEFAULT = "default"  #: what people give to take a channel's own setting back
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47 (RFC 5646), as far as speech needs it


def _add(desk: Desk, actor: Actor, values: Values) -> Reply:
    reference = values["channel"].strip()
    read_channel(reference)
    language = _language(values["language"]) if "language" in values else None
    asked = channels.ask(desk.database, reference, actor.name, language)
    return replies.channel_asked(asked, desk.down())


def _remove(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = channels.find(desk.database, values["channel"])
    return replies.channel_removed(channels.remove(desk.database, found.number, actor.name))


def _language(tag: str) -> str:
    if not LANGUAGE.fullmatch(tag):
        raise ValueError(f"{tag!r} is no language tag: give e.g. en, de or pt-BR")
    return tag


def _pause(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = channels.find(desk.database, values["channel"])
    return replies.channel_paused(channels.pause(desk.database, found.number, actor.name))


def _resume(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = channels.find(desk.database, values["channel"])
    return replies.channel_resumed(channels.resume(desk.database, found.number, actor.name))


def _settings(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = channels.find(desk.database, values["channel"])
    wanted = {name: _setting(desk, name, values[name]) for name in OWN if name in values}
    if wanted:
        found = channels.change(desk.database, found.number, actor.name, wanted)
    return replies.channel_settings(found, changed=bool(wanted))


def _setting(desk: Desk, name: str, value: str) -> str | None:
    """What is stored of a setting as people give it. Raise ValueError if it is none."""
    if value.lower() == DEFAULT:
        return None
    match name:
        case "language":
            return _language(value)
        case "profile":
            return profiles.find(value).name
        case _:
            return _one_of(value, desk.engines())


def _one_of(value: str, known: Sequence[str]) -> str:
    if known and value not in known:
        raise ValueError(f"there is no engine {value!r}; there are: {', '.join(known)}")
    return value


def _list(desk: Desk, _actor: Actor, _values: Values) -> Reply:
    return replies.channel_list(channels.listing(desk.database))


def _engines(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), *((name, "") for name in desk.engines())]


def _profiles(_desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), *((name, "") for name in profiles.PROFILES)]


def known(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(str(one.id), one.title or one.reference) for one in channels.listing(desk.database)]


COMMANDS = (
    Command(
        name="channel add",
        help="Watch a channel: caption what it publishes from now on.",
        role=Role.OWNER,
        run=_add,
        arguments=(
            Argument("channel", "@handle, channel URL, video URL or id"),
            Argument("language", "what is spoken, e.g. en; else it is detected", required=False, option=True),
        ),
        example="channel add @handle --language en",
    ),
    Command(
        name="channel remove",
        help="Stop watching a channel. Its drafts stay.",
        role=Role.OWNER,
        run=_remove,
        arguments=(Argument("channel", "its number, id or title", choices=known),),
        example="channel remove 2",
    ),
    Command(
        name="channel pause",
        help="Leave a channel alone until it is resumed.",
        role=Role.OWNER,
        run=_pause,
        arguments=(Argument("channel", "its number, id or title", choices=known),),
        example="channel pause 2",
    ),
    Command(
        name="channel resume",
        help="Watch a paused channel again; what it published meanwhile is captioned.",
        role=Role.OWNER,
        run=_resume,
        arguments=(Argument("channel", "its number, id or title", choices=known),),
        example="channel resume 2",
    ),
    Command(
        name="channel settings",
        help="Show or change what is set for one channel.",
        role=Role.OWNER,
        run=_settings,
        arguments=(
            Argument("channel", "its number, id or title", choices=known),
            Argument("language", "what is spoken, e.g. en", required=False, option=True),
            Argument("engine", "of speech recognition", required=False, option=True, choices=_engines),
            Argument("profile", "rules for the captions", required=False, option=True, choices=_profiles),
        ),
        example="channel settings 2 --language de --engine default",
    ),
    Command(name="channel list", help="Show the channels that are watched.", role=Role.VIEWER, run=_list),
)
