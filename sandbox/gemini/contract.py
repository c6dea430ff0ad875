"""What the body of generateContent must be, and what each kind of model takes of it. Names are in camel case.

Sources: google-genai 3.4 (types.py, models.py), ai.google.dev/gemini-api/docs/generate-content/transcribe of
2026-09-08, and answers of the service that people have put on record. Where nobody has, the text of a refusal is the
sandbox's own; whoever reads it, reads its status.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from sandbox.clouds.shapes import Wrong, anything, boolean, fields, integer, list_of, number, one_of, text
from sandbox.gemini.errors import ApiError, NotPlayed, WrongRequest

TRANSCRIBE = "gemini-3.5-transcribe"
GENERAL = (
    "gemini-3.8-flash",
    "gemini-3.7-flash",
    "gemini-3.6-flash",
    "gemini-3.5-flash",
    "gemini-3.5-flash-lite",
    "gemini-3.1-flash-lite",
)
ALIASES = ("gemini-flash-latest", "gemini-flash-lite-latest")  # of v1beta alone
MOST_TERMS = 1000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP-47

NOT_ENABLED = "{what} is not enabled for models/{model}"
SMART_ALONE = "SMART transcription mode cannot be combined with word_timestamp or diarization."
TERMS_ALONE = "custom_vocabulary cannot be combined with diarization or word_timestamp."


# ---- the body


def base64_text(value: Any, place: str) -> None:
    text(value, place)
    try:
        decoded(value)
    except binascii.Error:
        raise Wrong(place, "Base64 decoding failed") from None


def decoded(value: str) -> bytes:
    """Bytes as JSON has them: in either alphabet of base64, as protobuf takes them; google-genai sends the URL-safe."""
    return base64.b64decode(value.translate(str.maketrans("-_", "+/")), validate=True)


def language(value: Any, place: str) -> None:
    text(value, place)
    if not LANGUAGE.fullmatch(value):
        raise Wrong(place, f"{value!r} is no BCP-47 code")


def schema(value: Any, place: str) -> None:
    """Google's subset of OpenAPI, and what it wants of arrays and objects."""
    SCHEMA(value, place)
    kind, properties = str(value.get("type", "")).upper(), value.get("properties", {})
    if kind == "ARRAY" and "items" not in value:
        raise Wrong(place, "items: missing field")
    if kind == "OBJECT" and not properties:
        raise Wrong(place, "properties: should be non-empty for OBJECT type")
    for name in [*value.get("required", []), *value.get("propertyOrdering", [])]:
        if name not in properties:
            raise Wrong(place, f"property {name} is not defined")


