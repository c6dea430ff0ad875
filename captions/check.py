"""The quality report of a track: which cues break a rule of the profile, and which words may be misheard.

Does not mend anything. Lines are measured as they are shown, the labels of speakers included.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import chain

from captions.formats import shown
from captions.profiles import Profile, width
from captions.text import clean_line
from captions.track import Cue, Track
from captions.transcript import Transcript, Word

VERSION = 1
"""Version of the JSON written by `to_json`; `from_json` refuses any that it does not know."""

SLACK = 0.0005
"""Seconds by which a time may miss its limit: files hold milliseconds, and floats are not exact."""

PAST_THE_END_SLACK = 1.0
"""Seconds that a cue may outlast the video: YouTube tells the length of a video in whole seconds."""

DOUBTFUL_BELOW = 0.5
"""Confidence below which a word is more likely wrong than right."""

MOST_DOUBTFUL = 10
"""Most doubtful words told: people read a few terms, not a coloured transcript (noScribe issue 87)."""


class Kind(StrEnum):
    TOO_LONG_LINE = "too_long_line"  #: a line is wider than the profile's
    TOO_MANY_LINES = "too_many_lines"  #: more lines than the profile's are shown together
    TOO_SHORT = "too_short"  #: it shows for less than the minimum
    TOO_LONG = "too_long"  #: it shows for more than the maximum
    OVERLAP = "overlap"  #: it starts before the one above it ends
    TOO_FAST = "too_fast"  #: reading it takes more characters a second than the cap
    PAST_THE_END = "past_the_end"  #: it ends after the video does
    EMPTY = "empty"  #: it shows nothing


WORDS: dict[Kind, str] = {
    Kind.TOO_LONG_LINE: "with too long a line",
    Kind.TOO_MANY_LINES: "with too many lines",
    Kind.TOO_SHORT: "shown too briefly",
    Kind.TOO_LONG: "shown too long",
    Kind.OVERLAP: "overlapping another",
    Kind.TOO_FAST: "too fast to read",
    Kind.PAST_THE_END: "past the end of the video",
    Kind.EMPTY: "without text",
}
"""What a summary says of cues with a problem, after their number."""


@dataclass(frozen=True)
class Problem:
    """A rule broken by a cue: its index from 0, its start in seconds, and `detail` in plain words."""

    kind: Kind
    cue: int
    start: float
    detail: str


@dataclass(frozen=True)
class Doubt:
    """A word that may be misheard, where it is first said, with its lowest confidence."""

    text: str
    start: float
    confidence: float


@dataclass(frozen=True)
class Report:
    """How good a track is.

    `seconds_of_captions` is the time in which a cue shows, `words` the number of words shown, `conformity`
    the share of cues (0 to 1) that break no rule, `doubtful` the least sure words in the order of the
    video, each once.
    """

    cues: int
    seconds_of_captions: float
    words: int
    problems: tuple[Problem, ...]
    doubtful: tuple[Doubt, ...]
    conformity: float

    @property
    def summary(self) -> str:
        """The report in one sentence."""
        if not self.cues:
            return "Nothing was said: there are no cues."
        cues = f"{self.cues} cue{'s' * (self.cues != 1)}"
        counts = Counter(problem.kind for problem in self.problems)
        told = ", ".join(f"{counts[kind]} {WORDS[kind]}" for kind in Kind if counts[kind])
        # rounded down: 100 % is said only where it is true
        kept = f"{int(self.conformity * 100)} % within the rules ({told})" if told else "all within the rules"
        count = len(self.doubtful)
        doubts = f"; {count} doubtful word{'s' * (count != 1)}" if count else ""
        return f"{cues}, {kept}{doubts}."


def check(
    track: Track, profile: Profile, transcript: Transcript | None = None, video_seconds: float | None = None
) -> Report:
    """Measure a track against a profile.

    Given a track, its profile and what is known of the recording, return the report. Without transcript
    there are no doubtful words; without `video_seconds` no cue is past the end.
    """
    texts = shown(track)
    problems = tuple(_problems(track.cues, texts, profile, video_seconds))
    bad = len({problem.cue for problem in problems})
    return Report(
        cues=len(track.cues),
        seconds_of_captions=round(_covered(track.cues), 3),
        words=sum(len(line.split()) for lines in texts for line in lines),
        problems=problems,
        doubtful=_doubtful(transcript.words) if transcript else (),
        conformity=1 - bad / len(track.cues) if track.cues else 1.0,
    )


def to_json(report: Report) -> str:
    """Write a report as JSON that `from_json` reads back to an equal value."""
    return json.dumps({"version": VERSION, **asdict(report)}, ensure_ascii=False)


def from_json(text: str) -> Report:
    """Read what `to_json` wrote. Raise ValueError for anything else."""
    try:
        values = json.loads(text)
        version = values.pop("version")
        if version != VERSION:
            raise ValueError(f"a report of version {version}; this program reads version {VERSION}")
        problems = tuple(Problem(**{**one, "kind": Kind(one["kind"])}) for one in values.pop("problems"))
        doubtful = tuple(Doubt(**one) for one in values.pop("doubtful"))
        return Report(problems=problems, doubtful=doubtful, **values)
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"not a report: {error}") from error


def _problems(
    cues: Sequence[Cue], texts: Sequence[Sequence[str]], profile: Profile, video_seconds: float | None
) -> Iterator[Problem]:
    shown_until = 0.0
    for index, (cue, lines) in enumerate(zip(cues, texts, strict=True)):
        of_text = _text_problems(cue, lines, profile)
        of_time = _time_problems(cue, shown_until, profile, video_seconds)
        yield from (Problem(kind, index, cue.start, detail) for kind, detail in chain(of_text, of_time))
        shown_until = max(shown_until, cue.end)


def _text_problems(cue: Cue, lines: Sequence[str], profile: Profile) -> Iterator[tuple[Kind, str]]:
    widest, characters = max(map(width, lines), default=0), sum(map(width, lines))
    speed = characters / cue.seconds
    if not lines:
        yield Kind.EMPTY, "there is no text"
    if widest > profile.characters_per_line:
        yield Kind.TOO_LONG_LINE, f"{widest} characters in a line, {profile.characters_per_line} at most"
    if len(lines) > profile.lines:
        yield Kind.TOO_MANY_LINES, f"{len(lines)} lines, {profile.lines} at most"
    if characters / (cue.seconds + SLACK) > profile.reading_speed_cap:
        yield Kind.TOO_FAST, f"{speed:.1f} characters a second, {profile.reading_speed_cap:g} at most"


def _time_problems(
    cue: Cue, shown_until: float, profile: Profile, video_seconds: float | None
) -> Iterator[tuple[Kind, str]]:
    if cue.seconds < profile.minimum_seconds - SLACK:
        yield Kind.TOO_SHORT, f"{cue.seconds:.2f} s, at least {profile.minimum_seconds:.2f} s"
    if cue.seconds > profile.maximum_seconds + SLACK:
        yield Kind.TOO_LONG, f"{cue.seconds:.2f} s, {profile.maximum_seconds:.2f} s at most"
    if cue.start < shown_until - SLACK:
        yield Kind.OVERLAP, f"it starts {shown_until - cue.start:.2f} s before the one above it ends"
    if video_seconds is not None and cue.end > video_seconds + PAST_THE_END_SLACK:
        yield Kind.PAST_THE_END, f"it ends {cue.end - video_seconds:.2f} s after the video"


def _covered(cues: Sequence[Cue]) -> float:
    """Seconds in which a cue shows; where two overlap, once."""
    covered = until = 0.0
    for cue in cues:
        covered += max(0.0, cue.end - max(cue.start, until))
        until = max(until, cue.end)
    return covered


def _doubtful(words: Sequence[Word]) -> tuple[Doubt, ...]:
    doubts: dict[str, Doubt] = {}
    for word in words:
        text = _bare(word.text)
        if not text or word.confidence >= DOUBTFUL_BELOW:
            continue
        first = doubts.get(text.casefold(), Doubt(text, word.start, word.confidence))
        lowest = min(first.confidence, word.confidence)
        doubts[text.casefold()] = Doubt(first.text, first.start, lowest)
    worst = sorted(doubts.values(), key=lambda doubt: doubt.confidence)[:MOST_DOUBTFUL]
    return tuple(sorted(worst, key=lambda doubt: doubt.start))


def _bare(text: str) -> str:
    """A word without the marks around it."""
    line = clean_line(text, 80)
    letters = [index for index, character in enumerate(line) if character.isalnum()]
    return line[letters[0] : letters[-1] + 1] if letters else ""
