from datetime import timedelta

import pytest

from store import channels, drafts, services, videos, work
from store.errors import NotFound, Refused
from store.lifecycle import DraftState, ErrorKind, VideoState
from store.tables import ArtefactKind, Subject, Video
from tests.store import factories
from tests.store.factories import (
    DAEMON,
    LEASE,
    VIDEO,
    at_once,
    claim,
    entry,
    everything,
    moves,
    polled,
    sound,
    video,
    watched,
)


def aside(database, row, new=VideoState.FAILED, kind=ErrorKind.PERSON, reason="sign in to YouTube"):
    return videos.set_aside(database, claim(database, row), new, DAEMON, kind, reason)


def put_off(database, row, until):
    work.postpone(database, Video, claim(database, row).id, DAEMON, until, ErrorKind.LATER, "503", counted=True)


def last_event(database, row):
    return services.events(database, Subject.VIDEO, row.id)[-1]


# ---- asked for


def test_a_video_that_a_person_asks_for_is_queued_in_their_name(database, clock):
    made = videos.request(database, VIDEO, "ann")
    assert (made.state, made.requested_by, made.found_at) == (VideoState.FOUND, "ann", clock.time)
    assert moves(database, Subject.VIDEO, made) == [(None, "found", "ann")]


def test_a_video_that_a_person_asks_for_goes_before_those_from_feeds(database, clock):
    polled(database, watched(database), entry("aaaaaaaaaaa"))
    clock.passes(days=1)
    videos.request(database, VIDEO, "ann")
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE).youtube_id == VIDEO


def test_of_two_videos_from_feeds_the_older_goes_first(database, clock):
    channel = watched(database)
    polled(database, channel, entry("bbbbbbbbbbb"))
    clock.passes(days=1)
    polled(database, channel, entry("aaaaaaaaaaa"))
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE).youtube_id == "bbbbbbbbbbb"


@pytest.mark.parametrize("state", factories.ROUTE)
def test_a_video_that_is_on_its_way_is_not_queued_again(database, state):
    video(database, state)
    before = everything(database)
    with pytest.raises(Refused, match=f"that is video 1, and it is {state} already"):
        videos.request(database, VIDEO, "bob")
    assert everything(database) == before


def test_of_two_who_ask_for_a_video_at_once_one_is_refused(database):
    outcomes = at_once(database, *[lambda own, who=who: videos.request(own, VIDEO, who) for who in ("ann", "bob")])
    assert outcomes.count(Refused) == 1
    assert len(videos.queue(database, everything=True)) == 1


def test_a_video_that_was_skipped_is_captioned_when_a_person_asks_for_it(database):
    (skipped,) = polled(database, watched(database), entry(VIDEO, skip_reason="before subscription"))
    again = videos.request(database, VIDEO, "ann")
    assert (again.id, again.state, again.reason) == (skipped.id, VideoState.FOUND, None)
    assert (again.requested_by, again.priority) == ("ann", videos.BY_HAND)


# ---- moved on


def test_a_video_that_moves_on_leaves_its_troubles_behind(database, clock):
    found = video(database)
    put_off(database, found, clock.time)
    moved = videos.advance(database, claim(database, found), VideoState.DOWNLOADED, DAEMON)
    assert (moved.attempts, moved.next_try_at, moved.last_error_kind, moved.last_error) == (0, None, None, None)


def test_a_video_that_moves_on_is_free_and_shows_no_progress(database):
    claimed = claim(database, video(database))
    work.renew(database, Video, claimed.id, DAEMON, LEASE, progress=0.5)
    moved = videos.advance(database, claimed, VideoState.DOWNLOADED, DAEMON)
    assert (moved.claimed_by, moved.progress) == (None, None)


def test_a_video_that_moves_on_is_not_cancelled_any_more(database):
    claimed = claim(database, video(database))
    work.renew(database, Video, claimed.id, DAEMON, LEASE, cancelled_by="ann")
    assert videos.advance(database, claimed, VideoState.DOWNLOADED, DAEMON).cancelled_by is None


