from datetime import timedelta

import pytest
from sqlmodel import select

from store import channels, services, videos
from store.errors import NotFound, Refused
from store.lifecycle import ChannelState, ErrorKind, VideoState
from store.tables import Channel, Subject
from tests.store import factories
from tests.store.factories import (
    CHANNEL,
    DAEMON,
    LEASE,
    VIDEO,
    at_once,
    claim,
    entry,
    everything,
    moves,
    polled,
    watched,
)

OTHER = "UCbbbbbbbbbbbbbbbbbbbbbb"


def refused(database, reference="@nobody", reason="YouTube knows no such channel"):
    asked = channels.ask(database, reference, "ann")
    return channels.refuse(database, asked.id, DAEMON, reason)


# ---- asked for


def test_a_channel_that_is_asked_for_waits_to_be_looked_up(database, clock):
    asked = channels.ask(database, "@somebody", "ann", language="de")
    assert (asked.state, asked.asked_by, asked.asked_at) == (ChannelState.ASKED, "ann", clock.time)
    assert channels.claim_asked(database, DAEMON, LEASE).id == asked.id


def test_an_event_tells_who_asked_for_which_channel(database):
    asked = channels.ask(database, "@somebody", "ann")
    (event,) = services.events(database, Subject.CHANNEL, asked.id)
    assert (event.what, event.who, event.why, event.to_state) == ("asked", "ann", "@somebody", "asked")


def test_a_channel_that_is_asked_for_already_is_refused_and_nothing_is_written(database):
    channels.ask(database, "@somebody", "ann")
    before = everything(database)
    with pytest.raises(Refused, match="channel 1 is that one, and it is asked already"):
        channels.ask(database, "@somebody", "bob")
    assert everything(database) == before


@pytest.mark.parametrize("reference", ["@somebody", CHANNEL])
def test_a_channel_that_is_watched_is_refused_by_its_reference_and_by_its_id(database, reference):
    watched(database, "@somebody", CHANNEL)
    with pytest.raises(Refused, match="it is watched already"):
        channels.ask(database, reference, "bob")


def test_of_two_who_ask_for_a_channel_at_once_one_is_refused(database):
    outcomes = at_once(database, *[lambda own, who=who: channels.ask(own, "@x", who) for who in ("ann", "bob")])
    assert outcomes.count(Refused) == 1
    assert len(channels.listing(database)) == 1


def test_a_refused_channel_that_is_asked_for_again_is_looked_up_again(database, clock):
    first = refused(database, "@nobody")
    clock.passes(days=1)
    again = channels.ask(database, "@nobody", "bob", language="de")
    assert (again.id, again.state, again.reason) == (first.id, ChannelState.ASKED, None)
    assert (again.asked_by, again.asked_at, again.language) == ("bob", clock.time, "de")


# ---- looked up


def test_a_channel_that_was_found_is_watched_under_its_id_and_title(database):
    found = watched(database, "@somebody", CHANNEL)
    assert (found.state, found.youtube_id, found.title) == (ChannelState.WATCHED, CHANNEL, "Some Channel")


def test_a_channel_that_was_found_has_its_feed_read_at_once(database):
    found = watched(database)
    assert channels.claim_due(database, DAEMON, LEASE).id == found.id


def test_a_channel_that_is_found_after_a_failure_has_no_trouble_left(database, clock):
    asked = channels.ask(database, "@somebody", "ann")
    channels.poll_failed(database, claim(database, asked).id, DAEMON, clock.time, "503")
    found = channels.found(database, asked.id, DAEMON, CHANNEL, "Some Channel")
    assert (found.attempts, found.next_try_at, found.last_error) == (0, None, None)


def test_a_channel_that_is_watched_under_another_row_is_refused(database):
    first = watched(database, "@somebody", CHANNEL)
    second = watched(database, f"https://youtube.com/channel/{CHANNEL}", CHANNEL)
    assert (second.state, second.reason) == (
        ChannelState.REFUSED,
        f"it is channel {first.id}, which is watched already",
    )


