"""Whose voices these are, as a person says it: speaker list, show, name, rename, merge, forget."""

import pytest

from bot import typed
from bot.card import card
from bot.desk import COMMANDS
from captions import formats
from store import announcements, channels, drafts, speakers, videos
from store.speakers import HeardVoice, Judgement
from store.tables import Verdict
from tests.store.factories import everything

ADA, BOB = (1.0, 0.0), (0.0, 1.0)
TEXT = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v A>Flour, water &amp; <i>salt</i>

00:01:05.000 --> 00:01:07.000
<v B>and now we wait.
"""
ALONE = TEXT.replace("<v A>", "").replace("<v B>", "")


@pytest.fixture
def drafted(captiond, database):
    """A draft whose video has these voices."""
    captiond.runs()

    def made(youtube_id="aaaaaaaaaaa", text=TEXT, **voices):
        draft = captiond.drafts(youtube_id, "Bread", text=text)
        heard = [HeardVoice(label, embedding, 42.0, 3) for label, embedding in (voices or {"A": ADA, "B": BOB}).items()]
        speakers.keep(database, videos.get(database, draft.video_id), heard, "m", 0.9)
        return draft

    return made


def says(people, line):
    """What the owner types in the console."""
    command, values = typed.parse(typed.split(line), COMMANDS)
    return people.owner_says(command.name, **values)


def newest(database, youtube_id="aaaaaaaaaaa"):
    return drafts.find(database, youtube_id)[0]


def names_in(draft):
    return [line.speaker for cue in formats.read(draft.text, "vtt", "en").cues for line in cue.lines]


def judged(database, draft, **verdicts):
    ada = speakers.find(database, "Ada").id
    likeness = {label: Judgement(verdict, ada, 0.71, 0.8, 0.6) for label, verdict in verdicts.items()}
    speakers.judged(database, draft.video_id, likeness)


def test_a_voice_that_is_named_has_its_name_in_a_new_revision(database, drafted, people):
    drafted()
    reply = says(people, "speaker name 1 A Ada Lovelace")
    assert reply.ok
    assert "Voice A is Ada Lovelace" in reply.text
    draft = newest(database)
    assert (draft.revision, draft.edited_by) == (2, people.owner.name)
    assert names_in(draft) == ["Ada Lovelace", "B"]
    assert "water &amp; <i>salt</i>" in draft.text


def test_a_name_that_is_wrong_is_put_right_by_itself(database, drafted, people):
    drafted()
    says(people, "speaker name 1 A Ada Lovelace")
    reply = people.owner_says("speaker name", draft="2", voice="Ada Lovelace", person="Grace")
    assert reply.ok, reply.text
    assert names_in(newest(database)) == ["Grace", "B"]


def test_a_name_that_captions_cut_is_found_all_the_same(database, drafted, people):
    drafted()
    long = "Maximiliane Charlotte von und zu Hohenlohe"
    assert people.owner_says("speaker name", draft="1", voice="A", person=long).ok
    shown = names_in(newest(database))[0]
    assert shown.endswith("…")
    assert people.owner_says("speaker name", draft="2", voice="A", person="Max").ok
    assert names_in(newest(database)) == ["Max", "B"]


def test_a_voice_without_a_label_in_the_captions_is_named_for_later(database, drafted, people):
    drafted(text=ALONE, A=ADA)
    reply = says(people, "speaker name 1 A Ada")
    assert reply.ok
    assert "recognised in later ones" in reply.text
    assert newest(database).revision == 1
    assert [one.speaker.name for one in speakers.listing(database)] == ["Ada"]


def test_voices_that_an_engine_told_apart_are_named_in_the_captions_alone(captiond, database, people):
    captiond.runs()
    captiond.drafts("aaaaaaaaaaa", "Bread", text=TEXT)
    reply = says(people, "speaker name 1 b Bob")
    assert reply.ok
    assert "not recognised later" in reply.text
    assert names_in(newest(database)) == ["A", "Bob"]
    assert speakers.listing(database) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("speaker name 1 C Ada", "no voice 'C' in draft 1: there are A, B"),
        ("speaker name 1 A …", "say a name"),
        ("speaker name 1 A B", "give a longer name"),
        ("speaker name 9 A Ada", "no draft 9"),
        ("speaker show Nobody", "no speaker 'Nobody'"),
        ("speaker forget 7", "no speaker '7'"),
    ],
)
def test_what_cannot_be_done_changes_nothing(database, drafted, people, line, why):
    drafted()
    before = everything(database)
    reply = says(people, line)
    assert not reply.ok
    assert why.lower() in reply.text.lower()
    assert everything(database) == before


def test_a_draft_that_is_about_to_be_uploaded_has_to_be_held_back_first(database, drafted, people):
    drafted()
    people.owner_says("draft approve", draft="1")
    before = everything(database)
    reply = says(people, "speaker name 1 A Ada")
    assert not reply.ok
    assert "hold it back first" in reply.text
    assert everything(database) == before


def test_who_may_only_look_names_nobody(drafted, people):
    drafted()
    reply = people.say(people.viewer, "speaker name", draft="1", voice="A", person="Ada")
    assert not reply.ok
    assert people.say(people.viewer, "speaker list").ok


def test_an_unsure_voice_asks_and_names_the_command(database, drafted, people):
    drafted()
    says(people, "speaker name 1 A Ada")
    people.owner_says("draft approve", draft="2")
    second = drafted("bbbbbbbbbbb")
    judged(database, second, A=Verdict.UNSURE)
    lines = [line.text for line in card(announcements.showing(database, second.id)).lines]
    (asked,) = [line for line in lines if line.startswith("Is voice A Ada?")]
    assert asked.endswith(f"/speaker name {second.id} A Ada")
    assert "71 %" in asked
    assert asked in people.owner_says("draft show", draft=str(second.id)).text
    assert any(line.startswith("Nobody has named the voice B yet") for line in lines)


def test_a_recognised_voice_is_told_with_how_alike_it_is(database, drafted, people):
    drafted()
    says(people, "speaker name 1 A Ada")
    people.owner_says("draft approve", draft="2")
    second = drafted("bbbbbbbbbbb")
    judged(database, second, A=Verdict.RECOGNISED, B=Verdict.UNKNOWN)
    lines = [line.text for line in card(announcements.showing(database, second.id)).lines]
    assert "Voices: Ada (recognised, 71 % alike)." in lines


def test_speakers_are_listed_and_their_evidence_is_shown(drafted, people):
    drafted()
    assert "No speaker has a name yet" in says(people, "speaker list").text
    says(people, "speaker name 1 A Ada")
    people.owner_says("draft approve", draft="2")
    listed = says(people, "speaker list")
    assert [row[1] for row in listed.table.rows] == ["Ada"]
    assert listed.data["speakers"][0]["recordings"] == 1
    shown = says(people, "speaker show ada")
    assert [(row[0], row[1], row[-1]) for row in shown.table.rows] == [("Bread", "A", "yes")]


def test_two_who_are_one_are_merged_and_renamed(database, drafted, people):
    drafted()
    says(people, "speaker name 1 A Ada")
    says(people, "speaker name 2 B Lovelace")
    assert says(people, "speaker merge Lovelace Ada").text.startswith("Lovelace is Ada now")
    assert says(people, "speaker rename Ada Ada King").data == {"old": "Ada", "new": "Ada King"}
    assert [one.speaker.name for one in speakers.listing(database)] == ["Ada King"]


def test_to_forget_says_what_was_deleted(database, drafted, people):
    drafted()
    says(people, "speaker name 1 A Ada")
    reply = says(people, "speaker forget Ada")
    assert "The biometric data is deleted from the database: 1 voice" in reply.text
    assert speakers.listing(database) == []
    assert names_in(newest(database)) == ["Ada", "B"]


def test_only_who_approves_a_channels_drafts_forgets_its_speakers(database, drafted, people):
    drafted()
    says(people, "speaker name 1 A Ada")
    reply = people.say(people.viewer, "speaker forget", speaker="Ada")
    assert not reply.ok
    assert len(speakers.listing(database)) == 1
    assert channels.listing(database)


# ---- names that viewers read

LABELLED = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v A>A: Flour, water &amp; <i>salt</i>

00:01:05.000 --> 00:01:07.000
<v B>B: and now we wait.

00:01:08.000 --> 00:01:09.000
<v B>Long.
"""


def test_a_name_takes_the_place_of_a_voice_in_what_viewers_read(database, drafted, people):
    drafted(text=LABELLED)
    assert says(people, "speaker name 1 B Ada Lovelace").ok
    text = newest(database).text
    assert "<v Ada Lovelace>Ada Lovelace: and now we wait." in text
    assert "<v Ada Lovelace>Long." in text
    assert "<v A>A: Flour" in text


def test_speakers_stay_where_a_file_that_knows_none_comes_back(database, drafted, people):
    drafted(text=LABELLED)
    (file,) = people.owner_says("draft download", draft="1", format="srt").attachments
    assert "\nA: Flour" in file.text
    changed = file.text.replace("we wait", "we rest")
    assert people.owner_says("draft replace", **{"draft": "1", "file": "mine.srt", "text of file": changed}).ok
    assert names_in(newest(database)) == ["A", "B", "B"]
    assert "<v B>B: and now we rest." in newest(database).text
