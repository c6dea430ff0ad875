"""The rule on what probably nobody said: credits where nothing is heard, and what a decoder says in a loop."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from captions.check.rules import Kind
from captions.cleaning.credits import is_credit
from captions.decoding import repeats
from captions.text import clean_line
from captions.track import Cue
from captions.transcript import SpeechSpan, Transcript

HEARD_SHARE = 0.2  # of a credit that may lie in speech: detectors keep some padding
NO_SPEECH_PROBABILITY = 0.6  # Whisper's own bound
END_SILENCE_SECONDS = 10.0
SHOWN_CHARACTERS = 40


def found(
    cues: Sequence[Cue], texts: Sequence[Sequence[str]], transcript: Transcript | None
) -> Iterator[tuple[Kind, int, str]]:
    """Give the kind, the cue's index and the detail of each problem; `texts`: the lines that each cue shows."""
    speech = transcript.speech if transcript and not transcript.approximate else ()
    yield from ((Kind.HALLUCINATION, *one) for one in _credits(cues, texts, speech))
    yield from ((Kind.HALLUCINATION, *one) for one in _loops(texts))


def _credits(
    cues: Sequence[Cue], texts: Sequence[Sequence[str]], speech: Sequence[SpeechSpan]
) -> Iterator[tuple[int, str]]:
    """Where no speech was detected; where nothing is known of that, as the last words after long silence."""
    heard = [span for span in speech if span.no_speech_probability <= NO_SPEECH_PROBABILITY]
    ends = [span.end for span in heard]
    is_ending = True
    for index in reversed(range(len(cues))):
        text = " ".join(texts[index])
        if not text:
            continue
        if not is_credit(text):
            if not speech:
                return
            is_ending = False
            continue
        if speech:
            if _share(cues[index], heard, ends) < HEARD_SHARE:
                yield index, f"“{clean_line(text, SHOWN_CHARACTERS)}” where no speech is heard"
        elif is_ending and cues[index].start - (cues[index - 1].end if index else 0.0) >= END_SILENCE_SECONDS:
            yield index, f"“{clean_line(text, SHOWN_CHARACTERS)}” in the end, after a silence"
            return


def _share(cue: Cue, heard: Sequence[SpeechSpan], ends: Sequence[float]) -> float:
    """How much of a cue lies in speech, 0 to 1."""
    inside = 0.0
    for span in heard[bisect_left(ends, cue.start) :]:
        if span.start >= cue.end:
            break
        inside += min(cue.end, span.end) - max(cue.start, span.start)
    return inside / cue.seconds


def _loops(texts: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """The same words on end, told where they begin to repeat."""
    cues = [[word for line in lines for word in line.split()] for lines in texts]
    words = [word for cue in cues for word in cue]
    ends = list(accumulate(map(len, cues)))
    for at, length, times in repeats(words):
        said = clean_line(" ".join(words[at : at + length]), SHOWN_CHARACTERS)
        yield bisect_left(ends, at + length + 1), f"“{said}” {times} times on end"
