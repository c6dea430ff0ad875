"""Rows in the states that tests begin with, brought there by the store's own verbs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from sqlmodel import col

from store import channels, drafts, services, videos, work
from store.channels import NewVideo
from store.database import Database
from store.drafts import Captions
from store.errors import Refused
from store.lifecycle import VideoState
from store.tables import Artefact, ArtefactKind, Video

DAEMON = "captiond"
LEASE = timedelta(minutes=2)
CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"
VIDEO = "dQw4w9WgXcQ"
ROUTE = (VideoState.FOUND, VideoState.DOWNLOADED, VideoState.TRANSCRIBED)


def claim(database, row, who=DAEMON):
    """That row, claimed."""
    claimed = work.claim_next(database, type(row), row.state, who, LEASE, col(type(row).id) == row.id)
    assert claimed is not None
    return claimed


def watched(database, reference="@somebody", youtube_id=CHANNEL):
    """A channel that is watched."""
    asked = channels.ask(database, reference, "ann")
    return channels.found(database, asked.id, DAEMON, youtube_id, "Some Channel")


def polled(database, channel, *entries, who=DAEMON):
    """Read a channel's feed: the videos that became of its entries."""
    next_poll_at = database.now() + timedelta(minutes=15)
    return channels.polled(database, claim(database, channel, who), who, "Some Channel", entries, next_poll_at)


def entry(youtube_id=VIDEO, title="A video", skip_reason=None):
    return NewVideo(youtube_id, title, None, skip_reason)


def video(database, state=VideoState.FOUND, youtube_id=VIDEO):
    """A video that a person asked for, which has come as far as `state`."""
    made = videos.request(database, youtube_id, "ann")
    for new in ROUTE[1 : ROUTE.index(state) + 1]:
        made = videos.advance(database, claim(database, made), new, DAEMON, youtube_channel_id=CHANNEL)
    return made


def sound(of_video, key="k", path="audio/a.m4a", made_at=None):
    """An artefact that is not kept yet."""
    return Artefact(
        video_id=of_video.id,
        kind=ArtefactKind.SOUND,
        key=key,
        path=path,
        sha256=key,
        bytes=1,
        made_at=made_at or of_video.found_at,
    )


def captions(**changes):
    values = {"language": "en", "engine": "whisper", "model": "tiny", "profile": "netflix", "report": {}}
    return Captions(**{**values, "text": "WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n", "cues": 1, **changes})


def draft(database, youtube_id=VIDEO, **changes):
    """The first draft of a new video."""
    transcribed = video(database, VideoState.TRANSCRIBED, youtube_id)
    return drafts.make(database, claim(database, transcribed), captions(**changes), DAEMON)


def transcribed_again(database, older):
    """The video of a draft, being done again."""
    with database.write() as session:
        old, new = VideoState.DRAFTED, VideoState.DOWNLOADED
        again = work.move(session, database.now(), Video, older.video_id, old, new, who="ann")
    return videos.advance(database, claim(database, again), VideoState.TRANSCRIBED, DAEMON)


def redone(database, older, **changes):
    """The next revision of a draft: its video was done again."""
    again = transcribed_again(database, older)
    return drafts.make(database, claim(database, again), captions(**changes), DAEMON)


def login_covers(database, *youtube_ids):
    services.beat(database, "captiond", "1", database.now(), {}, list(youtube_ids))


def approved(database, youtube_id=VIDEO):
    """A draft that a person approved."""
    login_covers(database, CHANNEL)
    return drafts.approve(database, draft(database, youtube_id).id, "ann")


def uploaded(database, track_id="track", youtube_id=VIDEO):
    """A draft that is on YouTube."""
    return drafts.uploaded(database, claim(database, approved(database, youtube_id)), DAEMON, track_id)


def moves(database, subject, row):
    """From where, to where and by whom the row moved, in order."""
    told = services.events(database, subject, row.id)
    return [(event.from_state, event.to_state, event.who) for event in told if event.to_state]


def everything(database):
    """All that is in the database, to compare with what is in it later."""
    with database.engine.connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        return {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names}  # noqa: S608


def at_once(database, *calls):
    """What each call gave, or Refused; each in its own thread and with its own connections, begun together."""
    barrier = Barrier(len(calls))

    def run(call):
        own = Database(database.url, busy_seconds=10, now=database.now)
        barrier.wait(timeout=10)
        try:
            return call(own)
        except Refused:
            return Refused
        finally:
            own.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))
