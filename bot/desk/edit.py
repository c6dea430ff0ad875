"""draft edit, replace: what people change in a draft becomes a new revision, checked again."""

from __future__ import annotations

from bot.desk import editing
from bot.desk.command import Argument, Command, Desk, Values
from bot.desk.draft import of_draft, offered
from bot.guard import Actor, Role
from bot.replies import drafts as replies
from bot.reply import Reply, count
from captions import edit, formats
from captions.text import plain
from captions.track import Track
from store import drafts, videos
from store.lifecycle import DraftState
from store.tables import Draft, Video

LONGEST_WORDS = 200  #: to find, or to put in their place
EDITABLE = (DraftState.WAITING, DraftState.REJECTED, DraftState.FAILED, DraftState.UPLOADED)


def _edit(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    drafts.editable(desk.database, draft.number)
    track = formats.read(draft.text, "vtt", draft.language)
    if "find" in values:
        if "cue" in values:
            raise ValueError("give either the number of a cue or what to find: that is looked for in all cues")
        return _replace_words(desk, actor, draft, video, track, values)
    if "cue" not in values:
        raise ValueError("say which cue, by its number, and its new text; or what to find, and by what to replace it")
    number = _number(values["cue"])
    if bool(values.get("text", "").strip()) == ("remove" in values):
        raise ValueError(f"say the new text of cue {number}, or remove, to take it out")
    changed = edit.with_text(track, number, values.get("text", ""))
    made = _kept(desk, actor, draft, video, changed, f"cue {number}")
    if "remove" in values:
        return made
    old, new = track.cues[number - 1], changed.cues[number - 1]
    return replies.with_term_offered(
        made, edit.corrected(plain(old.text), plain(new.text)), videos.channel_of(desk.database, video)
    )


def _replace_words(desk: Desk, actor: Actor, draft: Draft, video: Video, track: Track, values: Values) -> Reply:
    find, by = values["find"], values.get("by", "")
    if max(len(find), len(by)) > LONGEST_WORDS:
        raise ValueError(f"what is found and what takes its place have at most {LONGEST_WORDS} characters")
    found = edit.replaced(track, find, by)
    if not found.count:
        raise ValueError(f"{find!r} does not stand in draft {draft.id}")
    if "apply" not in values:
        return replies.replacement_shown(draft, found, editing.difference(track, found.track), find, by)
    made = _kept(desk, actor, draft, video, found.track, f"{find} → {by}, {count(found.count, 'time')}")
    return replies.with_term_offered(made, by, videos.channel_of(desk.database, video))


def _replace(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    name = values["file"]
    track = editing.from_file(name, values["text of file"], draft, video)
    return _kept(desk, actor, draft, video, track, f"the file {name}")


def _kept(desk: Desk, actor: Actor, draft: Draft, video: Video, track: Track, why: str) -> Reply:
    before = formats.read(draft.text, "vtt", draft.language)
    made = drafts.edit(desk.database, draft.number, editing.revision(track, draft, video), actor.name, why)
    return replies.draft_edited(draft, made, video, editing.difference(before, track))


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise ValueError(f"{text!r} is no number of a cue")
    return int(text)


COMMANDS = (
    Command(
        name="draft edit",
        help="Change one cue, or a word wherever it stands. It becomes a new revision.",
        role=Role.APPROVER,
        about=of_draft,
        run=_edit,
        arguments=(
            offered(*EDITABLE),
            Argument("cue", "its number, from 1", required=False),
            Argument("text", "its new text", required=False, rest=True),
            Argument("remove", "take that cue out", required=False, flag=True),
            Argument("find", "words to find in all cues", required=False, option=True),
            Argument("by", "what to put in their place", required=False, option=True),
            Argument("apply", "do it, not only show it", required=False, flag=True),
        ),
        example="draft edit 3 12 It was the best of times",
    ),
    Command(
        name="draft replace",
        help="Put the cues of a caption file in the place of a draft's. It becomes a new revision.",
        role=Role.APPROVER,
        about=of_draft,
        run=_replace,
        arguments=(offered(*EDITABLE), Argument("file", "a caption file: .vtt, .srt, .ttml, .sbv or .json", file=True)),
        example="draft replace 3 corrected.srt",
    ),
)
