"""Words into cues.

    words ──► turns (one speaker) ──► groups (a cue each: cheapest cuts) ──► lines (cheapest breaks) ──► times

Each way of cutting a turn has a cost: of the places where it cuts, of cues that show too briefly or read
too fast, of silence inside a cue. A dynamic programme over the words finds the cheapest. Does not judge the
result: that is `captions.check`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby, pairwise

from captions import phrases
from captions.breaks import LONG_PAUSE_MILLISECONDS, PHRASE, TERM, WITHIN, Inseparable, break_cost, inside_cost
from captions.labels import DASH, label, styled
from captions.profiles import Profile, cut, width
from captions.text import NAME_LIMIT, clean, clean_line, escape, plain, space_between
from captions.track import Cue, Line, Track
from captions.transcript import Transcript, Word

LEEWAY = 500
"""Milliseconds that a cue may start before or after its first word, for cues' minimum (Amara: ±0.5 s)."""

LINGER = 2000
"""Milliseconds that a cue stays after its last word at most, if it cannot be read before; longer seems forgotten."""

SHORTEST = 200
"""Milliseconds that every cue shows, whatever the words' times are: five frames, or it is a mere flicker."""

COMFORTABLE = 1000
"""Milliseconds below which a cue feels hasty (TED's and Amara's minimum is 1 s)."""

CUE_COST = 2.0
"""Cost of one more cue; the other costs are relative to it, and to those of `captions.breaks`."""

TOO_SHORT_COST = 20.0
"""Cost of a cue with no time to show at all, less with more: any other break is better than a flicker."""

HASTY_COST = 1.0
"""Cost of a cue that keeps the minimum and is less than comfortable."""

FAST_COST = 2.0
"""Cost of a cue to be read at twice the target speed or faster, less where slower."""

RAGGED_COST = 4.0
"""Cost of two lines of which one is empty, less with less difference: as much as an ordinary break."""

TOP_HEAVY_COST = 0.5
"""Cost of an upper line wider than those below: it decides between places that are as good otherwise."""

LINE_SHARE = 0.25
"""How much the break between two lines of a cue counts beside a break between cues: the eye moves less far."""

TOGETHER_FACTOR = 2.0
"""How much more it counts there that a break parts what belongs together, an article and its noun."""

LABEL_SHARE = 2 / 3
"""Most of a line that a speaker's label takes: names of 23 characters stay whole in lines of 42."""


def segment(transcript: Transcript, profile: Profile, terms: Sequence[str] = ()) -> Track:
    """Cut the words of a transcript into cues, if possible not within one of the `terms`, which are names and such.

    Given the words in the order in which they are said, return a track in which

    - every word stands once, in order, cleaned; no line, its label included, is wider than
      `characters_per_line` (a word that is wider is cut), no cue has more than `lines` lines;
    - no cue holds words of two known speakers, but for a line and a short answer with no time for two cues:
      then both lines begin with a dash. A word without speaker belongs to the voice before it. Speakers are
      named if there are at least two, names cut to two thirds of a line;
    - no cue overlaps another or shows longer than `maximum_seconds`; times are whole milliseconds;
    - cues show at least `minimum_seconds`: they stay into the pause after their words, start in the pause
      before, or start up to 0.5 s before or after their first word, into the time of another cue;
    - cues stay for `hold_seconds` after their words, and up to 2 s where they are read too fast else.

    Where the words leave no room for all of that (speakers that change within a second), `minimum_seconds`
    gives way first, down to 0.2 s; then sync does: cues start later than their words (as where 500
    characters are said in a tenth of a second). The other rules hold for any words. Times that run back, and
    those that are no number, count as those of the word before.
    """
    turns = list(_turns(transcript, profile, Inseparable(terms)))
    groups = list(_with_exchanges([list(_groups(turn, profile)) for turn in turns], profile))
    times = _times(groups, round(transcript.seconds * 1000), profile)
    cues = [Cue(start / 1000, end / 1000, group.lines) for (start, end), group in zip(times, groups, strict=True)]
    return styled(Track(transcript.language, tuple(cues)), profile.labels)


