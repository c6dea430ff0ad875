"""The tables. Rows are made and changed only by the verbs of this package, from valid values.

Every time is UTC and aware: a plain `datetime` annotation becomes SQLModel's UTCDateTime, which refuses naive ones.
Enums are stored by value, with a CHECK. Secrets are in no table.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.lifecycle import ChannelState, DraftState, ErrorKind, VideoState

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

NULLABLE_JSON: Any = JSON(none_as_null=True)  # else None is stored as the JSON text "null"


def by_value(kind: type[StrEnum], name: str) -> sqlalchemy.Enum:
    """A text column that takes the values of `kind` and nothing else.

    SQLAlchemy would store the members' names, and no CHECK.
    """
    return sqlalchemy.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        name=name,
        length=32,
    )


class Work(SQLModel):
    """What every row has that the daemon works on: who does so, when to try again, what went wrong last."""

    claimed_by: str | None = None
    claimed_until: datetime | None = None
    attempts: int = 0  #: counted failures since the last success
    crashes: int = 0  #: of them, bugs and dead children
    next_try_at: datetime | None = Field(default=None, index=True)  #: not before; None: at once
    last_error_kind: ErrorKind | None = Field(default=None, sa_type=by_value(ErrorKind, "last_error_kind"))
    last_error: str | None = None  #: stays visible until a success clears it

    @property
    def claim(self) -> str:
        """The claim that the row is under; empty for none."""
        return self.claimed_by or ""

    @property
    def number(self) -> int:
        """The id of a row that was stored."""
        found: int | None = getattr(self, "id", None)
        if found is None:
            raise ValueError("the row was never stored")
        return found


class Channel(Work, table=True):
    """A YouTube channel that somebody wants watched."""

    __table_args__ = (
        Index(
            "uq_channel_youtube_id",
            "youtube_id",
            unique=True,
            sqlite_where=sqlalchemy.text("state != 'removed'"),
            postgresql_where=sqlalchemy.text("state != 'removed'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    state: ChannelState = Field(sa_type=by_value(ChannelState, "state"), index=True)
    reference: str  #: what the person typed: @handle, URL or id
    youtube_id: str | None = None  #: UC…, once it was looked up
    title: str | None = None
    reason: str | None = None  #: why it was refused
    language: str | None = None  #: BCP-47 where the owner said what is spoken; None: detected
    engine: str | None = None  #: of speech recognition; None, here and below: what config.toml says
    profile: str | None = None  #: rules for the captions
    limits: dict[str, float] | None = Field(default=None, sa_type=NULLABLE_JSON)  #: single numbers of them
    speakers: str | None = None  #: how many people speak in its videos: "2", "2-4"
    emotion: bool | None = None  #: whether drafts tell what its voices feel
    place: str | None = None  #: the chat channel that its drafts are shown in
    approvers: list[str] | None = Field(default=None, sa_type=NULLABLE_JSON)  #: chat roles that may decide on them
    asked_by: str
    asked_at: datetime  #: entries published before are skipped
    polled_at: datetime | None = None  #: its feed was last read without an error


class Video(Work, table=True):
    """A video and how far it has come."""

    id: int | None = Field(default=None, primary_key=True)
    state: VideoState = Field(sa_type=by_value(VideoState, "state"), index=True)
    resume_state: VideoState | None = Field(default=None, sa_type=by_value(VideoState, "resume_state"))
    reason: str | None = None  #: why it was skipped, or what a person must do
    youtube_id: str = Field(unique=True)
    channel_id: int | None = Field(default=None, foreign_key="channel.id", index=True)  #: None: asked for one by one
    youtube_channel_id: str | None = None  #: UC… of its owner
    title: str = ""
    description: str = ""  #: its beginning, as its owner wrote it
    seconds: float | None = None
    is_vertical: bool | None = None  #: whether the picture is higher than wide; None: not known
    published_at: datetime | None = None
    found_at: datetime
    requested_by: str | None = None  #: who asked for it; None: found in a feed
    priority: int = 0  #: higher first
    progress: float | None = None  #: of the work under way, 0 to 1
    cancelled_by: str | None = None  #: read by the stage that works on it
    job: dict[str, Any] | None = Field(default=None, sa_type=NULLABLE_JSON)  #: settings that shape the result


class ArtefactKind(StrEnum):
    SOUND = "sound"  #: the sound track as it was downloaded
    WORDS = "words"  #: the transcript's JSON
    TURNS = "turns"  #: who spoke when
    EMOTIONS = "emotions"  #: how it was said


class Artefact(SQLModel, table=True):
    """A file that a stage made of a video, found again by the key of all that shaped it."""

    __table_args__ = (UniqueConstraint("video_id", "kind", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    video_id: int = Field(foreign_key="video.id", index=True)
    kind: ArtefactKind = Field(sa_type=by_value(ArtefactKind, "kind"))
    key: str  #: hash of the sound and of the settings that shaped the file
    path: str  #: below the state directory
    sha256: str  #: of the file
    bytes: int
    made_at: datetime


class Draft(Work, table=True):
    """One revision of a video's captions in one language. `text` is what people see and what is uploaded."""

    __table_args__ = (UniqueConstraint("video_id", "language", "revision"),)

    id: int | None = Field(default=None, primary_key=True)
    state: DraftState = Field(sa_type=by_value(DraftState, "state"), index=True)
    resume_state: DraftState | None = Field(default=None, sa_type=by_value(DraftState, "resume_state"))
    reason: str | None = None  #: why it was rejected or skipped, or what a person must do
    video_id: int = Field(foreign_key="video.id", index=True)
    language: str  #: BCP-47
    revision: int  #: 1, 2, … within video and language
    engine: str
    model: str
    profile: str
    text: str = Field(sa_type=Text)  #: WebVTT
    sha256: str  #: of the text, UTF-8
    cues: int
    report: dict[str, Any] = Field(sa_type=JSON)  #: the quality report
    made_at: datetime
    edited_by: str | None = None  #: the person whose changes made this revision; None: the engine's words
    tracks_before: list[str] | None = Field(
        default=None, sa_type=NULLABLE_JSON
    )  #: ids of tracks seen before we inserted
    track_id: str | None = None  #: YouTube's id of the track that this revision became
    uploaded_at: datetime | None = None


