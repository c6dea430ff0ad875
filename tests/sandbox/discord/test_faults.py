"""Faults, rate limits and being down, as discord.py meets them."""

import threading
import time

import aiohttp
import discord
import pytest
import requests

from sandbox.discord.faults import Kind
from sandbox.discord.people import wait_for
from sandbox.discord.rest import OPERATIONS
from tests.sandbox.discord.conftest import MESSAGES


def test_a_429_is_waited_for_and_then_it_goes_through(bot, people, scene):
    people.do("fault", operation="create_message", kind="rate", value=0.05)
    bot.do(bot.channel.send("patient"))
    assert [one["content"] for one in people.messages()] == ["patient"]
    assert scene.requests["create_message"] == 2


def test_a_429_says_how_long_and_whom_it_is_for(rest, people):
    people.do("fault", operation="create_message", kind="rate", value=0.3)
    people.do("fault", operation="create_message", kind="rate_global", value=0.2)
    one, everybody = (rest("POST", MESSAGES, {"content": "x"}) for _ in range(2))
    assert one.json() == {"message": "You are being rate limited.", "retry_after": 0.3, "global": False}
    assert (one.headers["Retry-After"], one.headers["Via"], one.headers["X-RateLimit-Scope"]) == (
        "0.300",
        "1.1 google",
        "user",
    )
    assert (one.headers["X-RateLimit-Remaining"], one.headers["X-RateLimit-Reset-After"]) == ("0", "0.300")
    assert (everybody.json()["global"], everybody.headers["X-RateLimit-Global"]) == (True, "true")


def test_a_ban_by_what_stands_before_discord_is_not_retried(bot, people, scene):
    people.do("fault", operation="create_message", kind="ban")
    with pytest.raises(discord.HTTPException) as caught:
        bot.do(bot.channel.send("impatient"))
    assert caught.value.status == 429
    assert scene.requests["create_message"] == 1


def test_a_limit_that_is_set_is_kept_by_the_bot(bot, people, scene):
    """discord.py waits by itself where the headers say that nothing remains."""
    people.do("limit", operation="create_message", count=2, seconds=0.2)
    for number in range(5):
        bot.do(bot.channel.send(str(number)))
    assert len(people.messages()) == 5
    assert scene.answers["create_message 429"] == 0


def test_a_limit_is_for_each_channel(rest, people):
    people.do("limit", operation="create_message", count=1, seconds=60)
    other = f"/channels/{people.do('channel', name='other')['id']}/messages"
    statuses = [rest("POST", path, {"content": "x"}).status_code for path in (MESSAGES, MESSAGES, other)]
    assert statuses == [200, 429, 200]


def test_a_500_is_retried_and_a_503_is_not(bot, people, scene):
    people.do("fault", operation="create_message", kind="status", value=500)
    bot.do(bot.channel.send("again"))
    assert scene.requests["create_message"] == 2
    people.do("fault", operation="create_message", kind="status", value=503)
    with pytest.raises(discord.DiscordServerError):
        bot.do(bot.channel.send("not again"))
    assert scene.requests["create_message"] == 3


def test_a_connection_cut_before_is_not_executed_and_one_cut_after_is(bot, people):
    for kind in ("cut_before", "cut_after"):
        people.do("fault", operation="create_message", kind=kind)
        with pytest.raises(aiohttp.ClientError):
            bot.do(bot.channel.send(kind))
    assert [one["content"] for one in people.messages()] == ["cut_after"]


def test_a_nonce_finds_the_message_whose_answer_was_cut(bot, people):
    people.do("fault", operation="create_message", kind="cut_after")
    with pytest.raises(aiohttp.ClientError):
        bot.do(bot.channel.send("once", nonce="draft-1"))
    bot.do(bot.channel.send("once", nonce="draft-1"))
    assert len(people.messages()) == 1


@pytest.mark.parametrize(("kind", "before"), [("hold", 0), ("hold_after", 1)])
def test_a_held_request_waits_until_it_is_released(rest, people, scene, kind, before):
    people.do("fault", operation="create_message", kind=kind)
    done = []
    thread = threading.Thread(target=lambda: done.append(rest("POST", MESSAGES, {"content": "x"}).status_code))
    thread.start()
    assert people.holds("create_message")
    assert (len(scene.messages), done) == (before, [])
    assert people.do("release") == {"released": 1}
    thread.join()
    assert (len(scene.messages), done) == (1, [200])


def test_a_slow_answer_comes_all_the_same(rest, people):
    people.do("fault", operation="*", kind="slow", value=0.01)
    assert rest("POST", MESSAGES, {"content": "x"}).status_code == 200


def test_a_fault_meets_as_many_requests_as_were_asked_for(rest, people):
    people.do("fault", operation="get_my_user", kind="status", times=2)
    people.do("fault", operation="get_my_user", kind="status", times=None, value=502)
    assert [rest("GET", "/users/@me").status_code for _ in range(4)] == [500, 500, 502, 502]
    people.do("clear", operation="get_my_user")
    assert rest("GET", "/users/@me").status_code == 200


@pytest.mark.parametrize("operation", ["create_message", "cdn", "gateway"])
def test_whatever_is_asked_for_can_fail(rest, people, url, operation):
    people.do("fault", operation=operation, kind="status", value=503)
    paths = {"cdn": f"{url}/cdn/1/a", "gateway": f"{url}/gateway?v=10"}
    if operation in paths:
        assert requests.get(paths[operation], timeout=30).status_code == 503
    else:
        assert rest("POST", MESSAGES, {"content": "x"}).status_code == 503


def test_every_kind_of_fault_is_taken_for_every_operation(scene):
    for operation in OPERATIONS:
        for kind in Kind:
            scene.faults.add(operation, kind, value=1)


# ---- down


@pytest.mark.parametrize(("how", "error"), [("close", aiohttp.ServerDisconnectedError), ("reset", OSError)])
def test_while_it_is_down_nothing_is_answered(bot, people, how, error):
    people.do("down", how=how)
    with pytest.raises(error):
        bot.do(bot.channel.send("anybody?"))
    assert people.state["down"]
    people.do("up")
    bot.do(bot.channel.send("at last"))


def test_it_may_come_back_by_itself(rest, people, scene):
    people.do("down", seconds=0.05)
    wait_for(lambda: not scene.is_down, "it is up")
    assert rest("GET", "/users/@me").status_code == 200


def test_a_bot_that_starts_while_it_is_down_ends_with_an_error(connect, people):
    people.do("down")
    assert isinstance(connect(ready=False).ends(), aiohttp.ClientError)


def test_an_answer_to_an_interaction_can_fail_too(bot, people, ann):
    """And is retried by discord.py a second later, 503 too."""
    people.do("fault", operation="create_interaction_response", kind="status", value=503)
    began = time.monotonic()
    assert ann.types("/echo", text="hello").text == "hello"
    assert time.monotonic() - began > 0.9
