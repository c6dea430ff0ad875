"""captiond: the command line of the daemon.

What a command needs is imported by the command: help, and a mistyped option, are answered at once.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon import emotions, enrolling, linting, terminal
from daemon.command_line import Config, Json, Limits, Profile, one_line_for_expected_errors, overridden, settings_of
from daemon.speech.engines import ENGINES
from store import VERSION, logs
from store.logs import Form
from store.secrets import SECRETS

if TYPE_CHECKING:
    from daemon.batch import Outcome
    from daemon.ledger import Ledger
    from daemon.settings import Settings

app = typer.Typer(
    help="captiond watches YouTube channels and turns their new videos into captions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
secret = typer.Typer(help="Keep keys and tokens out of config.toml.", no_args_is_help=True)
SecretName = Annotated[str, typer.Argument(metavar="NAME", help=f"One of {', '.join(SECRETS)}.")]


@app.command(epilog="Example: captiond run --config config.toml")
def run(
    config: Config = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every detail.")] = False,
    log: Annotated[Form, typer.Option(help="How lines look; auto: text on a terminal, else JSON.")] = Form.AUTO,
) -> None:
    """Run the daemon, until SIGTERM or Ctrl-C."""
    from daemon import service
    from store import settings as stored

    faulthandler.enable()  # where systemd's watchdog ends a hanging captiond, it tells where each thread was
    logs.set_up(log, logging.DEBUG if verbose else logging.INFO)
    with one_line_for_expected_errors():
        service.run(settings_of(config), stored.state_directory(), threading.Event())


@app.command(
    epilog="Examples: captiond caption talk.mp4 -o talk.srt --language en    "
    "captiond caption talks/ more.mp4 -o captions/ --format srt    "
    "captiond caption 'https://www.youtube.com/playlist?list=PL…' -o captions --engine assemblyai --at-once 8"
)
def caption(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE_OR_URL …", help="Recordings, folders of them, addresses of videos, playlists and channels."
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="Where to: .vtt, .srt, .ttml, .sbv, .json or .txt; of several a folder."),
    ],
    config: Config = None,
    model: Annotated[str | None, typer.Option(help="Model name or folder, for the engine that is used.")] = None,
    language: Annotated[str | None, typer.Option(help="What is spoken, e.g. en or pt-BR; else it is detected.")] = None,
    engine: Annotated[str | None, typer.Option(help=f"Engine of speech recognition: {', '.join(ENGINES)}.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu or cuda.")] = None,
    profile: Profile = None,
    limits: Limits = None,
    form: Annotated[str, typer.Option("--format", help="Of several: vtt, srt, ttml, sbv, json or txt.")] = "vtt",
    at_once: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=32,
            help="Of several, so many at once, downloads and all; else as many as the engine takes, and one more. "
            "A local engine takes one, one in a cloud its at_once in config.toml.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Caption files, folders and addresses, with no daemon and no account. Again, it goes on where it ended.

    What an engine in a cloud costs is booked in the daemon's database, and its monthly limit holds here too.
    """
    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        settings = overridden(settings_of(config), engine, model, device, language, profile, limits=limits)
        if len(sources) == 1 and _is_one(sources[0], output):
            _caption_one(sources[0], output, settings, as_json=as_json)
        else:
            _caption_many(sources, output, form, at_once, settings, as_json=as_json)


def _is_one(source: str, output: Path) -> bool:
    """Whether one recording is to become one file, as it says that names a format; else a folder is filled."""
    from captions.formats import FORMATS
    from daemon.batch import is_address, is_video

    if output.suffix.lower() in {one.suffix for one in FORMATS.values()}:
        return True
    may_be_many = is_address(source) and not is_video(source) and not output.suffix
    return not (Path(source).is_dir() or output.is_dir() or may_be_many)


