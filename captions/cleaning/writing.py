"""A written word taken apart, and the writing around a removal mended. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from captions.cleaning.change import Edit, What
from captions.transcript import Word

SENTENCE_ENDS = ".?!…。？！"
_CLOSING = "\"'”’»)]"
_FIRST = re.compile(r"\w")


@dataclass(frozen=True)
class Parts:
    """A word's letters and digits (`core`, with what stands between them) and the punctuation around them."""

    lead: str
    core: str
    trail: str


@lru_cache(maxsize=4096)
def parts(text: str) -> Parts:
    """“Ada!” → “, Ada, !”"""
    first, last = _FIRST.search(text), _FIRST.search(text[::-1])
    if first is None or last is None:
        return Parts(text, "", "")
    end = len(text) - last.start()
    return Parts(text[: first.start()], text[first.start() : end], text[end:])


def ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in tuple(SENTENCE_ENDS)


def begins_sentence(words: Sequence[Word], at: int) -> bool:
    """Whether a word is the first of a sentence, or of what its speaker says."""
    return at == 0 or ends_sentence(words[at - 1].text) or words[at - 1].speaker != words[at].speaker


def capitalised(text: str) -> str:
    """With its first letter in upper case; iPhone stays."""
    core = parts(text).core
    if not core[:1].islower() or core != core.lower():
        return text
    return text.replace(core[0], core[0].upper(), 1)


def without(what: What, words: Sequence[Word], first: int, last: int, *, set_off: bool = False) -> Edit:
    """Leave words out, and mend the writing around them.

    The end of a sentence goes to the word before, its capital to the word after. `set_off`: commas on both sides of
    what goes are there because of it, and go too.
    """
    end = words[last - 1].text
    before = words[first - 1] if first and words[first - 1].speaker == words[first].speaker else None
    after = words[last] if last < len(words) and words[last].speaker == words[last - 1].speaker else None
    mended_before, mended_after = before, after
    if before is not None and not ends_sentence(before.text):
        if ends_sentence(end):
            mended_before = replace(before, text=before.text.rstrip(",;:–—-") + end.rstrip(_CLOSING)[-1])
        elif set_off and end.endswith(",") and before.text.endswith(","):
            mended_before = replace(before, text=before.text[:-1])
    begins = parts(words[first].text).core[:1].isupper() and begins_sentence(words, first)
    if after is not None and begins and not ends_sentence(end):
        mended_after = replace(after, text=capitalised(after.text))
    left = () if mended_before is before or mended_before is None else (mended_before,)
    right = () if mended_after == after or mended_after is None else (mended_after,)
    return Edit(what, first - len(left), last + len(right), (*left, *right))
