"""channel add, remove, list, pause, resume, settings."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.desk.command import PAGE, Argument, Command, Desk, Values, page_of
from bot.guard import Actor, Role
from bot.replies import channels as replies
from bot.reply import Reply
from captions import profiles
from store import channels
from store.references import read_channel
from store.videos import LISTED

OWN = ("language", "engine", "profile", "limits", "speakers", "emotion", "place", "approvers")
SWITCH = {"on": True, "off": False}
HERE = "here"  #: the place where the command is given
DEFAULT = "default"  #: what people give to take a channel's own setting back
PLACE = re.compile(r"(?:<#)?(?P<id>\d{5,20})>?")
PEOPLE = re.compile(r"(?:<@[!&]?)?(?P<id>\d{5,20})>?")
LANGUAGES = {  # to choose from; any other can be typed
    "en": "English",
    "es": "Spanish",
    "pt": "Portuguese",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "sv": "Swedish",
    "tr": "Turkish",
    "ru": "Russian",
    "uk": "Ukrainian",
    "ar": "Arabic",
    "he": "Hebrew",
    "fa": "Persian",
    "hi": "Hindi",
    "id": "Indonesian",
    "vi": "Vietnamese",
    "th": "Thai",
    "zh": "Chinese",
    "ja": "Japanese",
    "ko": "Korean",
}
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47 (RFC 5646), as far as speech needs it


def _add(desk: Desk, actor: Actor, values: Values) -> Reply:
    reference = values["channel"].strip()
    read_channel(reference)
    language = _language(values["language"]) if "language" in values else None
    place = _place(desk, actor, values["place"]) if "place" in values else None
    if place is None and not desk.chat.place:
        place = _place(desk, actor, HERE) if actor.place else None  # nobody said where: where they speak of the channel
    asked = channels.ask(desk.database, reference, actor.name, language, place)
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
    wanted = {name: _setting(desk, actor, name, values[name]) for name in OWN if name in values}
    limits, profile = (wanted.get(name, getattr(found, name)) for name in ("limits", "profile"))
    if limits and wanted.keys() & {"limits", "profile"}:
        profiles.refuse_impossible(limits, profile)
    if wanted:
        found = channels.change(desk.database, found.number, actor.name, wanted)
    return replies.channel_settings(found, wanted, dict([*desk.places(), *desk.people()]))


def _setting(desk: Desk, actor: Actor, name: str, value: str) -> str | bool | list[str] | dict[str, float] | None:
    """What is stored of a setting as people give it. Raise ValueError if it is none."""
    if value.lower() == DEFAULT:
        return None
    match name:
        case "language":
            return _language(value)
        case "profile":
            return profiles.find(value).name
        case "limits":
            return profiles.read_limits(value)
        case "speakers":
            channels.read_speakers(value)
            return value.strip()
        case "emotion":
            return _switch(value)
        case "place":
            return _place(desk, actor, value)
        case "approvers":
            return _people(value)
        case _:
            return _one_of(value, desk.engines())


def _place(desk: Desk, actor: Actor, value: str) -> str:
    """The id of a place in the chat: its mention, its id, or here. Raise ValueError if drafts cannot be shown there."""
    found = PLACE.fullmatch(actor.place if value.lower() == HERE and actor.place is not None else value)
    if found is None:
        raise ValueError(f"{value!r} is no place: give a #channel of the server, or its id")
    why_not = desk.why_not(found["id"])
    if why_not is not None:
        raise ValueError(f"drafts cannot be shown there: {why_not}")
    return found["id"]


def _people(value: str) -> list[str]:
    """The ids of people and roles in the chat, by their mentions or ids."""
    words = value.replace(",", " ").replace("><", "> <").split()
    found = [PEOPLE.fullmatch(word) for word in words]
    wrong = [word for word, match in zip(words, found, strict=True) if match is None]
    if wrong or not words:
        raise ValueError(f"{(wrong or [value])[0]!r} is no person and no role: give @mentions, or ids")
    return list(dict.fromkeys(match["id"] for match in found if match is not None))


def _switch(value: str) -> bool:
    if value.lower() not in SWITCH:
        raise ValueError(f"{value!r} is neither on nor off")
    return SWITCH[value.lower()]


def _one_of(value: str, known: Sequence[str]) -> str:
    if known and value not in known:
        raise ValueError(f"there is no engine {value!r}; there are: {', '.join(known)}")
    return value


def _list(desk: Desk, _actor: Actor, values: Values) -> Reply:
    every = channels.listing(desk.database)
    page = page_of(values, len(every), LISTED)
    return replies.channel_list(every[page.skip : page.skip + page.size], page)


def _languages(_desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), *LANGUAGES.items()]


def _engines(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), *((name, "") for name in desk.engines())]


def _profiles(_desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), *((name, "") for name in profiles.PROFILES)]


def _limits(_desk: Desk) -> Sequence[tuple[str, str]]:
    one_line, narrow = {"lines": 1}, {"characters_per_line": 37}
    return [
        (DEFAULT, "what config.toml says"),
        (profiles.limits_text(one_line), "one line at a time"),
        (profiles.limits_text(narrow), "narrower lines"),
    ]


def _switches(_desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), *((name, "") for name in SWITCH)]


def _speakers(_desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), ("1", "one person"), ("2", "two, as in an interview"), ("2-4", "a few")]


def _places(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(HERE, "where you are"), (DEFAULT, "what config.toml says"), *desk.places()]


def _approvers(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(DEFAULT, "what config.toml says"), *desk.people()]


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
            Argument(
                "language", "what is spoken; else it is detected", required=False, option=True, choices=_languages
            ),
            Argument("place", "where its drafts are shown", required=False, option=True, choices=_places),
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
            Argument("language", "what is spoken, e.g. en", required=False, option=True, choices=_languages),
            Argument("engine", "of speech recognition", required=False, option=True, choices=_engines),
            Argument("profile", "rules for the captions", required=False, option=True, choices=_profiles),
            Argument(
                "limits",
                "single numbers of these rules: characters_per_line=37",
                required=False,
                option=True,
                choices=_limits,
            ),
            Argument("speakers", "how many people speak: 2, or 2-4", required=False, option=True, choices=_speakers),
            Argument("emotion", "whether drafts tell how voices sound", required=False, option=True, choices=_switches),
            Argument("place", "where its drafts are shown: a #channel", required=False, option=True, choices=_places),
            Argument(
                "approvers", "@roles and @people who decide on them", required=False, option=True, choices=_approvers
            ),
        ),
        example="channel settings 2 --language de --engine default",
    ),
    Command(
        name="channel list",
        help="Show the channels that are watched.",
        role=Role.VIEWER,
        run=_list,
        arguments=(PAGE,),
        example="channel list --page 2",
    ),
)
