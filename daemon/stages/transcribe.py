"""Transcribe: recognise the words of a downloaded video by the engines of its route, and keep them as an artefact."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from captions import transcript
from captions.transcript import Transcript
from daemon import beside, identifying, job, recognising, refining
from daemon.beside import Wanted
from daemon.children import Limits, Message
from daemon.errors import AskHuman, DaemonError, GiveUp
from daemon.job import Job
from daemon.recognising import Account
from daemon.settings import DaemonSettings
from daemon.slots import LOCAL
from daemon.speech import diarize, voices
from daemon.speech.emotion import options as emotion
from daemon.speech.engines import ENGINES
from daemon.speech.router import Choice
from daemon.speech.voices import Diarization
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
from store import secrets, videos
from store.lifecycle import VideoState
from store.tables import Artefact, ArtefactKind, Video

FOLDER = "transcripts"
MODULE, VOICES_MODULE = "daemon.speech.worker", "daemon.speech.voices_worker"


def step(context: Context) -> bool:
    """Recognise the words of one downloaded video, whose engine is free for it."""
    found = next((one for one in _in_line(context) if context.slots.is_free(_engine(context, one))), None)
    if found is None:
        return False
    video = videos.claim_next(
        context.database, VideoState.DOWNLOADED, new_claim(), LEASE, context.at_work, only=found.number
    )
    if video is None:
        return False
    attempt(context, video, lambda: _transcribe(context, video), video_set_aside(context, video))
    return True


def _in_line(context: Context) -> Sequence[Video]:
    return videos.in_line(context.database, VideoState.DOWNLOADED, context.at_work)


def _engine(context: Context, video: Video) -> str:
    """The engine that the video will most likely get: which one it is, is seen when it is worked on."""
    try:
        return job_of(context, video).engine
    except DaemonError:
        return ""  # and what is wrong is told then


def _transcribe(context: Context, video: Video) -> None:
    sound = videos.artefact(context.database, video.number, ArtefactKind.SOUND)
    if sound is None or not (context.state / sound.path).is_file():
        videos.advance(context.database, video, VideoState.FOUND, video.claim, why="its sound is gone from the disk")
        return
    try:
        done, words = _words(context, video, job_of(context, video), sound)
    except GiveUp:
        if is_whole(context.state, sound):
            (context.state / sound.path).unlink(missing_ok=True)  # nobody needs it; a person's retry gets it anew
            raise
        videos.advance(context.database, video, VideoState.FOUND, video.claim, why="its sound is damaged on the disk")
        return
    videos.advance(
        context.database,
        video,
        VideoState.TRANSCRIBED,
        video.claim,
        artefact=words,
        job=job.to_values(done),
    )


def _words(context: Context, video: Video, asked: Job, sound: Artefact) -> tuple[Job, Artefact]:
    """The words of a sound, and the job that made them: that of the first engine of the route that can."""
    known = _known(context, video, asked, sound)
    if known is not None:
        return asked, known
    channel = videos.channel_of(context.database, video)
    left = money_left(context, video)
    chosen = channel.engine if channel is not None else None
    found = recognising.route_of(context.settings, asked, chosen, video.seconds, left)
    if not found.choices:
        raise recognising.none_is_left(found)

    def attempt(choice: Choice) -> tuple[Job, Artefact]:
        trial = job.by(choice.engine, asked, context.settings)
        videos.note(context.database, video, "routed", f"{choice.engine}: {choice.reason}")
        return trial, _known(context, video, trial, sound) or _made(context, video, trial, sound)

    def failed(choice: Choice, error: DaemonError) -> None:
        log.warning("engine failed", engine=choice.engine, message=str(error))
        videos.note(context.database, video, "engine failed", f"{choice.engine}: {error}")

    return recognising.one_after_the_other(found.choices, attempt, failed)


def _known(context: Context, video: Video, asked: Job, sound: Artefact) -> Artefact | None:
    """Words that the very job made of that sound before, whole on the disk."""
    key = asked.words_key(sound.sha256)
    words = videos.artefact(context.database, video.number, ArtefactKind.WORDS, key) or _left_behind(
        context, video, key
    )
    if words is None or not is_whole(context.state, words):
        return None
    if not _is_all(asked, _read(context, words)):
        return None  # something failed then: who has mended that, and has it done again, wants it
    log.info("transcribed already", engine=asked.engine)
    return words


def _is_all(asked: Job, spoken: Transcript) -> bool:
    """Whether voices were told apart and listened to, as far as the job asks for it."""
    return (not asked.voices or refining.is_told_apart(spoken)) and (not asked.emotion or refining.is_felt(spoken))


def _made(context: Context, video: Video, asked: Job, sound: Artefact) -> Artefact:
    """Recognise the words now, and do to them what the job asks for beyond that."""
    if asked.heard == asked:
        return _heard(context, video, asked, sound)

    def hear() -> Transcript:
        return _read(context, _heard(context, video, asked.heard, sound))

    is_beside = beside.is_beside(asked, context.settings)
    spoken = refining.made(asked, hear, _Steps(context, video, sound), is_beside=is_beside)
    return _kept(context, video, asked.words_key(sound.sha256), spoken)


def _heard(context: Context, video: Video, asked: Job, sound: Artefact) -> Artefact:
    """What an engine hears, kept at once: it may have cost money."""
    known = _known(context, video, asked, sound)
    if known is not None:
        return known
    key, path = asked.words_key(sound.sha256), context.state / sound.path
    with timed("transcribed", engine=asked.engine):
        if ENGINES[asked.engine].local:
            spoken = _in_child(context, video, request(path, asked, context.settings))
        else:
            spoken = _in_cloud(context, video, asked, path, key)
    for note in spoken.extras.get("notes", ()):
        videos.note(context.database, video, "noted", f"{asked.engine}: {note}")
    return _kept(context, video, key, spoken)


class _Steps:
    """What is done to words that are there, see refining.py."""

    def __init__(self, context: Context, video: Video, sound: Artefact) -> None:
        self._context, self._video, self._sound = context, video, sound

    def align(self, asked: Job, spoken: Transcript) -> Transcript:
        path, settings = self._context.state / self._sound.path, self._context.settings
        with timed("aligned", **asked.align):
            return _in_child(self._context, self._video, alignment(path, asked, spoken, settings))

    def second(self, asked: Job) -> Transcript:
        left = money_left(self._context, self._video)
        trial = recognising.second_of(self._context.settings, asked, self._video.seconds, left)
        return _read(self._context, _heard(self._context, self._video, trial, self._sound))

    def begin_voices(self) -> None:
        self._context.voices.start()

    def voices(self, asked: Job, wanted: Wanted) -> Diarization:
        context, watch = self._context, Watch(self._context, self._video)
        progress, look = wanted.told(watch.progress), wanted.watched(watch)
        request = voices_request(context.state / self._sound.path, asked, context.settings)
        shares = beside.shares(asked, context.settings)

        def told() -> Diarization:
            with timed("told voices apart"), context.slots.taken_by_voices(look, shares=shares):
                return voices.from_message(context.voices.ask(request, limits(context.settings), progress, look))

        return context.remembered.once({**request, "sound": self._sound.sha256}, told)

    def know(self, asked: Job, found: Diarization) -> None:
        context = self._context
        options = {**context.settings.speech.voices.options, **asked.voices}
        identifying.kept(context.database, self._video, found, options, context.settings.speech.identity.sure)

    def emotions(self, asked: Job, spoken: Transcript) -> Transcript:
        context, watch = self._context, Watch(self._context, self._video)
        request = emotion_request(context.state / self._sound.path, asked, spoken, context.settings)
        with timed("told emotion"), context.slots.taken_by_voices(watch):
            found = context.voices.ask(request, limits(context.settings), watch.progress, watch)
        return transcript.from_json(found["transcript"])

    def note(self, what: str, why: str) -> None:
        videos.note(self._context.database, self._video, what, why)


def money_left(context: Context, video: Video) -> float:
    """What may still be spent this month on the video."""
    channel = videos.channel_of(context.database, video)
    return recognising.left(context.database, context.settings, None if channel is None else channel.id)


def _in_child(context: Context, video: Video, asked: Message) -> Transcript:
    watch = Watch(context, video)
    with context.slots.taken(LOCAL, watch):
        result = context.recogniser.ask(asked, limits(context.settings), watch.progress, watch)
    return transcript.from_json(result["transcript"])


def _in_cloud(context: Context, video: Video, asked: Job, path: Path, key: str) -> Transcript:
    """As `_in_child`, for money."""
    watch, account = Watch(context, video), Account(context.database, video.number, key)

    def progress(fraction: float, step: str) -> None:
        watch.progress(fraction, step)
        watch()

    with context.slots.taken(asked.engine, watch):
        return recognising.in_cloud(path, asked, context.settings, progress, account, video.seconds)


def request(path: Path, asked: Job, settings: DaemonSettings) -> Message:
    """What the child is asked: the job's options shape the words, the present ones say how to compute them."""
    options = job.options_of(asked, job.engine_options(settings, asked.engine))
    return {
        "path": str(path),
        "engine": asked.engine,
        "language": asked.language,
        "terms": asked.terms,
        "context": asked.context,
        "speakers": asked.speakers,
        "condition": asked.condition,
        "options": options,
    }


