"""Transcribe: recognise the words of a downloaded video in the warm child, and keep them as an artefact."""

from __future__ import annotations

import hashlib
from pathlib import Path

from captions import transcript
from daemon import job
from daemon.children import Limits, Message
from daemon.errors import GiveUp
from daemon.job import Job
from daemon.settings import DaemonSettings
from daemon.stages import (
    LEASE,
    Context,
    Watch,
    attempt,
    is_whole,
    job_of,
    log,
    new_claim,
    put_in_place,
    timed,
    video_set_aside,
)
from store import videos
from store.lifecycle import VideoState
from store.tables import Artefact, ArtefactKind, Video

FOLDER = "transcripts"
MODULE = "daemon.speech.worker"


def step(context: Context) -> bool:
    """Recognise the words of one downloaded video."""
    video = videos.claim_next(context.database, VideoState.DOWNLOADED, new_claim(), LEASE, context.at_work)
    if video is None:
        return False
    attempt(context, video, lambda: _transcribe(context, video), video_set_aside(context, video))
    return True


def _transcribe(context: Context, video: Video) -> None:
    sound = videos.artefact(context.database, video.number, ArtefactKind.SOUND)
    if sound is None or not (context.state / sound.path).is_file():
        videos.advance(context.database, video, VideoState.FOUND, video.claim, why="its sound is gone from the disk")
        return
    asked = job_of(context, video)
    key = asked.words_key(sound.sha256)
    words = videos.artefact(context.database, video.number, ArtefactKind.WORDS, key) or _left_behind(
        context, video, key
    )
    if words is None or not is_whole(context.state, words):
        try:
            with timed("transcribed", engine=asked.engine):
                text = _recognise(context, video, asked, context.state / sound.path)
        except GiveUp:
            if is_whole(context.state, sound):
                (context.state / sound.path).unlink(missing_ok=True)  # nobody needs it; a person's retry gets it anew
                raise
            videos.advance(
                context.database, video, VideoState.FOUND, video.claim, why="its sound is damaged on the disk"
            )
            return
        words = _kept(context, video, key, text)
    else:
        log.info("transcribed already", engine=asked.engine)
    videos.advance(
        context.database,
        video,
        VideoState.TRANSCRIBED,
        video.claim,
        artefact=words,
        job=job.to_values(asked),
    )


def _recognise(context: Context, video: Video, asked: Job, path: Path) -> str:
    """The transcript's JSON."""
    watch = Watch(context, video)
    result = context.recogniser.ask(
        request(path, asked, context.settings), limits(context.settings), watch.progress, watch
    )
    return str(result["transcript"])


def request(path: Path, asked: Job, settings: DaemonSettings) -> Message:
    """What the child is asked: the job's options shape the words, the present ones say how to compute them."""
    options = {**job.engine_options(settings, asked.engine), **asked.options}
    return {
        "path": str(path),
        "engine": asked.engine,
        "language": asked.language,
        "terms": asked.terms,
        "condition": asked.condition,
        "options": options,
    }


def limits(settings: DaemonSettings) -> Limits:
    return Limits(settings.speech.stall_seconds, settings.speech.memory_limit_mb * 1_000_000)


def _kept(context: Context, video: Video, key: str, text: str) -> Artefact:
    """Write the words to their file, whole or not at all."""
    path = _path(context, video, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    try:
        temporary.write_text(text, encoding="utf-8")
        put_in_place(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)  # a full disk needs the room
        raise
    return _artefact(context, video, key, path, text)


def _left_behind(context: Context, video: Video, key: str) -> Artefact | None:
    """Words that were written by a try that ended before the store knew of them; None if there are none."""
    path = _path(context, video, key)
    try:
        text = path.read_text(encoding="utf-8")
        transcript.from_json(text)
    except (OSError, ValueError):
        return None
    return _artefact(context, video, key, path, text)


def _path(context: Context, video: Video, key: str) -> Path:
    return context.state / FOLDER / video.youtube_id / f"words-{key[:16]}.json"


def _artefact(context: Context, video: Video, key: str, path: Path, text: str) -> Artefact:
    return Artefact(
        video_id=video.number,
        kind=ArtefactKind.WORDS,
        key=key,
        path=str(path.relative_to(context.state)),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        bytes=len(text.encode()),
        made_at=context.database.now(),
    )
