"""Which feed entries become videos. Pure: entries and what is known in, new videos out."""

from datetime import UTC, datetime, timedelta

from daemon.stages.discover import BEFORE_SUBSCRIPTION, decide
from daemon.youtube.feed import Entry

ASKED_AT = datetime(2026, 11, 1, tzinfo=UTC)
BEFORE, AFTER = ASKED_AT - timedelta(days=1), ASKED_AT + timedelta(days=1)


def entry(letter, published_at=AFTER, title="a title"):
    return Entry(letter * 11, title, published_at)


def reasons(entries, known=(), *, first=False):
    return {new.youtube_id[0]: new.skip_reason for new in decide(entries, known, ASKED_AT, first=first)}


def test_what_was_published_after_the_subscription_is_captioned_even_on_the_first_reading():
    assert reasons([entry("b"), entry("a", BEFORE)], first=True) == {"a": BEFORE_SUBSCRIPTION, "b": None}


def test_what_was_published_in_the_second_of_the_subscription_is_captioned():
    asked_at = ASKED_AT + timedelta(microseconds=900_000)
    assert decide([entry("a", ASKED_AT)], (), asked_at, first=True)[0].skip_reason is None


def test_an_old_entry_that_comes_back_later_is_still_skipped():
    assert reasons([entry("a", BEFORE)], first=False) == {"a": BEFORE_SUBSCRIPTION}


def test_an_entry_without_a_time_is_old_on_the_first_reading_and_new_later():
    assert reasons([entry("a", None)], first=True) == {"a": BEFORE_SUBSCRIPTION}
    assert reasons([entry("a", None)], first=False) == {"a": None}


def test_a_known_video_is_known_by_its_id_whatever_its_title_and_time_say():
    assert reasons([entry("a", AFTER, "renamed")], known={"a" * 11}) == {}


def test_the_oldest_comes_first():
    assert list(reasons([entry("c"), entry("b"), entry("a")])) == ["a", "b", "c"]


def test_an_entry_whose_id_is_no_video_id_is_passed_over():
    assert reasons([Entry("../../etc/pw", "x", AFTER), Entry("", "x", AFTER), entry("a")]) == {"a": None}
