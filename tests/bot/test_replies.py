import time
import unicodedata
from datetime import UTC, datetime, timedelta

import pytest

from bot.replies import channels as channel_replies
from bot.replies import drafts as draft_replies
from bot.replies import queue as queue_replies
from bot.replies import status as status_replies
from bot.replies import terms as term_replies
from bot.replies import words
from bot.reply import Attachment, Page, Pending, Reply, count, refused
from captions import formats
from captions.edit import Replacement
from captions.track import Cue, Line, Track
from store.lifecycle import ChannelState, DraftState, VideoState
from store.tables import Channel, Decision, DecisionKind, Draft, Service, Term, Video

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PAGE = Page(1, 1, 1, 20, {})
HOSTILE = [
    "[red]Live[/red]",
    "[/]",
    "\x1b[31mred\x1b[0m",
    "\x9b31mred",
    "two\nlines\r\nand more",
    "<script>&amp;",
    "{draft} %s",
    "",
    "名" * 300,
]


@pytest.fixture
def berlin():
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


def channel(**values):
    given = {
        "id": 1,
        "state": ChannelState.WATCHED,
        "reference": "@bakery",
        "asked_by": "x",
        "asked_at": NOON,
        **values,
    }
    return Channel(**given)


def video(**values):
    given = {
        "id": 4,
        "state": VideoState.FOUND,
        "youtube_id": "dQw4w9WgXcQ",
        "title": "Bread",
        "found_at": NOON,
        **values,
    }
    return Video(**given)


def draft(cues=1, **values):
    track = Track("en", tuple(Cue(n, n + 0.5, (Line(f"line {n}"),)) for n in range(cues)))
    given = {
        "id": 3,
        "state": DraftState.WAITING,
        "video_id": 4,
        "language": "en",
        "revision": 1,
        "engine": "whisper",
        "model": "tiny",
        "profile": "youtube",
        "text": formats.write(track, "vtt"),
        "sha256": "0",
        "cues": cues,
        "report": {"summary": "nothing too fast"},
        "made_at": NOON,
        **values,
    }
    return Draft(**given)


def service(**values):
    given = {"name": "captiond", "version": "9.9", "started_at": NOON, "seen_at": NOON, "engines": {}, "covers": []}
    return Service(**{**given, **values})


# ---- words


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (0.99, "0:00"), (65.4, "1:05"), (599, "9:59"), (3600, "1:00:00"), (3725, "1:02:05")],
)  # fmt: skip
def test_a_time_in_a_video_is_shown_as_players_show_it(seconds, shown):
    assert words.clock(seconds) == shown


@pytest.mark.parametrize(("number", "shown"), [(0, "0 drafts"), (1, "1 draft"), (2, "2 drafts")])
def test_one_is_singular_and_none_is_plural(number, shown):
    assert count(number, "draft") == shown


def test_a_moment_is_shown_in_the_time_zone_of_the_machine(berlin):
    assert words.moment(NOON) == "2026-11-22 13:00 CET"


def test_a_moment_that_never_was_is_empty():
    assert words.moment(None) == ""


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("that is wrong", "That is wrong."), ("Did you mean x?", "Did you mean x?"), ("Done.", "Done.")],
)
def test_a_refusal_is_a_sentence(reason, shown):
    reply = refused(reason)
    assert (reply.text, reply.ok) == (shown, False)


# ---- channels


def test_a_channel_that_is_looked_up_is_pending():
    reply = channel_replies.channel_asked(channel(state=ChannelState.ASKED), None)
    assert (reply.text, reply.pending) == ("Looking up @bakery …", Pending(1))


def test_a_channel_that_nobody_looks_up_is_not_pending():
    reply = channel_replies.channel_asked(channel(state=ChannelState.ASKED), "captiond has never run")
    assert reply.pending is None
    assert reply.text == "Channel 1 is noted. captiond has never run: it is looked up when captiond runs."


def test_a_channel_that_was_found_is_answered_by_its_title():
    assert "The Bakery, is watched" in channel_replies.channel_answered(channel(title="The Bakery")).text