def properties(value: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise Wrong(place, f"{value!r} is no object")
    for name, item in value.items():
        schema(item, f"{place}.{name}")


KINDS = ("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL")
SCHEMA = fields(
    {
        "type": one_of(*KINDS, *(kind.lower() for kind in KINDS)),
        "items": schema,
        "properties": properties,
        "required": list_of(text),
        "propertyOrdering": list_of(text),
        "enum": list_of(text),
        "anyOf": list_of(schema),
        "nullable": boolean,
        **dict.fromkeys(("format", "title", "description", "pattern"), text),
        **dict.fromkeys(("minimum", "maximum"), number()),
        **dict.fromkeys(("minItems", "maxItems", "minLength", "maxLength", "default", "example"), anything),
    }
)
PART = fields(
    {
        "text": text,
        "inlineData": fields({"data": base64_text, "mimeType": text, "displayName": text}, ["data", "mimeType"]),
        "fileData": fields({"fileUri": text, "mimeType": text, "displayName": text}, ["fileUri"]),
    }
)
CONTENT = fields({"parts": list_of(PART, least=1), "role": one_of("user", "model")}, ["parts"])
TRANSCRIPTION = fields(
    {
        "languageCodes": list_of(language),
        "languageAuto": anything,
        "languageHints": anything,
        "customVocabulary": list_of(text, most=MOST_TERMS),
        "adaptationPhrases": list_of(text),
        "wordTimestamp": boolean,
        "diarization": boolean,
        "mode": one_of("MODE_UNSPECIFIED", "VERBATIM", "SMART"),
        "sourceText": text,
    }
)
THINKING = fields(
    {
        "includeThoughts": boolean,
        "thinkingBudget": integer(-1),
        "thinkingLevel": one_of("MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH"),
    }
)
GENERATION = fields(
    {
        "temperature": number(0, 2),
        "topP": number(0, 1),
        "topK": number(1),
        "candidateCount": integer(1, 1),
        "maxOutputTokens": integer(1),
        "stopSequences": list_of(text, most=5),
        "seed": integer(),
        "presencePenalty": number(-2, 2),
        "frequencyPenalty": number(-2, 2),
        "responseMimeType": one_of("text/plain", "application/json"),
        "responseSchema": schema,
        "responseJsonSchema": anything,
        "thinkingConfig": THINKING,
        "audioTranscriptionConfig": TRANSCRIPTION,
        **dict.fromkeys(("responseModalities", "mediaResolution", "speechConfig"), anything),
    }
)
SAFETY = fields(
    {
        "category": one_of(
            *(
                f"HARM_CATEGORY_{one}"
                for one in ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")
            ),
            "HARM_CATEGORY_CIVIC_INTEGRITY",
        ),
        "threshold": one_of("OFF", "BLOCK_NONE", "BLOCK_ONLY_HIGH", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_LOW_AND_ABOVE"),
    },
    ["category", "threshold"],
)
NOT_PLAYED = ("tools", "toolConfig", "cachedContent", "labels", "serviceTier", "store", "continuationToken")
BODY = fields(
    {
        "contents": list_of(CONTENT, least=1),
        "systemInstruction": CONTENT,
        "safetySettings": list_of(SAFETY),
        "generationConfig": GENERATION,
        **dict.fromkeys(NOT_PLAYED, anything),
    },
    ["contents"],
)
NOT_PLAYED_OF_GENERATION = ("responseModalities", "mediaResolution", "speechConfig")
OF_TRANSCRIBE = frozenset({"audioTranscriptionConfig", "temperature", "maxOutputTokens", "seed"})


def check(body: Any, model: str, version: str) -> None:
    """Raise WrongRequest if a correct client would not send this, NotPlayed where the answer would not be true."""
    try:
        BODY(body, "")
    except Wrong as wrong:
        raise WrongRequest(_told(wrong), mistake=str(wrong)) from None
    _check_model(model, version)
    for part in parts_of(body):
        if len({"text", "inlineData", "fileData"} & part.keys()) != 1:
            raise WrongRequest("Unable to submit request because it must have one of text, inlineData, fileData.")
    generation = body.get("generationConfig", {})
    _check_played(body, generation)
    if model == TRANSCRIBE:
        _check_transcription(body, generation)
    else:
        _check_generation(generation)


def parts_of(body: Any) -> list[dict[str, Any]]:
    return [part for content in body["contents"] for part in content["parts"]]


def _told(wrong: Wrong) -> str:
    if wrong.unknown is not None:
        at = f" at '{wrong.place}'" if wrong.place else ""
        return f'Invalid JSON payload received. Unknown name "{wrong.unknown}"{at}: Cannot find field.'
    return f"Invalid value at {wrong}"


def _check_model(model: str, version: str) -> None:
    """A model that is retired or never was is not found: that is for the owner to mend, no mistake of the client."""
    if model not in (TRANSCRIBE, *GENERAL) and not (model in ALIASES and version == "v1beta"):
        message = f"models/{model} is not found for API version {version}, or is not supported for generateContent."
        raise ApiError(
            404, f"{message} Call ListModels to see the list of available models and their supported methods."
        )


def _check_played(body: Any, generation: dict[str, Any]) -> None:
    for name in NOT_PLAYED:
        if name in body:
            raise NotPlayed(name)
    for name in NOT_PLAYED_OF_GENERATION:
        if name in generation:
            raise NotPlayed(name)


def _check_transcription(body: Any, generation: dict[str, Any]) -> None:
    if "systemInstruction" in body:
        raise WrongRequest(NOT_ENABLED.format(what="Developer instruction", model=TRANSCRIBE))
    if {"responseSchema", "responseJsonSchema"} & generation.keys() or "json" in generation.get("responseMimeType", ""):
        raise WrongRequest(NOT_ENABLED.format(what="JSON mode", model=TRANSCRIBE))
    for name in generation.keys() - OF_TRANSCRIBE:
        raise NotPlayed(f"{name} with {TRANSCRIBE}")
    if any("text" in part for part in parts_of(body)):
        raise NotPlayed(f"text beside the audio for {TRANSCRIBE}")
    config = generation.get("audioTranscriptionConfig", {})
    detailed = is_detailed(config)
    if detailed and config.get("mode") == "SMART":
        raise WrongRequest(SMART_ALONE)
    if detailed and (config.get("customVocabulary") or config.get("adaptationPhrases")):
        raise WrongRequest(TERMS_ALONE)


def is_detailed(config: dict[str, Any]) -> bool:
    """Whether a transcription is asked for with speakers, or with times of words."""
    return bool(config.get("wordTimestamp") or config.get("diarization"))


def _check_generation(generation: dict[str, Any]) -> None:
    if "audioTranscriptionConfig" in generation:
        raise NotPlayed("audioTranscriptionConfig with a general model")
    has_schema = {"responseSchema", "responseJsonSchema"} & generation.keys()
    if len(has_schema) > 1:
        raise WrongRequest("Only one of response_schema and response_json_schema can be set.")
    if has_schema and generation.get("responseMimeType") != "application/json":
        raise WrongRequest("A response schema is only supported with the response mime type application/json.")
    if {"thinkingBudget", "thinkingLevel"} <= generation.get("thinkingConfig", {}).keys():
        raise WrongRequest("You can only set only one of thinking budget and thinking level.")
    if not isinstance(generation.get("responseJsonSchema", {}), dict):
        raise WrongRequest("Invalid value at generationConfig.responseJsonSchema: no object")
