"""The rules on when cues show, by themselves and after each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from captions.check.rules import Kind
from captions.profiles import Profile
from captions.track import Cue

SLACK = 0.0005
"""Seconds by which a time may miss its limit: files hold milliseconds, and floats are not exact."""

GAP_SLACK = 0.02
"""Seconds by which a gap may miss its limit: two frames are 83 ms at 24 a second, and 67 ms at 30."""

PAST_THE_END_SLACK = 1.0
"""Seconds that a cue may outlast the video: YouTube tells the length of a video in whole seconds."""


def found(cues: Sequence[Cue], profile: Profile, video_seconds: float | None) -> Iterator[tuple[Kind, int, str]]:
    """Give the kind, the cue's index and the detail of each problem."""
    above: Cue | None = None  # the cue that shows longest of those before
    for index, cue in enumerate(cues):
        problems = [*_alone(cue, profile, video_seconds)]
        if above is not None:
            problems += _after(above, cue, profile)
        yield from ((kind, index, detail) for kind, detail in problems)
        if above is None or cue.end > above.end:
            above = cue


def _alone(cue: Cue, profile: Profile, video_seconds: float | None) -> Iterator[tuple[Kind, str]]:
    if cue.seconds < profile.minimum_seconds - SLACK:
        yield Kind.TOO_SHORT, f"{cue.seconds:.2f} s, at least {profile.minimum_seconds:.2f} s"
    if cue.seconds > profile.maximum_seconds + SLACK:
        yield Kind.TOO_LONG, f"{cue.seconds:.2f} s, {profile.maximum_seconds:.2f} s at most"
    if video_seconds is not None and cue.end > video_seconds + PAST_THE_END_SLACK:
        yield Kind.PAST_THE_END, f"it ends {cue.end - video_seconds:.2f} s after the video"


def _after(above: Cue, cue: Cue, profile: Profile) -> Iterator[tuple[Kind, str]]:
    gap = cue.start - above.end
    if gap < -SLACK:
        yield Kind.OVERLAP, f"it starts {-gap:.2f} s before the one above it ends"
    elif is_small(gap, above, profile):
        yield Kind.SMALL_GAP, f"{max(gap, 0.0):.2f} s after the one above it, at least {profile.minimum_gap:.2f} s"
    elif is_open(gap, above, profile):
        yield Kind.OPEN_GAP, f"{gap:.2f} s after the one above it: under {profile.chain_gap_below:.2f} s it is closed"


def is_small(gap: float, above: Cue, profile: Profile) -> bool:
    """Whether a gap is under the minimum, and the cue before it would keep its own if the gap were wider."""
    wanted = profile.minimum_gap - gap
    return wanted > GAP_SLACK and above.seconds - wanted >= profile.minimum_seconds - SLACK


def is_open(gap: float, above: Cue, profile: Profile) -> bool:
    """Whether a gap should be closed, and the cue before it may show so long."""
    spare = gap - profile.minimum_gap
    return (
        spare > GAP_SLACK
        and gap < profile.chain_gap_below - SLACK
        and above.seconds + spare <= profile.maximum_seconds + SLACK
    )
