"""What AssemblyAI is asked for a recording: the body of the request, without the address of the sound.

Does not send anything. Names and limits: assemblyai.com/docs, API reference and keyterms prompting.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from captions.text import clean_line
from daemon.errors import AskHuman
from daemon.speech.engines.assemblyai import languages
from daemon.speech.engines.assemblyai.options import Options
from daemon.speech.engines.contract import PROMPT_CHARACTERS, Request

PROMPTED = "universal-3-5-pro"  # the one that takes a description of the sound
MOST_TERMS, MOST_TERMS_OF_OTHERS = 1000, 200
MOST_WORDS_OF_A_TERM = 6
MOST_SPEAKERS = 10  # that can be asked for as a number
FIELDS = {
    "speaker_labels": "speaker_labels",
    "sentiment": "sentiment_analysis",
    "entities": "entity_detection",
    "topics": "iab_categories",
    "content_safety": "content_safety",
    "key_phrases": "auto_highlights",
    "redact_pii": "redact_pii",
}
"""Options that are switches there too."""


def body(options: Options, request: Request, apart: bool = False) -> dict[str, Any]:
    """The request's JSON. `apart`: each channel for itself. Raise AskHuman if AssemblyAI does not know the language."""
    return {
        "speech_models": list(options.models),
        **_language(request.language),
        **_expected(options, request),
        **({"multichannel": True} if apart else _speakers(options, request.speakers)),
        **{field: True for name, field in FIELDS.items() if getattr(options, name)},
        **_understanding(options),
        **_redaction(options),
    }


def terms(options: Options, wanted: Iterable[str]) -> list[str]:
    """The terms that the service takes: each once, of a few words, not too many; the first come first."""
    fitting = [term for term in cleaned(wanted) if len(term.split()) <= MOST_WORDS_OF_A_TERM]
    return fitting[: most_terms(options)]


def cleaned(terms: Iterable[str]) -> list[str]:
    """Each term once, on one line."""
    return [term for term in dict.fromkeys(clean_line(term) for term in terms) if term]


def most_terms(options: Options) -> int:
    return MOST_TERMS if PROMPTED in options.models else MOST_TERMS_OF_OTHERS


def _language(language: str | None) -> dict[str, Any]:
    if language is None:
        return {"language_detection": True}
    code = languages.code_of(language)
    if code is None:
        raise AskHuman(
            f"AssemblyAI does not know the language {clean_line(language, 40)}: "
            "set another language or another engine for the channel"
        )
    return {"language_code": code}


def _expected(options: Options, request: Request) -> dict[str, Any]:
    """Terms, or else what it is about: the two in one request exclude each other."""
    expected = terms(options, request.terms)
    if expected:
        return {"keyterms_prompt": expected}
    about = clean_line(request.context, PROMPT_CHARACTERS)
    return {"prompt": about} if about and PROMPTED in options.models else {}


def _speakers(options: Options, speakers: tuple[int, int] | None) -> dict[str, Any]:
    """How many speak; not for channels, where it would be how many speak on each."""
    if speakers is None or not options.speaker_labels:
        return {}
    least, most = max(1, min(speakers)), max(1, *speakers)
    if least == most <= MOST_SPEAKERS:
        return {"speakers_expected": least}
    return {"speaker_options": {"min_speakers_expected": least, "max_speakers_expected": most}}


def _understanding(options: Options) -> dict[str, Any]:
    """Chapters and the summary are one task; the older `auto_chapters` is deprecated."""
    if not options.chapters and not options.summary:
        return {}
    return {"speech_understanding": {"request": {"summarization": {"summary_type": "paragraph"}}}}


def _redaction(options: Options) -> dict[str, Any]:
    if not options.redact_pii:
        return {}
    return {"redact_pii_policies": list(options.redact_pii_policies), "redact_pii_sub": options.redact_pii_sub}
