"""The wording of every reply. Pure: rows in, a Reply out; no store, no surface."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from bot import voices
from bot.reply import Action, Attachment, Offer, Page, Pending, Reply, Table, count
from bot.voices import Voices
from captions import formats, rttm
from captions.edit import Replacement
from captions.profiles import limits_text
from captions.text import clean_line, plain
from captions.track import Track
from store.lifecycle import ChannelState, DraftState, VideoState
from store.services import is_alive
from store.tables import Channel, Decision, Draft, Service, Term, Video, Work
from store.terms import LONGEST as LONGEST_TERM

PREVIEW_CUES = 6
SHAPING = {
    "language",
    "engine",
    "profile",
    "limits",
    "speakers",
    "emotion",
}  #: settings of a channel that shape its captions
SHOWN_LINES = 12  # of a change, or of what would be changed
NAME_CHARACTERS = 80
TITLE_CHARACTERS = 60  # in a list: one of the longest would fill a screen


# ---- channels


def channel_asked(channel: Channel, down: str | None) -> Reply:
    """`down`: since when captiond does not answer; None if it does."""
    data = channel_data(channel)
    if down is not None:
        return Reply(f"Channel {channel.id} is noted. {down}: it is looked up when captiond runs.", data=data)
    return Reply(f"Looking up {channel.reference} …", data=data, pending=Pending(channel.number))


def channel_answered(channel: Channel) -> Reply:
    """What became of a channel that was asked for."""
    data, title = channel_data(channel), clean_line(channel.title or channel.reference)
    match channel.state:
        case ChannelState.WATCHED:
            text = f"Channel {channel.id}, {title}, is watched. What it publishes from now on is captioned."
            return Reply(text, data=data)
        case ChannelState.ASKED:
            why = f" The last try failed: {clean_line(channel.last_error)}." if channel.last_error else ""
            return Reply(f"Channel {channel.id} is still being looked up.{why}", data=data)
        case _:
            return Reply(
                f"{title} is not watched: {clean_line(channel.reason or channel.state.value)}.", data=data, ok=False
            )


def channel_paused(channel: Channel) -> Reply:
    text = f"Channel {_named(channel)} is left alone until /channel resume {channel.id}."
    return Reply(text, data=channel_data(channel))


def channel_resumed(channel: Channel) -> Reply:
    text = f"Channel {_named(channel)} is watched again; what it published meanwhile is captioned."
    return Reply(text, data=channel_data(channel))


def channel_settings(channel: Channel, changed: Collection[str], names: Mapping[str, str]) -> Reply:
    """`changed`: which settings; `names`: those of places and people, by their ids."""
    names_of_settings = ("language", "engine", "profile", "limits", "speakers", "emotion", "place", "approvers")
    values = {name: getattr(channel, name) for name in names_of_settings}
    rows = tuple((name, _setting(value, names)) for name, value in values.items())
    tail = (
        " They hold for videos that are taken up from now on; /draft redo does one again."
        if {*changed} & SHAPING
        else ""
    )
    text = f"Settings of channel {_named(channel)} are these.{tail}"
    return Reply(text, Table(("setting", "value"), rows), data={**channel_data(channel), **values})


def _setting(value: str | bool | Sequence[str] | Mapping[str, float] | None, names: Mapping[str, str]) -> str:
    if value is None:
        return "as config.toml says"
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Mapping):
        return limits_text(value)
    return ", ".join(names.get(one, one) for one in ([value] if isinstance(value, str) else value))


def _named(channel: Channel) -> str:
    return f"{channel.id}, {clean_line(channel.title or channel.reference)},"


def channel_removed(channel: Channel) -> Reply:
    name = clean_line(channel.title or channel.reference)
    return Reply(f"Channel {channel.id}, {name}, is not watched any more. Its drafts stay.", data=channel_data(channel))


def channel_list(channels: Sequence[Channel], page: Page) -> Reply:
    if not channels:
        return Reply("No channel is watched yet. Add one: /channel add @handle", data=[])
    own = {one.number: rules(one.profile, one.limits) for one in channels}
    with_rules = any(own.values())
    rows = tuple(
        (
            str(one.id),
            one.state.value,
            _short(one.title or one.reference),
            *([own[one.number]] if with_rules else []),
            moment(one.polled_at),
            one.reason or _trouble_and_when(one),
        )
        for one in channels
    )
    data = [channel_data(one) for one in channels]
    columns = ("id", "state", "title", *(["captions"] if with_rules else []), "last read", "note")
    return Reply(page.of("channel"), Table(columns, rows), data=data, page=page)


def rules(profile: str | None, limits: Mapping[str, float] | None) -> str:
    """The rules for captions as people read them: a profile, and the numbers that are not its own."""
    return ", ".join(part for part in (profile, limits_text(limits or {})) if part)


def channel_data(channel: Channel) -> dict[str, Any]:
    return {
        "id": channel.id,
        "state": channel.state.value,
        "reference": channel.reference,
        "youtube_id": channel.youtube_id,
        "title": channel.title,
        "profile": channel.profile,
        "limits": channel.limits,
        "reason": channel.reason,
        "last_error": channel.last_error,
        "next_try_at": channel.next_try_at and channel.next_try_at.isoformat(),
    }


# ---- the queue


def video_queued(video: Video, down: str | None) -> Reply:
    tail = f" {down}: it is taken up when captiond runs." if down else ""
    return Reply(f"Video {video.id} ({video.youtube_id}) is queued.{tail}", data=video_data(video))


def video_retried(video: Video) -> Reply:
    return Reply(f"Video {video.id} is taken up again, from {video.state.value}.", data=video_data(video))


def video_cancelled(video: Video) -> Reply:
    if video.state in (VideoState.SKIPPED, VideoState.FAILED):
        return Reply(
            f"Video {video.id} is cancelled. To take it up again: /queue retry {video.id}", data=video_data(video)
        )
    return Reply(f"Video {video.id} is being worked on: captiond is told to stop.", data=video_data(video))


def video_first(video: Video) -> Reply:
    return Reply(f"Video {video.id} is the first in line.", data=video_data(video))


def queue(videos: Sequence[Video], page: Page, down: str | None, now: datetime) -> Reply:
    tail = f" {down}: nothing moves." if down else ""
    if not videos:
        return Reply(f"Nothing is on its way.{tail}", data=[])
    rows = tuple(
        (
            str(one.id),
            one.state.value,
            "" if down else doing(one, now),
            _short(one.title) or one.youtube_id,
            trouble(one),
        )
        for one in videos
    )
    columns = ("id", "state", "now", "title", "note")
    data = [video_data(one) for one in videos]
    return Reply(f"{page.of('video')}.{tail}", Table(columns, rows), data=data, page=page)


def doing(video: Video, now: datetime) -> str:
    """What happens to a video right now."""
    steps = {
        VideoState.FOUND: "downloading",
        VideoState.DOWNLOADED: "recognising",
        VideoState.TRANSCRIBED: "typesetting",
    }
    if video.state not in steps:
        return ""
    if video.claimed_by:
        return steps[video.state] + (f" {video.progress:.0%}" if video.progress is not None else "")
    waits = video.next_try_at is not None and video.next_try_at > now
    return f"waits until {moment(video.next_try_at)}" if waits else "in line"


def trouble(video: Video) -> str:
    return video.reason or video.last_error or ""


def video_data(video: Video) -> dict[str, Any]:
    return {
        "id": video.id,
        "youtube_id": video.youtube_id,
        "state": video.state.value,
        "title": video.title,
        "seconds": video.seconds,
        "progress": video.progress,
        "claimed_by": video.claimed_by,
        "reason": video.reason,
        "last_error": video.last_error,
        "next_try_at": video.next_try_at and video.next_try_at.isoformat(),
        "attempts": video.attempts,
    }


# ---- drafts


def draft_list(drafts: Sequence[tuple[Draft, Video]], page: Page) -> Reply:
    if not drafts:
        return Reply("No draft waits.", data=[])
    rows = tuple(
        (
            str(draft.id),
            draft.state.value,
            f"{draft.language} {draft.revision}",
            str(draft.cues),
            _short(video.title) or video.youtube_id,
            _draft_note(draft),
        )
        for draft, video in drafts
    )
    columns = ("id", "state", "revision", "cues", "title", "note")
    data = [draft_data(draft, video) for draft, video in drafts]
    return Reply(page.of("draft"), Table(columns, rows), data=data, page=page)


def _draft_note(draft: Draft) -> str:
    if draft.state is DraftState.WAITING and draft.cues == 0:
        return "nothing was said: nothing to upload"
    return draft.reason or _trouble_and_when(draft)


def draft_shown(
    draft: Draft,
    video: Video,
    decided: Sequence[Decision],
    *,
    covered: bool,
    actions: tuple[Action, ...] = (),
    notes: Sequence[str] = (),
    feeling: str = "",
) -> Reply:
    track = formats.read(draft.text, "vtt", draft.language)
    found = voices.read(draft.report, video.seconds)
    lines = [
        f"Draft {draft.id}: {clean_line(video.title) or video.youtube_id}",
        f"https://youtu.be/{video.youtube_id}",
        f"{draft.state.value}, {draft.language}, revision {draft.revision}, {count(draft.cues, 'cue')}, "
        f"by {draft.engine}, rules {rules(draft.profile, draft.report.get('limits'))}",
        str(draft.report.get("summary", "")),
        *(f"Who speaks: {'; '.join(said)}" for said in [voices.lines(found)] if said),
        *(f"Note: {note}" for note in notes),
        feeling,
        *_decisions(decided),
        *([f"Note: {clean_line(draft.reason or draft.last_error or '')}"] if draft.reason or draft.last_error else []),
        *_next_step(draft, covered=covered),
    ]
    text = "\n".join(line for line in lines if line)
    data = {**draft_data(draft, video), "text": draft.text, "report": draft.report}
    return Reply(text, preview(track), data=data, draft=draft.number, actions=actions)


def _decisions(decided: Sequence[Decision]) -> list[str]:
    said = {"approve": "approved", "reject": "rejected", "hold": "held back", "retry": "taken up again"}
    return [
        f"{said[one.what.value]} by {person(one.who)} on {moment(one.at)}"
        + (f": {clean_line(one.reason)}" if one.reason else "")
        for one in decided
    ]


def _next_step(draft: Draft, *, covered: bool) -> list[str]:
    if draft.state is not DraftState.WAITING:
        return []
    if draft.cues == 0:
        return [f"There is nothing to upload. Next: /draft reject {draft.id}"]
    if not covered:
        return [f"No login covers its channel. Next: /draft download {draft.id}, or /draft reject {draft.id}"]
    return [f"Next: /draft approve {draft.id}, or /draft reject {draft.id}. To read it all: /draft download {draft.id}"]


def preview(track: Track) -> Table | None:
    """The first cues of a track."""
    if not track.cues:
        return None
    rows = tuple((clock(cue.start), plain(cue.text)) for cue in track.cues[:PREVIEW_CUES])
    left = len(track.cues) - PREVIEW_CUES
    return Table(("time", "text"), (*rows, ("…", f"and {left} more")) if left > 0 else rows)


def draft_approved(draft: Draft, video: Video, down: str | None) -> Reply:
    tail = f" {down}: it is uploaded when captiond runs." if down else " captiond uploads it now."
    return Reply(f"Draft {draft.id} is approved.{tail}", data=draft_data(draft, video))


def draft_rejected(draft: Draft, video: Video) -> Reply:
    return Reply(f"Draft {draft.id} is rejected: it is not uploaded.", data=draft_data(draft, video))


def draft_retried(draft: Draft, video: Video) -> Reply:
    if draft.state is DraftState.WAITING:
        return Reply(f"Draft {draft.id} waits for a decision again.", data=draft_data(draft, video))
    return Reply(f"The upload of draft {draft.id} is tried again.", data=draft_data(draft, video))


def draft_held(draft: Draft, video: Video) -> Reply:
    return Reply(f"Draft {draft.id} is held back: it waits for a decision again.", data=draft_data(draft, video))


def draft_redone(draft: Draft, video: Video, down: str | None) -> Reply:
    tail = f" {down}: it is taken up when captiond runs." if down else ""
    text = f"The video of draft {draft.id} is recognised again; it becomes a new revision.{tail}"
    return Reply(text, data=draft_data(draft, video))


def draft_edited(old: Draft, made: Draft, video: Video, difference: Sequence[tuple[str, str]]) -> Reply:
    """`difference`: lines that went, after a "-", and lines that came, after a "+"."""
    text = (
        f"Draft {old.id} became draft {made.id}, revision {made.revision}, which waits for a decision. "
        f"{made.report.get('summary', '')}"
    )
    return Reply(text, _changes(difference), data=draft_data(made, video))


def _changes(difference: Sequence[tuple[str, str]]) -> Table:
    rows = tuple((sign, plain(line)) for sign, line in difference[:SHOWN_LINES])
    left = len(difference) - SHOWN_LINES
    return Table(("", "text"), (*rows, ("…", f"and {count(left, 'line')} more")) if left > 0 else rows)


def replacement_shown(
    draft: Draft, found: Replacement, difference: Sequence[tuple[str, str]], find: str, by: str
) -> Reply:
    """What a find-and-replace would do; `difference` as in `draft_edited`."""
    return Reply(
        f"{clean_line(find)!r} stands {count(found.count, 'time')} in draft {draft.id}.",
        _changes(difference),
        data={"count": found.count, "cues": [index + 1 for index in found.cues]},
        offer=Offer(
            f"To put {clean_line(by)!r} in its place",
            "Replace",
            "draft edit",
            {"draft": str(draft.id), "find": clean_line(find), "by": clean_line(by), "apply": "yes"},
        ),
    )


def with_term_offered(reply: Reply, term: str, channel: Channel | None) -> Reply:
    """A reply to a correction, with the offer to expect the word from now on in the videos of that channel."""
    words = clean_line(term)
    if not words or len(words) > LONGEST_TERM:
        return reply
    of_channel = {} if channel is None else {"channel": str(channel.id)}
    told = "To tell the engine to expect it from now on"
    return replace(reply, offer=Offer(told, "Add to the glossary", "term add", {"term": words, **of_channel}))


def draft_extras(draft: Draft, video: Video, texts: Mapping[str, str], extras: Mapping[str, Any]) -> Reply:
    """What there is beside the captions, by its kind; all of it as a file too."""
    parts = [f"{kind.replace('_', ' ').capitalize()}\n{text}" for kind, text in texts.items() if text]
    if not parts:
        return Reply(f"{draft.engine} gave nothing of that for draft {draft.id}.", data={})
    file = Attachment(f"{video.youtube_id}.extras.json", json.dumps(extras, indent=2, ensure_ascii=False))
    return Reply("\n".join(parts), data=dict(extras), attachments=(file,))


def draft_voices(draft: Draft, video: Video, found: Voices | None, picture: bytes | None) -> Reply:
    """Who speaks when: how each talks as a table, the turns and the `picture` as files."""
    if found is None:
        told = f"Draft {draft.id} does not say who speaks: voices were not told apart, or there is but one."
        return Reply(f"{told} See [daemon.speech.voices] in config.toml.", data=[])
    rows = tuple(
        (
            talk.speaker,
            clock(talk.seconds),
            f"{100 * talk.share:.0f} %",
            str(talk.turns),
            f"{talk.words_per_minute:.0f}" if talk.words_per_minute else "",
            str(talk.interruptions),
        )
        for talk in found.talks
    )
    files = [Attachment(f"{video.youtube_id}.rttm", rttm.write(found.turns, video.youtube_id))] if found.turns else []
    files += [Attachment(f"{video.youtube_id}.png", data=picture)] if picture else []
    tail = "" if picture or not found.turns else " No picture: it takes matplotlib, which the extra pictures brings."
    columns = ("speaker", "talk", "share", "turns", "words a minute", "interruptions")
    data = [asdict(talk) for talk in found.talks]
    return Reply(f"Who speaks in draft {draft.id}.{tail}", Table(columns, rows), tuple(files), data)


def draft_files(draft: Draft, video: Video, wanted: Sequence[str]) -> Reply:
    """The draft as files, one for each format."""
    files = files_of(draft, video, wanted)
    return Reply(f"Draft {draft.id}, revision {draft.revision}, as {' and '.join(wanted)}.", attachments=files)


def files_of(draft: Draft, video: Video, wanted: Sequence[str]) -> tuple[Attachment, ...]:
    """The draft in each of the formats."""
    track = formats.read(draft.text, "vtt", draft.language)
    return tuple(
        Attachment(
            f"{video.youtube_id}.{draft.language}.{draft.revision}{formats.FORMATS[name].suffix}",
            draft.text if name == "vtt" else formats.write(track, name),
        )
        for name in wanted
    )


def draft_data(draft: Draft, video: Video) -> dict[str, Any]:
    return {
        "id": draft.id,
        "state": draft.state.value,
        "video": video.youtube_id,
        "title": video.title,
        "language": draft.language,
        "revision": draft.revision,
        "engine": draft.engine,
        "profile": draft.profile,
        "cues": draft.cues,
        "sha256": draft.sha256,
        "reason": draft.reason,
        "last_error": draft.last_error,
        "next_try_at": draft.next_try_at and draft.next_try_at.isoformat(),
        "track_id": draft.track_id,
        "made_at": draft.made_at.isoformat(),
    }


# ---- the glossary


def terms_added(new: Sequence[str], wanted: int) -> Reply:
    known = wanted - len(new)
    if not new:
        return Reply("That was there already.", data=[])
    tail = f"; {count(known, 'other')} had been there already or twice" if known else ""
    return Reply(f"{count(len(new), 'term')} added{tail}.", data=list(new))


def term_removed(term: str) -> Reply:
    return Reply(f"The term {clean_line(term)!r} is removed.", data=term)


def term_list(terms: Sequence[Term], page: Page) -> Reply:
    if not terms:
        return Reply("There are no terms yet. Add one: /term add Ada Lovelace", data=[])
    rows = tuple((one.text, str(one.channel_id or "all"), person(one.added_by)) for one in terms)
    data = [{"term": one.text, "channel": one.channel_id, "added_by": one.added_by} for one in terms]
    return Reply(page.of("term"), Table(("term", "channel", "added by"), rows), data=data, page=page)


# ---- status


def status(
    service: Service | None,
    down: str | None,
    bot: str,
    titles: Mapping[str, str],
    channels: int,
    videos: Mapping[str, int],
    drafts: Mapping[str, int],
    quota: tuple[Any, int] | None,
    spent: Mapping[str, float],
    forecast: float,
) -> Reply:
    """`spent`: this month on each engine that costs money; `forecast`: on all, by its end."""
    rows = [("captiond", down or _running(service))]
    if service is not None and down is None:
        rows += [(f"engine {name}", why or "ready") for name, why in sorted(service.engines.items())]
        rows.append(("login covers", ", ".join(titles.get(one, one) for one in service.covers) or "no channel"))
        if service.note:
            rows.append(("note", service.note))
    rows.append(("captionbot", bot))
    rows.append(("channels", str(channels)))
    rows.append(("videos", _counts(videos)))
    rows.append(("drafts", _counts(drafts) + (": see /draft list" if drafts.get("waiting") else "")))
    if quota is not None:
        rows.append(("quota", f"{quota[1]:,} units booked on {quota[0]}"))
    if spent:
        each = ", ".join(f"{engine} {cost:.2f}" for engine, cost in sorted(spent.items()))
        rows.append(("spent this month", f"{each}; about {forecast:.2f} by its end"))
    data = {
        "alive": down is None,
        "covers": service.covers if service else [],
        "engines": service.engines if service else {},
        "note": service.note if service else None,
        "captionbot": bot,
        "channels": channels,
        "videos": dict(videos),
        "drafts": dict(drafts),
        "spent": dict(spent),
        "forecast": forecast,
    }
    return Reply("Status", Table(("what", "how it is"), tuple(rows)), data=data)


def _running(service: Service | None) -> str:
    return f"runs, version {service.version}, since {moment(service.started_at)}" if service else ""


def bot_health(service: Service | None, now: datetime) -> str:
    """How it stands with the Discord bot."""
    if service is None:
        return "has never run"
    if not is_alive(service, now):
        return f"down since {moment(service.seen_at)}"
    return f"{_running(service)}" + (f"; {service.note}" if service.note else "")


def daemon_down(service: Service | None) -> str:
    if service is None:
        return "captiond has never run"
    return f"captiond has been down since {moment(service.seen_at)}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "none"


# ---- words


def person(who: str | None) -> str:
    """Somebody as people are called: by their name in the chat, or as one at the machine."""
    surface, _, name = clean_line(who or "", NAME_CHARACTERS).partition(":")
    return f"@{name}" if surface == "discord" else f"{name} in the console" if name else surface


def _short(title: str) -> str:
    """A title as lists show it."""
    return clean_line(title, TITLE_CHARACTERS)


def _trouble_and_when(row: Work) -> str:
    """What went wrong last, and when it is tried again."""
    said = row.last_error or ""
    return f"{said} (again at {moment(row.next_try_at)})" if said and row.next_try_at else said


def moment(time: datetime | None) -> str:
    """A time as people read it, in the machine's own time zone."""
    return "" if time is None else time.astimezone().strftime("%Y-%m-%d %H:%M %Z")


def clock(seconds: float) -> str:
    """A time in a video: 1:05, or 1:02:05."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
