"""captionbot run, as a process, and the loopback Discord as another: what people in the server see."""

import os
import subprocess

import pytest
from sqlmodel import func, select

from bot.desk import COMMANDS
from sandbox.discord.people import Upload
from sandbox.discord.state import FORUM_ID, GUILD_ID
from store import database as stored
from store import drafts, services, terms
from store.lifecycle import DraftState
from store.tables import Draft
from tests.bot.discord.server import Server, answered, table
from tests.machine import program, wait_for
from tests.store import factories

VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nCorrected words.\n"


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """One that runs, with a draft."""
    made = Server(tmp_path_factory.mktemp("server"))
    try:
        stored.migrate(made.database)
        factories.draft(made.database)
        made.start()
        yield made.connected()
        assert made.people.state["refusals"] == []
        assert made.stop() == 0
    finally:
        made.close()


@pytest.fixture
def owner(running):
    return running.people.user("Owner")


@pytest.fixture
def ben(running):
    return running.people.user("Ben")


def newest(server):
    with server.database.read() as session:
        return str(session.exec(select(func.max(Draft.id))).one())


def test_every_command_of_the_desk_is_a_slash_command(running, owner):
    for name in COMMANDS:
        given = {one.name: "1" for one in COMMANDS[name].arguments if one.required and not one.file}
        files = {one.name: Upload("x.vtt", b"") for one in COMMANDS[name].arguments if one.file}
        seen = answered(owner.command(f"/{name}", {**given, **files}))
        assert seen.text, name


def test_a_list_is_a_table_that_only_the_asker_sees(running, ben):
    seen = answered(ben.types("/draft list"))
    assert seen.ephemeral
    assert "revision" in table(seen)


def test_who_may_not_decide_is_told_and_nothing_happens(running, ben):
    before = len(terms.listing(running.database, everything=True))
    seen = answered(ben.command("/term add", {"term": "Ada"}))
    assert "takes the role approver" in seen.text
    assert len(terms.listing(running.database, everything=True)) == before


def test_what_somebody_did_stands_in_the_store_with_their_name(running, owner):
    assert "added" in answered(owner.command("/term add", {"term": "Grace Hopper"})).text
    (term,) = [one for one in terms.listing(running.database, everything=True) if one.text == "Grace Hopper"]
    assert term.added_by == "discord:owner"


def test_choices_are_offered_to_those_who_may_choose(running, owner, ben):
    assert [one["value"] for one in owner.autocomplete("/draft approve", "draft").choices]
    assert ben.autocomplete("/draft approve", "draft").choices == []


def test_files_go_both_ways(running, owner):
    seen = answered(owner.command("/draft download", {"draft": "1"}))
    (vtt, srt) = seen.message["attachments"]
    assert running.people.bytes_of(vtt).startswith(b"WEBVTT")
    assert srt["filename"].endswith(".srt")
    replaced = answered(owner.command("/draft replace", {"draft": "1", "file": Upload("mine.vtt", VTT.encode())}))
    assert "became draft" in replaced.text
    made = drafts.get(running.database, int(newest(running)))[0]
    assert (made.state, made.edited_by, "Corrected" in made.text) == (DraftState.WAITING, "discord:owner", True)


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"WEBVTT\n\n00:00:03.000 --> 00:00:01.000\nx\n", b""])
def test_a_file_that_is_no_captions_is_told_of(running, owner, content):
    seen = answered(owner.command("/draft replace", {"draft": "1", "file": Upload("mine.vtt", content)}))
    assert "mine.vtt" in seen.text


def test_mentions_in_what_people_type_stay_text(running, owner):
    answered(owner.command("/term add", {"term": "@everyone **now**"}))
    assert "@everyone **now**" in table(answered(owner.types("/term list"))), "in a block nothing is markup"
    assert r"\*\*now\*\*" in answered(owner.command("/term remove", {"term": "@everyone **now**"})).text


