"""Commands, autocomplete, buttons, lists and menus, with a bot on discord.py: what a person sees of its answers."""

import pytest

from sandbox import discord as sandbox
from sandbox.discord.people import Upload, wait_for
from tests.sandbox.discord.bot import buttons
from tests.sandbox.discord.conftest import MESSAGES


def test_a_command_is_answered(bot, ann, scene):
    seen = ann.types("/echo", text="hello", times=2)
    assert (seen.outcome, seen.text, seen.ephemeral) == ("message", "hello hello", False)
    assert 0 < seen.acknowledged_milliseconds <= seen.data["answered_milliseconds"]
    assert seen.data["acknowledged"]["type"] == 4
    assert ann.people.messages()[-1]["interaction_metadata"]["user"]["global_name"] == "Ann"
    assert scene.refusals == []


def test_an_ephemeral_answer_is_seen_by_one_person_alone(bot, people, ann, rest):
    seen = ann.types("/echo", text="psst", hidden=True)
    assert seen.ephemeral
    assert people.messages() == people.user("Bob").sees() == []
    assert [one["content"] for one in ann.sees()] == ["psst"]
    assert people.state["messages"][0]["seen_by"] == "Ann"
    assert rest("GET", f"{MESSAGES}/{seen.message['id']}").json()["code"] == 10008


def test_a_subcommand_knows_the_roles_of_who_types_it(bot, ann):
    assert ann.types("/draft show", draft=12).text == "draft 12, asked by ['@everyone', 'approver']"


def test_options_of_every_kind_arrive(bot, ann, people):
    seen = ann.types("/draft track list", form="WebVTT", place=sandbox.CHANNEL_NAME, who="Ann", role="approver")
    assert seen.text == "vtt captions Ann approver"


def test_choices_are_offered_while_somebody_types(bot, ann):
    seen = ann.autocomplete("/draft show", "draft", "A")
    assert seen.outcome == "choices"
    assert seen.choices == [{"name": "A talk", "value": 12}, {"name": "A tale", "value": 13}]


def test_a_command_may_take_a_file_and_give_one_back(bot, ann, people):
    seen = ann.types("/upload", file=Upload("a b.srt", b"1\n00:00"))
    assert seen.text == "a_b.srt 7"
    (attachment,) = seen.message["attachments"]
    assert (attachment["filename"], attachment["description"], attachment["size"]) == ("back.srt", "reversed", 7)
    assert people.bytes_of(attachment) == b"1\n00:00"[::-1]


def test_a_file_may_be_given_by_its_path(bot, ann, tmp_path):
    path = tmp_path / "track.vtt"
    path.write_bytes(b"WEBVTT")
    assert ann.types("/upload", file=path).text == "track.vtt 6"


def test_menus_of_messages_and_people_have_commands(bot, ann):
    message = ann.says("look here")
    assert ann.menu("Show text", message=message).text == "It says look here"
    assert ann.menu("Greet", target="Owner").text == "Hello Owner"


# ---- deferred


@pytest.mark.parametrize("hidden", [True, False])
def test_a_deferred_answer_is_thinking_until_it_is_edited(bot, ann, hidden):
    seen = ann.command("/slow", {"hidden": hidden}, until="acknowledged")
    assert (seen.outcome, seen.message["flags"]) == ("thinking", 128 | (64 if hidden else 0))
    bot.opens_gate()
    seen = seen.until(lambda now: now.outcome == "message")
    assert (seen.text, seen.message["flags"]) == ("at last", 64 if hidden else 0)
    assert seen.acknowledged_milliseconds < seen.data["answered_milliseconds"]


def test_whoever_waits_for_a_deferred_answer_gets_it(bot, ann):
    bot.opens_gate()
    assert ann.types("/slow").text == "at last"


def test_the_first_follow_up_takes_the_place_of_thinking_and_stays_as_visible_as_that_was(bot, ann):
    bot.opens_gate()
    seen = ann.types("/slow", hidden=True, followup=True).until(lambda now: now.followups)
    assert (seen.text, seen.ephemeral) == ("at last", True)
    assert [one["content"] for one in seen.followups] == ["and more"]


def test_an_answer_can_be_read_again_and_taken_back(bot, ann, people, scene):
    seen = ann.types("/fleeting").until(lambda now: now.data["message"] is None)
    assert seen.outcome == "message"
    assert people.messages() == []
    assert scene.answers["delete_original_webhook_message 204"] == 1


