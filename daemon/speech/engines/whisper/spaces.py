"""Words of scripts that write a space between phrases alone: Thai, Lao, Burmese.

faster-whisper tells each of their characters as a word (`Tokenizer.split_to_word_tokens`; those of Chinese, Japanese
and Cantonese too, which write no spaces at all). Joined up to the next space they are shown as they are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from captions.transcript import Word

LANGUAGES = frozenset({"th", "lo", "my"})
PAUSE_SECONDS = 0.5  # over which nothing is joined, so that times stay near
CHARACTERS = 200  # that no phrase exceeds; a decoder in a loop does


def joined(found: Iterable[Word]) -> Iterator[Word]:
    """The words, each with those behind it whose text has no space before it, and without these spaces.

    A joined word is as sure as its least sure part.
    """
    last: Word | None = None
    for word in found:
        is_near = last is not None and not word.text.startswith(" ") and word.start - last.end < PAUSE_SECONDS
        if last is not None and is_near and len(last.text) + len(word.text) <= CHARACTERS:
            sure = min(last.confidence, word.confidence)
            last = replace(last, text=last.text + word.text, end=word.end, confidence=sure)
            continue
        if last is not None:
            yield last
        last = replace(word, text=word.text.lstrip())
    if last is not None:
        yield last
