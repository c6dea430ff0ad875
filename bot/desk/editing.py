"""What a person's change makes of a draft: the changed track, checked again. Does not touch the store."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from itertools import zip_longest

from captions import check, formats, labels, profiles
from captions.check import Doubt
from captions.formats import CaptionError, decoding, times
from captions.formats.common import LINE_BREAK
from captions.profiles import Profile
from captions.text import plain
from captions.track import Track
from store.drafts import Captions
from store.tables import Draft, Video

KEPT = ("limits", "extras", "talk", "turns", "emotions", "changes")
"""Parts of a report that no change of the words changes."""
LARGEST_BYTES = 10_000_000  # of a caption file; hours of speech are some hundred thousand
PAST_END_SECONDS = 2.0  # players show the last cue so long after the end at most


def read_file(name: str, content: bytes) -> str:
    """The text of a file that somebody gave. Raise ValueError, in words, if it is none."""
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"{name} is larger than {LARGEST_BYTES // 10**6} MB: such a file is not read")
    return decoding.decode(name, content)


def from_file(name: str, text: str, draft: Draft, video: Video) -> Track:
    """The track in a caption file. Raise ValueError, by the line, where it cannot be a new revision of the draft."""
    try:
        form = formats.format_of(name)
        track = formats.read(text, form, draft.language)
    except CaptionError as error:
        raise ValueError(f"{name}, {error}") from error
    if not formats.FORMATS[form].knows_speakers:
        track = labels.recognised(track, formats.read(draft.text, "vtt", draft.language))
    if not any(formats.shown(track)):
        raise ValueError(f"{name} has no cue with a text")
    for number, (cue, after) in enumerate(zip(track.cues, track.cues[1:], strict=False), 1):
        if after.start < cue.end:
            at = _line_of(text, number + 1)
            raise ValueError(f"{name}, {at}cue {number + 1} begins before cue {number} ends, at {cue.end:.3f} s")
    if video.seconds and track.cues[-1].end > video.seconds + PAST_END_SECONDS:
        at = _line_of(text, len(track.cues))
        raise ValueError(
            f"{name}, {at}its last cue ends at {track.cues[-1].end:.1f} s, and the video at {video.seconds:.1f} s: "
            "is it of this video?"
        )
    return track


def _line_of(text: str, cue: int) -> str:
    """Where the times of a cue stand, as "line 12: ", in WebVTT and SubRip."""
    lines = [number for number, line in enumerate(LINE_BREAK.split(text), 1) if times.is_times(line)]
    return f"line {lines[cue - 1]}: " if cue <= len(lines) else ""


def revision(track: Track, draft: Draft, video: Video) -> Captions:
    """The captions of a new revision of `draft`, with a report of their own. Raise ValueError if nothing is left."""
    if not track.cues:
        raise ValueError("no cue would be left: reject the draft instead")
    doubts = (Doubt(**one) for one in draft.report.get("doubtful", ()))  # of the engine's words
    left = tuple(doubt for doubt in doubts if _is_said(doubt, track))
    report = replace(check.check(track, profile_of(draft), None, video.seconds), doubtful=left)
    return Captions(
        language=draft.language,
        engine=draft.engine,
        model=draft.model,
        profile=draft.profile,
        text=formats.write(track, "vtt"),
        cues=len(track.cues),
        report={
            **json.loads(check.to_json(report)),
            "summary": report.summary,
            **{name: draft.report[name] for name in KEPT if name in draft.report},
        },
    )


def profile_of(draft: Draft) -> Profile:
    """The rules that the draft was made by."""
    return profiles.that_hold(draft.profile, draft.language, draft.report.get("limits", {}))[0]


def _is_said(doubt: Doubt, track: Track) -> bool:
    """Whether the word still stands where it was doubted; a time that no cue holds any more counts as anywhere."""
    there = [cue for cue in track.cues if cue.start <= doubt.start < cue.end] or track.cues
    return any(doubt.text.lower() in plain(line.text).lower() for cue in there for line in cue.lines)


def difference(old: Track, new: Track) -> list[tuple[str, str]]:
    """Lines that went and lines that came, as ("-", line) and ("+", line), each beside what took its place.

    By whole lines: `difflib.ndiff` looks within them too, and takes minutes for another text of an hour.
    """
    went, came = old.text.splitlines(), new.text.splitlines()
    rows: list[tuple[str, str]] = []
    for tag, left, left_end, right, right_end in difflib.SequenceMatcher(None, went, came).get_opcodes():
        if tag != "equal":
            for one, other in zip_longest(went[left:left_end], came[right:right_end]):
                rows += [("-", one)] if one is not None else []
                rows += [("+", other)] if other is not None else []
    return rows
