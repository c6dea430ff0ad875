"""What people are told of changed words: on the card, and by draft show."""

import pytest

from bot.card import card
from captions.cleaning import report
from captions.cleaning.change import Change, What
from store import announcements, drafts

OUTRO = Change(What.CREDIT, 602.0, 603.0, "Thanks for watching.", "")
TERM = Change(What.TERM, 5.0, 6.0, "ada loveless", "Ada Lovelace")
SUMMARY = "Changed: 1 stretch left out that nobody said, 1 term written as the glossary has it."
LEFT_OUT = "Left out: “Thanks for watching.” at 10:02, nobody speaks there."


@pytest.fixture
def changed(captiond):
    def drafted(*changes):
        captiond.runs()
        return captiond.drafts("aaaaaaaaaaa", changes=report.to_values(changes))

    return drafted


def lines(database, draft):
    return [line.text for line in card(announcements.showing(database, draft.number)).lines]


def test_a_card_counts_the_changes_and_names_what_was_left_out(changed, database):
    assert {SUMMARY, LEFT_OUT} <= set(lines(database, changed(TERM, OUTRO)))


def test_a_card_names_two_places_and_draft_show_more(changed, database, people):
    draft = changed(*[OUTRO] * 9)
    [left] = [line for line in lines(database, draft) if line.startswith("Left out")]
    assert left.count("10:02") == 2
    assert left.endswith("; and at 7 more places.")
    assert people.owner_says("draft show", draft="1").text.count("10:02") == 9


def test_a_draft_without_changes_says_nothing_of_them(changed, database, people):
    draft = changed()
    assert not [line for line in lines(database, draft) if "hanged" in line or "Left out" in line]
    assert "Changed" not in people.owner_says("draft show", draft="1").text


def test_an_edit_keeps_what_is_known_of_the_changes(changed, database, people):
    changed(OUTRO)
    people.owner_says("draft edit", draft="1", cue="1", text="Other words")
    assert drafts.get(database, 2)[0].report["changes"] == report.to_values([OUTRO])


def test_kinds_that_a_newer_captiond_knows_are_passed_over(changed, database):
    draft = changed(OUTRO)
    with database.write() as session:
        row = session.merge(draft)
        values = row.report["changes"]
        listed = [{**values["listed"][0], "what": "whispered"}, *values["listed"]]
        row.report = {**row.report, "changes": {"counts": {**values["counts"], "whispered": 1}, "listed": listed}}
    assert LEFT_OUT in lines(database, draft)