def test_a_video_that_is_claimed_again_shows_no_progress_of_the_try_before(database, clock):
    claimed = claim(database, video(database))
    work.renew(database, Video, claimed.id, DAEMON, LEASE, progress=0.5)
    work.postpone(database, Video, claimed.id, DAEMON, clock.time, ErrorKind.LATER, "503", counted=True)
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE).progress is None


def test_a_video_moves_on_with_what_was_learnt_of_it(database):
    claimed = claim(database, video(database))
    moved = videos.advance(database, claimed, VideoState.DOWNLOADED, DAEMON, title="A title", seconds=12.5)
    assert (moved.title, moved.seconds) == ("A title", 12.5)


def test_what_a_stage_made_is_kept_when_the_video_moves_on(database):
    claimed = claim(database, video(database))
    videos.advance(database, claimed, VideoState.DOWNLOADED, DAEMON, artefact=sound(claimed))
    assert videos.artefact(database, claimed.id, ArtefactKind.SOUND).path == "audio/a.m4a"


def test_without_the_claim_a_video_does_not_move_on_and_nothing_is_kept(database, clock):
    lost = claim(database, video(database), "one")
    clock.passes(hours=1)
    claim(database, lost, "two")
    before = everything(database)
    with pytest.raises(Refused, match="is being worked on by two"):
        videos.advance(database, lost, VideoState.DOWNLOADED, "one", artefact=sound(lost))
    assert everything(database) == before


def test_a_video_that_nobody_claimed_does_not_move_on(database):
    with pytest.raises(Refused):
        videos.advance(database, video(database), VideoState.DOWNLOADED, DAEMON)


def test_every_move_of_a_video_leaves_an_event(database):
    transcribed = video(database, VideoState.TRANSCRIBED)
    assert moves(database, Subject.VIDEO, transcribed) == [
        (None, "found", "ann"),
        ("found", "downloaded", DAEMON),
        ("downloaded", "transcribed", DAEMON),
    ]


# ---- set aside, and taken up again


@pytest.mark.parametrize("state", factories.ROUTE)
@pytest.mark.parametrize("new", [VideoState.SKIPPED, VideoState.FAILED])
def test_a_video_that_is_set_aside_remembers_where_it_stopped_and_goes_on_there(database, state, new):
    set_aside = aside(database, video(database, state), new)
    assert (set_aside.state, set_aside.resume_state) == (new, state)
    assert videos.retry(database, set_aside.id, "bob").state is state


def test_a_video_that_is_set_aside_says_why_in_its_row_and_in_its_event(database):
    row = aside(database, video(database), reason="sign in to YouTube")
    assert (row.reason, row.last_error) == ("sign in to YouTube", "sign in to YouTube")
    assert (row.last_error_kind, row.claimed_by) == (ErrorKind.PERSON, None)
    assert last_event(database, row).why == "sign in to YouTube"


def test_without_the_claim_a_video_is_not_set_aside(database):
    found = video(database)
    before = everything(database)
    with pytest.raises(Refused):
        videos.set_aside(database, found, VideoState.FAILED, DAEMON, ErrorKind.PERSON, "sign in")
    assert everything(database) == before


def test_a_video_that_is_taken_up_again_is_tried_at_once_with_its_failures_forgotten(database, clock):
    found = video(database)
    put_off(database, found, clock.time)
    again = videos.retry(database, aside(database, found).id, "bob")
    assert (again.attempts, again.next_try_at, again.reason, again.resume_state) == (0, None, None, None)


def test_the_last_error_stays_visible_until_a_success(database):
    row = aside(database, video(database), reason="sign in to YouTube")
    assert videos.retry(database, row.id, "bob").last_error == "sign in to YouTube"


