"""What Discord's own client does not let a person do is refused here too, and the bot is not told."""

import pytest

from sandbox import discord as sandbox
from sandbox.discord.people import Refused, Upload

OPTIONS = {"form": "SRT", "place": sandbox.CHANNEL_NAME, "who": "Ann", "role": "approver"}


@pytest.mark.parametrize(
    ("command", "options", "why"),
    [
        ("/nothing", {}, "never synced"),
        ("", {}, "never synced"),
        ("/draft", {}, "needs a subcommand"),
        ("/draft track", {}, "needs a subcommand"),
        ("/draft nothing", {}, "no subcommand 'nothing'"),
        ("/echo", {}, "needs text"),
        ("/echo", {"text": "a", "loud": True}, "no option loud"),
        ("/echo", {"text": 1}, "is a text"),
        ("/echo", {"text": "a", "times": "2"}, "is a number"),
        ("/echo", {"text": "a", "times": 4}, "from 1 to 3"),
        ("/echo", {"text": "a", "hidden": 1}, "true or false"),
        ("/draft show", {"draft": 1.5}, "is a number"),
        ("/draft track list", {**OPTIONS, "form": "DOCX"}, "no choice of form"),
        ("/draft track list", {**OPTIONS, "place": sandbox.FORUM_NAME}, "another type"),
        ("/draft track list", {**OPTIONS, "who": "Nobody"}, "no member"),
        ("/draft track list", {**OPTIONS, "role": "king"}, "no role"),
        ("/upload", {"file": "words"}, "a file is"),
        ("/upload", {"file": Upload("big", bytes(10 * 1024 * 1024 + 1))}, "too large"),
        ("/secret", {}, "hidden from Ann"),
    ],
)
def test_a_command_that_cannot_be_typed_is_refused(bot, ann, scene, command, options, why):
    with pytest.raises(Refused, match=why):
        ann.types(command, **options)
    assert scene.interactions == {}


def test_a_hidden_command_is_there_for_those_with_permissions(bot, people):
    assert people.user("Mod", permissions=1 << 5).types("/secret").text == "yes"
    assert people.user(sandbox.OWNER_NAME).types("/secret").text == "yes"


def test_only_options_with_autocomplete_are_completed(bot, ann):
    with pytest.raises(Refused, match="no autocomplete"):
        ann.autocomplete("/echo", "text", "a")


@pytest.mark.parametrize(
    ("button", "why"),
    [
        ("Off", "disabled"),
        ("Docs", "is a link"),
        ("Nothing", "has no 'Nothing'; it has: Off, Docs"),
        ("pick", "has no"),
    ],
)
def test_a_button_that_cannot_be_clicked_is_refused(bot, ann, button, why):
    message = ann.types("/choose").message
    with pytest.raises(Refused, match=why):
        ann.click(message, button)


@pytest.mark.parametrize(
    ("values", "why"), [([], "1 to 2 values"), (["one", "two", "three"], "1 to 2 values"), (["four"], "not offered")]
)
def test_a_choice_that_is_not_offered_is_refused(bot, ann, values, why):
    message = ann.types("/choose").message
    with pytest.raises(Refused, match=why):
        ann.select(message, "pick", *values)


def test_nobody_clicks_what_only_others_see(bot, ann, people):
    message = ann.types("/echo", text="psst", hidden=True).message
    with pytest.raises(Refused, match="does not see"):
        people.user("Bob").click(message, "Approve", force=True)


@pytest.mark.parametrize(
    ("what", "values", "why"),
    [
        ("fault", {"operation": "no_such", "kind": "status"}, "no operation"),
        ("fault", {"operation": "cdn", "kind": "slow"}, "needs a value"),
        ("fault", {"operation": "cdn", "kind": "strange"}, "is not a valid Kind"),
        ("settings", {"privileged": ["everything"]}, "no privileged intent"),
        ("settings", {"speed": 1}, "unexpected keyword"),
        ("boost", {"tier": 4}, "none of 0, 1, 2, 3"),
        ("close", {"channel": sandbox.CHANNEL_ID, "code": 1}, "none of 50001"),
        ("channel", {"name": "x", "type": "voice"}, "none of text, forum"),
        ("say", {"user": "Nobody", "text": "x"}, "no member"),
        ("say", {"user": "Owner", "text": "x", "channel": "nowhere"}, "no channel"),
        ("click", {"user": "Owner", "message": "1", "custom_id": "x"}, "no message"),
        ("role", {"name": "x", "guild": "nowhere"}, "no guild"),
        ("down", {"how": "strangely"}, "none of close"),
        ("down", {"how": "refuse", "seconds": 1}, "process of its own"),
        ("command", {"user": "Owner", "name": "x", "until": "noon"}, "never synced"),
    ],
)
def test_a_scene_that_makes_no_sense_is_refused_in_words(people, what, values, why):
    with pytest.raises(Refused, match=why):
        people.do(what, **values)
