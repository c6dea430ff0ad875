"""What the model is told to expect, cut to what it takes: terms first, then what the recording is about.

Whisper's decoder takes 448 tokens in all; CTranslate2 lets it say up to half of them, and what is told may take the
rest. Counts with a function that it is given; loads nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from captions.text import clean_line
from daemon.speech.engines.contract import PROMPT_CHARACTERS

DECODER_TOKENS = 448
OWN_TOKENS = 5  # start of prompt, start of transcript, language, task, no times
PROMPT_TOKENS = DECODER_TOKENS // 2 - OWN_TOKENS
TERM_CHARACTERS = 200  # what no name exceeds
BETWEEN_TERMS = ", "

Count = Callable[[str], int]
"""How many tokens a text has."""


@dataclass(frozen=True)
class Prompt:
    """`terms` and `context` as the model is told them, "" for none; `left_out`: terms that did not fit."""

    terms: str = ""
    context: str = ""
    left_out: int = 0

    @property
    def note(self) -> str:
        """A sentence on what was left out; "" if nothing was."""
        if not self.left_out:
            return ""
        which = "1 term" if self.left_out == 1 else f"{self.left_out} terms"
        return f"{which} of the glossary did not fit into what Whisper can be told, and had no effect."


def prompt(terms: Iterable[str], context: str, count: Count, limit: int = PROMPT_TOKENS) -> Prompt:
    """Cut terms and context to `limit` tokens in all. The order of the terms says which are dearer."""
    kept, left_out = fitting(terms, count, limit)
    joined = BETWEEN_TERMS.join(kept)
    room = limit - (count(_as_told(joined)) if joined else 0)
    return Prompt(joined, beginning(_plain(context, PROMPT_CHARACTERS), count, room), left_out)


def fitting(terms: Iterable[str], count: Count, limit: int) -> tuple[list[str], int]:
    """The terms that fit, each once, in their order, and how many do not. A long one does not keep out those after."""
    kept: list[str] = []
    left_out = 0
    for term in dict.fromkeys(_plain(term, TERM_CHARACTERS) for term in terms):
        if not term:
            continue
        if count(_as_told(BETWEEN_TERMS.join([*kept, term]))) <= limit:
            kept.append(term)
        else:
            left_out += 1
    return kept, left_out


def beginning(text: str, count: Count, limit: int) -> str:
    """As much of a text, from its beginning, as has `limit` tokens; to the end of a word where there are spaces."""
    cut = text
    while cut and (tokens := count(_as_told(cut))) > max(limit, 0):
        shorter = cut[: min(len(cut) - 1, len(cut) * max(limit, 0) // tokens)]
        cut = (shorter.rpartition(" ")[0] or shorter).rstrip()
    return cut


def _plain(text: str, limit: int) -> str:
    """On one line, and without the marks of the model's own tokens: people can put anything into a title."""
    return clean_line(text, limit).replace("<|", "< ")


def _as_told(text: str) -> str:
    """faster-whisper puts a space before what it is told: it may make one token more."""
    return " " + text
