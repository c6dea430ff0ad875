"""What paid work costs, and by what it is known again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from store import spending, videos
from store.errors import NotFound
from store.tables import PaidWork
from tests.store import factories

KEY = "key of the words"


@pytest.fixture
def video(database):
    return videos.get(database, factories.draft(database).video_id)


def begun(database, video, key=KEY, cost=0.5, limit=None, engine="gemini"):
    return spending.begin(database, video.number, key, engine, 3600.0, cost, limit)


def spent(database):
    now = database.now()
    return spending.spent(database, spending.month_of(now), now)


def test_work_is_booked_once_however_often_it_begins(database, video):
    assert [begun(database, video) for _ in range(3)] == [True] * 3
    assert spent(database) == {"gemini": 0.5}


def test_what_would_pass_the_limit_is_not_booked(database, video):
    assert begun(database, video, limit=1.0)
    assert begun(database, video, "other", limit=1.0)
    assert not begun(database, video, "third", cost=0.01, limit=1.0)
    assert begun(database, video, limit=0.0), "what has begun goes on"
    assert spent(database) == {"gemini": 1.0}


def test_a_receipt_is_kept_for_just_that_work(database, video):
    begun(database, video)
    assert spending.receipt(database, video.number, KEY) is None
    spending.keep(database, video.number, KEY, "job 7")
    assert spending.receipt(database, video.number, KEY) == "job 7"
    assert spending.receipt(database, video.number, "other") is None


def test_a_receipt_of_work_that_was_not_booked_is_an_error(database, video):
    with pytest.raises(NotFound, match="was not booked"):
        spending.keep(database, video.number, KEY, "job 7")


def test_what_the_service_never_took_costs_nothing_and_what_it_took_does(database, video):
    begun(database, video)
    begun(database, video, "other")
    spending.keep(database, video.number, "other", "job 7")
    for key in (KEY, "other", "never begun"):
        spending.give_back(database, video.number, key)
    assert spent(database) == {"gemini": 0.5}


def test_a_new_month_begins_at_nothing(database, video, clock):
    begun(database, video)
    clock.passes(days=31)
    assert spent(database) == {}
    assert begun(database, video, "other", limit=0.5)


def test_a_channel_is_told_what_its_own_videos_cost(database, video):
    begun(database, video)
    now = database.now()
    own = spending.spent_on_channel(database, video.channel_id or 1, spending.month_of(now), now)
    assert own == (0.5 if video.channel_id else 0.0)
    assert spending.spent_on_channel(database, 99, spending.month_of(now), now) == 0.0


@pytest.mark.parametrize(("day", "gone"), [(1, 1), (2, 1), (15, 14), (30, 29)])
def test_a_month_is_forecast_by_the_days_that_are_gone_and_by_one_at_least(day, gone):
    now = datetime(2026, 11, day, tzinfo=UTC)
    assert spending.forecast(1.0, now) == pytest.approx(30 / gone)
    assert spending.month_of(now + timedelta(hours=5)) == datetime(2026, 11, 1, tzinfo=UTC)


def test_work_on_what_is_no_video_is_booked_once_by_its_key_beside_that_of_videos(database, video):
    def begin():
        return spending.begin(database, None, KEY, "gemini", 3600.0, 0.25, 1.0)

    assert [begin(), begin(), begun(database, video)] == [True] * 3
    assert spent(database) == {"gemini": 0.75}
    spending.keep(database, None, KEY, "job 7")
    assert spending.receipt(database, None, KEY) == "job 7"
    assert spending.receipt(database, video.number, KEY) is None
    assert not spending.give_back(database, None, KEY), "the service has it"
    assert spending.give_back(database, video.number, KEY)
    assert spent(database) == {"gemini": 0.25}


def test_two_processes_cannot_book_the_same_work_on_what_is_no_video(database):
    for _ in range(2):
        spending.begin(database, None, KEY, "gemini", 3600.0, 0.25, None)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(PaidWork(key=KEY, engine="gemini", seconds=1.0, cost=1.0, begun_at=database.now()))
