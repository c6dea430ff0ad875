"""The desk in a terminal: typed commands with tables, completion and help; or one command, for scripts.

Whoever can open the database here owns the machine, and so is an owner.
"""

from __future__ import annotations

import base64
import contextlib
import getpass
import itertools
import json
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich.box
import rich.table
from rich.console import Console
from rich.text import Text

from bot import desk as desks
from bot import typed
from bot.desk import COMMANDS, Desk, editing
from bot.desk.command import Argument, Command
from bot.guard import Actor, Role
from bot.reply import Attachment, Reply, Table, refused
from store.errors import StoreError

if TYPE_CHECKING:
    from prompt_toolkit.completion import CompleteEvent, Completion
    from prompt_toolkit.document import Document

LOOK_SECONDS = 0.2
LEAVE = ("exit", "quit")


def actor() -> Actor:
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a process of a user without a name, as in containers
        name = str(os.getuid())
    return Actor(f"console:{name}", Role.OWNER)


def once(desk: Desk, words: Sequence[str], answer_seconds: float, folder: Path, *, as_json: bool) -> int:
    """Do one command and print its reply; the exit code: 0, or 1 if it was refused."""
    reply = _do(desk, words, answer_seconds)
    if as_json:
        show_json(reply)
    else:
        show(Console(), reply, folder)
    return 0 if reply.ok else 1


def talk(desk: Desk, answer_seconds: float, folder: Path) -> None:
    """Do what is typed, until the end of the input, `exit` or `quit`."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import Completer

    class Offers(Completer):
        def get_completions(self, document: Document, _event: CompleteEvent) -> Iterable[Completion]:
            return offers(desk, document.text_before_cursor)

    console = Console()
    console.print("captionbot console: type help for the commands, Tab to complete, exit to leave.")
    session: PromptSession[str] = PromptSession("captionwatch> ", completer=Offers(), reserve_space_for_menu=4)
    while True:
        try:
            line = session.prompt().strip()
            if line.removeprefix("/") in LEAVE:
                return
            if line:
                show(console, _said(desk, line, answer_seconds), folder)
        except KeyboardInterrupt:  # forget the line, or do not wait for the answer
            continue
        except EOFError:
            return
        except OSError as error:
            console.print(Text(file_trouble(error), style="red"))


def read_lines(desk: Desk, answer_seconds: float, folder: Path) -> None:
    """Do what stands on the lines of the standard input, which is no terminal."""
    for read in sys.stdin.buffer:
        line = read.decode(errors="replace").strip()
        if line.removeprefix("/") in LEAVE:
            return
        if line:
            show(Console(), _said(desk, line, answer_seconds), folder)


def _said(desk: Desk, line: str, answer_seconds: float) -> Reply:
    try:
        return _do(desk, typed.split(line), answer_seconds)
    except ValueError as error:
        return refused(str(error))


def _do(desk: Desk, words: Sequence[str], answer_seconds: float) -> Reply:
    """Run a command, and wait for the daemon's answer where it has to give one."""
    try:
        command, values = typed.parse(words, COMMANDS)
    except ValueError as error:
        return refused(str(error))
    try:
        values |= _files(command, values)
    except (OSError, ValueError) as error:
        return refused(file_trouble(error) if isinstance(error, OSError) else str(error))
    reply = desks.run(desk, actor(), command.name, values)
    return _answered(desk, reply, answer_seconds)


def _files(command: Command, values: Mapping[str, str]) -> dict[str, str]:
    """The names and the texts of the files that were named. Raise OSError, ValueError."""
    found = {}
    for argument in command.arguments:
        if argument.file and argument.name in values:
            path = _path(values[argument.name])
            found[argument.name] = path.name
            with path.open("rb") as file:
                content = file.read(editing.LARGEST_BYTES + 1)
            found[f"text of {argument.name}"] = editing.read_file(path.name, content)
    return found


def _path(typed_name: str) -> Path:
    try:
        return Path(typed_name).expanduser()
    except RuntimeError as error:  # ~ of somebody who has no home here
        raise ValueError(f"there is no file {typed_name}: {error}") from error


