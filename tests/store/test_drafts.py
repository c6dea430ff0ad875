from datetime import timedelta

import pytest

from store import drafts, services, videos, work
from store.errors import NotFound, Refused
from store.lifecycle import DraftState, ErrorKind, VideoState
from store.tables import DecisionKind, Draft, Subject
from tests.store import factories
from tests.store.factories import (
    CHANNEL,
    DAEMON,
    LEASE,
    VIDEO,
    approved,
    at_once,
    captions,
    claim,
    draft,
    everything,
    login_covers,
    moves,
    redone,
    transcribed_again,
    uploaded,
)


def state_of(database, row):
    return drafts.get(database, row.id)[0].state


def aside(database, row, new=DraftState.FAILED, reason="log in again"):
    return drafts.set_aside(database, claim(database, row), new, DAEMON, ErrorKind.PERSON, reason)


def put_off(database, row, until):
    work.postpone(database, Draft, claim(database, row).id, DAEMON, until, ErrorKind.LATER, "503", counted=True)


# ---- made


def test_a_new_draft_waits_for_a_person(database, clock):
    made = draft(database)
    assert (made.state, made.revision, made.made_at) == (DraftState.WAITING, 1, clock.time)


def test_a_draft_holds_the_text_that_was_made_and_its_hash(database):
    made = draft(database, text="WEBVTT\n\n字幕\n", cues=7, language="zh", report={"summary": "good"})
    row, _ = drafts.get(database, made.id)
    assert (row.text, row.cues, row.language, row.report) == ("WEBVTT\n\n字幕\n", 7, "zh", {"summary": "good"})
    assert row.sha256 == "c5762aaae0e38191396f05d55de667e16bb77e789f542ba8a3c547552e97555f"  # of the text in UTF-8


def test_making_a_draft_moves_its_video_on(database):
    made = draft(database)
    _, video = drafts.get(database, made.id)
    assert (video.state, video.claimed_by) == (VideoState.DRAFTED, None)


def test_an_event_tells_of_a_new_draft(database):
    made = draft(database)
    (event,) = services.events(database, Subject.DRAFT, made.id)
    assert (event.what, event.to_state, event.who, event.why) == ("made", "waiting", DAEMON, "1 cues by whisper")


def test_without_the_claim_on_the_video_no_draft_is_made(database, clock):
    video = transcribed_again(database, draft(database))
    lost = claim(database, video, "one")
    clock.passes(hours=1)
    claim(database, video, "two")
    before = everything(database)
    with pytest.raises(Refused, match="is being worked on by two"):
        drafts.make(database, lost, captions(), "one")
    assert everything(database) == before


def test_a_video_that_is_done_again_gets_the_next_revision(database):
    assert redone(database, redone(database, draft(database))).revision == 3


def test_revisions_are_counted_for_each_video(database):
    redone(database, draft(database))
    assert draft(database, "aaaaaaaaaaa").revision == 1


def test_revisions_are_counted_for_each_language(database):
    assert redone(database, draft(database, language="en"), language="de").revision == 1


def test_a_draft_in_another_language_is_not_superseded(database):
    first = draft(database, language="en")
    redone(database, first, language="de")
    assert state_of(database, first) is DraftState.WAITING


def test_a_new_revision_supersedes_one_that_waits(database):
    first = draft(database)
    redone(database, first)
    assert state_of(database, first) is DraftState.SUPERSEDED
    assert moves(database, Subject.DRAFT, first)[-1] == ("waiting", "superseded", DAEMON)


def test_a_new_revision_supersedes_an_approved_one_whose_upload_has_not_begun(database):
    first = approved(database)
    redone(database, first)
    assert state_of(database, first) is DraftState.SUPERSEDED


def test_a_new_revision_supersedes_one_whose_upload_failed(database):
    first = aside(database, approved(database))
    redone(database, first)
    assert state_of(database, first) is DraftState.SUPERSEDED


def test_a_new_revision_leaves_one_that_is_being_uploaded(database):
    first = claim(database, approved(database))
    redone(database, first)
    row, _ = drafts.get(database, first.id)
    assert (row.state, row.claimed_by) == (DraftState.APPROVED, DAEMON)


