import pytest

from bot import desk as desks
from bot.desk import COMMANDS
from bot.reply import Pending
from captions import formats
from store import channels, drafts, services, videos, work
from store.errors import NotFound
from store.lifecycle import ChannelState, DraftState, ErrorKind, VideoState
from store.tables import Channel, DecisionKind, Draft, Subject, Video
from tests.bot.conftest import LEASE, OTHER
from tests.store.factories import everything

# ---- channel add


def test_a_channel_that_is_added_is_asked_of_the_daemon(database, captiond, people):
    captiond.runs()
    reply = people.owner_says("channel add", channel="@bakery", language="en")
    asked = channels.get(database, reply.data["id"])
    assert (asked.state, asked.reference, asked.language) == (ChannelState.ASKED, "@bakery", "en")


def test_who_added_a_channel_is_in_its_event(captiond, people, last_event):
    reply = people.owner_says("channel add", channel="@bakery")
    event = last_event(Subject.CHANNEL, reply.data["id"])
    assert (event.what, event.to_state, event.who) == ("asked", "asked", "console:olga")


def test_an_added_channel_is_pending_until_the_daemon_has_looked_it_up(captiond, people, desk):
    captiond.runs()
    reply = people.owner_says("channel add", channel="@bakery")
    assert reply.pending == Pending(reply.data["id"])
    assert desks.answer(desk, reply.pending) is None


def test_a_channel_that_the_daemon_found_is_the_answer(database, captiond, people, desk):
    captiond.runs()
    pending = people.owner_says("channel add", channel="@bakery").pending
    channels.found(database, pending.channel_id, "captiond", OTHER, "The Bakery")
    answer = desks.answer(desk, pending)
    assert answer.ok
    assert "The Bakery, is watched" in answer.text


def test_a_channel_that_the_daemon_refused_is_the_answer(database, captiond, people, desk):
    captiond.runs()
    pending = people.owner_says("channel add", channel="@bakery").pending
    channels.refuse(database, pending.channel_id, "captiond", "YouTube knows no such channel")
    answer = desks.answer(desk, pending)
    assert not answer.ok
    assert "YouTube knows no such channel" in answer.text


def test_a_look_up_in_trouble_is_answered_too(database, captiond, people, desk, clock):
    captiond.runs()
    pending = people.owner_says("channel add", channel="@bakery").pending
    channels.claim_asked(database, "captiond", LEASE)
    work.postpone(database, Channel, pending.channel_id, "captiond", clock.time, ErrorKind.LATER, "503", counted=True)
    assert "still being looked up. The last try failed: 503" in desks.answer(desk, pending).text


def test_an_answer_about_a_channel_that_never_was_is_an_error(desk):
    with pytest.raises(NotFound):
        desks.answer(desk, Pending(99))


def test_a_channel_is_noted_while_captiond_never_ran(database, people):
    reply = people.owner_says("channel add", channel="@bakery")
    assert reply.pending is None
    assert "captiond has never run" in reply.text
    assert len(channels.listing(database)) == 1


def test_captiond_is_said_to_be_down_after_its_silence(captiond, people, clock):
    captiond.runs()
    clock.passes(seconds=services.SILENCE.total_seconds())
    assert "captiond has been down since" in people.owner_says("channel add", channel="@bakery").text


def test_captiond_is_not_said_to_be_down_before(captiond, people, clock):
    captiond.runs()
    clock.passes(seconds=services.SILENCE.total_seconds() - 1)
    assert people.owner_says("channel add", channel="@bakery").pending is not None


@pytest.mark.parametrize("text", ["", "bakery", "https://example.org/@bakery"])
def test_what_is_no_channel_is_refused_and_not_noted(text, database, people):
    reply = people.owner_says("channel add", channel=text)
    assert not reply.ok
    assert "is no YouTube channel" in reply.text
    assert channels.listing(database) == []


def test_a_channel_that_is_watched_is_not_added_twice(captiond, people):
    captiond.watches("@bakery")
    reply = people.owner_says("channel add", channel="@bakery")
    assert (reply.ok, reply.text) == (False, "Channel 1 is that one, and it is watched already.")


def test_a_refused_channel_may_be_asked_for_again(database, captiond, people):
    first = people.owner_says("channel add", channel="@bakery").data["id"]
    channels.refuse(database, first, "captiond", "not found")
    captiond.runs()
    again = people.owner_says("channel add", channel="@bakery")
    assert (again.pending, channels.get(database, first).state) == (Pending(first), ChannelState.ASKED)


