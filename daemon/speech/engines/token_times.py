"""Times for tokens that came without: from another engine's tokens of the same sound, or from where speech is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from captions.transcript import SpeechSpan
from daemon.speech.engines.tokens import MARK, TOKEN_SECONDS, Token


def aligned(said: Sequence[str], timed: Sequence[Token], speech: Sequence[SpeechSpan]) -> list[Token]:
    """Give the tokens `said` the times of the same characters in `timed`; those between, times between.

    Before the first and after the last that both have, there are the beginning and the end of `speech`. A token's
    confidence is the share of its characters that are in `timed` too. Where none are, and where `timed` is empty:
    see `spread`.
    """
    import numpy as np

    characters = [character for text in said for character in _plain(text)]
    others = _characters_with_times(timed, speech[-1].end)
    matcher = SequenceMatcher(None, characters, [character for character, _ in others], autojunk=False)
    found = {
        block.a + step: others[block.b + step][1]
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }
    if not found:
        return spread(said, speech, 0.0 if timed else 1.0)
    ends = {-1: min(speech[0].start, *found.values()), len(characters): max(speech[-1].end, *found.values())}
    places = dict(sorted({**ends, **found}.items()))
    times = np.interp(np.arange(len(characters)), list(places), list(places.values()))
    return _owned(said, times.tolist(), [float(place in found) for place in range(len(characters))], speech[0].start)


def spread(said: Sequence[str], speech: Sequence[SpeechSpan], confidence: float = 1.0) -> list[Token]:
    """Spread the tokens `said` evenly, by their characters, over the spans of `speech`, and over no pause."""
    import numpy as np

    count = sum(len(_plain(text)) for text in said)
    spoken = list(accumulate((span.end - span.start for span in speech), initial=0.0))
    places = [spoken[-1] * number / count for number in range(count)]
    inside = np.clip(np.searchsorted(spoken, places, side="right") - 1, 0, len(speech) - 1).tolist()
    times = [speech[span].start + place - spoken[span] for span, place in zip(inside, places, strict=True)]
    return _owned(said, times, [confidence] * count, speech[0].start)


def _plain(text: str) -> str:
    return text.replace(MARK, " ").strip()


def _characters_with_times(timed: Sequence[Token], end: float) -> list[tuple[str, float]]:
    """Each character and when it begins: those of a token share the time to the next one, at most TOKEN_SECONDS."""
    found: list[tuple[str, float]] = []
    for token, following in pairwise([*timed, Token("", end)]):
        lasts = min(TOKEN_SECONDS, max(0.0, following.start - token.start))
        characters = _plain(token.text)
        found += [(one, token.start + lasts * place / len(characters)) for place, one in enumerate(characters)]
    return found


def _owned(said: Sequence[str], times: Sequence[float], confidences: Sequence[float], begin: float) -> list[Token]:
    """The tokens, each with the time of its first character and the mean confidence of all of them.

    A mark by itself, which only says that a word begins, has the time of what was said before it.
    """
    found: list[Token] = []
    place = 0
    for text in said:
        until = place + len(_plain(text))
        sure = confidences[place:until]
        begin = times[place] if sure else begin
        found.append(Token(text, begin, sum(sure) / len(sure) if sure else 1.0))
        place = until
    return found
