"""What is found in the words, where a request asks for it. The findings are simple and always the same:

good and bad words make a mood, capitals within a sentence a person, numerals a number, long words the highlights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import groupby

from sandbox.assemblyai.pieces import Json, first_words, names_of, parts_of, span, timed
from sandbox.clouds.speech import Turn, Word, sentences

GOOD, BAD = {"good", "great", "happy", "love"}, {"bad", "terrible", "sad", "hate"}
SENSITIVE = {"beer": "alcohol", "whisky": "alcohol", "gun": "weapons", "casino": "gambling", "cigarettes": "tobacco"}
TOPIC = "Technology&Computing>ArtificialIntelligence"
HIGHLIGHT_LETTERS, HIGHLIGHTS = 7, 5
CHAPTERS = 2


def of(words: list[Word], request: Json) -> Json:
    """The results that this request asks for, by their names in a transcript."""
    asked = {name: result for name, (_, result) in RESULTS.items() if request.get(name)}
    return {RESULTS[name][0]: result(words, request) for name, result in asked.items()}


def sentiment(words: list[Word], request: Json) -> list[Json]:
    names = names_of(words) if request.get("speaker_labels") else {}
    return [{**timed(one), "sentiment": _mood(one), "speaker": names.get(one.speaker)} for one in sentences(words)]


def _mood(sentence: Turn) -> str:
    said = {plain(word.text) for word in sentence.words}
    if bool(said & GOOD) == bool(said & BAD):
        return "NEUTRAL"
    return "POSITIVE" if said & GOOD else "NEGATIVE"


def plain(text: str) -> str:
    """A word without the signs around it."""
    return text.strip(".,?!;:\"'()").lower()


def entity_turns(words: list[Word]) -> list[tuple[str, Turn]]:
    """What kind of entity, and its words."""
    typed = [(kind_of(word, index == 0), word) for one in sentences(words) for index, word in enumerate(one.words)]
    groups = groupby(typed, lambda pair: pair[0])
    return [(kind, Turn(tuple(word for _, word in group))) for kind, group in groups if kind is not None]


def kind_of(word: Word, is_first: bool) -> str | None:
    text = word.text.strip(".,?!;:")
    if "@" in text:
        return "email_address"
    if text.isdigit():
        return "number_sequence"
    return "person_name" if text[:1].isupper() and text != "I" and not is_first else None


def entities(words: list[Word], _: Json) -> list[Json]:
    return [{"entity_type": kind, "text": one.text.strip(".,?!;:"), **span(one)} for kind, one in entity_turns(words)]


def highlights(words: list[Word], _: Json) -> Json:
    counted = Counter(plain(word.text) for word in words if len(plain(word.text)) >= HIGHLIGHT_LETTERS)
    results = [
        {
            "count": count,
            "rank": round(count / len(words), 2),
            "text": text,
            "timestamps": [span(word) for word in words if plain(word.text) == text],
        }
        for text, count in counted.most_common(HIGHLIGHTS)
    ]
    return {"status": "success", "results": results}


def chapters(words: list[Word], _: Json) -> list[Json]:
    return [
        {"gist": first_words(one, 3), "headline": first_words(one, 8), "summary": one.text, **span(one)}
        for one in parts_of(sentences(words), CHAPTERS)
    ]


def topics(words: list[Word], _: Json) -> Json:
    labels = [{"relevance": 0.9, "label": TOPIC}]
    results = [{"text": one.text, "labels": labels, "timestamp": span(one)} for one in sentences(words)]
    return {"status": "success", "results": results, "summary": {TOPIC: 0.9} if results else {}}


def safety(words: list[Word], _: Json) -> Json:
    results = [
        {
            "text": one.text,
            "labels": [{"label": label, "confidence": 0.9, "severity": 0.2} for label in labels],
            "sentences_idx_start": index,
            "sentences_idx_end": index,
            "timestamp": span(one),
        }
        for index, one in enumerate(sentences(words))
        if (labels := _labels(one))
    ]
    found = sorted({label for one in sentences(words) for label in _labels(one)})
    severity = {label: {"low": 0.8, "medium": 0.2, "high": 0.0} for label in found}
    summary = dict.fromkeys(found, 0.9)
    return {"status": "success", "results": results, "summary": summary, "severity_score_summary": severity}


def _labels(sentence: Turn) -> list[str]:
    return sorted({SENSITIVE[plain(word.text)] for word in sentence.words if plain(word.text) in SENSITIVE})


def summary(words: list[Word], request: Json) -> str:
    found = sentences(words)[:CHAPTERS]
    bullets = request.get("summary_type", "bullets").startswith("bullets")
    return "\n".join(f"- {one.text}" for one in found) if bullets else " ".join(one.text for one in found)


RESULTS: dict[str, tuple[str, Callable[[list[Word], Json], object]]] = {
    "sentiment_analysis": ("sentiment_analysis_results", sentiment),
    "entity_detection": ("entities", entities),
    "auto_highlights": ("auto_highlights_result", highlights),
    "auto_chapters": ("chapters", chapters),
    "iab_categories": ("iab_categories_result", topics),
    "content_safety": ("content_safety_labels", safety),
    "summarization": ("summary", summary),
}
"""What is asked for → what it is called in the answer, and what finds it."""
