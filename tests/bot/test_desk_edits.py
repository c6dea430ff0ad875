"""What people change in drafts: hold, redo, edit, replace."""

import json

import pytest

from bot import typed
from bot.desk import COMMANDS, editing
from captions import formats
from captions.check import from_json
from store import drafts, videos, work
from store.lifecycle import DraftState, VideoState
from store.tables import Draft, Subject, Video
from tests.bot.conftest import CAPTIONS, LEASE
from tests.store.factories import at_once, everything

SRT = "1\n00:00:01,000 --> 00:00:03,000\n>> Ann: Flour and water\n\n2\n00:01:05,000 --> 00:01:07,500\nnow wait\n"


@pytest.fixture
def waiting(captiond):
    """A draft that can be approved: two cues of Ann's."""
    captiond.runs()
    return captiond.drafts("aaaaaaaaaaa", "Bread")


def said(database, draft_id):
    draft, _ = drafts.get(database, draft_id)
    return formats.shown(formats.read(draft.text, "vtt", "en"))


def refused(database, people, name, why, **values):
    before = everything(database)
    reply = people.owner_says(name, **values)
    assert not reply.ok
    assert why in reply.text
    assert everything(database) == before


def plain_json(reply):
    return json.loads(json.dumps(reply.data))


# ---- draft hold, draft redo


