"""The card of a draft: what people read before they decide, and what they can do. Pure: rows in, a Card out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot import changes, extras, voices
from bot.replies.channels import rules
from bot.replies.drafts import files_of, preview
from bot.replies.speakers import voice_lines
from bot.replies.words import clock, person
from bot.reply import Action, Attachment
from bot.voices import Voices
from captions import feelings, formats
from captions.text import clean_line
from store.announcements import Showing
from store.lifecycle import DraftState, VideoState
from store.tables import Decision, DecisionKind

DOUBTS = 8  #: words that a card shows; more is a list that nobody reads
CHANGES = 2  #: places that a card names where words were left out
TITLE_CHARACTERS = 200
NAME_CHARACTERS = 80
REASON_CHARACTERS = 300
MODEL_CHARACTERS = 40


class Mood(StrEnum):
    """What a card looks like from afar."""

    WAITING = "waiting"
    UNDER_WAY = "under way"
    DONE = "done"
    REFUSED = "refused"
    TROUBLE = "trouble"
    PAST = "past"


MOODS = {
    DraftState.WAITING: Mood.WAITING,
    DraftState.APPROVED: Mood.UNDER_WAY,
    DraftState.UPLOADED: Mood.DONE,
    DraftState.REJECTED: Mood.REFUSED,
    DraftState.FAILED: Mood.TROUBLE,
    DraftState.SKIPPED: Mood.TROUBLE,
    DraftState.SUPERSEDED: Mood.PAST,
    DraftState.REPLACED: Mood.PAST,
}
SAID = {
    DecisionKind.APPROVE: "Approved",
    DecisionKind.REJECT: "Rejected",
    DecisionKind.HOLD: "Held back",
    DecisionKind.RETRY: "Taken up again",
}


@dataclass(frozen=True)
class Line:
    """A sentence, and the time that it speaks of."""

    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class Doubt:
    """A word that the engine was not sure of: where it stands, in seconds, and a link to there."""

    text: str
    start: float
    url: str


@dataclass(frozen=True)
class Card:
    """A draft as it is shown. All texts are plain, cleaned and of one line; `files` are names and contents,
    `extras` what there is to read beside the captions, `voices` who speaks, where that is known."""

    draft_id: int
    revision: int
    title: str
    url: str
    thumbnail: str
    channel: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    mood: Mood
    report: str
    doubts: tuple[Doubt, ...]
    cues: tuple[tuple[str, str], ...]
    extras: tuple[str, ...]
    actions: tuple[Action, ...]
    files: tuple[Attachment, ...]
    voices: Voices | None = None


def card(showing: Showing) -> Card:
    """The card of a draft as it is now."""
    draft, video = showing.draft, showing.video
    url = f"https://youtu.be/{video.youtube_id}"
    table = preview(formats.read(draft.text, "vtt", draft.language))
    return Card(
        draft_id=draft.number,
        revision=draft.revision,
        title=clean_line(video.title, TITLE_CHARACTERS) or video.youtube_id,
        url=url,
        thumbnail=f"https://i.ytimg.com/vi/{video.youtube_id}/hqdefault.jpg",
        channel=clean_line(showing.channel.title or showing.channel.reference, NAME_CHARACTERS)
        if showing.channel is not None
        else "",
        facts=tuple(_facts(showing)),
        lines=tuple(line for line in _lines(showing) if line.text),
        mood=MOODS[draft.state],
        report=clean_line(str(draft.report.get("summary", ""))),
        doubts=_doubts(draft.report.get("doubtful", ()), url),
        cues=tuple((row[0], row[1]) for row in table.rows) if table is not None else (),
        extras=extras.kinds(draft.report.get("extras", {})),
        actions=tuple(actions(showing)),
        files=files_of(draft, video, ("vtt", "srt")) if draft.cues else (),
        voices=voices.read(draft.report, video.seconds),
    )


def _facts(showing: Showing) -> Iterator[tuple[str, str]]:
    draft = showing.draft
    if showing.video.seconds:
        yield "Length", clock(showing.video.seconds)
    yield "Language", draft.language
    edited = f", edited by {person(draft.edited_by)}" if draft.edited_by else ""
    yield "By", f"{draft.engine} {_model(draft.model)}{edited}"
    yield "Rules", rules(draft.profile, draft.report.get("limits"))
    if len(showing.revisions) > 1:
        yield "Revision", f"{draft.revision}" + (", the current one" if showing.newest.id == draft.id else "")
    others = sorted({one.language for one in showing.revisions} - {draft.language})
    if others:
        newest = {one.language: one for one in showing.revisions}
        yield "Also in", ", ".join(f"{name}: draft {newest[name].id}, {newest[name].state}" for name in others)


def _model(model: str) -> str:
    """A model as people call it: one that is a folder of this machine, by the folder's name."""
    return clean_line(model.rstrip("/").rpartition("/")[2] if model.startswith("/") else model, MODEL_CHARACTERS)


