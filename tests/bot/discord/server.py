"""A Discord server with captionbot in it: real processes, for tests of what people there see."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sandbox.discord.people import Json, People, Seen
from sandbox.discord.state import CHANNEL_ID, TOKEN
from store.database import DAEMON_BUSY_SECONDS, Database, sqlite_url
from tests.machine import Machine, program, wait_for

TOLD_COMMANDS = "bulk_set_application_commands"  # as Discord calls it


class Server:
    """A Discord server with captionbot in it, and the database that it works on: its own, or that of a `machine`."""

    def __init__(self, folder: Path, machine: Machine | None = None) -> None:
        command = [sys.executable, "-m", "sandbox.discord", "--port", "0"]
        self.discord = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.discord.stdout is not None
        self.addresses: dict[str, str] = json.loads(self.discord.stdout.readline())
        self.people = People(self.addresses["url"])
        self.folder, self.log, self.machine = folder, folder / "captionbot.log", machine
        self.state = folder if machine is None else machine.state
        self.database = Database(sqlite_url(self.state / "captionwatch.db"), DAEMON_BUSY_SECONDS)
        self.bot: subprocess.Popen[bytes] | None = None
        self.configure()

    def shows_drafts(self) -> None:
        """Cards go to the channel where people are."""
        self.configure(f'place = "{CHANNEL_ID}"\n')

    def configure(self, more: str = "") -> None:
        places = f'api_base = "{self.addresses["url"]}/api/v10"\ngateway_url = "{self.addresses["gateway"]}"\n'
        table = f"\n[bot.discord]\ntick_seconds = 0.1\n{places}{more}"
        if self.machine is not None:
            self.machine.other_tables = table  # it writes the file, for captiond too
        else:
            (self.folder / "config.toml").write_text(table)

    @property
    def environment(self) -> dict[str, str]:
        config = str(self.folder / "config.toml")
        given = {"STATE_DIRECTORY": str(self.state), "CAPTIONWATCH_CONFIG": config, "DISCORD_TOKEN": TOKEN}
        return {**os.environ, **given}

    def start(self, **environment: str) -> None:
        with self.log.open("ab") as log:
            self.bot = subprocess.Popen(
                [program("captionbot"), "run"], env={**self.environment, **environment}, stdout=log, stderr=log
            )

    def logged(self, event: str) -> int:
        return self.log.read_text().count(f'"event": "{event}"') if self.log.exists() else 0

    def connected(self, times: int = 1) -> Server:
        wait_for(f"connected {times} times", lambda: self.logged("connected") == times)
        return self

    def comes_back(self) -> Server:
        """Start it again, and wait until people see it."""
        before = self.logged("connected")
        self.start()
        return self.connected(before + 1)

    def told_commands(self) -> int:
        """How often it has told Discord which commands there are."""
        return int(self.people.state["requests"].get(TOLD_COMMANDS, 0))

    def console(self, *commands: str) -> str:
        """Somebody at the machine types commands, one after the other; all that is answered."""
        done = subprocess.run(
            [program("captionbot"), "console"],
            input="\n".join(commands),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout

    def assert_nothing_was_wrong(self) -> None:
        """Discord had to refuse nothing, and the bot met nothing that a person should look at."""
        assert self.people.state["refusals"] == []
        log = self.log.read_text().splitlines()
        assert [line for line in log if '"level": "error"' in line or "Traceback" in line] == []

    def stop(self) -> int:
        assert self.bot is not None
        self.bot.send_signal(signal.SIGTERM)
        return self.bot.wait(timeout=30)

    def kill(self) -> None:
        assert self.bot is not None
        self.bot.kill()
        self.bot.wait(timeout=30)

    def cards(self, draft: int | None = None) -> list[Json]:
        """The messages with the card of a draft, or of any."""
        footer = "Draft " if draft is None else f"Draft {draft},"
        return [
            one
            for one in self.people.messages()
            if any(embed.get("footer", {}).get("text", "").startswith(footer) for embed in one["embeds"])
        ]

    def card(self, draft: int, so: Callable[[Json], object] = bool) -> Json:
        """The only card of a draft, as soon as it is there and so."""
        found: list[Json] = wait_for(f"a card of draft {draft}", lambda: [one for one in self.cards(draft) if so(one)])
        (card,) = found
        return card

    def close(self, *, show_log: bool = True) -> None:
        for process in (self.bot, self.discord):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(timeout=30)
        assert self.discord.stdout is not None
        self.discord.stdout.close()
        self.database.close()
        if show_log and self.log.exists():
            sys.stderr.write(self.log.read_text()[-4000:])


def answered(seen: Seen) -> Seen:
    """What somebody sees when the answer is there."""
    return seen.until(lambda now: now.outcome == "message")


def table(seen: Seen) -> str:
    return str(seen.message["embeds"][0]["description"])