def test_a_new_revision_leaves_one_that_is_on_youtube(database):
    first = uploaded(database)
    redone(database, first)
    assert state_of(database, first) is DraftState.UPLOADED


def test_a_new_revision_leaves_one_that_a_person_rejected(database):
    first = drafts.reject(database, draft(database).id, "ann")
    redone(database, first)
    assert state_of(database, first) is DraftState.REJECTED


# ---- approved


def test_an_approved_draft_is_to_be_uploaded(database):
    row = approved(database)
    assert row.state is DraftState.APPROVED
    assert drafts.claim_approved(database, DAEMON, LEASE).id == row.id


def test_the_decision_and_the_event_of_an_approval_have_the_persons_name(database, clock):
    login_covers(database, CHANNEL)
    row = drafts.approve(database, draft(database).id, "ann")
    (decision,) = drafts.decisions(database, row.id)
    assert (decision.what, decision.who, decision.at) == (DecisionKind.APPROVE, "ann", clock.time)
    assert moves(database, Subject.DRAFT, row)[-1] == ("waiting", "approved", "ann")


def refuses_approval(database, row, match):
    before = everything(database)
    with pytest.raises(Refused, match=match):
        drafts.approve(database, row.id, "bob")
    assert everything(database) == before


def test_the_second_who_approves_is_refused(database):
    refuses_approval(database, approved(database), "draft 1 is approved: only a waiting draft can be approved")


def test_of_two_who_approve_at_once_one_is_refused(database):
    login_covers(database, CHANNEL)
    row = draft(database)
    outcomes = at_once(database, *[lambda own, who=who: drafts.approve(own, row.id, who) for who in ("ann", "bob")])
    assert outcomes.count(Refused) == 1
    assert len(drafts.decisions(database, row.id)) == 1


def test_of_who_approves_and_who_rejects_at_once_one_is_refused(database):
    login_covers(database, CHANNEL)
    row = draft(database)
    outcomes = at_once(
        database,
        lambda own: drafts.approve(own, row.id, "ann").state,
        lambda own: drafts.reject(own, row.id, "bob").state,
    )
    assert outcomes.count(Refused) == 1
    assert state_of(database, row) in outcomes


def test_a_superseded_draft_is_not_approved(database):
    login_covers(database, CHANNEL)
    first = draft(database)
    redone(database, first)
    refuses_approval(database, first, "is superseded")


def test_a_draft_without_a_cue_is_not_approved(database):
    login_covers(database, CHANNEL)
    refuses_approval(database, draft(database, cues=0), "has no cue")


@pytest.mark.parametrize("state", [DraftState.FAILED, DraftState.SKIPPED])
def test_an_upload_without_a_cue_is_not_retried_and_can_be_rejected_where_it_failed(database, state):
    first = draft(database, cues=0)
    with database.write() as session:  # past the verbs, which do not let it be approved
        row = session.get(Draft, first.id)
        row.state = state
        session.add(row)
    with pytest.raises(Refused, match="has no cue"):
        drafts.retry(database, first.id, "ann")
    assert state_of(database, first) is state
    if state is DraftState.FAILED:
        assert drafts.reject(database, first.id, "ann").state is DraftState.REJECTED


def test_a_draft_that_no_login_covers_is_not_approved(database):
    login_covers(database, "UCbbbbbbbbbbbbbbbbbbbbbb")
    refuses_approval(database, draft(database), "no login covers the channel of draft 1")


def test_before_captiond_has_ever_run_no_draft_is_approved(database):
    refuses_approval(database, draft(database), "captiond has not said yet which channels the login covers")


def test_a_draft_that_is_not_there_is_not_approved(database):
    with pytest.raises(NotFound, match="there is no draft 99"):
        drafts.approve(database, 99, "ann")


# ---- rejected


def test_a_rejected_draft_is_never_uploaded(database):
    row = drafts.reject(database, draft(database).id, "ann")
    assert row.state is DraftState.REJECTED
    assert drafts.claim_approved(database, DAEMON, LEASE) is None


