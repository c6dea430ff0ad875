"""What people set: channels that are paused or set, the line of videos, the glossary."""

import json

import pytest

from store import channels, terms, videos
from store.lifecycle import ChannelState, VideoState
from store.tables import Subject
from tests.bot.conftest import OTHER
from tests.store.factories import everything


def refused(database, people, name, match, **values):
    before = everything(database)
    reply = people.owner_says(name, **values)
    assert not reply.ok
    assert match in reply.text
    assert everything(database) == before


def plain_json(reply):
    """The data of a reply, as scripts get it."""
    return json.loads(json.dumps(reply.data))


# ---- channel pause, channel resume


@pytest.mark.parametrize("name", ["1", "@bakery", "The Bakery"])
def test_a_channel_is_paused_and_resumed_by_any_of_its_names(name, captiond, people, last_event):
    captiond.watches("@bakery", title="The Bakery")
    paused = people.owner_says("channel pause", channel=name)
    assert plain_json(paused)["state"] == "paused"
    assert "channel resume 1" in paused.text
    assert last_event(Subject.CHANNEL, 1).who == "console:olga"
    assert plain_json(people.owner_says("channel resume", channel=name))["state"] == "watched"


def test_a_paused_channel_is_listed_as_paused(captiond, people):
    captiond.watches()
    people.owner_says("channel pause", channel="1")
    assert [one["state"] for one in people.owner_says("channel list").data] == ["paused"]


@pytest.mark.parametrize(
    ("name", "channel", "why"),
    [
        ("channel resume", "1", "Channel 1 is watched, not paused."),
        ("channel pause", "99", "There is no channel '99'."),
        ("channel resume", "@nobody", "There is no channel '@nobody'."),
    ],
)
def test_what_cannot_be_paused_or_resumed_is_refused(name, channel, why, database, captiond, people):
    captiond.watches()
    refused(database, people, name, why, channel=channel)


# ---- channel settings


SHOWN = ("language", "engine", "profile", "limits", "speakers", "emotion", "place", "approvers")


def settings_of(database):
    row = channels.get(database, 1)
    return row.language, row.engine, row.profile


def test_without_a_setting_those_of_the_channel_are_shown_and_nothing_is_changed(database, captiond, people):
    captiond.watches(title="The Bakery")
    before = everything(database)
    reply = people.owner_says("channel settings", channel="1")
    assert reply.text == "Settings of channel 1, The Bakery, are these."
    assert reply.table.rows == tuple((name, "as config.toml says") for name in SHOWN)
    assert everything(database) == before


def test_settings_of_a_channel_are_changed_and_told(database, captiond, people, last_event):
    captiond.runs(whisper="", parakeet="not installed")
    captiond.watches()
    reply = people.owner_says("channel settings", channel="1", language="pt-BR", engine="parakeet", profile="netflix")
    assert settings_of(database) == ("pt-BR", "parakeet", "netflix")
    assert (plain_json(reply)["language"], plain_json(reply)["engine"]) == ("pt-BR", "parakeet")
    assert "draft redo" in reply.text
    assert last_event(Subject.CHANNEL, 1).why == "engine=parakeet, language=pt-BR, profile=netflix"


@pytest.mark.parametrize("word", ["default", "Default", "DEFAULT"])
def test_default_takes_a_setting_back_and_leaves_the_others(word, database, captiond, people):
    captiond.watches()
    people.owner_says("channel settings", channel="1", language="de", profile="netflix", engine="whisper")
    reply = people.owner_says("channel settings", channel="1", language=word, engine=word)
    assert settings_of(database) == (None, None, "netflix")
    assert dict(reply.table.rows)["language"] == "as config.toml says"


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ({"engine": "dictaphone"}, "There is no engine 'dictaphone'; there are: parakeet, whisper."),
        ({"engine": "Whisper"}, "there are: parakeet, whisper"),
        ({"profile": "netflicks"}, 'Did you mean "netflix"?'),
        ({"profile": "itv"}, 'No caption profile is called "itv"; there are: netflix, bbc, '),
        ({"limits": "line=1"}, "A profile has no line; it has: "),
        ({"limits": "37"}, "'37' is no number: give e.g. characters_per_line=37, lines=1."),
        ({"limits": ""}, "'' is no number"),
        ({"limits": "lines=1, minimum_seconds=8"}, "A profile needs 0 < minimum_seconds < maximum_seconds, not 8 and"),
        ({"limits": "minimum_seconds=6", "profile": "shorts"}, "not 6 and 5."),
        ({"language": "german"}, "'german' is no language tag: give e.g. en, de or pt-BR."),
        ({"language": "d"}, "is no language tag"),
        ({"language": ""}, "is no language tag"),
        ({"language": "de_DE"}, "is no language tag"),
        ({"language": "de", "profile": "itv"}, "No caption profile"),
        ({"emotion": "loud"}, "'loud' is neither on nor off."),
        ({"speakers": "many"}, "'many' is no number of speakers: give e.g. 2, or 2-4."),
    ],
    ids=str,
)
def test_a_setting_that_is_none_is_refused_and_nothing_is_changed(setting, why, database, captiond, people):
    captiond.runs(whisper="", parakeet="")
    captiond.watches()
    refused(database, people, "channel settings", why, channel="1", **setting)


