"""Reads a finished transcript, whatever stands in it: fields missing, null or new, times reversed or beyond the end.

Pure: JSON values in, a Transcription out. The service's times are milliseconds. What makes no sense is left out, and
where a word's time makes none, it gets one between its neighbours' (times.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any

from captions.text import NAME_LIMIT, clean_line
from captions.transcript import SpeakerTurn, Word
from daemon.speech.engines.assemblyai import channels, languages, times
from daemon.speech.engines.contract import Transcription
from daemon.speech.merge import turns_of

Json = dict[str, Any]

WORD_CHARACTERS = 200  # what no word exceeds
TEXT_CHARACTERS = 5000  # of a summary, or of one chapter's
TITLE_CHARACTERS = 200
MOST_FINDINGS = 10_000  # of one kind; a recording of ten hours has fewer
MOST_TOPICS = 30  # the service rates hundreds, nearly all at 0
DELETED_URL = "http://deleted_by_user"
NO_SPEECH = "no spoken audio"  # "language_detection cannot be performed on files with no spoken audio."
APPROXIMATE = "AssemblyAI gave no usable times for {} of {} words: theirs are approximate"
DOUBLED = "Heard on both channels at the same time, and kept once: {} words. If they are many, set multichannel = false"
SILENT = "AssemblyAI heard no speech. If there is some, set its language: not all of them can be detected"


def is_over(answer: Json) -> bool:
    """Whether the job has ended, well or not."""
    return answer.get("status") in ("completed", "error")


def is_deleted(answer: Json) -> bool:
    return answer.get("is_deleted") is True or answer.get("audio_url") == DELETED_URL


def failure(answer: Json) -> str | None:
    """Why the job failed, in the service's words; None if it did not. That nobody speaks is no failure."""
    if answer.get("status") != "error":
        return None
    text = _text(answer.get("error"), TITLE_CHARACTERS)
    return None if NO_SPEECH in text else text or "it did not say why"


def transcription(answer: Json, seconds: float, language: str | None, wanted: Collection[str]) -> Transcription:
    """What was heard in `seconds` of audio. `language`: the tag that was asked for, if any; `wanted`: the extras."""
    words, guessed, doubled = _words(answer, seconds)
    found = {name: FINDINGS[name](answer, seconds) for name in FINDINGS if name in wanted}
    extras: Json = {name: value for name, value in found.items() if value}
    notes = [APPROXIMATE.format(guessed, len(words))] if guessed else []
    if doubled:
        notes.append(DOUBLED.format(doubled))
    if answer.get("status") == "error":
        notes.append(SILENT)
    if notes:
        extras["notes"] = notes
    tag = languages.written(language) if language else languages.tag_of(answer.get("language_code"))
    return Transcription(words, tag, turns=_turns(answer, words, seconds), extras=extras)


# ---- words


def _words(answer: Json, seconds: float) -> tuple[tuple[Word, ...], int, int]:
    """The words, how many of them have a time that is only guessed, and how many were heard on two channels."""
    told = [(text, one) for one in _objects(answer.get("words"), None) if (text := _text(one.get("text")))]
    if not told and answer.get("status") == "completed":
        told = [(word, {}) for part in _string(answer.get("text")).split() if (word := _text(part))]
    usual = _share(answer.get("confidence"))
    heard = [_of_channel(group, usual, seconds) for group in channels.of_each(told)]
    words, doubled = channels.merged([words for words, _ in heard])
    return tuple(words), sum(guessed for _, guessed in heard), doubled


def _of_channel(told: Sequence[tuple[str, Json]], usual: float | None, seconds: float) -> tuple[list[Word], int]:
    """The words of one channel: each has an order of its own."""
    starts = times.rising([_time(one.get("start"), seconds) for _, one in told])
    spans = times.spans(starts, [_ending(one.get("end"), seconds) for _, one in told], seconds)
    words = [
        Word(text, start, end, _confidence(one, usual), _label(one.get("speaker")))
        for (text, one), (start, end) in zip(told, spans, strict=True)
    ]
    return words, starts.count(None)


def _confidence(word: Json, usual: float | None) -> float:
    """The word's own, or the transcript's; 0 where there is neither, so that a person looks."""
    own = _share(word.get("confidence"))
    return own if own is not None else usual or 0.0


# ---- speakers


def _turns(answer: Json, words: Sequence[Word], seconds: float) -> tuple[SpeakerTurn, ...]:
    """Who speaks when: as the utterances say it, else by the labels of the words."""
    told = [
        (span, _label(one.get("speaker")))
        for one in _objects(answer.get("utterances"))
        if (span := _span(one, seconds))
    ]
    turns = [SpeakerTurn(span["start"], span["end"], speaker) for span, speaker in told if speaker]
    if channels.are_in(answer):
        turns = channels.spoken(turns, words)
    return tuple(sorted(turns, key=lambda turn: turn.start)) or turns_of(words)


# ---- extras


