"""captiond: the command line of the daemon.

What a command needs is imported by the command: help, and a mistyped option, are answered at once.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from captions.profiles import PROFILES
from daemon.errors import DaemonError
from daemon.speech.engines import ENGINES
from store import VERSION, logs
from store.errors import StoreError
from store.logs import Form

if TYPE_CHECKING:
    from daemon.settings import Settings

app = typer.Typer(
    help="captiond watches YouTube channels and turns their new videos into captions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="config.toml; else $CAPTIONWATCH_CONFIG, else ~/.config/captionwatch.",
    ),
]


@app.command(epilog="Example: captiond run --config config.toml")
def run(
    config: Config = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every detail.")] = False,
    log: Annotated[Form, typer.Option(help="How lines look; auto: text on a terminal, else JSON.")] = Form.AUTO,
) -> None:
    """Run the daemon, until SIGTERM or Ctrl-C."""
    from daemon import service
    from store import settings as stored

    logs.set_up(log, logging.DEBUG if verbose else logging.INFO)
    with one_line_for_expected_errors():
        service.run(_settings(config), stored.state_directory(), threading.Event())


@app.command(epilog="Example: captiond caption talk.mp4 -o talk.srt --language en")
def caption(
    source: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="A recording, or the address of a video.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to: .vtt, .srt, .json or .txt.")],
    config: Config = None,
    model: Annotated[str | None, typer.Option(help="Model name or folder, for the engine that is used.")] = None,
    language: Annotated[str | None, typer.Option(help="What is spoken, e.g. en or pt-BR; else it is detected.")] = None,
    engine: Annotated[str | None, typer.Option(help=f"Engine of speech recognition: {', '.join(ENGINES)}.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    profile: Annotated[str | None, typer.Option(help=f"Rules for the captions: {', '.join(PROFILES)}.")] = None,
) -> None:
    """Caption one file or address: no daemon, no account, no database."""
    from daemon.caption import caption as work

    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        settings = _overridden(_settings(config), engine, model, device, language, profile)
        with _progress_bar() as progress:
            done = work(source, output, settings.daemon, progress)
    factor = done.seconds / done.wall_seconds if done.wall_seconds else 0.0
    typer.echo(
        f"{done.path}: {done.seconds:.1f} s of audio in {done.wall_seconds:.1f} s ({factor:.1f} times real time), "
        f"{done.words} words, {done.cues} cues, {done.language}, {done.engine} {Path(done.model).name}. {done.report}"
    )


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(VERSION)


def _settings(config: Path | None) -> Settings:
    from daemon.settings import Settings
    from store import settings as stored

    return stored.load(Settings, stored.config_path(config))


def _overridden(
    settings: Settings,
    engine: str | None,
    model: str | None,
    device: str | None,
    language: str | None,
    profile: str | None,
) -> Settings:
    """The settings with what was said on the command line. Raise SettingsError as for a file."""
    from daemon.settings import Settings
    from store import settings as stored

    values: dict[str, Any] = settings.daemon.model_dump()
    name = engine or settings.daemon.speech.engine
    said: dict[tuple[str, ...], str | None] = {
        ("speech", "engine"): engine,
        ("speech", "language"): language,
        ("captions", "profile"): profile,
    }
    if name in values["engines"]:  # else the name itself is the mistake
        said |= {("engines", name, "model"): model, ("engines", name, "device"): device}
    for place, value in said.items():
        if value is not None:
            table = values
            for key in place[:-1]:
                table = table[key]
            table[place[-1]] = value
    return stored.validated(Settings, {"daemon": values, "store": settings.store.model_dump()}, "the command line")


@contextmanager
def one_line_for_expected_errors() -> Iterator[None]:
    """End with exit code 1 and one line for what a person, a service or a disk can cause. A bug keeps its traceback."""
    from daemon.children import ChildDied

    try:
        yield
    except (StoreError, DaemonError, ChildDied) as error:
        typer.echo(f"captiond: {error}", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        said = ": ".join(str(part) for part in (error.strerror or error, error.filename) if part)
        typer.echo(f"captiond: {said}", err=True)
        raise typer.Exit(1) from None
    except ValueError as error:
        if type(error) is not ValueError:
            raise
        typer.echo(f"captiond: {error}", err=True)
        raise typer.Exit(1) from None


@contextmanager
def _progress_bar() -> Iterator[Any]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>18}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda fraction, step: bar.update(task, completed=fraction, description=step)


def main() -> None:
    """Entry point of `captiond`."""
    app()


if __name__ == "__main__":
    main()