def test_a_rejection_keeps_the_persons_name_and_reason(database):
    row = drafts.reject(database, draft(database).id, "ann", "wrong language")
    (decision,) = drafts.decisions(database, row.id)
    assert (decision.what, decision.who, decision.reason) == (DecisionKind.REJECT, "ann", "wrong language")
    assert row.reason == "wrong language"
    event = services.events(database, Subject.DRAFT, row.id)[-1]
    assert (event.to_state, event.who, event.why) == ("rejected", "ann", "wrong language")


def test_a_draft_whose_upload_failed_can_be_rejected(database):
    row = aside(database, approved(database))
    assert drafts.reject(database, row.id, "bob").state is DraftState.REJECTED


@pytest.mark.parametrize("made", [approved, uploaded])
def test_a_draft_that_is_approved_or_uploaded_is_not_rejected(database, made):
    row = made(database)
    before = everything(database)
    with pytest.raises(Refused, match=f"draft 1 is {row.state}: only a waiting or a failed draft can be rejected"):
        drafts.reject(database, row.id, "bob")
    assert everything(database) == before


def test_a_draft_is_not_rejected_twice(database):
    row = drafts.reject(database, draft(database).id, "ann")
    with pytest.raises(Refused):
        drafts.reject(database, row.id, "bob")


def test_all_decisions_on_a_draft_are_kept_in_order(database):
    row = aside(database, approved(database))
    drafts.reject(database, row.id, "bob")
    assert [(one.what, one.who) for one in drafts.decisions(database, row.id)] == [
        ("approve", "ann"),
        ("reject", "bob"),
    ]


# ---- tried again


@pytest.mark.parametrize("new", [DraftState.FAILED, DraftState.SKIPPED])
def test_a_draft_that_was_set_aside_is_uploaded_after_all_on_retry(database, new):
    row = drafts.retry(database, aside(database, approved(database), new).id, "bob")
    assert (row.state, row.reason, row.attempts) == (DraftState.APPROVED, None, 0)
    assert moves(database, Subject.DRAFT, row)[-1] == (new, "approved", "bob")


def test_who_takes_a_rejection_back_is_kept_as_a_decision(database):
    made = factories.draft(database)
    drafts.reject(database, made.number, "ben", "bad")
    drafts.retry(database, made.number, "anna")
    assert [(one.what, one.who) for one in drafts.decisions(database, made.number)] == [
        (DecisionKind.REJECT, "ben"),
        (DecisionKind.RETRY, "anna"),
    ]


def test_a_retry_of_nothing_is_no_decision(database):
    made = factories.draft(database)
    with pytest.raises(Refused):
        drafts.retry(database, made.number, "anna")
    assert drafts.decisions(database, made.number) == []


def test_an_upload_that_waits_is_tried_at_once_on_retry(database, clock):
    row = approved(database)
    put_off(database, row, clock.time + timedelta(hours=6))
    drafts.retry(database, row.id, "bob")
    assert drafts.claim_approved(database, DAEMON, LEASE).id == row.id
    event = services.events(database, Subject.DRAFT, row.id)[-1]
    assert (event.what, event.who) == ("retried", "bob")


def test_a_draft_that_waits_for_a_decision_is_not_retried(database):
    with pytest.raises(Refused, match="draft 1 is waiting: there is nothing to retry"):
        drafts.retry(database, draft(database).id, "bob")


def test_an_upload_under_way_is_not_retried(database, clock):
    row = approved(database)
    put_off(database, row, clock.time)
    claim(database, row)
    with pytest.raises(Refused, match="there is nothing to retry"):
        drafts.retry(database, row.id, "bob")


def test_an_older_revision_is_not_retried(database):
    first = aside(database, approved(database), DraftState.SKIPPED)
    second = redone(database, first)
    with pytest.raises(Refused, match=f"draft {second.id} is newer"):
        drafts.retry(database, first.id, "bob")


# ---- uploaded


def test_an_uploaded_draft_says_which_track_it_is_and_since_when(database, clock):
    row = uploaded(database, "track")
    assert (row.state, row.track_id, row.uploaded_at) == (DraftState.UPLOADED, "track", clock.time)
    assert (row.claimed_by, row.last_error) == (None, None)
    assert services.events(database, Subject.DRAFT, row.id)[-1].why == "track track"