# ---- channel remove, channel list


@pytest.mark.parametrize("name", ["1", "@bakery", "UCaaaaaaaaaaaaaaaaaaaaaa", "The Bakery"])
def test_a_channel_is_removed_by_any_of_its_names(name, database, captiond, people):
    captiond.watches("@bakery", title="The Bakery")
    assert people.owner_says("channel remove", channel=name).ok
    assert channels.get(database, 1).state is ChannelState.REMOVED


def test_who_removed_a_channel_is_in_its_event(captiond, people, last_event):
    channel = captiond.watches()
    people.owner_says("channel remove", channel="1")
    event = last_event(Subject.CHANNEL, channel.id)
    assert (event.from_state, event.to_state, event.who) == ("watched", "removed", "console:olga")


def test_the_drafts_of_a_removed_channel_stay(database, captiond, people):
    draft = captiond.drafts("aaaaaaaaaaa")
    people.owner_says("channel remove", channel="1")
    assert drafts.get(database, draft.id)[0].state is DraftState.WAITING


def test_a_channel_that_is_not_there_cannot_be_removed(people):
    reply = people.owner_says("channel remove", channel="@nobody")
    assert (reply.ok, reply.text) == (False, "There is no channel '@nobody'.")


def test_a_removed_channel_is_not_listed(captiond, people):
    captiond.watches("@bakery", title="The Bakery")
    captiond.watches("@other", OTHER, "The Other")
    people.owner_says("channel remove", channel="1")
    assert [one["title"] for one in people.owner_says("channel list").data] == ["The Other"]


# ---- queue, caption


@pytest.mark.parametrize("text", ["dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ"])
def test_a_video_that_is_asked_for_is_queued_first(text, database, captiond, people):
    captiond.finds("aaaaaaaaaaa")
    people.say(people.approver, "caption", video=text)
    assert [one.youtube_id for one in videos.queue(database)] == ["dQw4w9WgXcQ", "aaaaaaaaaaa"]


def test_who_asked_for_a_video_is_in_its_event(people, last_event):
    reply = people.say(people.approver, "caption", video="dQw4w9WgXcQ")
    event = last_event(Subject.VIDEO, reply.data["id"])
    assert (event.what, event.who) == ("requested", "discord:anna")


def test_a_skipped_video_is_captioned_when_a_person_asks(database, captiond, people):
    captiond.finds("aaaaaaaaaaa", skipped="before subscription")
    assert people.owner_says("caption", video="aaaaaaaaaaa").ok
    assert videos.find(database, "aaaaaaaaaaa").state is VideoState.FOUND


def test_a_video_that_is_drafted_is_not_captioned_twice(captiond, people):
    captiond.drafts("aaaaaaaaaaa")
    reply = people.owner_says("caption", video="aaaaaaaaaaa")
    assert not reply.ok
    assert reply.text.startswith("That is video 1, and it is drafted already: see /draft show ")


def test_what_is_no_video_is_refused_and_not_queued(database, people):
    assert not people.owner_says("caption", video="@bakery").ok
    assert videos.queue(database, everything=True) == []


def test_a_queued_video_says_that_captiond_is_down(people):
    assert "captiond has never run" in people.owner_says("caption", video="dQw4w9WgXcQ").text


def test_the_queue_holds_what_is_on_its_way_or_needs_a_person(captiond, people):
    captiond.finds("aaaaaaaaaaa")
    captiond.finds("bbbbbbbbbbb")
    captiond.fails("bbbbbbbbbbb", "sign in")
    captiond.finds("ccccccccccc", skipped="too long")
    captiond.drafts("ddddddddddd")
    assert {one["youtube_id"] for one in people.owner_says("queue show").data} == {"aaaaaaaaaaa", "bbbbbbbbbbb"}


def test_all_the_queue_holds_what_is_done_with_too(captiond, people):
    captiond.finds("ccccccccccc", skipped="too long")
    captiond.drafts("ddddddddddd")
    shown = people.owner_says("queue show", all="yes")
    assert {one["state"] for one in shown.data} == {"skipped", "drafted"}


def test_a_failed_video_is_taken_up_where_it_stopped(database, captiond, people):
    captiond.finds("aaaaaaaaaaa")
    captiond.fails("aaaaaaaaaaa", "sign in")
    assert people.owner_says("queue retry", video="aaaaaaaaaaa").ok
    video = videos.find(database, "aaaaaaaaaaa")
    assert (video.state, video.reason) == (VideoState.FOUND, None)


