"""Whose voices were told apart in a video: they are kept with it, judged by the voice prints of its channel, and named.

    diarization ──► kept: a voice each, with its embedding ──► judged whenever the video is typeset ──► names by label

They are judged late, so that what was named and approved since the video was heard counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from captions.transcript import Transcript
from daemon.settings import SpeechSettings
from daemon.speech import identify
from daemon.speech.engines.model_files import is_name
from daemon.speech.identify import Likeness, Thresholds
from daemon.speech.voices import Diarization
from store import speakers
from store.database import Database
from store.speakers import HeardVoice, Judgement
from store.tables import Verdict, Video

OF_SPEAKERS = ("manners", "sentiment")
"""Extras that are lists of what has a speaker."""


def model_of(options: Mapping[str, object]) -> str:
    """The name under which the embeddings of a pipeline are kept: a folder's name is the same on another disk."""
    model = str(options["model"])
    return model if is_name(model) else Path(model).expanduser().resolve().name


def heard_voices(found: Diarization) -> list[HeardVoice]:
    """The voices of a diarization, each with what is known of it."""
    labels = dict.fromkeys(turn.speaker for turn in found.turns)
    return [
        HeardVoice(
            label,
            found.embeddings.get(label, ()),
            sum(turn.end - turn.start for turn in found.turns if turn.speaker == label),
            sum(turn.speaker == label for turn in found.turns),
        )
        for label in labels
    ]


def kept(database: Database, video: Video, found: Diarization, options: Mapping[str, object], sure: float) -> None:
    """Keep the voices with their video."""
    speakers.keep(database, video, heard_voices(found), model_of(options), sure)


def names(database: Database, video: Video, settings: SpeechSettings) -> dict[str, str]:
    """The names of a video's voices by label, as far as a person said them or they are recognised; judged now."""
    options = settings.identity
    if options.keep_unnamed_days:
        speakers.drop_unnamed(database, timedelta(days=options.keep_unnamed_days))
    if options.on and video.channel_id is not None:
        _judge(database, video, video.channel_id, Thresholds(options.sure, options.unsure))
    return {
        voice.label: speaker.name
        for voice, speaker in speakers.of_video(database, video.number)
        if speaker is not None and voice.verdict in speakers.THEIRS
    }


def _judge(database: Database, video: Video, channel_id: int, thresholds: Thresholds) -> None:
    rows = [voice for voice, _ in speakers.of_video(database, video.number)]
    voices = {one.label: identify.HeardVoice(one.embedding, one.seconds) for one in rows if one.embedding}
    if not voices:
        return
    prints = speakers.prints(database, channel_id, rows[0].model, besides=video.number)
    taken = {one.speaker_id for one in rows if one.verdict is Verdict.NAMED}  # by whom a person said it is
    free = {who: known for who, known in prints.items() if who not in taken}
    found = identify.identified(voices, free, thresholds)
    speakers.judged(database, video.number, {label: _judgement(found.get(label), thresholds) for label in voices})


def _judgement(found: Likeness | None, thresholds: Thresholds) -> Judgement:
    if found is None:
        return Judgement(Verdict.UNKNOWN, None, None, thresholds.sure, thresholds.unsure)
    verdict = Verdict.RECOGNISED if found.is_sure else Verdict.UNSURE
    return Judgement(verdict, found.speaker, round(found.similarity, 4), thresholds.sure, thresholds.unsure)


def named(spoken: Transcript, names: Mapping[str, str]) -> Transcript:
    """The transcript with the names in the place of the labels."""
    if not names:
        return spoken

    def of(speaker: str | None) -> str | None:
        return names.get(speaker, speaker) if speaker is not None else None

    return replace(
        spoken,
        words=tuple(replace(one, speaker=of(one.speaker)) for one in spoken.words),
        turns=tuple(replace(one, speaker=names.get(one.speaker, one.speaker)) for one in spoken.turns),
        emotions=tuple(replace(one, speaker=of(one.speaker)) for one in spoken.emotions),
        extras={
            name: [{**one, "speaker": of(one.get("speaker"))} for one in found] if name in OF_SPEAKERS else found
            for name, found in spoken.extras.items()
        },
    )
