"""What is heard in the voices of a recording beside the words: what each feels, and how it speaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from captions.transcript import EmotionSpan, Transcript
from daemon.speech.audio import Audio
from daemon.speech.emotion import prosody, stretches
from daemon.speech.emotion.contract import EmotionEngine
from daemon.speech.emotion.prosody import Manner

LAUGHTER = frozenset({"laugh", "laughing", "laughter"})
"""Labels of a model that say how somebody sounds, not what they feel."""

LAUGHING = "laughing"
DIGITS = 4  # of a score


def heard(
    spoken: Transcript, audio: Audio, engine: EmotionEngine, progress: Callable[[float], None] = lambda _part: None
) -> Transcript:
    """The transcript with its emotions, and with the manners of speaking among its extras.

    `manners` there is a list of {start, end, speaker, descriptors}, without those that have no descriptor.
    """
    turns = stretches.of(spoken)
    found = engine.emotions(audio, turns, progress)
    manners = [
        *(_manner(one) for one in prosody.manners(audio.samples, audio.sample_rate, turns, spoken.words)),
        *(_laughter(span) for span in found if span.label in LAUGHTER),
    ]
    told = sorted((one for one in manners if one["descriptors"]), key=lambda one: (one["start"], one["end"]))
    return replace(spoken, emotions=_feelings(found), extras={**spoken.extras, "manners": told})


def _feelings(found: Sequence[EmotionSpan]) -> tuple[EmotionSpan, ...]:
    return tuple(
        replace(span, scores={label: round(score, DIGITS) for label, score in span.scores.items()})
        for span in found
        if span.label not in LAUGHTER
    )


def _manner(one: Manner) -> dict[str, Any]:
    turn = one.turn
    return {
        "start": turn.start,
        "end": turn.end,
        "speaker": turn.speaker or None,
        "descriptors": list(one.descriptors),
    }


def _laughter(span: EmotionSpan) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "speaker": span.speaker, "descriptors": [LAUGHING]}
