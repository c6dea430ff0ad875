"""What an engine gave beyond words, as people read it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import extras
from bot.desk import COMMANDS
from store.tables import Draft

GIVEN = {
    "chapters": [
        {"start": 0.4, "end": 60.0, "title": "Flour", "text": "…"},
        {"start": 61.0, "end": 3700.0, "title": "Salt\nand water"},
        {"start": 3700.0, "title": ""},
    ],
    "summary": "How bread\nis made.",
    "key_phrases": [{"text": "sourdough", "count": 3}, {"text": "flour", "count": 1}],
    "entities": [
        {"text": "Ada", "kind": "person_name", "start": 1.0, "end": 2.0},
        {"text": "Ada", "kind": "person_name", "start": 5.0, "end": 6.0},
        {"text": "Bob", "kind": "person_name", "start": 7.0, "end": 8.0},
        {"text": "London", "kind": "location", "start": 9.0, "end": 9.5},
    ],
    "topics": [{"text": "Food>Baking", "relevance": 0.934}],
    "sentiment": [
        {"label": "POSITIVE", "speaker": "A"},
        {"label": "NEUTRAL", "speaker": "A"},
        {"label": "NEGATIVE", "speaker": "B"},
    ],
    "content_safety": [{"label": "hate_speech", "confidence": 0.71, "start": 65.0}],
    "notes": ["The times are approximate.", "\u202eReordered\u202c"],
}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("chapters", "0:00 Flour\n1:01 Salt and water\n1:01:40 Part 3"),
        ("summary", "How bread\nis made."),
        ("key_phrases", "sourdough (3 times)\nflour"),
        ("entities", "person name: Ada, Bob\nlocation: London"),
        ("topics", "Food>Baking (93%)"),
        ("sentiment", "A: positive 50%, neutral 50%\nB: negative 100%"),
        ("content_safety", "1:05 hate speech (71%)"),
    ],
)
def test_each_kind_is_read_as_people_would_write_it(kind, text):
    assert extras.shown(kind, GIVEN) == text


def test_there_is_only_what_was_given():
    assert extras.kinds(GIVEN) == tuple(extras.NAMES)
    assert extras.kinds({"summary": "", "topics": [], "chapters": None}) == ()


def test_notes_are_clean_sentences():
    assert extras.notes(GIVEN) == ("The times are approximate.", "Reordered")


def test_what_is_none_is_told_with_what_there_is():
    with pytest.raises(ValueError, match="there are: chapters, summary"):
        extras.shown("lyrics", GIVEN)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["text", "kind", "start", "label", "count", "title", "relevance"]), inner),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*extras.NAMES, "notes"]), JSON))
def test_whatever_a_service_gives_is_read_or_left_out(given):
    for kind in extras.kinds(given):
        assert extras.shown(kind, given)
    assert isinstance(extras.notes(given), tuple)


# ---- on the desk


@pytest.fixture
def waiting(captiond, database):
    made = captiond.drafts("aaaaaaaaaaa")
    with database.write() as session:
        row = session.get(Draft, made.number)
        row.report = {**row.report, "extras": GIVEN}
    return made


def test_what_a_person_should_read_first_stands_with_the_draft(waiting, people):
    assert "Note: The times are approximate." in people.owner_says("draft show", draft="1").text


def test_all_of_it_is_told_and_is_a_file(waiting, people):
    reply = people.say(people.viewer, "draft extras", draft="1")
    assert reply.text.startswith("Chapters\n0:00 Flour")
    assert "Key phrases\nsourdough" in reply.text
    (file,) = reply.attachments
    assert (file.name, json.loads(file.text)) == ("aaaaaaaaaaa.extras.json", GIVEN)


def test_one_kind_alone_is_told(waiting, people):
    assert people.say(people.viewer, "draft extras", draft="1", what="Topics").text == "Topics\nFood>Baking (93%)"


def test_a_draft_without_any_says_so(captiond, people):
    captiond.drafts("aaaaaaaaaaa")
    assert people.owner_says("draft extras", draft="1").text == "whisper gave nothing of that for draft 1."


def test_an_edited_draft_keeps_what_was_given(waiting, people):
    people.owner_says("draft edit", draft="1", cue="1", text="Else")
    assert people.owner_says("draft extras", draft="2", what="summary").text == "Summary\nHow bread\nis made."


def test_the_kinds_are_offered():
    (choices,) = [one.choices for one in COMMANDS["draft extras"].arguments if one.name == "what"]
    assert [value for value, _ in choices(None)] == list(extras.NAMES)