def test_an_event_tells_which_channel_it_is_already(database):
    watched(database, "@somebody", CHANNEL)
    second = watched(database, "@else", CHANNEL)
    assert services.events(database, Subject.CHANNEL, second.id)[-1].why == "it is channel 1"


def test_a_channel_that_was_not_found_keeps_the_reason(database):
    row = refused(database, reason="there is no such channel")
    assert (row.state, row.reason) == (ChannelState.REFUSED, "there is no such channel")
    assert services.events(database, Subject.CHANNEL, row.id)[-1].why == "there is no such channel"


def test_an_answer_for_a_channel_that_was_taken_back_meanwhile_is_refused(database):
    asked = channels.ask(database, "@somebody", "ann")
    channels.remove(database, asked.id, "ann")
    with pytest.raises(Refused, match="is removed, not asked"):
        channels.found(database, asked.id, DAEMON, CHANNEL, "Some Channel")


# ---- removed


def test_a_removed_channel_is_in_no_list_and_cannot_be_found(database):
    channels.remove(database, watched(database).id, "ann")
    assert channels.listing(database) == []
    with pytest.raises(NotFound):
        channels.find(database, "@somebody")


def test_the_feed_of_a_removed_channel_is_not_read(database):
    channels.remove(database, watched(database).id, "ann")
    assert channels.claim_due(database, DAEMON, LEASE) is None


def test_the_videos_of_a_removed_channel_stay(database):
    channel = watched(database)
    polled(database, channel, entry())
    channels.remove(database, channel.id, "ann")
    assert videos.find(database, VIDEO).state is VideoState.FOUND


def test_a_channel_cannot_be_removed_twice(database):
    channel = watched(database)
    channels.remove(database, channel.id, "ann")
    with pytest.raises(Refused):
        channels.remove(database, channel.id, "bob")


def test_a_channel_that_is_not_there_cannot_be_removed(database):
    with pytest.raises(NotFound, match="there is no channel 99"):
        channels.remove(database, 99, "ann")


def test_a_removed_channel_can_be_watched_again_from_now_on(database, clock):
    channels.remove(database, watched(database).id, "ann")
    clock.passes(days=1)
    again = watched(database)
    assert (again.state, again.youtube_id, again.asked_at) == (ChannelState.WATCHED, CHANNEL, clock.time)


def test_every_move_of_a_channel_leaves_an_event_with_the_name_of_who_did_it(database):
    channel = watched(database)
    channels.remove(database, channel.id, "bob")
    assert moves(database, Subject.CHANNEL, channel) == [
        (None, "asked", "ann"),
        ("asked", "watched", DAEMON),
        ("watched", "removed", "bob"),
    ]


# ---- named by people


@pytest.mark.parametrize("name", ["1", CHANNEL, "@somebody", "Some Channel"])
def test_people_name_a_channel_by_its_number_id_reference_or_title(database, name):
    channel = watched(database, "@somebody", CHANNEL)
    watched(database, "@other", OTHER)
    assert channels.find(database, name).id == channel.id == 1


@pytest.mark.parametrize("name", ["1", "@somebody", CHANNEL])
def test_a_title_that_a_stranger_chose_takes_no_name_of_another_channel(database, name):
    asked = channels.ask(database, "@evil", "ann")
    meant = watched(database, "@somebody", CHANNEL)
    if name == "1":
        meant = channels.found(database, asked.id, DAEMON, OTHER, "x")
    with database.write() as session:
        for row in session.exec(select(Channel).where(Channel.id != meant.id)):
            row.title = name
            session.add(row)
    assert channels.find(database, name).id == meant.id


@pytest.mark.parametrize("name", ["99", "9" * 19, "9" * 5000, ""])
def test_a_number_of_no_channel_is_not_found(database, name):
    watched(database)
    with pytest.raises(NotFound, match="there is no channel"):
        channels.find(database, name)


def test_a_channel_without_a_title_is_not_called_none(database):
    channels.ask(database, "@somebody", "ann")
    with pytest.raises(NotFound):
        channels.find(database, "None")


def test_a_name_of_no_channel_is_not_found(database):
    with pytest.raises(NotFound, match="there is no channel '@nobody'"):
        channels.find(database, "@nobody")


