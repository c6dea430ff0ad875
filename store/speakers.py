"""The verbs on a speaker: a person whose voice a channel's owner has named, and the voices that were heard.

A speaker's voice print is made of the voices that are theirs, of what is approved: of videos with a draft that somebody
approved, and of files that were enrolled. So nothing that only a machine said ever makes a print.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, func, or_, select, update

from captions.text import NAME_LIMIT, clean_line
from captions.voice_print import similarity, voice_print
from store import work
from store.database import Database, sqlite_file
from store.errors import NotFound, Refused
from store.lifecycle import DraftState
from store.tables import Channel, Draft, Speaker, Subject, Verdict, Video, Voice
from store.work import is_number

APPROVED = (DraftState.APPROVED, DraftState.UPLOADED, DraftState.REPLACED)
THEIRS = (Verdict.NAMED, Verdict.RECOGNISED)
MOST = 200  #: speakers of one channel
LABEL = re.compile(r"[A-Z]|S\d+")  # of a voice without a name, see daemon/speech/voices.py


@dataclass(frozen=True)
class HeardVoice:
    """A voice of one video, or of a file. `embedding` is empty where there was too little of it."""

    label: str
    embedding: tuple[float, ...]
    seconds: float
    turns: int


@dataclass(frozen=True)
class Judgement:
    """Whose a voice is taken to be, and by which likeness: see Voice."""

    verdict: Verdict
    speaker_id: int | None
    similarity: float | None
    sure: float
    unsure: float


@dataclass(frozen=True)
class Known:
    """A speaker, and what their voice print is made of."""

    speaker: Speaker
    channel: str
    recordings: int
    seconds: float
    last_heard_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """A voice that is taken for a speaker's; `video` None for one that was enrolled. `counts`: whether by now it is
    part of the voice print."""

    voice: Voice
    video: Video | None
    counts: bool


@dataclass(frozen=True)
class Forgotten:
    """What was deleted with a speaker."""

    name: str
    voices: int
    seconds: float


# ---- voices


def keep(database: Database, video: Video, heard: Sequence[HeardVoice], model: str, same: float) -> None:
    """Keep the voices of a video in the place of those that it had.

    Where it was heard before, a name that a person gave goes to the voice that is like it by at least `same`.
    """
    now = database.now()
    with database.write() as session:
        mine = col(Voice.video_id) == video.number
        named = session.exec(select(Voice).where(mine, Voice.verdict == Verdict.NAMED)).all()
        session.exec(delete(Voice).where(mine))
        for one in heard:
            owner = _owner(one, [old for old in named if old.model == model], same)
            session.add(
                Voice(
                    channel_id=video.channel_id,
                    video_id=video.number,
                    label=one.label,
                    embedding=list(one.embedding) or None,
                    model=model,
                    seconds=one.seconds,
                    turns=one.turns,
                    verdict=Verdict.UNKNOWN if owner is None else Verdict.NAMED,
                    speaker_id=owner,
                    heard_at=now,
                )
            )


def _owner(heard: HeardVoice, named: Sequence[Voice], same: float) -> int | None:
    """The speaker of the voice among `named` that is most like this one."""
    alike = [(similarity(heard.embedding, old.embedding), old) for old in named if heard.embedding and old.embedding]
    likeness, nearest = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return nearest.speaker_id if nearest is not None and likeness >= same else None


def judged(database: Database, video_id: int, found: Mapping[str, Judgement]) -> None:
    """Note, by their labels, whose voices of a video are taken to be. What a person said stands."""
    with database.write() as session:
        for voice in session.exec(select(Voice).where(Voice.video_id == video_id, Voice.verdict != Verdict.NAMED)):
            if one := found.get(voice.label):
                voice.verdict, voice.speaker_id = one.verdict, one.speaker_id
                voice.similarity, voice.sure, voice.unsure = one.similarity, one.sure, one.unsure
                session.add(voice)


def of_video(database: Database, video_id: int) -> Sequence[tuple[Voice, Speaker | None]]:
    """The voices of a video, each with the speaker that it is, or may be."""
    with database.read() as session:
        return voices_in(session, video_id)


def voices_in(session: Session, video_id: int) -> Sequence[tuple[Voice, Speaker | None]]:
    """As `of_video`, within a transaction."""
    statement = select(Voice, Speaker).outerjoin(Speaker).where(Voice.video_id == video_id)
    return [(voice, speaker) for voice, speaker in session.exec(statement.order_by(col(Voice.id)))]


def prints(database: Database, channel_id: int, model: str, besides: int | None = None) -> dict[int, tuple[float, ...]]:
    """The voice prints of a channel's speakers by their ids, without what is known from the video `besides`."""
    with database.read() as session:
        return _prints(session, channel_id, model, besides)


