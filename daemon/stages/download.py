"""Download: fetch the sound track of a found video, and copy the settings that shape its captions."""

from __future__ import annotations

import glob
from dataclasses import replace
from pathlib import Path

from daemon import job
from daemon.children import Limits, Message, ask_once
from daemon.job import Job
from daemon.settings import DaemonSettings
from daemon.stages import (
    LEASE,
    Context,
    Watch,
    about,
    attempt,
    from_timestamp,
    job_of,
    new_claim,
    put_in_place,
    sha256_of,
    timed,
    video_set_aside,
)
from store import videos, work
from store.lifecycle import VideoState
from store.tables import Artefact, ArtefactKind, Video

FOLDER = "audio"
MODULE = "daemon.youtube.audio"


def step(context: Context) -> bool:
    """Download the sound of one found video."""
    video = videos.claim_next(context.database, VideoState.FOUND, new_claim(), LEASE, context.at_work)
    if video is None:
        return False
    attempt(context, video, lambda: _download(context, video), video_set_aside(context, video))
    return True


def _download(context: Context, video: Video) -> None:
    if video.job is None:
        asked = job.to_values(replace(job_of(context, video), context=""))  # what it is about comes with its sound
        work.renew(context.database, Video, video.number, video.claim, LEASE, job=asked)
    folder = context.state / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with timed("downloaded"):
        told = fetch(context, video, folder)
    video.youtube_channel_id = told["channel_id"] or video.youtube_channel_id
    video.title, video.description = told["title"] or video.title, told["description"] or video.description
    temporary = Path(told["path"])
    path = folder / f"{video.youtube_id}{temporary.suffix}"
    put_in_place(temporary, path)
    for leftover in folder.glob(f"{glob.escape(video.youtube_id)}.*"):
        if leftover != path:
            leftover.unlink(missing_ok=True)
    videos.advance(
        context.database,
        video,
        VideoState.DOWNLOADED,
        video.claim,
        artefact=_sound(context, video, path),
        title=video.title,
        description=video.description,
        seconds=told["seconds"],
        is_vertical=told["is_vertical"],
        youtube_channel_id=video.youtube_channel_id,
        job=job.to_values(_with_context(job_of(context, video), video)),  # only now it is known whose it is
        published_at=video.published_at or from_timestamp(told["timestamp"]),
    )


def _with_context(asked: Job, video: Video) -> Job:
    return asked if asked.context else replace(asked, context=about(video))


def fetch(context: Context, video: Video, folder: Path) -> Message:
    """What the child tells of the video; its `path` is the finished file under a temporary name."""
    url = context.settings.youtube.watch_url.format(video_id=video.youtube_id)
    watch = Watch(context, video)
    asked = request(url, folder, video.youtube_id, context.settings)
    return ask_once(context.spawner, MODULE, asked, limits(context.settings), watch.progress, watch)


def request(url: str, folder: Path, name: str, settings: DaemonSettings) -> Message:
    """What the child is asked: download the sound at `url` into `folder`, under a name that begins with `name`."""
    youtube = settings.youtube
    return {
        "url": url,
        "folder": str(folder),
        "name": name,
        "plugin_dirs": [str(path) for path in youtube.plugin_dirs],
        "cookies_file": youtube.cookies_file,
        "timeout_seconds": youtube.timeout_seconds,
    }


def limits(settings: DaemonSettings) -> Limits:
    return Limits(settings.download.stall_seconds, settings.download.memory_limit_mb * 1_000_000)


def _sound(context: Context, video: Video, path: Path) -> Artefact:
    sha256 = sha256_of(path)
    return Artefact(
        video_id=video.number,
        kind=ArtefactKind.SOUND,
        key=sha256,
        path=str(path.relative_to(context.state)),
        sha256=sha256,
        bytes=path.stat().st_size,
        made_at=context.database.now(),
    )