def test_what_was_on_youtube_is_replaced_by_the_newer_revision(database):
    first = uploaded(database, "track")
    second = redone(database, first)
    drafts.approve(database, second.id, "ann")
    drafts.uploaded(database, drafts.claim_approved(database, DAEMON, LEASE), DAEMON, "track")
    assert (state_of(database, first), state_of(database, second)) == (DraftState.REPLACED, DraftState.UPLOADED)
    assert moves(database, Subject.DRAFT, first)[-1] == ("uploaded", "replaced", DAEMON)


def test_a_track_in_another_language_is_not_replaced(database):
    first = uploaded(database)
    second = redone(database, first, language="de")
    drafts.approve(database, second.id, "ann")
    drafts.uploaded(database, claim(database, drafts.get(database, second.id)[0]), DAEMON, "other")
    assert state_of(database, first) is DraftState.UPLOADED


def test_a_track_of_another_video_is_not_replaced(database):
    first = uploaded(database)
    uploaded(database, "other", "aaaaaaaaaaa")
    assert state_of(database, first) is DraftState.UPLOADED


def test_without_the_claim_a_draft_is_not_uploaded_and_nothing_is_replaced(database):
    second = redone(database, uploaded(database))
    unclaimed = drafts.approve(database, second.id, "ann")
    before = everything(database)
    with pytest.raises(Refused):
        drafts.uploaded(database, unclaimed, DAEMON, "track")
    assert everything(database) == before


def test_a_draft_is_superseded_where_a_newer_one_came_while_it_was_being_uploaded(database):
    first = claim(database, approved(database))
    redone(database, first)
    assert drafts.superseded(database, first, DAEMON)
    assert moves(database, Subject.DRAFT, first)[-1] == ("approved", "superseded", DAEMON)


def test_the_newest_draft_is_not_superseded_before_its_upload(database):
    newest = claim(database, approved(database))
    before = everything(database)
    assert not drafts.superseded(database, newest, DAEMON)
    assert everything(database) == before


def test_a_draft_that_is_set_aside_says_why(database):
    row = aside(database, approved(database), reason="log in again")
    assert (row.state, row.reason, row.last_error) == (DraftState.FAILED, "log in again", "log in again")
    assert (row.last_error_kind, row.claimed_by) == (ErrorKind.PERSON, None)
    assert services.events(database, Subject.DRAFT, row.id)[-1].why == "log in again"


@pytest.mark.parametrize("new", [DraftState.FAILED, DraftState.SKIPPED])
def test_an_older_revision_that_is_set_aside_is_superseded(database, new):
    first = claim(database, approved(database))
    second = redone(database, first)
    row = drafts.set_aside(database, first, new, DAEMON, ErrorKind.PERSON, "log in again")
    assert (row.state, row.claimed_by) == (DraftState.SUPERSEDED, None)
    assert state_of(database, second) is DraftState.WAITING
    assert moves(database, Subject.DRAFT, first)[-1] == ("approved", "superseded", DAEMON)


def test_a_draft_in_another_language_does_not_supersede_one_that_is_set_aside(database):
    first = claim(database, approved(database))
    redone(database, first, language="de")
    row = drafts.set_aside(database, first, DraftState.FAILED, DAEMON, ErrorKind.PERSON, "log in again")
    assert row.state is DraftState.FAILED


def test_without_the_claim_a_draft_is_not_set_aside(database):
    row = approved(database)
    with pytest.raises(Refused):
        drafts.set_aside(database, row, DraftState.FAILED, DAEMON, ErrorKind.PERSON, "log in again")


def test_our_tracks_are_those_of_all_revisions_and_languages_of_the_video(database):
    first = uploaded(database, "one")
    second = redone(database, first, language="de")
    drafts.approve(database, second.id, "ann")
    drafts.uploaded(database, claim(database, drafts.get(database, second.id)[0]), DAEMON, "two")
    uploaded(database, "of another video", "aaaaaaaaaaa")
    assert drafts.our_tracks(database, first.video_id) == {"one", "two"}


