"""channel add, remove, list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import replies
from bot.desk.command import Argument, Command, Desk, Values
from bot.guard import Actor, Role
from bot.replies import Reply
from store import channels
from store.references import read_channel

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47 (RFC 5646), as far as speech needs it


def _add(desk: Desk, actor: Actor, values: Values) -> Reply:
    reference = values["channel"].strip()
    read_channel(reference)
    language = values.get("language")
    if language is not None and not LANGUAGE.fullmatch(language):
        raise ValueError(f"{language!r} is no language tag: give e.g. en, de or pt-BR")
    asked = channels.ask(desk.database, reference, actor.name, language)
    return replies.channel_asked(asked, desk.down())


def _remove(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = channels.find(desk.database, values["channel"])
    return replies.channel_removed(channels.remove(desk.database, found.number, actor.name))


def _list(desk: Desk, _actor: Actor, _values: Values) -> Reply:
    return replies.channel_list(channels.listing(desk.database))


def _known(desk: Desk) -> Sequence[tuple[str, str]]:
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
        arguments=(Argument("channel", "its number, id or title", choices=_known),),
        example="channel remove 2",
    ),
    Command(name="channel list", help="Show the channels that are watched.", role=Role.VIEWER, run=_list),
)
