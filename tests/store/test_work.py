from datetime import timedelta

import pytest
from sqlmodel import col

from store import services, videos, work
from store.errors import NotFound, Refused
from store.lifecycle import (
    CHANNEL_MOVES,
    DRAFT_MOVES,
    VIDEO_MOVES,
    ChannelState,
    DraftState,
    ErrorKind,
    VideoState,
)
from store.tables import Channel, Draft, Subject, Video
from tests.store import factories
from tests.store.factories import DAEMON, LEASE, at_once, claim, everything, moves

ROUNDS = 20


def move(database, row, new, *, old=None, who="ann", **more):
    with database.write() as session:
        return work.move(session, database.now(), type(row), row.id, old or row.state, new, who=who, **more)


def put_off(database, row, until, *, who=DAEMON, counted=True):
    table, message = type(row), "the feed answered 503"
    work.postpone(database, table, row.id, who, until, ErrorKind.LATER, message, counted=counted)


def now_in(database, row):
    with database.read() as session:
        return work.get(session, type(row), row.id)


def next_found(database, who=DAEMON, *conditions, **order):
    return work.claim_next(database, Video, VideoState.FOUND, who, LEASE, *conditions, **order)


# ---- moves


def test_a_moved_row_is_in_its_new_state_with_its_new_values(database):
    video = factories.video(database)
    move(database, video, VideoState.DOWNLOADED, title="A title")
    assert (now_in(database, video).state, now_in(database, video).title) == (VideoState.DOWNLOADED, "A title")


def test_the_row_that_a_move_gives_is_the_one_that_is_stored(database):
    video = factories.video(database)
    assert move(database, video, VideoState.DOWNLOADED, title="A title") == now_in(database, video)


def test_an_event_tells_of_a_move_what_who_when_and_why(database, clock):
    video = factories.video(database)
    clock.passes(hours=1)
    move(database, video, VideoState.SKIPPED, who="bob", why="too long")
    event = services.events(database, Subject.VIDEO, video.id)[-1]
    assert (event.what, event.from_state, event.to_state) == ("moved", "found", "skipped")
    assert (event.who, event.at, event.why) == ("bob", clock.time, "too long")


def channel_in(state, _name, at):
    return Channel(state=state, reference="@x", asked_by="ann", asked_at=at)


def video_in(state, name, at):
    return Video(state=state, youtube_id=name, found_at=at)


def draft_in(state, name, at):
    content = vars(factories.captions(language=name))
    return Draft(**content, state=state, video_id=1, revision=1, sha256="", made_at=at)


@pytest.mark.parametrize(
    ("table", "row_in"), [(CHANNEL_MOVES, channel_in), (VIDEO_MOVES, video_in), (DRAFT_MOVES, draft_in)]
)
def test_every_move_of_the_lifecycle_can_be_made_and_leaves_one_event(database, clock, table, row_in):
    assert factories.video(database).id == 1  # the drafts are of it
    expected = len(services.events(database)) + 1
    for old, new in table:
        with database.write() as session:
            row = row_in(old, f"{old}-{new}", clock.time)
            session.add(row)
            session.flush()
            assert work.move(session, clock.time, type(row), row.id, old, new, who="ann").state is new
        told = services.events(database)
        assert (len(told), told[-1].from_state, told[-1].to_state) == (expected, old, new)
        expected += 1


def test_a_move_frees_the_claim(database):
    video = claim(database, factories.video(database))
    move(database, video, VideoState.DOWNLOADED)
    assert (now_in(database, video).claimed_by, now_in(database, video).claimed_until) == (None, None)


def test_a_move_from_a_state_that_the_row_has_left_is_refused(database):
    video = factories.video(database)
    move(database, video, VideoState.DOWNLOADED)
    with pytest.raises(Refused, match=f"video {video.id} is downloaded, not found"):
        move(database, video, VideoState.SKIPPED, old=VideoState.FOUND)


def test_a_move_that_is_not_in_the_lifecycle_is_refused(database):
    with pytest.raises(Refused, match="a video does not go from found to drafted"):
        move(database, factories.video(database), VideoState.DRAFTED)


def test_a_move_that_waits_for_a_claim_names_who_holds_it(database):
    video = claim(database, factories.video(database))
    with pytest.raises(Refused, match="is being worked on by captiond"):
        move(database, video, VideoState.SKIPPED, only_if=col(Video.claimed_by).is_(None))


def test_a_move_whose_condition_does_not_hold_is_refused(database):
    with pytest.raises(Refused, match="may not become skipped now"):
        move(database, factories.video(database), VideoState.SKIPPED, only_if=col(Video.priority) == 99)


def test_a_refused_move_leaves_nothing_of_its_transaction(database):
    video = factories.video(database)
    before = everything(database)
    with pytest.raises(Refused), database.write() as session:
        work.record(session, database.now(), Subject.VIDEO, video.id, "looked at", "ann")
        work.move(
            session,
            database.now(),
            Video,
            video.id,
            VideoState.DOWNLOADED,
            VideoState.TRANSCRIBED,
            who="ann",
            title="lost",
        )
    assert everything(database) == before


