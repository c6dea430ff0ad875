"""The cues of a draft in pages, to choose one from. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from bot.replies.words import clock
from captions import formats
from captions.text import plain
from captions.track import Track
from store.tables import Draft

PAGE_CUES = 25
AT = re.compile(r"(?:(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)|(?P<number>\d{1,6}))")


@dataclass(frozen=True)
class CuePage:
    """Some cues of a track: number from 1, time, text, and whether the report has something against it."""

    number: int
    last: int
    cues: tuple[tuple[int, str, str, bool], ...]


def page(draft: Draft, number: int) -> CuePage:
    """A page of a draft's cues; the nearest that there is."""
    track = formats.read(draft.text, "vtt", draft.language)
    last = max(1, -(-len(track.cues) // PAGE_CUES))
    number = min(max(number, 1), last)
    first = (number - 1) * PAGE_CUES
    marked = _marked(track, draft.report)
    rows = enumerate(track.cues[first : first + PAGE_CUES], first + 1)
    return CuePage(number, last, tuple((n, clock(cue.start), plain(cue.text), n in marked) for n, cue in rows))


def page_at(draft: Draft, at: str) -> int:
    """The page with the cue of that number, or that is shown at that time. Raise ValueError."""
    found = AT.fullmatch(at.strip())
    if found is None:
        raise ValueError(f"{at!r} is neither the number of a cue nor a time: give 12, or 1:05")
    if found["number"]:
        return -(-int(found["number"]) // PAGE_CUES)
    track = formats.read(draft.text, "vtt", draft.language)
    seconds = int(found["hours"] or 0) * 3600 + int(found["minutes"]) * 60 + int(found["seconds"])
    return -(-max(1, _shown_at(track, seconds)) // PAGE_CUES)


def _shown_at(track: Track, seconds: float) -> int:
    """The number of the last cue that began by then; 0 if none did."""
    return bisect_right([cue.start for cue in track.cues], seconds + 0.999)


def _marked(track: Track, report: dict[str, object]) -> set[int]:
    """Numbers of the cues with a problem, or with a doubtful word."""
    problems, doubts = report.get("problems"), report.get("doubtful")
    found = {int(one["cue"]) + 1 for one in problems if "cue" in one} if isinstance(problems, list) else set()
    if isinstance(doubts, list):
        found |= {_shown_at(track, float(one["start"])) for one in doubts if "start" in one}
    return found
