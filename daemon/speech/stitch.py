"""Make one diarization of those of windows that overlap: which voices are the same, and where one window ends.

    windows ──► each diarized apart (diarize.py) ──► the same voices ──► turns cut in the middle of overlaps, joined

Two voices of neighbouring windows are the same if they speak at the same times in what both windows hear. All others
are compared by their embeddings, and clustered (agglomerative, average linkage) with the threshold that the pipeline
itself clusters with. Voices of one window never are the same: the pipeline has told them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import ceil, inf, sqrt

from captions.transcript import SpeakerTurn
from daemon.speech.timemap import Span
from daemon.speech.voices import Diarization, in_order, renamed

NEVER = 1e6  # a distance that no threshold bridges, nor the average with a cluster's others
UNKNOWN = 2.0  # the greatest cosine distance: a voice without an embedding is nobody else's
LEAST_SHARED_SECONDS = 1.0  # in which two voices must speak together to be the same: less may be a cough


@dataclass(frozen=True)
class Window:
    """What was found from `start` to `end` seconds of the whole, with the times of the whole."""

    start: float
    end: float
    found: Diarization


@dataclass(frozen=True)
class _Voice:
    """One of the voices of the window of this number."""

    window: int
    speaker: str


def windows(seconds: float, longest: float, overlap: float) -> list[Span]:
    """Windows of one length, at most `longest`, each `overlap` seconds over the next one; `longest` is the longer."""
    count = max(1, ceil((seconds - overlap) / (longest - overlap)))
    step = (seconds - overlap) / count
    return [
        (number * step, seconds if number == count - 1 else (number + 1) * step + overlap) for number in range(count)
    ]


def stitched(parts: Sequence[Window], threshold: float, speakers: tuple[int, int] | None = None) -> Diarization:
    """One diarization of the whole. `threshold`: the cosine distance up to which two voices are the same.

    `speakers`: how many there are, from and to; nearest to it where the voices leave a choice.
    """
    voices = [_Voice(number, speaker) for number, part in enumerate(parts) for speaker in _speakers(part.found)]
    groups = _clusters(_distances(parts, voices), len(voices), threshold, speakers or (1, len(voices)))
    names = {voice: str(group) for voice, group in zip(voices, groups, strict=True)}

    def whole(turns_of: Callable[[Diarization], Sequence[SpeakerTurn]]) -> tuple[SpeakerTurn, ...]:
        return joined([turn for number, part in enumerate(parts) for turn in own(number, turns_of(part.found))])

    def own(number: int, turns: Sequence[SpeakerTurn]) -> list[SpeakerTurn]:
        """The turns of a window, named, between the middles of its overlaps."""
        named = renamed(turns, lambda speaker: names[_Voice(number, speaker)])
        return clipped(named, borders[number], borders[number + 1])

    borders = [0.0, *((before.end + after.start) / 2 for before, after in pairwise(parts)), inf]
    return Diarization(
        whole(lambda found: found.turns),
        whole(lambda found: found.exclusive),
        {name: embedding for name in set(names.values()) if (embedding := _mean(parts, _of(names, name)))},
    )


def clipped(turns: Sequence[SpeakerTurn], low: float, high: float) -> list[SpeakerTurn]:
    """What of the turns lies between `low` and `high`."""
    cut = [SpeakerTurn(max(low, turn.start), min(high, turn.end), turn.speaker) for turn in turns]
    return [turn for turn in cut if turn.start < turn.end]


def joined(turns: Sequence[SpeakerTurn]) -> tuple[SpeakerTurn, ...]:
    """The turns in order, those of one speaker that touch or overlap made one."""
    made: list[SpeakerTurn] = []
    last: dict[str, int] = {}
    for turn in in_order(turns):
        index = last.get(turn.speaker)
        if index is not None and turn.start <= made[index].end:
            made[index] = SpeakerTurn(made[index].start, max(made[index].end, turn.end), turn.speaker)
        else:
            last[turn.speaker] = len(made)
            made.append(turn)
    return tuple(made)


def _speakers(found: Diarization) -> list[str]:
    return sorted({turn.speaker for turn in (*found.turns, *found.exclusive)})


def _of(names: dict[_Voice, str], name: str) -> list[_Voice]:
    return [voice for voice, own in names.items() if own == name]


def _distances(parts: Sequence[Window], voices: Sequence[_Voice]) -> list[float]:
    """Of each pair of voices, in the order that scipy's clustering takes them in."""
    return [_distance(parts, one, other) for one, other in combinations(voices, 2)]


def _distance(parts: Sequence[Window], one: _Voice, other: _Voice) -> float:
    if one.window == other.window:
        return NEVER
    if abs(one.window - other.window) == 1 and _speak_together(parts, one, other):
        return 0.0
    first = parts[one.window].found.embeddings.get(one.speaker)
    second = parts[other.window].found.embeddings.get(other.speaker)
    return UNKNOWN if first is None or second is None else cosine_distance(first, second)


def _speak_together(parts: Sequence[Window], one: _Voice, other: _Voice) -> bool:
    """Whether two voices of neighbouring windows share most of what each says where both windows hear it."""
    low = max(parts[one.window].start, parts[other.window].start)
    high = min(parts[one.window].end, parts[other.window].end)
    first, second = (_turns(parts, voice, low, high) for voice in (one, other))
    shared = sum(max(0.0, min(a.end, b.end) - max(a.start, b.start)) for a in first for b in second)
    return shared >= LEAST_SHARED_SECONDS and shared > max(_seconds(first), _seconds(second)) / 2


def _turns(parts: Sequence[Window], voice: _Voice, low: float = 0.0, high: float = inf) -> list[SpeakerTurn]:
    own = [turn for turn in parts[voice.window].found.turns if turn.speaker == voice.speaker]
    return clipped(own, low, high)


def _seconds(turns: Sequence[SpeakerTurn]) -> float:
    return sum(turn.end - turn.start for turn in turns)


def cosine_distance(one: Sequence[float], other: Sequence[float]) -> float:
    """From 0, the same, to 2."""
    product = sum(a * b for a, b in zip(one, other, strict=True))
    return min(2.0, max(0.0, 1 - product / sqrt(sum(a * a for a in one) * sum(b * b for b in other))))


def _clusters(distances: Sequence[float], count: int, threshold: float, speakers: tuple[int, int]) -> list[int]:
    """The number of the cluster of each of `count` voices."""
    if count < 2:
        return [1] * count
    from scipy.cluster.hierarchy import fcluster, linkage

    tree = linkage(distances, "average")
    groups = fcluster(tree, threshold, "distance")
    wanted = min(max(int(groups.max()), speakers[0]), speakers[1])
    if wanted != groups.max():
        groups = fcluster(tree, wanted, "maxclust")
    return [int(group) for group in groups]


def _mean(parts: Sequence[Window], voices: Sequence[_Voice]) -> tuple[float, ...]:
    """The embedding of voices that are the same: the mean, by how long each speaks; () if none has any."""
    known = [(voice, parts[voice.window].found.embeddings.get(voice.speaker)) for voice in voices]
    weighed = [(_seconds(_turns(parts, voice)), embedding) for voice, embedding in known if embedding is not None]
    total = sum(weight for weight, _ in weighed)
    if not total:
        return ()
    columns = zip(*(embedding for _, embedding in weighed), strict=True)
    return tuple(
        sum(weight * value for (weight, _), value in zip(weighed, column, strict=True)) / total for column in columns
    )