def _caption_one(source: str, output: Path, settings: Settings, *, as_json: bool) -> None:
    from captions import feelings
    from daemon.caption import Captioner
    from daemon.children import Spawner

    spawner = Spawner()
    captioner = Captioner(settings.daemon, spawner, _ledger(settings))
    try:
        with terminal.progress_bar() as progress:
            done = spawner.during(lambda: captioner.caption(source, output, progress), captioner.close)
    finally:
        captioner.close()
    if as_json:
        terminal.show([{**asdict(done), "path": str(done.path)}], as_json=True)
        return
    factor = done.seconds / done.wall_seconds if done.wall_seconds else 0.0
    price = f", cost {done.cost:.4f}" if done.cost else ""
    typer.echo(
        f"{done.path}: {done.seconds:.1f} s of audio in {done.wall_seconds:.1f} s ({factor:.1f} times real time), "
        f"{done.words} words, {done.cues} cues, {done.language}, {done.engine} {Path(done.model).name}{price}. "
        f"{done.report}"
    )
    for note in done.notes:
        typer.echo(f"Note: {note}")
    if felt := feelings.line(done.emotions):
        typer.echo(felt)


def _caption_many(
    sources: list[str], folder: Path, form: str, at_once: int | None, settings: Settings, *, as_json: bool
) -> None:
    from captions.formats import FORMATS
    from daemon import batch
    from daemon.children import Spawner

    if form not in FORMATS:
        raise typer.BadParameter(f"there is no format {form!r}; there are: {', '.join(FORMATS)}")
    if folder.exists() and not folder.is_dir():
        raise typer.BadParameter(f"{folder} is a file: of several recordings -o names a folder")
    folder.mkdir(parents=True, exist_ok=True)
    with terminal.progress_bar() as progress:
        listed = batch.lister(settings.daemon, Spawner(), progress)
        work = batch.pieces(sources, folder, FORMATS[form].suffix, listed)
    with terminal.progress_bars(len(work)) as (watch, ended):
        outcomes = batch.run(
            work,
            settings.daemon,
            _ledger(settings),
            at_once,
            lambda piece: watch(piece.source),
            lambda _done: ended(),
        )
    with_cost = any(outcome.cost for outcome in outcomes)
    rows = [_row_of(outcome, with_cost=with_cost) for outcome in outcomes]
    if as_json and settings.daemon.speech.emotion.on:
        told = [None if outcome.summary is None else outcome.summary.emotions for outcome in outcomes]
        rows = [{**row, "emotions": one} for row, one in zip(rows, told, strict=True)]
    terminal.show(rows, as_json=as_json)
    if any(outcome.what == batch.FAILED for outcome in outcomes):
        raise typer.Exit(1)


def _ledger(settings: Settings) -> Ledger:
    from daemon.ledger import Ledger
    from store import settings as stored

    return Ledger(settings.store.database_url(stored.state_directory()), stored.state_directory())


def _row_of(outcome: Outcome, *, with_cost: bool) -> dict[str, object]:
    done = outcome.summary
    return {
        "recording": outcome.piece.source,
        "what": outcome.what,
        "minutes": None if done is None else f"{done.seconds / 60:.1f}",
        "cues": None if done is None else done.cues,
        "engine": None if done is None else done.engine,
        **({"cost": f"{outcome.cost:.4f}" if outcome.cost else None} if with_cost else {}),
        "note": outcome.why or (str(outcome.piece.target) if done is None else " ".join((done.report, *done.notes))),
    }


