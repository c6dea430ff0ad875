"""Mend what a cue shows at once: set its words anew as `captions.segment` would, in the time that the cue has.

A cue stays as it is where that is no better, where two people speak in it, and where a word would have to be cut.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from captions.check import RULES, Kind, check, reading
from captions.fix.piece import Piece
from captions.formats import shown
from captions.labels import NEW_VOICE, is_exchange, label
from captions.profiles import Profile, width
from captions.segment import segment
from captions.text import TAG, escape, plain, space_between
from captions.track import Cue, Line, Track
from captions.transcript import Transcript, Word

MENDED = {Kind.TOO_LONG_LINE, Kind.TOO_MANY_LINES, Kind.TOO_LONG, Kind.ORPHAN, Kind.BAD_BREAK}
"""What setting anew may help."""

SLOW = 5.0
"""Cells a second below which a cue stays longer than its words: it is shortened, as there is nothing to split."""

_TOKEN = re.compile(rf"(?:{TAG.pattern}|\S)+")
_AFTER_MARK = re.compile(r"(?<=[。、！？，．；：])")


@dataclass(frozen=True)
class _Token:
    """A word with the tags around it, what a viewer reads of it, and what stands before it on a line."""

    text: str
    said: str
    space: str


def mended(pieces: Sequence[Piece], language: str, profile: Profile) -> list[Piece]:
    """The pieces, those that break a rule set anew where that breaks fewer."""
    cues = tuple(piece.cue for piece in pieces)
    found = check(Track(language, cues, profile.labels), profile).problems
    wanting = {problem.cue for problem in found if problem.kind in MENDED}
    made: list[Piece] = []
    speaker, until = None, 0.0
    for index, piece in enumerate(pieces):
        parts = _set_anew(piece.cue, speaker, language, profile) if index in wanting else ()
        following = pieces[index + 1].cue.start if index + 1 < len(pieces) else math.inf
        if len(parts) > 1 and (piece.cue.start < until or parts[-1].start > following):
            parts = ()  # a part would show in another cue's time
        made += [Piece(piece.origin, cue) for cue in parts or (piece.cue,)]
        until = max(until, piece.cue.end)
        speaker = next((line.speaker for line in reversed(piece.cue.lines) if plain(line.text)), speaker)
        speaker = None if is_exchange(piece.cue) else speaker
    return made


def _set_anew(cue: Cue, speaker: str | None, language: str, profile: Profile) -> Sequence[Cue]:
    """The cues in the place of one, or none if they are no better; `speaker` spoke before it."""
    lines = [line for line in cue.lines if plain(line.text)]
    who = lines[0].speaker
    if any(line.speaker != who or NEW_VOICE.match(plain(line.text)) for line in lines[1:]):
        return ()
    shown_label = label(who, profile.labels) if who != speaker else ""
    if reading.unbalanced(cue.text) or any(tag["name"] == "v" for tag in TAG.finditer(cue.text)):
        return ()
    tokens = list(_tokens(lines))
    end = _end(cue, tokens, profile)
    best: Sequence[Cue] = ()
    least = _badness([_labelled(replace(cue, lines=tuple(lines), end=end), shown_label)], language, profile)
    for minimum in (min(end - cue.start, profile.maximum_seconds * 0.99), profile.minimum_seconds):
        # a minimum of all the time that there is has the cue stay one, if its lines suffice
        parts = _parts(cue, end, tokens, shown_label, language, replace(profile, minimum_seconds=minimum))
        badness = _badness([_labelled(parts[0], shown_label), *parts[1:]], language, profile) if parts else least
        if badness < least:
            best, least = parts, badness
    return [
        replace(
            part,
            lines=tuple(replace(line, speaker=who) for line in part.lines),
            id="" if index else cue.id,
            settings=cue.settings,
        )
        for index, part in enumerate(best)
    ]


def _end(cue: Cue, tokens: Sequence[_Token], profile: Profile) -> float:
    """When the words of a cue end: with it, or when it should, if it stays longer than anybody speaks."""
    signs = sum(width(token.said) for token in tokens)
    return cue.end if signs >= SLOW * cue.seconds else min(cue.end, cue.start + profile.maximum_seconds)


def _tokens(lines: Sequence[Line]) -> Iterator[_Token]:
    """The words of lines; a tag that stands alone goes with the word after it, or the last one."""
    texts, alone = [], ""
    for line in lines:
        for match in _TOKEN.finditer(line.text):
            if plain(match[0]):
                texts.append(alone + match[0])
                alone = ""
            else:
                alone += match[0]
    texts[-1] += alone
    before = ""
    for text in texts:
        for index, part in enumerate(_clauses(text)):
            said = plain(part)
            yield _Token(part, said, space_between(before, said) if before and index == 0 else "")
            before = said


def _clauses(text: str) -> list[str]:
    """What is written without spaces is parted after its marks, and nowhere else: words are not known there."""
    parts: list[str] = []
    for part in _AFTER_MARK.split(text):
        if parts and (not plain(part) or space_between(plain(parts[-1]), plain(part)) or "<" in text):
            parts[-1] += part
        elif part:
            parts.append(part)
    return parts


def _parts(
    cue: Cue, end: float, tokens: Sequence[_Token], shown_label: str, language: str, profile: Profile
) -> Sequence[Cue]:
    """The words in the cues that `segment` makes of them until `end`; none if it cut a word, or the label."""
    pace = (end - cue.start) / max(1, sum(width(token.said) for token in tokens))
    words, now = [Word(part, cue.start, cue.start, 1.0) for part in shown_label.split()], cue.start
    for token in tokens:
        after = now + width(token.said) * pace
        words.append(Word(token.said, now, after, 1.0))
        now = after
    whole = [*shown_label.removeprefix(">> ").split(), tokens[0].said]  # nowhere does a label stand alone
    made = segment(Transcript(tuple(words), language, "", "", end), profile, (" ".join(whole),))
    left, rows, spans = list(tokens), [], []
    for index, one in enumerate(made.cues):
        texts = [plain(line.text) for line in one.lines]
        if index == 0:
            if not texts[0].startswith(shown_label.strip()):
                return []
            texts[0] = texts[0].removeprefix(shown_label.strip())
        taken = [_take(left, text) for text in texts]
        spans.append((max(one.start, cue.start), min(one.end, end) if index + 1 < len(made.cues) else end, len(taken)))
        rows += taken
    if left or not all(rows) or any(start >= until for start, until, _ in spans):
        return []
    lines = iter(_balanced([_joined(row) for row in rows]))
    return [Cue(start, until, tuple(map(Line, islice(lines, count)))) for start, until, count in spans]


def _joined(tokens: Sequence[_Token]) -> str:
    return tokens[0].text + "".join(token.space + token.text for token in tokens[1:])


def _take(left: list[_Token], text: str) -> list[_Token]:
    """Take the tokens of a line's text off those that are left; none if the line does not end with one of them."""
    wanted, length, count = len("".join(text.split())), 0, 0
    while length < wanted and count < len(left):
        length += len("".join(left[count].said.split()))
        count += 1
    if length != wanted:
        return []
    taken = left[:count]
    del left[:count]
    return taken


