"""Where the person of the demo decides: in the console, or in Discord. Each shows what is typed and clicked there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Protocol

from rich.console import Console
from rich.text import Text

from sandbox import discord, programs
from sandbox.discord import cards
from sandbox.discord.people import People, Person, Refused, Seen
from sandbox.programs import Stopped

CARD_SECONDS = 60.0  # far more than a card takes to come
APPROVED = "Approved by"
ON_YOUTUBE = "On YouTube since"
TOLD = "has captions on YouTube now"


class Chat(StrEnum):
    """The surfaces by name."""

    CONSOLE = "console"
    DISCORD = "discord"


class Surface(Protocol):
    """What the demo does in either. Each may raise Stopped."""

    def subscribing(self, channel: str) -> str:
        """How one subscribes there, in words."""

    def subscribe(self, channel: str) -> None:
        """Subscribe a channel, and show the answer."""

    def showing(self, draft: int) -> str:
        """Where a draft is seen, in words."""

    def show(self, draft: int) -> None:
        """Show a draft to the one who decides."""

    def approve(self, draft: int) -> None:
        """Decide that the draft is uploaded."""

    def look(self, draft: int) -> None:
        """Show what came of it, once it is uploaded."""


@contextmanager
def surface(chat: Chat, console: Console) -> Iterator[Surface]:
    """A surface that is there, within programs.route()."""
    if chat is Chat.CONSOLE:
        yield InConsole(console)
        return
    with programs.chat() as url:
        yield InDiscord(console, People(url))


class InConsole:
    """captionbot console, one command at a time."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def subscribing(self, channel: str) -> str:
        return f"captionbot console channel add {channel}"

    def subscribe(self, channel: str) -> None:
        programs.tell("channel", "add", channel)

    def showing(self, draft: int) -> str:
        return f"captionbot console draft show {draft}"

    def show(self, draft: int) -> None:
        programs.tell("draft", "show", str(draft))

    def approve(self, draft: int) -> None:
        self._console.print(Text(f"   captionbot console draft approve {draft}", style="dim"))
        programs.tell("draft", "approve", str(draft))

    def look(self, draft: int) -> None:
        """Nothing comes by itself in a console."""


class InDiscord:
    """captionbot in the loopback Discord, with the owner of the server before it. Messages are shown as cards."""

    def __init__(self, console: Console, people: People) -> None:
        self._console, self._people = console, people
        self._owner: Person = people.user(discord.OWNER_NAME)
        self._wall = cards.Wall(console)

    def subscribing(self, channel: str) -> str:
        return f"{discord.OWNER_NAME} types /channel add {channel} in #{discord.CHANNEL_NAME}"

    def subscribe(self, channel: str) -> None:
        self._act(self._owner.command, "/channel add", {"channel": channel})
        self._wall.show(self._people.state)
        if not programs.ask("channel", "list")["data"]:
            raise Stopped("the channel was not subscribed")

    def showing(self, draft: int) -> str:
        return f"the card of draft {draft} in #{discord.CHANNEL_NAME}"

    def show(self, draft: int) -> None:
        """The card; and below it the form in which a cue would be corrected, which is closed again."""
        self._await(lambda: self._card(draft))
        self._wall.show(self._people.state)
        self._say("clicks Edit, and chooses a cue to see the form in which it is corrected")
        cues = self._act(self._owner.click, self._card(draft), "Edit").message
        self._wall.show(self._people.state)
        self._console.print(cards.form(self._act(self._owner.select, cues, f"cue:{draft}", "1").modal))
        self._say("clicks Cancel")
        self._owner.dismisses()

    def approve(self, draft: int) -> None:
        self._say("clicks Approve")
        seen = self._act(self._owner.click, self._card(draft), "Approve")
        self._await(lambda: seen.again().followups or APPROVED in str(self._card(draft)))
        if seen.again().followups:
            self._wall.show(self._people.state)
            raise Stopped("the draft was not approved")

    def look(self, draft: int) -> None:
        """The card as it is in the end, and the notice that tells of it."""
        self._await(lambda: ON_YOUTUBE in str(self._card(draft)) and TOLD in str(self._people.messages()))
        self._wall.show(self._people.state)

    def _say(self, text: str) -> None:
        self._console.print(Text(f"   {discord.OWNER_NAME} {text}", style="dim"))

    def _act(self, act: Callable[..., Seen], *values: Any) -> Seen:
        """Do it, and give what the person sees of it. Raise Stopped where Discord or captionbot fails."""
        try:
            seen = act(*values)
        except Refused as error:
            raise Stopped(f"Discord does not let {discord.OWNER_NAME} do that: {error}") from None
        self._await(lambda: seen.again().outcome not in ("nothing", "thinking"))
        seen = seen.again()
        if seen.failure:
            raise Stopped(f"captionbot did not answer: {seen.failure}")
        return seen

    def _card(self, draft: int) -> Any:
        """The message with the card of a draft; None where there is none."""
        footers = (
            (message, embed.get("footer", {}).get("text", ""))
            for message in self._people.messages()
            for embed in message["embeds"]
        )
        return next((message for message, footer in footers if footer.startswith(f"Draft {draft},")), None)

    def _await(self, so: Callable[[], Any]) -> None:
        with self._console.status("waiting for captionbot"):
            for _ in programs.patiently("captionbot has not done what it should", CARD_SECONDS):
                if so():
                    return