def test_a_track_that_was_replaced_is_still_ours(database):
    second = redone(database, uploaded(database, "one"))
    drafts.approve(database, second.id, "ann")
    drafts.uploaded(database, claim(database, drafts.get(database, second.id)[0]), DAEMON, "two")
    assert drafts.our_tracks(database, second.video_id) == {"one", "two"}


def test_before_the_first_upload_no_track_is_ours(database):
    assert drafts.our_tracks(database, approved(database).video_id) == frozenset()


# ---- what there is


def test_people_name_a_draft_by_its_number(database):
    first = draft(database)
    redone(database, first)
    found, video = drafts.find(database, str(first.id))
    assert (found.id, video.youtube_id) == (first.id, VIDEO)


def test_people_name_the_newest_draft_by_its_video(database):
    newest = redone(database, draft(database))
    draft(database, "aaaaaaaaaaa")
    assert drafts.find(database, VIDEO)[0].id == newest.id


def test_a_video_without_a_draft_says_that_there_is_none_yet(database):
    factories.video(database)
    with pytest.raises(NotFound, match=f"there is no draft of video '{VIDEO}' yet"):
        drafts.find(database, VIDEO)


def test_a_video_whose_youtube_id_has_only_digits_is_found_by_it(database):
    made = draft(database, "12345678901")
    assert drafts.find(database, "12345678901")[0].id == made.id


@pytest.mark.parametrize("name", ["99", "aaaaaaaaaaa", "9" * 19, "9" * 5000])
def test_a_name_of_no_draft_is_not_found(database, name):
    draft(database)
    with pytest.raises(NotFound):
        drafts.find(database, name)


def test_the_list_shows_what_waits_for_a_decision_or_an_upload_newest_first(database):
    shown = [draft(database, "waiting"), approved(database, "approved"), aside(database, approved(database, "failed"))]
    drafts.reject(database, draft(database, "rejected").id, "ann")
    uploaded(database, youtube_id="uploaded")
    assert [(row.id, video.youtube_id) for row, video in drafts.listing(database)] == [
        (row.id, name) for row, name in zip(shown[::-1], ("failed", "approved", "waiting"), strict=True)
    ]


def test_the_whole_list_shows_the_decided_ones_too(database):
    rejected = drafts.reject(database, draft(database).id, "ann")
    assert [row.id for row, _ in drafts.listing(database, tuple(DraftState))] == [rejected.id]


def test_a_list_of_some_states_shows_only_those(database):
    waiting = draft(database, "waiting")
    drafts.reject(database, draft(database, "rejected").id, "ann")
    assert [row.id for row, _ in drafts.listing(database, (DraftState.WAITING,))] == [waiting.id]


def test_a_list_begins_with_the_newest_draft(database, clock):
    video = factories.video(database)
    numbers = range(1, videos.LISTED + 3)
    content = vars(captions())
    with database.write() as session:
        for revision in numbers:
            values = {"state": "waiting", "video_id": video.id, "revision": revision, "sha256": ""}
            session.add(Draft(**content, **values, made_at=clock.time))
    newest_first = list(numbers)[::-1]
    assert [row.revision for row, _ in drafts.listing(database)] == newest_first[: videos.LISTED]
    assert [row.revision for row, _ in drafts.listing(database, skip=videos.LISTED)] == newest_first[videos.LISTED :]
    assert [number for number, _, _ in drafts.names(database, (DraftState.WAITING,))] == newest_first


def test_drafts_are_counted_by_state(database):
    redone(database, draft(database))
    draft(database, "aaaaaaaaaaa")
    assert drafts.counts(database) == {"superseded": 1, "waiting": 2}


def test_a_rejection_can_be_taken_back(database):
    row = drafts.reject(database, draft(database).id, "ann", "by mistake")
    taken_back = drafts.retry(database, row.id, "bob")
    assert (taken_back.state, taken_back.reason) == (DraftState.WAITING, None)


# ---- held back


def test_an_approved_draft_that_is_held_back_waits_again_and_is_not_uploaded(database, clock):
    row = drafts.hold(database, approved(database).id, "bob")
    assert row.state is DraftState.WAITING
    assert drafts.claim_approved(database, DAEMON, LEASE) is None
    decision = drafts.decisions(database, row.id)[-1]
    assert (decision.what, decision.who, decision.at) == (DecisionKind.HOLD, "bob", clock.time)
    assert moves(database, Subject.DRAFT, row)[-1] == ("approved", "waiting", "bob")


