"""Typeset: set the words of a transcribed video as caption cues, and make a draft of them with a report."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from typing import Any

import captions.profiles
from captions import check, formats, marks, segment, talking, transcript
from captions.cleaning import cleaned
from captions.cleaning import report as changed
from captions.profiles import Profile
from captions.transcript import Transcript
from daemon import identifying, vocabulary
from daemon.job import Job, Style
from daemon.speech import merge
from daemon.speech.emotion import summary
from daemon.stages import LEASE, Context, attempt, is_whole, job_of, new_claim, timed, video_set_aside
from store import drafts, videos
from store.drafts import Captions
from store.lifecycle import VideoState
from store.tables import Artefact, ArtefactKind, Video

MOST_SPEAKERS = 100
MOST_TURNS = 4000  # of a picture; each is some thirty bytes of every revision


def step(context: Context) -> bool:
    """Make a draft of one transcribed video."""
    video = videos.claim_next(context.database, VideoState.TRANSCRIBED, new_claim(), LEASE, context.at_work)
    if video is None:
        return False
    attempt(context, video, lambda: _typeset(context, video), video_set_aside(context, video))
    return True


def _typeset(context: Context, video: Video) -> None:
    asked = job_of(context, video)
    words = _words(context, video, asked)
    if words is None or not is_whole(context.state, words):
        videos.advance(
            context.database,
            video,
            VideoState.DOWNLOADED,
            video.claim,
            why="its words are gone from the disk",
        )
        return
    spoken = transcript.from_json((context.state / words.path).read_text(encoding="utf-8"))
    with timed("typeset"):
        names = identifying.names(context.database, video, context.settings.speech)
        style = asked.style(is_vertical=bool(video.is_vertical))
        made = typeset(identifying.named(spoken, names), style, video.seconds)
        drafts.make(context.database, video, made, video.claim)


def _words(context: Context, video: Video, asked: Job) -> Artefact | None:
    """The words that the video's own job made of its sound."""
    sound = videos.artefact(context.database, video.number, ArtefactKind.SOUND)
    if sound is None:
        return None
    return videos.artefact(context.database, video.number, ArtefactKind.WORDS, asked.words_key(sound.sha256))


def typeset(heard: Transcript, style: Style, video_seconds: float | None) -> Captions:
    """Captions of a transcript, cleaned, under the rules of a profile in its language.

    A number of the style that cannot hold there is left out, and a note says so. Does not touch the store. Of the disk
    it reads the words of the language, where there are terms.
    """
    profile, held = captions.profiles.that_hold(style.profile, heard.language, style.limits)
    profile = replace(profile, labels=style.labels or profile.labels)
    words = vocabulary.of(heard.language) if style.terms and style.cleaning.glossary else None
    clean = cleaned(heard, style.cleaning, style.terms, words)
    spoken = clean.transcript
    track = segment.segment(spoken, profile, style.terms)
    if style.certainty:
        track = marks.marked(track, summary.certain(summary.feelings(spoken), style.certainty), profile)
    report = check.check(track, profile, spoken, video_seconds or spoken.seconds)
    return Captions(
        language=spoken.language,
        engine=spoken.engine,
        model=spoken.model,
        profile=profile.name,
        text=formats.write(track, "vtt"),
        cues=len(track.cues),
        report={
            **json.loads(check.to_json(report)),
            "summary": report.summary,
            **({"limits": held} if held else {}),
            **_extras(spoken, _left_out(profile, spoken.language, style.limits.keys() - held.keys())),
            **_talk(spoken),
            **({"emotions": emotions} if (emotions := summary.of(spoken)) else {}),
            **({"changes": changed.to_values(clean.changes)} if clean.changes else {}),
        },
    )


def _talk(spoken: Transcript) -> dict[str, Any]:
    """Who speaks how, and when as far as the eye can see; nothing of one voice of which nobody knows whose it is."""
    turns = spoken.turns or merge.turns_of(spoken.words)
    if not talking.is_conversation(turns):
        return {}
    talks = talking.talks(turns, spoken.words)[:MOST_SPEAKERS]
    seen = talking.coarser(turns, MOST_TURNS)
    return {
        "talk": [_rounded(asdict(one)) for one in talks],
        "turns": [[round(turn.start, 2), round(turn.end, 2), turn.speaker] for turn in seen],
    }


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in values.items()}


def _left_out(profile: Profile, language: str, names: Collection[str]) -> list[str]:
    if not names:
        return []
    told = f"{' and '.join(sorted(names))} cannot be what was set, with the profile {profile.name} in {language}"
    return [f"{told}: the profile's own holds."]


def _extras(spoken: Transcript, more: Sequence[str]) -> dict[str, Any]:
    """What an engine gave beyond words. Of its notes that on their times is the first, `more` the last."""
    notes = [*([spoken.approximate] if spoken.approximate else []), *spoken.extras.get("notes", ()), *more]
    found = {**spoken.extras, **({"notes": notes} if notes else {})}
    found.pop("manners", None)  # they are told by the emotions of the report
    return {"extras": found} if found else {}
