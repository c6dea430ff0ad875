"""The rules on what a cue shows: its lines, where they break, whether they can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from captions.break_patterns import CLINGING
from captions.breaks import PAUSE_MILLISECONDS, break_cost, ends_sentence
from captions.check.rules import Kind
from captions.check.timing import SLACK
from captions.labels import NEW_VOICE
from captions.profiles import Profile, width
from captions.text import TAG, clean_line, plain
from captions.track import Cue, Line

ORPHAN_CELLS = 6
"""Widest word that looks lost on a line of its own, with its marks: "there." is none any more at 42 a line."""

# U+FFFD stands for what could not be decoded; private use has no glyph; controls are none. Then UTF-8 that was read
# as Windows-1252, by its commonest traces: é as "Ã©", ’ as "â€™", a no-break space as "Â ", Cyrillic as "Ð¿Ñ€". A
# closing mark after "Ã" may be Portuguese ("«IRMÃ»"), so that it proves nothing.
_UNREADABLE = re.compile(
    "[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]"
    "|[ÃÂ][\u00a0-\u00ba\u00bc-\u00bf]|â€[\u2122\u0153\u009d\u201c\u201d\u02dc\u00a6\u00a2]|(?:[ÐÑ][\u0080-\u00bf\u0152-\u2122]){2}"
)
_SHOWN_TAG = re.compile(r"</?(?:i|b|u|font|c|v)(?:[\s.][^<>]*+)?>|\{\\[a-z]", re.IGNORECASE)
_MARK_ENDS = ("]", ")", "］", "）", "】", "♪")  # "[music]" is no part of a sentence
_GOES_ON = ("..", "…")  # opens what goes on, and closes nothing


def of_size(cue: Cue, lines: Sequence[str], profile: Profile) -> Iterator[tuple[Kind, str]]:
    """Problems of the `lines` that a cue shows, labels of speakers included."""
    widths = [width(line) for line in lines]
    widest, characters = max(widths, default=0), sum(widths)
    if not lines:
        yield Kind.EMPTY, "there is no text"
    if widest > profile.characters_per_line:
        yield Kind.TOO_LONG_LINE, f"{widest} characters in a line, {profile.characters_per_line} at most"
    if len(lines) > profile.lines:
        yield Kind.TOO_MANY_LINES, f"{len(lines)} lines, {profile.lines} at most"
    if characters / (cue.seconds + SLACK) > profile.reading_speed_cap:
        speed = characters / cue.seconds
        yield Kind.TOO_FAST, f"{speed:.1f} characters a second, {profile.reading_speed_cap:g} at most"


def of_writing(cue: Cue) -> Iterator[tuple[Kind, str]]:
    """Problems of the characters and tags of a cue's text."""
    text = cue.text
    if found := _UNREADABLE.search(text):
        signs = " ".join(f"U+{ord(character):04X}" for character in found[0])
        yield Kind.UNREADABLE, f"“{found[0]}” ({signs})" if found[0].isprintable() else signs
    if "<" not in text and "&" not in text and "{" not in text:
        return
    if alone := unbalanced(text):
        yield Kind.MARKUP, f"{clean_line(alone, 40)} stands alone"
    elif shown := _SHOWN_TAG.search(plain(text)):
        yield Kind.MARKUP, f"{clean_line(shown[0], 40)} is shown as text"


def unbalanced(cue_text: str) -> str:
    """The first tag of a cue text that is closed or opened alone; "" if there is none."""
    opened: list[re.Match[str]] = []
    for tag in TAG.finditer(cue_text):
        if tag["name"] is None:  # a time
            continue
        if not tag["close"]:
            opened.append(tag)
        elif opened and opened[-1]["name"].lower() == tag["name"].lower():
            opened.pop()
        else:
            return tag[0]
    return next((tag[0] for tag in opened if tag["name"] != "v"), "")  # a voice may go on to the end


Said = Sequence[tuple[Line, str]]
"""The lines of a cue that show something, each with what it shows, without label."""


def said(cue: Cue) -> Said:
    return [(line, text) for line in cue.lines if (text := plain(line.text))]


def of_breaks(lines: Said, above: Said, silence: int, language: str) -> Iterator[tuple[Kind, str]]:
    """Problems of where the lines of a cue, and the cue `above`, `silence` milliseconds before it, end."""
    before = above[-1:]
    joined = [*before, *lines]
    for index, ((one, upper), (other, lower)) in enumerate(pairwise(joined)):
        if one.speaker != other.speaker or NEW_VOICE.match(lower):
            continue
        last, first = upper.rsplit(maxsplit=1)[-1], lower.split(maxsplit=1)[0]
        pause = silence if before and index == 0 else 0
        if break_cost(last, first, pause, language) >= CLINGING and not first.startswith(_GOES_ON):
            yield Kind.BAD_BREAK, f"“{clean_line(last, 30)} | {clean_line(first, 30)}”"
        is_alone = index == len(joined) - 2 and first == lower and last != upper
        if is_alone and _is_lost(last, first, pause, language):
            yield Kind.ORPHAN, f"“{clean_line(first)}” stands alone"


def _is_lost(last: str, word: str, silence: int, language: str) -> bool:
    """Whether a word that stands alone belongs to the text before it, which ends with `last`."""
    return (
        width(word) <= ORPHAN_CELLS
        and any(character.isalnum() for character in word)
        and silence < PAUSE_MILLISECONDS
        and not ends_sentence(last, language)
        and not last.endswith(_MARK_ENDS)
    )
