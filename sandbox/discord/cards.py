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
CODE = re.compile(r"```(?:\w*\n)?(?P<text>.*?)```", re.DOTALL)
INLINE_CODE = re.compile(r"`(?P<text>[^`\n]+)`")
ADDRESS = re.compile(r"(?P<text>https?://[^\s<>)]+)")
MARKS = (
    (re.compile(r"\*\*(?P<text>.+?)\*\*"), "bold"),
    (re.compile(r"__(?P<text>.+?)__"), "underline"),
    (re.compile(r"~~(?P<text>.+?)~~"), "strike"),
    (re.compile(r"(?<![\w*])[*_](?P<text>[^*_\n]+)[*_](?![\w*])"), "italic"),
    (re.compile(r"\[(?P<text>[^\]\n]+)\]\((?P<url>\S+?)\)"), "underline blue"),
    (INLINE_CODE, "cyan"),
    (ADDRESS, "underline blue"),
)
"""Of Discord's markdown, what is used most."""
LITERAL = (INLINE_CODE, ADDRESS)  # in which nothing is markup
PUNCTUATION = r"[!-/:-@\[-`{-~]"
SPECIAL = re.compile(
    rf"{CODE.pattern}|`[^`\n]+`"  # as they are: in code nothing is special
    rf"|\\(?P<escaped>{PUNCTUATION})"
    r"|<(?:@[!&]?|#)(?P<id>\d+)>"
    r"|<t:(?P<seconds>-?\d{1,11})(?::(?P<style>[tTdDfFR]))?>",
    re.DOTALL,
)
TIMES = {"t": "%H:%M %Z", "T": "%H:%M:%S %Z", "d": "%Y-%m-%d", "D": "%Y-%m-%d", "F": "%A, %Y-%m-%d %H:%M %Z"}
"""Of a time's styles; others have day and hour, also R: what is printed does not count on."""
HIDDEN = 0xE000  # in Unicode's private area: punctuation that is no markup is put there until the end
REVEALED = {HIDDEN + code: code for code in range(128)}

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
        title = marked(embed["title"], names)
        title.stylize("bold underline" if embed.get("url") else "bold")
        lines.append(title)
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
    lines.append(Text.assemble((" Cancel ", BUTTON_STYLES[2]), "  ", (" Submit ", BUTTON_STYLES[1])))
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
    text = SPECIAL.sub(lambda found: _special(found, names), text)
    made, at = Text(), 0
    for block in CODE.finditer(text):
        made.append_text(_inline(text[at : block.start()])).append(block["text"].rstrip("\n"), style="cyan")
        at = block.end()
    return made.append_text(_inline(text[at:]))


def _special(found: re.Match[str], names: Names) -> str:
    """What stands for an escaped character, a mention or a time."""
    if found["escaped"]:
        return _hidden(found["escaped"])
    if found["id"]:
        return _hidden(f"@{names.get(found['id'], found['id'])}")
    return _hidden(_time(int(found["seconds"]), found["style"] or "")) if found["seconds"] else found[0]


def _hidden(text: str) -> str:
    """Text whose punctuation is no markup."""
    return re.sub(PUNCTUATION, lambda found: chr(HIDDEN + ord(found[0])), text)


def _inline(text: str) -> Text:
    found = [(match, style) for pattern, style in MARKS if (match := pattern.search(text))]
    if not found:
        return Text(text.translate(REVEALED))
    match, style = min(found, key=lambda one: one[0].start())
    inner = Text(match["text"].translate(REVEALED)) if match.re in LITERAL else _inline(match["text"])
    address = match.groupdict().get("url")
    inner.stylize(f"{style} link {address.translate(REVEALED)}" if address else style)
    return Text.assemble(_inline(text[: match.start()]), inner, _inline(text[match.end() :]))


def _time(seconds: int, style: str) -> str:
    """A moment by this machine's clock, as Discord shows it by each reader's."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime(TIMES.get(style, "%Y-%m-%d %H:%M %Z"))


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