@app.command(
    epilog="Examples: captiond align talk.mp4 corrected.srt -o talk.srt --language en    "
    "captiond align talk.mp4 script.txt -o talk.vtt --language en"
)
def align(
    sound: Annotated[Path, typer.Argument(metavar="RECORDING", help="What the text is said in.")],
    text: Annotated[Path, typer.Argument(metavar="TEXT", help="A caption file, whose cues stay, or plain text, .txt.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to: .vtt, .srt, .ttml, .sbv, .json or .txt.")],
    config: Config = None,
    language: Annotated[str | None, typer.Option(help="What is spoken, e.g. en or pt-BR.")] = None,
    model: Annotated[str | None, typer.Option(help="Name or folder of the Whisper model that listens.")] = None,
    profile: Profile = None,
    limits: Limits = None,
) -> None:
    """Give a text that people wrote or corrected the times at which it is said."""
    from daemon import aligning
    from daemon.children import Spawner

    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        settings = overridden(settings_of(config), None, None, None, language, profile, aligner=model, limits=limits)
        with terminal.progress_bar() as progress:
            done = aligning.align(sound, text, output, settings.daemon, Spawner(), progress)
    moved = "" if done.moved_seconds is None else f", which moved by {done.moved_seconds:.2f} s (median)"
    typer.echo(f"{done.path}: {done.words} words in {done.cues} cues{moved}. {done.report}")
    if done.note:
        typer.echo(f"Note: {done.note}")


