"""What is said of channels."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.replies.words import moment, short, trouble_and_when
from bot.reply import Page, Pending, Reply, Table
from captions.profiles import limits_text
from captions.text import clean_line
from store.lifecycle import ChannelState
from store.tables import Channel

SHAPING = {
    "language",
    "engine",
    "profile",
    "limits",
    "speakers",
    "emotion",
}  #: settings of a channel that shape its captions


def channel_asked(channel: Channel, down: str | None) -> Reply:
    """`down`: since when captiond does not answer; None if it does."""
    data = channel_data(channel)
    if down is not None:
        return Reply(f"Channel {channel.id} is noted. {down}: it is looked up when captiond runs.", data=data)
    return Reply(f"Looking up {channel.reference} …", data=data, pending=Pending(channel.number))


def channel_answered(channel: Channel) -> Reply:
    """What became of a channel that was asked for."""
    data, title = channel_data(channel), clean_line(channel.title or channel.reference)
    match channel.state:
        case ChannelState.WATCHED:
            text = f"Channel {channel.id}, {title}, is watched. What it publishes from now on is captioned."
            return Reply(text, data=data)
        case ChannelState.ASKED:
            why = f" The last try failed: {clean_line(channel.last_error)}." if channel.last_error else ""
            return Reply(f"Channel {channel.id} is still being looked up.{why}", data=data)
        case _:
            return Reply(
                f"{title} is not watched: {clean_line(channel.reason or channel.state.value)}.", data=data, ok=False
            )


def channel_paused(channel: Channel) -> Reply:
    text = f"Channel {_named(channel)} is left alone until /channel resume {channel.id}."
    return Reply(text, data=channel_data(channel))


def channel_resumed(channel: Channel) -> Reply:
    text = f"Channel {_named(channel)} is watched again; what it published meanwhile is captioned."
    return Reply(text, data=channel_data(channel))


def channel_settings(channel: Channel, changed: Collection[str], names: Mapping[str, str]) -> Reply:
    """`changed`: which settings; `names`: those of places and people, by their ids."""
    names_of_settings = ("language", "engine", "profile", "limits", "speakers", "emotion", "place", "approvers")
    values = {name: getattr(channel, name) for name in names_of_settings}
    rows = tuple((name, _setting(value, names)) for name, value in values.items())
    tail = (
        " They hold for videos that are taken up from now on; /draft redo does one again."
        if {*changed} & SHAPING
        else ""
    )
    text = f"Settings of channel {_named(channel)} are these.{tail}"
    return Reply(text, Table(("setting", "value"), rows), data={**channel_data(channel), **values})


def _setting(value: str | bool | Sequence[str] | Mapping[str, float] | None, names: Mapping[str, str]) -> str:
    if value is None:
        return "as config.toml says"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Mapping):
        return limits_text(value)
    return ", ".join(names.get(one, one) for one in ([value] if isinstance(value, str) else value))


def _named(channel: Channel) -> str:
    return f"{channel.id}, {clean_line(channel.title or channel.reference)},"


def channel_removed(channel: Channel) -> Reply:
    name = clean_line(channel.title or channel.reference)
    return Reply(f"Channel {channel.id}, {name}, is not watched any more. Its drafts stay.", data=channel_data(channel))


def channel_list(channels: Sequence[Channel], page: Page) -> Reply:
    if not channels:
        return Reply("No channel is watched yet. Add one: /channel add @handle", data=[])
    own = {one.number: rules(one.profile, one.limits) for one in channels}
    with_rules = any(own.values())
    rows = tuple(
        (
            str(one.id),
            one.state.value,
            short(one.title or one.reference),
            *([own[one.number]] if with_rules else []),
            moment(one.polled_at),
            one.reason or trouble_and_when(one),
        )
        for one in channels
    )
    data = [channel_data(one) for one in channels]
    columns = ("id", "state", "title", *(["captions"] if with_rules else []), "last read", "note")
    return Reply(page.of("channel"), Table(columns, rows), data=data, page=page)


def rules(profile: str | None, limits: Mapping[str, float] | None) -> str:
    """The rules for captions as people read them: a profile, and the numbers that are not its own."""
    return ", ".join(part for part in (profile, limits_text(limits or {})) if part)


def channel_data(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "state": channel.state.value,
        "reference": channel.reference,
        "youtube_id": channel.youtube_id,
        "title": channel.title,
        "profile": channel.profile,
        "limits": channel.limits,
        "reason": channel.reason,
        "last_error": channel.last_error,
        "next_try_at": channel.next_try_at and channel.next_try_at.isoformat(),
    }