# --- turns: the words of one speaker, ready to be cut -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Said:
    """A word that shows something, its times in milliseconds that never run back, and whose voice it is."""

    text: str
    start: int
    end: int
    voice: str | None


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or a piece of one that fits on a line; `space` is what stands before it inside a line.

    `within`: it is no beginning of a word, of a script that sets no spaces.
    """

    text: str
    start: int
    end: int
    space: str
    within: bool = False


@dataclass(frozen=True)
class _Turn:
    """What one speaker says until another does, at `until` milliseconds; `label` is shown on its first line.

    `breaks[k]` is the cost of a break before token k, `insides[k]` that of none, and `sizes[k]` the
    characters of the tokens before k with their spaces.
    """

    speaker: str | None
    label: str
    tokens: Sequence[_Token]
    breaks: Sequence[float]
    insides: Sequence[float]
    sizes: Sequence[int]
    until: float

    def width(self, first: int, last: int) -> int:
        """Characters of a line of the tokens from `first` up to, not including, `last`."""
        edge = width(self.label) if first == 0 else -len(self.tokens[first].space)
        return self.sizes[last] - self.sizes[first] + edge


def _turns(transcript: Transcript, profile: Profile, terms: Inseparable) -> Iterator[_Turn]:
    voices = [list(words) for _, words in groupby(_said(transcript.words), key=lambda word: word.voice)]
    names = shown_names([words[0].voice for words in voices], profile)
    untils = [*(words[0].start for words in voices[1:]), math.inf]
    for words, until in zip(voices, untils, strict=False):
        speaker = names.get(words[0].voice or "") if len(names) > 1 else None
        yield _turn(words, speaker, until, transcript.language, profile, terms)


def _said(words: Sequence[Word]) -> Iterator[_Said]:
    voice = next((word.speaker for word in words if word.speaker), None)
    start = 0
    for word in words:
        voice = word.speaker or voice
        if text := clean(word.text):
            start = max(start, _milliseconds(word.start, start))
            yield _Said(text, start, max(start, _milliseconds(word.end, start)), voice)


def _milliseconds(seconds: float, otherwise: int) -> int:
    return round(seconds * 1000) if math.isfinite(seconds) else otherwise


def shown_names(voices: Iterable[str | None], profile: Profile) -> dict[str, str]:
    """The names of speakers as captions have them: cut where a label would take too much of a line, no two alike."""
    names: dict[str, str] = {}
    room = int(profile.characters_per_line * LABEL_SHARE) - width(label("x", profile.labels)) + 1
    for voice in voices:
        whole = clean_line(voice or "", NAME_LIMIT)
        if not whole or voice in names:
            continue
        shown = cut(whole, room)
        endings = (str(number) for number in count(2))
        while shown in names.values():
            ending = next(endings)
            shown = cut(whole, max(room - len(ending), 0)) + ending
        names[voice or ""] = shown
    return names


def _turn(
    words: Sequence[_Said], speaker: str | None, until: float, language: str, profile: Profile, terms: Inseparable
) -> _Turn:
    shown = label(speaker, profile.labels)
    tokens = list(_tokens(words, profile.characters_per_line, width(shown), language))
    breaks, insides, sizes = [0.0], [0.0], [0, width(tokens[0].text)]
    texts = [token.text for token in tokens]
    within_terms = terms.places(texts)
    within_phrases = phrases.within(texts, [token.space for token in tokens], language)
    for place, (before, after) in enumerate(pairwise(tokens), 1):
        silence = max(0, after.start - before.end)
        cost = break_cost(before.text, after.text, silence, language) + (WITHIN if after.within else 0.0)
        cost = max(cost, PHRASE) if place in within_phrases else cost
        breaks.append(max(cost, TERM) if place in within_terms else cost)
        insides.append(inside_cost(before.text, silence, language))
        sizes.append(sizes[-1] + len(after.space) + width(after.text))
    return _Turn(speaker, shown, tokens, [*breaks, 0.0], insides, sizes, until)


def _tokens(words: Sequence[_Said], room: int, taken: int, language: str) -> Iterator[_Token]:
    """Give the words as tokens that fit on a line; of the first line `taken` characters are gone already."""
    before = ""
    for word in words:
        parts = word.text.split()
        pace = (word.end - word.start) / sum(map(len, parts))
        done = 0
        for part in parts:
            for index, cluster in enumerate(phrases.parts(part, language)):
                for place, piece in enumerate(_pieces(cluster, room if before else room - taken, room)):
                    space = space_between(before, piece) if before and index == place == 0 else ""
                    start, done = done, done + len(piece)
                    times = (word.start + round(start * pace), word.start + round(done * pace))
                    yield _Token(piece, *times, space, within=index > 0)
                    before = piece


def _pieces(text: str, first: int, rest: int) -> list[str]:
    """A word cut where a line is full; what is put over a character stays with it."""
    pieces, room = [""], first
    for character in text:
        room -= width(character)
        if room < 0 and pieces[-1]:
            pieces.append("")
            room = rest - width(character)
        pieces[-1] += character
    return pieces


# --- groups: the tokens of one cue, broken into lines -------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    """The lines of one cue and when its words are said, in milliseconds; `characters` are those shown."""

    lines: tuple[Line, ...]
    start: int
    end: int
    characters: int


def _groups(turn: _Turn, profile: Profile) -> Iterator[_Group]:
    for first, last in pairwise(_cuts(turn, profile)):
        edges = [first, *_line_breaks(turn, first, last, profile), last]
        texts = [_join(turn.tokens[a:b]) for a, b in pairwise(edges)]
        yield _Group(
            lines=tuple(Line(escape(text), turn.speaker) for text in texts),
            start=turn.tokens[first].start,
            end=turn.tokens[last - 1].end,
            characters=sum(turn.width(a, b) for a, b in pairwise(edges)),
        )


def _with_exchanges(turns: Sequence[Sequence[_Group]], profile: Profile) -> Iterator[_Group]:
    """Give the groups of all turns; a short answer that leaves no time for two cues is one with what it answers.

    Dashes say that somebody else speaks, and not who: each has been named before.
    """
    named: set[str | None] = set()
    before, index = 0, 0
    while index < len(turns):
        *groups, last = turns[index]
        yield from groups
        named.update(line.speaker for group in groups for line in group.lines)
        before = groups[-1].end if groups else before
        answer = turns[index + 1] if index + 1 < len(turns) else ()
        following = turns[index + 2][0].start if index + 2 < len(turns) else math.inf
        exchange = _exchange(last, answer[0], before, following, profile) if len(answer) == 1 else None
        if exchange and not named.issuperset(line.speaker for line in exchange.lines):
            exchange = None
        yield exchange or last
        named.update(line.speaker for line in last.lines)
        before, index = (exchange or last).end, index + (2 if exchange else 1)


def _exchange(first: _Group, second: _Group, before: int, following: float, profile: Profile) -> _Group | None:
    """Two speakers' groups of a line each in one, if there is no time for two, from `before` to `following`."""
    lines = tuple(replace(line, text=DASH + line.text) for group in (first, second) for line in group.lines)
    least, start = profile.minimum_seconds * 1000, min(before, first.start)
    has_time = max(first.end, start + least) <= min(second.start, following - least)  # for an end of one in between
    widths = [width(plain(line.text)) for line in lines]
    fits = (
        len(lines) == 2 <= profile.lines
        and len({line.speaker for line in lines} - {None}) == 2
        and max(widths) <= profile.characters_per_line
        and second.end - first.start <= profile.maximum_seconds * 1000
        and second.start - first.end < LONG_PAUSE_MILLISECONDS
    )
    return _Group(lines, first.start, second.end, sum(widths)) if fits and not has_time else None


