import errno
from datetime import UTC, datetime, timedelta

import pytest

from daemon.children import ChildBug, ChildDied
from daemon.errors import AskHuman, Cancelled, DaemonError, GiveUp, TryLater, WaitFor
from daemon.stages import Effect, effect_of
from store.lifecycle import MAXIMUM_CRASHES, ErrorKind
from store.tables import Work
from tests.daemon.test_errors import classes

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
FIRST_WAIT = timedelta(seconds=30)
TRACEBACK = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\nZeroDivisionError: division by zero'

EFFECTS = [
    (TryLater("offline"), Effect(ErrorKind.LATER, "offline", NOW + FIRST_WAIT)),
    (TryLater("429", timedelta(hours=1)), Effect(ErrorKind.LATER, "429", NOW + timedelta(hours=1))),
    (TryLater("429", timedelta(0)), Effect(ErrorKind.LATER, "429", NOW + FIRST_WAIT)),
    (WaitFor("a premiere", TOMORROW), Effect(ErrorKind.WAIT, "a premiere", TOMORROW, counted=False)),
    (AskHuman("log in"), Effect(ErrorKind.PERSON, "log in")),
    (GiveUp("no sound"), Effect(ErrorKind.FINAL, "no sound")),
    (Cancelled("cancelled by ann"), Effect(ErrorKind.FINAL, "cancelled by ann")),
    (ChildDied("it took 9 GB"), Effect(ErrorKind.BUG, "it took 9 GB", NOW + FIRST_WAIT)),
    (ChildBug(TRACEBACK), Effect(ErrorKind.BUG, "ZeroDivisionError: division by zero", NOW + FIRST_WAIT)),
    (OSError(errno.ENOSPC, "full"), Effect(ErrorKind.PERSON, "the disk is full: make room, then retry")),
    (KeyError("id"), Effect(ErrorKind.BUG, "KeyError('id')", NOW + FIRST_WAIT)),
]
CRASHES = [ChildDied("it took 9 GB"), ChildBug(TRACEBACK), KeyError("id")]


def after(failures, kind=ErrorKind.BUG):
    """A row with so many failures of a kind behind it."""
    return Work(attempts=failures, crashes=failures if kind is ErrorKind.BUG else 0)


@pytest.mark.parametrize(("error", "effect"), EFFECTS, ids=lambda value: type(value).__name__)
def test_every_error_has_its_effect(error, effect):
    assert effect_of(error, after(0), NOW) == effect


def test_the_table_names_every_class_of_the_tree():
    assert classes() <= {type(error) for error, _ in EFFECTS}


@pytest.mark.parametrize("error", [TryLater("offline"), *CRASHES], ids=lambda error: type(error).__name__)
def test_the_wait_grows_with_the_failures_before(error):
    kind = effect_of(error, after(0), NOW).kind
    assert effect_of(error, after(1, kind), NOW).until == NOW + 2 * FIRST_WAIT


@pytest.mark.parametrize("error", CRASHES, ids=lambda error: type(error).__name__)
def test_the_eighth_crash_asks_a_person(error):
    seventh, eighth = (effect_of(error, after(crashes), NOW) for crashes in (MAXIMUM_CRASHES - 2, MAXIMUM_CRASHES - 1))
    assert seventh.until is not None
    assert eighth.until is None
    assert not eighth.skipped


def test_failures_of_the_network_are_no_crashes():
    assert effect_of(KeyError("id"), after(100, ErrorKind.LATER), NOW).until is not None


def test_a_person_who_is_asked_about_crashes_is_told_how_many_and_the_last():
    message = effect_of(KeyError("id"), after(MAXIMUM_CRASHES - 1), NOW).message
    assert message == "it failed 8 times, see the log; the last time: KeyError('id')"


def test_the_network_may_fail_for_ever():
    effect = effect_of(TryLater("offline"), after(10_000, ErrorKind.LATER), NOW)
    assert effect.until == NOW + timedelta(hours=6)


def test_a_long_crash_is_cut():
    assert len(effect_of(RuntimeError("x" * 10_000), after(0), NOW).message) <= 300


def test_nobody_but_the_world_people_and_a_full_disk_set_a_row_aside_at_the_first_time():
    aside = {type(error) for error, effect in EFFECTS if effect.until is None}
    assert aside == {AskHuman, GiveUp, Cancelled, OSError}


def test_what_is_expected_but_of_no_class_is_a_fault_of_ours():
    assert effect_of(DaemonError("which?"), after(0), NOW).kind is ErrorKind.BUG