# ---- buttons and lists


@pytest.fixture
def card(bot, ann):
    return ann.types("/card").message


def test_a_card_has_its_embed_and_buttons(card):
    assert card["embeds"][0]["fields"] == [{"name": "Cues", "value": "12", "inline": True}]
    (row,) = card["components"]
    assert [one["label"] for one in row["components"]] == ["Approve", "Reject"]
    assert [row["id"], *(one["id"] for one in row["components"])] == [1, 2, 3]


@pytest.mark.parametrize("button", ["Approve", "draft:approve:7"])
def test_a_click_by_label_or_custom_id_changes_the_card(card, ann, people, button):
    seen = ann.click(card, button)
    assert (seen.outcome, seen.text) == ("update", "Approved by Ann")
    (message,) = people.messages()
    assert (message["components"], message["embeds"]) == ([], [])
    assert message["edited_timestamp"]


def test_an_answer_that_is_silent_may_change_the_card_later(bot, ann):
    card = ann.types("/card", verb="silent").message
    seen = ann.click(card, "Silent")
    assert (seen.outcome, seen.text) == ("silent", "A **draft**")
    bot.opens_gate()
    assert seen.until(lambda now: now.text != "A **draft**").text == "Changed later"


def test_a_choice_from_a_list_arrives(bot, ann):
    message = ann.types("/choose").message
    assert ann.select(message, "pick", "One", "three").text == "picked ['one', 'three']"


def test_buttons_of_an_earlier_process_are_served_by_the_next_one(bot, connect, ann):
    card = ann.types("/card").message
    bot.close()
    connect()
    assert ann.click(card, "Approve").text == "Approved by Ann"


def test_a_stale_click_carries_the_button_that_was_there(card, bot, ann):
    ann.click(card, "Approve")
    ann.click(card, "Reject", force=True)
    assert bot.bot.events[-1] == ("reject", 7)


def test_a_forced_click_may_carry_a_button_that_never_was(card, bot, ann):
    assert ann.click(card, "draft:approve:99", force=True).outcome == "update"
    assert bot.bot.events[-1] == ("approve", 99)


# ---- deadlines


def test_an_answer_after_the_deadline_is_unknown(bot, ann, now, scene):
    card = ann.types("/card", verb="late").message
    late = ann.click(card, "Late", wait=0)
    now.passes(3.1)
    bot.opens_gate()
    assert late.until(lambda seen: seen.outcome == "failed").failure == "The application did not respond"
    (error,) = wait_for(lambda: bot.bot.errors, "the bot was told")
    assert (error.status, error.code) == (404, 10062)


def test_a_second_answer_is_refused(bot, ann):
    card = ann.types("/card", verb="twice").message
    seen = ann.click(card, "Twice").until(lambda now: now.outcome == "message")
    assert seen.text == "once"
    (error,) = wait_for(lambda: bot.bot.errors, "the bot was told")
    assert (error.status, error.code) == (400, 40060)


def test_what_is_not_answered_has_failed_at_the_deadline(bot, ann, now):
    silent = ann.command("/silent", {}, wait=0)
    now.passes(2.9)
    assert silent.again().outcome == "nothing"
    now.passes(0.2)
    assert (silent.again().outcome, silent.again().failure) == ("failed", "The application did not respond")


def test_a_token_ends_after_its_time(bot, ann, people, now):
    seen = ann.command("/slow", {}, until="acknowledged")
    now.passes(15 * 60 + 1)
    bot.opens_gate()
    (error,) = wait_for(lambda: bot.bot.errors, "the bot was told")
    assert (error.status, error.code) == (401, 50027)
    assert seen.again().outcome == "thinking"


def test_without_any_session_an_act_fails_at_once(people, ann, rest):
    command = {"name": "ping", "description": "x"}
    rest("PUT", f"/applications/{sandbox.BOT_ID}/commands", [command])
    assert ann.types("ping").outcome == "failed"


def test_an_interaction_in_a_direct_message_tells_of_a_user_not_a_member(bot, ann, people):
    async def write():
        user = await bot.bot.fetch_user(int(ann.id))
        return await user.send("yours", view=buttons("approve"))

    message = bot.do(write())
    assert people.messages(channel=str(message.channel.id))[0]["content"] == "yours"
    assert ann.click(str(message.id), "Approve").text == "Approved by Ann"
