"""Discover: look up the channels that people asked for, and read the feeds of those that are watched."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.children import Limits, ask_once
from daemon.errors import AskHuman, GiveUp, Interrupted, WaitFor
from daemon.stages import LEASE, Context, Effect, attempt, log, new_claim
from daemon.youtube import feed, handles
from daemon.youtube.api import ChannelFound
from store import channels
from store.channels import NewVideo
from store.references import CHANNEL_ID, VIDEO_ID, Reference, read_channel
from store.tables import Channel

BEFORE_SUBSCRIPTION = "before subscription"
LOOKUP_MODULE = "daemon.youtube.lookup"
LOOKUP_LIMITS = Limits(stall_seconds=120, memory_bytes=2_000_000_000)


def step(context: Context) -> bool:
    """Look up one asked channel, or read one feed."""
    asked = channels.claim_asked(context.database, new_claim(), LEASE)
    if asked is not None:
        attempt(context, asked, lambda: _look_up(context, asked), lambda effect: _refuse(context, asked, effect))
        return True
    due = channels.claim_due(context.database, new_claim(), LEASE)
    if due is not None:
        attempt(context, due, lambda: _poll(context, due), lambda effect: _never_give_up(context, due, effect))
        return True
    return False


def _look_up(context: Context, channel: Channel) -> None:
    try:
        reference = read_channel(channel.reference)
    except ValueError as error:
        raise GiveUp(str(error)) from error
    found = _resolve(context, reference)
    if not CHANNEL_ID.fullmatch(found.youtube_id):
        raise GiveUp(f"YouTube gave no proper id for {channel.reference}")
    channels.found(context.database, channel.number, channel.claim, found.youtube_id, found.title)
    log.info("looked up", youtube=found.youtube_id)


def _resolve(context: Context, reference: Reference) -> ChannelFound:
    """By the Data API where somebody is logged in and there is quota, else by yt-dlp."""
    try:
        with context.api() as api:
            return handles.by_api(api, reference.kind.value, reference.value)
    except (AskHuman, WaitFor):
        return _by_page(context, reference)


def _by_page(context: Context, reference: Reference) -> ChannelFound:
    youtube = context.settings.youtube
    asked = {
        "url": handles.address(youtube.site_url, reference.kind.value, reference.value),
        "plugin_dirs": [str(path) for path in youtube.plugin_dirs],
        "cookies_file": youtube.cookies_file,
        "timeout_seconds": youtube.timeout_seconds,
    }
    spawner, go_on = context.spawner, lambda: _go_on(context)
    found = ask_once(spawner, LOOKUP_MODULE, asked, LOOKUP_LIMITS, lambda _fraction, _step: None, go_on)
    return ChannelFound(found["youtube_id"], found["title"])


def _go_on(context: Context) -> None:
    if context.stopping.is_set():
        raise Interrupted("the daemon stops")


def _refuse(context: Context, channel: Channel, effect: Effect) -> None:
    channels.refuse(context.database, channel.number, channel.claim, effect.message)


def _feed_of(context: Context, youtube_id: str) -> feed.Feed:
    youtube = context.settings.youtube
    return feed.parse(feed.fetch(youtube.feed_url.format(channel_id=youtube_id), youtube.timeout_seconds))


def _poll(context: Context, channel: Channel) -> None:
    found = _feed_of(context, channel.youtube_id or "")
    known = channels.known_ids(context.database, [entry.youtube_id for entry in found.entries])
    entries = decide(found.entries, known, channel.asked_at, first=channel.polled_at is None)
    until = next_poll(context, context.database.now())
    made = channels.polled(context.database, channel, channel.claim, found.title, entries, until)
    (log.info if made else log.debug)("polled", entries=len(found.entries), new=len(made))


def decide(entries: Sequence[feed.Entry], known: Collection[str], asked_at: datetime, *, first: bool) -> list[NewVideo]:
    """Which entries become videos, oldest first, and which of them are not to be captioned.

    An entry is known by its id alone: titles and times change. What was published before the channel was asked for is
    skipped whenever it shows up: old entries come back when a newer video is deleted. One without a time is taken for
    old on the first reading, for new later. Does not touch the store or the clock.
    """
    since = asked_at.replace(microsecond=0)  # a feed tells whole seconds
    new = []
    for entry in reversed(entries):
        if entry.youtube_id in known or not VIDEO_ID.fullmatch(entry.youtube_id):
            continue
        old = first if entry.published_at is None else entry.published_at < since
        made = NewVideo(entry.youtube_id, entry.title, entry.published_at, skip_reason=None)
        new.append(replace(made, skip_reason=BEFORE_SUBSCRIPTION) if old else made)
    return new


def next_poll(context: Context, now: datetime) -> datetime:
    """When to read a feed again: the interval, a little more or less, so that channels drift apart."""
    youtube = context.settings.youtube
    factor = 1 + random.uniform(-youtube.poll_jitter, youtube.poll_jitter)  # noqa: S311 no secret
    return now + timedelta(minutes=youtube.poll_minutes * factor)


def _never_give_up(context: Context, channel: Channel, effect: Effect) -> None:
    """A feed's trouble ends some day: even what would be final elsewhere is tried again at the next reading."""
    until = next_poll(context, context.database.now())
    channels.poll_failed(context.database, channel.number, channel.claim, until, effect.message)