def _join(tokens: Sequence[_Token]) -> str:
    return tokens[0].text + "".join(token.space + token.text for token in tokens[1:])


def _cuts(turn: _Turn, profile: Profile) -> list[int]:
    """Return where the cheapest way of cutting a turn into cues cuts, its beginning and end among it."""
    count = len(turn.tokens)
    best = [0.0, *[math.inf] * count]
    origin = [0] * (count + 1)
    for first in range(count):
        for last, cost in _cues_from(turn, first, profile):
            if best[first] + cost < best[last]:
                best[last], origin[last] = best[first] + cost, first
    cuts = [count]
    while cuts[-1]:
        cuts.append(origin[cuts[-1]])
    return cuts[::-1]


def _cues_from(turn: _Turn, first: int, profile: Profile) -> Iterator[tuple[int, float]]:
    """Give every cue that can begin with a token: where it ends, and what it costs.

    Any token fits into a cue by itself, so there always is one.
    """
    tokens, longest = turn.tokens, profile.maximum_seconds * 1000
    start, inside = tokens[first].start, 0.0
    lines, line_start = 1, first
    for index in range(first, len(tokens)):
        if index > first:
            if tokens[index].end - start > longest:
                return
            inside += turn.insides[index]
        if turn.width(line_start, index + 1) > profile.characters_per_line:
            lines, line_start = lines + 1, index
            if lines > profile.lines:
                return
        until = tokens[index + 1].start if index + 1 < len(tokens) else turn.until
        strain = _strain(turn.width(first, index + 1), until - start, tokens[index].end - start, profile)
        parted = LINE_SHARE * _line_cost(turn, first, index + 1, line_start, profile) if lines == 2 else 0.0
        yield index + 1, CUE_COST + turn.breaks[index + 1] + inside + strain + parted


