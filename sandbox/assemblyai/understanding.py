"""What speech understanding adds to a transcript: names for its speakers, and a summary by sections."""

from __future__ import annotations

from sandbox.assemblyai import contract
from sandbox.assemblyai.pieces import Json, first_words, names_of, parts_of, span
from sandbox.clouds.speech import Turn, Word, sentences

SECTIONS = 2
HEADLINE_WORDS = 10  # types.SummarizationRequest


def of(words: list[Word], request: Json) -> Json:
    """The field of a transcript, with the request as it came; nothing where nothing is asked for."""
    tasks = contract.understanding(request)
    if not tasks:
        return {}
    response: Json = {}
    if "speaker_identification" in tasks:
        response["speaker_identification"] = _names(words, tasks["speaker_identification"])
    if "summarization" in tasks:
        response["summarization"] = _summary(words, tasks["summarization"])
    return {"speech_understanding": {"request": tasks, "response": response}}


def _names(words: list[Word], task: Json) -> Json:
    """The first speaker gets the first name, and so on; who gets none keeps the letter."""
    known = task.get("known_values") or [one.get("name") or one.get("role") for one in task.get("speakers", [])]
    letters = list(names_of(words).values())
    return {"status": "success", "mapping": dict(zip(letters, [*known, *letters[len(known) :]], strict=False))}


def _summary(words: list[Word], task: Json) -> Json:
    length = task.get("headline_length", HEADLINE_WORDS)
    parts = parts_of(sentences(words), task.get("approximate_chapters", SECTIONS))
    return {
        "status": "success",
        "summary": [
            {**span(one), **_told(one, task["summary_type"]), "headline": first_words(one, length)} for one in parts
        ],
        "block_summary": " ".join(first_words(one, length) + "." for one in parts),
        "summary_type": task["summary_type"],
        "effort": task.get("effort", "low"),
    }


def _told(part: Turn, summary_type: str) -> Json:
    if summary_type == "bullets":
        return {"bullets": [one.text for one in sentences(part.words)]}
    return {"text": part.text}