def test_the_store_knows_that_the_bot_runs(running):
    wait_for("a sign of life", lambda: services.get(running.database, "captionbot"))


def test_it_comes_back_after_a_dropped_session(running, owner):
    running.people.do("drop", code=4000, forget=True)
    wait_for("another session", lambda: running.logged("connected") >= 2)
    assert answered(owner.types("/status")).text == "Status"


def test_a_wrong_token_is_one_line_and_no_new_try(server):
    stored.migrate(server.database)
    done = subprocess.run(
        [program("captionbot"), "run"],
        env={**server.environment, "DISCORD_TOKEN": "a-wrong-one"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert done.returncode == os.EX_CONFIG
    assert (
        done.stderr
        == "captionbot: the secret discord-token: Discord does not know it: reset it, and keep the new one\n"
    )


def test_without_a_token_it_says_how_to_give_one(server):
    environment = {name: value for name, value in server.environment.items() if name != "DISCORD_TOKEN"}
    done = subprocess.run([program("captionbot"), "run"], env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (os.EX_CONFIG, "")
    assert done.stderr == "captionbot: the secret discord-token: there is none: captiond secret set discord-token\n"


def test_in_another_server_even_its_owner_is_nobody(server):
    stored.migrate(server.database)
    other = server.people.do("guild", name="Elsewhere")["id"]
    channel = server.people.do("channel", name="here", guild=other)["id"]
    stranger = server.people.user("Mallory", permissions=1 << 5, guild=other)
    server.start()
    server.connected()
    wait_for("it says so", lambda: server.logged("serves nobody"))
    seen = answered(stranger.command("/term add", {"term": "x"}, channel))
    assert "serves another server, or is in several" in seen.text
    assert server.stop() == 0
    server.configure('server = "1000000000000000003"\n')
    server.start()
    server.connected(2)
    assert "added" in answered(server.people.user("Owner").command("/term add", {"term": "x"})).text


def test_commands_are_told_once_and_taken_back_where_they_were(server):
    stored.migrate(server.database)

    def told_to():
        server.start()
        server.connected(told_to.times)
        told_to.times += 1
        assert server.stop() == 0
        return sorted((one["name"], one.get("guild_id")) for one in server.people.state["commands"])

    told_to.times = 1
    everywhere = told_to()
    puts = server.people.state["requests"]["bulk_set_application_commands"]
    assert told_to() == everywhere
    assert server.people.state["requests"]["bulk_set_application_commands"] == puts
    server.configure(f'server = "{GUILD_ID}"\n')
    assert told_to() == [(name, GUILD_ID) for name, _ in everywhere]
    server.configure()
    assert told_to() == everywhere


def test_a_place_where_no_card_can_be_sent_is_refused(running, owner):
    answered(owner.command("/channel add", {"channel": "@nobody-looks-it-up"}))
    for place, why in ((FORUM_ID, "no channel for messages"), ("999999999999999999", "no such channel")):
        seen = answered(owner.command("/channel settings", {"channel": "1", "place": place}))
        assert why in seen.text


def test_words_that_are_too_long_to_be_found_are_refused_and_not_thought_about_for_ever(running, owner):
    seen = answered(owner.command("/draft edit", {"draft": newest(running), "find": "x", "by": "y" * 1100}))
    assert "at most 200 characters" in seen.text


def test_a_draft_that_is_shown_has_its_buttons(running, owner):
    seen = answered(owner.command("/draft show", {"draft": newest(running)}))
    labels = [one["label"] for row in seen.message["components"] for one in row["components"]]
    assert "Edit" in labels


def test_it_waits_for_the_database_and_for_discord(server):
    server.start()
    wait_for("it waits", lambda: server.logged("waits for the database"))
    stored.migrate(server.database)
    server.people.do("down", how="close")
    wait_for("Discord is down", lambda: server.logged("lost the connection"))
    server.people.do("up")
    server.connected()
    assert server.stop() == 0
