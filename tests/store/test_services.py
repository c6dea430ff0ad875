from datetime import timedelta

import pytest

from store import channels, services
from store.services import BEAT, SILENCE
from store.tables import Subject
from tests.store import factories


def beat(database, started_at, engines=None, covers=(), note=None):
    services.beat(database, "captiond", "1.0", started_at, engines or {}, list(covers), note)


def test_a_process_that_never_ran_is_unknown(database):
    assert services.get(database, "captiond") is None


def test_a_process_that_never_ran_is_not_alive(clock):
    assert not services.is_alive(None, clock.time)


def test_a_sign_of_life_says_what_the_process_can_do(database, clock):
    beat(database, clock.time, {"whisper": "", "gemini": "there is no key"}, ["UC1"], "nobody is logged in")
    service = services.get(database, "captiond")
    assert (service.version, service.started_at, service.note) == ("1.0", clock.time, "nobody is logged in")
    assert service.engines == {"whisper": "", "gemini": "there is no key"}
    assert service.covers == ["UC1"]


def test_a_later_sign_of_life_takes_the_place_of_the_earlier(database, clock):
    started_at = clock.time
    beat(database, started_at, {"whisper": "no model"}, ["UC1"], "nobody is logged in")
    clock.passes(seconds=10)
    beat(database, started_at, {"whisper": ""}, ["UC1", "UC2"])
    service = services.get(database, "captiond")
    assert (service.started_at, service.seen_at) == (started_at, clock.time)
    assert (service.engines, service.covers, service.note) == ({"whisper": ""}, ["UC1", "UC2"], None)


def test_two_processes_have_a_sign_each(database, clock):
    beat(database, clock.time)
    services.beat(database, "captionbot", "2.0", clock.time, {}, [])
    assert [services.get(database, name).version for name in ("captiond", "captionbot")] == ["1.0", "2.0"]


@pytest.mark.parametrize(
    ("silent_for", "alive"),
    [(timedelta(0), True), (2 * BEAT, True), (SILENCE - timedelta(seconds=1), True), (SILENCE, False)],
)
def test_a_process_is_taken_to_be_down_after_three_beats_without_a_sign(database, clock, silent_for, alive):
    beat(database, clock.time)
    assert services.is_alive(services.get(database, "captiond"), clock.time + silent_for) is alive


def test_events_are_told_in_the_order_they_happened(database):
    factories.watched(database)
    factories.video(database)
    told = [(event.subject, event.to_state) for event in services.events(database)]
    assert told == [(Subject.CHANNEL, "asked"), (Subject.CHANNEL, "watched"), (Subject.VIDEO, "found")]


def test_events_can_be_asked_for_one_subject(database):
    first, second = channels.ask(database, "@one", "ann"), channels.ask(database, "@two", "bob")
    factories.video(database)
    assert [event.who for event in services.events(database, Subject.CHANNEL)] == ["ann", "bob"]
    assert [event.who for event in services.events(database, Subject.CHANNEL, second.id)] == ["bob"]
    assert first.id != second.id


def test_the_last_event_tells_each_side_that_the_other_did_something(database):
    with database.read() as session:
        assert services.last_event(session) == 0
    channels.ask(database, "@one", "ann")
    with database.read() as session:
        assert services.last_event(session) == services.events(database)[-1].id
