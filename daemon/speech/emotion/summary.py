"""What a draft tells of feelings: shares of time for each speaker, and spans to draw, few of both. Only computes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from captions.transcript import EmotionSpan, Transcript
from daemon.speech.emotion import fusion
from daemon.speech.emotion.fusion import Feeling

MOST_SPEAKERS = 12  # who talk most
MOST_LABELS = 8  # of a speaker
MOST_SPANS = 300  # a picture of a thousand pixels shows no more
NEAR_SECONDS = 1.0  # between spans of one feeling that are drawn as one


@dataclass(frozen=True)
class Span:
    """What the voice of a speaker feels from `start` to `end` seconds, with its probability."""

    start: float
    end: float
    speaker: str | None
    label: str
    score: float


def feelings(spoken: Transcript) -> tuple[Feeling, ...]:
    """What is felt in a transcript, by its voices and its words."""
    return fusion.fused(spoken.emotions, fusion.sentences(spoken.extras.get("sentiment")))


def of(spoken: Transcript) -> dict[str, Any]:
    """What is told of a transcript, as plain JSON; {} where nobody listened to its voices.

    `voice`, `both` and `manner` hold {speaker, seconds, shares} for each speaker, shares of the time of their feelings;
    `text` is the share of each polarity; `spans` are what the voices feel, to be drawn. What is not known is left out.
    """
    if "manners" not in spoken.extras:
        return {}
    found = feelings(spoken)
    seconds = _time((one.speaker, "", one.end - one.start) for one in found)
    of_all = {speaker: sum(labels.values()) for speaker, labels in seconds.items()}
    texts = _time((None, one.text, one.end - one.start) for one in found if one.text)
    told = {
        "voice": _shares(_time((one.speaker, one.voice, one.end - one.start) for one in found), of_all),
        "both": _shares(_time((one.speaker, one.both, one.end - one.start) for one in found), of_all) if texts else [],
        "manner": _shares(_time(_manners(spoken.extras["manners"])), of_all),
        "text": _rounded(texts.get(None, {}), sum(texts.get(None, {}).values())),
        "spans": [asdict(one) for one in spans(found)],
    }
    return {name: value for name, value in told.items() if value}


def certain(found: Iterable[Feeling], least: float) -> tuple[EmotionSpan, ...]:
    """What the voices feel with a probability of `least` or more, but for what the words say by themselves."""
    return tuple(
        EmotionSpan(one.start, one.end, one.voice, {one.voice: one.voice_score}, one.speaker)
        for one in found
        if one.voice_score >= least and not one.is_said
    )


def spans(found: Sequence[Feeling]) -> tuple[Span, ...]:
    """The feelings of the voices in order, neighbours alike made one; of too many the longest."""
    joined: list[Span] = []
    for one in found:
        last = joined[-1] if joined else None
        if last and (last.speaker, last.label) == (one.speaker, one.voice) and one.start - last.end < NEAR_SECONDS:
            joined[-1] = replace(last, end=one.end, score=_mean(last, one))
        else:
            joined.append(Span(one.start, one.end, one.speaker, one.voice, one.voice_score))
    longest = sorted(joined, key=lambda one: one.start - one.end)[:MOST_SPANS]
    return tuple(replace(one, score=round(one.score, 2)) for one in sorted(longest, key=lambda one: one.start))


def _mean(last: Span, one: Feeling) -> float:
    """The score of two spans, by their time."""
    before, now = last.end - last.start, one.end - one.start
    return (last.score * before + one.voice_score * now) / (before + now)


def _manners(found: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str | None, str, float]]:
    return ((one["speaker"], what, one["end"] - one["start"]) for one in found for what in one["descriptors"])


def _time(found: Iterable[tuple[str | None, str, float]]) -> dict[str | None, dict[str, float]]:
    """Seconds by speaker and label."""
    seconds: dict[str | None, dict[str, float]] = {}
    for speaker, label, length in found:
        labels = seconds.setdefault(speaker, {})
        labels[label] = labels.get(label, 0.0) + length
    return seconds


def _shares(
    found: Mapping[str | None, Mapping[str, float]], of_all: Mapping[str | None, float]
) -> list[dict[str, Any]]:
    """For each speaker, who talks most first."""
    order = [speaker for speaker in sorted(of_all, key=lambda one: -of_all[one]) if speaker in found]
    rows = [
        {
            "speaker": speaker,
            "seconds": round(of_all[speaker], 1),
            "shares": _rounded(found[speaker], of_all[speaker]),
        }
        for speaker in order[:MOST_SPEAKERS]
    ]
    return [row for row in rows if row["shares"]]


def _rounded(seconds: Mapping[str, float], total: float) -> dict[str, float]:
    """Shares of a time in hundredths, the greatest first, none of 0."""
    most = sorted(seconds.items(), key=lambda one: -one[1])[:MOST_LABELS]
    shares = {label: round(min(1.0, length / total), 2) for label, length in most if total > 0}
    return {label: share for label, share in shares.items() if share > 0}