def _prints(session: Session, channel_id: int, model: str, besides: int | None) -> dict[int, tuple[float, ...]]:
    rows = session.exec(
        select(Voice)
        .join(Speaker)
        .where(Speaker.channel_id == channel_id, Voice.model == model, _counts())
        .where(or_(col(Voice.video_id).is_(None), Voice.video_id != besides))
    ).all()
    heard: dict[int, list[tuple[list[float], float]]] = {}
    for row in rows:
        if row.speaker_id is not None and row.embedding:
            heard.setdefault(row.speaker_id, []).append((row.embedding, row.seconds))
    return {speaker: made for speaker, ones in heard.items() if (made := voice_print(ones))}


def _counts() -> ColumnElement[bool]:
    """Whether a voice is part of its speaker's print."""
    approved = select(Draft.video_id).where(col(Draft.state).in_(APPROVED))
    of_approved = or_(col(Voice.video_id).is_(None), col(Voice.video_id).in_(approved))
    return col(Voice.verdict).in_(THEIRS) & col(Voice.embedding).is_not(None) & of_approved


def drop_unnamed(database: Database, older_than: timedelta) -> int:
    """Delete the embeddings of voices that nobody named for so long; how many there were."""
    strangers = col(Voice.verdict).in_((Verdict.UNKNOWN, Verdict.UNSURE)) & col(Voice.embedding).is_not(None)
    old = strangers & (col(Voice.heard_at) < database.now() - older_than)
    with database.read() as session:
        if session.exec(select(Voice.id).where(old)).first() is None:
            return 0
    with database.write() as session:
        dropped = session.exec(update(Voice).where(old).values(embedding=None).returning(col(Voice.id))).all()
        return len(dropped)


# ---- speakers


def name(database: Database, video: Video, label: str, said: str, who: str, *, same: bool = False) -> tuple[str, str]:
    """Say whose a voice of a video is; `label` is the voice's, or the name that it has now. The label, and the name.

    Raise NotFound if there is no such voice, Refused where it is not like the voice that has that name, unless `same`
    says that it is nevertheless.
    """
    wanted = valid(said)
    if video.channel_id is None:
        raise Refused("its video is of no channel that is watched: add the channel, speakers are kept for each")
    with database.write() as session:
        voice = _voice(session, video.number, label)
        speaker = _named(session, video.channel_id, wanted)
        if speaker is None:
            speaker = _make(session, database, video.channel_id, wanted, who)
        elif not same:
            _refuse_another(session, voice, speaker)
        voice.verdict, voice.speaker_id = Verdict.NAMED, speaker.id
        session.add(voice)
        why = f"voice {voice.label} is {speaker.name}"
        work.record(session, database.now(), Subject.VIDEO, video.number, "speaker named", who, why)
        return voice.label, speaker.name


def valid(said: str) -> str:
    """A name as it is kept. Raise Refused for none, and for one that is too long."""
    wanted = clean_line(said).replace("-->", "->")
    if not any(character.isalnum() for character in wanted):
        raise Refused("say a name")
    if LABEL.fullmatch(wanted):
        raise Refused(f"voices that nobody named are called so, {wanted}: give a longer name")
    if len(wanted) > NAME_LIMIT:
        raise Refused(f"a name has at most {NAME_LIMIT} characters, and that has {len(wanted)}")
    return wanted