def _line_cost(turn: _Turn, first: int, last: int, fullest: int, profile: Profile) -> float:
    """What the best break of a cue into two lines costs; with the fullest first line the second begins at `fullest`."""
    best = math.inf
    for place in range(fullest, first, -1):
        below = turn.width(place, last)
        if below > profile.characters_per_line:
            break
        parted = turn.breaks[place] * (TOGETHER_FACTOR if turn.breaks[place] >= PHRASE else 1)
        ragged = abs(turn.width(first, place) - below) / profile.characters_per_line
        best = min(best, parted + RAGGED_COST * ragged)
    return best


def _strain(characters: int, room: float, spoken: int, profile: Profile) -> float:
    """What it costs that a cue shows briefly or reads fast: `room` is the time until the next words."""
    minimum, hold = profile.minimum_seconds * 1000, profile.hold_seconds * 1000
    lingering = min(characters * 1000 / profile.reading_speed_cap, spoken + LINGER)
    shown = max(min(room, max(spoken + hold, minimum, lingering)), 1)
    speed = characters * 1000 / shown
    cost = 0.0
    if room < minimum:
        cost += TOO_SHORT_COST * (minimum - room) / minimum
    elif room < COMFORTABLE:
        cost += HASTY_COST
    if speed > profile.reading_speed_target:
        cost += FAST_COST * min(speed / profile.reading_speed_target - 1, 1)
    return cost


def _line_breaks(turn: _Turn, first: int, last: int, profile: Profile) -> Sequence[int]:
    """Return the best places to break a cue into as few lines as it fits on."""
    return next(
        places
        for lines in range(1, profile.lines + 1)
        if (places := _cheapest_breaks(turn, first, last, lines, profile.characters_per_line)[1]) is not None
    )


def _cheapest_breaks(turn: _Turn, first: int, last: int, lines: int, width: int) -> tuple[float, Sequence[int] | None]:
    """Return cost and places of the best breaks into exactly so many lines; None if they are too few."""
    if lines == 1:
        fits = turn.width(first, last) <= width
        return (0.0, ()) if fits else (math.inf, None)
    best: tuple[float, Sequence[int] | None] = math.inf, None
    for place in range(first + 1, last):
        above, below = turn.width(first, place), turn.width(place, last) / (lines - 1)
        if above > width:
            break
        cost, places = _cheapest_breaks(turn, place, last, lines - 1, width)
        cost += turn.breaks[place] + RAGGED_COST * abs(above - below) / width
        cost += TOP_HEAVY_COST if above > below else 0.0
        if places is not None and cost < best[0]:
            best = cost, (place, *places)
    return best