def _lines(showing: Showing) -> Iterator[Line]:
    """How it stands with the draft, who said so, and what comes next."""
    draft, newest = showing.draft, showing.newest
    decided = showing.decisions[-1] if showing.decisions else None
    if decided is not None and draft.state is not DraftState.SUPERSEDED:
        yield _decision(decided)
    match draft.state:
        case DraftState.WAITING if not draft.cues:
            yield Line("Nothing was said in it: there is nothing to upload.")
        case DraftState.WAITING if not showing.covered:
            yield Line("No login covers its channel: download the captions, and add them to the video yourself.")
        case DraftState.WAITING:
            yield Line("Waits for a decision.")
        case DraftState.APPROVED if draft.last_error and draft.next_try_at:
            yield Line(f"The upload is put off: {_short(draft.last_error)}. It is tried again", draft.next_try_at)
        case DraftState.APPROVED:
            yield Line("Is uploaded next.")
            if draft.claimed_by is None:
                yield Line(f"To hold it back: /draft hold {draft.id}")
        case DraftState.REJECTED if newest.id == draft.id:
            yield Line(f"To take that back: /draft retry {draft.id}")
        case DraftState.UPLOADED:
            yield Line("On YouTube since", draft.uploaded_at)
        case DraftState.FAILED:
            yield Line(f"Was not uploaded: {_short(draft.reason)}. When that is done: Retry.")
        case DraftState.SKIPPED:
            yield Line(f"Is not uploaded: {_short(draft.reason)}. To try it all the same: /draft retry {draft.id}")
    if draft.state is DraftState.WAITING:
        yield from map(Line, voice_lines(draft, showing.voices))
    if draft.state is DraftState.WAITING and showing.video.state is not VideoState.DRAFTED:
        yield Line("The video is being recognised again: a new revision comes.")
    if draft.state is DraftState.WAITING:
        yield from map(Line, changes.lines(draft.report, CHANGES))
    for note in extras.notes(draft.report.get("extras", {})):
        yield Line(f"Note: {note}")
    yield Line(feelings.line(draft.report.get("emotions")))
    if newest.id != draft.id:
        gone = draft.state in (DraftState.SUPERSEDED, DraftState.REPLACED)
        yield Line(f"Draft {newest.id}, revision {newest.revision}, {'took its place' if gone else 'is newer'}.")


def _decision(decided: Decision) -> Line:
    reason = f": {_short(decided.reason)}." if decided.reason else ""
    return Line(f"{SAID[decided.what]} by {person(decided.who)}{reason}", decided.at)


def _short(text: str | None) -> str:
    return clean_line(text or "", REASON_CHARACTERS).removesuffix(".")


def _doubts(found: Sequence[dict[str, object]], url: str) -> tuple[Doubt, ...]:
    """The words that the engine was least sure of, in the order they are said."""
    surest_last = sorted(found, key=lambda one: float(str(one.get("confidence", 0))))
    made = []
    for one in surest_last[:DOUBTS]:
        start = float(str(one.get("start", 0)))
        made.append(Doubt(clean_line(str(one.get("text", "")), 40), start, f"{url}?t={max(int(start) - 1, 0)}"))
    return tuple(sorted((one for one in made if one.text), key=lambda one: one.start))


def actions(showing: Showing) -> Iterator[Action]:
    """What can be done: nothing, once somebody decided."""
    draft = showing.draft
    if showing.newest.id != draft.id or draft.state not in (DraftState.WAITING, DraftState.FAILED):
        return
    if draft.state is DraftState.FAILED:
        yield Action.RETRY
    elif draft.cues:
        yield Action.APPROVE if showing.covered else Action.DOWNLOAD
    if draft.cues:
        yield Action.EDIT
    yield Action.REJECT
    if showing.video.state is VideoState.DRAFTED:
        yield Action.REDO
