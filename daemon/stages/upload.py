"""Upload: put an approved draft on YouTube, once, never an empty one, never beside or over somebody else's track.

Look, decide, act. Before the first insert the ids of the tracks that are there are written down. After an unclear end
a new track of our language and name is taken for ours only if its text is the draft's.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from captions import formats
from captions.formats import CaptionError
from daemon.errors import AskHuman, TryLater
from daemon.stages import LEASE, Context, Effect, attempt, new_claim, timed
from daemon.youtube import captions as remote
from daemon.youtube.api import Api, Conflict
from daemon.youtube.captions import RemoteTrack
from store import drafts, work
from store.lifecycle import DraftState
from store.tables import Draft, Video

SETTLE = timedelta(seconds=30)
OLD_CODES = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv"}  # ISO 639, withdrawn; services still use some


@dataclass(frozen=True)
class Insert:
    """No track stands in the way: add one."""


@dataclass(frozen=True)
class Replace:
    """The track `track_id`, made of an earlier revision, gets the new text."""

    track_id: str


@dataclass(frozen=True)
class Compare:
    """The track `track_id` came after we began: ours if its text is the draft's, else somebody else's."""

    track_id: str


@dataclass(frozen=True)
class Stop:
    """The track `track_id` is somebody else's: a person has to say what shall be."""

    track_id: str


Plan = Insert | Replace | Compare | Stop


def decide(
    tracks: Sequence[RemoteTrack],
    language: str,
    name: str,
    ours: Collection[str],
    before: Collection[str] | None,
) -> Plan:
    """What to do, given the video's tracks, ids of tracks that are ours, and those seen before the first insert.

    `before` is None where nothing was tried yet. Languages are compared by their first subtag: a human en-GB track is
    not joined by an automatic en one, and a track of ours is replaced whatever it is called, never doubled. Tracks made
    by YouTube (kind asr) do not count. Does not call anything.
    """
    same = [track for track in tracks if track.kind != remote.ASR and _language(track.language) == _language(language)]
    foreign = [track for track in same if track.id not in ours]
    new = [track for track in foreign if before is not None and track.id not in before]
    for track in new:
        if _is_named(track, language, name):
            return Compare(track.id)
    if foreign:
        return Stop(foreign[0].id)
    return Replace(same[0].id) if same else Insert()


def _language(tag: str) -> str:
    """The language of a BCP-47 tag, without its region; old codes count as the present ones."""
    primary = tag.split("-")[0].lower()
    return OLD_CODES.get(primary, primary)


def _is_named(track: RemoteTrack, tag: str, name: str) -> bool:
    """Whether a track is called as one of ours with that tag would be."""
    same_region = track.language.lower().partition("-")[2] == tag.lower().partition("-")[2]
    return _language(track.language) == _language(tag) and same_region and track.name == name


def step(context: Context) -> bool:
    """Upload one approved draft."""
    draft = drafts.claim_approved(context.database, new_claim(), LEASE)
    if draft is None:
        return False

    def set_aside(effect: Effect) -> None:
        new = DraftState.SKIPPED if effect.skipped else DraftState.FAILED
        drafts.set_aside(context.database, draft, new, draft.claim, effect.kind, effect.message)

    attempt(context, draft, lambda: _upload(context, draft), set_aside)
    return True


def _upload(context: Context, draft: Draft) -> None:
    if drafts.superseded(context.database, draft, draft.claim):
        return
    if not _shows_something(draft):
        raise AskHuman("the draft shows no text, and an empty track is never uploaded: reject the draft")
    _, video = drafts.get(context.database, draft.number)
    with context.api() as api, timed("uploaded"):
        tracks = remote.listing(api, video.youtube_id)
        before = _written_down(context, draft, tracks)
        ours = drafts.our_tracks(context.database, draft.video_id)
        plan = decide(tracks, draft.language, context.settings.youtube.track_name, ours, before)
        track_id = _act(context, api, draft, video, plan)
        drafts.uploaded(context.database, draft, draft.claim, track_id)


def _shows_something(draft: Draft) -> bool:
    """Whether a viewer would read anything. The store lets no empty draft be approved: this is the second look."""
    return any(formats.shown(formats.read(draft.text, "vtt", draft.language)))


def _written_down(context: Context, draft: Draft, tracks: Sequence[RemoteTrack]) -> Collection[str] | None:
    """Ids seen before the first try; None, after writing them down, if this is the first."""
    seen = draft.tracks_before
    ids = [track.id for track in tracks]
    work.renew(
        context.database,
        Draft,
        draft.number,
        draft.claim,
        LEASE,
        tracks_before=ids if seen is None else seen,
    )
    return seen


def _act(context: Context, api: Api, draft: Draft, video: Video, plan: Plan) -> str:
    """Carry the plan out; the id of the track that now has the draft's text."""
    match plan:
        case Stop(track_id):
            raise AskHuman(_in_the_way(draft, track_id))
        case Compare(track_id):
            if not _has_text_of(api, track_id, draft):
                raise AskHuman(_in_the_way(draft, track_id))
            return track_id
        case Replace(track_id):
            return remote.replace(api, track_id, draft.text).id
        case Insert():
            name = context.settings.youtube.track_name
            try:
                return remote.insert(api, video.youtube_id, draft.language, name, draft.text).id
            except Conflict as error:
                raise TryLater(f"{error}: checking whose track that is", SETTLE) from error


def _in_the_way(draft: Draft, track_id: str) -> str:
    return (
        f"the video has a {draft.language} track that is not ours ({track_id}): nothing was uploaded. "
        "Delete that track in YouTube Studio and retry the draft, or reject the draft"
    )


def _has_text_of(api: Api, track_id: str, draft: Draft) -> bool:
    """Whether a track's cues are the draft's; a service may write them down differently."""
    try:
        there = formats.read(remote.download(api, track_id), "vtt", draft.language)
    except CaptionError:
        return False
    return formats.same_text(there, formats.read(draft.text, "vtt", draft.language))
