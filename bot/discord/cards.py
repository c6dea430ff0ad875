"""A Card as Discord shows it: an embed, files, buttons. And what is found of it again in a message."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import discord

from bot import voices
from bot.card import Card, Doubt, Line, Mood
from bot.discord.components import Menu, view
from bot.discord.rendering import attached, block, deciding, escaped
from bot.notices import Notice
from bot.replies.words import clock
from bot.reply import Attachment

TITLE, DESCRIPTION, FIELD = 256, 4096, 1024  # characters that Discord takes in an embed
PREVIEW_CHARACTERS = 1500
VOICES_CHARACTERS = 600
NOTICES = 15  # lines in one message
PICTURE = "who-speaks.png"
ROOM_FOR_MORE = 80  # characters, to say how many were left out
COLOURS = {
    Mood.WAITING: 0x3B82F6,
    Mood.UNDER_WAY: 0x8B5CF6,
    Mood.DONE: 0x22C55E,
    Mood.REFUSED: 0x6B7280,
    Mood.TROUBLE: 0xEF4444,
    Mood.PAST: 0x6B7280,
}
SIGNS = {  # so that nobody has to tell colours apart
    Mood.WAITING: "⏳",
    Mood.UNDER_WAY: "⬆️",
    Mood.DONE: "✅",
    Mood.REFUSED: "🚫",
    Mood.TROUBLE: "⚠️",
    Mood.PAST: "🗂️",
}
FOOTER = re.compile(r"Draft (?P<draft>\d+), revision \d+")
TOLD = re.compile(r"Events (?P<first>\d+) to (?P<last>\d+)")


def embed(card: Card, *, pictured: bool = False) -> discord.Embed:
    """`pictured`: the message has the picture of who speaks among its files."""
    made = discord.Embed(
        title=_cut(f"{SIGNS[card.mood]} {escaped(card.title)}", TITLE),
        url=card.url,
        description=_description(card),
        colour=COLOURS[card.mood],
    )
    made.set_thumbnail(url=card.thumbnail)
    if card.channel:
        made.set_author(name=card.channel)
    for name, value in card.facts:
        _add(made, name, _cut(escaped(value), FIELD), inline=True)
    _add(made, "Report", _cut(escaped(card.report), FIELD))
    _add(made, "Words to look at", _links(card.doubts))
    if card.voices is not None:
        said = "\n".join(voices.lines(card.voices))
        _add(made, "Who speaks", _cut(escaped(said), VOICES_CHARACTERS))
    if pictured:
        made.set_image(url=f"attachment://{PICTURE}")
    made.set_footer(text=f"Draft {card.draft_id}, revision {card.revision}")
    return made


def _add(made: discord.Embed, name: str, value: str, *, inline: bool = False) -> None:
    """Add a field, if there is something in it: Discord refuses an empty one."""
    if value.strip():
        made.add_field(name=name, value=value, inline=inline)


def files(card: Card, picture: bytes | None = None) -> list[discord.File]:
    return attached([*card.files, *([] if picture is None else [Attachment(PICTURE, data=picture)])])


def is_pictured(message: discord.Message) -> bool:
    """Whether a message shows the picture of who speaks. Discord then no longer lists it among the files."""
    return any(PurePosixPath(urlsplit(one.image.url or "").path).name == PICTURE for one in message.embeds)


def buttons(card: Card) -> discord.ui.View:
    more = [
        Menu("More about the video …", f"extras:{card.draft_id}", [(one, _named(one), "") for one in card.extras], 1)
    ]
    return view(*deciding(card.draft_id, card.actions), *(more if card.extras else []))


def _named(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


def draft_of(message: discord.Message) -> int | None:
    """The draft whose card a message is."""
    return next((int(found["draft"]) for found in _footers(message, FOOTER)), None)


def told_from(message: discord.Message) -> tuple[int, int] | None:
    """The first and the last event that a message tells of."""
    return next(((int(found["first"]), int(found["last"])) for found in _footers(message, TOLD)), None)


def _footers(message: discord.Message, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    texts = [one.footer.text or "" for one in message.embeds]
    return [found for found in map(pattern.fullmatch, texts) if found is not None]


def told(first: int, last: int, notices: list[Notice]) -> discord.Embed:
    """Notices as one message."""
    lines: list[str] = []
    for one in map(_notice, notices[:NOTICES]):
        if sum(map(len, lines)) + len(lines) + len(one) > DESCRIPTION - ROOM_FOR_MORE:
            break
        lines.append(one)
    left = len(notices) - len(lines)
    if left:
        lines.append(f"… and {left} more: see /queue show and /draft list")
    made = discord.Embed(description="\n".join(lines))
    made.set_footer(text=f"Events {first} to {last}")
    return made


def _notice(one: Notice) -> str:
    title = f"[{_in_link(one.title)}]({one.url}) " if one.url else ""
    return f"{title}{escaped(one.text)}{_time(Line('', one.at))}"


def _description(card: Card) -> str:
    lines = "\n".join(f"{escaped(line.text)}{_time(line)}" for line in card.lines)
    cues = "\n".join(f"{time:>7}  {text}" for time, text in card.cues)
    return f"{lines}\n{block(cues, PREVIEW_CHARACTERS)}" if cues else lines


def _time(line: Line) -> str:
    """The time of a line as each reader's clock has it."""
    return f" <t:{int(line.at.timestamp())}:f>" if line.at is not None else ""


def _links(doubts: tuple[Doubt, ...]) -> str:
    """As many of the words as a field takes, each with a link to where it is said."""
    made = ""
    for one in doubts:
        link = f"[{_in_link(one.text)} {clock(one.start)}]({one.url})"
        if len(made) + len(link) + 3 > FIELD:
            break
        made += (" · " if made else "") + link
    return made


def _in_link(text: str) -> str:
    """Text between the brackets of a link: it can neither end them nor be another link."""
    return escaped(text.translate({ord("["): "(", ord("]"): ")"}))


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip("\\") + "…"
