"""A change of a transcript's words: what a rule wants, and what is told of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from captions.transcript import Word


class What(StrEnum):
    """The kinds of changes; the first five leave out what nobody said."""

    SILENCE = "silence"  #: nobody speaks there
    LOOP = "loop"  #: the same again and again; kept once
    HASTE = "haste"  #: faster than anybody speaks
    CREDIT = "credit"  #: a phrase that recognisers put where nobody speaks
    NOISE = "noise"  #: the detector says that there is hardly any speech
    FILLER = "filler"  #: um
    REPEAT = "repeat"  #: I I think
    CUT_OFF = "cut_off"  #: wh- what
    NUMBER = "number"  #: twenty five percent → 25%
    PROFANITY = "profanity"  #: f***
    TERM = "term"  #: as the glossary writes it


UNSAID = (What.SILENCE, What.LOOP, What.HASTE, What.CREDIT, What.NOISE)


@dataclass(frozen=True)
class Change:
    """What stands from `start` to `end` seconds now (`after`), and what stood there (`before`).

    Words beside a removal are part of it where their case or punctuation was mended. The confidence of a word that
    replaces another, or several, is the lowest of theirs.
    """

    what: What
    start: float
    end: float
    before: str
    after: str


@dataclass(frozen=True)
class Edit:
    """Words that shall stand in the place of those from index `first` to before `last`."""

    what: What
    first: int
    last: int
    words: tuple[Word, ...] = ()


def applied(words: Sequence[Word], edits: Iterable[Edit]) -> tuple[tuple[Word, ...], tuple[Change, ...]]:
    """Words after the edits, and what each changed. Of edits that overlap, the one that begins first is done."""
    kept: list[Word] = []
    changes = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.first, edit.last)):
        old = words[edit.first : edit.last]
        if edit.first < done or not old or tuple(old) == edit.words:
            continue
        kept += [*words[done : edit.first], *edit.words]
        done = edit.last
        before, after = (" ".join(word.text for word in some) for some in (old, edit.words))
        changes.append(Change(edit.what, old[0].start, max(word.end for word in old), before, after))
    return (*kept, *words[done:]), tuple(changes)
