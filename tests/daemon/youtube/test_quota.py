from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from daemon.youtube.quota import day_of, next_reset


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "day", "reset"),
    [
        (utc(2026, 1, 15, 12), date(2026, 1, 15), utc(2026, 1, 16, 8)),  # winter: eight hours behind
        (utc(2026, 7, 15, 12), date(2026, 7, 15), utc(2026, 7, 16, 7)),  # summer: seven
        (utc(2026, 1, 15, 7, 59, 59), date(2026, 1, 14), utc(2026, 1, 15, 8)),  # a second before midnight there
        (utc(2026, 1, 15, 8), date(2026, 1, 15), utc(2026, 1, 16, 8)),  # and midnight
        (utc(2027, 1, 1, 7), date(2026, 12, 31), utc(2027, 1, 1, 8)),
        (utc(2028, 2, 29, 7), date(2028, 2, 28), utc(2028, 2, 29, 8)),
    ],
)
def test_the_day_ends_at_midnight_in_los_angeles(now, day, reset):
    assert day_of(now) == day
    assert next_reset(now) == reset


def test_the_day_on_which_summer_time_begins_has_23_hours():
    begin = utc(2026, 3, 8, 8)
    assert day_of(begin) == date(2026, 3, 8)
    assert next_reset(begin) - begin == timedelta(hours=23)


def test_the_day_on_which_summer_time_ends_has_25_hours():
    begin = utc(2026, 11, 1, 7)
    assert day_of(begin) == date(2026, 11, 1)
    assert next_reset(begin) - begin == timedelta(hours=25)


def test_both_times_of_the_repeated_hour_are_one_day():
    first, second = utc(2026, 11, 1, 8, 30), utc(2026, 11, 1, 9, 30)  # both half past one there
    assert day_of(first) == day_of(second) == date(2026, 11, 1)
    assert next_reset(first) == next_reset(second)


def test_the_zone_of_now_does_not_matter():
    now = utc(2026, 1, 15, 7, 30)
    there = now.astimezone(timezone(timedelta(hours=9)))
    assert (day_of(there), next_reset(there)) == (day_of(now), next_reset(now))


def test_in_every_hour_of_a_year_the_reset_is_where_the_next_day_begins():
    for hour in range(365 * 24):
        now = utc(2026, 1, 1) + timedelta(hours=hour)
        reset = next_reset(now)
        assert now < reset <= now + timedelta(hours=25)
        assert day_of(reset) == day_of(now) + timedelta(days=1)
        assert day_of(reset - timedelta(microseconds=1)) == day_of(now)


def test_the_reset_is_told_in_utc():
    assert next_reset(utc(2026, 7, 1)).tzinfo is UTC
