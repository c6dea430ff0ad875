"""What captiond's commands share: options, the settings with what was said on the command line, how they end."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from captions.profiles import PROFILES, read_limits
from captions.text import clean, clean_line
from daemon.errors import DaemonError
from store.errors import NotReady, SettingsError, StoreError
from store.secrets import masked

if TYPE_CHECKING:
    from daemon.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="config.toml; else $CAPTIONWATCH_CONFIG, else ~/.config/captionwatch.",
    ),
]
Profile = Annotated[str | None, typer.Option(help=f"Rules for the captions: {', '.join(PROFILES)}.")]
Limits = Annotated[
    str | None,
    typer.Option(metavar="NAME=NUMBER,…", help='Single numbers of the rules, e.g. "characters_per_line=37, lines=1".'),
]


def settings_of(config: Path | None) -> Settings:
    """The settings in config.toml. Raise SettingsError."""
    from daemon.settings import Settings
    from store import settings as stored

    return stored.load(Settings, stored.config_path(config))


def overridden(
    settings: Settings,
    engine: str | None,
    model: str | None,
    device: str | None,
    language: str | None,
    profile: str | None,
    aligner: str | None = None,
    voices: str | None = None,
    speakers: str | None = None,
    limits: str | None = None,
) -> Settings:
    """The settings with what was said on the command line. Raise SettingsError as for a file, ValueError for limits."""
    from daemon.settings import Settings
    from store import settings as stored

    values: dict[str, Any] = settings.daemon.model_dump()
    name = engine or settings.daemon.speech.engine
    said: dict[tuple[str, ...], str | None] = {
        ("speech", "engine"): engine,
        ("speech", "language"): language,
        ("captions", "profile"): profile,
        ("captions", "vertical_profile"): None if profile is None else "",  # the one that was said is for all
        ("speech", "align", "model"): aligner,
        ("speech", "voices", "model"): voices,
        ("speech", "speakers"): speakers,
    }
    if name in values["engines"]:  # else the name itself is the mistake
        said |= {("engines", name, "model"): model, ("engines", name, "device"): device}
    if limits is not None:
        values["captions"]["limits"] |= read_limits(limits)
    for place, value in said.items():
        if value is not None:
            table = values
            for key in place[:-1]:
                table = table[key]
            table[place[-1]] = value
    return stored.validated(Settings, {"daemon": values, "store": settings.store.model_dump()}, "the command line")


@contextmanager
def one_line_for_expected_errors() -> Iterator[None]:
    """End with one line for what a person, a service or a disk can cause. A bug keeps its traceback.

    The exit code is 1, or 78 (EX_CONFIG of sysexits.h) for a mistake in the settings and a database that is of a
    newer version: systemd does not start it again for those.
    """
    from daemon.children import ChildDied

    try:
        yield
    except (SettingsError, NotReady) as error:
        typer.echo(f"captiond: {masked(clean(str(error)))}", err=True)  # a line for each mistake
        raise typer.Exit(os.EX_CONFIG) from None
    except (StoreError, DaemonError, ChildDied) as error:
        said = str(error)
    except OSError as error:
        said = ": ".join(str(part) for part in (error.strerror or error, error.filename) if part)
        said += "; make room, then try again" if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    except ValueError as error:
        if type(error) is not ValueError:
            raise
        said = str(error)
    else:
        return
    typer.echo(f"captiond: {masked(clean_line(said))}", err=True)
    raise typer.Exit(1)
