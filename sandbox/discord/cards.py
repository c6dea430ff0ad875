"""Messages as cards in a terminal: who, text, embeds, files, buttons; and modals as forms.

wall = Wall(console)
wall.show(people.state)         prints what is new or edited since the last time
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from sandbox.discord.components import (
    CHECKBOX,
    CHECKBOX_GROUP,
    CONTAINER,
    FILE,
    FILE_UPLOAD,
    RADIO_GROUP,
    SECTION,
    SEPARATOR,
)
from sandbox.discord.message import BUTTON, LABEL, LINK, ROW, TEXT_DISPLAY, TEXT_INPUT
from sandbox.discord.things import Json

WIDTH = 76
BUTTON_STYLES = {1: "white on blue", 2: "white on bright_black", 3: "white on green", 4: "white on red", 5: "underline"}
MARKS = (
    (re.compile(r"\*\*(?P<text>.+?)\*\*"), "bold"),
    (re.compile(r"__(?P<text>.+?)__"), "underline"),
    (re.compile(r"(?<![\w*])[*_](?P<text>[^*_\n]+)[*_](?![\w*])"), "italic"),
    (re.compile(r"`(?P<text>[^`\n]+)`"), "cyan"),
    (re.compile(r"\[(?P<text>[^\]\n]+)\]\(\S+?\)"), "underline blue"),
)
"""Of Discord's markdown, what is used most."""
CODE = re.compile(r"```(?:\w*\n)?(?P<text>.*?)```", re.DOTALL)
MENTION = re.compile(r"<(?:@[!&]?|#)(?P<id>\d+)>")
TIME = re.compile(r"<t:(?P<seconds>-?\d+)(?::[tTdDfFR])?>")

Names = dict[str, str]


def card(message: Json, names: Names | None = None, channel: str = "") -> RenderableType:
    """A message; `names` are those of users, roles and channels by id, for mentions."""
    parts = list(_parts(message, names or {}))
    title = Text(str(message["author"]["global_name"]), style="bold")
    title.append(f"  #{channel}" if channel else "", style="not bold dim")
    notes = ["edited"] if message.get("edited_timestamp") else []
    if message["flags"] & 1 << 6:
        notes.append(f"only {message.get('seen_by') or 'you'} can see this")
    return Panel(Group(*parts), title=title, title_align="left", subtitle=", ".join(notes) or None, width=WIDTH)


def _parts(message: Json, names: Names) -> Iterator[RenderableType]:
    if message["flags"] & 1 << 7:
        yield Text(f"{message['author']['global_name']} is thinking …", style="dim italic")
    if message["content"]:
        yield marked(message["content"], names)
    for embed in message["embeds"]:
        yield _embed(embed, names)
    for attachment in message["attachments"]:
        yield Text(f"📎 {attachment['filename']}  {_size(attachment['size'])}", style="blue")
    for component in message["components"]:
        yield _component(component, names)


def _embed(embed: Json, names: Names) -> RenderableType:
    color = f"#{embed.get('color') or 0x4F545C:06x}"
    lines: list[RenderableType] = []
    if "author" in embed:
        lines.append(Text(embed["author"]["name"], style="dim"))
    if embed.get("title"):
        lines.append(Text(embed["title"], style="bold underline" if embed.get("url") else "bold"))
    if embed.get("description"):
        lines.append(marked(embed["description"], names))
    fields = embed.get("fields", [])
    lines += [Text.assemble((f"{one['name']}  ", "bold"), marked(one["value"], names)) for one in fields]
    lines += [Text(f"[{part}]", style="dim") for part in ("image", "thumbnail") if part in embed]
    if "footer" in embed:
        lines.append(Text(embed["footer"]["text"], style="dim"))
    return Panel(Group(*lines), border_style=color, width=WIDTH - 4)


def _size(count: int) -> str:
    return (
        f"{count} B"
        if count < 1024
        else f"{count / 1024:.1f} KiB"
        if count < 1 << 20
        else f"{count / (1 << 20):.1f} MiB"
    )


# ---- components


def _component(one: Json, names: Names) -> RenderableType:
    show: dict[int, Callable[[Json, Names], RenderableType]] = {
        ROW: _row,
        TEXT_DISPLAY: lambda one, names: marked(one["content"], names),
        SECTION: _section,
        CONTAINER: lambda one, names: Panel(_all(one, names), width=WIDTH - 4),
        FILE: lambda one, _: Text(f"📎 {one.get('name') or one['file']['url'].split('?')[0].rsplit('/', 1)[-1]}"),
    }
    return show.get(one["type"], _other)(one, names)