def test_an_approved_draft_is_held_back(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    reply = people.say(people.approver, "draft hold", draft="1")
    assert (reply.text, plain_json(reply)["state"]) == (
        "Draft 1 is held back: it waits for a decision again.",
        "waiting",
    )
    assert drafts.claim_approved(database, "captiond", LEASE) is None
    assert "held back by @anna" in people.owner_says("draft show", draft="1").text


def test_a_draft_that_is_being_uploaded_is_not_held_back(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    drafts.claim_approved(database, "captiond", LEASE)
    refused(database, people, "draft hold", "The upload of draft 1 has begun: it cannot be held back", draft="1")


def test_an_upload_that_began_once_is_not_held_back(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    drafts.claim_approved(database, "captiond", LEASE)
    work.renew(database, Draft, 1, "captiond", LEASE, tracks_before=[])
    work.release(database, Draft, 1, "captiond")
    refused(database, people, "draft hold", "The upload of draft 1 has begun", draft="1")


def test_a_draft_that_waits_is_not_held_back(database, waiting, people):
    refused(database, people, "draft hold", "Only an approved one can be held back".lower(), draft="1")


def test_the_video_of_a_draft_is_done_again(database, waiting, people, last_event):
    reply = people.say(people.approver, "draft redo", draft="1")
    assert (reply.ok, plain_json(reply)["id"]) == (True, 1)
    assert videos.find(database, "aaaaaaaaaaa").state is VideoState.DOWNLOADED
    assert last_event(Subject.VIDEO, waiting.video_id).who == "discord:anna"


def test_a_video_that_is_being_done_again_is_not_done_a_third_time(database, waiting, people):
    people.owner_says("draft redo", draft="1")
    refused(database, people, "draft redo", "Video 1 is downloaded, not drafted.", draft="1")


def test_a_redo_that_nobody_takes_up_says_so(waiting, people, clock):
    clock.passes(hours=1)
    assert "captiond has been down since" in people.owner_says("draft redo", draft="1").text


# ---- draft edit: a cue


def test_an_edited_cue_is_a_new_revision_that_waits(database, waiting, people, last_event):
    reply = people.say(people.approver, "draft edit", draft="1", cue="2", text="and now we rest.")
    assert (plain_json(reply)["id"], plain_json(reply)["revision"], plain_json(reply)["state"]) == (2, 2, "waiting")
    assert said(database, 2) == [(">> Ann: Flour, water & salt",), ("and now we rest.",)]
    assert drafts.get(database, 2)[0].edited_by == "discord:anna"
    assert last_event(Subject.DRAFT, 2).why == "cue 2"


def test_an_edit_shows_what_went_and_what_came(waiting, people):
    reply = people.owner_says("draft edit", draft="1", cue="2", text="and now we rest.")
    assert reply.table.rows == (("-", "and now we wait."), ("+", "and now we rest."))
    assert reply.text.startswith("Draft 1 became draft 2, revision 2, which waits for a decision. 2 cues, ")


def test_each_line_that_came_is_shown_below_the_one_that_it_replaced(waiting, people):
    text = "WEBVTT\n\n00:01.000 --> 00:03.000\none\n\n00:05.000 --> 00:06.000\ntwo\n\n00:07.000 --> 00:08.000\nthree\n"
    rows = replace(people, "mine.vtt", text).table.rows
    assert rows == (
        ("-", "Flour, water & salt"),
        ("+", "one"),
        ("-", "and now we wait."),
        ("+", "two"),
        ("+", "three"),
    )


def test_an_edit_keeps_the_times_and_the_markup_of_the_other_cues(database, waiting, people):
    people.owner_says("draft edit", draft="1", cue="2", text="x")
    before, after = (formats.read(drafts.get(database, one)[0].text, "vtt", "en") for one in (1, 2))
    assert [(cue.start, cue.end) for cue in after.cues] == [(cue.start, cue.end) for cue in before.cues]
    assert after.cues[0] == before.cues[0]


def test_markup_in_a_text_is_shown_as_it_is(database, waiting, people):
    people.owner_says("draft edit", draft="1", cue="2", text="<i>wait</i> & see -->")
    assert said(database, 2)[1] == ("<i>wait</i> & see -->",)


def test_a_cue_is_taken_out(database, waiting, people):
    people.owner_says("draft edit", draft="1", cue="1", remove="yes")
    assert said(database, 2) == [(">> Ann: and now we wait.",)]
    assert drafts.get(database, 2)[0].cues == 1


def test_the_last_cue_does_not_go(database, captiond, people):
    captiond.drafts("aaaaaaaaaaa", text="WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n")
    refused(
        database,
        people,
        "draft edit",
        "No cue would be left: reject the draft instead.",
        draft="1",
        cue="1",
        remove="yes",
    )


@pytest.mark.parametrize("values", [{}, {"text": ""}, {"text": " \n"}, {"text": "x", "remove": "yes"}])
def test_a_cue_is_not_taken_out_by_saying_too_little_or_too_much(values, database, waiting, people):
    why = "Say the new text of cue 1, or remove, to take it out."
    refused(database, people, "draft edit", why, draft="1", cue="1", **values)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"cue": "3", "text": "x"}, "There is no cue 3: there are 2."),
        ({"cue": "0", "text": "x"}, "There is no cue 0: there are 2."),
        ({"cue": "-1", "text": "x"}, "'-1' is no number of a cue."),
        ({"cue": "two", "text": "x"}, "'two' is no number of a cue."),
        ({"cue": "²", "text": "x"}, "'²' is no number of a cue."),
        ({"cue": "9" * 5000, "text": "x"}, "is no number of a cue."),
        ({}, "Say which cue, by its number, and its new text"),
        ({"apply": "yes"}, "Say which cue"),
        ({"cue": "1", "find": "salt"}, "Give either the number of a cue or what to find"),
        ({"find": "sugar"}, "'sugar' does not stand in draft 1."),
        ({"find": "i", "apply": "yes"}, "'i' does not stand in draft 1."),
        ({"find": ""}, "Say what is to be found."),
        ({"find": "salt", "by": "salt", "apply": "yes"}, "That changes nothing in draft 1."),
    ],
    ids=str,
)
def test_an_edit_that_says_nothing_to_do_is_refused(values, why, database, captiond, people):
    tidy = formats.write(formats.read(CAPTIONS, "vtt", "en"), "vtt")
    captiond.drafts("aaaaaaaaaaa", text=tidy)
    refused(database, people, "draft edit", why, draft="1", **values)


