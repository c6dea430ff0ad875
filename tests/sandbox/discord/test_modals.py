"""Modals: opened by a button, filled in, submitted, dismissed; and submitted when they are stale."""

import pytest

from sandbox.discord.people import Refused, Upload


@pytest.fixture
def card(bot, ann):
    return ann.types("/card").message


@pytest.fixture
def opened(card, ann):
    return ann.click(card, "Reject")


def test_a_button_opens_a_modal(opened):
    assert (opened.outcome, opened.modal["title"], opened.modal["custom_id"]) == ("modal", "Why?", "reject:7")
    assert [one["type"] for one in opened.modal["components"]] == [10, 18, 18, 18, 18]


def test_what_is_filled_in_arrives_and_the_rest_is_as_it_was_prefilled(opened, ann, bot):
    seen = ann.submit({"Kind": ["Text"]}, caption="new words")
    assert (seen.text, seen.ephemeral) == ("reject:7: new words []", True)
    assert bot.bot.events[-1] == ("reject:7", {"caption": "new words", "kind": ["x"], "files": [], "sure": True})


def test_a_modal_that_is_only_sent_off_carries_its_defaults(opened, ann, bot):
    ann.submit()
    assert bot.bot.events[-1] == ("reject:7", {"caption": "as it was", "kind": ["t"], "files": [], "sure": True})


def test_files_can_be_handed_in(opened, ann):
    assert ann.submit(files=[Upload("new.srt", b"1")]).text == "reject:7: as it was ['new.srt']"


def test_a_submitted_modal_is_closed(opened, ann, people):
    assert people.state["open_modals"] == {"Ann": "reject:7"}
    ann.submit()
    assert people.state["open_modals"] == {}
    with pytest.raises(Refused, match="no modal is open"):
        ann.submit()


def test_a_modal_whose_submission_failed_stays_open(opened, ann, people, bot):
    people.do("settings", deadline_seconds=0)
    assert ann.submit().outcome == "failed"
    assert people.state["open_modals"] == {"Ann": "reject:7"}


def test_a_dismissed_modal_is_told_to_nobody(opened, ann, bot):
    ann.dismisses()
    with pytest.raises(Refused, match="no modal is open"):
        ann.submit()
    assert bot.bot.events[-1] == ("reject", 7)


def test_a_second_modal_takes_the_place_of_the_first(opened, ann, people):
    ann.click(opened.people.messages()[0], "draft:reject:8", force=True)
    assert people.state["open_modals"] == {"Ann": "reject:8"}


def test_each_person_has_a_screen_of_their_own(opened, people):
    bob = people.user("Bob")
    with pytest.raises(Refused, match="no modal is open for Bob"):
        bob.submit()


def test_a_stale_modal_can_be_submitted_by_force(bot, ann):
    seen = ann.submits_stale("edit:3:old", {"caption": "from before"})
    assert seen.text == "edit:3:old: from before []"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"caption": "x"}, "2 to 20 characters"),
        ({"caption": "x" * 21}, "2 to 20 characters"),
        ({"caption": ""}, "1 to 20 characters"),
        ({"caption": 3}, "is a text"),
        ({"title": "x"}, "no field title"),
        ({"kind": ["none"]}, "not offered"),
        ({"kind": ["t", "x"]}, "1 to 1 values"),
        ({"files": [{"filename": "a", "base64": "-"}]}, "a file is"),
    ],
)
def test_what_the_form_does_not_take_is_not_sent(opened, ann, bot, values, why):
    with pytest.raises(Refused, match=why):
        ann.submit(values)
    assert bot.bot.events[-1] == ("reject", 7)
