"""Messages, files, threads and channels, with a bot on discord.py and by hand."""

import io

import discord
import pytest
import requests

from sandbox import discord as sandbox
from sandbox.discord.people import wait_for
from tests.sandbox.discord.bot import buttons
from tests.sandbox.discord.conftest import MESSAGES

MEBIBYTE = 1024 * 1024


def file(name, data=b"words", **more):
    return discord.File(io.BytesIO(data), filename=name, **more)


# ---- by discord.py


def test_files_come_back_exactly(bot, people):
    data = bytes(range(256)) * 4000
    message = bot.do(bot.channel.send("two", files=[file("a.vtt", data), file("b.json", b"{}", description="report")]))
    assert bot.do(message.attachments[0].read()) == data
    (posted,) = people.messages()
    assert [(one["filename"], one["content_type"]) for one in posted["attachments"]] == [
        ("a.vtt", "text/vtt"),
        ("b.json", "application/json"),
    ]
    assert people.bytes_of(posted["attachments"][0]) == data


def test_a_file_that_an_embed_shows_is_not_listed_beside_it(bot, people):
    embed = discord.Embed(title="A talk").set_image(url="attachment://still.png")
    bot.do(bot.channel.send(embed=embed, file=file("still.png", b"png")))
    (posted,) = people.messages()
    assert posted["attachments"] == []
    assert requests.get(posted["embeds"][0]["image"]["url"], timeout=30).content == b"png"


def test_an_edit_changes_what_it_names_and_keeps_the_rest(bot, people):
    message = bot.do(bot.channel.send("first", file=file("a.vtt"), view=buttons("approve")))
    bot.do(message.edit(content="second"))
    (posted,) = people.messages()
    assert (posted["content"], len(posted["attachments"]), len(posted["components"])) == ("second", 1, 1)
    assert posted["edited_timestamp"]


def test_an_edit_may_keep_one_file_and_bring_another(bot, people):
    message = bot.do(bot.channel.send("files", files=[file("a.vtt"), file("b.vtt")]))
    bot.do(message.edit(attachments=[message.attachments[1], file("c.vtt", b"new")]))
    (posted,) = people.messages()
    assert [one["filename"] for one in posted["attachments"]] == ["b.vtt", "c.vtt"]
    assert people.bytes_of(posted["attachments"][1]) == b"new"
    bot.do(message.edit(attachments=[], content="none"))
    assert people.messages()[0]["attachments"] == []


def test_a_second_client_edits_what_the_first_one_posted(bot, connect, people):
    message = bot.do(bot.channel.send("first", view=buttons("approve")))
    other = connect(sync=False)
    bot.close()
    other.do(other.channel.get_partial_message(message.id).edit(content="second", view=buttons("reject")))
    (posted,) = people.messages()
    assert (posted["content"], posted["revision"]) == ("second", 2)
    assert posted["components"][0]["components"][0]["label"] == "Reject"


def test_messages_are_read_again_and_deleted(bot, people):
    first, second, third = (bot.do(bot.channel.send(str(number))) for number in range(3))

    async def history(**bounds):
        return [one.content async for one in bot.channel.history(**bounds)]

    assert bot.do(history(limit=2)) == ["2", "1"]
    assert bot.do(history(before=third)) == ["1", "0"]
    assert bot.do(history(after=first, oldest_first=True)) == ["1", "2"]
    assert bot.do(bot.channel.fetch_message(second.id)).content == "1"
    bot.do(second.delete())
    assert [one["content"] for one in people.messages()] == ["0", "2"]
    with pytest.raises(discord.NotFound) as caught:
        bot.do(bot.channel.fetch_message(second.id))
    assert caught.value.code == 10008


