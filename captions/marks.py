"""Marks of how words are said, `[angrily]`, before those of a cue: only where a person asks for them.

The Captioning Key tells an emotion in brackets where nothing else shows it, in lower case, above the words or before
them (dcmp.org/learn/captioningkey/604, "Intonation": `[angrily]` over `Well, whatever!`). Nobody is ever marked as
calm or neutral: that is what words look like without a mark. Does not judge how sure a feeling is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from captions.labels import is_exchange, label
from captions.profiles import Profile, width
from captions.text import clean_line, plain
from captions.track import Cue, Line, Track
from captions.transcript import EmotionSpan

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "amused": "amused",
        "angry": "angrily",
        "disgusted": "disgusted",
        "excited": "excited",
        "fearful": "fearfully",
        "frustrated": "frustrated",
        "happy": "happily",
        "joyful": "joyfully",
        "sad": "sadly",
        "surprised": "surprised",
    }
}
"""For each language what stands in the brackets for a feeling. In a language that is missing nothing is marked."""

LEAST_SHARE = 0.5  # of a cue, that a feeling covers


def marked(track: Track, certain: Sequence[EmotionSpan], profile: Profile) -> Track:
    """The track with a mark at the first cue of each feeling: where a speaker's feeling is another than it last was.

    `certain`: what is felt for sure, in the order of time, neutral spans too: they end a feeling. A cue that has no
    room for its mark, by the profile's lines or its reading speed, leaves it to the next one of the same feeling.
    """
    words = WORDS.get(track.language.partition("-")[0].lower(), {})
    labelled = replace(profile, labels=track.labels or profile.labels)
    return replace(track, cues=tuple(_cues(track.cues, certain, words, labelled)))


def _cues(
    cues: Sequence[Cue], certain: Sequence[EmotionSpan], words: Mapping[str, str], profile: Profile
) -> Iterator[Cue]:
    last: dict[str | None, str] = {}
    first = 0
    for cue in cues:
        while first < len(certain) and certain[first].end <= cue.start:
            first += 1
        felt = _felt(cue, certain, first)
        if felt is None or last.get(felt.speaker) == felt.label:
            yield cue
            continue
        made = _with(cue, f"[{words[felt.label]}]", profile) if felt.label in words else cue
        if made is not None:
            last[felt.speaker] = felt.label
        yield made or cue


def _felt(cue: Cue, certain: Sequence[EmotionSpan], first: int) -> EmotionSpan | None:
    """The feeling of most of a cue; None where none covers enough of it. Spans before the `first` end before it."""
    best, most = None, LEAST_SHARE * cue.seconds
    for index in range(first, len(certain)):
        span = certain[index]
        if span.start >= cue.end:
            break
        covered = min(span.end, cue.end) - max(span.start, cue.start)
        if covered >= most and _may_be_of(cue, span):
            best, most = span, covered
    return best


def _may_be_of(cue: Cue, span: EmotionSpan) -> bool:
    """Whether the speaker of a cue, whose name may be cut, is that of a feeling, as far as both are known."""
    who = cue.lines[0].speaker if cue.lines else None
    return who is None or span.speaker is None or clean_line(span.speaker).startswith(who.removesuffix("…"))


def _with(cue: Cue, mark: str, profile: Profile) -> Cue | None:
    """The cue with a mark before its words, on their line or above it; None where there is no room."""
    widths = (_width(line, profile, is_first=index == 0) for index, line in enumerate(cue.lines))
    is_fast = (len(mark) + 1 + sum(widths)) / cue.seconds > profile.reading_speed_cap
    if not plain(cue.text) or is_fast or is_exchange(cue):
        return None
    first, *others = cue.lines
    for lines in (
        (replace(first, text=f"{mark} {first.text}"), *others),
        (replace(first, text=mark), first, *others),
        *_rebroken(cue, mark),
    ):
        widest = max(_width(line, profile, is_first=index == 0) for index, line in enumerate(lines))
        if widest <= profile.characters_per_line and len(lines) <= profile.lines:
            return replace(cue, lines=lines)
    return None


def _rebroken(cue: Cue, mark: str) -> Iterator[tuple[Line, ...]]:
    """The same in two lines, words moved from the first to the second, as few as possible."""
    if len(cue.lines) != 2:
        return
    first, second = cue.lines
    parts = f"{mark} {first.text}".split(" ")
    for index in range(len(parts) - 1, 0, -1):
        moved = " ".join((*parts[index:], second.text))
        yield replace(first, text=" ".join(parts[:index])), replace(second, text=moved)


def _width(line: Line, profile: Profile, *, is_first: bool) -> int:
    """Characters of a line as it is shown, with its label: only the first line of a cue may have one."""
    return width(plain(line.text)) + (width(label(line.speaker, profile.labels)) if is_first else 0)
