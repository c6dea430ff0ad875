"""Profanity masked, f***: whole words of short lists, never a part of a word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from captions.cleaning.change import Edit, What
from captions.transcript import Word


class Profanity(StrEnum):
    """What becomes of it."""

    OFF = "off"
    MASK = "mask"  #: f***


LISTS = {
    "en": """
        fuck fucks fucked fucker fuckers fuckin fucking motherfucker motherfuckers motherfucking shit shits shitty
        shitting bullshit horseshit cunt cunts bitch bitches asshole assholes cocksucker cocksuckers twat wanker wankers
    """,
    "de": """
        fick ficken fickt gefickt ficker scheiße scheisse scheiß scheiss beschissen arschloch arschlöcher wichser fotze
        hurensohn hurensöhne
    """,
    "fr": "putain putains merde merdes connard connards connasse salope salopes enculé enculés enculer",
    "es": """
        puta putas puto putos mierda mierdas joder jodido jodida coño cabrón cabrones gilipollas pendejo pendejos
        hijoputa
    """,
    "it": "cazzo cazzi merda merde stronzo stronzi stronza vaffanculo puttana puttane coglione coglioni",
    "pt": "caralho caralhos merda merdas puta putas foda foder fodido fodida filhodaputa",
    "nl": "kut klootzak klootzakken godverdomme neuken",
    "pl": "kurwa kurwy kurwo pierdolić pierdolę pierdolony spierdalaj jebać jebany chuj chuja",
    "ru": "блядь бляди сука суки хуй хуя пиздец пизда ебать ебаный",
}
"""Names and words with a harmless sense besides ("Dick", "ass", "cock") are in none."""

_WORD = re.compile(r"[^\W\d_]+")
_WORDS = {language: frozenset(words.split()) for language, words in LISTS.items()}


def edits(words: Sequence[Word], language: str, wanted: Profanity) -> Iterator[Edit]:
    """The masks over words of a language, by its primary subtag."""
    listed = _WORDS.get(language, frozenset()) if wanted is Profanity.MASK else frozenset()
    if not listed:
        return
    for at, word in enumerate(words):
        text = _WORD.sub(lambda found: _masked(found[0]) if found[0].casefold() in listed else found[0], word.text)
        if text != word.text:
            yield Edit(What.PROFANITY, at, at + 1, (replace(word, text=text),))


def _masked(text: str) -> str:
    return text[0] + "*" * (len(text) - 1)
