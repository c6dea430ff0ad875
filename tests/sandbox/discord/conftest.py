"""A loopback Discord for each test, served from a thread; bots that come to it, and people."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
import requests

from sandbox import discord as sandbox
from sandbox.discord.people import People, wait_for
from tests.sandbox.discord.bot import Running


class Clock:
    """A time that stands still until it is moved; it begins at the real one, by which discord.py judges ids."""

    def __init__(self):
        self.time = datetime.now(UTC)

    def __call__(self):
        return self.time

    def passes(self, seconds):
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def now():
    return Clock()


@pytest.fixture
def scene(now):
    return sandbox.Discord(now=now)


@pytest.fixture
def url(scene):
    with sandbox.running(sandbox.make_app(scene)) as address:
        yield address


@pytest.fixture
def people(url):
    return People(url)


@pytest.fixture
def ann(people):
    return people.user("Ann", roles=["approver"])


@pytest.fixture
def connect(url, scene):
    """Starts bots; each is ready unless `ready=False`. What discord.py sends of itself is never refused."""
    with contextlib.ExitStack() as stack:

        def start(ready=True, **options):
            bot = Running(url, **options)
            stack.callback(bot.close)
            if ready:
                wait_for(lambda: "ready" in bot.bot.events or bot.ended, "the bot is ready")
                assert bot.ended is None, bot.ended
            return bot

        yield start
        assert scene.refusals == []


@pytest.fixture
def bot(connect):
    return connect()


class Rest:
    """Requests as a bot's, made by hand."""

    def __init__(self, url):
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bot {sandbox.TOKEN}"
        self._url = sandbox.api_url(url)

    def __call__(self, method, path, body=None, **more):
        return self._session.request(method, self._url + path, json=body, timeout=30, **more)

    def close(self):
        self._session.close()


@pytest.fixture
def rest(url):
    with contextlib.closing(Rest(url)) as made:
        yield made


MESSAGES = f"/channels/{sandbox.CHANNEL_ID}/messages"