def test_a_nonce_gives_the_same_message_until_it_is_forgotten(bot, people, now):
    first = bot.do(bot.channel.send("draft 3", nonce="draft-3"))
    again = bot.do(bot.channel.send("draft 3 again", nonce="draft-3"))
    assert again.id == first.id
    assert again.content == "draft 3"
    assert [(one["nonce"], one["nonce_enforced"]) for one in people.messages()] == [("draft-3", True)]
    now.passes(301)
    later = bot.do(bot.channel.send("draft 3 at last", nonce="draft-3"))
    assert later.id != first.id
    assert [one["content"] for one in people.messages()] == ["draft 3", "draft 3 at last"]


def test_a_forum_is_posted_to_by_threads(bot, people, rest):
    tags = people.do("channel", name="tagged", type="forum", tags=["talk", "tale"])["tags"]
    forum_id = wait_for(lambda: discord.utils.get(bot.bot.guilds[0].forums, name="tagged"), "the forum is known").id

    async def post():
        forum = bot.bot.get_channel(forum_id)
        tag = forum.get_tag(int(tags["talk"]))
        made = await forum.create_thread(name="A talk", content="Draft 7", view=buttons("approve"), applied_tags=[tag])
        await made.thread.send("more", file=file("a.vtt"))
        return made

    made = bot.do(post())
    assert made.message.id == made.thread.id
    assert [one["content"] for one in people.messages(channel="A talk")] == ["Draft 7", "more"]
    thread = next(one for one in people.state["channels"] if one["name"] == "A talk")
    assert (thread["type"], thread["applied_tags"], thread["message_count"]) == (11, [tags["talk"]], 1)
    assert people.user("Ann").click(str(made.message.id), "Approve").text == "Approved by Ann"


def test_a_thread_that_is_archived_opens_when_written_to_and_a_locked_one_does_not(bot, people):
    async def post():
        made = await bot.bot.get_channel(int(sandbox.FORUM_ID)).create_thread(name="A talk", content="Draft 7")
        thread = await made.thread.edit(archived=True)
        await bot.bot.get_partial_messageable(thread.id).send("awake")
        await made.thread.edit(locked=True)
        await bot.bot.get_partial_messageable(thread.id).send("no")

    with pytest.raises(discord.HTTPException) as caught:
        bot.do(post())
    assert caught.value.code == 160005
    assert [one["content"] for one in people.messages(channel="A talk")] == ["Draft 7", "awake"]


def test_a_thread_can_be_begun_from_a_message(bot, people):
    async def begin():
        message = await bot.channel.send("a card")
        thread = (
            await bot.bot.get_channel(int(sandbox.CHANNEL_ID))
            .get_partial_message(message.id)
            .create_thread(name="Talk of it")
        )
        await thread.send("first")
        return message, thread

    message, thread = bot.do(begin())
    assert message.id == thread.id
    assert [one["content"] for one in people.messages(channel="Talk of it")] == ["first"]


@pytest.mark.parametrize(("code", "reads"), [(50001, False), (50013, True)])
def test_a_closed_channel_is_forbidden(bot, people, code, reads):
    message = bot.do(bot.channel.send("before"))
    people.do("close", channel=sandbox.CHANNEL_ID, code=code)
    with pytest.raises(discord.Forbidden) as caught:
        bot.do(bot.channel.send("after"))
    assert caught.value.code == code
    if reads:
        bot.do(bot.channel.fetch_message(message.id))
    people.do("close", channel=sandbox.CHANNEL_ID, code=None)
    bot.do(bot.channel.send("again"))


def test_a_channel_that_is_gone_is_unknown(bot, people):
    people.do("remove", channel=sandbox.CHANNEL_ID)
    with pytest.raises(discord.NotFound) as caught:
        bot.do(bot.channel.send("after"))
    assert caught.value.code == 10003


def test_a_card_that_a_moderator_deleted_is_unknown(bot, people):
    message = bot.do(bot.channel.send("a card"))
    people.do("remove", message=str(message.id))
    with pytest.raises(discord.NotFound) as caught:
        bot.do(message.edit(content="no"))
    assert caught.value.code == 10008