def _sentiment(answer: Json, seconds: float) -> list[Json]:
    return [
        {**span, "label": label, "confidence": _share(one.get("confidence")), "speaker": _label(one.get("speaker"))}
        for one in _objects(answer.get("sentiment_analysis_results"))
        if (span := _span(one, seconds)) and (label := _text(one.get("sentiment"), NAME_LIMIT).lower())
    ]


def _entities(answer: Json, seconds: float) -> list[Json]:
    return [
        {"text": text, "kind": _text(one.get("entity_type"), NAME_LIMIT), **span}
        for one in _objects(answer.get("entities"))
        if (span := _span(one, seconds)) and (text := _text(one.get("text"), TITLE_CHARACTERS))
    ]


def _key_phrases(answer: Json, _: float) -> list[Json]:
    """The most important first."""
    told = _objects(_at(answer, "auto_highlights_result", "results"))
    told.sort(key=lambda one: _number(one.get("rank")) or 0.0, reverse=True)
    return [
        {"text": text, "count": _count(one.get("count"))}
        for one in told
        if (text := _text(one.get("text"), TITLE_CHARACTERS))
    ]


def _topics(answer: Json, _: float) -> list[Json]:
    """Of the whole recording, the most relevant first."""
    summary = _at(answer, "iab_categories_result", "summary")
    rated = (
        [(_text(name, TITLE_CHARACTERS), _share(value)) for name, value in summary.items()]
        if isinstance(summary, dict)
        else []
    )
    rated.sort(key=lambda pair: pair[1] or 0.0, reverse=True)
    return [{"text": text, "relevance": share} for text, share in rated[:MOST_TOPICS] if text and share]


def _content_safety(answer: Json, seconds: float) -> list[Json]:
    return [
        {"label": name, "confidence": _share(label.get("confidence")), **span}
        for one in _objects(_at(answer, "content_safety_labels", "results"))
        if (span := _span(one.get("timestamp"), seconds))
        for label in _objects(one.get("labels"))
        if (name := _text(label.get("label"), NAME_LIMIT))
    ]


def _chapters(answer: Json, seconds: float) -> list[Json]:
    """As speech understanding has them, else as the older field does."""
    told = _objects(_at(answer, *SUMMARIZATION, "summary")) or _objects(answer.get("chapters"))
    found = [
        {**span, "title": _text(one.get("headline") or one.get("gist"), TITLE_CHARACTERS), "text": _told(one)}
        for one in told
        if (span := _span(one, seconds))
    ]
    return sorted((one for one in found if one["title"] or one["text"]), key=lambda one: float(one["start"]))


def _told(chapter: Json) -> str:
    bullets = chapter.get("bullets")
    listed = [_string(one) for one in bullets[:MOST_FINDINGS]] if isinstance(bullets, list) else []
    return _text(chapter.get("text") or chapter.get("summary") or " ".join(listed), TEXT_CHARACTERS)


def _summary(answer: Json, _: float) -> str:
    return _text(_at(answer, *SUMMARIZATION, "block_summary") or answer.get("summary"), TEXT_CHARACTERS)


SUMMARIZATION = ("speech_understanding", "response", "summarization")
FINDINGS: dict[str, Callable[[Json, float], Any]] = {
    "sentiment": _sentiment,
    "entities": _entities,
    "key_phrases": _key_phrases,
    "topics": _topics,
    "content_safety": _content_safety,
    "chapters": _chapters,
    "summary": _summary,
}
"""Each extra by its name in a Transcription, and what reads it."""


# ---- single values


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _objects(value: Any, most: int | None = MOST_FINDINGS) -> list[Json]:
    return [one for one in value[:most] if isinstance(one, dict)] if isinstance(value, list) else []


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(value: Any, limit: int = WORD_CHARACTERS) -> str:
    """On one line, cleaned. A megabyte is not looked through for what is then cut off."""
    return clean_line(_string(value)[: 4 * limit], limit)


def _label(value: Any) -> str | None:
    return _text(str(value) if type(value) is int and abs(value) < 1000 else value, NAME_LIMIT) or None


def _number(value: Any) -> float | None:
    """A finite number; JSON as Python reads it has others, and whole numbers that are too large."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _share(value: Any) -> float | None:
    number = _number(value)
    return None if number is None else min(1.0, max(0.0, number))


def _count(value: Any) -> int:
    return max(0, int(_number(value) or 0))


def _time(value: Any, seconds: float) -> float | None:
    """Seconds from milliseconds; None for what is not within the audio."""
    number = _number(value)
    return number / 1000 if number is not None and 0 <= number / 1000 <= seconds else None


def _ending(value: Any, seconds: float) -> float | None:
    """As `_time`, but a word may well seem to end after the audio does: it then ends with it."""
    number = _number(value)
    return min(number / 1000, seconds) if number is not None and number >= 0 else None


def _span(one: Any, seconds: float) -> dict[str, float] | None:
    start, end = _time(_at(one, "start"), seconds), _ending(_at(one, "end"), seconds)
    return None if start is None or end is None or end < start else {"start": start, "end": end}
