"""Tokens of a recogniser, each with the time at which it begins, joined to words. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from captions.text import clean_line, space_between
from captions.transcript import Word

TOKEN_SECONDS = 0.4  # what a token lasts at most where nothing follows at once: a long syllable
WORD_CHARACTERS = 200  # what no word exceeds; a decoder in a loop does
MARK = "▁"  # SentencePiece's: a word begins here
CLOSING = frozenset(".,!?…:;)]}»”’%。，！？；：、）」』》〉】")  # written to the word before
_SPECIAL = re.compile(rf"[\s{MARK}]*<[^<>]*>\s*")  # <unk>, <blk>, <|en|>: nothing that was said
LEAST = 1e-9  # of a probability, for its logarithm


@dataclass(frozen=True)
class Token:
    """`text` has "▁" or a space before it where it begins a word; `start` in seconds; `confidence` 0 to 1."""

    text: str
    start: float
    confidence: float = 1.0


def words(tokens: Sequence[Token], begin: float, end: float) -> list[Word]:
    """Join the tokens of a piece that lasts from `begin` to `end` seconds.

    Every token is in one word, in order, but those in angle brackets; characters of scripts without spaces are words
    of their own, closing punctuation is of the word before it, opening punctuation of the one after. Times lie within
    the piece, never run back, and no word ends after the next begins.
    """
    said = list(_ordered(tokens, begin, end))
    groups = _punctuated(list(_groups(said)))
    starts = [*(group[0].start for group in groups), end]
    found = [_word(group, said, following) for group, following in zip(groups, starts[1:], strict=True)]
    return [word for word in found if word.text]


def without_spaces(character: str) -> bool:
    """Whether it is of a script that sets no space between words."""
    return bool(character) and not space_between(character, character)


def _ordered(tokens: Sequence[Token], begin: float, end: float) -> Iterator[Token]:
    latest = begin
    for token in tokens:
        if not _SPECIAL.fullmatch(token.text):
            latest = min(max(latest, token.start), end)
            yield replace(token, text=token.text.replace(MARK, " "), start=latest)


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    group: list[Token] = []
    for token in tokens:
        if group and _begins(group[-1].text, token.text):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _begins(before: str, text: str) -> bool:
    """Whether a word begins with `text`: by its space, or where a character that is a word of its own is met."""
    met = bool(before.strip()) and (without_spaces(before[-1:]) or without_spaces(text[:1]))
    return text[:1].isspace() or met


def _punctuated(groups: Sequence[list[Token]]) -> list[list[Token]]:
    """Punctuation that came as a word of its own, written to the word that it is of."""
    found: list[list[Token]] = []
    for group in groups:
        if found and (_is_all(group, _closes) or _is_all(found[-1], _opens)):
            found[-1].extend(group)
        else:
            found.append(list(group))
    return found


def _is_all(group: Sequence[Token], judge: Callable[[str], bool]) -> bool:
    text = _text(group)
    return bool(text) and all(judge(character) for character in text)


def _closes(character: str) -> bool:
    return character in CLOSING


def _opens(character: str) -> bool:
    return character in "¿¡" or unicodedata.category(character) in ("Ps", "Pi")


def _text(group: Sequence[Token]) -> str:
    return "".join(token.text.strip() for token in group)


def _word(group: Sequence[Token], said: Sequence[Token], following: float) -> Word:
    spoken = [token for token in group if any(character.isalnum() for character in token.text)] or group
    last = spoken[-1]
    later = (token.start for token in said if token.start > last.start)
    ends = min(last.start + TOKEN_SECONDS, next(later, following), following)
    mean = sum(math.log(min(1.0, max(LEAST, token.confidence))) for token in spoken) / len(spoken)
    return Word(clean_line(_text(group), WORD_CHARACTERS), group[0].start, max(group[0].start, ends), math.exp(mean))