class DecisionKind(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    HOLD = "hold"
    RETRY = "retry"


class Decision(SQLModel, table=True):
    """What a person said of a draft."""

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    what: DecisionKind = Field(sa_type=by_value(DecisionKind, "what"))
    who: str
    at: datetime
    reason: str | None = None


class Announcement(SQLModel, table=True):
    """Where a draft is shown, and what its card shows."""

    __table_args__ = (UniqueConstraint("draft_id"),)

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="draft.id", index=True)
    place: str  #: the chat channel's id
    message: str | None = None  #: the message's id; None: nobody knows whether it was sent
    shown_state: DraftState | None = Field(default=None, sa_type=by_value(DraftState, "shown_state"))
    drawn: str | None = None  #: a digest of the card as it was sent; None: it is to be sent again
    stale: bool = False  #: something happened that may have made the card another
    announced_at: datetime | None = None  #: when it was first tried to send it


class Subject(StrEnum):
    CHANNEL = "channel"
    VIDEO = "video"
    DRAFT = "draft"
    SERVICE = "service"


class Event(SQLModel, table=True):
    """Something that happened: what, to what, from where to where, when, who did it, why. Never changed."""

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    subject: Subject = Field(sa_type=by_value(Subject, "subject"))
    subject_id: str
    what: str
    from_state: str | None = None
    to_state: str | None = None
    who: str
    why: str | None = None


