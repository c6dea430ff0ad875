"""What a draft's report says of changes: bounded, and in words."""

import json

from captions.cleaning import report
from captions.cleaning.change import Change, What

THANKS = Change(What.CREDIT, 602.4, 603.0, "Thanks for watching.", "")
UM = Change(What.FILLER, 1.0, 2.0, "Um, so", "So")


def told(*changes):
    """After a way through the store."""
    return report.from_values(json.loads(json.dumps(report.to_values(changes))))


def test_changes_are_read_as_they_were_written():
    found = told(UM, THANKS)
    assert found.changes == (UM, THANKS)
    assert found.counts == {What.CREDIT: 1, What.FILLER: 1}


def test_the_summary_counts_in_words():
    assert report.summary(told(UM, THANKS)) == "Changed: 1 stretch left out that nobody said, 1 filler left out."
    assert report.summary(told(UM, UM)) == "Changed: 2 fillers left out."
    assert report.summary(told()) == report.summary(report.from_values({})) == ""


def test_what_nobody_said_is_told_with_its_time():
    assert report.left_out(told(UM, THANKS), 3) == ("“Thanks for watching.” at 10:02, nobody speaks there",)
    assert report.left_out(told(UM), 3) == ()


def test_of_many_places_the_number_is_told():
    found = report.left_out(told(*[THANKS] * 300), 2)
    assert (len(found), found[-1]) == (3, "and at 298 more places")


def test_a_report_is_bounded_and_names_first_what_nobody_said():
    made = report.to_values([*[UM] * 9999, THANKS])
    assert made["counts"] == {"credit": 1, "filler": 9999}
    assert len(made["listed"]) == report.MOST
    assert made["listed"][-1]["before"] == "Thanks for watching."


def test_words_that_would_harm_a_screen_are_cleaned():
    hostile = Change(What.LOOP, 0, 1, "\x1b[31mred\u202e " + "x" * 999, "")
    [found] = told(hostile).changes
    assert found.before.startswith("red x")
    assert len(found.before) <= report.TEXT_CHARACTERS
    assert all(what in report.REASONS or what in report.COUNTED for what in What)