@pytest.mark.parametrize(("said", "kept", "shown"), [("on", True, "on"), ("OFF", False, "off")])
def test_emotion_is_told_or_not_in_the_drafts_of_a_channel(said, kept, shown, database, captiond, people, last_event):
    captiond.watches()
    reply = people.owner_says("channel settings", channel="1", emotion=said)
    assert channels.get(database, 1).emotion is kept
    assert dict(reply.table.rows)["emotion"] == shown
    assert last_event(Subject.CHANNEL, 1).why == f"emotion={shown}"
    people.owner_says("channel settings", channel="1", emotion="default")
    assert channels.get(database, 1).emotion is None


def test_numbers_of_a_channel_are_kept_shown_and_taken_back(database, captiond, people, last_event):
    captiond.watches()
    reply = people.owner_says("channel settings", channel="1", limits="characters_per_line=37, lines=1")
    assert channels.get(database, 1).limits == {"characters_per_line": 37, "lines": 1}
    assert dict(reply.table.rows)["limits"] == "characters_per_line=37, lines=1"
    assert "draft redo" in reply.text
    assert people.owner_says("channel list").data[0]["limits"] == {"characters_per_line": 37, "lines": 1}
    assert last_event(Subject.CHANNEL, 1).why == "limits=(characters_per_line=37, lines=1)"
    assert people.owner_says("channel settings", channel="1", limits="default").ok
    assert channels.get(database, 1).limits is None


def test_a_profile_that_cannot_have_the_numbers_of_the_channel_is_refused(database, captiond, people):
    captiond.watches()
    people.owner_says("channel settings", channel="1", limits="minimum_seconds=6")
    refused(database, people, "channel settings", "not 6 and 5", channel="1", profile="shorts")


def test_before_captiond_has_told_of_its_engines_every_name_is_taken(database, captiond, people):
    captiond.watches()
    assert people.owner_says("channel settings", channel="1", engine="parakeet").ok
    assert settings_of(database)[1] == "parakeet"


@pytest.mark.parametrize("tag", ["english", "e", "en US", "a=b"])
def test_a_channel_is_not_added_with_what_is_no_language(tag, database, people):
    refused(database, people, "channel add", "is no language tag", channel="@bakery", language=tag)


# ---- queue cancel, queue first


def test_a_video_in_line_is_cancelled_and_can_be_taken_up_again(database, captiond, people, last_event):
    video = captiond.finds("aaaaaaaaaaa")
    reply = people.say(people.approver, "queue cancel", video="aaaaaaaaaaa")
    assert (reply.ok, plain_json(reply)["state"]) == (True, "skipped")
    assert "queue retry 1" in reply.text
    assert last_event(Subject.VIDEO, video.id).who == "discord:anna"
    assert people.owner_says("queue retry", video="1").ok
    assert videos.find(database, "aaaaaaaaaaa").state is VideoState.FOUND


def test_of_a_video_that_is_worked_on_captiond_is_told(captiond, people):
    captiond.finds("aaaaaaaaaaa")
    captiond.claims("aaaaaaaaaaa")
    reply = people.owner_says("queue cancel", video="1")
    assert (plain_json(reply)["state"], plain_json(reply)["claimed_by"]) == ("found", "captiond")
    assert "captiond is told to stop" in reply.text


def test_a_video_is_put_first_in_line(database, captiond, people):
    captiond.finds("aaaaaaaaaaa")
    people.owner_says("caption", video="dQw4w9WgXcQ")
    reply = people.say(people.approver, "queue first", video="1")
    assert reply.text == "Video 1 is the first in line."
    assert [one["id"] for one in people.owner_says("queue show").data] == [1, 2]


@pytest.mark.parametrize("name", ["queue cancel", "queue first"])
@pytest.mark.parametrize(("video", "why"), [("1", "Video 1 is drafted: "), ("99", "There is no video '99'.")])
def test_what_is_not_in_line_is_neither_cancelled_nor_put_first(name, video, why, database, captiond, people):
    captiond.drafts("aaaaaaaaaaa")
    refused(database, people, name, why, video=video)


# ---- the glossary


def added(reply):
    assert reply.ok
    return plain_json(reply)