def test_channels_are_listed_in_the_order_they_were_asked_for(database):
    for reference in ("@b", "@a", "@c"):
        channels.ask(database, reference, "ann")
    assert [channel.reference for channel in channels.listing(database)] == ["@b", "@a", "@c"]


# ---- its feed


def test_a_new_entry_becomes_a_video_that_is_on_its_way(database, clock):
    channel = watched(database)
    (made,) = polled(database, channel, entry(VIDEO, "A video"))
    assert (made.state, made.youtube_id, made.title, made.found_at) == (VideoState.FOUND, VIDEO, "A video", clock.time)
    assert (made.channel_id, made.youtube_channel_id, made.requested_by) == (channel.id, CHANNEL, None)


def test_an_entry_from_before_the_subscription_becomes_a_skipped_video_with_the_reason(database):
    (made,) = polled(database, watched(database), entry(skip_reason="before subscription"))
    assert (made.state, made.reason) == (VideoState.SKIPPED, "before subscription")


def test_an_event_tells_of_every_video_that_a_feed_brought(database):
    made = polled(database, watched(database), entry("aaaaaaaaaaa", "A"), entry("bbbbbbbbbbb", "B", "too old"))
    told = [services.events(database, Subject.VIDEO, video.id)[0] for video in made]
    assert [(event.what, event.to_state, event.why) for event in told] == [
        ("found", "found", "A"),
        ("found", "skipped", "too old"),
    ]


def test_an_entry_that_a_feed_has_again_under_another_title_is_no_second_video(database, clock):
    channel = watched(database)
    (first,) = polled(database, channel, entry(VIDEO, "A video"))
    clock.passes(hours=1)
    assert (
        polled(database, channel, entry(VIDEO, "A better title"), entry("bbbbbbbbbbb"))[0].youtube_id == "bbbbbbbbbbb"
    )
    assert videos.find(database, VIDEO) == first


def test_an_entry_that_a_feed_has_twice_is_one_video_with_one_event(database):
    made = polled(database, watched(database), entry(VIDEO, "A"), entry("bbbbbbbbbbb"), entry(VIDEO, "A"))
    assert [video.youtube_id for video in made] == [VIDEO, "bbbbbbbbbbb"]
    assert len(services.events(database, Subject.VIDEO)) == 2


def test_an_entry_that_a_person_asked_for_before_is_left_as_it_is(database):
    requested = factories.video(database, VideoState.DOWNLOADED)
    assert polled(database, watched(database), entry(VIDEO, skip_reason="before subscription")) == []
    assert videos.get(database, requested.id) == requested


def test_the_known_among_some_videos_are_told(database):
    polled(database, watched(database), entry(VIDEO))
    assert channels.known_ids(database, [VIDEO, "bbbbbbbbbbb"]) == {VIDEO}


def test_a_feed_that_was_read_is_read_next_when_it_was_said(database, clock):
    channel = watched(database)
    polled(database, channel)
    assert channels.claim_due(database, DAEMON, LEASE) is None
    clock.passes(minutes=15)
    assert channels.claim_due(database, DAEMON, LEASE).id == channel.id


def test_a_feed_that_was_read_leaves_no_trouble_and_tells_when(database, clock):
    channel = watched(database)
    channels.poll_failed(database, claim(database, channel).id, DAEMON, clock.time, "503")
    polled(database, channel)
    row = channels.get(database, channel.id)
    assert (row.polled_at, row.claimed_by, row.attempts, row.last_error) == (clock.time, None, 0, None)


@pytest.mark.parametrize(("told", "kept"), [("New name", "New name"), ("", "Some Channel")])
def test_a_channel_takes_the_title_that_its_feed_has(database, clock, told, kept):
    channel = claim(database, watched(database))
    channels.polled(database, channel, DAEMON, told, [], clock.time)
    assert channels.get(database, channel.id).title == kept


def test_a_feed_read_without_the_claim_is_refused_and_nothing_is_written(database, clock):
    channel = claim(database, watched(database))
    channels.remove(database, channel.id, "ann")
    before = everything(database)
    with pytest.raises(Refused, match="the claim of captiond on channel 1 is lost"):
        channels.polled(database, channel, DAEMON, "Some Channel", [entry()], clock.time)
    assert everything(database) == before


