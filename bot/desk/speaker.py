"""speaker list, show, name, rename, merge, forget: whose voices a channel's videos have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import voices
from bot.desk import editing
from bot.desk.channel import known
from bot.desk.command import Argument, Command, Desk, Values
from bot.desk.draft import of_draft, offered
from bot.desk.edit import EDITABLE
from bot.guard import Actor, Role
from bot.replies import drafts as replies
from bot.replies import speakers as speaker_replies
from bot.reply import Reply
from captions import edit, formats
from captions.segment import shown_names
from captions.text import clean_line
from captions.track import Track
from store import channels, drafts, speakers
from store.errors import NotFound
from store.tables import Channel, Draft, Video


def _list(desk: Desk, _actor: Actor, values: Values) -> Reply:
    channel = channels.find(desk.database, values["channel"]).number if "channel" in values else None
    return speaker_replies.speaker_list(speakers.listing(desk.database, channel))


def _show(desk: Desk, _actor: Actor, values: Values) -> Reply:
    found = speakers.find(desk.database, values["speaker"])
    return speaker_replies.speaker_shown(found, speakers.evidence(desk.database, found.id or 0))


def _name(desk: Desk, actor: Actor, values: Values) -> Reply:
    draft, video = drafts.find(desk.database, values["draft"])
    drafts.editable(desk.database, draft.number)
    voice = clean_line(values["voice"])
    track = formats.read(draft.text, "vtt", draft.language)
    before = _present_names(desk, video)
    try:
        label, name = speakers.name(desk.database, video, voice, values["person"], actor.name, same="same" in values)
    except NotFound:
        return _in_the_text(desk, actor, draft, video, track, voice, values["person"])
    edited = _edited(desk, actor, draft, video, track, before.get(label, label), name)
    return speaker_replies.speaker_named(label, name, edited)


def _in_the_text(desk: Desk, actor: Actor, draft: Draft, video: Video, track: Track, voice: str, said: str) -> Reply:
    """The engine told the voices apart: name one in the captions alone. Raise NotFound."""
    there = {line.speaker for cue in track.cues for line in cue.lines if line.speaker}
    found = next((one for one in there if one.casefold() == voice.casefold()), None)
    name = speakers.valid(said)
    edited = _edited(desk, actor, draft, video, track, found, name) if found else None
    if found is None or edited is None:
        raise NotFound(
            f"there is no voice {voice!r} in draft {draft.id}"
            + (f": there are {', '.join(sorted(there))}" if there else ": it tells no voices apart")
        )
    return speaker_replies.named_in_the_text(found, name, edited)


def _edited(desk: Desk, actor: Actor, draft: Draft, video: Video, track: Track, old: str, new: str) -> Reply | None:
    """The draft's new revision with the name in its cues; None where that changes none."""
    profile = editing.profile_of(draft)
    shown = shown_names([new], replace(profile, labels=track.labels or profile.labels)).get(new, new)
    changed = edit.with_speaker(track, old, shown)
    if changed == track:
        return None
    captions = editing.revision(changed, draft, video)
    captions = replace(captions, report=voices.renamed(captions.report, old, new))
    made = drafts.edit(desk.database, draft.number, captions, actor.name, f"voice {old} is {new}")
    return replies.draft_edited(draft, made, video, ())


def _present_names(desk: Desk, video: Video) -> dict[str, str]:
    return {
        voice.label: speaker.name
        for voice, speaker in speakers.of_video(desk.database, video.number)
        if speaker is not None and voice.verdict in speakers.THEIRS
    }


def _rename(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = speakers.find(desk.database, values["speaker"])
    return speaker_replies.speaker_renamed(*speakers.rename(desk.database, found.id or 0, values["person"], actor.name))


def _merge(desk: Desk, actor: Actor, values: Values) -> Reply:
    gone = speakers.find(desk.database, values["speaker"])
    into = speakers.find(desk.database, values["into"], None if values["into"].isdecimal() else gone.channel_id)
    return speaker_replies.speakers_merged(*speakers.merge(desk.database, gone.id or 0, into.id or 0, actor.name))


def _forget(desk: Desk, actor: Actor, values: Values) -> Reply:
    found = speakers.find(desk.database, values["speaker"])
    return speaker_replies.speaker_forgotten(speakers.forget(desk.database, found.id or 0, actor.name))


def _of_speaker(desk: Desk, values: Values) -> Channel | None:
    return channels.get(desk.database, speakers.find(desk.database, values["speaker"]).channel_id)


def _present(desk: Desk) -> Sequence[tuple[str, str]]:
    return [(str(one.speaker.id), f"{one.speaker.name}, {one.channel}") for one in speakers.listing(desk.database)]


SPEAKER = Argument("speaker", "their number, or their name", choices=_present)
COMMANDS = (
    Command(
        name="speaker list",
        help="Show the speakers whose voices have names.",
        role=Role.VIEWER,
        run=_list,
        arguments=(Argument("channel", "of which channel", required=False, option=True, choices=known),),
        example="speaker list",
    ),
    Command(
        name="speaker show",
        help="Show what a voice print is made of.",
        role=Role.VIEWER,
        run=_show,
        arguments=(SPEAKER,),
        example="speaker show 2",
    ),
    Command(
        name="speaker name",
        help="Say whose a voice is. The draft becomes a new revision, and the voice is recognised later.",
        role=Role.APPROVER,
        about=of_draft,
        run=_name,
        arguments=(
            offered(*EDITABLE),
            Argument("voice", "as the captions call it: A, B, or a name that is wrong"),
            Argument("person", "whose it is", rest=True),
            Argument("same", "they are the same person, though the voice is another", required=False, flag=True),
        ),
        example="speaker name 12 A Ada Lovelace",
    ),
    Command(
        name="speaker rename",
        help="Give a speaker another name.",
        role=Role.APPROVER,
        about=_of_speaker,
        run=_rename,
        arguments=(SPEAKER, Argument("person", "the new name", rest=True)),
        example="speaker rename 2 Ada King",
    ),
    Command(
        name="speaker merge",
        help="Make one of two speakers who are the same person.",
        role=Role.APPROVER,
        about=_of_speaker,
        run=_merge,
        arguments=(SPEAKER, Argument("into", "who stays, by number or name", choices=_present)),
        example="speaker merge 3 2",
    ),
    Command(
        name="speaker forget",
        help="Delete a speaker and all that is known of their voice.",
        role=Role.APPROVER,
        about=_of_speaker,
        run=_forget,
        arguments=(SPEAKER,),
        example="speaker forget 2",
    ),
)
