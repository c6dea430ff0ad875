"""The words of a language, and how often they are said: pyspellchecker's lists, made from subtitles of films."""

from __future__ import annotations

from captions.cleaning.glossary import Vocabulary

MILLION = 1_000_000


def of(language: str) -> Vocabulary | None:
    """The words of a language (BCP-47) with how often each is said in a million; None if there is no list of it.

    Reads half a megabyte or two, in a third of a second; it is not kept.
    """
    from spellchecker import SpellChecker

    name = language.partition("-")[0].casefold()
    if name not in SpellChecker.languages():
        return None
    words = SpellChecker(language=name).word_frequency
    return {word: count / words.total_words * MILLION for word, count in words.dictionary.items()}