def _voice(session: Session, video_id: int, label: str) -> Voice:
    """The voice of a video by its label, or by the name that it has in the captions."""
    rows = session.exec(select(Voice, Speaker).outerjoin(Speaker).where(Voice.video_id == video_id)).all()
    wanted = clean_line(label).casefold()
    by_label = [voice for voice, _ in rows if voice.label.casefold() == wanted]
    by_name = [
        voice for voice, speaker in rows if speaker and voice.verdict in THEIRS and speaker.name.casefold() == wanted
    ]
    if found := by_label or by_name:
        return found[0]
    told = ", ".join(sorted(f"{voice.label}" for voice, _ in rows))
    raise NotFound(
        f"there is no voice {label!r} in it: there are {told}" if told else "no voices were told apart in its video"
    )


def _refuse_another(session: Session, voice: Voice, speaker: Speaker) -> None:
    """Two people with one name would make one print of two voices, which then is like anybody's."""
    known = _prints(session, speaker.channel_id, voice.model, voice.video_id).get(speaker.id or 0)
    if known is None or not voice.embedding or voice.unsure is None:
        return
    alike = similarity(voice.embedding, known)
    if alike < voice.unsure:
        raise Refused(
            f"voice {voice.label} is not like {speaker.name}'s as it is known ({alike:.2f}, and a doubtful one begins "
            f"at {voice.unsure:.2f}): give another person another name, or say that it is the same"
        )


def _named(session: Session, channel_id: int, wanted: str) -> Speaker | None:
    """The speaker of that name, in any case."""
    rows = session.exec(select(Speaker).where(Speaker.channel_id == channel_id)).all()
    return next((one for one in rows if one.name.casefold() == wanted.casefold()), None)


def _make(session: Session, database: Database, channel_id: int, wanted: str, who: str) -> Speaker:
    here = session.exec(select(func.count()).select_from(Speaker).where(Speaker.channel_id == channel_id)).one()
    if here >= MOST:
        raise Refused(f"a channel has at most {MOST} speakers: forget some first")
    made = Speaker(channel_id=channel_id, name=wanted, named_by=who, named_at=database.now())
    session.add(made)
    session.flush()
    return made


def enrol(database: Database, channel_id: int, said: str, heard: HeardVoice, model: str, who: str) -> Speaker:
    """Keep a voice from a file for a speaker, who may be new. The same file again takes the place of what it gave."""
    wanted = valid(said)
    with database.write() as session:
        speaker = _named(session, channel_id, wanted) or _make(session, database, channel_id, wanted, who)
        session.exec(
            delete(Voice).where(
                col(Voice.video_id).is_(None), col(Voice.speaker_id) == speaker.id, col(Voice.label) == heard.label
            )
        )
        session.add(
            Voice(
                channel_id=channel_id,
                label=heard.label,
                embedding=list(heard.embedding),
                model=model,
                seconds=heard.seconds,
                turns=heard.turns,
                verdict=Verdict.NAMED,
                speaker_id=speaker.id,
                heard_at=database.now(),
            )
        )
        why = f"{speaker.name} by {heard.label}, {heard.seconds:.0f} s"
        work.record(session, database.now(), Subject.CHANNEL, channel_id, "speaker enrolled", who, why)
        return speaker


def find(database: Database, named: str, channel_id: int | None = None) -> Speaker:
    """The speaker that a person means by number or name. Raise NotFound, or Refused where several have the name."""
    with database.read() as session:
        return _find(session, named, channel_id)


def _find(session: Session, named: str, channel_id: int | None) -> Speaker:
    statement = select(Speaker) if channel_id is None else select(Speaker).where(Speaker.channel_id == channel_id)
    rows = session.exec(statement).all()
    wanted = clean_line(named).casefold()
    found = [one for one in rows if one.name.casefold() == wanted]
    if not found and is_number(named):
        found = [one for one in rows if one.id == int(named)]
    if not found:
        raise NotFound(f"there is no speaker {clean_line(named, NAME_LIMIT)!r}")
    if len(found) > 1:
        numbers = " and ".join(str(one.id) for one in found)
        raise Refused(f"several channels have a speaker {found[0].name!r}: say the number, {numbers}")
    return found[0]


