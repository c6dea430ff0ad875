"""What captiond's commands show on a terminal, besides lines."""

from __future__ import annotations

import json
import os
import pwd
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from captions.text import clean_line
from store.secrets import masked

if TYPE_CHECKING:
    from daemon.children import Progress
    from daemon.findings import Finding

TITLE_CHARACTERS = 100
COLOURS = {"ok": "green", "warning": "yellow", "error": "bold red"}


def plain(text: str) -> str:
    """A text from outside on one line, without what would steer a terminal."""
    return clean_line(text, TITLE_CHARACTERS)


def has_screen(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser would open in a window: in a terminal it would be one of text, in which nobody can log in."""
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def user_and_host() -> str:
    """Who to log in as, and where, to come to this machine by ssh."""
    try:
        found = pwd.getpwuid(os.getuid())
        user = "USER" if found.pw_shell.endswith(("nologin", "false")) else found.pw_name  # a service's account
    except KeyError:  # no name for this user id
        user = "USER"
    return f"{user}@{socket.gethostname()}"


def show(rows: Sequence[Mapping[str, object]], *, as_json: bool) -> None:
    """Print rows with the same keys, as a table or as JSON."""
    if as_json:
        print(json.dumps(list(rows), indent=1))  # in ASCII: what comes from outside must not steer the terminal
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*(rows[0] if rows else ()), box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("-" if value is None else Text(plain(str(value))) for value in row.values()))
    Console().print(table)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error while the block runs; it is gone afterwards."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>18}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    # where nobody watches it would leave an empty line
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda fraction, step: bar.update(task, completed=fraction, description=step)


@contextmanager
def progress_bars(total: int) -> Iterator[tuple[Callable[[str], Progress], Callable[[], None]]]:
    """A bar for all, and one for each piece that is worked on; they are gone afterwards.

    Gives what makes the Progress of a piece by its name, and what is told when one has ended.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        every = bars.add_task("recordings", total=total)

        def watch(name: str) -> Progress:
            task = bars.add_task(plain(name), total=100)

            def progress(fraction: float, step: str) -> None:
                bars.update(
                    task,
                    completed=round(fraction * 100),
                    description=f"{plain(name)[-40:]}: {step}",
                    visible=fraction < 1,
                )

            return progress

        yield watch, lambda: bars.advance(every)


def show_findings(look: Callable[[Progress], Iterable[Finding]], *, as_json: bool) -> list[str]:
    """Print what `look` finds, each as it is found, or all as JSON; give their marks."""
    from rich.console import Console

    marks = []
    rows = []
    out = Console(highlight=False)
    with Console(stderr=True).status("looking") as waiting:
        for finding in look(lambda _fraction, step: waiting.update(step)):
            marks.append(finding.mark.value)
            rows.append({name: masked(value) for name, value in asdict(finding).items()})
            if not as_json:
                out.print(_row(finding))
    if as_json:
        show(rows, as_json=True)
    return marks


def _row(finding: Finding) -> object:
    from rich.table import Table
    from rich.text import Text

    row = Table.grid(padding=(0, 1))
    row.add_column(width=max(map(len, COLOURS)))
    row.add_column(width=10)
    row.add_column(overflow="fold")
    said = masked(clean_line(finding.message)) + (f"\n→ {clean_line(finding.cure)}" if finding.cure else "")
    row.add_row(Text(finding.mark, style=COLOURS[finding.mark]), finding.name, Text(said))
    return row