@app.command(
    epilog="Examples: captiond voices talk.mp4 -o talk/ --speakers 2    captiond voices --rttm talk.rttm -o talk/    "
    "captiond voices talk.mp4 --words talk.json"
)
def voices(
    recording: Annotated[Path | None, typer.Argument(metavar="FILE", help="A recording.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FOLDER", help="Where RTTM, JSON and a picture go to.")
    ] = None,
    config: Config = None,
    rttm: Annotated[Path | None, typer.Option(metavar="FILE", help="Who speaks when, in the place of hearing.")] = None,
    model: Annotated[str | None, typer.Option(help="Pipeline that tells voices apart: a name, or a folder.")] = None,
    speakers: Annotated[str | None, typer.Option(help="How many speak: 2, or 2-4; else it is found out.")] = None,
    words: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What is said, for the rate of speech: .json of captiond, or any caption file."
        ),
    ] = None,
    emotion: Annotated[
        bool | None, typer.Option("--emotion/--no-emotion", help="Tell what each feels; else as config.toml says.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show who speaks when in a recording: talk time, turns, interruptions; how fast, and how the voices sound."""
    from daemon import speakers as found_out
    from daemon.children import Spawner

    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        if (recording is None) == (rttm is None):
            raise typer.BadParameter("give a recording, or a file with --rttm")
        if rttm is not None and emotion:
            raise typer.BadParameter("--emotion needs a recording: a file of --rttm has no sound")
        said = () if words is None else found_out.words_in(words)
        if rttm is not None:
            found = found_out.told(rttm, said)
        elif recording is not None:
            settings = overridden(settings_of(config), None, None, None, None, None, voices=model, speakers=speakers)
            felt = settings.daemon.speech.emotion.on if emotion is None else emotion
            with terminal.progress_bar() as progress:
                found = found_out.heard(recording, settings.daemon, Spawner(), progress, said, emotion=felt)
        terminal.show(found_out.rows(found), as_json=as_json)
        paths = found_out.write(found, output) if output is not None else []
        for path in paths:
            typer.echo(str(path), err=as_json)
    if paths and not any(path.suffix == ".png" for path in paths):
        typer.echo("Note: there is no picture: it takes matplotlib, which the extra pictures brings.", err=True)


@app.command(epilog="Example: captiond login --client client_secret.json")
def login(
    client: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON of your OAuth client; else the one that is known already.")
    ] = None,
    config: Config = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port for the browser to come back to; 0: any.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open a browser, where there is a screen.")] = True,
) -> None:
    """Log in to YouTube, so that approved captions can be uploaded."""
    from daemon.login import log_in
    from store import settings as stored

    logs.set_up(level=logging.WARNING, stream=sys.stderr)
    with one_line_for_expected_errors():
        youtube = settings_of(config).daemon.youtube
        done = log_in(
            youtube, stored.state_directory(), client, port, lambda address, at: _show_address(address, at, browser)
        )
    for channel, title in done.channels.items():
        typer.echo(f"Logged in. Approved captions go to {terminal.plain(title)} ({channel}).")
    if done.ends_at is not None:
        typer.echo(
            f"This login ends on {done.ends_at:%Y-%m-%d}: the consent screen of your Google Cloud project is in "
            "Testing. Publish the app there (In production), and log in once more: that login stays."
        )
    typer.echo(f"The login is kept in {done.path}, which only you can read.")
    if done.note:
        typer.echo(f"captiond: {done.note}", err=True)
        raise typer.Exit(1)


def _show_address(address: str, port: int, open_browser: bool) -> None:
    """Tell, and where there is a screen open, the address at which a person consents."""
    typer.echo(f"Open this address, choose the account that owns the channel, and allow what is asked:\n\n{address}\n")
    if open_browser and terminal.has_screen():
        import webbrowser

        webbrowser.open(address)
    else:
        typer.echo(
            "Is the browser on another machine? Run this there first, and leave it running:\n\n"
            f"ssh -L {port}:127.0.0.1:{port} {terminal.user_and_host()}\n"
        )
    typer.echo("Waiting for your answer in the browser. Ctrl-C ends this, and changes nothing.")


@app.command(epilog="Examples: captiond check    captiond check --fetch    captiond check --json")
def check(
    config: Config = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Fetch the model, where it is not here yet.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask YouTube about the login.")] = False,
    as_json: Json = False,
) -> None:
    """Look whether everything is there that captiond needs. The exit code is 1 where something is not."""
    from daemon.check import Wanted
    from daemon.check import check as look
    from store import settings as stored

    logs.set_up(level=logging.ERROR, stream=sys.stderr)
    with one_line_for_expected_errors():
        wanted = Wanted(stored.config_path(config), stored.state_directory(), fetch, offline)
        marks = terminal.show_findings(lambda progress: look(wanted, progress), as_json=as_json)
    raise typer.Exit(1 if "error" in marks else 0)


@secret.command("list", epilog="Example: captiond secret list --json")
def list_secrets(as_json: Json = False) -> None:
    """Show which secrets there are, and where each was found; never what they are."""
    from store import secrets

    with one_line_for_expected_errors():
        found = {name: secrets.find(name) for name in secrets.SECRETS}
    rows = [
        {
            "secret": name,
            "found in": None if value is None else value.source.value,
            "for": secrets.SECRETS[name].purpose,
        }
        for name, value in found.items()
    ]
    terminal.show(rows, as_json=as_json)


@secret.command(
    "set",
    epilog="Examples: captiond secret set discord-token    captiond secret set youtube-client < client_secret.json",
)
def set_secret(name: SecretName) -> None:
    """Keep a secret in the system's keyring; it is asked for, or read from standard input."""
    from store import secrets

    with one_line_for_expected_errors():
        secrets.check(name)
        value = typer.prompt(name, hide_input=True) if sys.stdin.isatty() else sys.stdin.read(secrets.LONGEST_BYTES + 1)
        secrets.keep(name, value)
    typer.echo(f"{name} is kept in the keyring.")


@secret.command("remove", epilog="Example: captiond secret remove discord-token")
def remove_secret(name: SecretName) -> None:
    """Take a secret out of the system's keyring."""
    from store import secrets

    with one_line_for_expected_errors():
        removed = secrets.forget(name)
        left = secrets.find(name)
    typer.echo(f"{name} was taken out of the keyring." if removed else f"{name} was not in the keyring.")
    if left is not None:
        typer.echo(f"captiond: {name} is still found in: {left.source}", err=True)
        raise typer.Exit(1)


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(VERSION)


app.command(
    epilog="Examples: captiond lint talk.srt    captiond lint *.vtt --profile bbc    captiond lint talk.vtt --json"
)(linting.lint)
app.command(epilog="Examples: captiond fix talk.srt -o mended.srt    captiond fix talk.srt -o talk.vtt --seconds 612")(
    linting.fix
)
app.add_typer(secret, name="secret")
app.add_typer(emotions.app, name="emotion")
app.add_typer(enrolling.app, name="voice")


def main() -> None:
    """Entry point of `captiond`."""
    app()


if __name__ == "__main__":
    main()