def test_a_channel_whose_feed_cannot_be_read_is_watched_on_and_says_why(database, clock):
    channel = watched(database)
    until = clock.time + timedelta(hours=1)
    for _ in range(20):
        channels.poll_failed(database, claim(database, channel).id, DAEMON, until, "the feed answered 404")
        clock.passes(hours=2)
    row = channels.get(database, channel.id)
    assert (row.state, row.attempts, row.next_try_at) == (ChannelState.WATCHED, 20, until)
    assert (row.last_error_kind, row.last_error) == (ErrorKind.LATER, "the feed answered 404")


def test_the_feed_that_has_waited_longest_is_read_first_and_a_new_one_before_all(database, clock):
    made = [watched(database, f"@{side}", f"UC{side * 22}") for side in "abc"]
    for channel, minutes in zip(made, (10, 5, None), strict=True):
        if minutes is not None:
            next_poll_at = clock.time + timedelta(minutes=minutes)
            channels.polled(database, claim(database, channel), DAEMON, "", [], next_poll_at)
    clock.passes(hours=1)
    order = [channels.claim_due(database, DAEMON, LEASE).id for _ in made]
    assert order == [made[2].id, made[1].id, made[0].id]


def test_a_channel_that_is_not_there_is_not_found(database):
    with pytest.raises(NotFound, match="there is no channel 99"):
        channels.get(database, 99)


# ---- paused and resumed


def test_the_feed_of_a_paused_channel_is_left_alone(database):
    paused = channels.pause(database, watched(database).id, "bob")
    assert paused.state is ChannelState.PAUSED
    assert channels.claim_due(database, DAEMON, LEASE) is None
    assert moves(database, Subject.CHANNEL, paused)[-1] == ("watched", "paused", "bob")


def test_the_feed_of_a_resumed_channel_is_read_at_once(database, clock):
    channel = watched(database)
    channels.poll_failed(database, claim(database, channel).id, DAEMON, clock.time + timedelta(hours=6), "503")
    channels.pause(database, channel.id, "bob")
    resumed = channels.resume(database, channel.id, "ann")
    assert (resumed.state, resumed.last_error, resumed.attempts) == (ChannelState.WATCHED, None, 0)
    assert channels.claim_due(database, DAEMON, LEASE).id == channel.id
    assert moves(database, Subject.CHANNEL, resumed)[-1] == ("paused", "watched", "ann")


def test_a_resumed_channel_is_watched_since_it_was_asked_for(database, clock):
    """What it published meanwhile is no older than the subscription, and is captioned."""
    asked_at = watched(database).asked_at
    channels.pause(database, 1, "bob")
    clock.passes(days=7)
    assert channels.resume(database, 1, "bob").asked_at == asked_at


def test_a_channel_that_is_paused_while_its_feed_is_read_takes_nothing_from_it(database, clock):
    channel = claim(database, watched(database))
    channels.pause(database, channel.id, "bob")
    with pytest.raises(Refused, match="the claim of captiond on channel 1 is lost"):
        channels.polled(database, channel, DAEMON, "", [entry()], clock.time)
    assert videos.queue(database, everything=True) == []


def test_the_videos_of_a_paused_channel_stay_in_line(database):
    channel = watched(database)
    polled(database, channel, entry())
    channels.pause(database, channel.id, "bob")
    assert videos.claim_next(database, VideoState.FOUND, DAEMON, LEASE) is not None


@pytest.mark.parametrize("verb", [channels.pause, channels.resume])
def test_a_channel_that_is_not_watched_is_neither_paused_nor_resumed(database, verb):
    row = refused(database)
    before = everything(database)
    with pytest.raises(Refused, match="channel 1 is refused, not"):
        verb(database, row.id, "bob")
    assert everything(database) == before