def alignment(path: Path, asked: Job, spoken: Transcript, settings: DaemonSettings) -> Message:
    """What the child is asked, to find the times of words. Raise AskHuman if it cannot."""
    return {
        **recognising.aligner(settings, asked),
        "path": str(path),
        "transcript": transcript.to_json(spoken),
    }


def voices_request(path: Path, asked: Job, settings: DaemonSettings) -> Message:
    """What the child is asked that tells voices apart. Raise AskHuman if it cannot."""
    options = {**settings.speech.voices.options, **asked.voices}
    why_not = diarize.why_not(diarize.Options.model_validate(options))
    if why_not:
        raise AskHuman(why_not)
    token = secrets.find("huggingface-token")
    return {
        "path": str(path),
        "options": options,
        "speakers": asked.speakers,
        "token": "" if token is None else token.value,
    }


def emotion_request(path: Path, asked: Job, spoken: Transcript, settings: DaemonSettings) -> Message:
    """What that child is asked, to tell what voices feel. Raise AskHuman if it cannot."""
    options = emotion.Options.model_validate({**settings.speech.emotion.options, **asked.emotion})
    why_not = emotion.why_not(options)
    if why_not:
        raise AskHuman(why_not)
    return {"path": str(path), "emotion": options.model_dump(mode="json"), "transcript": transcript.to_json(spoken)}


def limits(settings: DaemonSettings) -> Limits:
    return Limits(settings.speech.stall_seconds, settings.speech.memory_limit_mb * 1_000_000)


def _read(context: Context, words: Artefact) -> Transcript:
    return transcript.from_json((context.state / words.path).read_text(encoding="utf-8"))


def _kept(context: Context, video: Video, key: str, spoken: Transcript) -> Artefact:
    """Write the words to their file, whole or not at all."""
    text = transcript.to_json(spoken)
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