# --- times: when each group shows ---------------------------------------------------------------------------


def _times(groups: Sequence[_Group], seconds: int, profile: Profile) -> Iterator[tuple[int, int]]:
    """Give start and end of every cue in milliseconds, the ends inside the recording if its words are."""
    last_word = max((group.end for group in groups), default=0)
    horizon = seconds if seconds >= last_word else math.inf
    starts = _starts(groups, horizon, math.ceil(profile.minimum_seconds * 1000))
    _unhurry(starts, groups, horizon, profile)
    for group, start, following in zip(groups, starts, [*starts[1:], None], strict=False):
        yield start, _end(group, start, following, horizon, profile)


def _end(group: _Group, start: int, following: int | None, horizon: float, profile: Profile) -> int:
    """When a cue ends that starts at `start`, before the next one at `following`."""
    least, most = math.ceil(profile.minimum_seconds * 1000), int(profile.maximum_seconds * 1000)
    gap, chain = round(profile.minimum_gap * 1000), math.ceil(profile.chain_gap_below * 1000)
    read = start + math.ceil(group.characters / profile.reading_speed_target * 1000)
    read_fast = start + math.ceil(group.characters / profile.reading_speed_cap * 1000)
    held = min(read, group.end + round(profile.hold_seconds * 1000))
    latest = group.end + LINGER
    end = min(max(group.end, start + least, held, min(read_fast, latest)), start + most)
    if following is None:
        return int(min(end, max(horizon, start + SHORTEST)))
    if following - end >= chain:
        return end
    closed = min(max(following - gap, min(start + least, following)), start + most)
    return closed if closed <= max(latest, start + least) else min(end, following - chain)


def _unhurry(starts: list[int], groups: Sequence[_Group], horizon: float, profile: Profile) -> None:
    """Let cues that are read too fast start earlier, in the silence before their words, by LEEWAY at most.

    The cue before ends earlier for it, and may start earlier too, as far as its own words, its minimum and its own
    reading allow.
    """
    gap, least = round(profile.minimum_gap * 1000), math.ceil(profile.minimum_seconds * 1000)
    most = int(profile.maximum_seconds * 1000)
    needed = [min(most, math.ceil(group.characters / profile.reading_speed_cap * 1000)) for group in groups]

    def earliest(index: int) -> int:
        """Where a cue may start without taking from the cue before what that needs, and has."""
        free = max(0, groups[index].start - LEEWAY)
        if index == 0:
            return free
        above = starts[index - 1]
        kept = min(max(least, needed[index - 1]), max(0, starts[index] - gap - above))
        return max(free, groups[index - 1].end + gap, above + kept + gap)

    for index, group in enumerate(groups):
        until = starts[index + 1] - gap if index + 1 < len(starts) else horizon
        wanted = math.floor(min(until, group.end + LINGER)) - needed[index]
        if wanted >= starts[index]:
            continue
        if index and wanted < earliest(index):
            starts[index - 1] = min(starts[index - 1], max(earliest(index - 1), starts[index - 1] - LEEWAY))
        starts[index] = min(starts[index], max(earliest(index), wanted))


def _starts(groups: Sequence[_Group], horizon: float, least: int) -> list[int]:
    """Move starts so that cues show at least `least`: back, into silence or by LEEWAY, then forward by it."""
    starts = [group.start for group in groups]
    following = horizon
    for index in reversed(range(len(starts))):
        if following - starts[index] < least:
            silent_since = groups[index - 1].end if index else 0
            earliest = max(0, min(silent_since, starts[index] - LEEWAY))
            starts[index] = min(starts[index], max(earliest, int(following) - least))
        following = starts[index]
    for index in range(1, len(starts)):
        before, wanted = starts[index - 1], groups[index].start + LEEWAY
        starts[index] = max(starts[index], min(before + least, wanted), before + SHORTEST)
    return starts