def _all(one: Json, names: Names) -> RenderableType:
    return Group(*(_component(inner, names) for inner in one["components"]))


def _section(one: Json, names: Names) -> RenderableType:
    beside = [_button(one["accessory"])] if one["accessory"]["type"] == BUTTON else []
    return Group(_all(one, names), *beside)


def _row(one: Json, _: Names) -> RenderableType:
    line = Text()
    for inner in one["components"]:
        line.append_text(_button(inner) if inner["type"] == BUTTON else _select(inner)).append("  ")
    return line


def _button(one: Json) -> Text:
    emoji = (one.get("emoji") or {}).get("name") or ""
    label = " ".join(part for part in (emoji, one.get("label") or "") if part)
    style = "dim strike" if one.get("disabled") else BUTTON_STYLES.get(one["style"], "")
    return Text(f"{label} ↗" if one["style"] == LINK else f" {label} ", style=style)


def _select(one: Json) -> Text:
    chosen = [option["label"] for option in one.get("options", []) if option.get("default")]
    return Text(
        f"[{', '.join(chosen) or one.get('placeholder') or 'Make a selection'} ▾]",
        style="dim" * bool(one.get("disabled")),
    )


def _other(one: Json, _: Names) -> RenderableType:
    return Text("─" * 20 if one["type"] == SEPARATOR else f"[component {one['type']}]", style="dim")


def form(modal: Json) -> RenderableType:
    """A modal as it opens."""
    lines: list[RenderableType] = []
    for one in modal["components"]:
        if one["type"] == TEXT_DISPLAY:
            lines.append(marked(one["content"], {}))
        for field in [one["component"]] if one["type"] == LABEL else one.get("components", []):
            lines.append(Text(one.get("label") or field.get("label") or "", style="bold"))
            lines.append(Padding(_field(field), (0, 0, 0, 2)))
    return Panel(Group(*lines), title=Text(modal["title"], style="bold"), title_align="left", width=WIDTH)


def _field(field: Json) -> Text:
    if field["type"] == TEXT_INPUT:
        return Text(field.get("value") or field.get("placeholder") or "…", style="" if field.get("value") else "dim")
    if field["type"] == CHECKBOX:
        return Text("☑" if field.get("default") else "☐")
    if field["type"] in (RADIO_GROUP, CHECKBOX_GROUP):
        return Text("  ".join(f"{'●' if one.get('default') else '○'} {one['label']}" for one in field["options"]))
    return Text("[upload a file]", style="dim") if field["type"] == FILE_UPLOAD else _select(field)


# ---- text


def marked(text: str, names: Names) -> Text:
    """Discord's markdown, mentions and times as they are read."""
    text = MENTION.sub(lambda found: f"@{names.get(found['id'], found['id'])}", text)
    text = TIME.sub(lambda found: _time(int(found["seconds"])), text)
    made, at = Text(), 0
    for block in CODE.finditer(text):
        made.append_text(_inline(text[at : block.start()])).append(block["text"].rstrip("\n"), style="cyan")
        at = block.end()
    return made.append_text(_inline(text[at:]))


def _inline(text: str) -> Text:
    found = [(match, style) for pattern, style in MARKS if (match := pattern.search(text))]
    if not found:
        return Text(text)
    match, style = min(found, key=lambda one: one[0].start())
    inner = _inline(match["text"])
    inner.stylize(style)
    return Text(text[: match.start()]).append_text(inner).append_text(_inline(text[match.end() :]))


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


class Wall:
    """Prints each message once, and again when it was edited."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: dict[str, Any] = {}

    def show(self, state: Json) -> int:
        """Print what is new in a state (looking.state); how many cards that were."""
        channels = {one["id"]: one["name"] for one in state["channels"]}
        names = channels | {one["id"]: one["name"] for guild in state["guilds"] for one in guild["members"]}
        names |= {id: name for guild in state["guilds"] for name, id in guild["roles"].items()}  # noqa: A001
        new = [one for one in state["messages"] if self._shown.get(one["id"]) != one["revision"]]
        for message in new:
            self._shown[message["id"]] = message["revision"]
            self._console.print(card(message, names, channels.get(message["channel_id"], "")))
        return len(new)
