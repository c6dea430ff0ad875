from datetime import date

from store import quota
from tests.store.factories import everything

TODAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 23)


def book(database, units, day=TODAY, operation="captions.insert", limit=1_000):
    return quota.book(database, day, operation, units, limit)


def test_nothing_is_used_before_the_first_call(database):
    assert quota.used(database, TODAY) == 0


def test_a_day_without_any_call_has_no_latest_use(database):
    assert quota.latest(database) is None


def test_the_units_of_all_operations_of_a_day_add_up(database):
    assert book(database, 400)
    assert book(database, 400)
    assert book(database, 50, operation="captions.list")
    assert quota.used(database, TODAY) == 850


def test_a_day_may_be_used_up_to_its_limit(database):
    assert book(database, 400)
    assert book(database, 600)


def test_a_call_that_would_pass_the_limit_is_not_booked(database):
    book(database, 601)
    before = everything(database)
    assert not book(database, 400)
    assert everything(database) == before


def test_the_limit_holds_for_all_operations_together(database):
    book(database, 990)
    assert not book(database, 50, operation="captions.list")


def test_a_new_day_begins_with_nothing_used(database):
    book(database, 1_000)
    assert book(database, 1_000, day=TOMORROW)


def test_calls_are_counted_for_each_operation(database):
    for operation in ("captions.insert", "captions.list", "captions.list"):
        book(database, 50, operation=operation)
    calls = {row.operation: row.calls for row in everything(database)["quota_use"]}
    assert calls == {"captions.insert": 1, "captions.list": 2}


def test_the_latest_use_is_that_of_the_last_day_that_had_any(database):
    book(database, 50, day=TOMORROW)
    book(database, 400, day=TODAY)
    assert quota.latest(database) == (TOMORROW, 50)