@pytest.mark.parametrize(
    ("kind", "job"),
    [(ErrorKind.FINAL, {"engine": "whisper"}), (ErrorKind.BUG, None), (ErrorKind.PERSON, None)],
)
def test_what_had_failed_is_retried_with_the_settings_of_now(database, kind, job):
    claimed = claim(database, video(database))
    work.renew(database, Video, claimed.id, DAEMON, LEASE, job={"engine": "whisper"})
    videos.set_aside(database, claimed, VideoState.FAILED, DAEMON, kind, "it crashed")
    assert videos.retry(database, claimed.id, "bob").job == job


def test_words_that_are_there_keep_the_settings_that_shaped_them(database):
    claimed = claim(database, video(database, VideoState.TRANSCRIBED))
    work.renew(database, Video, claimed.id, DAEMON, LEASE, job={"engine": "whisper"})
    videos.set_aside(database, videos.get(database, claimed.id), VideoState.FAILED, DAEMON, ErrorKind.BUG, "it crashed")
    assert videos.retry(database, claimed.id, "bob").job == {"engine": "whisper"}


def test_a_video_that_is_at_work_here_is_not_claimed_again_though_its_claim_lapsed(database, clock):
    claimed = claim(database, video(database))
    clock.passes(hours=8)
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE, but={claimed.id}) is None
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE).id == claimed.id


def test_a_video_that_is_taken_up_again_is_not_cancelled_any_more(database):
    claimed = claim(database, video(database))
    work.renew(database, Video, claimed.id, DAEMON, LEASE, cancelled_by="ann")
    videos.set_aside(database, claimed, VideoState.SKIPPED, DAEMON, ErrorKind.FINAL, "cancelled by ann")
    assert videos.retry(database, claimed.id, "bob").cancelled_by is None


def test_the_event_of_a_retry_has_the_persons_name(database):
    row = aside(database, video(database))
    videos.retry(database, row.id, "bob")
    assert moves(database, Subject.VIDEO, row)[-1] == ("failed", "found", "bob")


def test_a_video_that_waits_is_tried_at_once_on_retry(database, clock):
    found = video(database)
    put_off(database, found, clock.time + timedelta(hours=6))
    videos.retry(database, found.id, "bob")
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE).id == found.id


def test_an_event_tells_who_would_not_wait(database, clock):
    found = video(database)
    put_off(database, found, clock.time + timedelta(hours=6))
    videos.retry(database, found.id, "bob")
    event = last_event(database, found)
    assert (event.what, event.who) == ("retried", "bob")


def test_a_video_that_neither_failed_nor_waits_is_not_retried(database):
    with pytest.raises(Refused, match="video 1 is found: there is nothing to retry"):
        videos.retry(database, video(database).id, "bob")


def test_a_video_that_is_done_is_not_retried(database):
    with pytest.raises(Refused, match="is drafted"):
        videos.retry(database, factories.draft(database).video_id, "bob")


def test_of_two_who_retry_at_once_one_is_refused(database):
    row = aside(database, video(database))
    outcomes = at_once(database, *[lambda own, who=who: videos.retry(own, row.id, who) for who in ("ann", "bob")])
    assert outcomes.count(Refused) == 1


# ---- what there is


def test_people_name_a_video_by_its_number_or_its_youtube_id(database):
    made = video(database)
    assert [videos.find(database, name).id for name in (str(made.id), VIDEO)] == [made.id, made.id]


def test_a_youtube_id_of_digits_only_is_no_number(database):
    video(database, youtube_id="aaaaaaaaaaa")
    assert video(database, youtube_id="12345678901").id == videos.find(database, "12345678901").id


@pytest.mark.parametrize("name", ["99", "bbbbbbbbbbb", "", "9" * 19, "9" * 5000, "-1", "1.0"])
def test_a_name_of_no_video_is_not_found(database, name):
    video(database)
    with pytest.raises(NotFound, match="there is no video"):
        videos.find(database, name)


def test_the_queue_shows_what_is_on_its_way_or_needs_a_person(database):
    shown = [
        video(database, VideoState.TRANSCRIBED, "transcribed").id,
        video(database, VideoState.FOUND, "found").id,
        aside(database, video(database, VideoState.FOUND, "failed")).id,
    ]
    aside(database, video(database, VideoState.FOUND, "skipped"), VideoState.SKIPPED)
    factories.draft(database, "drafted")
    assert [row.id for row in videos.queue(database)] == shown


