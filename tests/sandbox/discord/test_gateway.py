"""The gateway, met by discord.py: HELLO, IDENTIFY, RESUME, and every way to lose a connection."""

import asyncio
import json
import zlib

import aiohttp
import discord
import pytest

from sandbox import discord as sandbox
from sandbox.discord.people import wait_for


def connected(scene):
    return [one for one in scene.sessions.state() if one["connected"]]


def test_a_bot_identifies_itself_and_sees_its_guild(bot, scene):
    guild = bot.bot.get_guild(int(sandbox.GUILD_ID))
    assert guild.name == "Sandbox"
    assert {channel.name for channel in guild.channels} == {sandbox.CHANNEL_NAME, sandbox.FORUM_NAME}
    assert guild.me.id == int(sandbox.BOT_ID)
    assert guild.filesize_limit == 10 * 1024 * 1024
    assert scene.requests["identify"] == 1
    assert scene.refusals == []


def test_the_bot_is_told_of_every_guild(scene, connect):
    scene.add_guild("Second", premium_tier=2)
    bot = connect(sync=False).bot
    assert sorted(guild.name for guild in bot.guilds) == ["Sandbox", "Second"]
    assert max(guild.filesize_limit for guild in bot.guilds) == 50 * 1024 * 1024


def test_channels_and_roles_that_come_later_are_told(bot, people):
    people.do("channel", name="later")
    people.do("role", name="late")
    guild = bot.bot.get_guild(int(sandbox.GUILD_ID))
    wait_for(
        lambda: "later" in {one.name for one in guild.channels} and "late" in {one.name for one in guild.roles}, "told"
    )


def test_a_wrong_token_is_refused_by_rest(connect, scene):
    bot = connect(ready=False, token="wrong")
    assert isinstance(bot.ends(), discord.LoginFailure)
    assert scene.answers["get_my_user 401"] == 1


def test_a_token_that_became_wrong_is_refused_by_the_gateway(bot, people):
    people.do("token", token="new")
    people.do("drop", code=4000, forget=True)
    ended = bot.ends()
    assert isinstance(ended, discord.ConnectionClosed)
    assert ended.code == 4004


def test_privileged_intents_must_be_switched_on(connect, people):
    wanted = discord.Intents(guilds=True, members=True)
    assert isinstance(connect(ready=False, intents=wanted).ends(), discord.PrivilegedIntentsRequired)
    people.do("settings", privileged=["members"])
    connect(intents=wanted)


def test_messages_of_others_come_without_their_text_unless_that_intent_is_switched_on(connect, people, ann):
    plain = connect(intents=discord.Intents(guilds=True, guild_messages=True))
    none = connect()
    people.do("settings", privileged=["message_content"])
    full = connect(intents=discord.Intents(guilds=True, guild_messages=True, message_content=True))
    ann.says("hello")
    wait_for(lambda: ("message", "hello") in full.bot.events, "it came")
    wait_for(lambda: ("message", "") in plain.bot.events, "it came without")
    assert none.bot.events == ["ready"]


def test_a_heartbeat_is_answered(connect, people, scene):
    people.do("settings", heartbeat_seconds=0.05)
    bot = connect()
    wait_for(lambda: scene.requests["heartbeat"] > 3, "it beats")
    assert bot.bot.latency < 5
    assert "disconnect" not in bot.bot.events


def test_a_bot_whose_heartbeats_are_not_answered_comes_back(connect, people, scene):
    people.do("settings", heartbeat_seconds=0.05)
    bot = connect(heartbeat_timeout=0.2)
    people.do("settings", heartbeat_acks=False)
    wait_for(lambda: scene.requests["resume"] or scene.requests["identify"] > 1, "it came back")
    assert bot.ended is None


def test_an_interaction_that_was_missed_is_replayed_after_a_resume(bot, people, scene, ann):
    people.do("fault", operation="gateway", kind="hold")
    people.do("drop")
    assert people.holds("gateway")
    missed = ann.command("echo", {"text": "hello"}, wait=0)
    assert missed.outcome == "nothing"
    people.do("release")
    assert missed.until(lambda seen: seen.outcome == "message").text == "hello"
    assert "resumed" in bot.bot.events
    assert scene.requests["identify"] == 1
    assert scene.sessions.state()[0]["resumed"] == 1