def test_a_draft_that_was_held_back_can_be_approved_again(database):
    row = drafts.hold(database, approved(database).id, "bob")
    assert drafts.approve(database, row.id, "ann").state is DraftState.APPROVED


def test_an_upload_that_waits_for_another_try_is_held_back_without_its_troubles(database, clock):
    row = approved(database)
    put_off(database, row, clock.time + timedelta(hours=1))
    held = drafts.hold(database, row.id, "bob")
    assert (held.state, held.next_try_at, held.attempts, held.last_error) == (DraftState.WAITING, None, 0, None)


def holds_nothing_back(database, row, match):
    before = everything(database)
    with pytest.raises(Refused, match=match):
        drafts.hold(database, row.id, "bob")
    assert everything(database) == before


def test_a_draft_that_is_being_uploaded_is_not_held_back(database):
    holds_nothing_back(database, claim(database, approved(database)), "the upload of draft 1 has begun")


@pytest.mark.parametrize("tracks", [[], ["theirs"]])
def test_an_upload_that_began_and_waits_for_another_try_is_not_held_back(database, clock, tracks):
    claimed = claim(database, approved(database))
    work.renew(database, Draft, claimed.id, DAEMON, LEASE, tracks_before=tracks)
    work.postpone(database, Draft, claimed.id, DAEMON, clock.time, ErrorKind.LATER, "503", counted=True)
    holds_nothing_back(database, claimed, "the upload of draft 1 has begun")


@pytest.mark.parametrize("made", [draft, uploaded])
def test_only_an_approved_draft_is_held_back(database, made):
    row = made(database)
    holds_nothing_back(database, row, f"draft 1 is {row.state}: only an approved one can be held back")


def test_of_who_holds_back_and_who_uploads_at_once_one_comes_first(database):
    row = approved(database)
    held, claimed = at_once(
        database,
        lambda own: drafts.hold(own, row.id, "bob"),
        lambda own: drafts.claim_approved(own, DAEMON, LEASE),
    )
    assert (held is Refused) is (claimed is not None)


# ---- edited


def changed(words="Hello there", **values):
    return captions(text=f"WEBVTT\n\n00:00.000 --> 00:01.000\n{words}\n", **values)


def test_an_edit_is_a_new_revision_that_waits_and_names_its_editor(database, clock):
    first = draft(database)
    clock.passes(hours=1)
    made = drafts.edit(database, first.id, changed(cues=1, report={"summary": "good"}), "bob", "cue 1")
    row, _ = drafts.get(database, made.id)
    assert (row.state, row.revision, row.edited_by) == (DraftState.WAITING, 2, "bob")
    assert (row.made_at, row.report) == (clock.time, {"summary": "good"})
    assert row.text == changed().text
    assert row.sha256 == drafts.digest(changed().text) != first.sha256


def test_an_event_tells_who_edited_what(database):
    made = drafts.edit(database, draft(database).id, changed(), "bob", "cue 1")
    (event,) = services.events(database, Subject.DRAFT, made.id)
    assert (event.what, event.to_state, event.who, event.why) == ("edited", "waiting", "bob", "cue 1")


def test_what_was_edited_is_superseded_by_the_editor_and_keeps_its_text(database):
    first = draft(database)
    drafts.edit(database, first.id, changed(), "bob", "cue 1")
    old, _ = drafts.get(database, first.id)
    assert (old.state, old.text) == (DraftState.SUPERSEDED, first.text)
    assert moves(database, Subject.DRAFT, first)[-1] == ("waiting", "superseded", "bob")


def test_an_edit_leaves_the_video_where_it_is(database):
    first = draft(database)
    drafts.edit(database, first.id, changed(), "bob", "cue 1")
    assert drafts.get(database, first.id)[1].state is VideoState.DRAFTED


