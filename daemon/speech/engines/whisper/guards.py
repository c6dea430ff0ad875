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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from captions import decoding
from captions.text import clean_line
from captions.transcript import SpeechSpan, Word

# two of those that OpenAI's own transcribe() has as defaults
NO_SPEECH_PROBABILITY = 0.6
LOG_PROBABILITY = -1.0

PILE_WORDS, PILE_SECONDS = 8, 0.5  # twice as fast as the fastest: word times are off by a tenth of a second or two
PILE_CONFIDENCE = 0.3
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
    found = chain(silent(stretches), looping(words), piles(words), away(words, speech))
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


def looping(words: Sequence[Word]) -> Iterator[Finding]:
    """The same words on end, from the second time on."""
    for loop in decoding.loops(words):
        why = f"where the same was recognised {loop.times} times on end; kept once"
        yield Finding(loop.first, loop.last, loop.lost, why)


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
    for run in decoding.away(words, speech):
        yield Finding(run.start, run.stop, True, "where no speech was detected")


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