def test_an_invalid_session_makes_the_bot_identify_itself_anew(bot, people, scene, ann):
    """With discord.py's own five seconds in between."""
    people.do("drop", forget=True)
    wait_for(lambda: scene.requests["identify"] == 2 and connected(scene), "it identified itself")
    assert scene.requests["resume"] == 1
    assert ann.types("echo", text="again").text == "again"


def test_a_bot_that_is_asked_to_reconnect_resumes(bot, people, scene, ann):
    assert people.do("reconnect") == {"told": 1}
    wait_for(lambda: "resumed" in bot.bot.events, "it resumed")
    assert ann.types("echo", text="again").text == "again"
    assert scene.requests["identify"] == 1


def test_a_session_that_is_said_to_be_resumable_is_resumed(bot, people, scene):
    people.do("invalidate", resumable=True)
    wait_for(lambda: "resumed" in bot.bot.events, "it resumed")
    assert scene.requests["identify"] == 1


def test_a_bot_that_leaves_ends_its_session(bot, scene):
    bot.close()
    wait_for(lambda: scene.sessions.state() == [], "no session is left")


def test_a_network_that_is_gone_without_a_word_is_survived(bot, people, scene):
    people.do("down")
    wait_for(lambda: "disconnect" in bot.bot.events, "it noticed")
    people.do("up")
    wait_for(lambda: "resumed" in bot.bot.events, "it resumed")


# ---- by hand


async def _speak(url, *frames, query="?v=10&encoding=json"):
    """Send frames one after another; what is received until the close, and its code."""
    async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url(url) + query) as socket:
        for frame in frames:
            await socket.send_str(frame if isinstance(frame, str) else json.dumps(frame))
        got = [json.loads(message.data) async for message in socket]
        return got, socket.close_code


def speak(url, *frames, **more):
    return asyncio.run(_speak(url, *frames, **more))


def identify(**changes):
    return {"op": 2, "d": {"token": sandbox.TOKEN, "intents": 1, "properties": {}, **changes}}


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["{"], 4002),
        (['{"d": 1}'], 4002),
        ([{"op": 3, "d": {}}], 4003),
        ([identify(token="wrong")], 4004),
        ([identify(), identify()], 4005),
        ([identify(), {"op": 8, "d": {}}], 4001),
        ([identify(intents=1 << 40)], 4013),
        ([identify(intents=1 << 15)], 4014),
    ],
)
def test_what_a_bot_must_not_say_closes_the_connection_with_its_code(url, frames, code):
    assert speak(url, *frames)[1] == code


def test_another_version_of_the_api_is_not_spoken(url):
    assert speak(url, query="?v=6")[1] == 4012


def test_a_number_that_was_never_sent_cannot_be_resumed_from(url, scene):
    session = scene.sessions.begin(1)
    assert speak(url, {"op": 6, "d": {"token": sandbox.TOKEN, "session_id": session.id, "seq": 9}})[1] == 4007


@pytest.mark.parametrize(("code", "left"), [(1000, 0), (1001, 0), (4000, 1)])
def test_a_session_ends_when_the_bot_says_goodbye_and_else_waits_for_it(url, scene, code, left):
    async def leave():
        async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url(url) + "?v=10") as socket:
            await socket.send_json(identify())
            while (await socket.receive_json())["t"] != "READY":
                pass
            await socket.close(code=code)

    asyncio.run(leave())
    wait_for(lambda: not connected(scene), "it is disconnected")
    assert len(scene.sessions.state()) == left


def test_an_unknown_session_is_invalid(url, people):
    async def resume():
        async with aiohttp.ClientSession() as session, session.ws_connect(sandbox.gateway_url(url) + "?v=10") as socket:
            await socket.send_json({"op": 6, "d": {"token": sandbox.TOKEN, "session_id": "none", "seq": 1}})
            return [(await socket.receive_json())["op"] for _ in range(2)]

    assert asyncio.run(resume()) == [10, 9]


def test_frames_are_one_zlib_stream_if_that_is_asked_for(url):
    async def read():
        address = sandbox.gateway_url(url) + "?v=10&encoding=json&compress=zlib-stream"
        async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
            await socket.send_json(identify())
            frames = [await socket.receive_bytes() for _ in range(3)]
        stream = zlib.decompressobj()
        assert all(frame.endswith(b"\x00\x00\xff\xff") for frame in frames)
        return [json.loads(stream.decompress(frame)) for frame in frames]

    hello, ready, guild = asyncio.run(read())
    assert (hello["op"], ready["t"], ready["s"], guild["t"], guild["s"]) == (10, "READY", 1, "GUILD_CREATE", 2)