def test_the_whole_queue_shows_what_is_done_with_too(database):
    skipped = aside(database, video(database), VideoState.SKIPPED)
    drafted = factories.draft(database, "drafted")
    assert [row.id for row in videos.queue(database, everything=True)] == [drafted.video_id, skipped.id]


def many(database, how_many):
    """Videos that were found all at once; their numbers."""
    with database.write() as session:
        made = [Video(state="found", youtube_id=f"video-{n:05}", found_at=database.now()) for n in range(how_many)]
        session.add_all(made)
        session.flush()
        return [one.number for one in made]


def test_the_whole_queue_begins_with_the_newest(database):
    numbers = many(database, videos.LISTED + 2)[::-1]
    assert [row.id for row in videos.queue(database, everything=True)] == numbers[: videos.LISTED]
    rest = videos.queue(database, everything=True, skip=videos.LISTED)
    assert [row.id for row in rest] == numbers[videos.LISTED :]


def test_the_queue_shows_the_front_of_the_line(database):
    numbers = many(database, videos.LISTED + 2)
    assert [row.id for row in videos.queue(database)] == numbers[: videos.LISTED]
    assert [row.id for row in videos.queue(database, skip=videos.LISTED)] == numbers[videos.LISTED :]


def test_videos_that_a_person_may_retry_are_told_the_newest_first(database, clock):
    failed = aside(database, video(database, youtube_id="failed"))
    skipped = aside(database, video(database, youtube_id="skipped"), VideoState.SKIPPED)
    waiting = video(database, youtube_id="waiting")
    put_off(database, waiting, clock.time + timedelta(hours=1))
    video(database, youtube_id="in line")
    factories.draft(database, "drafted")
    assert [row.id for row in videos.stuck(database)] == [waiting.id, skipped.id, failed.id]


def test_a_video_that_is_worked_on_again_is_not_stuck(database, clock):
    found = video(database)
    put_off(database, found, clock.time)
    claim(database, found)
    assert videos.stuck(database) == []


def test_the_queue_is_in_the_order_of_the_line(database, clock):
    (from_feed,) = polled(database, watched(database), entry("aaaaaaaaaaa"))
    clock.passes(hours=1)
    by_hand = video(database)
    assert [row.id for row in videos.queue(database)] == [by_hand.id, from_feed.id]


def test_videos_are_counted_by_state(database):
    video(database, youtube_id="one")
    video(database, youtube_id="two")
    video(database, VideoState.DOWNLOADED, "three")
    assert videos.counts(database) == {"found": 2, "downloaded": 1}


def test_the_language_of_a_video_is_what_its_channels_owner_said(database):
    asked = channels.ask(database, "@somebody", "ann", language="de")
    channel = channels.found(database, asked.id, DAEMON, factories.CHANNEL, "Some Channel")
    (made,) = polled(database, channel, entry())
    assert videos.channel_of(database, made).language == "de"


def test_a_video_without_a_subscription_has_no_channel(database):
    assert videos.channel_of(database, video(database)) is None


def test_a_video_that_a_person_asked_for_belongs_to_the_subscription_of_its_owner(database):
    subscribed = watched(database)
    made = video(database, VideoState.DOWNLOADED)
    assert (made.channel_id, videos.channel_of(database, made).id) == (None, subscribed.id)


def test_a_video_that_a_person_asked_for_does_not_belong_to_a_channel_that_was_removed(database):
    channels.remove(database, watched(database).id, "ann")
    assert videos.channel_of(database, video(database, VideoState.DOWNLOADED)) is None


# ---- artefacts


def kept(database, row, **values):
    """The artefact is kept with a move there and back."""
    videos.advance(database, claim(database, row), VideoState.DOWNLOADED, DAEMON, artefact=sound(row, **values))
    downloaded = videos.get(database, row.id)
    return videos.advance(database, claim(database, downloaded), VideoState.FOUND, DAEMON)


