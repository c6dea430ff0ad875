"""What an answer says: passages, their times and speakers, the language. Takes any shape that JSON can have."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from captions.text import clean, clean_line, space_between
from daemon.errors import TryLater
from daemon.speech.engines.gemini.times import Passage

if TYPE_CHECKING:
    from google.genai.types import GenerateContentResponse, Part, Transcription

WORD_CHARACTERS = 200  # what no word exceeds; a decoder in a loop does
LABEL_CHARACTERS = 60
WORDS_PER_SECOND = 15  # more nobody says, even where each character is a word: a model in a loop does
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")  # BCP-47
CLOCK = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?)s?")  # 1.100s, 01:02.5, 1:02:03


@dataclass(frozen=True)
class Answer:
    """What was said in a piece. `language`: BCP-47; None: not told."""

    passages: tuple[Passage, ...]
    language: str | None


def read(response: GenerateContentResponse, is_dedicated: bool, seconds: float) -> Answer:
    """The answer to a piece of so many seconds. Raise TryLater if it makes no sense."""
    parts = _parts(response)
    answer = _transcribed(parts) if is_dedicated else _structured("".join(part.text or "" for part in parts))
    if sum(len(passage.texts) for passage in answer.passages) > WORDS_PER_SECOND * (seconds + 1):
        raise TryLater("Gemini's answer has more words than can be said in that time: it repeats itself")
    return answer


def words(text: str) -> tuple[str, ...]:
    """The words of a text; in a script without spaces its characters, each with the punctuation after it."""
    return tuple(word for block in clean(text).split() for word in _split(clean_line(block)) if word)


def time(value: Any) -> float | None:
    """Seconds, as a number or as a text of several kinds; None for anything else."""
    if isinstance(value, str):
        found = CLOCK.fullmatch(value.strip())
        if found is None:
            return None
        value = int(found[1] or 0) * 3600 + int(found[2] or 0) * 60 + float(found[3])
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def _parts(response: GenerateContentResponse) -> list[Part]:
    """The parts of the first candidate; what the model thought is none."""
    content = response.candidates[0].content if response.candidates else None
    return [part for part in (content.parts if content else None) or () if not part.thought]


def _split(block: str) -> list[str]:
    found: list[str] = []
    for character in block:
        is_mark = not character.isalnum()
        if found and (is_mark or space_between(found[-1], character)) and not _ends(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return [word[:WORD_CHARACTERS] for word in found]


def _ends(word: str, character: str) -> bool:
    """Whether a word of a script without spaces ends before this character, which is no mark."""
    return character.isalnum() and not space_between(word, character)


# ---- gemini-3.5-transcribe


def _transcribed(parts: Iterable[Part]) -> Answer:
    passages: list[Passage] = []
    languages: Counter[str] = Counter()
    for part in parts:
        told = part.audio_transcription
        said = words(part.text or (told.text if told else None) or "")
        passages += _of_part(said, told)
        if told is not None and told.language_code and LANGUAGE.fullmatch(told.language_code):
            languages[told.language_code] += len(said)
    return Answer(tuple(passages), max(languages, key=lambda one: languages[one], default=None))


def _of_part(said: Sequence[str], told: Transcription | None) -> Iterator[Passage]:
    if told is None:
        yield Passage(tuple(said))
        return
    speaker = _label(told.speaker_label)
    timed = [(clean_line(one.word or "", WORD_CHARACTERS), one) for one in told.words or ()]
    timed = [(text, one) for text, one in timed if text]
    if not timed:
        yield Passage(tuple(said), time(told.start_offset), time(told.end_offset), speaker)
        return
    # a word of the list may be without its punctuation, which the text has
    texts = said if len(said) == len(timed) else [text for text, _ in timed]
    for text, (_, one) in zip(texts, timed, strict=True):
        yield Passage((text,), time(one.start_offset), time(one.end_offset), speaker)


def _label(value: Any) -> str | None:
    return clean_line(str(value), LABEL_CHARACTERS) or None if value is not None else None


# ---- general models


def _structured(text: str) -> Answer:
    told = _json(text)
    segments = told.get("segments") if isinstance(told, dict) else None
    if not isinstance(segments, list) or not all(isinstance(one, dict) for one in segments):
        raise TryLater("Gemini's answer is not of the shape that was asked for")
    language = told.get("language")
    is_tag = isinstance(language, str) and LANGUAGE.fullmatch(language)
    return Answer(tuple(_segment(one) for one in segments), language if is_tag else None)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise TryLater("Gemini's answer is no JSON, or only a part of it") from error


def _segment(told: dict[str, Any]) -> Passage:
    text = told.get("text")
    if not isinstance(text, str):
        raise TryLater("Gemini's answer has a segment without a text")
    return Passage(words(text), time(told.get("start")), time(told.get("end")), _label(told.get("speaker")))
