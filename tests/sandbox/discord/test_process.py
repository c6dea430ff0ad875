"""The loopback Discord as a process, and a bot as another."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sandbox import discord as sandbox
from sandbox.discord.people import People, wait_for
from tests.sandbox.discord.bot import Running

ROOT = Path(__file__).parents[3]


def start(*words):
    return subprocess.Popen([sys.executable, "-W", "ignore", "-m", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def end(process):
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    return process.returncode


@pytest.fixture
def addresses():
    process = start("sandbox.discord", "--port", "0")
    yield json.loads(process.stdout.readline())
    assert end(process) == 0


def test_a_bot_in_a_process_of_its_own_serves_people_and_another_edits_its_cards(addresses):
    people = People(addresses["url"])
    child = start("tests.sandbox.discord.bot", addresses["url"])
    try:
        people.waits(lambda state: any(one["connected"] for one in state["sessions"]), "the bot is there")
        card = people.user("Ann").types("/card").message
        other = Running(addresses["url"], sync=False)
        wait_for(lambda: "ready" in other.bot.events, "the other is there")
        other.do(other.channel.get_partial_message(int(card["id"])).edit(content="edited elsewhere"))
        other.close()
        assert people.messages()[0]["content"] == "edited elsewhere"
        assert people.user("Ann").click(card, "Approve").outcome in (
            "update",
            "failed",
        )  # whichever of the two was first
        assert people.state["refusals"] == []
    finally:
        child.terminate()
        child.communicate(timeout=30)


def test_its_addresses_are_the_ones_that_are_said(addresses):
    assert addresses["gateway"] == sandbox.gateway_url(addresses["url"])
    assert requests.get(f"{addresses['url']}/sandbox/state", timeout=30).json()["refusals"] == []


def test_a_deadline_is_kept_by_the_clock_too(addresses):
    people = People(addresses["url"])
    bot = Running(addresses["url"])
    wait_for(lambda: "ready" in bot.bot.events, "the bot is there")
    people.do("settings", deadline_seconds=0.05)
    assert people.user("Ann").types("/silent").outcome == "failed"
    bot.close()


def test_connections_can_be_refused_for_a_while_and_nothing_is_lost(addresses):
    people = People(addresses["url"])
    people.user("Ann").says("before")
    people.do("down", how="refuse", seconds=0.3)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{addresses['url']}/gateway", timeout=30)

    def back():
        try:
            return people.messages()
        except requests.ConnectionError:
            return None

    assert [one["content"] for one in wait_for(back, "it is back")] == ["before"]
    assert not people.state["down"]