def test_an_artefact_is_found_by_its_key(database):
    row = kept(database, video(database), key="k1", path="one")
    kept(database, row, key="k2", path="two")
    assert videos.artefact(database, row.id, ArtefactKind.SOUND, "k1").path == "one"


def test_without_a_key_the_newest_artefact_is_found(database, clock):
    row = kept(database, video(database), key="k1", path="newer", made_at=clock.time + timedelta(hours=1))
    kept(database, row, key="k2", path="older", made_at=clock.time)
    assert videos.artefact(database, row.id, ArtefactKind.SOUND).path == "newer"


def test_an_artefact_made_again_under_the_same_key_takes_the_place_of_the_first(database):
    row = kept(database, video(database), key="k", path="one")
    kept(database, row, key="k", path="two")
    assert [artefact.path for artefact in everything(database)["artefact"]] == ["two"]


def test_an_artefact_of_another_kind_key_or_video_is_not_found(database):
    row = kept(database, video(database), key="k")
    other = video(database, youtube_id="aaaaaaaaaaa")
    assert videos.artefact(database, row.id, ArtefactKind.WORDS) is None
    assert videos.artefact(database, row.id, ArtefactKind.SOUND, "another") is None
    assert videos.artefact(database, other.id, ArtefactKind.SOUND) is None


# ---- cancelled


@pytest.mark.parametrize("state", factories.ROUTE)
def test_a_video_in_line_that_is_cancelled_is_skipped_and_taken_up_there_on_retry(database, state):
    cancelled = videos.cancel(database, video(database, state).id, "bob")
    assert (cancelled.state, cancelled.reason) == (VideoState.SKIPPED, "cancelled by bob")
    assert moves(database, Subject.VIDEO, cancelled)[-1] == (state, "skipped", "bob")
    assert videos.retry(database, cancelled.id, "bob").state is state


def test_a_video_that_waits_for_another_try_and_is_cancelled_waits_for_nothing(database, clock):
    found = video(database)
    put_off(database, found, clock.time + timedelta(hours=1))
    assert videos.cancel(database, found.id, "bob").next_try_at is None
    clock.passes(hours=2)
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE) is None


def test_a_video_that_failed_and_is_cancelled_is_taken_up_where_it_stopped_on_retry(database):
    failed = aside(database, video(database, VideoState.DOWNLOADED))
    cancelled = videos.cancel(database, failed.id, "bob")
    assert cancelled.state is VideoState.SKIPPED
    assert videos.retry(database, failed.id, "bob").state is VideoState.DOWNLOADED


def test_a_video_that_is_worked_on_stays_claimed_and_is_marked_when_it_is_cancelled(database):
    claimed = claim(database, video(database))
    cancelled = videos.cancel(database, claimed.id, "bob")
    assert (cancelled.state, cancelled.claimed_by, cancelled.cancelled_by) == (VideoState.FOUND, DAEMON, "bob")
    assert (last_event(database, claimed).what, last_event(database, claimed).who) == ("cancelled", "bob")


def test_who_works_on_a_video_sees_with_the_next_renewal_that_it_is_cancelled(database):
    claimed = claim(database, video(database))
    videos.cancel(database, claimed.id, "bob")
    assert work.renew(database, Video, claimed.id, DAEMON, LEASE).cancelled_by == "bob"


@pytest.mark.parametrize("state", ["drafted", "skipped"])
def test_what_is_done_with_is_not_cancelled(database, state):
    row = (
        videos.get(database, factories.draft(database).video_id)
        if state == "drafted"
        else aside(database, video(database), VideoState.SKIPPED)
    )
    before = everything(database)
    with pytest.raises(Refused, match=f"video 1 is {state}: there is nothing to cancel"):
        videos.cancel(database, row.id, "bob")
    assert everything(database) == before


@pytest.mark.parametrize("verb", [videos.cancel, videos.first, videos.redo])
def test_a_video_that_is_not_there_is_told_of_by_every_verb(database, verb):
    with pytest.raises(NotFound, match="there is no video 99"):
        verb(database, 99, "bob")