def _balanced(lines: Sequence[str]) -> list[str]:
    """Lines of which each closes the tags that it opens, so that any of them may stand in another cue."""
    opened: list[re.Match[str]] = []
    made = []
    for line in lines:
        again = "".join(tag[0] for tag in opened)
        for tag in TAG.finditer(line):
            if tag["close"]:
                opened.pop()
            elif tag["name"]:
                opened.append(tag)
        made.append(again + line + "".join(f"</{tag['name']}>" for tag in reversed(opened)))
    return made


def _labelled(cue: Cue, shown_label: str) -> Cue:
    """The cue as it is shown, its label a part of the text."""
    texts = [escape(shown_label) * (index == 0) + line.text for index, line in enumerate(cue.lines)]
    return replace(cue, lines=tuple(map(Line, texts)))


def _badness(cues: Sequence[Cue], language: str, profile: Profile) -> float:
    """The weights of the rules that cues break, each by its cue's share of the characters."""
    track = Track(language, tuple(cues), profile.labels)
    sizes = [sum(map(width, lines)) for lines in shown(track)]
    broken = check(track, profile).problems
    lost = sum(
        RULES[problem.kind].weight * sizes[problem.cue] for problem in broken if not RULES[problem.kind].of_track
    )
    return round(lost / max(1, sum(sizes)), 6)
