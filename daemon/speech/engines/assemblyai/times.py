"""Times of words that do not fall: where one makes no sense, it gets another between its neighbours'. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

GUESSED_SECONDS = 0.5  # at most, for a word without times


def rising(times: Sequence[float | None]) -> list[float | None]:
    """The longest part of the times that never falls, the others None: one wrong number must not move all others."""
    tops: list[float] = []
    places: list[int] = []  # where in `times` each of the tops is
    before: list[int] = []  # the place before, in the longest part that ends here
    for place, time in enumerate(times):
        at = -1 if time is None else bisect_right(tops, time)
        before.append(places[at - 1] if at > 0 else -1)
        if time is not None:
            tops[at : at + 1], places[at : at + 1] = [time], [place]
    kept, place = set(), places[-1] if places else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return [time if place in kept else None for place, time in enumerate(times)]


def spans(starts: Sequence[float | None], ends: Sequence[float | None], seconds: float) -> list[tuple[float, float]]:
    """Start and end of each word. Those without a start share the room up to the next that has one."""
    found: list[tuple[float, float]] = []
    last = 0.0
    for (start, end), (room_ends, waiting) in zip(zip(starts, ends, strict=True), _rooms(starts, seconds), strict=True):
        if start is None:
            begin = min(last, room_ends)
            last = begin + min(GUESSED_SECONDS, (room_ends - begin) / waiting)
        else:
            begin = start
            last = end if end is not None and end >= start else min(start + GUESSED_SECONDS, max(start, room_ends))
        found.append((begin, last))
    return found


def _rooms(starts: Sequence[float | None], seconds: float) -> list[tuple[float, int]]:
    """For each word when the next known start is, and how many words from it on wait for a time until then."""
    rooms: list[tuple[float, int]] = []
    room_ends, waiting = seconds, 0
    for start in reversed(starts):
        waiting = waiting + 1 if start is None else 0
        rooms.append((room_ends, waiting))
        room_ends = room_ends if start is None else start
    return rooms[::-1]