def test_layouts_of_new_components_are_shown_and_their_buttons_work(bot, people, ann):
    view = discord.ui.LayoutView(timeout=None)
    section = discord.ui.Section("A *talk*", accessory=discord.ui.Button(label="Approve", custom_id="draft:approve:7"))
    view.add_item(discord.ui.Container(section, discord.ui.Separator(), discord.ui.TextDisplay("Draft 7")))
    bot.do(bot.channel.send(view=view))
    (posted,) = people.messages()
    assert posted["flags"] == 1 << 15
    ann.click(posted, "Approve", wait=0)
    wait_for(lambda: ("approve", 7) in bot.bot.events, "the click came")


# ---- by hand


def test_a_file_larger_than_the_guild_takes_is_refused(rest, people):
    files = {"files[0]": ("big.bin", bytes(10 * MEBIBYTE + 1)), "payload_json": (None, '{"attachments": [{"id": 0}]}')}
    answer = rest("POST", MESSAGES, files=files)
    assert (answer.status_code, answer.json()["code"]) == (413, 40005)
    people.do("guild", name="Boosted", premium_tier=2)
    boosted = people.do("channel", name="large", guild="Boosted")["id"]
    assert rest("POST", f"/channels/{boosted}/messages", files=files).status_code == 200
    people.do("boost", tier=2)
    assert rest("POST", MESSAGES, files=files).status_code == 200


def test_ten_files_that_are_too_much_together_are_refused(rest):
    files = {f"files[{number}]": (f"{number}.bin", bytes(9 * MEBIBYTE)) for number in range(3)}
    assert rest("POST", MESSAGES, files=files).status_code == 413


def test_the_address_of_a_file_expires(rest, people, now):
    (attachment,) = rest("POST", MESSAGES, files={"files[0]": ("a.txt", b"words")}).json()["attachments"]
    assert people.bytes_of(attachment) == b"words"
    now.passes(86_401)
    gone = requests.get(attachment["url"], timeout=30)
    assert (gone.status_code, gone.text) == (404, "This content is no longer available.")
    assert requests.get(attachment["url"].replace("ex=", "ex=z"), timeout=30).status_code == 404
    assert people.bytes_of(people.messages()[0]["attachments"][0]) == b"words"


def test_nobody_elses_message_is_edited_or_deleted_by_the_bot(rest, ann):
    path = f"{MESSAGES}/{ann.says('mine')}"
    assert rest("PATCH", path, {"content": "yours"}).json()["code"] == 50005
    assert rest("DELETE", path).json()["code"] == 50013


def test_an_edit_that_leaves_nothing_is_refused(rest, scene):
    made = rest("POST", MESSAGES, {"content": "words"}).json()
    answer = rest("PATCH", f"{MESSAGES}/{made['id']}", {"content": None})
    assert (answer.status_code, answer.json()["code"]) == (400, 50006)
    assert scene.messages[made["id"]].content == "words"


def test_a_forum_takes_no_plain_messages_and_may_ask_for_a_tag(rest, people):
    assert rest("POST", f"/channels/{sandbox.FORUM_ID}/messages", {"content": "x"}).json()["code"] == 50008
    strict = people.do("channel", name="strict", type="forum", tags=["talk"], require_tag=True)["id"]
    post = {"name": "A talk", "message": {"content": "x"}}
    assert rest("POST", f"/channels/{strict}/threads", post).json()["code"] == 40067


def test_a_reply_names_what_it_answers(rest, ann):
    message = ann.says("question")
    made = rest("POST", MESSAGES, {"content": "answer", "message_reference": {"message_id": message}}).json()
    assert (made["type"], made["message_reference"]["message_id"]) == (19, message)
    lost = rest("POST", MESSAGES, {"content": "answer", "message_reference": {"message_id": "1"}})
    assert lost.json()["code"] == 50035