def test_who_retried_a_video_is_in_its_event(captiond, people, last_event):
    video = captiond.finds("aaaaaaaaaaa")
    captiond.fails("aaaaaaaaaaa", "sign in")
    people.say(people.approver, "queue retry", video="1")
    event = last_event(Subject.VIDEO, video.id)
    assert (event.from_state, event.to_state, event.who) == ("failed", "found", "discord:anna")


def test_a_video_that_waits_is_tried_at_once(database, captiond, people):
    captiond.finds("aaaaaaaaaaa")
    captiond.puts_off("aaaaaaaaaaa", "503", hours=1)
    assert people.owner_says("queue retry", video="1").ok
    assert captiond.claims("aaaaaaaaaaa") is not None


@pytest.mark.parametrize(("video", "why"), [("1", "nothing to retry"), ("99", "no video '99'"), ("x", "no video 'x'")])
def test_what_cannot_be_retried_is_refused(video, why, captiond, people):
    captiond.finds("aaaaaaaaaaa")
    reply = people.owner_says("queue retry", video=video)
    assert not reply.ok
    assert why in reply.text


# ---- drafts


@pytest.fixture
def waiting(captiond):
    """A draft that can be approved."""
    captiond.runs()
    return captiond.drafts("aaaaaaaaaaa", "Bread")


def test_the_drafts_that_wait_are_listed(waiting, people):
    assert [(one["id"], one["title"]) for one in people.owner_says("draft list").data] == [(waiting.id, "Bread")]


def test_a_decided_draft_is_listed_only_among_all(waiting, people):
    people.owner_says("draft reject", draft="1")
    assert people.owner_says("draft list").data == []
    assert [one["state"] for one in people.owner_says("draft list", all="yes").data] == ["rejected"]


@pytest.mark.parametrize("name", ["1", "aaaaaaaaaaa"])
def test_a_draft_is_shown_by_its_number_or_its_video(name, waiting, people):
    reply = people.owner_says("draft show", draft=name)
    assert reply.data["id"] == waiting.id
    assert reply.data["text"] == waiting.text


def test_a_draft_shows_what_was_said_and_when(waiting, people):
    table = people.owner_says("draft show", draft="1").table
    assert table.rows == (("0:01", "Flour, water & salt"), ("1:05", "and now we wait."))


def test_a_video_without_a_draft_is_told_from_what_names_nothing(captiond, people):
    captiond.finds("aaaaaaaaaaa")
    assert people.owner_says("draft show", draft="aaaaaaaaaaa").text == "There is no draft of video 'aaaaaaaaaaa' yet."
    assert people.owner_says("draft show", draft="bbbbbbbbbbb").text == "There is no draft 'bbbbbbbbbbb'."


def test_an_approved_draft_is_to_be_uploaded(database, waiting, people):
    assert people.say(people.approver, "draft approve", draft="1").ok
    assert drafts.claim_approved(database, "captiond", LEASE).id == waiting.id


def test_who_approved_a_draft_is_in_its_event(waiting, people, last_event):
    people.say(people.approver, "draft approve", draft="1")
    event = last_event(Subject.DRAFT, waiting.id)
    assert (event.from_state, event.to_state, event.who) == ("waiting", "approved", "discord:anna")


def test_who_approved_a_draft_is_shown_with_it(waiting, people):
    people.say(people.approver, "draft approve", draft="1")
    assert "approved by @anna" in people.say(people.viewer, "draft show", draft="1").text


