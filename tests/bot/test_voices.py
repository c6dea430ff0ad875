"""Who speaks, on cards, in replies and in files."""

import base64
import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import voices
from bot.card import card
from bot.console import show_json
from captions import rttm
from captions.timeline import Feeling
from captions.transcript import SpeakerTurn
from store import announcements

PNG = b"\x89PNG\r\n\x1a\n"
ROOT = Path(__file__).parents[2]
has_matplotlib = pytest.mark.skipif(not importlib.util.find_spec("matplotlib"), reason="matplotlib is not installed")


def talk(speaker, share, rate=None, interruptions=0):
    return {
        "speaker": speaker,
        "seconds": 100.0 * share,
        "share": share,
        "turns": 3,
        "words": 200,
        "words_per_minute": rate,
        "interruptions": interruptions,
    }


REPORT = {
    "talk": [talk("A", 0.62, 150.4), talk("B", 0.38, 172.0, 3)],
    "turns": [[0.0, 60.0, "A"], [58.0, 98.0, "B"]],
    "emotions": {"spans": [[0.0, 10.0, "A", "angry"]]},
}
LINES = ("A 62 %, B 38 %", "150 and 172 words a minute; B interrupts 3 times")


def test_a_report_is_read():
    found = voices.read(REPORT, 98.0)
    assert found.turns == (SpeakerTurn(0, 60, "A"), SpeakerTurn(58, 98, "B"))
    assert found.feelings == (Feeling(0, 10, "A", "angry"),)
    assert voices.lines(found) == LINES


def test_spans_of_feelings_may_have_names_for_their_fields():
    spans = [{"start": 0.0, "end": 10.0, "speaker": "A", "label": "angry", "score": 0.9}]
    assert voices.read({**REPORT, "emotions": {"spans": spans}}, 98.0) == voices.read(REPORT, 98.0)


def test_a_recording_of_unknown_length_ends_with_its_last_turn():
    assert voices.read(REPORT, None).seconds == 98.0


@pytest.mark.parametrize(
    ("talks", "told"),
    [
        ([talk("Ada", 1.0)], ("Ada 100 %",)),
        ([talk("A", 0.6, 150), talk("B", 0.4)], ("A 60 %, B 40 %",)),  # the one's words are not known
        (
            [talk("A", 0.6, 1, 1), talk("B", 0.4, 2, 2)],
            ("A 60 %, B 40 %", "1 and 2 words a minute; A interrupts once; B interrupts twice"),
        ),
        ([talk(name, 0.125) for name in "ABCDEFGH"], ("A 12 %, B 12 %, C 12 %, D 12 %, E 12 %, 3 others 38 %",)),
        ([talk(f"{'x' * 90}", 1.0)], (f"{'x' * 39}… 100 %",)),
        ([talk("\u202e\x1b[31m", 1.0)], ("? 100 %",)),
    ],
)  # fmt: skip
def test_a_card_says_who_speaks_how_much_how_fast_and_who_interrupts(talks, told):
    assert voices.lines(voices.read({"talk": talks}, None)) == told


ODD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["spans", "speaker", "seconds", "share"]), inner)
    ),
    max_leaves=20,
)


@given(ODD, ODD, ODD)
def test_a_report_of_any_shape_is_read(talks, turns, emotions):
    found = voices.read({"talk": talks, "turns": turns, "emotions": emotions}, None)
    assert found is None or voices.lines(found)


def test_a_draft_of_one_voice_says_nothing_of_voices(captiond, database, people):
    captiond.drafts("aaaaaaaaaaa")
    assert card(announcements.showing(database, 1)).voices is None
    assert "Who speaks" not in people.owner_says("draft show", draft="1").text
    assert "does not say who speaks" in people.owner_says("draft voices", draft="1").text


def test_a_draft_is_shown_with_who_speaks(captiond, people):
    captiond.drafts("aaaaaaaaaaa", **REPORT)
    assert f"Who speaks: {'; '.join(LINES)}" in people.owner_says("draft show", draft="1").text.splitlines()


def test_a_card_is_the_same_card_with_each_look(captiond, database):
    captiond.drafts("aaaaaaaaaaa", **REPORT)
    first, second = (card(announcements.showing(database, 1)) for _ in range(2))
    assert repr(first) == repr(second)
    assert repr(first) != repr(replace(first, voices=None))


def test_an_edited_draft_keeps_who_speaks(captiond, people):
    captiond.drafts("aaaaaaaaaaa", **REPORT)
    before = people.owner_says("draft voices", draft="1").data
    people.owner_says("draft edit", draft="1", cue="1", text="Else")
    assert people.owner_says("draft voices", draft="2").data == before != []


@has_matplotlib
def test_who_speaks_when_is_a_table_and_files(captiond, people):
    captiond.drafts("aaaaaaaaaaa", **REPORT)
    reply = people.say(people.viewer, "draft voices", draft="1")
    assert reply.table.rows[1] == ("B", "0:38", "38 %", "3", "172", "3")
    turns, picture = reply.attachments
    assert (turns.name, picture.name) == ("aaaaaaaaaaa.rttm", "aaaaaaaaaaa.png")
    assert rttm.read(turns.text) == (SpeakerTurn(0, 60, "A"), SpeakerTurn(58, 98, "B"))
    assert picture.content.startswith(PNG)


@has_matplotlib
def test_scripts_get_the_picture_in_base64(captiond, people, capsys):
    captiond.drafts("aaaaaaaaaaa", **REPORT)
    reply = people.owner_says("draft voices", draft="1")
    show_json(reply)
    _, picture = json.loads(capsys.readouterr().out)["attachments"]
    assert base64.b64decode(picture["base64"]) == reply.attachments[1].data


def test_without_matplotlib_there_is_no_picture_and_all_else_works():
    """In a process that cannot find it."""
    script = f"""
import sys
sys.modules["matplotlib"] = None
from bot import voices
from bot.replies import drafts
from store.tables import Draft, Video
read = voices.read({REPORT!r}, 98.0)
assert voices.lines(read) == {LINES!r}
assert voices.drawn(read) is None
reply = drafts.draft_voices(Draft(id=1), Video(youtube_id="aaaaaaaaaaa"), read, None)
assert [one.name for one in reply.attachments] == ["aaaaaaaaaaa.rttm"]
assert "the extra pictures brings" in reply.text
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