def test_a_channel_that_was_refused_is_answered_with_the_reason():
    reply = channel_replies.channel_answered(channel(state=ChannelState.REFUSED, reason="there is none"))
    assert (reply.text, reply.ok) == ("@bakery is not watched: there is none.", False)


def test_a_look_up_in_trouble_tells_the_trouble():
    reply = channel_replies.channel_answered(channel(state=ChannelState.ASKED, last_error="503"))
    assert reply.text == "Channel 1 is still being looked up. The last try failed: 503."


def test_a_removed_channel_without_a_title_is_called_as_it_was_asked_for():
    assert "@bakery" in channel_replies.channel_removed(channel()).text


def test_an_empty_list_of_channels_says_how_to_add_one():
    assert "channel add @handle" in channel_replies.channel_list([], PAGE).text


def test_a_feed_in_trouble_says_when_it_is_read_again(berlin):
    listed = channel_replies.channel_list([channel(last_error="the feed answered 404", next_try_at=NOON)], PAGE)
    assert listed.table.rows[0][-1] == "the feed answered 404 (again at 2026-11-22 13:00 CET)"
    assert listed.data[0]["next_try_at"] == NOON.isoformat()


def test_the_reason_of_a_refusal_goes_before_the_last_error():
    table = channel_replies.channel_list([channel(reason="no such channel", last_error="503")], PAGE).table
    assert table.rows[0][-1] == "no such channel"


# ---- the queue


@pytest.mark.parametrize(
    ("values", "doing"),
    [
        ({}, "in line"),
        ({"next_try_at": NOON}, "in line"),
        ({"claimed_by": "captiond"}, "downloading"),
        ({"claimed_by": "captiond", "state": VideoState.DOWNLOADED, "progress": 0.424}, "recognising 42%"),
        ({"claimed_by": "captiond", "state": VideoState.TRANSCRIBED}, "typesetting"),
        ({"state": VideoState.DRAFTED}, ""),
        ({"state": VideoState.FAILED}, ""),
    ],
)
def test_a_queue_says_what_happens_to_a_video_now(values, doing):
    assert queue_replies.doing(video(**values), NOON) == doing


def test_a_video_that_waits_says_until_when(berlin):
    before = NOON - timedelta(seconds=1)
    assert queue_replies.doing(video(next_try_at=NOON), before) == "waits until 2026-11-22 13:00 CET"


def test_while_captiond_is_down_nothing_is_said_to_happen():
    reply = queue_replies.queue([video(claimed_by="captiond")], PAGE, "captiond has been down since noon", NOON)
    assert reply.text == "1 video. captiond has been down since noon: nothing moves."
    assert reply.table.rows[0][reply.table.columns.index("now")] == ""


def test_the_trouble_of_a_video_is_the_reason_before_the_last_error():
    assert queue_replies.trouble(video(reason="sign in", last_error="403")) == "sign in"
    assert queue_replies.trouble(video(last_error="403")) == "403"
    assert queue_replies.trouble(video()) == ""


def test_an_empty_queue_is_a_sentence():
    assert queue_replies.queue([], PAGE, None, NOON).text == "Nothing is on its way."


# ---- drafts


def test_a_draft_of_a_covered_channel_says_how_to_approve_it():
    assert "Next: /draft approve 3" in draft_replies.draft_shown(draft(), video(), [], covered=True).text


def test_a_draft_of_a_channel_without_a_login_says_how_to_download_it():
    assert "Next: /draft download 3" in draft_replies.draft_shown(draft(), video(), [], covered=False).text


def test_a_draft_without_a_cue_says_that_there_is_nothing_to_upload():
    reply = draft_replies.draft_shown(draft(cues=0), video(), [], covered=True)
    assert "There is nothing to upload. Next: /draft reject 3" in reply.text
    assert reply.table is None


