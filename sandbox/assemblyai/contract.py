"""What a request for a transcript must be: its fields, and how they go together.

Sources: assemblyai 1.8.2 (types.TranscriptRequest), assemblyai.com/docs (API reference; models; troubleshoot common
errors), and answers of the service that people have put on record where a text is marked with a year. Where nobody
has, the text is the sandbox's own.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.assemblyai.errors import NotPlayed, WrongRequest
from sandbox.clouds import shapes
from sandbox.clouds.shapes import boolean, fields, integer, list_of, number, one_of, text

MODELS = ("universal-3-5-pro", "universal-2")
RETIRED_MODELS = ("universal-3-pro",)
MOST_SPEAKERS = 10
MOST_TERMS = 1000
MOST_TERMS_OF_UNIVERSAL_2 = 200  # where it is the only model
MOST_WORDS_OF_A_TERM = 6
LANGUAGE = re.compile(r"[a-z]{2,3}(_[a-z]{2,})?")

NO_MODELS = (
    '"speech_models" must be a non-empty list containing one or more of: "universal-3-5-pro", "universal-2"'  # 2026
)
RETIRED = (
    'The "{}" speech model(s) have been deprecated. Use speech_models: ["universal-3-5-pro", "universal-2"] instead.'
)
SINGULAR = '"speech_model" is deprecated. Use "speech_models" instead.'  # 2026
BOTH_LANGUAGES = "language_detection is not available when language_code is specified."  # 2025
BOTH_SUMMARIES = "Only one of the following models can be enabled at the same time: auto_chapters, summarization"

ENTITY_NAMES = """account_number banking_information blood_type credit_card_cvv credit_card_expiration
credit_card_number date date_interval date_of_birth drivers_license drug duration email_address event filename gender
gender_sexuality healthcare_number injury ip_address language location location_address location_address_street
location_city location_coordinate location_country location_state location_zip marital_status medical_condition
medical_process money_amount nationality number_sequence occupation organization organization_medical_facility
passport_number password person_age person_name phone_number physical_attribute political_affiliation religion sexuality
statistics time url us_social_security_number username vehicle_id zodiac_sign corporate_action day effect
financial_metric medical_code month organization_id product project trend year"""
ENTITIES = tuple(ENTITY_NAMES.split())
"""What entities and policies there are: types.EntityType."""


def language(value: Any, place: str) -> None:
    text(value, place)
    if not LANGUAGE.fullmatch(value):
        raise shapes.Wrong(place, f"{value!r} is no code of a language")


def address(value: Any, place: str) -> None:
    text(value, place)
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise shapes.Wrong(place, f"{value!r} is no http address")


SPEAKER_OPTIONS = fields(
    {
        "min_speakers_expected": integer(1),
        "max_speakers_expected": integer(1),
        "use_two_stage_clustering": boolean,
        "short_file_diarization_method": one_of("deliberate", "balanced", "conservative", "aggressive"),
        "long_file_diarization_method": one_of("standard", "experimental"),
    }
)
LANGUAGE_OPTIONS = fields(
    {
        "expected_languages": list_of(language),
        "fallback_language": text,
        "code_switching": boolean,
        "code_switching_confidence_threshold": number(0, 1),
        "on_low_language_confidence": one_of("error", "fallback"),
        "swiss_german": boolean,
        "language_detection_model": text,
        "localization": list_of(one_of("en_au", "en_uk")),
    }
)
SPEAKER_IDENTIFICATION = fields(
    {"speaker_type": one_of("role", "name"), "known_values": list_of(text), "speakers": list_of(shapes.anything)},
    ["speaker_type"],
)
SUMMARIZATION = fields(
    {
        "summary_type": one_of("bullets", "paragraph"),
        "headline_length": integer(5, 15),
        "approximate_chapters": integer(1),
        "effort": one_of("low", "medium"),
    },
    ["summary_type"],
)
UNDERSTANDING = fields(
    {
        "speaker_identification": SPEAKER_IDENTIFICATION,
        "summarization": SUMMARIZATION,
        "translation": shapes.anything,
        "custom_formatting": shapes.anything,
    }
)

FIELDS: dict[str, shapes.Shape] = {
    "audio_url": address,
    "speech_models": shapes.anything,
    "speech_model": shapes.anything,
    "language_code": language,
    "language_codes": list_of(language),
    "language_detection": boolean,
    "language_confidence_threshold": number(0, 1),
    "language_detection_options": LANGUAGE_OPTIONS,
    "punctuate": boolean,
    "format_text": boolean,
    "disfluencies": boolean,
    "filter_profanity": boolean,
    "dual_channel": boolean,
    "multichannel": boolean,
    "speaker_labels": boolean,
    "speakers_expected": integer(1, MOST_SPEAKERS),
    "speaker_options": SPEAKER_OPTIONS,
    "keyterms_prompt": list_of(text, most=MOST_TERMS),
    "keyterms_prompt_options": fields({"keyterms_match_strength": one_of("high", "standard")}),
    "prompt": text,
    "temperature": number(0, 1),
    "remove_audio_tags": one_of("all"),
    "domain": text,
    "custom_spelling": list_of(fields({"from": list_of(text, least=1), "to": text}, ["from", "to"])),
    "audio_start_from": integer(0),
    "audio_end_at": integer(0),
    "speech_threshold": number(0, 1),
    "sentiment_analysis": boolean,
    "entity_detection": boolean,
    "auto_highlights": boolean,
    "auto_chapters": boolean,
    "iab_categories": boolean,
    "content_safety": boolean,
    "content_safety_confidence": integer(25, 100),
    "summarization": boolean,
    "summary_model": one_of("informative", "conversational", "catchy"),
    "summary_type": one_of("bullets", "bullets_verbose", "gist", "headline", "paragraph"),
    "redact_pii": boolean,
    "redact_pii_audio": boolean,
    "redact_pii_audio_quality": one_of("mp3", "wav"),
    "redact_pii_audio_options": fields({"override_audio_redaction_method": one_of("silence")}),
    "redact_pii_policies": list_of(one_of(*ENTITIES), least=1),
    "redact_pii_sub": one_of("hash", "entity_name"),
    "redact_pii_return_unredacted": boolean,
    "speech_understanding": fields({"request": UNDERSTANDING}),
    "webhook_url": address,
    "webhook_auth_header_name": text,
    "webhook_auth_header_value": text,
}
REQUEST = fields(FIELDS, ["audio_url"])

NOT_PLAYED = ("webhook_url", "redact_pii_audio", "custom_spelling", "filter_profanity")


def check(request: Any) -> None:
    """Raise WrongRequest if a correct client would not send this, NotPlayed where the answer would not be true."""
    try:
        REQUEST(request, "")
    except shapes.Wrong as wrong:
        raise WrongRequest(mistake=str(wrong)) from None
    _check_models(request)
    _check_terms(request)
    _check_combinations(request)
    for name in NOT_PLAYED:
        if request.get(name):
            raise NotPlayed(name)
    for name in ("translation", "custom_formatting"):
        if name in understanding(request):
            raise NotPlayed(name)


def understanding(request: dict[str, Any]) -> dict[str, Any]:
    """The tasks of speech understanding in a request."""
    found: dict[str, Any] = request.get("speech_understanding", {}).get("request", {})
    return found


def _check_models(request: dict[str, Any]) -> None:
    if "speech_model" in request:
        raise WrongRequest(SINGULAR)
    models = request.get("speech_models")
    retired = [one for one in models if one in RETIRED_MODELS] if isinstance(models, list) else []
    if retired:
        raise WrongRequest(RETIRED.format('", "'.join(retired)))
    if not isinstance(models, list) or not models or not all(one in MODELS for one in models):
        raise WrongRequest(NO_MODELS)


def _check_terms(request: dict[str, Any]) -> None:
    terms = request.get("keyterms_prompt", [])
    if request["speech_models"] == ["universal-2"] and len(terms) > MOST_TERMS_OF_UNIVERSAL_2:
        raise WrongRequest(mistake=f"{len(terms)} keyterms for universal-2")
    for term in terms:
        if not 1 <= len(term.split()) <= MOST_WORDS_OF_A_TERM:
            raise WrongRequest(mistake=f"a keyterm has 1 to {MOST_WORDS_OF_A_TERM} words: {term!r}")


def _check_combinations(request: dict[str, Any]) -> None:
    if request.get("language_detection") and request.get("language_code"):
        raise WrongRequest(BOTH_LANGUAGES)
    if request.get("auto_chapters") and request.get("summarization"):
        raise WrongRequest(BOTH_SUMMARIES)
    if request.get("redact_pii") and not request.get("redact_pii_policies"):
        raise WrongRequest(mistake="redact_pii needs redact_pii_policies")
    if request.get("audio_end_at", 1) <= request.get("audio_start_from", 0):
        raise WrongRequest(mistake="audio_end_at is not after audio_start_from")
    options = request.get("speaker_options", {})
    least, most = (options.get(f"{name}_speakers_expected") for name in ("min", "max"))
    if least is not None and most is not None and most < least:
        raise WrongRequest(mistake="max_speakers_expected is below min_speakers_expected")
    naming = understanding(request).get("speaker_identification")
    if naming is not None and not request.get("speaker_labels"):
        raise WrongRequest(mistake="speaker_identification needs speaker_labels")
    if naming is not None and naming["speaker_type"] == "role" and not {"known_values", "speakers"} & naming.keys():
        raise WrongRequest(mistake="roles need known_values or speakers")
