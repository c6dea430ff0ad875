"""Whose voices these are: the embeddings of a recording beside the voice prints of speakers. Only computes.

Two thresholds of likeness (cosine similarity) make three bands: recognised, unsure, which asks a person, and unknown.
A wrong name in captions is worse than none, so a voice is recognised only if no other speaker is nearly as like it,
and of two voices that are like one speaker only the nearer one is: diarizers seldom split a voice, and speakers of one
family are alike.

The thresholds belong to the model that makes the embeddings. Those set by default are for community-1, whose weights
are gated: they are not calibrated here, but reckoned high from what its makers' clustering and VoxCeleb's verification
take for one voice (0.5 to 0.6). `calibrated` finds them for any model from recordings of known people.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ConfigDict, Field, model_validator

from captions.voice_print import Embedding, similarity

MARGIN = 0.05
"""By which the nearest speaker is to be nearer than the next."""

LEAST_SECONDS = 3.0
"""Of speech: embeddings of less tell more of the words than of the voice."""

SURE_DEVIATIONS, UNSURE_DEVIATIONS = 4.0, 2.0
"""How far above the mean likeness of two people the thresholds are, in standard deviations."""


class Options(BaseModel):
    """[daemon.speech.identity]"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: bool = True
    sure: float = Field(default=0.75, gt=0, le=1)
    unsure: float = Field(default=0.55, gt=0, le=1)
    keep_unnamed_days: int = Field(default=90, ge=0)  #: embeddings of voices that nobody named; 0: for ever

    @model_validator(mode="after")
    def _in_order(self) -> Options:
        if self.unsure > self.sure:
            raise ValueError("unsure must not be above sure")
        return self


@dataclass(frozen=True)
class Thresholds:
    """From which likeness on a voice is recognised, and from which a person is asked."""

    sure: float
    unsure: float


@dataclass(frozen=True)
class Likeness:
    """The speaker whose print is nearest to a voice, by how much, and whether it is surely theirs."""

    speaker: int
    similarity: float
    is_sure: bool


@dataclass(frozen=True)
class HeardVoice:
    """What a voice of a recording is like, and for how many seconds it speaks."""

    embedding: Embedding
    seconds: float


def identified(
    voices: Mapping[str, HeardVoice], prints: Mapping[int, Embedding], thresholds: Thresholds
) -> dict[str, Likeness]:
    """For each voice that is like a speaker's by at least `unsure`, whose. Others are left out."""
    found: dict[str, Likeness] = {}
    for label, voice in voices.items():
        ranked = sorted(((similarity(voice.embedding, known), who) for who, known in prints.items()), reverse=True)
        if voice.seconds < LEAST_SECONDS or not ranked or ranked[0][0] < thresholds.unsure:
            continue
        best, who = ranked[0]
        ahead = best - ranked[1][0] if len(ranked) > 1 else MARGIN
        found[label] = Likeness(who, best, best >= thresholds.sure and ahead >= MARGIN)
    return {label: alone for label, one in found.items() if (alone := _alone(one, found.values())) is not None}


def _alone(one: Likeness, found: Iterable[Likeness]) -> Likeness | None:
    """The same, unsure where another voice is more like the speaker; None where that one is surely theirs."""
    nearer = [other for other in found if other.speaker == one.speaker and other.similarity > one.similarity]
    if not nearer:
        return one
    unlikely = not one.is_sure and any(other.is_sure for other in nearer)
    return None if unlikely else replace(one, is_sure=False)


def calibrated(own: Sequence[float], others: Sequence[float]) -> Thresholds:
    """Thresholds from likenesses of recordings of one person, and of different people, at least two of these.

    Above all that different people were alike, by how these scatter, and at least halfway to what a person's own voice
    is like: of a few people the most alike are not the most alike that there are.
    """
    mean, deviation = statistics.fmean(others), statistics.stdev(others)
    halfway = (max(others) + statistics.median(own)) / 2
    sure = min(1.0, max(max(others), mean + SURE_DEVIATIONS * deviation, halfway))
    return Thresholds(sure, min(sure, mean + UNSURE_DEVIATIONS * deviation))