def test_a_draft_without_a_cue_says_so_in_the_list_while_it_waits():
    (row,) = draft_replies.draft_list([(draft(cues=0), video())], PAGE).table.rows
    assert row[-1] == "nothing was said: nothing to upload"
    (row,) = draft_replies.draft_list(
        [(draft(cues=0, state=DraftState.REJECTED, reason="empty"), video())], PAGE
    ).table.rows
    assert row[-1] == "empty"


def test_a_decided_draft_has_no_next_step():
    assert "Next" not in draft_replies.draft_shown(draft(state=DraftState.UPLOADED), video(), [], covered=True).text


def test_a_draft_tells_who_decided_what_when_and_why(berlin):
    said = Decision(draft_id=3, what=DecisionKind.REJECT, who="discord:anna", at=NOON, reason="wrong names")
    assert (
        "rejected by @anna on 2026-11-22 13:00 CET: wrong names"
        in draft_replies.draft_shown(draft(state=DraftState.REJECTED), video(), [said], covered=True).text
    )


@pytest.mark.parametrize("kind", DecisionKind)
def test_every_decision_has_its_words(kind):
    said = Decision(draft_id=3, what=kind, who="anna", at=NOON)
    assert " by anna on " in draft_replies.draft_shown(draft(), video(), [said], covered=True).text


def test_a_preview_shows_the_first_cues_and_how_many_are_left():
    table = draft_replies.draft_shown(draft(cues=draft_replies.PREVIEW_CUES + 2), video(), [], covered=True).table
    assert [row[1] for row in table.rows] == [f"line {n}" for n in range(draft_replies.PREVIEW_CUES)] + ["and 2 more"]


def test_a_preview_of_all_cues_counts_no_rest():
    table = draft_replies.draft_shown(draft(cues=draft_replies.PREVIEW_CUES), video(), [], covered=True).table
    assert table.rows[-1][1] == f"line {draft_replies.PREVIEW_CUES - 1}"


def test_a_preview_has_no_markup():
    track = Track("en", (Cue(0, 1, (Line("<i>flour</i> &amp; water"),)),))
    assert draft_replies.preview(track).rows == (("0:00", "flour & water"),)


def test_a_video_without_a_title_is_called_by_its_id():
    table = draft_replies.draft_list([(draft(), video(title=""))], PAGE).table
    assert "dQw4w9WgXcQ" in table.rows[0]


def test_a_webvtt_file_is_the_draft_byte_for_byte():
    made = draft(text="WEBVTT\n\nNOTE kept\n\n00:01.000 --> 00:02.000\nHello\n")
    (file,) = draft_replies.draft_files(made, video(), ["vtt"]).attachments
    assert (file.name, file.text) == ("dQw4w9WgXcQ.en.1.vtt", made.text)


def test_a_file_is_called_by_its_revision():
    (file,) = draft_replies.draft_files(draft(revision=2, language="pt-BR"), video(), ["vtt"]).attachments
    assert file.name == "dQw4w9WgXcQ.pt-BR.2.vtt"


def test_the_other_files_are_written_from_the_draft():
    (file,) = draft_replies.draft_files(draft(), video(), ["srt"]).attachments
    assert file == Attachment("dQw4w9WgXcQ.en.1.srt", "1\n00:00:00,000 --> 00:00:00,500\nline 0\n")


# ---- status


def status(service=None, down=None, quota=None, spent=None):
    table = status_replies.status(
        service, down, "runs", {"UCown": "The Bakery"}, 2, {"found": 1}, {}, quota, spent or {}, 4.0
    ).table
    return dict(table.rows)


def test_a_daemon_that_runs_is_shown_with_its_version():
    assert status(service())["captiond"].startswith("runs, version 9.9, since ")


def test_a_daemon_that_is_down_is_shown_so():
    assert status(service(), "captiond is down")["captiond"] == "captiond is down"


def test_a_daemon_that_never_ran_is_told_from_one_that_is_down(berlin):
    assert status_replies.daemon_down(None) == "captiond has never run"
    assert status_replies.daemon_down(service()) == "captiond has been down since 2026-11-22 13:00 CET"