def rename(database: Database, speaker_id: int, said: str, who: str) -> tuple[str, str]:
    """Give a speaker another name: the old one, and the new. Raise Refused where somebody has it."""
    wanted = valid(said)
    with database.write() as session:
        speaker = _get(session, speaker_id)
        other = _named(session, speaker.channel_id, wanted)
        if other is not None and other.id != speaker.id:
            raise Refused(f"there is a speaker {other.name!r} already: merge the two, or take another name")
        old, speaker.name = speaker.name, wanted
        session.add(speaker)
        _record(session, database, speaker, "speaker renamed", who, f"{old} → {wanted}")
        return old, wanted


def merge(database: Database, speaker_id: int, into_id: int, who: str) -> tuple[str, str]:
    """Make one speaker of two who are the same person; the names, of who went and of who stays. Raise Refused."""
    with database.write() as session:
        speaker, into = _get(session, speaker_id), _get(session, into_id)
        if speaker.id == into.id:
            raise Refused("these are one speaker already")
        if speaker.channel_id != into.channel_id:
            raise Refused("they are of two channels: each has speakers of its own")
        session.exec(update(Voice).where(col(Voice.speaker_id) == speaker.id).values(speaker_id=into.id))
        _record(session, database, into, "speakers merged", who, f"{speaker.name} → {into.name}")
        session.delete(speaker)
        return speaker.name, into.name


def forget(database: Database, speaker_id: int, who: str) -> Forgotten:
    """Delete a speaker with all that is known of their voice, also where it was only perhaps theirs.

    What is deleted is overwritten in the file, and the write-ahead log is emptied (store/database.py). Raise NotFound.
    """
    with database.write() as session:
        speaker = _get(session, speaker_id)
        voices = session.exec(select(Voice).where(Voice.speaker_id == speaker.id)).all()
        _record(session, database, speaker, "speaker forgotten", who, None)
        for voice in voices:
            session.delete(voice)
        session.flush()
        session.delete(speaker)
    _empty_log(database)
    return Forgotten(speaker.name, len(voices), sum(voice.seconds for voice in voices))


def _empty_log(database: Database) -> None:
    """Bring what was written into the file itself, as far as nobody reads an older state."""
    if sqlite_file(database.url) is not None:
        with database.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def listing(database: Database, channel_id: int | None = None) -> Sequence[Known]:
    """The speakers of a channel, or of all, with what their voice prints are made of."""
    with database.read() as session:
        statement = select(Speaker, Channel).join(Channel)
        if channel_id is not None:
            statement = statement.where(Speaker.channel_id == channel_id)
        rows = session.exec(statement.order_by(col(Speaker.channel_id), col(Speaker.name))).all()
        counted = {
            speaker: (count, seconds, last)
            for speaker, count, seconds, last in session.exec(
                select(Voice.speaker_id, func.count(), func.sum(Voice.seconds), func.max(Voice.heard_at))
                .where(_counts())
                .group_by(col(Voice.speaker_id))
            )
        }
    return [
        Known(speaker, channel.title or channel.reference, *counted.get(speaker.id, (0, 0.0, None)))
        for speaker, channel in rows
    ]


def evidence(database: Database, speaker_id: int) -> Sequence[Evidence]:
    """The voices that are taken for a speaker's, or may be theirs, the newest first."""
    with database.read() as session:
        counts = set(session.exec(select(Voice.id).where(Voice.speaker_id == speaker_id, _counts())))
        rows = session.exec(select(Voice, Video).outerjoin(Video).where(Voice.speaker_id == speaker_id)).all()
        newest = sorted(rows, key=lambda row: row[0].heard_at, reverse=True)
        return [Evidence(voice, video, voice.id in counts) for voice, video in newest]


def _get(session: Session, speaker_id: int) -> Speaker:
    found = session.get(Speaker, speaker_id)
    if found is None:
        raise NotFound(f"there is no speaker {speaker_id}")
    return found


def _record(session: Session, database: Database, speaker: Speaker, what: str, who: str, why: str | None) -> None:
    work.record(session, database.now(), Subject.CHANNEL, speaker.channel_id, what, who, why)
