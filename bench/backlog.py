"""A store in which much waits: channels that are watched, and drafts that nobody has decided on.

It is filled with the store's own verbs. The channels are paused at the end, so that no daemon looks for their feeds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel import col

from bench import inputs
from captions import check, formats, profiles
from captions.check import Doubt
from captions.track import Cue, Line, Track
from store import channels, drafts, videos, work
from store import database as stored
from store.channels import NewVideo
from store.database import Database
from store.drafts import Captions
from store.lifecycle import ChannelState, VideoState
from store.tables import Channel, Video

WHO = "bench"
LEASE = timedelta(minutes=5)
CUES = 100  # of a draft: about seven minutes
CUE_SECONDS = 4.0
LINE_WORDS = 6
DOUBTS = 12


def fill(database: Database, channel_count: int, draft_count: int, place: str) -> None:
    """Bring in so many channels, whose drafts are shown in `place`, and so many drafts, the same number of each."""
    stored.migrate(database)
    captions = _captions()
    for number in range(channel_count):
        channel = _watched(database, number, place)
        mine = range(number, draft_count, channel_count)
        for video in _found(database, channel, mine):
            _drafted(database, video, captions)
        channels.pause(database, channel.number, WHO)


def _watched(database: Database, number: int, place: str) -> Channel:
    asked = channels.ask(database, f"@channel-{number}", WHO, place=place)
    title = f"The channel that talks about subject {number}"
    return channels.found(database, asked.number, WHO, f"UC{number:022}", title)


def _found(database: Database, channel: Channel, numbers: Sequence[int]) -> list[Video]:
    """What is in the channel's feed."""
    mine = col(Channel.id) == channel.id
    claimed = work.claim_next(database, Channel, ChannelState.WATCHED, WHO, LEASE, mine)
    assert claimed is not None
    now = database.now()
    entries = [NewVideo(f"video-{one:05}", f"Episode {one}: what everybody asked for", now, None) for one in numbers]
    return channels.polled(database, claimed, WHO, channel.title or "", entries, now)


def _drafted(database: Database, video: Video, captions: Captions) -> None:
    """Take a video all the way to a draft."""
    videos.advance(database, _claimed(database, video), VideoState.DOWNLOADED, WHO, seconds=CUES * CUE_SECONDS)
    videos.advance(database, _claimed(database, video), VideoState.TRANSCRIBED, WHO)
    drafts.make(database, _claimed(database, video), captions, WHO)


def _claimed(database: Database, video: Video) -> Video:
    state = videos.get(database, video.number).state
    claimed = work.claim_next(database, Video, state, WHO, LEASE, col(Video.id) == video.id)
    assert claimed is not None
    return claimed


def _captions() -> Captions:
    """Captions of usual length, with their report."""
    track = Track("en", tuple(map(_cue, range(CUES))))
    doubts = tuple(Doubt(cue.lines[0].text.split()[0], cue.start, 0.4) for cue in track.cues[:DOUBTS])
    report = replace(check.check(track, profiles.find(profiles.DEFAULT)), doubtful=doubts)
    values = {**json.loads(check.to_json(report)), "summary": report.summary}
    return Captions("en", "whisper", "tiny.en", profiles.DEFAULT, formats.write(track, "vtt"), CUES, values)


def _cue(number: int) -> Cue:
    words = inputs.two_cities().text.split()
    begin = number % (len(words) - 2 * LINE_WORDS)
    lines = (words[begin : begin + LINE_WORDS], words[begin + LINE_WORDS : begin + 2 * LINE_WORDS])
    start = number * CUE_SECONDS
    return Cue(start, start + CUE_SECONDS - 0.1, tuple(Line(" ".join(line)) for line in lines))
