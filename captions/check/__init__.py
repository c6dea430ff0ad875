"""The quality report of a track: which cues break a rule of the profile, and which words may be misheard.

    rules     what is checked, how grave it is and by whose rule      reading   what a cue shows
    report    what is found, its score, its JSON                       timing    when it shows
                                                                       hearing   what was heard meanwhile
                                                                       unsaid    what probably nobody said

Does not mend anything (that is `captions.fix`). Lines are measured as they are shown, the labels of speakers included.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from captions import language
from captions.check import hearing, reading, timing, unsaid
from captions.check.hearing import DOUBTFUL_BELOW, MOST_DOUBTFUL
from captions.check.report import VERSION, Doubt, Problem, Report, from_json, to_json
from captions.check.rules import RULES, Kind, Rule, Severity
from captions.formats import shown
from captions.profiles import Profile
from captions.track import Cue, Track
from captions.transcript import Transcript

__all__ = [
    "DOUBTFUL_BELOW",
    "MOST_DOUBTFUL",
    "RULES",
    "VERSION",
    "Doubt",
    "Kind",
    "Problem",
    "Report",
    "Rule",
    "Severity",
    "check",
    "from_json",
    "to_json",
]

LANGUAGE_CUES = 1000
"""Cues whose words tell the language: an hour or so."""

LANGUAGE_WORDS = 30
"""Fewest words that tell that a track is of another language than it says: a quotation has fewer."""

_Found = Iterator[tuple[Kind, int, str]]


def check(
    track: Track, profile: Profile, transcript: Transcript | None = None, video_seconds: float | None = None
) -> Report:
    """Measure a track against a profile, in time linear in its cues.

    Given a track, its profile and what is known of the recording, return the report. Without transcript
    there are no doubtful words, and nothing is known of silence; without `video_seconds` no cue is past the end.
    """
    texts = shown(track)
    doubtful = hearing.doubts(transcript.words) if transcript else ()
    found = [
        *_of_texts(track, texts, profile, transcript),
        *timing.found(track.cues, profile, video_seconds),
        *unsaid.found(track.cues, texts, transcript),
        *hearing.doubted(track.cues, doubtful),
        *_of_language(track, texts),
    ]
    order = {kind: place for place, kind in enumerate(Kind)}
    found.sort(key=lambda one: (one[1], order[one[0]]))
    problems = tuple(Problem(kind, index, track.cues[index].start, detail) for kind, index, detail in found)
    bad = {problem.cue for problem in problems if problem.severity is Severity.ERROR}
    return Report(
        cues=len(track.cues),
        seconds_of_captions=round(_covered(track.cues), 3),
        words=sum(len(line.split()) for lines in texts for line in lines),
        problems=problems,
        doubtful=doubtful,
        conformity=1 - len(bad) / len(track.cues) if track.cues else 1.0,
    )


def _of_texts(track: Track, texts: Sequence[Sequence[str]], profile: Profile, transcript: Transcript | None) -> _Found:
    heard = None
    if transcript and transcript.words and not transcript.approximate:
        heard = hearing.Heard(transcript.words, transcript.seconds or inf)
    above: reading.Said = ()
    until = 0.0
    for index, (cue, lines) in enumerate(zip(track.cues, texts, strict=True)):
        for kind, detail in reading.of_size(cue, lines, profile):
            if kind is Kind.TOO_FAST and heard and hearing.is_forced(cue, lines, heard, profile):
                yield Kind.FORCED, index, f"{detail}: it is said so fast"
            else:
                yield kind, index, detail
        yield from ((kind, index, detail) for kind, detail in reading.of_writing(cue))
        said, silence = reading.said(cue), round(max(0.0, cue.start - until) * 1000)
        yield from ((kind, index, detail) for kind, detail in reading.of_breaks(said, above, silence, track.language))
        if heard and lines:
            yield from ((kind, index, detail) for kind, detail in hearing.held(cue, lines, heard))
        above, until = said, cue.end


def _of_language(track: Track, texts: Sequence[Sequence[str]]) -> _Found:
    said = track.language.partition("-")[0].lower()
    text = " ".join(dict.fromkeys(line for lines in texts[:LANGUAGE_CUES] for line in lines))  # a refrain counts once
    if said not in language.EUROPEAN or len(text.split()) < LANGUAGE_WORDS:
        return
    plainly = language.guess(text)
    if plainly is not None and plainly != said:
        yield Kind.LANGUAGE, 0, f"it says {track.language}, and looks like {plainly}"


def _covered(cues: Sequence[Cue]) -> float:
    """Seconds in which a cue shows; where two overlap, once."""
    covered = until = 0.0
    for cue in cues:
        covered += max(0.0, cue.end - max(cue.start, until))
        until = max(until, cue.end)
    return covered
