"""Words that nobody said: what a decoder makes of music, of noise, or in a loop, and by which rule it goes.

faster-whisper has guards of its own, but only where it goes window after window; these hold in the batched mode too.
What is doubtful loses half of its confidence; what is surely wrong is left out, and a sentence says so:

    hardly any speech   no speech is probable (> 0.6) and the words are not (log probability < -1)    left out
    said in a loop      the same words four times on end, and compressible as no speech is (> 2.4)    doubtful
                        ten times, or faster than anybody speaks                                      left out but once
    piled up            eight words within half a second                                              doubtful
                        and the model does not believe them (confidence < 0.3)                        left out
    out of place        half a second from where any speech was detected                              left out

Given what was recognised, return what to keep. Pure.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from captions.text import clean_line
from captions.transcript import SpeechSpan, Word

# the three that OpenAI's own transcribe() has as defaults
NO_SPEECH_PROBABILITY = 0.6
LOG_PROBABILITY = -1.0
COMPRESSION_RATIO = 2.4

LOOP_TIMES = 4  # three times is rhetoric
LOST_LOOP_TIMES = 10  # beyond any refrain, where the compression ratio says so too
LOOP_WORDS = 20  # of what is repeated; a longer loop fills its chunk before it comes round four times
WORDS_PER_SECOND = 10.0  # the fastest speakers reach 8 or so, for a moment
PILE_WORDS, PILE_SECONDS = 8, 0.5  # twice as fast again: word times are off by a tenth of a second or two
PILE_CONFIDENCE = 0.3
AWAY_SECONDS = 0.5
DOUBT = 0.5  # by which the confidence is multiplied

NOTES = 20  # sentences; of more places only the number is told
NOTE_CHARACTERS = 80  # of the words that are left out


@dataclass(frozen=True)
class Stretch:
    """What was decoded in one go: its words, how probable it is that nobody speaks, and how probable the words are.

    `log_probability`: the mean over the tokens, natural logarithm.
    """

    words: tuple[Word, ...]
    no_speech_probability: float
    log_probability: float


@dataclass(frozen=True)
class Finding:
    """Words from index `first` to before `last`, left out or only doubtful; `why` goes on from "at 0:31, "."""

    first: int
    last: int
    left_out: bool
    why: str = ""


@dataclass(frozen=True)
class Judged:
    """What is to be kept, and a sentence for each place where something was left out."""

    words: tuple[Word, ...]
    notes: tuple[str, ...] = ()


def judge(stretches: Sequence[Stretch], speech: Sequence[SpeechSpan]) -> Judged:
    """Keep, doubt or leave out. `speech`: where it was detected, in order; empty: not known."""
    words = tuple(word for stretch in stretches for word in stretch.words)
    found = chain(silent(stretches), loops(words), piles(words), away(words, speech))
    doubtful: set[int] = set()
    left_out: set[int] = set()
    notes = []
    for finding in found:
        there = set(range(finding.first, finding.last))
        if not finding.left_out:
            doubtful |= there
        elif there - left_out:
            left_out |= there
            notes.append(_note(words[finding.first : finding.last], finding.why))
    kept = (_doubted(word) if at in doubtful else word for at, word in enumerate(words) if at not in left_out)
    return Judged(tuple(kept), _few(notes))


def _doubted(word: Word) -> Word:
    return replace(word, confidence=word.confidence * DOUBT)


# ---- the rules


def silent(stretches: Sequence[Stretch]) -> Iterator[Finding]:
    """Stretches in which nobody speaks: by Whisper's own rule, that of its sequential mode."""
    first = 0
    for stretch in stretches:
        last = first + len(stretch.words)
        nobody = stretch.no_speech_probability > NO_SPEECH_PROBABILITY
        if stretch.words and nobody and stretch.log_probability < LOG_PROBABILITY:
            yield Finding(first, last, True, "where there is hardly any speech")
        first = last


def loops(words: Sequence[Word]) -> Iterator[Finding]:
    """The same words on end, from the second time on."""
    keys = [_key(word) for word in words]
    at = 0
    while at < len(keys):
        length, times = _loop(keys, at)
        if times >= LOOP_TIMES:
            again, end = at + length, at + length * times
            lost = times >= LOST_LOOP_TIMES or _pace(words[again:end]) > WORDS_PER_SECOND
            yield Finding(again, end, lost, f"where the same was recognised {times} times on end; kept once")
            at = end
        else:
            at += 1


def _loop(keys: Sequence[str], at: int) -> tuple[int, int]:
    """How many words are repeated from here, and how many times they are there; (0, 0) for no loop."""
    for length in range(1, min(LOOP_WORDS, (len(keys) - at) // LOOP_TIMES) + 1):
        unit, times = keys[at : at + length], 1
        while keys[at + times * length : at + (times + 1) * length] == unit:
            times += 1
        if times >= LOOP_TIMES and compression_ratio(" ".join([*unit] * times)) > COMPRESSION_RATIO:
            return length, times
    return 0, 0


def piles(words: Sequence[Word]) -> Iterator[Finding]:
    """Runs of words that are at one place in time, as far as the model could tell."""
    first = end = 0
    for at in range(len(words) - PILE_WORDS + 1):
        if words[at + PILE_WORDS - 1].end - words[at].start >= PILE_SECONDS:
            continue
        if at >= end:
            yield from _pile(words, first, end)
            first = at
        end = at + PILE_WORDS
    yield from _pile(words, first, end)


def _pile(words: Sequence[Word], first: int, end: int) -> Iterator[Finding]:
    if first < end:
        confidence = sum(word.confidence for word in words[first:end]) / (end - first)
        yield Finding(first, end, confidence < PILE_CONFIDENCE, "faster than anybody speaks")


def away(words: Sequence[Word], speech: Sequence[SpeechSpan]) -> Iterator[Finding]:
    """Words where no speech was detected."""
    if not speech:
        return
    ends = [span.end + AWAY_SECONDS for span in speech]
    first: int | None = None
    for at, word in enumerate((*words, None)):
        if word is not None and _is_away(word, speech, ends):
            first = at if first is None else first
        elif first is not None:
            yield Finding(first, at, True, "where no speech was detected")
            first = None


def _is_away(word: Word, speech: Sequence[SpeechSpan], ends: Sequence[float]) -> bool:
    """Whether the first span that does not end before the word begins only after it."""
    near = bisect_left(ends, word.start)
    return near == len(speech) or speech[near].start - AWAY_SECONDS > word.end


# ---- measures


def _key(word: Word) -> str:
    """What makes two words the same: no case, no punctuation."""
    return re.sub(r"\W+", "", word.text.casefold())


def _pace(words: Sequence[Word]) -> float:
    """Words per second."""
    return len(words) / max(words[-1].end - words[0].start, 0.001)


def compression_ratio(text: str) -> float:
    """How much shorter a text can be told, as Whisper reckons it."""
    whole = text.encode("utf-8")
    return len(whole) / len(zlib.compress(whole))


# ---- what is said of it


def _note(words: Sequence[Word], why: str) -> str:
    said = clean_line(" ".join(word.text for word in words), NOTE_CHARACTERS)
    return f"Left out at {_clock(words[0].start)}, {why}: “{said}”"


def _few(notes: list[str]) -> tuple[str, ...]:
    if len(notes) <= NOTES:
        return tuple(notes)
    return (*notes[:NOTES], f"Words were left out at {len(notes) - NOTES} more places.")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