def test_a_row_that_is_not_there_is_not_found(database):
    with pytest.raises(NotFound, match="there is no draft 99"), database.read() as session:
        work.get(session, Draft, 99)


def test_moving_a_row_that_is_not_there_says_so(database):
    with pytest.raises(NotFound, match="there is no video 99"), database.write() as session:
        work.move(session, database.now(), Video, 99, VideoState.FOUND, VideoState.SKIPPED, who="ann")


def test_of_two_who_move_a_row_at_once_one_is_refused(database):
    for number in range(ROUNDS):
        video = factories.video(database, youtube_id=f"video-{number:05}")
        outcomes = at_once(
            database,
            lambda own, video=video: move(own, video, VideoState.DOWNLOADED, who="ann").state,
            lambda own, video=video: move(own, video, VideoState.SKIPPED, who="bob").state,
        )
        assert outcomes.count(Refused) == 1
        assert now_in(database, video).state in outcomes
        assert len(moves(database, Subject.VIDEO, video)) == 2  # found, and one more


# ---- claims


def test_the_first_who_asks_gets_the_row_and_the_second_none(database):
    video = factories.video(database)
    assert next_found(database, "one").id == video.id
    assert next_found(database, "two") is None


def test_a_claim_says_who_holds_it_and_until_when(database, clock):
    factories.video(database)
    claimed = next_found(database, "one")
    assert (claimed.claimed_by, claimed.claimed_until) == ("one", clock.time + LEASE)


def test_of_two_who_claim_at_once_one_gets_the_row(database):
    for number in range(ROUNDS):
        video = factories.video(database, youtube_id=f"video-{number:05}")
        claimed = at_once(database, lambda own: next_found(own, "one"), lambda own: next_found(own, "two"))
        (winner,) = [row for row in claimed if row is not None]
        assert (winner.id, winner.claimed_by) == (video.id, now_in(database, video).claimed_by)


def test_of_two_who_claim_at_once_each_gets_a_row_where_there_are_two(database):
    for number in range(ROUNDS):
        here = {factories.video(database, youtube_id=f"video-{number:04}{side}").id for side in "ab"}
        claimed = at_once(database, lambda own: next_found(own, "one"), lambda own: next_found(own, "two"))
        assert {row.id for row in claimed} == here


def test_a_claim_sets_what_goes_with_it(database):
    video = factories.video(database)
    assert next_found(database, progress=0.5).progress == now_in(database, video).progress == 0.5


def test_a_claim_is_told_by_its_row_and_none_is_empty(database):
    video = factories.video(database)
    assert (video.claim, claim(database, video, "one").claim) == ("", "one")


def test_a_row_has_a_number_once_it_is_stored(database, clock):
    assert factories.video(database).number == 1
    with pytest.raises(ValueError, match="never stored"):
        _ = video_in(VideoState.FOUND, "x", clock.time).number


def test_an_event_names_the_program_without_the_part_of_its_claim_that_no_person_reads(database):
    video = claim(database, factories.video(database), "captiond#4711")
    assert video.claim == "captiond#4711"
    move(database, video, VideoState.DOWNLOADED, who="captiond#4711")
    assert services.events(database, Subject.VIDEO, video.id)[-1].who == "captiond"


def test_the_claims_of_two_threads_of_one_program_are_two(database):
    video = claim(database, factories.video(database), "captiond#1")
    with pytest.raises(Refused, match="is lost"):
        work.renew(database, Video, video.id, "captiond#2", LEASE)


def test_a_row_in_another_state_is_not_claimed(database):
    factories.video(database, VideoState.DOWNLOADED)
    assert next_found(database) is None


def test_a_claim_holds_until_its_lease_has_expired(database, clock):
    factories.video(database)
    next_found(database, "one")
    clock.passes(seconds=LEASE.total_seconds())
    assert next_found(database, "two") is None


def test_a_row_whose_lease_has_expired_goes_to_the_next_who_asks(database, clock):
    factories.video(database)
    next_found(database, "one")
    clock.passes(seconds=LEASE.total_seconds() + 1)
    assert next_found(database, "two").claimed_by == "two"


def test_a_row_is_not_claimed_before_its_time(database, clock):
    video = claim(database, factories.video(database))
    put_off(database, video, clock.time + timedelta(minutes=1))
    clock.passes(seconds=59)
    assert next_found(database) is None


def test_a_row_is_claimed_when_its_time_has_come(database, clock):
    video = claim(database, factories.video(database))
    put_off(database, video, clock.time + timedelta(minutes=1))
    clock.passes(seconds=60)
    assert next_found(database).id == video.id


def test_rows_are_claimed_in_the_order_asked_for_and_then_by_age(database):
    made = [factories.video(database, youtube_id=f"video-{number}").id for number in range(3)]
    with database.write() as session:
        work.get(session, Video, made[2]).priority = 99
    order = (col(Video.priority).desc(),)
    assert [next_found(database, order=order).id for _ in made] == [made[2], made[0], made[1]]


def test_only_a_row_that_meets_the_conditions_is_claimed(database):
    factories.video(database, youtube_id="one")
    wanted = factories.video(database, youtube_id="two")
    assert next_found(database, DAEMON, col(Video.youtube_id) == "two").id == wanted.id


