"""term add, remove, list, import: the glossary that engines are told to expect."""

from __future__ import annotations

from collections.abc import Sequence

from bot.desk.channel import known
from bot.desk.command import PAGE, Argument, Command, Desk, Values, page_of
from bot.guard import Actor, Role
from bot.replies import terms as replies
from bot.reply import Reply
from captions.text import clean
from store import channels, terms
from store.tables import Channel
from store.videos import LISTED


def _add(desk: Desk, actor: Actor, values: Values) -> Reply:
    return _added(desk, actor, values, [clean(values["term"])])


def _import(desk: Desk, actor: Actor, values: Values) -> Reply:
    return _added(desk, actor, values, clean(values["text of file"]).splitlines())


def _added(desk: Desk, actor: Actor, values: Values, texts: Sequence[str]) -> Reply:
    wanted = [text for text in texts if text.strip()]
    if not wanted:
        raise ValueError("there is no term in it: give one a line")
    if any(" --" in text for text in wanted):
        raise ValueError("an option stands before the term: /term add --channel 2 Ada Lovelace")
    channel_id = _channel_id(desk, values)
    return replies.terms_added(terms.add(desk.database, wanted, channel_id, actor.name), len(wanted))


def _remove(desk: Desk, _actor: Actor, values: Values) -> Reply:
    text = " ".join(clean(values["term"]).split())
    if "channel" not in values:
        _refuse_of_one_channel(desk, text)
    terms.remove(desk.database, text, _channel_id(desk, values))
    return replies.term_removed(text)


def _refuse_of_one_channel(desk: Desk, text: str) -> None:
    """Raise ValueError where the term is in channels' own glossaries, and not in that of all."""
    own = [one.channel_id for one in terms.listing(desk.database, everything=True) if one.text == text]
    if own and None not in own:
        named = " and ".join(str(one) for one in own)
        raise ValueError(f"{text!r} is a term of channel {named}: say which with --channel")


def _list(desk: Desk, _actor: Actor, values: Values) -> Reply:
    if "channel" in values:
        every = terms.listing(desk.database, _channel_id(desk, values))
    else:
        every = terms.listing(desk.database, everything=True)
    page = page_of(values, len(every), LISTED)
    return replies.term_list(every[page.skip : page.skip + page.size], page)


def _of_channel(desk: Desk, values: Values) -> Channel | None:
    return channels.find(desk.database, values["channel"]) if "channel" in values else None


def _channel_id(desk: Desk, values: Values) -> int | None:
    return channels.find(desk.database, values["channel"]).number if "channel" in values else None


def _present(desk: Desk) -> Sequence[tuple[str, str]]:
    return [
        (one.text, "of one channel" if one.channel_id else "of all")
        for one in terms.listing(desk.database, everything=True)
    ]


CHANNEL = Argument("channel", "of which channel; else of all", required=False, option=True, choices=known)
COMMANDS = (
    Command(
        name="term add",
        help="Tell the engine to expect a name or a word.",
        role=Role.APPROVER,
        about=_of_channel,
        run=_add,
        arguments=(Argument("term", "the name or word, as it is written", rest=True), CHANNEL),
        example="term add --channel 2 Ada Lovelace",
    ),
    Command(
        name="term remove",
        help="Take a term out of the glossary.",
        role=Role.APPROVER,
        about=_of_channel,
        run=_remove,
        arguments=(Argument("term", "as it is written", rest=True, choices=_present), CHANNEL),
        example="term remove Ada Lovelace",
    ),
    Command(
        name="term list",
        help="Show the glossary.",
        role=Role.VIEWER,
        run=_list,
        arguments=(CHANNEL, PAGE),
        example="term list",
    ),
    Command(
        name="term import",
        help="Add the terms of a text file, one a line.",
        role=Role.APPROVER,
        about=_of_channel,
        run=_import,
        arguments=(Argument("file", "a text file", file=True), CHANNEL),
        example="term import names.txt --channel 2",
    ),
)