def test_an_engine_is_ready_or_says_why_not():
    shown = status(service(engines={"whisper": "", "gemini": "no key"}))
    assert (shown["engine whisper"], shown["engine gemini"]) == ("ready", "no key")


def test_a_login_that_covers_nothing_says_so():
    assert status(service())["login covers"] == "no channel"


def test_what_there_is_none_of_is_said_in_words():
    assert status()["drafts"] == "none"


def test_what_engines_cost_is_shown_with_a_forecast():
    shown = status(spent={"gemini": 0.5, "assemblyai": 1.25})["spent this month"]
    assert shown == "assemblyai 1.25, gemini 0.50; about 4.00 by its end"
    assert "spent this month" not in status()


def test_booked_quota_is_shown_with_its_day():
    assert status(quota=(NOON.date(), 1200))["quota"] == "1,200 units booked on 2026-11-22"


# ---- titles that strangers wrote


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_in_one_cell_of_a_list(title):
    table = queue_replies.queue([video(title=title)], PAGE, None, NOON).table
    assert len(table.rows) == 1
    assert len(table.rows[0]) == len(table.columns)


def test_a_long_title_is_cut_in_every_list():
    tables = [
        queue_replies.queue([video(title="x" * 5_000)], PAGE, None, NOON).table,
        draft_replies.draft_list([(draft(), video(title="x" * 5_000))], PAGE).table,
        channel_replies.channel_list([channel(title="x" * 5_000)], PAGE).table,
    ]
    assert all(max(map(len, table.rows[0])) == words.TITLE_CHARACTERS for table in tables)


def is_clean(text):
    return not any(unicodedata.category(one) in ("Cc", "Cf") for one in text)


@pytest.mark.parametrize("title", HOSTILE)
def test_no_cell_of_a_table_has_a_line_break_or_a_control_character(title):
    tables = [
        queue_replies.queue([video(title=title, reason=title)], PAGE, None, NOON).table,
        draft_replies.draft_list([(draft(reason=title), video(title=title))], PAGE).table,
        channel_replies.channel_list([channel(title=title, last_error=title)], PAGE).table,
        status_replies.status(
            service(engines={"x": title}, note=title), None, title, {}, 0, {}, {}, None, {}, 0.0
        ).table,
    ]
    assert all(is_clean(cell) for table in tables for row in table.rows for cell in row)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_or_reason_is_one_clean_line_of_a_text(title):
    said = Decision(draft_id=3, what=DecisionKind.REJECT, who="anna", at=NOON, reason=title)
    shown = draft_replies.draft_shown(draft(reason=title), video(title=title), [said], covered=True)
    plain = draft_replies.draft_shown(draft(reason="x" if title else ""), video(), [said], covered=True)
    texts = [
        *shown.text.split("\n"),
        channel_replies.channel_removed(channel(title=title)).text,
        channel_replies.channel_answered(channel(title=title)).text,
    ]
    assert all(map(is_clean, texts))
    assert len(shown.text.split("\n")) == len(plain.text.split("\n"))


@pytest.mark.parametrize("state", [ChannelState.REFUSED, ChannelState.ASKED])
def test_a_hostile_error_is_one_clean_line_of_an_answer(state):
    error = "\x1b[31mred\x1b[0m\nmore"
    assert is_clean(channel_replies.channel_answered(channel(state=state, reason=error, last_error=error)).text)


@pytest.mark.parametrize("title", HOSTILE)
def test_a_script_gets_every_title_as_it_is(title):
    assert queue_replies.queue([video(title=title)], PAGE, None, NOON).data[0]["title"] == title
    assert draft_replies.draft_list([(draft(), video(title=title))], PAGE).data[0]["title"] == title
    assert channel_replies.channel_list([channel(title=title)], PAGE).data[0]["title"] == title


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_gets_into_the_name_of_a_file(title):
    names = [file.name for file in draft_replies.draft_files(draft(), video(title=title), ["vtt", "srt"]).attachments]
    assert names == ["dQw4w9WgXcQ.en.1.vtt", "dQw4w9WgXcQ.en.1.srt"]


# ---- what people set and change