def _answered(desk: Desk, reply: Reply, answer_seconds: float) -> Reply:
    if reply.pending is None:
        return reply
    until = time.monotonic() + answer_seconds
    with Console(stderr=True).status(Text(reply.text)):
        while time.monotonic() < until:
            try:
                answer = desks.answer(desk, reply.pending)
            except StoreError as error:
                return refused(str(error))
            if answer is not None:
                return answer
            time.sleep(LOOK_SECONDS)
    return Reply(f"{reply.text} There is no answer yet; see /channel list.", data=reply.data)


def show_json(reply: Reply) -> None:
    sys.stdout.write(json.dumps(_values(reply), indent=1) + "\n")


def file_trouble(error: OSError) -> str:
    """What a disk refused, and which file it was about."""
    return ": ".join(str(part) for part in (error.strerror or error, error.filename) if part)


def show(console: Console, reply: Reply, folder: Path) -> None:
    """Print a reply, and save its attachments in `folder`. What it holds is text, never markup or escapes."""
    console.print(Text(reply.text, style="" if reply.ok else "red"))
    if reply.table is not None:
        console.print(_drawn(reply.table))
    if reply.page is not None and reply.page.number < reply.page.last:
        values = {**reply.page.values, "page": str(reply.page.number + 1)}
        console.print(Text(f"The next page: {typed.line(COMMANDS[reply.page.command], values)}", style="dim"))
    if reply.offer is not None:
        typed_line = typed.line(COMMANDS[reply.offer.command], reply.offer.values)
        console.print(Text(f"{reply.offer.words}: {typed_line}"), soft_wrap=True)
    for attachment in reply.attachments:
        path = _saved(folder, attachment)
        console.print(Text(f"saved {path}"), soft_wrap=True)


def _saved(folder: Path, attachment: Attachment) -> Path:
    """Save a file beside what is there: somebody may have worked on the one saved earlier."""
    wanted = Path(attachment.name)
    for number in itertools.count(1):
        path = folder / (attachment.name if number == 1 else f"{wanted.stem} ({number}){wanted.suffix}")
        try:
            with path.open("xb") as file:
                file.write(attachment.content)
            return path
        except FileExistsError:
            if path.read_bytes() == attachment.content:
                return path
        except OSError as error:
            with contextlib.suppress(OSError):
                path.unlink()  # half a file is none
            raise OSError(error.errno, error.strerror, str(path)) from error
    raise AssertionError("numbers do not end")


def _drawn(table: Table) -> rich.table.Table:
    drawn = rich.table.Table(box=rich.box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns:
        drawn.add_column(column, overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    return drawn


def _values(reply: Reply) -> dict[str, object]:
    """A reply as plain values."""
    return {
        "ok": reply.ok,
        "text": reply.text,
        "data": reply.data,
        "attachments": [_file(attachment) for attachment in reply.attachments],
    }


def _file(attachment: Attachment) -> dict[str, str]:
    """A file as plain values; in base64 if it is no text."""
    if attachment.data:
        return {"name": attachment.name, "base64": base64.b64encode(attachment.data).decode()}
    return {"name": attachment.name, "text": attachment.text}


def offers(desk: Desk, before: str) -> Iterable[Completion]:
    """What may stand where the cursor is: names of commands, then options and sensible values."""
    from prompt_toolkit.completion import Completion

    line = before.lstrip().removeprefix("/")
    for name, command in COMMANDS.items():
        if name.startswith(line):
            yield Completion(name, start_position=-len(line), display_meta=command.help)
    chosen = next((one for one in COMMANDS.values() if line.startswith(f"{one.name} ")), None)
    if chosen is None:
        return
    rest = line.removeprefix(f"{chosen.name} ").split(" ")
    try:
        found = list(_values_for(desk, chosen.arguments, len(rest) - 1))
    except StoreError:  # a list that cannot be had now is no reason to disturb somebody's typing
        return
    for value, about in found:
        if value.startswith(rest[-1]):
            yield Completion(value, start_position=-len(rest[-1]), display_meta=about)


def _values_for(desk: Desk, arguments: Sequence[Argument], place: int) -> Iterable[tuple[str, str]]:
    places = [one for one in arguments if not one.flag and not one.option]
    if place < len(places):
        choices = places[place].choices
        if choices is not None:
            yield from choices(desk)
    yield from ((f"--{one.name}", one.help) for one in arguments if one.flag or one.option)
