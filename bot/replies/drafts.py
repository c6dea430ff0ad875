"""What is said of drafts, and of what is changed in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from bot import voices
from bot.replies.channels import rules
from bot.replies.words import clock, moment, person, short, trouble_and_when
from bot.reply import Action, Attachment, Offer, Page, Reply, Table, count
from bot.voices import Voices
from captions import formats, rttm
from captions.edit import Replacement
from captions.text import clean_line, plain
from captions.track import Track
from store.lifecycle import DraftState
from store.tables import Channel, Decision, Draft, Video
from store.terms import LONGEST as LONGEST_TERM

PREVIEW_CUES = 6
SHOWN_LINES = 12  # of a change, or of what would be changed


def draft_list(drafts: Sequence[tuple[Draft, Video]], page: Page) -> Reply:
    if not drafts:
        return Reply("No draft waits.", data=[])
    rows = tuple(
        (
            str(draft.id),
            draft.state.value,
            f"{draft.language} {draft.revision}",
            str(draft.cues),
            short(video.title) or video.youtube_id,
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
    return draft.reason or trouble_and_when(draft)


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