def test_a_draft_is_approved_once(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    assert not people.say(people.approver, "draft approve", draft="1").ok
    assert [one.who for one in drafts.decisions(database, waiting.id)] == ["console:olga"]


def test_an_approval_says_that_captiond_is_down(waiting, people, clock):
    clock.passes(minutes=1)
    assert "captiond has been down since" in people.owner_says("draft approve", draft="1").text


def test_a_draft_of_a_channel_that_no_login_covers_is_not_approved(database, captiond, people):
    captiond.runs()
    draft = captiond.drafts("aaaaaaaaaaa", owner=OTHER)
    reply = people.owner_says("draft approve", draft="1")
    assert not reply.ok
    assert "no login covers" in reply.text.lower()
    assert drafts.get(database, draft.id)[0].state is DraftState.WAITING


def test_a_draft_without_a_cue_is_not_approved(captiond, people):
    captiond.runs()
    captiond.drafts("aaaaaaaaaaa", text="WEBVTT\n")
    assert "has no cue" in people.owner_says("draft approve", draft="1").text


def test_a_rejected_draft_keeps_the_reason(database, waiting, people):
    people.say(people.approver, "draft reject", draft="1", reason="wrong names")
    (decision,) = drafts.decisions(database, waiting.id)
    assert (decision.what, decision.who, decision.reason) == (DecisionKind.REJECT, "discord:anna", "wrong names")
    assert drafts.get(database, waiting.id)[0].reason == "wrong names"


def test_who_rejected_a_draft_is_in_its_event(waiting, people, last_event):
    people.say(people.approver, "draft reject", draft="1", reason="wrong names")
    event = last_event(Subject.DRAFT, waiting.id)
    assert (event.to_state, event.who, event.why) == ("rejected", "discord:anna", "wrong names")


def test_a_rejected_draft_is_not_approved(database, waiting, people):
    people.owner_says("draft reject", draft="1")
    assert not people.owner_says("draft approve", draft="1").ok
    assert drafts.claim_approved(database, "captiond", LEASE) is None


def test_a_rejection_that_is_refused_leaves_no_decision(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    assert not people.owner_says("draft reject", draft="1").ok
    assert [one.what for one in drafts.decisions(database, waiting.id)] == [DecisionKind.APPROVE]


@pytest.fixture
def failed(database, waiting, people):
    """A draft that was approved, and whose upload failed."""
    people.owner_says("draft approve", draft="1")
    claimed = drafts.claim_approved(database, "captiond", LEASE)
    return drafts.set_aside(database, claimed, DraftState.FAILED, "captiond", ErrorKind.PERSON, "sign in again")


def test_a_failed_draft_says_why(failed, people):
    assert "Note: sign in again" in people.owner_says("draft show", draft="1").text


def test_a_failed_upload_is_tried_again(database, failed, people, last_event):
    assert people.say(people.approver, "draft retry", draft="1").ok
    assert drafts.claim_approved(database, "captiond", LEASE).id == failed.id
    assert last_event(Subject.DRAFT, failed.id).who == "discord:anna"


def test_a_draft_that_did_not_fail_is_not_retried(waiting, people):
    reply = people.owner_says("draft retry", draft="1")
    assert (reply.ok, reply.text) == (False, "Draft 1 is waiting: there is nothing to retry.")


def test_a_draft_that_is_being_uploaded_is_not_rejected(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    drafts.claim_approved(database, "captiond", LEASE)
    assert not people.owner_says("draft reject", draft="1").ok
    assert drafts.get(database, waiting.id)[0].state is DraftState.APPROVED


def test_a_draft_is_downloaded_as_webvtt_and_subrip(waiting, people):
    files = people.owner_says("draft download", draft="1").attachments
    assert [file.name for file in files] == ["aaaaaaaaaaa.en.1.vtt", "aaaaaaaaaaa.en.1.srt"]
    assert files[0].text == waiting.text
    assert formats.read(files[1].text, "srt", "en").cues[0].lines[0].speaker == "Ann"


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_draft_is_downloaded_in_every_format(name, waiting, people):
    (file,) = people.owner_says("draft download", draft="1", format=name).attachments
    assert file.name == f"aaaaaaaaaaa.en.1.{name}"
    assert "and now we wait." in file.text


def test_a_format_that_there_is_not_is_refused(waiting, people):
    reply = people.owner_says("draft download", draft="1", format="docx")
    assert (reply.ok, reply.text) == (False, "There is no format 'docx'; there are: vtt, srt, ttml, sbv, txt, json.")


def test_a_format_may_be_given_in_capitals(waiting, people):
    (file,) = people.owner_says("draft download", draft="1", format="SRT").attachments
    assert file.name == "aaaaaaaaaaa.en.1.srt"


@pytest.mark.parametrize("name", ["show", "approve", "reject", "retry", "download"])
def test_a_draft_that_is_not_there_is_refused_by_every_command(name, people):
    reply = people.owner_says(f"draft {name}", draft="99")
    assert (reply.ok, reply.text) == (False, "There is no draft 99.")


@pytest.mark.parametrize("name", ["9" * 19, "9" * 400, "٣" * 30])
@pytest.mark.parametrize(
    ("command", "argument"), [("draft show", "draft"), ("queue retry", "video"), ("channel remove", "channel")]
)
def test_a_number_too_large_for_any_row_is_refused(name, command, argument, waiting, people):
    reply = people.owner_says(command, **{argument: name})
    assert (reply.ok, reply.text) == (False, f"There is no {argument} {name!r}.")


# ---- status, help


def test_the_status_counts_what_there_is(captiond, people):
    captiond.runs(whisper="", gemini="no key")
    captiond.drafts("aaaaaaaaaaa")
    data = people.owner_says("status").data
    assert data["alive"]
    assert data["engines"] == {"whisper": "", "gemini": "no key"}
    assert (data["channels"], data["videos"], data["drafts"]) == (1, {"drafted": 1}, {"waiting": 1})


def test_the_status_tells_since_when_captiond_is_down(captiond, people, clock):
    captiond.runs()
    clock.passes(hours=1)
    reply = people.owner_says("status")
    assert not reply.data["alive"]
    assert dict(reply.table.rows)["captiond"].startswith("captiond has been down since 2026-11-22")


def test_the_help_holds_every_command(people):
    assert [one["name"] for one in people.owner_says("help").data] == list(COMMANDS)


def test_the_help_of_one_command_tells_its_arguments(people):
    reply = people.owner_says("help", command="draft reject")
    assert reply.text.startswith("draft reject DRAFT [REASON]\n")
    assert [row[0] for row in reply.table.rows] == ["draft", "reason"]


def test_the_help_of_a_first_word_holds_the_commands_below_it(people):
    names = [one["name"] for one in people.owner_says("help", command="channel").data]
    assert names == [name for name in COMMANDS if name.startswith("channel ")]


def test_there_is_no_help_for_what_is_no_command(people):
    assert people.owner_says("help", command="xyzzy").text == "There is no command 'xyzzy'; help lists them all."


# ---- who may do what

LOOKS = [
    "channel list",
    "queue show",
    "draft list",
    "draft show",
    "draft extras",
    "draft voices",
    "draft download",
    "term list",
    "speaker list",
    "speaker show",
    "status",
    "help",
]
DECIDES = [
    *("queue retry", "queue cancel", "queue first", "caption"),
    *("draft approve", "draft reject", "draft hold", "draft retry", "draft redo", "draft edit", "draft replace"),
    *("term add", "term remove", "term import"),
    *("speaker name", "speaker rename", "speaker merge", "speaker forget"),
]
OWNS = ["channel add", "channel remove", "channel pause", "channel resume", "channel settings"]
GIVEN = {"channel": "@new", "draft": "1", "video": "aaaaaaaaaaa", "term": "Ada", "file": "x.srt"}
GIVEN |= {"speaker": "Ada", "into": "1", "voice": "A", "person": "Bob"}


def given(name):
    return {one.name: GIVEN[one.name] for one in COMMANDS[name].arguments if one.required}


def test_every_command_is_of_one_role():
    assert sorted(LOOKS + DECIDES + OWNS) == sorted(COMMANDS)


@pytest.mark.parametrize("name", LOOKS)
def test_a_viewer_may_look(name, captiond, waiting, people):
    captiond.knows_ada(1)
    assert people.say(people.viewer, name, **given(name)).ok


@pytest.mark.parametrize("name", DECIDES + OWNS)
def test_a_viewer_may_not_decide(name, captiond, database, waiting, people):
    captiond.knows_ada(1)
    before = everything(database)
    reply = people.say(people.viewer, name, **given(name))
    assert not reply.ok
    assert "you are a viewer" in reply.text
    assert everything(database) == before


@pytest.mark.parametrize("name", OWNS)
def test_an_approver_may_not_decide_what_is_watched(name, database, waiting, people):
    before = everything(database)
    reply = people.say(people.approver, name, **given(name))
    assert reply.text == "That takes the role owner, and you are an approver."
    assert everything(database) == before


# ---- what the surfaces count on


def test_a_mistake_of_ours_is_no_refusal(database, waiting, people):
    """A traceback belongs in the log: a person cannot put right what the program did wrong."""
    with database.write() as session:
        session.get(Draft, waiting.id).text = "no WebVTT"
    with pytest.raises(formats.CaptionError):
        people.owner_says("draft show", draft="1")


def test_every_command_has_help_and_every_argument_too():
    for command in COMMANDS.values():
        assert command.help.endswith(".")
        assert all(argument.help for argument in command.arguments)


def test_an_actor_stands_in_the_video_that_they_asked_for(database, people):
    people.say(people.approver, "caption", video="dQw4w9WgXcQ")
    with database.read() as session:
        assert session.get(Video, 1).requested_by == "discord:anna"
