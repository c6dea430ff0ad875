"""What the tests of captionbot stand on: a desk over a real database, and what captiond would do in that database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import desk as desks
from bot.desk import Desk
from bot.guard import Actor, Role
from bot.reply import Reply
from store import channels, drafts, services, speakers, videos, work
from store.channels import NewVideo
from store.database import Database
from store.drafts import Captions
from store.lifecycle import ChannelState, ErrorKind, VideoState
from store.speakers import HeardVoice
from store.tables import Channel, Draft, Event, Subject, Video

COVERED = "UCaaaaaaaaaaaaaaaaaaaaaa"
OTHER = "UCbbbbbbbbbbbbbbbbbbbbbb"
LEASE = timedelta(minutes=5)
CAPTIONS = """WEBVTT

00:00:01.000 --> 00:00:03.000
<v Ann>Flour, water &amp; <i>salt</i>

00:01:05.000 --> 00:01:07.000
<v Ann>and now we wait.
"""


class Captiond:
    """The daemon as the store sees it: does with the store's own verbs what the stages do."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def runs(self, **engines: str) -> None:
        """Give a sign of life; its login covers the channel COVERED."""
        services.beat(self.database, "captiond", "9.9", self.database.now(), engines, [COVERED])

    def watches(self, reference: str = "@bakery", youtube_id: str = COVERED, title: str = "The Bakery") -> Channel:
        asked = channels.ask(self.database, reference, "test")
        return channels.found(self.database, asked.id, "captiond", youtube_id, title)

    def finds(
        self, youtube_id: str, title: str = "Bread", *, owner: str = COVERED, skipped: str | None = None
    ) -> Video:
        """A video that the feed of a watched channel holds."""
        watched = [one for one in channels.listing(self.database) if one.youtube_id == owner]
        if not watched:
            self.watches(f"@{owner[-3:]}", owner, f"Channel {owner[-3:]}")
        mine = Channel.youtube_id == owner
        channel = work.claim_next(self.database, Channel, ChannelState.WATCHED, "captiond", LEASE, mine)
        entry = NewVideo(youtube_id, title, self.database.now(), skipped)
        return channels.polled(self.database, channel, "captiond", "", [entry], self.database.now())[0]

    def drafts(
        self,
        youtube_id: str,
        title: str = "Bread",
        *,
        owner: str = COVERED,
        text: str = CAPTIONS,
        seconds: float | None = None,
        extras: dict[str, object] | None = None,
        **report: object,
    ) -> Draft:
        """A video goes the whole route; `report`: what its report says too."""
        self.finds(youtube_id, title, owner=owner)
        videos.advance(self.database, self.claims(youtube_id), VideoState.DOWNLOADED, "captiond", seconds=seconds)
        return self.drafts_again(youtube_id, text, extras, **report)

    def knows_ada(self, channel_id: int) -> None:
        """Somebody has enrolled a voice."""
        speakers.enrol(self.database, channel_id, "Ada", HeardVoice("a.wav", (1.0, 0.0), 9.0, 1), "m", "test")

    def drafts_again(
        self, youtube_id: str, text: str = CAPTIONS, extras: dict[str, object] | None = None, **report: object
    ) -> Draft:
        """A video that is downloaded becomes a revision, for the first time or anew."""
        videos.advance(self.database, self.claims(youtube_id), VideoState.TRANSCRIBED, "captiond")
        report = {"summary": "2 cues, none too fast", **({"extras": extras} if extras else {}), **report}
        captions = Captions("en", "whisper", "tiny.en", "netflix", text, text.count("-->"), report)
        return drafts.make(self.database, self.claims(youtube_id), captions, "captiond")

    def claims(self, youtube_id: str) -> Video:
        video = videos.find(self.database, youtube_id)
        mine = Video.youtube_id == youtube_id
        return work.claim_next(self.database, Video, video.state, "captiond", LEASE, mine)

    def fails(self, youtube_id: str, why: str) -> Video:
        claimed = self.claims(youtube_id)
        return videos.set_aside(self.database, claimed, VideoState.FAILED, "captiond", ErrorKind.PERSON, why)

    def puts_off(self, youtube_id: str, why: str, **wait: float) -> None:
        claimed = self.claims(youtube_id)
        until = self.database.now() + timedelta(**wait)
        work.postpone(self.database, Video, claimed.id, "captiond", until, ErrorKind.LATER, why, counted=True)


class People:
    """Who gives commands, each with a role."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.owner = Actor("console:olga", Role.OWNER)
        self.approver = Actor("discord:anna", Role.APPROVER)
        self.viewer = Actor("discord:vic", Role.VIEWER)

    def say(self, actor: Actor, name: str, **values: str) -> Reply:
        return desks.run(self.desk, actor, name, values)

    def owner_says(self, name: str, **values: str) -> Reply:
        return self.say(self.owner, name, **values)


@pytest.fixture
def captiond(database) -> Captiond:
    return Captiond(database)


@pytest.fixture
def desk(database) -> Desk:
    return Desk(database)


@pytest.fixture
def people(desk) -> People:
    return People(desk)


@pytest.fixture
def last_event(database):
    """The newest event of a channel, a video or a draft."""

    def last(subject: Subject, subject_id: int | None) -> Event:
        return services.events(database, subject, subject_id)[-1]

    return last
