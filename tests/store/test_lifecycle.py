from datetime import UTC, datetime, timedelta

import pytest

from store.lifecycle import (
    DRAFT_MOVES,
    ChannelState,
    DraftState,
    VideoState,
    move_allowed,
    next_try,
    wait_before_next_try,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_what_is_set_aside_can_be_taken_up_again():
    for old in (VideoState.FOUND, VideoState.DOWNLOADED, VideoState.TRANSCRIBED):
        for aside in (VideoState.SKIPPED, VideoState.FAILED):
            assert move_allowed(old, aside)
            assert move_allowed(aside, old)


def test_nothing_but_an_approved_draft_is_uploaded():
    assert {old for old, new in DRAFT_MOVES if new is DraftState.UPLOADED} == {DraftState.APPROVED}


def test_a_move_that_is_not_in_the_table_is_not_allowed():
    assert not move_allowed(DraftState.REJECTED, DraftState.UPLOADED)
    assert not move_allowed(VideoState.FOUND, DraftState.WAITING)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (0, 30),  # never less than the first wait
        (1, 30),
        (2, 60),
        (5, 480),
        (10, 15_360),
        (11, 21_600),  # six hours at most
        (10_000, 21_600),  # and no overflow
    ],
)
def test_the_wait_doubles_up_to_six_hours(attempts, seconds):
    assert wait_before_next_try(attempts) == timedelta(seconds=seconds)


def test_the_other_side_may_ask_for_a_longer_wait_but_not_for_a_shorter():
    assert next_try(NOW, 1, timedelta(hours=1)) == NOW + timedelta(hours=1)
    assert next_try(NOW, 1, timedelta(seconds=1)) == NOW + timedelta(seconds=30)


def test_a_removed_channel_never_comes_back_under_its_row():
    assert not any(move_allowed(ChannelState.REMOVED, state) for state in ChannelState)
