"""The verbs on a channel: ask, find, refuse, pause, resume, set, remove, poll."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select, update

from captions.profiles import limits_text
from store import work
from store.database import Database
from store.errors import NotFound, Refused
from store.lifecycle import ChannelState, ErrorKind, VideoState
from store.tables import Channel, Speaker, Subject, Video, Voice
from store.work import UNCLAIMED, UNTROUBLED

SETTINGS = frozenset({"language", "engine", "profile", "limits", "speakers", "emotion", "place", "approvers"})
SPEAKERS = re.compile(r"(?P<least>[1-9]\d?)(?:\s*[-–]\s*(?P<most>[1-9]\d?))?")


@dataclass(frozen=True)
class NewVideo:
    """A feed entry that is no video here yet. `skip_reason`: why it is not to be captioned, None if it is."""

    youtube_id: str
    title: str
    published_at: datetime | None
    skip_reason: str | None


def read_speakers(text: str) -> tuple[int, int]:
    """How many speakers "3" or "2-5" says, from and to. Raise ValueError if it says none."""
    found = SPEAKERS.fullmatch(text.strip())
    least, most = (int(found["least"]), int(found["most"] or found["least"])) if found else (1, 0)
    if least > most:
        raise ValueError(f"{text!r} is no number of speakers: give e.g. 2, or 2-4")
    return least, most


def ask(database: Database, reference: str, who: str, language: str | None = None, place: str | None = None) -> Channel:
    """Note that `who` wants a channel watched; the daemon looks it up. Raise Refused if it is watched already.

    `place`: where its drafts are shown, if not where config.toml says.
    """
    now = database.now()
    with database.write() as session:
        same = or_(col(Channel.reference) == reference, col(Channel.youtube_id) == reference)
        known = session.exec(select(Channel).where(same, Channel.state != ChannelState.REMOVED)).first()
        if known is not None and known.id is not None:
            if known.state is not ChannelState.REFUSED:
                raise Refused(f"channel {known.id} is that one, and it is {known.state} already")
            again = {"asked_by": who, "asked_at": now, "reason": None, "language": language, **UNTROUBLED}
            again |= {} if place is None else {"place": place}
            return work.move(
                session, now, Channel, known.id, ChannelState.REFUSED, ChannelState.ASKED, who=who, **again
            )
        channel = Channel(
            state=ChannelState.ASKED, reference=reference, language=language, place=place, asked_by=who, asked_at=now
        )
        session.add(channel)
        session.flush()
        work.record(
            session,
            now,
            Subject.CHANNEL,
            channel.number,
            "asked",
            who,
            reference,
            (None, ChannelState.ASKED),
        )
        return channel


def found(database: Database, channel_id: int, who: str, youtube_id: str, title: str) -> Channel:
    """The daemon found the channel: watch it, or refuse it where it is watched under another row."""
    now = database.now()
    with database.write() as session:
        others = select(Channel).where(
            Channel.youtube_id == youtube_id,
            Channel.id != channel_id,
            Channel.state != ChannelState.REMOVED,
        )
        other = session.exec(others).first()
        if other is not None:
            return work.move(
                session,
                now,
                Channel,
                channel_id,
                ChannelState.ASKED,
                ChannelState.REFUSED,
                who=who,
                why=f"it is channel {other.id}",
                reason=f"it is channel {other.id}, which is {other.state} already",
            )
        _inherit(session, youtube_id, channel_id)
        return work.move(
            session,
            now,
            Channel,
            channel_id,
            ChannelState.ASKED,
            ChannelState.WATCHED,
            who=who,
            youtube_id=youtube_id,
            title=title,
            **UNTROUBLED,
        )


def _inherit(session: Session, youtube_id: str, channel_id: int) -> None:
    """Give a channel that is added again the speakers that it had."""
    before = select(Channel.id).where(Channel.youtube_id == youtube_id, Channel.state == ChannelState.REMOVED)
    for table in (Speaker, Voice):
        session.exec(update(table).where(col(table.channel_id).in_(before)).values(channel_id=channel_id))


def refuse(database: Database, channel_id: int, who: str, reason: str) -> Channel:
    """The daemon cannot find the channel, or may not watch it."""
    with database.write() as session:
        old, new = ChannelState.ASKED, ChannelState.REFUSED
        return work.move(session, database.now(), Channel, channel_id, old, new, who=who, why=reason, reason=reason)


def remove(database: Database, channel_id: int, who: str) -> Channel:
    """Stop watching. The channel's videos and drafts stay. Raise NotFound, Refused."""
    with database.write() as session:
        old = work.get(session, Channel, channel_id).state
        return work.move(session, database.now(), Channel, channel_id, old, ChannelState.REMOVED, who=who, **UNTROUBLED)


def pause(database: Database, channel_id: int, who: str) -> Channel:
    """Leave its feed alone until somebody resumes it. What it publishes meanwhile is found then. Raise Refused."""
    with database.write() as session:
        old, new = ChannelState.WATCHED, ChannelState.PAUSED
        return work.move(session, database.now(), Channel, channel_id, old, new, who=who)


def resume(database: Database, channel_id: int, who: str) -> Channel:
    """Read its feed again, at once. Raise Refused."""
    with database.write() as session:
        old, new = ChannelState.PAUSED, ChannelState.WATCHED
        return work.move(session, database.now(), Channel, channel_id, old, new, who=who, **UNTROUBLED)


