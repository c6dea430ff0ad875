"""What is said of voices and of speakers. Pure: rows in, a Reply or sentences out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.replies.words import clock, moment, person
from bot.reply import Reply, Table, count
from captions.text import clean_line
from store.speakers import THEIRS, Evidence, Forgotten, Known
from store.tables import Draft, Speaker, Verdict, Voice

NAME_CHARACTERS = 60
Voices = Sequence[tuple[Voice, Speaker | None]]


def speaker_list(found: Sequence[Known]) -> Reply:
    if not found:
        return Reply(
            "No speaker has a name yet. Where a draft tells voices apart: /speaker name DRAFT VOICE NAME, "
            "e.g. /speaker name 12 A Ada Lovelace.",
            data={"speakers": []},
        )
    rows = [
        (
            str(one.speaker.id),
            _name(one.speaker),
            clean_line(one.channel, NAME_CHARACTERS),
            str(one.recordings),
            clock(one.seconds),
            moment(one.last_heard_at) if one.last_heard_at else "",
        )
        for one in found
    ]
    text = f"{count(len(found), 'speaker')}. A voice print is made of approved videos and of what was enrolled."
    table = Table(("no.", "speaker", "channel", "recordings", "speech", "last heard"), tuple(rows))
    return Reply(text, table, data={"speakers": [_data(one) for one in found]})


def speaker_shown(speaker: Speaker, found: Sequence[Evidence]) -> Reply:
    rows = [
        (
            clean_line(one.video.title or one.video.youtube_id, NAME_CHARACTERS) if one.video else "enrolled",
            one.voice.label,
            clock(one.voice.seconds),
            str(one.voice.turns),
            _verdict(one.voice),
            "yes" if one.counts else "no",
        )
        for one in found
    ]
    text = f"{_name(speaker)}, named by {person(speaker.named_by)}, {moment(speaker.named_at)}."
    table = Table(("recording", "voice", "speech", "turns", "by", "in the print"), tuple(rows)) if rows else None
    data = [
        {
            "video": one.video.youtube_id if one.video else None,
            "voice": one.voice.label,
            "seconds": one.voice.seconds,
            "turns": one.voice.turns,
            "verdict": one.voice.verdict.value,
            "similarity": one.voice.similarity,
            "counts": one.counts,
        }
        for one in found
    ]
    return Reply(text, table, data={"speaker": speaker.id, "name": speaker.name, "evidence": data})


def speaker_named(label: str, name: str, edited: Reply | None) -> Reply:
    """`edited`: what became of the draft's text; None where no cue names that voice."""
    said = f"Voice {label} is {name}. Once a draft of this video is approved, the voice is recognised in later ones."
    if edited is None:
        return Reply(said, data={"voice": label, "name": name})
    return Reply(
        f"{said}\n{edited.text}",
        edited.table,
        data={**edited.data, "voice": label, "name": name},
        draft=edited.draft,
        actions=edited.actions,
    )


def named_in_the_text(label: str, name: str, edited: Reply) -> Reply:
    """Where an engine told the voices apart, which says nothing of what they are like."""
    said = (
        f"{label} is {name} in this draft. The engine did not tell what the voice is like: it is not recognised later."
    )
    data = {**edited.data, "voice": label, "name": name}
    return Reply(f"{said}\n{edited.text}", edited.table, data=data, draft=edited.draft, actions=edited.actions)


def speaker_renamed(old: str, new: str) -> Reply:
    return Reply(
        f"{old} is {new} from now on. Drafts that are there keep the old name until they are done again: /draft redo.",
        data={"old": old, "new": new},
    )


def speakers_merged(gone: str, into: str) -> Reply:
    return Reply(f"{gone} is {into} now: what was known of both voices is one print.", data={"old": gone, "new": into})


def speaker_forgotten(found: Forgotten) -> Reply:
    what = f"{count(found.voices, 'voice')}, {clock(found.seconds)} of speech" if found.voices else "there was none"
    return Reply(
        f"{found.name} is forgotten. The biometric data is deleted from the database: {what}. Captions that name "
        f"{found.name} stay as they are, and copies of the database that you made yourself keep what they hold.",
        data={"name": found.name, "voices": found.voices, "seconds": found.seconds},
    )


def voice_lines(draft: Draft, voices: Voices) -> Iterator[str]:
    """Sentences for a draft's card: who was recognised, and whom a person is asked about."""
    known = [(voice, speaker) for voice, speaker in voices if speaker is not None and voice.verdict in THEIRS]
    if known:
        yield "Voices: " + ", ".join(f"{_name(speaker)} ({_verdict(voice)})" for voice, speaker in known) + "."
    for voice, speaker in voices:
        if speaker is not None and voice.verdict is Verdict.UNSURE:
            yield (
                f"Is voice {voice.label} {_name(speaker)}? It is {_percent(voice)} alike, which is not sure. If so: "
                f"/speaker name {draft.id} {voice.label} {_name(speaker)}"
            )
    strangers = [voice.label for voice, _ in voices if voice.verdict is Verdict.UNKNOWN]
    if strangers and len(voices) > 1:
        first, more = strangers[0], len(strangers) > 1
        yield (
            f"Nobody has named the voice{'s' if more else ''} {', '.join(strangers)} yet: "
            f"/speaker name {draft.id} {first} NAME"
        )


def _verdict(voice: Voice) -> str:
    match voice.verdict:
        case Verdict.NAMED:
            return "named"
        case Verdict.RECOGNISED:
            return f"recognised, {_percent(voice)} alike"
        case Verdict.UNSURE:
            return f"perhaps, {_percent(voice)} alike"
        case Verdict.UNKNOWN:
            return "unknown"


def _percent(voice: Voice) -> str:
    return f"{100 * (voice.similarity or 0):.0f} %"


def _name(speaker: Speaker) -> str:
    return clean_line(speaker.name, NAME_CHARACTERS)


def _data(one: Known) -> dict[str, object]:
    last = one.last_heard_at
    return {
        "id": one.speaker.id,
        "name": one.speaker.name,
        "channel": one.speaker.channel_id,
        "recordings": one.recordings,
        "seconds": one.seconds,
        "last_heard_at": last.isoformat() if last else None,
    }
