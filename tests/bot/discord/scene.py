"""A Discord server with people, drafts and their cards, and a captiond that is played by the store's own verbs."""

from contextlib import contextmanager
from datetime import timedelta

from store import channels, drafts, services
from store import database as stored
from store.database import DAEMON_BUSY_SECONDS, Database
from tests.bot.conftest import COVERED, OTHER, Captiond
from tests.bot.discord.server import Server
from tests.store.factories import everything

TEXT = "WEBVTT\n\n" + "\n".join(
    f"00:{second // 60:02}:{second % 60:02}.000 --> 00:{second // 60:02}:{second % 60:02}.900\nThis is line {second}\n"
    for second in range(60)
)
LIVES = {"service", "bookmark", "announcement", "told_commands"}  # tables that change by themselves


class Scene:
    """A server with people, and a captiond that makes a draft whenever one is asked for."""

    def __init__(self, folder):
        self.server = Server(folder)
        people = self.server.people
        self.owner = people.user("Owner")
        self.anna = people.user("Anna", roles=["Editors"])
        self.ben = people.user("Ben", roles=["Bakers"])
        self.vic = people.user("Vic")
        editors, self.bakers = self.anna.roles["Editors"], self.ben.roles["Bakers"]
        place = next(one["id"] for one in people.state["channels"] if one["name"] == "captions")
        self.server.configure(f'place = "{place}"\napprovers = ["{editors}"]\n')
        self.database = self.server.database
        stored.migrate(self.database)
        self.captiond = Captiond(self.database)
        self.captiond.runs()
        self.captiond.watches("@bakery", COVERED, "The Bakery")
        self.captiond.watches("@garage", OTHER, "The Garage")
        channels.change(self.database, 1, "olga", {"approvers": [self.bakers]})
        self._made = 0

    def draft(self, owner=OTHER, text=TEXT, covered=True, **about):
        """A new draft and its card."""
        number = self.unseen(owner, text, covered, **about)
        return number, self.server.card(number)

    def unseen(self, owner=OTHER, text=TEXT, covered=True, title=None, **about):
        """A new draft, of which nothing is waited for."""
        self._made += 1
        self.beats([COVERED, OTHER] if covered else [])
        title = f"Video {self._made}" if title is None else title
        return self.captiond.drafts(f"video-{self._made:05}", title, owner=owner, text=text, **about).number

    def beats(self, covers=(COVERED, OTHER), ago=timedelta()):
        """captiond gives a sign of life, or gave its last one a while ago."""
        then = Database(self.database.url, DAEMON_BUSY_SECONDS, now=lambda: self.database.now() - ago)
        services.beat(then, "captiond", "9", then.now(), {}, list(covers))
        then.close()

    def state(self, draft):
        return drafts.get(self.database, draft)[0].state

    def decided(self):
        """All that people decide on; a service notes at any time that it lives."""
        found = {name: rows for name, rows in everything(self.database).items() if name not in LIVES}
        return {**found, "event": [row for row in found["event"] if row[2] != "service"]}


@contextmanager
def played(made):
    """A scene with a bot that runs; nothing may have gone wrong in the end."""
    try:
        made.server.start()
        made.server.connected()
        yield made
        made.server.assert_nothing_was_wrong()
        assert made.server.stop() == 0
    finally:
        made.server.close()


def custom_ids(card):
    return [one["custom_id"] for row in card["components"] for one in row["components"]]


def labels(card):
    return [one["label"] for row in card["components"] for one in row["components"]]


def told(seen):
    """What somebody alone was told after a click: as the answer, or beside the card."""
    found = seen.until(lambda now: now.followups or now.outcome == "message")
    return (found.followups[0] if found.followups else found.message)["content"]


def lines(card):
    return card["embeds"][0]["description"].split("```")[0]


def is_decided(card):
    return not card["components"]