def test_what_was_approved_is_edited_only_after_it_is_held_back(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    refused(database, people, "draft edit", "hold it back first", draft="1", cue="1", text="x")
    people.owner_says("draft hold", draft="1")
    assert people.owner_says("draft edit", draft="1", cue="1", text="x").ok


def test_an_older_revision_is_not_edited_by_its_number_and_the_newest_is_by_its_video(database, waiting, people):
    people.owner_says("draft edit", draft="1", cue="1", text="one")
    refused(database, people, "draft edit", "Draft 1 is revision 1; draft 2 is newer.", draft="1", cue="1", text="x")
    assert people.owner_says("draft edit", draft="aaaaaaaaaaa", cue="1", text="two").data["revision"] == 3


def test_of_two_who_edit_at_once_the_second_is_told_and_the_first_is_kept(database, waiting, people):
    def edit(own, text):
        desk = type(people.desk)(own)
        return type(people)(desk).say(people.approver, "draft edit", draft="1", cue="1", text=text)

    replies = at_once(database, lambda own: edit(own, "from anna"), lambda own: edit(own, "from bert"))
    (done,) = [one for one in replies if one.ok]
    (told,) = [one for one in replies if not one.ok]
    assert told.text == "Draft 1 is revision 1; draft 2 is newer."
    assert done.table.rows[-1][1] == said(database, 2)[0][0].removeprefix(">> Ann: ")


def test_an_edit_is_checked_anew(database, waiting, people):
    people.owner_says("draft edit", draft="1", cue="2", text="far too long a text " * 10)
    report = drafts.get(database, 2)[0].report
    assert "1 too fast to read" in report["summary"]
    assert {problem["cue"] for problem in report["problems"]} == {1}


def with_doubts(database, *words):
    doubtful = [{"text": word, "start": 1.0, "confidence": 0.2} for word in words]
    with database.write() as session:
        row = session.get(Draft, 1)
        row.report = {**row.report, "doubtful": doubtful}
        session.add(row)


def test_a_doubtful_word_that_was_mended_is_doubted_no_more(database, waiting, people):
    with_doubts(database, "Salt", "wait")
    reply = people.owner_says("draft edit", draft="1", cue="2", text="and now we rest.")
    report = drafts.get(database, 2)[0].report
    assert [doubt["text"] for doubt in report["doubtful"]] == ["Salt"]
    assert report["summary"].endswith("; 1 doubtful word.")
    assert report["summary"] in reply.text


def test_the_report_of_an_edit_is_read_as_any_other(database, waiting, people):
    with_doubts(database, "salt")
    people.owner_says("draft edit", draft="1", cue="2", text="x")
    report = {name: value for name, value in drafts.get(database, 2)[0].report.items() if name != "summary"}
    assert from_json(json.dumps(report)).cues == 2


def test_what_the_voices_feel_is_told_with_the_draft_and_stays_with_an_edit(database, waiting, people):
    told = {"voice": [{"speaker": "Ann", "seconds": 9.0, "shares": {"happy": 1.0}}], "spans": []}
    with database.write() as session:
        row = session.get(Draft, 1)
        row.report = {**row.report, "emotions": told}
        session.add(row)
    people.owner_says("draft edit", draft="1", cue="2", text="and now we rest.")
    assert drafts.get(database, 2)[0].report["emotions"] == told
    assert "Feeling (voice): Ann happy 100 %" in people.owner_says("draft show", draft="2").text


# ---- draft edit: a word wherever it stands


def test_a_replacement_is_shown_first_and_nothing_is_changed(database, waiting, people):
    before = everything(database)
    reply = people.owner_says("draft edit", draft="1", find="AND", by="then")
    assert reply.ok
    assert reply.text == "'AND' stands 1 time in draft 1."
    assert reply.offer.words == "To put 'then' in its place"
    assert reply.offer.values == {"draft": "1", "find": "AND", "by": "then", "apply": "yes"}
    assert typed.line(COMMANDS[reply.offer.command], reply.offer.values) == "draft edit --find AND --by then --apply 1"
    assert reply.table.rows == (("-", "and now we wait."), ("+", "then now we wait."))
    assert plain_json(reply) == {"count": 1, "cues": [2]}
    assert everything(database) == before


def test_a_replacement_that_is_applied_is_a_new_revision(database, waiting, people, last_event):
    reply = people.say(people.approver, "draft edit", draft="1", find="salt", by="a little sugar", apply="yes")
    assert plain_json(reply)["revision"] == 2
    assert said(database, 2)[0] == (">> Ann: Flour, water & a little sugar",)
    assert "<i>a little sugar</i>" in drafts.get(database, 2)[0].text
    assert last_event(Subject.DRAFT, 2).why == "salt → a little sugar, 1 time"


def test_what_was_put_in_is_offered_to_the_glossary(waiting, people):
    reply = people.owner_says("draft edit", draft="1", find="salt", by="Saltzmann", apply="yes")
    assert (reply.offer.command, reply.offer.values) == ("term add", {"term": "Saltzmann", "channel": "1"})


def test_a_word_is_taken_out_wherever_it_stands_and_nothing_is_offered(database, waiting, people):
    reply = people.owner_says("draft edit", draft="1", find="now", apply="yes")
    assert said(database, 2)[1] == ("and we wait.",)
    assert reply.offer is None


def test_a_replacement_that_leaves_nothing_is_refused(database, captiond, people):
    captiond.drafts("aaaaaaaaaaa", text="WEBVTT\n\n00:01.000 --> 00:02.000\nuh\n")
    refused(database, people, "draft edit", "No cue would be left", draft="1", find="uh", apply="yes")


# ---- draft replace


def replace(people, name="mine.srt", text=SRT, draft="1"):
    return people.say(people.approver, "draft replace", **{"draft": draft, "file": name, "text of file": text})


def test_a_file_takes_the_place_of_all_cues(database, waiting, people, last_event):
    reply = replace(people)
    assert plain_json(reply)["revision"] == 2
    row, _ = drafts.get(database, 2)
    assert said(database, 2) == [(">> Ann: Flour and water",), ("now wait",)]
    assert (row.language, row.engine, row.edited_by, row.cues) == ("en", "whisper", "discord:anna", 2)
    assert last_event(Subject.DRAFT, 2).why == "the file mine.srt"


@pytest.mark.parametrize("name", formats.readable())
def test_a_file_may_be_of_any_format_that_can_be_read(name, database, waiting, people):
    text = formats.write(formats.read(SRT, "srt", "en"), name)
    assert replace(people, f"mine.{name}", text).ok
    assert said(database, 2) == [(">> Ann: Flour and water",), ("now wait",)]


@pytest.mark.parametrize("name", ["mine.vtt", "MINE.VTT"])
def test_a_downloaded_file_that_was_changed_comes_back(name, database, waiting, people):
    (file,) = people.owner_says("draft download", draft="1", format="vtt").attachments
    assert replace(people, name, file.text.replace("wait", "rest")).ok
    assert said(database, 2)[1] == ("and now we rest.",)


def test_a_downloaded_file_that_nobody_changed_changes_nothing(database, captiond, people):
    captiond.drafts("aaaaaaaaaaa", text=formats.write(formats.read(CAPTIONS, "vtt", "en"), "vtt"))
    (file,) = people.owner_says("draft download", draft="1", format="vtt").attachments
    reply = replace(people, "same.vtt", file.text)
    assert (reply.ok, reply.text) == (False, "That changes nothing in draft 1.")


def test_what_a_file_changes_is_shown_up_to_a_screen(waiting, people):
    cues = "\n".join(f"00:{n:02}.000 --> 00:{n:02}.900\nline {n}\n" for n in range(20))
    table = replace(people, "new.vtt", f"WEBVTT\n\n{cues}").table
    assert len(table.rows) == 13
    assert table.rows[-1] == ("…", "and 10 lines more")


HEAD = "WEBVTT\n\n"
BAD_FILES = {
    "wrong suffix": (
        "mine.docx",
        SRT,
        '"mine.docx" is no caption file: those end in .vtt, .srt, .ttml, .sbv, .txt, .json.',
    ),
    "no suffix": ("mine", SRT, '"mine" is no caption file'),
    "only written": ("mine.txt", "Hello", 'Captions cannot be read from "txt", only from vtt, srt, ttml, sbv, json.'),
    "empty": ("mine.srt", "", "mine.srt has no cue"),
    "empty webvtt": ("mine.vtt", "", "mine.vtt, line 1: a WebVTT file begins with the word WEBVTT."),
    "no cue": ("mine.vtt", HEAD, "mine.vtt has no cue"),
    "no text": (
        "mine.vtt",
        f"{HEAD}00:01.000 --> 00:02.000\n\n00:03.000 --> 00:04.000\n<i></i>\n",
        "has no cue with a text",
    ),
    "overlap": (
        "mine.vtt",
        f"{HEAD}00:01.000 --> 00:03.000\none\n\n00:02.500 --> 00:04.000\ntwo\n",
        "mine.vtt, line 6: cue 2 begins before cue 1 ends, at 3.000 s.",
    ),
    "overlap in a format without arrows": (
        "mine.sbv",
        "0:00:01.000,0:00:03.000\none\n\n0:00:02.500,0:00:04.000\ntwo\n",
        "mine.sbv, cue 2 begins before cue 1 ends, at 3.000 s.",
    ),
    "out of order": (
        "mine.vtt",
        f"{HEAD}00:05.000 --> 00:06.000\none\n\n00:02.000 --> 00:03.000\ntwo\n",
        "mine.vtt, line 6: the cue starts before the one above it.",
    ),
    "backwards": (
        "mine.vtt",
        f"{HEAD}00:05.000 --> 00:04.000\none\n",
        "mine.vtt, line 3: the cue ends before it starts.",
    ),
    "nonsense": ("mine.srt", "hello\nthere", "mine.srt, line 1: this text has no time above it."),
    "past the end": (
        "mine.vtt",
        f"{HEAD}00:01.000 --> 01:32.100\none\n",
        "mine.vtt, line 3: its last cue ends at 92.1 s, and the video at 90.0 s: is it of this video?",
    ),
}


@pytest.fixture
def of_90_seconds(database, waiting):
    with database.write() as session:
        video = session.get(Video, waiting.video_id)
        video.seconds = 90.0
        session.add(video)
    return waiting


@pytest.mark.parametrize(("name", "text", "why"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_no_revision_of_the_draft_is_refused_in_words(name, text, why, database, of_90_seconds, people):
    before = everything(database)
    reply = replace(people, name, text)
    assert not reply.ok
    assert why in reply.text
    assert everything(database) == before


@pytest.mark.parametrize("end", ["01:30.000", "01:32.000"])
def test_a_last_cue_may_stay_a_little_longer_than_the_video(end, of_90_seconds, people):
    assert replace(people, "mine.vtt", f"{HEAD}00:01.000 --> {end}\none\n").ok


def test_cues_that_touch_do_not_overlap(waiting, people):
    assert replace(people, "mine.vtt", f"{HEAD}00:01.000 --> 00:02.000\none\n\n00:02.000 --> 00:03.000\ntwo\n").ok


# ---- the bytes of a file

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (PNG, "x.srt is no text but a picture"),
        ("Привет".encode("cp1251"), "x.srt is no text in UTF-8"),
        (b"a\x00b", "x.srt is no text"),
        (b"x" * (editing.LARGEST_BYTES + 1), "x.srt is larger than 10 MB"),
    ],
    ids=["png", "cyrillic", "nul", "large"],
)
def test_what_is_no_text_is_refused(content, why):
    with pytest.raises(ValueError, match=why):
        editing.read_file("x.srt", content)


@pytest.mark.parametrize("content", ["Fl\u00f6te\r\n", "", "x" * editing.LARGEST_BYTES], ids=["text", "empty", "large"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_text_is_read_without_its_byte_order_mark(content, mark):
    if len(content) + len(mark) > editing.LARGEST_BYTES:
        content = content[len(mark) :]
    assert editing.read_file("x.srt", mark + content.encode()) == content


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_of_another_encoding_is_read(encoding):
    assert editing.read_file("x.srt", "Flöte".encode(encoding)) == "Flöte"


@pytest.mark.parametrize("role", ["viewer"])
def test_a_viewer_edits_nothing(role, database, waiting, people):
    before = everything(database)
    for values in ({"cue": "1", "text": "x"}, {"find": "salt", "by": "sugar"}):
        assert not people.say(getattr(people, role), "draft edit", draft="1", **values).ok
    assert everything(database) == before


def test_an_edit_of_what_is_on_youtube_waits_and_leaves_it_there(database, waiting, people):
    people.owner_says("draft approve", draft="1")
    drafts.uploaded(database, drafts.claim_approved(database, "captiond", LEASE), "captiond", "track")
    assert people.owner_says("draft edit", draft="1", cue="1", text="x").data["state"] == "waiting"
    assert drafts.get(database, 1)[0].state is DraftState.UPLOADED


# ---- the rules of an edited draft


def test_an_edit_is_checked_by_the_numbers_that_the_draft_was_made_by(database, waiting, people):
    with database.write() as session:
        draft = session.get(Draft, 1)
        draft.report = {**draft.report, "limits": {"characters_per_line": 12}}
        session.add(draft)
    assert people.owner_says("draft edit", draft="1", cue="1", text="Flour and some water").ok
    changed, _ = drafts.get(database, 2)
    assert changed.report["limits"] == {"characters_per_line": 12}
    assert any("characters in a line, 12 at most" in one["detail"] for one in changed.report["problems"])
