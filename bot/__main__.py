"""captionbot: the command line of the bot."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot import console
from bot.desk import Desk
from bot.reply import refused
from bot.settings import Settings
from store import VERSION, logs, secrets
from store import database as stored
from store import settings as read
from store.database import BOT_BUSY_SECONDS, Database
from store.errors import NotReady, SettingsError, StoreError, TooNew
from store.logs import Form

app = typer.Typer(
    help="captionbot: people decide here what is watched and what is uploaded.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command(
    name="console",
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    epilog="Examples: captionbot console    captionbot console draft approve 3    captionbot console status --json",
)
def run_console(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="PATH",
            help="config.toml; else $CAPTIONWATCH_CONFIG, else ~/.config/captionwatch.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as JSON.")] = False,
    folder: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="Where downloaded drafts are saved.")] = Path(),
) -> None:
    """Give commands in the terminal: none, to type them one after the other, or one, for scripts. Try: help."""
    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    try:
        settings = read.load(Settings, read.config_path(config))
        database = Database(settings.store.database_url(read.state_directory()), BOT_BUSY_SECONDS)
        _refuse_missing(database)
        desk = Desk(database)
        if context.args:
            code = console.once(desk, context.args, settings.bot.answer_seconds, folder, as_json=as_json)
            raise typer.Exit(code)
        talk = console.talk if sys.stdin.isatty() else console.read_lines
        talk(desk, settings.bot.answer_seconds, folder)
    except (StoreError, OSError) as error:
        said = str(error) if isinstance(error, StoreError) else console.file_trouble(error)
        if as_json:
            console.show_json(refused(said))
        else:
            typer.echo(f"captionbot: {said}", err=True)
        raise typer.Exit(1) from None


@app.command(epilog="Example: captionbot run --config config.toml")
def run(
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="PATH",
            help="config.toml; else $CAPTIONWATCH_CONFIG, else ~/.config/captionwatch.",
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every detail.")] = False,
    log: Annotated[Form, typer.Option(help="How lines look; auto: text on a terminal, else JSON.")] = Form.AUTO,
) -> None:
    """Run the Discord bot, until SIGTERM or Ctrl-C. Its token is the secret discord-token."""
    from bot.discord import life

    faulthandler.enable()
    logs.set_up(log, logging.DEBUG if verbose else logging.INFO)
    try:
        settings = read.load(Settings, read.config_path(config))
        token = secrets.find("discord-token")
        if token is None:
            raise SettingsError("the secret discord-token", ["there is none: captiond secret set discord-token"])
        database = Database(settings.store.database_url(read.state_directory()), BOT_BUSY_SECONDS)
        life.run(Desk(database), settings.bot, token.value)
    except StoreError as error:
        typer.echo(f"captionbot: {secrets.masked(str(error))}", err=True)
        raise typer.Exit(os.EX_CONFIG if isinstance(error, SettingsError | TooNew) else 1) from None


def _refuse_missing(database: Database) -> None:
    """Raise NotReady where captiond has not made the database yet: opened, it would be there, and empty."""
    path = stored.sqlite_file(database.url)
    if path is not None and not path.exists():
        raise NotReady(f"there is no database {path} yet: start captiond first, it makes one")
    stored.check_schema(database)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(VERSION)


def main() -> None:
    """Entry point of `captionbot`."""
    app()


if __name__ == "__main__":
    main()
