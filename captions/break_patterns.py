"""What a break costs between two parts of speech: the rules of the houses as a table. Data only.

Costs only compare with each other: 0 is the best place there is. Of the patterns that hold for two words the dearest
counts if any keeps them together (is above ORDINARY), else the cheapest.
"""

from __future__ import annotations

from collections.abc import Mapping

from captions.break_words import Part

CONJUNCTION = 2.0
"""Cost of a break before a conjunction."""
PREPOSITION = 3.0
"""Before a preposition."""
ORDINARY = 4.0
"""Anywhere else."""
NAME = 8.0
"""Where two words may be one thing: a name, a number and what it seems to count, "and" and its clause."""
CLINGING = 14.0
"""After a word that leads to the next, an article, an auxiliary, a preposition; within an amount or a date."""

Patterns = Mapping[tuple[Part, Part], float]

ANY = ~Part(0)
ANY_BUT_AND = ANY & ~Part.COORDINATION
"""What may follow a word that leads on: before "and" it was another use of it ("Give it to him | and go")."""
NUMBER = Part.NUMERAL | Part.YEAR

PATTERNS: Patterns = {
    (Part.DETERMINER | Part.PARTICLE, ANY): CLINGING,
    (Part.PREPOSITION, ANY_BUT_AND): CLINGING,
    (Part.PRONOUN, ANY_BUT_AND): CLINGING,
    (Part.AUXILIARY, ANY): CLINGING,
    (Part.NEGATION, ANY_BUT_AND): CLINGING,
    (Part.ABBREVIATION | Part.OPENING, ANY): CLINGING,
    (ANY, Part.ENCLITIC): CLINGING,
    (Part.TITLE, Part.CAPITAL): CLINGING,
    (NUMBER, Part.UNIT | Part.MONTH): CLINGING,
    (Part.MONTH | Part.NUMBERED, NUMBER): CLINGING,
    (Part.NUMERAL, Part.NUMERAL | Part.OTHER): NAME,
    (Part.NAME, Part.NAME): NAME,
    (Part.COORDINATION | Part.SUBORDINATION, ANY): NAME,
    (ANY, Part.FINAL | Part.OBJECT): NAME,
    (ANY, Part.COORDINATION | Part.SUBORDINATION): CONJUNCTION,
    (ANY, Part.PREPOSITION): PREPOSITION,
}
"""By what ends before the break and what begins after it; the same in all languages but those of OWN_PATTERNS."""

_NEGATION_LAST: Patterns = {(Part.NEGATION, ANY_BUT_AND): NAME}
"""Negation follows the verb, and may end its clause."""
_VERB_LAST: Patterns = {**_NEGATION_LAST, (Part.AUXILIARY, ANY): NAME}
"""And the verb that belongs to an auxiliary may stand far from it, at the end."""
_DATE_BY_PREPOSITION: Patterns = {(Part.NUMERAL, Part.PREPOSITION): NAME}
"""As in "20 de mayo"."""

OWN_PATTERNS: Mapping[str, Patterns] = {
    "da": _NEGATION_LAST,
    "de": _VERB_LAST,
    "es": _DATE_BY_PREPOSITION,
    "id": {(Part.PRONOUN, ANY_BUT_AND): NAME},  # it may be a possessive, after its noun
    "nb": _NEGATION_LAST,
    "nl": _VERB_LAST,
    "nn": _NEGATION_LAST,
    "no": _NEGATION_LAST,
    "pt": _DATE_BY_PREPOSITION,
    "sv": _NEGATION_LAST,
}
"""By language, in the place of the pattern of the same two parts or beside the others."""
