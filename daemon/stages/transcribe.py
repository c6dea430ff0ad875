"""Transcribe: recognise the words of a downloaded video in the warm child, and keep them as an artefact."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from daemon import job
from daemon.children import Limits, Message
from daemon.job import Job
from daemon.settings import DaemonSettings
from daemon.stages import LEASE, Context, Watch, attempt, log, new_claim, timed, video_set_aside
from store import videos
from store.lifecycle import VideoState
from store.tables import Artefact, ArtefactKind, Video

FOLDER = "transcripts"
MODULE = "daemon.speech.worker"


def step(context: Context) -> bool:
    """Recognise the words of one downloaded video."""
    video = videos.claim_next(context.database, VideoState.DOWNLOADED, new_claim(), LEASE)
    if video is None:
        return False
    attempt(context, video, lambda: _transcribe(context, video), video_set_aside(context, video))
    return True


def _transcribe(context: Context, video: Video) -> None:
    sound = videos.artefact(context.database, video.number, ArtefactKind.SOUND)
    if sound is None or not (context.state / sound.path).is_file():
        videos.advance(context.database, video, VideoState.FOUND, video.claim, why="its sound is gone from the disk")
        return
    asked = job.from_values(video.job or job.to_values(job.present(context.settings, None)))
    key = asked.words_key(sound.sha256)
    words = videos.artefact(context.database, video.number, ArtefactKind.WORDS, key)
    if words is None or not is_whole(context.state, words):
        with timed("transcribed", video=video.youtube_id, engine=asked.engine):
            text = _recognise(context, video, asked, context.state / sound.path)
        words = _kept(context, video, key, text)
    else:
        log.info("transcribed already video=%s engine=%s", video.youtube_id, asked.engine)
    videos.advance(
        context.database,
        video,
        VideoState.TRANSCRIBED,
        video.claim,
        artefact=words,
        job=job.to_values(asked),
    )


def is_whole(state: Path, artefact: Artefact) -> bool:
    """Whether an artefact's file is there, and is what was written."""
    try:
        return hashlib.sha256((state / artefact.path).read_bytes()).hexdigest() == artefact.sha256
    except OSError:
        return False


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
    return {"path": str(path), "engine": asked.engine, "language": asked.language, "options": options}


def limits(settings: DaemonSettings) -> Limits:
    return Limits(settings.speech.stall_seconds, settings.speech.memory_limit_mb * 1_000_000)


def _kept(context: Context, video: Video, key: str, text: str) -> Artefact:
    """Write the words to their file, whole or not at all."""
    path = context.state / FOLDER / video.youtube_id / f"words-{key[:16]}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".words-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
    return Artefact(
        video_id=video.number,
        kind=ArtefactKind.WORDS,
        key=key,
        path=str(path.relative_to(context.state)),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        bytes=len(text.encode()),
        made_at=context.database.now(),
    )
