"""What every benchmark shares: its options, its table, the bars that it is held to, and its exit code.

    parser(what) ──► run(parser, measure): measure(options) ──► Report ──► a table, or JSON ──► 0, 1 or 2

Does not measure.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

MET, MISSED, FAILED, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: every bar met, one missed, nothing measured, Ctrl-C."""

WIDTH = 160
"""Columns of a table that goes into a file or a pipe, where there is no terminal whose width counts."""


class Failed(Exception):
    """The benchmark cannot be made; `str()` says why, in one line."""


@dataclass(frozen=True)
class Measurement:
    """One figure, taken one or several times. Raise ValueError if it was never taken."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("a measurement has at least one value")

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest value and the highest."""
        return min(self.values), max(self.values)


Cell = str | float | Measurement | None
"""What stands in a table; None: there is no such figure."""


@dataclass(frozen=True)
class Column:
    """`form` says how its figures are written, as in `format()`, e.g. ".2f"; without one it holds text."""

    name: str
    form: str | None = None


@dataclass(frozen=True)
class Bar:
    """What a figure is held to: at most `limit`, or at least where `at_least`. `unit` follows the figures, " %"."""

    name: str
    value: float
    limit: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(frozen=True)
class Report:
    """What a benchmark found: `rows` with a cell for every column; `notes`: sentences to read the figures with."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    bars: tuple[Bar, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {len(row)} cells in a table of {len(self.columns)} columns: {row}")

    @property
    def met(self) -> bool:
        return all(bar.met for bar in self.bars)


def parser(what: str) -> argparse.ArgumentParser:
    """The options that every benchmark has: options.quick and options.json."""
    made = argparse.ArgumentParser(prog=f"python -m bench.{Path(sys.argv[0]).stem}", description=what)
    made.add_argument("--quick", action="store_true", help="a short version: fewer inputs, fewer repetitions")
    made.add_argument("--json", action="store_true", help="print the same rows and bars as JSON, and nothing else")
    return made


def run(
    asked: argparse.ArgumentParser,
    measure: Callable[[argparse.Namespace], Report],
    arguments: Sequence[str] | None = None,
) -> int:
    """Measure, print, and return the exit code: 0, 1 if a bar is missed, 2 if nothing could be measured."""
    options = asked.parse_args(arguments)
    try:
        report = measure(options)
    except Failed as error:
        return _failed(str(error))
    except ModuleNotFoundError as error:
        return _failed(f"the module {error.name} is not installed: pip install -c constraints.txt -e '.[demo,bench]'")
    except KeyboardInterrupt:
        return INTERRUPTED
    if options.json:
        print(json.dumps(to_values(report), indent=2, ensure_ascii=False))
    else:
        show(report, Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False))
    return MET if report.met else MISSED


def _failed(why: str) -> int:
    print(f"bench: {why}", file=sys.stderr)
    return FAILED


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Give a function that says on standard error how far it is: one line that changes; lines outside a terminal."""
    console = Console(stderr=True, highlight=False, markup=False)
    if not console.is_terminal:
        yield lambda step: console.print(f"{title}: {step}", soft_wrap=True)
        return
    with console.status(escape(title)) as status:
        yield lambda step: status.update(escape(f"{title}: {step}"))


# --- as a table ---------------------------------------------------------------------------------------------


def show(report: Report, console: Console) -> None:
    """Print title, table, notes, and a line for every bar."""
    table = Table(box=box.SIMPLE_HEAD, title=Text(report.title), title_justify="left", title_style="bold")
    for column in report.columns:
        figures = column.form is not None
        table.add_column(Text(column.name), justify="right" if figures else "left", no_wrap=figures)
    for row in report.rows:
        table.add_row(*(Text(written(cell, column)) for cell, column in zip(row, report.columns, strict=True)))
    console.print(table)
    for note in report.notes:
        console.print(Text(note))
    for bar in report.bars:
        console.print(Text(verdict(bar), style="green" if bar.met else "red"))


def written(cell: Cell, column: Column) -> str:
    """A cell as the table has it; of several values the median and the spread: `1.20 (1.10–1.30)`."""
    form = column.form or ""
    match cell:
        case None:
            return "–"
        case str():
            return cell
        case Measurement(values=(value,)):
            return format(value, form)
        case Measurement():
            low, high = cell.spread
            return f"{cell.median:{form}} ({low:{form}}–{high:{form}})"
        case _:
            return format(cell, form)


def verdict(bar: Bar) -> str:
    """One line: `ratio 1.02, at most 1.05: met`."""
    side = "at least" if bar.at_least else "at most"
    outcome = "met" if bar.met else "missed"
    return f"{bar.name} {bar.value:.4g}{bar.unit}, {side} {bar.limit:.4g}{bar.unit}: {outcome}"


# --- as JSON ------------------------------------------------------------------------------------------------


def to_values(report: Report) -> dict[str, Any]:
    """The report as plain values, the rows by the columns' names."""
    names = [column.name for column in report.columns]
    return {
        "title": report.title,
        "rows": [dict(zip(names, map(_cell_value, row), strict=True)) for row in report.rows],
        "bars": [
            {
                "name": bar.name,
                "value": bar.value,
                "limit": bar.limit,
                "unit": bar.unit.strip(),
                "at_least": bar.at_least,
                "met": bar.met,
            }
            for bar in report.bars
        ],
        "notes": list(report.notes),
        "met": report.met,
    }


def _cell_value(cell: Cell) -> Any:
    if not isinstance(cell, Measurement):
        return cell
    low, high = cell.spread
    return {"median": cell.median, "lowest": low, "highest": high, "values": list(cell.values)}