def test_a_renewed_claim_holds_longer(database, clock):
    video = claim(database, factories.video(database))
    clock.passes(minutes=1)
    assert work.renew(database, Video, video.id, DAEMON, LEASE).claimed_until == clock.time + LEASE


def test_renewing_a_claim_stores_what_goes_with_it(database):
    video = claim(database, factories.video(database))
    work.renew(database, Video, video.id, DAEMON, LEASE, progress=0.5)
    assert now_in(database, video).progress == 0.5


def test_an_expired_claim_that_nobody_took_can_be_renewed(database, clock):
    video = claim(database, factories.video(database))
    clock.passes(hours=1)
    work.renew(database, Video, video.id, DAEMON, LEASE)
    assert next_found(database, "two") is None


def test_who_lost_a_claim_cannot_renew_it(database, clock):
    video = claim(database, factories.video(database), "one")
    clock.passes(hours=1)
    claim(database, video, "two")
    with pytest.raises(Refused, match=f"the claim of one on video {video.id} is lost"):
        work.renew(database, Video, video.id, "one", LEASE, progress=0.5)
    assert (now_in(database, video).claimed_by, now_in(database, video).progress) == ("two", None)


def test_a_claim_is_lost_when_somebody_moves_the_row(database):
    channel = claim(database, factories.watched(database))
    move(database, channel, ChannelState.REMOVED)
    with pytest.raises(Refused, match="is lost"):
        work.renew(database, Channel, channel.id, DAEMON, LEASE)


def test_a_released_row_can_be_claimed_at_once_and_has_no_failure(database):
    video = claim(database, factories.video(database))
    work.release(database, Video, video.id, DAEMON)
    again = next_found(database, "two")
    assert (again.id, again.attempts, again.last_error) == (video.id, 0, None)


def test_nobody_releases_the_claim_of_another(database):
    video = claim(database, factories.video(database))
    work.release(database, Video, video.id, "two")
    assert now_in(database, video).claimed_by == DAEMON


def test_at_the_start_every_claim_is_freed_and_counted(database):
    claimed = [
        claim(database, factories.watched(database)),
        claim(database, factories.approved(database)),
        claim(database, factories.video(database, youtube_id="another")),
    ]
    factories.video(database, youtube_id="unclaimed")
    assert work.release_all(database) == 3
    assert [now_in(database, row).claimed_by for row in claimed] == [None, None, None]


# ---- failures


def test_a_row_that_was_put_off_is_free_and_says_why(database, clock):
    video = claim(database, factories.video(database))
    put_off(database, video, clock.time + timedelta(minutes=1))
    row = now_in(database, video)
    assert (row.claimed_by, row.next_try_at) == (None, clock.time + timedelta(minutes=1))
    assert (row.last_error_kind, row.last_error) == (ErrorKind.LATER, "the feed answered 503")


def test_a_row_that_was_put_off_stays_in_its_state(database, clock):
    draft = claim(database, factories.approved(database))
    put_off(database, draft, clock.time)
    assert now_in(database, draft).state is DraftState.APPROVED


def test_failures_in_a_row_are_counted(database, clock):
    video = factories.video(database)
    for _ in range(3):
        put_off(database, claim(database, video), clock.time)
    assert now_in(database, video).attempts == 3


def test_a_wait_that_is_nobodys_fault_is_not_counted(database, clock):
    video = factories.video(database)
    put_off(database, claim(database, video), clock.time, counted=True)
    put_off(database, claim(database, video), clock.time, counted=False)
    assert now_in(database, video).attempts == 1


def put_off_because(database, row, message):
    until = database.now()
    claimed = claim(database, row)
    work.postpone(database, type(row), claimed.id, DAEMON, until, ErrorKind.LATER, message, counted=True)


def postponements(database, row):
    return [event.why for event in services.events(database, Subject.VIDEO, row.id) if event.what == "postponed"]


def test_the_same_trouble_again_and_again_is_one_event(database):
    video = factories.video(database)
    for _ in range(3):
        put_off_because(database, video, "503")
    assert postponements(database, video) == ["503"]
    assert now_in(database, video).attempts == 3


def test_a_new_trouble_is_a_new_event(database):
    video = factories.video(database)
    for message in ("503", "503", "404", "503"):
        put_off_because(database, video, message)
    assert postponements(database, video) == ["503", "404", "503"]


def test_the_same_trouble_after_a_success_is_a_new_event(database):
    video = factories.video(database)
    put_off_because(database, video, "503")
    claimed = claim(database, video)
    downloaded = videos.advance(database, claimed, VideoState.DOWNLOADED, DAEMON)
    put_off_because(database, downloaded, "503")
    assert postponements(database, video) == ["503", "503"]


def test_who_lost_a_claim_cannot_put_the_row_off(database, clock):
    video = claim(database, factories.video(database), "one")
    clock.passes(hours=1)
    claim(database, video, "two")
    before = everything(database)
    with pytest.raises(Refused, match="is lost"):
        put_off(database, video, clock.time, who="one")
    assert everything(database) == before
