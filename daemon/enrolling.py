"""`captiond voice enrol`: keep what a person's voice is like, from a recording in which they speak."""

from __future__ import annotations

import getpass
import logging
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from captions.text import clean_line
from daemon import terminal
from daemon.command_line import Config, one_line_for_expected_errors, overridden, settings_of
from daemon.errors import AskHuman
from store import logs

if TYPE_CHECKING:
    from store.database import Database
    from store.speakers import HeardVoice
    from store.tables import Channel

app = typer.Typer(help="Keep what voices are like, to recognise them in videos.", no_args_is_help=True)

LEAST_SECONDS = 5.0
"""Of speech, to know a voice by."""

MAIN_SHARE = 0.8
"""Of the speech that is one voice's where one person speaks, and something else is taken for voices now and then."""


@app.callback()
def _group() -> None:
    """A group, though it has one command by now."""


@app.command(epilog="Example: captiond voice enrol 'Ada Lovelace' interview.wav --channel @ada")
def enrol(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose voice it is.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A recording in which they alone speak.")],
    channel: Annotated[
        str | None, typer.Option(help="In whose videos they speak: number or name; else the only one.")
    ] = None,
    speakers: Annotated[
        str | None, typer.Option(help="1 where only one person speaks, though more voices are heard.")
    ] = None,
    config: Config = None,
) -> None:
    """Recognise a person in the videos of a channel, without naming them in a draft first."""
    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        _enrol(name, file, channel, speakers, config)


def _enrol(name: str, file: Path, channel: str | None, wanted: str | None, config: Path | None) -> None:
    from daemon import identifying
    from daemon import speakers as found_out
    from daemon.children import Spawner
    from store import settings as stored
    from store import speakers
    from store.database import DAEMON_BUSY_SECONDS, Database, check_schema

    said = speakers.valid(name)
    settings = overridden(settings_of(config), None, None, None, None, None, speakers=wanted)
    with closing(Database(settings.store.database_url(stored.state_directory()), DAEMON_BUSY_SECONDS)) as database:
        check_schema(database)
        of = _channel(database, channel)
        with terminal.progress_bar() as progress:
            found, options = found_out.diarized(file, settings.daemon, Spawner(), progress)
        voice = main_voice(identifying.heard_voices(found), clean_line(file.name, 200))
        made = speakers.enrol(database, of.number, said, voice, identifying.model_of(options), getpass.getuser())
        known = next(one for one in speakers.listing(database, of.number) if one.speaker.id == made.id)
    typer.echo(
        f"{made.name} is known by {voice.seconds:.0f} s of speech in {voice.label}, and by {known.seconds:.0f} s in "
        f"all ({known.recordings} recordings). To delete that: /speaker forget {made.id}"
    )


def _channel(database: Database, named: str | None) -> Channel:
    from store import channels

    if named is not None:
        return channels.find(database, named)
    every = channels.listing(database)
    if len(every) == 1:
        return every[0]
    if not every:
        raise AskHuman("no channel is watched yet: add one first (/channel add), voices are kept for each channel")
    told = ", ".join(f"{one.id} ({clean_line(one.title or one.reference, 60)})" for one in every)
    raise AskHuman(f"say in whose videos they speak, with --channel: {told}")


def main_voice(voices: list[HeardVoice], label: str) -> HeardVoice:
    """The one voice of a recording, called by the recording. Raise AskHuman if it is too short, or has several."""
    from store.speakers import HeardVoice

    longest = max(voices, key=lambda one: one.seconds, default=None)
    total = sum(one.seconds for one in voices)
    if longest is None or longest.seconds < LEAST_SECONDS or not longest.embedding:
        raise AskHuman(
            f"{label} has {longest.seconds if longest else 0:.1f} s of speech: to know a voice by, it takes "
            f"{LEAST_SECONDS:.0f} s at least"
        )
    if longest.seconds < MAIN_SHARE * total:
        shares = ", ".join(f"{one.label} {100 * one.seconds / total:.0f} %" for one in voices)
        raise AskHuman(
            f"several voices are heard in {label} ({shares}): take a recording in which one person speaks, or say "
            "--speakers 1 if it is one"
        )
    return HeardVoice(label, longest.embedding, longest.seconds, longest.turns)
