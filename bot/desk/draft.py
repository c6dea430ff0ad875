"""draft list, show, approve, reject, hold, retry, redo, extras, voices, download."""

from __future__ import annotations

from collections.abc import Sequence

from bot import changes, extras, voices
from bot.card import actions
from bot.desk.command import ALL, PAGE, Argument, Command, Desk, Values, page_of
from bot.guard import Actor, Role
from bot.replies import drafts as replies
from bot.replies import speakers as speaker_replies
from bot.reply import Action, Reply
from captions import feelings, formats
from store import announcements, drafts, videos
from store.announcements import Showing
from store.lifecycle import DraftState
from store.tables import Channel

OFFERED = ("vtt", "srt")
CHANGES = 30  #: places that are named where words were left out


def of_draft(desk: Desk, values: Values) -> Channel | None:
    """The channel that a draft is of. Raise StoreError."""
    _, video = drafts.find(desk.database, values["draft"])
    return videos.channel_of(desk.database, video)


def _list(desk: Desk, _actor: Actor, values: Values) -> Reply:
    states = tuple(DraftState) if "all" in values else drafts.UNDECIDED
    counts = drafts.counts(desk.database)
    page = page_of(values, sum(counts.get(state, 0) for state in states), videos.LISTED)
    return replies.draft_list(drafts.listing(desk.database, states, skip=page.skip, limit=page.size), page)


def _show(desk: Desk, _actor: Actor, values: Values) -> Reply:
    found, _ = drafts.find(desk.database, values["draft"])
    showing = announcements.showing(desk.database, found.number)
    return replies.draft_shown(
        showing.draft,
        showing.video,
        showing.decisions,
        covered=showing.covered,
        notes=(
            *speaker_replies.voice_lines(showing.draft, showing.voices),
            *changes.lines(showing.draft.report, CHANGES),
            *extras.notes(showing.draft.report.get("extras", {})),
        ),
        feeling=feelings.line(showing.draft.report.get("emotions")),
        actions=tuple(actions(showing)) or ((Action.EDIT,) if _is_editable(showing) else ()),
    )


def _is_editable(showing: Showing) -> bool:
    """Whether a draft that is decided on can still become a new revision: what is on YouTube, what was rejected."""
    draft = showing.draft
    return draft.id == showing.newest.id and draft.state in (DraftState.UPLOADED, DraftState.REJECTED)


def _approve(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    return replies.draft_approved(drafts.approve(desk.database, draft.number, actor.name), video, desk.down())


def _reject(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    rejected = drafts.reject(desk.database, draft.number, actor.name, values.get("reason"))
    return replies.draft_rejected(rejected, video)


def _retry(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    return replies.draft_retried(drafts.retry(desk.database, draft.number, actor.name), video)


def _hold(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    return replies.draft_held(drafts.hold(desk.database, draft.number, actor.name), video)


def _redo(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    videos.redo(desk.database, video.number, actor.name)
    return replies.draft_redone(draft, video, desk.down())


def _download(desk: Desk, _actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    wanted = [values["format"].lower()] if "format" in values else OFFERED
    if not set(wanted) <= set(formats.FORMATS):
        raise ValueError(f"there is no format {wanted[0]!r}; there are: {', '.join(formats.FORMATS)}")
    return replies.draft_files(draft, video, wanted)


def _extras(desk: Desk, _actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    found = draft.report.get("extras", {})
    wanted = [values["what"].lower().replace(" ", "_")] if "what" in values else extras.kinds(found)
    return replies.draft_extras(draft, video, {kind: extras.shown(kind, found) for kind in wanted}, found)


def _voices(desk: Desk, _actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    found = voices.read(draft.report, video.seconds)
    return replies.draft_voices(draft, video, found, voices.drawn(found))


def _kinds(_desk: Desk) -> Sequence[tuple[str, str]]:
    return [(name, "") for name in extras.NAMES]


def _formats(_desk: Desk) -> Sequence[tuple[str, str]]:
    return [(name, "") for name in formats.FORMATS]


def offered(*states: DraftState) -> Argument:
    """The argument that names a draft, with those in `states` offered."""

    def choices(desk: Desk) -> Sequence[tuple[str, str]]:
        return [
            (str(number), f"{state.value}: {title}")
            for number, state, title in drafts.names(desk.database, states or tuple(DraftState))
        ]

    return Argument("draft", "its number, or its video's YouTube id", choices=choices)


COMMANDS = (
    Command(
        name="draft list",
        help="Show the drafts that wait for a decision or an upload.",
        role=Role.VIEWER,
        run=_list,
        arguments=(ALL, PAGE),
        example="draft list --all",
    ),
    Command(
        name="draft show",
        help="Show a draft: its report, its first cues, who decided what.",
        role=Role.VIEWER,
        run=_show,
        arguments=(offered(),),
        example="draft show 3",
    ),
    Command(
        name="draft approve",
        help="Let a draft be uploaded to YouTube.",
        role=Role.APPROVER,
        about=of_draft,
        run=_approve,
        arguments=(offered(DraftState.WAITING),),
        example="draft approve 3",
    ),
    Command(
        name="draft reject",
        help="Say that a draft shall not be uploaded.",
        role=Role.APPROVER,
        about=of_draft,
        run=_reject,
        arguments=(
            offered(DraftState.WAITING, DraftState.FAILED),
            Argument("reason", "why, for those who come after", required=False, rest=True),
        ),
        example="draft reject 3 wrong language",
    ),
    Command(
        name="draft retry",
        help="Try the upload of an approved draft again, or take a rejection back.",
        role=Role.APPROVER,
        about=of_draft,
        run=_retry,
        arguments=(offered(DraftState.FAILED, DraftState.SKIPPED, DraftState.APPROVED, DraftState.REJECTED),),
        example="draft retry 3",
    ),
    Command(
        name="draft hold",
        help="Take an approval back, before the upload begins.",
        role=Role.APPROVER,
        about=of_draft,
        run=_hold,
        arguments=(offered(DraftState.APPROVED),),
        example="draft hold 3",
    ),
    Command(
        name="draft redo",
        help="Recognise the video again with the settings of now. It becomes a new revision.",
        role=Role.APPROVER,
        about=of_draft,
        run=_redo,
        arguments=(offered(),),
        example="draft redo 3",
    ),
    Command(
        name="draft extras",
        help="Read what the engine gave beside the captions: chapters, a summary, key phrases.",
        role=Role.VIEWER,
        run=_extras,
        arguments=(offered(), Argument("what", "e.g. chapters; else all", required=False, choices=_kinds)),
        example="draft extras 3 chapters",
    ),
    Command(
        name="draft voices",
        help="See who speaks when: talk time, words a minute, interruptions, and a picture.",
        role=Role.VIEWER,
        run=_voices,
        arguments=(offered(),),
        example="draft voices 3",
    ),
    Command(
        name="draft download",
        help="Get a draft as files, to change or to upload by hand.",
        role=Role.VIEWER,
        run=_download,
        arguments=(
            offered(),
            Argument("format", f"{', '.join(formats.FORMATS)}; else vtt and srt", required=False, choices=_formats),
        ),
        example="draft download 3 srt",
    ),
)
