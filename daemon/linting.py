"""captiond lint and captiond fix: judge caption files, and mend them, whoever made them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from captions.text import clean
from daemon import terminal
from daemon.command_line import Config, Limits, Profile, one_line_for_expected_errors, overridden, settings_of
from store.errors import SettingsError

if TYPE_CHECKING:
    from daemon.judging import Row, Rules, Unreadable

CANNOT_BE_READ = 2
"""Exit code for what could not be judged, as grep and diff have it, and for rules that are none."""


Language = Annotated[
    str | None, typer.Option("--language", help="What is spoken, e.g. en or pt-BR; else it is told by the words.")
]
Seconds = Annotated[
    float | None, typer.Option("--seconds", min=0, help="How long the video is, to find what ends after it.")
]


def lint(
    sources: Annotated[list[Path], typer.Argument(metavar="FILE …", help="Caption files: .vtt, .srt, …")],
    profile: Profile = None,
    limits: Limits = None,
    language: Language = None,
    seconds: Seconds = None,
    config: Config = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell what breaks the rules of a house in caption files, with a score of 0 to 100. Cues are counted from 1.

    The rules are those of [daemon.captions] in config.toml, where there is one, but for what is said here.

    The exit code is 1 where there is an error, 0 where there are warnings and hints alone, 2 where a file, or
    config.toml, cannot be read.
    """
    from daemon.judging import Judged, Unreadable, judged

    rules = _rules(config, profile, limits)
    found = [judged(path, rules, language, seconds) for path in sources]
    read = [one for one in found if isinstance(one, Judged)]
    unread = [one for one in found if isinstance(one, Unreadable)]
    if as_json:
        terminal.show([one.values() for one in found], as_json=True)
    else:
        several = len(sources) > 1
        _table([{**({"file": one.path.name} if several else {}), **row} for one in read for row in one.rows()])
        for one in read:
            typer.echo(one.line)
    _refuse(unread)
    if any(one.has_errors for one in read):
        raise typer.Exit(1)


def fix(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A caption file: .vtt, .srt, …")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to; a file that is there is overwritten.")],
    profile: Profile = None,
    limits: Limits = None,
    language: Language = None,
    seconds: Seconds = None,
    config: Config = None,
) -> None:
    """Mend a caption file without touching a word: overlaps, times, gaps, lines, cues that are too much at once.

    The rules are those of [daemon.captions] in config.toml, where there is one, but for what is said here.

    What was done is told, and what is left. The exit code is 1 where an error is left, 2 where the file cannot be
    read.
    """
    from daemon.judging import Unreadable, judged, mended

    rules = _rules(config, profile, limits)
    found = judged(source, rules, language, seconds)
    if isinstance(found, Unreadable):
        _refuse([found])
        return
    with one_line_for_expected_errors():
        done = mended(found, output, seconds)
    typer.echo("There was nothing to mend." if not done.changes else "Done:")
    _table(done.rows())
    if rows := done.left.rows():
        typer.echo("Left:")
        _table(rows)
    typer.echo(done.left.line)
    if done.left.has_errors:
        raise typer.Exit(1)


def _rules(config: Path | None, profile: str | None, limits: str | None) -> Rules:
    """Those of config.toml with what was said; ends with a line where they are none."""
    from daemon.judging import Rules

    try:
        said = overridden(settings_of(config), None, None, None, None, profile, limits=limits).daemon.captions
    except (SettingsError, ValueError) as error:
        typer.echo(f"captiond: {clean(str(error))}", err=True)
        raise typer.Exit(CANNOT_BE_READ) from None
    return Rules(said.profile, said.limits)


def _table(rows: Sequence[Row]) -> None:
    if rows:
        terminal.show(rows, as_json=False)
        typer.echo()


def _refuse(unread: Sequence[Unreadable]) -> None:
    """End with a line for each file that cannot be read, if there is one."""
    for one in unread:
        typer.echo(f"captiond: {terminal.plain(str(one.path))}: {one.error}", err=True)
    if unread:
        raise typer.Exit(CANNOT_BE_READ)