def found_in(*lines, cues=1):
    track = Track("en", tuple(Cue(n, n + 0.5, tuple(map(Line, lines))) for n in range(cues)))
    return track, Replacement(track, cues, tuple(range(cues)))


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_one_clean_line_of_a_channel_that_is_set(title):
    replies_ = [
        channel_replies.channel_paused(channel(title=title)),
        channel_replies.channel_resumed(channel(title=title)),
        channel_replies.channel_settings(channel(title=title, engine=title, place="1"), {"engine"}, {"1": title}),
    ]
    assert all(is_clean(one.text) for one in replies_)
    assert all(is_clean(cell) for row in replies_[-1].table.rows for cell in row)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_term_or_word_is_one_clean_line(text):
    _, found = found_in("so", "said")
    term = Term(text=text, added_by="anna", added_at=NOON)
    shown = draft_replies.replacement_shown(draft(), found, [("-", text), ("+", text)], text, text)
    texts = [term_replies.term_removed(text).text, shown.text]
    assert all(map(is_clean, texts))
    assert all(is_clean(cell) for row in term_replies.term_list([term], PAGE).table.rows for cell in row)
    offer = draft_replies.with_term_offered(Reply("x"), text, None).offer
    assert (offer is not None) == (0 < len(text) <= 100)
    assert offer is None or is_clean(offer.values["term"])


@pytest.mark.parametrize("line", HOSTILE)
def test_a_hostile_line_of_a_change_stays_in_its_cell(line):
    table = draft_replies.draft_edited(draft(), draft(id=4), video(), [("-", line), ("+", "x")]).table
    assert [len(row) for row in table.rows] == [2, 2]
    assert all(is_clean(cell) for row in table.rows for cell in row)


def test_a_change_of_many_lines_is_shown_up_to_a_screen():
    lines = [("+", f"line {n}") for n in range(draft_replies.SHOWN_LINES + 3)]
    table = draft_replies.draft_edited(draft(), draft(id=4), video(), lines).table
    assert (len(table.rows), table.rows[-1]) == (draft_replies.SHOWN_LINES + 1, ("…", "and 3 lines more"))
    assert (
        len(draft_replies.draft_edited(draft(), draft(id=4), video(), lines[:-3]).table.rows)
        == draft_replies.SHOWN_LINES
    )


def test_a_cue_that_is_found_is_numbered_as_people_count_in_the_data():
    _, found = found_in("flour", cues=2)
    reply = draft_replies.replacement_shown(draft(), found, [], "flour", "meal")
    assert reply.data == {"count": 2, "cues": [1, 2]}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (VideoState.SKIPPED, "Video 4 is cancelled. To take it up again: /queue retry 4"),
        (VideoState.FOUND, "Video 4 is being worked on: captiond is told to stop."),
    ],
)
def test_a_cancelled_video_says_whether_it_has_stopped(state, said):
    assert queue_replies.video_cancelled(video(state=state)).text == said


def test_a_draft_that_is_held_back_or_done_again_says_what_comes_next():
    assert "waits for a decision again" in draft_replies.draft_held(draft(), video()).text
    assert draft_replies.draft_redone(draft(), video(), None).text.endswith("it becomes a new revision.")
    assert "captiond is down: it is taken up" in draft_replies.draft_redone(draft(), video(), "captiond is down").text


# ---- the rules of captions


def test_a_list_of_channels_tells_of_rules_where_one_has_its_own():
    own = channel(id=2, profile="bbc", limits={"characters_per_line": 37, "lines": 1})
    table = channel_replies.channel_list([channel(), own], PAGE).table
    at = table.columns.index("captions")
    assert [row[at] for row in table.rows] == ["", "bbc, characters_per_line=37, lines=1"]
    assert "captions" not in channel_replies.channel_list([channel()], PAGE).table.columns


def test_a_draft_says_by_which_rules_it_was_made():
    reply = draft_replies.draft_shown(
        draft(profile="shorts", report={"limits": {"lines": 1}}), video(), (), covered=True
    )
    assert "rules shorts, lines=1" in reply.text