def test_only_the_edited_revision_can_be_approved(database):
    login_covers(database, CHANNEL)
    first = draft(database)
    made = drafts.edit(database, first.id, changed(), "bob", "cue 1")
    refuses_approval(database, first, "is superseded")
    assert drafts.approve(database, made.id, "ann").state is DraftState.APPROVED


def refuses_edit(database, row, content, match):
    before = everything(database)
    with pytest.raises(Refused, match=match):
        drafts.edit(database, row.id, content, "bob", "cue 1")
    assert everything(database) == before


def test_an_older_revision_is_not_edited(database):
    first = draft(database)
    second = redone(database, first)
    refuses_edit(database, first, changed(), f"draft {first.id} is revision 1; draft {second.id} is newer")


@pytest.mark.parametrize("begun", [False, True])
def test_an_approved_draft_is_not_edited(database, begun):
    row = claim(database, approved(database)) if begun else approved(database)
    refuses_edit(database, row, changed(), "draft 1 is approved and about to be uploaded: hold it back first")


def test_what_changes_nothing_is_no_edit(database):
    refuses_edit(database, draft(database), captions(), "that changes nothing in draft 1")


def test_a_draft_that_is_not_there_is_not_edited(database):
    with pytest.raises(NotFound, match="there is no draft 99"):
        drafts.edit(database, 99, changed(), "bob", "cue 1")


def test_of_two_who_edit_at_once_one_is_refused_and_nothing_is_lost(database):
    row = draft(database)
    words = ("of ann", "of bob")
    outcomes = at_once(
        database, *[lambda own, said=said: drafts.edit(own, row.id, changed(said), said[3:], "cue 1") for said in words]
    )
    assert outcomes.count(Refused) == 1
    (made,) = [one for one in outcomes if one is not Refused]
    every = [one for one, _ in drafts.listing(database, tuple(DraftState))]
    assert [(one.revision, one.state) for one in every] == [(2, DraftState.WAITING), (1, DraftState.SUPERSEDED)]
    assert drafts.get(database, every[0].id)[0].text == made.text
    assert every[0].edited_by == made.edited_by


def test_of_who_edits_and_who_approves_at_once_one_is_refused(database):
    login_covers(database, CHANNEL)
    row = draft(database)
    outcomes = at_once(
        database,
        lambda own: drafts.edit(own, row.id, changed(), "bob", "cue 1"),
        lambda own: drafts.approve(own, row.id, "ann"),
    )
    assert outcomes.count(Refused) == 1


@pytest.mark.parametrize("set_back", [DraftState.REJECTED, DraftState.FAILED])
def test_a_draft_that_was_rejected_or_failed_can_be_edited(database, set_back):
    row = (
        drafts.reject(database, draft(database).id, "ann")
        if set_back is DraftState.REJECTED
        else aside(database, approved(database))
    )
    assert drafts.edit(database, row.id, changed(), "bob", "cue 1").state is DraftState.WAITING
    kept = set_back if set_back is DraftState.REJECTED else DraftState.SUPERSEDED
    assert state_of(database, row) is kept


def test_a_draft_that_is_on_youtube_stays_there_until_its_edit_replaces_it(database):
    first = uploaded(database, "track")
    made = drafts.edit(database, first.id, changed(), "bob", "cue 1")
    assert (made.state, state_of(database, first)) == (DraftState.WAITING, DraftState.UPLOADED)
    drafts.approve(database, made.id, "ann")
    drafts.uploaded(database, drafts.claim_approved(database, DAEMON, LEASE), DAEMON, "track")
    assert (state_of(database, first), state_of(database, made)) == (DraftState.REPLACED, DraftState.UPLOADED)


def test_an_edit_in_one_language_leaves_the_others(database):
    english = draft(database, language="en")
    german = redone(database, english, language="de")
    drafts.edit(database, german.id, changed(language="de"), "bob", "cue 1")
    assert (state_of(database, english), state_of(database, german)) == (DraftState.WAITING, DraftState.SUPERSEDED)


def test_a_video_that_is_done_again_supersedes_an_edit(database):
    made = drafts.edit(database, draft(database).id, changed(), "bob", "cue 1")
    assert redone(database, made).revision == 3
    assert state_of(database, made) is DraftState.SUPERSEDED