class Service(SQLModel, table=True):
    """A sign of life of captiond or captionbot, and what it can do now."""

    name: str = Field(primary_key=True)
    version: str
    started_at: datetime
    seen_at: datetime
    engines: dict[str, str] = Field(sa_type=JSON)  #: engine → "" where it is ready, else why it is not
    covers: list[str] = Field(sa_type=JSON)  #: ids of the channels that the login may caption
    note: str | None = None  #: what a person should know of it, e.g. that nobody is logged in


class Speaker(SQLModel, table=True):
    """A person whose voice a channel's owner has named."""

    __table_args__ = (UniqueConstraint("channel_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int = Field(foreign_key="channel.id")
    name: str
    named_by: str
    named_at: datetime


class Verdict(StrEnum):
    """Whose a voice is, and who says so."""

    NAMED = "named"  #: by a person
    RECOGNISED = "recognised"  #: by its likeness to a speaker's voice print
    UNSURE = "unsure"  #: it is like a speaker's, not enough to say so
    UNKNOWN = "unknown"


class Voice(SQLModel, table=True):
    """A voice that was heard in a video, or enrolled from a file. Its embedding is biometric data."""

    __table_args__ = (UniqueConstraint("video_id", "label"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int | None = Field(default=None, foreign_key="channel.id", index=True)
    video_id: int | None = Field(default=None, foreign_key="video.id")  #: None: enrolled
    label: str  #: A, B, … as the captions call it; of an enrolled one the file's name
    embedding: list[float] | None = Field(default=None, sa_type=NULLABLE_JSON)  #: None: there was too little of it
    model: str  #: what made the embedding: only those of one model are compared
    seconds: float  #: of speech
    turns: int
    verdict: Verdict = Field(sa_type=by_value(Verdict, "verdict"))
    speaker_id: int | None = Field(default=None, foreign_key="speaker.id", index=True)
    similarity: float | None = None  #: to the voice print of the nearest speaker, when it was judged
    sure: float | None = None  #: from which similarity on it was recognised then
    unsure: float | None = None  #: from which on a person was asked
    heard_at: datetime


class Term(SQLModel, table=True):
    """A word of a channel's glossary."""

    __table_args__ = (UniqueConstraint("channel_id", "text"),)

    id: int | None = Field(default=None, primary_key=True)
    channel_id: int | None = Field(default=None, foreign_key="channel.id", index=True)  #: None: of all channels
    text: str
    added_by: str
    added_at: datetime


class Bookmark(SQLModel, table=True):
    """How far somebody who reads the events has come."""

    name: str = Field(primary_key=True)
    event_id: int


class ToldCommands(SQLModel, table=True):
    """The commands that a chat was told of, so that it is told again only of others."""

    __tablename__ = "told_commands"

    scope: str = Field(primary_key=True)  #: the application and the server, or all servers
    digest: str  #: SHA-256 of what was told
    told_at: datetime


class QuotaUse(SQLModel, table=True):
    """Units of YouTube's daily quota that were booked for one operation."""

    __tablename__ = "quota_use"

    day: date = Field(primary_key=True)  #: in Los Angeles, where the quota's day begins
    operation: str = Field(primary_key=True)  #: e.g. captions.insert
    calls: int
    units: int


class PaidWork(SQLModel, table=True):
    """Work of an engine that costs money, booked before it begins. `receipt`: what the service knows it by.

    `video_id`: None for a recording that is no video of ours.
    """

    __tablename__ = "paid_work"
    __table_args__ = (
        UniqueConstraint("video_id", "key"),
        Index(  # to the constraint each NULL is another one
            "ix_paid_work_of_no_video",
            "key",
            unique=True,
            sqlite_where=sqlalchemy.text("video_id IS NULL"),
            postgresql_where=sqlalchemy.text("video_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    video_id: int | None = Field(default=None, foreign_key="video.id")
    key: str  #: of the words that it makes
    engine: str
    receipt: str | None = None
    seconds: float  #: of sound
    cost: float  #: in the owner's money
    begun_at: datetime = Field(index=True)