def test_a_term_is_expected_in_all_channels_or_in_one(database, captiond, people):
    captiond.watches("@bakery")
    captiond.watches("@other", OTHER)
    assert added(people.say(people.approver, "term add", term="Ada Lovelace")) == ["Ada Lovelace"]
    assert added(people.say(people.approver, "term add", term="Turing", channel="@other")) == ["Turing"]
    assert terms.of_channel(database, 1) == ("Ada Lovelace",)
    assert terms.of_channel(database, 2) == ("Ada Lovelace", "Turing")
    assert terms.listing(database, 2)[0].added_by == "discord:anna"


def test_a_term_that_is_there_is_told_of(people):
    people.owner_says("term add", term="Ada")
    assert people.owner_says("term add", term=" Ada ").text == "That was there already."


def test_terms_are_listed_with_whose_they_are(captiond, people):
    captiond.watches()
    people.owner_says("term add", term="Ada")
    people.owner_says("term add", term="Brot", channel="1")
    reply = people.say(people.viewer, "term list")
    assert reply.table.rows == (("Ada", "all", "olga in the console"), ("Brot", "1", "olga in the console"))
    assert plain_json(reply) == [
        {"term": "Ada", "channel": None, "added_by": "console:olga"},
        {"term": "Brot", "channel": 1, "added_by": "console:olga"},
    ]
    assert [one["term"] for one in people.owner_says("term list", channel="1").data] == ["Brot"]


def test_an_empty_glossary_says_how_to_fill_it(people):
    reply = people.owner_says("term list")
    assert (reply.data, reply.text) == ([], "There are no terms yet. Add one: /term add Ada Lovelace")


def test_a_term_is_removed_as_it_was_typed(database, people):
    people.owner_says("term add", term="Ada Lovelace")
    reply = people.owner_says("term remove", term="  Ada   Lovelace\u200b ")
    assert (reply.ok, plain_json(reply)) == (True, "Ada Lovelace")
    assert terms.listing(database) == []


@pytest.mark.parametrize("channel", [None, "1"])
def test_a_term_of_another_glossary_is_not_removed(channel, database, captiond, people):
    captiond.watches()
    people.owner_says("term add", term="Ada", **({} if channel else {"channel": "1"}))
    values = {"term": "Ada", **({"channel": channel} if channel else {})}
    why = "There is no term 'Ada' in that glossary." if channel else "'Ada' is a term of channel 1: say which"
    refused(database, people, "term remove", why, **values)


@pytest.mark.parametrize("term", ["", "  ", "\u200b\u202e", "\x1b[31m"])
def test_nothing_is_no_term(term, database, people):
    refused(database, people, "term add", "There is no term in it", term=term)


def test_a_term_is_kept_without_what_hides_or_harms(database, people):
    people.owner_says("term add", term="\x1b[31mAda\u200b \u202eLovelace")
    assert [one.text for one in terms.listing(database)] == ["Ada Lovelace"]


def test_an_option_behind_the_term_is_not_taken_for_a_part_of_it(database, captiond, people):
    captiond.watches()
    refused(database, people, "term add", "An option stands before the term", term="Ada --channel 1")


def test_a_term_of_a_channel_that_is_not_there_is_refused(database, people):
    refused(database, people, "term add", "There is no channel '@nobody'.", term="Ada", channel="@nobody")


def test_too_long_a_term_is_refused(database, people):
    refused(database, people, "term add", "A term has at most 100 characters", term="x" * 101)


def import_of(text, **values):
    return {"file": "names.txt", "text of file": text, **values}


def test_terms_are_imported_one_a_line(database, captiond, people):
    captiond.watches()
    people.owner_says("term add", term="Ada", channel="1")
    text = "Turing\r\n\r\n  Ada  \nTuring\n名前\n"
    reply = people.owner_says("term import", **import_of(text, channel="1"))
    assert plain_json(reply) == ["Turing", "名前"]
    assert reply.text == "2 terms added; 2 others had been there already or twice."
    assert terms.of_channel(database, 1) == ("Ada", "Turing", "名前")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is no term in it"),
        ("\n \n", "There is no term in it"),
        ("Ada\n" + "x" * 101, "A term has at most 100 characters"),
        ("\n".join(f"term {n}" for n in range(501)), "A glossary holds at most 500 terms"),
    ],
    ids=["empty", "blank", "long", "many"],
)
def test_an_import_that_is_refused_adds_nothing(text, why, database, people):
    refused(database, people, "term import", why, **import_of(text))


def test_the_drafts_of_a_paused_channel_can_be_decided_on(database, captiond, people):
    captiond.runs()
    captiond.drafts("aaaaaaaaaaa")
    people.owner_says("channel pause", channel="1")
    assert channels.get(database, 1).state is ChannelState.PAUSED
    assert people.say(people.approver, "draft approve", draft="1").ok
