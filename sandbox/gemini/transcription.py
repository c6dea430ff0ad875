"""What gemini-3.5-transcribe answers: one part for each turn, its words with times as durations in text.

Source: an answer on record of 2026-09; the documentation shows the same parts without their texts, and other labels.
"""

from __future__ import annotations

from typing import Any

from sandbox.clouds.speech import Turn, Word, turns

Json = dict[str, Any]


def parts(words: tuple[Word, ...], language: str, config: Json) -> list[Json]:
    """The parts of the content, as the configuration asks for them; one without words where nothing is said."""
    by_speaker = bool(config.get("diarization"))
    found = turns(words) if by_speaker else [Turn(words)] if words else []
    order = dict.fromkeys(turn.speaker for turn in found)
    labels = {speaker: f"spk:{index}" for index, speaker in enumerate(order)}
    return [
        _part(turn, language, config, {"speakerLabel": labels[turn.speaker]} if by_speaker else {}) for turn in found
    ] or [{"text": ""}]


def _part(turn: Turn, language: str, config: Json, label: Json) -> Json:
    timed = {"words": [_word(word) for word in turn.words]} if config.get("wordTimestamp") else {}
    return {
        "text": turn.text,
        "audioTranscription": {"text": turn.text, "languageCode": language, **label, **timed},
    }


def _word(word: Word) -> Json:
    return {"word": word.text, "startOffset": duration(word.start), "endOffset": duration(word.end)}


def duration(seconds: float) -> str:
    """As protobuf writes a duration in JSON: whole seconds, or three places."""
    return f"{seconds:.3f}".removesuffix(".000") + "s"