def test_a_channel_is_paused_and_resumed_once(database):
    channels.pause(database, watched(database).id, "bob")
    with pytest.raises(Refused, match="channel 1 is paused, not watched"):
        channels.pause(database, 1, "ann")
    channels.resume(database, 1, "bob")
    with pytest.raises(Refused, match="channel 1 is watched, not paused"):
        channels.resume(database, 1, "ann")


def test_a_paused_channel_can_be_removed_and_is_still_known_before(database):
    channels.pause(database, watched(database).id, "bob")
    with pytest.raises(Refused, match="it is paused already"):
        channels.ask(database, "@somebody", "ann")
    assert channels.remove(database, 1, "bob").state is ChannelState.REMOVED


@pytest.mark.parametrize("verb", [channels.pause, channels.resume])
def test_a_channel_that_is_not_there_is_neither_paused_nor_resumed(database, verb):
    with pytest.raises(NotFound, match="there is no channel 99"):
        verb(database, 99, "bob")


# ---- settings of its own


ALL_SET = {
    "language": "de",
    "engine": "whisper",
    "profile": "netflix",
    "limits": {"lines": 1, "reading_speed_cap": 15.5},
    "speakers": "2-4",
    "emotion": True,
    "place": "123",
    "approvers": ["456", "789"],
}


def test_a_new_channel_has_no_settings_of_its_own(database):
    row = channels.get(database, watched(database).id)
    assert [getattr(row, name) for name in sorted(channels.SETTINGS)] == [None] * len(channels.SETTINGS)


def test_every_setting_of_a_channel_is_kept(database):
    channels.change(database, watched(database).id, "bob", ALL_SET)
    row = channels.get(database, 1)
    assert {name: getattr(row, name) for name in channels.SETTINGS} == ALL_SET


@pytest.mark.parametrize(
    ("text", "speakers"), [("1", (1, 1)), ("2-4", (2, 4)), (" 3 ", (3, 3)), ("2 – 10", (2, 10)), ("3-3", (3, 3))]
)
def test_a_number_of_speakers_is_one_or_from_and_to(text, speakers):
    assert channels.read_speakers(text) == speakers


@pytest.mark.parametrize(
    "text", ["", "0", "4-2", "two", "-1", "1-", "100", "1-2-3", "2.5", "\N{ARABIC-INDIC DIGIT TWO}"]
)
def test_what_is_no_number_of_speakers_is_refused(text):
    with pytest.raises(ValueError, match=r"is no number of speakers: give e\.g\. 2, or 2-4"):
        channels.read_speakers(text)


@pytest.mark.parametrize("name", ALL_SET)
def test_a_setting_that_is_changed_or_taken_back_leaves_the_others(database, name):
    channels.change(database, watched(database).id, "bob", ALL_SET)
    channels.change(database, 1, "bob", {name: None})
    row = channels.get(database, 1)
    assert {other: getattr(row, other) for other in channels.SETTINGS} == {**ALL_SET, name: None}


def test_an_event_tells_who_set_what(database):
    channels.change(database, watched(database).id, "bob", {"profile": None, "language": "de", "limits": {"lines": 1}})
    event = services.events(database, Subject.CHANNEL, 1)[-1]
    assert (event.what, event.who, event.why) == ("changed", "bob", "language=de, limits=(lines=1), profile=None")


@pytest.mark.parametrize("name", ["state", "youtube_id", "colour"])
def test_what_is_no_setting_cannot_be_set(database, name):
    watched(database)
    before = everything(database)
    with pytest.raises(ValueError, match=f"a channel has no setting {name}"):
        channels.change(database, 1, "bob", {"language": "de", name: "x"})
    assert everything(database) == before


def test_two_who_set_different_things_at_once_lose_nothing(database):
    watched(database)
    at_once(
        database,
        lambda own: channels.change(own, 1, "ann", {"language": "de"}),
        lambda own: channels.change(own, 1, "bob", {"profile": "netflix"}),
    )
    row = channels.get(database, 1)
    assert (row.language, row.profile) == ("de", "netflix")


def test_settings_of_a_channel_that_is_not_there_cannot_be_set(database):
    with pytest.raises(NotFound, match="there is no channel 99"):
        channels.change(database, 99, "bob", {"language": "de"})
