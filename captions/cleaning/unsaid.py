"""Words that nobody said, whatever engine heard them: left out only where two things speak against them. Pure.

    loop      the same four times on end and compressible as no speech is; also ten times, too fast, or not believed
    silence   two seconds from any speech; or half a second, and doubtful
    noise     within speech that is probably none, and the words are not believed
    haste     five words at more than 30 letters a second, and not believed
    credit    a phrase of `credits` where no speech was detected; where nothing is known of that, as the last words,
              after ten seconds without any

A confidence of 0 is that of a guess, and says nothing. Where times are guesses, only loops are looked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import chain

from captions import decoding
from captions.cleaning.change import Edit, What
from captions.cleaning.credits import is_credit
from captions.cleaning.writing import ends_sentence, without
from captions.transcript import SpeechSpan, Transcript, Word

NOT_BELIEVED = 0.3  # mean confidence; Whisper's guards take the same
DOUBTFUL = 0.5  # more likely wrong than right, as in check.py
SILENT_CONFIDENCE = 0.37  # e^-1: Whisper's own bound of -1 for the log probability
NO_SPEECH_PROBABILITY = 0.6  # Whisper's own bound
FAR_SECONDS = 2.0  # word times are off by less, and so are detectors
HASTE_WORDS = 5
LETTERS_PER_SECOND = 30.0  # a dozen syllables: twice as fast as fast talk
LETTERS_OF_A_SYLLABLE = 2.5  # what a sign of Chinese, or of kana, counts for
HEARD_SHARE = 0.2  # of a credit that may lie in speech: detectors keep some padding
PAUSE_SECONDS = 2.0  # parts sentences where there is no punctuation
END_SILENCE_SECONDS = 10.0


def edits(words: Sequence[Word], transcript: Transcript) -> Iterator[Edit]:
    """What is to be left out of `words`; of `transcript`, where speech was detected counts, and whether times hold."""
    found = _loops(words)
    if not transcript.approximate:
        credit = _credits(words, transcript.speech)
        found = chain(
            credit, found, _silence(words, transcript.speech), _noise(words, transcript.speech), _haste(words)
        )
    return (without(what, words, first, last) for what, first, last in found)


_Found = Iterator[tuple[What, int, int]]


def _loops(words: Sequence[Word]) -> _Found:
    for loop in decoding.loops(words):
        if loop.lost or _confidence(words[loop.first : loop.last]) < NOT_BELIEVED:
            yield What.LOOP, loop.first, loop.last


def _silence(words: Sequence[Word], speech: Sequence[SpeechSpan]) -> _Found:
    for run in decoding.away(words, speech):
        if _confidence(words[run.start : run.stop]) < DOUBTFUL:
            yield What.SILENCE, run.start, run.stop
    for run in decoding.away(words, speech, FAR_SECONDS):
        yield What.SILENCE, run.start, run.stop


def _noise(words: Sequence[Word], speech: Sequence[SpeechSpan]) -> _Found:
    starts = [word.start for word in words]
    for span in speech:
        if span.no_speech_probability > NO_SPEECH_PROBABILITY:
            first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
            if first < last and _confidence(words[first:last]) < SILENT_CONFIDENCE:
                yield What.NOISE, first, last


def _haste(words: Sequence[Word]) -> _Found:
    first = end = 0
    for at in range(len(words) - HASTE_WORDS + 1):
        window = words[at : at + HASTE_WORDS]
        seconds = max(window[-1].end - window[0].start, 0.001)
        if sum(map(_letters, window)) / seconds <= LETTERS_PER_SECOND or _confidence(window) >= NOT_BELIEVED:
            continue
        if at >= end:
            if first < end:
                yield What.HASTE, first, end
            first = at
        end = at + HASTE_WORDS
    if first < end:
        yield What.HASTE, first, end


def _letters(word: Word) -> float:
    letters = sum(character.isalnum() for character in word.text)
    return letters * (LETTERS_OF_A_SYLLABLE if max(word.text, default="") >= "\u2e80" else 1.0)


def _credits(words: Sequence[Word], speech: Sequence[SpeechSpan]) -> _Found:
    heard = [span for span in speech if span.no_speech_probability <= NO_SPEECH_PROBABILITY]
    said = list(_sentences(words))
    ending = True
    for first, last in reversed(said):
        sentence = words[first:last]
        if not is_credit(" ".join(word.text for word in sentence)):
            ending = False
        elif speech:
            if _share(sentence[0].start, sentence[-1].end, heard) < HEARD_SHARE:
                yield What.CREDIT, first, last
        elif ending and sentence[0].start - (words[first - 1].end if first else 0.0) >= END_SILENCE_SECONDS:
            yield What.CREDIT, first, len(words)
            ending = False


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """From which word to before which one each goes: to its last mark, a pause, or another speaker."""
    first = 0
    for at in range(1, len(words) + 1):
        before = words[at - 1]
        after = words[at] if at < len(words) else None
        if (
            after is None
            or ends_sentence(before.text)
            or after.start - before.end >= PAUSE_SECONDS
            or after.speaker != before.speaker
        ):
            yield first, at
            first = at


def _share(start: float, end: float, speech: Sequence[SpeechSpan]) -> float:
    """How much of a stretch lies in the spans, 0 to 1."""
    inside = sum(max(0.0, min(end, span.end) - max(start, span.start)) for span in speech)
    return inside / max(end - start, 0.001)


def _confidence(words: Sequence[Word]) -> float:
    """The mean of those that are known; 1 if none is."""
    known = [word.confidence for word in words if word.confidence > 0]
    return sum(known) / len(known) if known else 1.0
