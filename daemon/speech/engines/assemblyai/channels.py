"""What comes back where each channel was heard for itself: whose words they are, their order, and doubles.

Pure. Each object has its channel ("1", "2"), and as its speaker the channel, or with speaker_labels the speaker on it
("1A"): assemblyai.com/docs, multichannel transcription. In which order words of different channels come is not said.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import groupby
from typing import Any

from captions.transcript import SpeakerTurn, Word

Json = dict[str, Any]

LABELLED = ("words", "utterances", "sentiment_analysis_results")
SLACK_SECONDS = 0.1  # by so much the times of one word on two channels may differ beyond an overlap


def labelled(answer: Json) -> Json:
    """The answer, with speakers that no other channel has."""
    told = {
        name: [_labelled(one) if isinstance(one, dict) else one for one in answer[name]]
        for name in LABELLED
        if isinstance(answer.get(name), list)
    }
    return {**answer, **told, "multichannel": True}


def _labelled(one: Json) -> Json:
    channel, speaker = _plain(one.get("channel")), _plain(one.get("speaker"))
    return {**one, "speaker": speaker if speaker.startswith(channel) else channel + speaker}


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, str) or (type(value) is int and abs(value) < 1000) else ""


def of_each(told: Iterable[tuple[str, Json]]) -> list[list[tuple[str, Json]]]:
    """Words, with their objects, by channel; in their order."""
    found: dict[str, list[tuple[str, Json]]] = {}
    for text, one in told:
        found.setdefault(_plain(one.get("channel")), []).append((text, one))
    return list(found.values())


def are_in(answer: Json) -> bool:
    """Whether each channel was heard for itself."""
    return answer.get("multichannel") is True


def merged(channels: Sequence[list[Word]]) -> tuple[list[Word], int]:
    """The words of all channels in order of time, each channel's being so already, and how many were doubles.

    A word that is said on two channels at the same time is one that leaks from a microphone into the other. It is kept
    once: of several in a row those of the channel that is surer of them.
    """
    none: list[Word] = []
    words = reduce(_joined, channels, none)
    return words, sum(map(len, channels)) - len(words)


def _joined(first: list[Word], second: list[Word]) -> list[Word]:
    left_out: set[int] = set()
    for _, row in groupby(enumerate(_doubles(first, second)), lambda one: (one[1][0] - one[0], one[1][1] - one[0])):
        ours, theirs = zip(*(pair for _, pair in row), strict=True)
        surer = sum(first[place].confidence for place in ours) >= sum(second[place].confidence for place in theirs)
        left_out |= {id(second[place]) for place in theirs} if surer else {id(first[place]) for place in ours}
    kept = [word for word in (*first, *second) if id(word) not in left_out]
    return sorted(kept, key=lambda word: word.start)


def _doubles(first: Sequence[Word], second: Sequence[Word]) -> list[tuple[int, int]]:
    """The places of words with the same text at the same time; each place once."""
    waiting: dict[str, deque[int]] = {}
    for place, word in enumerate(second):
        waiting.setdefault(_spoken(word), deque()).append(place)
    found = []
    for place, word in enumerate(first):
        others = waiting.get(_spoken(word), deque())
        while others and second[others[0]].end + SLACK_SECONDS <= word.start:
            others.popleft()
        if others and second[others[0]].start - SLACK_SECONDS < word.end:
            found.append((place, others.popleft()))
    return found


def _spoken(word: Word) -> str:
    """The text without what is not heard of it."""
    return "".join(one for one in word.text.casefold() if one.isalnum()) or word.text


def spoken(turns: Iterable[SpeakerTurn], words: Sequence[Word]) -> list[SpeakerTurn]:
    """The turns of which a word is left, from the first such word to the last."""
    of_speaker: dict[str | None, list[Word]] = {}
    for word in words:
        of_speaker.setdefault(word.speaker, []).append(word)
    found = []
    for turn in turns:
        own = of_speaker.get(turn.speaker, [])
        left = own[
            bisect_left(own, turn.start, key=lambda word: word.start) : bisect_right(
                own, turn.end, key=lambda word: word.start
            )
        ]
        if left:
            found.append(SpeakerTurn(left[0].start, min(turn.end, max(word.end for word in left)), turn.speaker))
    return found
