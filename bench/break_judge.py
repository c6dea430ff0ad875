"""Which breaks part what belongs together, judged by a part-of-speech tagger that the segmenter does not use.

The rules are those that Netflix (215758617), the BBC (3.4) and TED agree on. The tagger is HanTa (Wartena 2019,
"A Probabilistic Morphology Model for German Lemmatization", KONVENS), whose wheel carries its English model, with the
tags of the British National Corpus (CLAWS 5).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

PUNCTUATION = tuple(".,;:!?…–—\"'”’)]")
NOUNS, NAMES, NUMBERS = ("NN",), ("NP0",), ("CRD", "ORD")
ADJECTIVES = ("AJ",)
DETERMINERS = ("AT0", "DPS", "DT0")
AUXILIARIES = ("VM0", "VBB", "VBD", "VBZ", "VHB", "VHD", "VHZ", "VDB", "VDD", "VDZ")
FULL_VERBS = ("VV", "VBN", "VBI", "VHI", "VHN", "VBG")
TAGS: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = {
    "article or possessive | noun": ((DETERMINERS, (*NOUNS, *ADJECTIVES, *NAMES)),),
    "auxiliary | verb": ((AUXILIARIES, FULL_VERBS),),
    "first name | last name": ((NAMES, NAMES),),
    "number | unit": ((NUMBERS, NOUNS),),
    "preposition | its phrase": ((("PRP", "PRF"), (*DETERMINERS, *NOUNS, *ADJECTIVES, *NAMES, "PNP")),),
    "to | infinitive": ((("TO0",), ("V",)),),
    "pronoun | verb": ((("PNP",), (*AUXILIARIES, "VVB", "VVD", "VVZ")),),
}
"""What must not be parted: tags, by their beginnings, before and after a break."""


def bad(words: Sequence[str], breaks: Sequence[int]) -> list[str]:
    """For each of the breaks, which is before the word of that index, the rule that it breaks; "" if none."""
    tags = _tagged(words)
    return [_rule(words[index - 1], tags[index - 1], tags[index]) for index in breaks]


def _rule(before: str, left: str, right: str) -> str:
    if before.endswith(PUNCTUATION):
        return ""
    for name, pairs in TAGS.items():
        if any(left.startswith(first) and right.startswith(second) for first, second in pairs):
            return name
    return ""


def _tagged(words: Sequence[str]) -> list[str]:
    """A tag for each word, by sentences: the tagger looks at what is around a word."""
    tags: list[str] = []
    sentence: list[str] = []
    for word in words:
        sentence.append(word.strip("".join(PUNCTUATION) + "([“‘«-") or word)
        if word.endswith((".", "!", "?", "…")):
            tags += _tag(sentence)
            sentence = []
    return tags + (_tag(sentence) if sentence else [])


def _tag(words: Sequence[str]) -> list[str]:
    return [str(tag) for _, _, tag in _tagger()(list(words))]


@cache
def _tagger() -> Callable[[list[str]], Any]:
    from HanTa.HanoverTagger import HanoverTagger

    tagger: Callable[[list[str]], Any] = HanoverTagger("morphmodel_en.pgz").tag_sent
    return tagger