def change(database: Database, channel_id: int, who: str, settings: Mapping[str, Any]) -> Channel:
    """Give a channel settings of its own, by the names of its columns; None: what config.toml says."""
    unknown = settings.keys() - SETTINGS
    if unknown:
        raise ValueError(f"a channel has no setting {', '.join(sorted(unknown))}")
    with database.write() as session:
        channel = work.get(session, Channel, channel_id)
        if channel.state is ChannelState.REMOVED:
            raise Refused(f"channel {channel_id} was removed: add it again")
        for name, value in settings.items():
            setattr(channel, name, value)
        session.add(channel)
        told = ", ".join(f"{name}={_told(value)}" for name, value in sorted(settings.items()))
        work.record(session, database.now(), Subject.CHANNEL, channel_id, "changed", who, told)
        return channel


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"({limits_text(value)})" if isinstance(value, Mapping) else str(value)


def get(database: Database, channel_id: int) -> Channel:
    with database.read() as session:
        return work.get(session, Channel, channel_id)


def find(database: Database, name: str) -> Channel:
    """The channel that a person means by its number, id, reference or title. Raise NotFound."""
    with database.read() as session:
        present = select(Channel).where(Channel.state != ChannelState.REMOVED).order_by(col(Channel.id))
        channels = session.exec(present).all()
    for field in ("id", "youtube_id", "reference", "title"):  # a title is a stranger's choice, and comes last
        for channel in channels:
            value = getattr(channel, field)
            if value is not None and str(value) == name:
                return channel
    raise NotFound(f"there is no channel {name!r}")


def listing(database: Database) -> Sequence[Channel]:
    """Every channel that was not removed, in the order they were asked for."""
    with database.read() as session:
        present = select(Channel).where(Channel.state != ChannelState.REMOVED).order_by(col(Channel.id))
        return session.exec(present).all()


def places(database: Database) -> Sequence[str]:
    """The places of the channels that have one, in the order they were asked for."""
    return tuple(dict.fromkeys(one.place for one in listing(database) if one.place))


def approvers(database: Database) -> Sequence[Sequence[str]]:
    """The approvers of each channel that has its own."""
    with database.read() as session:
        own = select(Channel.approvers).where(
            Channel.state != ChannelState.REMOVED, col(Channel.approvers).is_not(None)
        )
        return [one for one in session.exec(own) if one is not None]


def claim_asked(database: Database, who: str, lease: timedelta) -> Channel | None:
    return work.claim_next(database, Channel, ChannelState.ASKED, who, lease)


def claim_due(database: Database, who: str, lease: timedelta) -> Channel | None:
    """The watched channel whose feed has waited longest."""
    order = (col(Channel.next_try_at).asc().nulls_first(),)
    return work.claim_next(database, Channel, ChannelState.WATCHED, who, lease, order=order)


def known_ids(database: Database, youtube_ids: Sequence[str]) -> frozenset[str]:
    """Which of these videos are here already."""
    with database.read() as session:
        return frozenset(session.exec(select(Video.youtube_id).where(col(Video.youtube_id).in_(youtube_ids))))


def polled(
    database: Database,
    channel: Channel,
    who: str,
    title: str,
    entries: Sequence[NewVideo],
    next_poll_at: datetime,
) -> list[Video]:
    """Record what a feed held, and when it is read next. An entry that is here already is left as it is."""
    now = database.now()
    with database.write() as session:
        row = work.get(session, Channel, channel.number)
        if row.claimed_by != who:
            raise Refused(f"the claim of {who} on channel {channel.id} is lost")
        for name, value in {**UNCLAIMED, **UNTROUBLED, "next_try_at": next_poll_at, "polled_at": now}.items():
            setattr(row, name, value)
        row.title = title or row.title
        session.add(row)
        here = set(
            session.exec(
                select(Video.youtube_id).where(col(Video.youtube_id).in_([entry.youtube_id for entry in entries]))
            )
        )
        once = {entry.youtube_id: entry for entry in entries if entry.youtube_id not in here}
        made = [_video_of(entry, row, now) for entry in once.values()]
        session.add_all(made)
        session.flush()
        for video in made:
            work.record(
                session,
                now,
                Subject.VIDEO,
                video.number,
                "found",
                who,
                video.reason or video.title,
                (None, video.state),
            )
        return made


def _video_of(entry: NewVideo, channel: Channel, now: datetime) -> Video:
    skipped = entry.skip_reason is not None
    return Video(
        state=VideoState.SKIPPED if skipped else VideoState.FOUND,
        resume_state=VideoState.FOUND if skipped else None,
        reason=entry.skip_reason,
        youtube_id=entry.youtube_id,
        channel_id=channel.id,
        youtube_channel_id=channel.youtube_id,
        title=entry.title,
        published_at=entry.published_at,
        found_at=now,
    )


def poll_failed(database: Database, channel_id: int, who: str, until: datetime, message: str) -> None:
    """The feed could not be read: try again `until` or later. A channel is never given up for it."""
    work.postpone(database, Channel, channel_id, who, until, ErrorKind.LATER, message, counted=True)