def test_of_two_who_cancel_at_once_one_is_refused(database):
    row = video(database)
    outcomes = at_once(database, *[lambda own, who=who: videos.cancel(own, row.id, who) for who in ("ann", "bob")])
    assert outcomes.count(Refused) == 1


# ---- put first


def test_a_video_that_is_put_first_goes_before_those_that_people_asked_for(database):
    (from_feed,) = polled(database, watched(database), entry("aaaaaaaaaaa"))
    by_hand = video(database)
    videos.first(database, from_feed.id, "bob")
    assert [row.id for row in videos.queue(database)] == [from_feed.id, by_hand.id]
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE).id == from_feed.id


def test_the_last_that_was_put_first_is_first(database):
    rows = [video(database, youtube_id=name) for name in ("one", "two", "three")]
    for row in (rows[1], rows[2]):
        videos.first(database, row.id, "bob")
    assert [row.youtube_id for row in videos.queue(database)] == ["three", "two", "one"]


def test_who_put_a_video_first_is_in_its_event(database):
    row = videos.first(database, video(database).id, "bob")
    assert (last_event(database, row).what, last_event(database, row).who) == ("put first", "bob")


@pytest.mark.parametrize("new", [VideoState.SKIPPED, VideoState.FAILED])
def test_a_video_that_is_not_in_line_cannot_be_put_first(database, new):
    row = aside(database, video(database), new)
    before = everything(database)
    with pytest.raises(Refused, match=f"video 1 is {new}: only one in line can be put first"):
        videos.first(database, row.id, "bob")
    assert everything(database) == before


# ---- done again


def drafted_with_a_job(database):
    """A video whose draft was made by a job that was copied onto it."""
    transcribed = claim(database, video(database, VideoState.TRANSCRIBED))
    work.renew(database, Video, transcribed.id, DAEMON, LEASE, job={"engine": "whisper"})
    return drafts.make(database, videos.get(database, transcribed.id), factories.captions(), DAEMON)


def test_a_video_that_is_done_again_is_recognised_with_the_settings_of_now(database):
    made = drafted_with_a_job(database)
    again = videos.redo(database, made.video_id, "bob")
    assert (again.state, again.job) == (VideoState.DOWNLOADED, None)
    assert moves(database, Subject.VIDEO, again)[-1] == ("drafted", "downloaded", "bob")
    assert videos.claim_next(database, VideoState.DOWNLOADED, DAEMON, LEASE).id == again.id


def test_a_video_that_is_done_again_gives_the_next_revision_and_supersedes_what_waits(database):
    made = drafted_with_a_job(database)
    again = videos.redo(database, made.video_id, "bob")
    transcribed = videos.advance(database, claim(database, again), VideoState.TRANSCRIBED, DAEMON)
    newer = drafts.make(database, claim(database, transcribed), factories.captions(text="WEBVTT\n"), DAEMON)
    assert (newer.revision, newer.state, newer.edited_by) == (2, DraftState.WAITING, None)
    assert drafts.get(database, made.id)[0].state is DraftState.SUPERSEDED


def test_until_it_is_done_again_the_draft_that_waits_can_still_be_approved(database):
    made = drafted_with_a_job(database)
    factories.login_covers(database, factories.CHANNEL)
    videos.redo(database, made.video_id, "bob")
    assert drafts.approve(database, made.id, "ann").state is DraftState.APPROVED


@pytest.mark.parametrize("state", factories.ROUTE)
def test_a_video_on_its_way_is_not_done_again(database, state):
    row = video(database, state)
    with pytest.raises(Refused, match=f"video 1 is {state}, not drafted"):
        videos.redo(database, row.id, "bob")


def test_of_two_who_want_a_video_done_again_at_once_one_is_refused(database):
    video_id = drafted_with_a_job(database).video_id
    outcomes = at_once(database, *[lambda own, who=who: videos.redo(own, video_id, who) for who in ("ann", "bob")])
    assert outcomes.count(Refused) == 1
