"""models.generateContent: the body checked, the audio found, an answer by what the scene says."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.clouds.audio import Audio, measure
from sandbox.clouds.incoming import served
from sandbox.clouds.speech import Speech
from sandbox.gemini import contract, structured, transcription
from sandbox.gemini.contract import TRANSCRIBE
from sandbox.gemini.entry import STATE, VERSIONS, body_of, entered, origin_of
from sandbox.gemini.errors import ApiError, NotPlayed, WrongRequest
from sandbox.gemini.state import File, Gemini

Json = dict[str, Any]

GENERAL_TYPES = tuple(f"audio/{one}" for one in ("wav", "mp3", "aiff", "aac", "ogg", "flac"))
TYPES = {
    TRANSCRIBE: (*GENERAL_TYPES, *(f"audio/{one}" for one in ("mpeg", "m4a", "l16", "opus", "alaw", "mulaw", "webm")))
}
"""What each kind of model hears: docs, audio; Gemini 3.5 Transcribe."""

AUDIO_TOKENS = 32  # of a second: docs, audio
LETTERS_OF_A_TOKEN = 4


@dataclass(frozen=True)
class Sound:
    """The audio of a request; `file` is None where it came with it."""

    data: bytes
    audio: Audio
    file: File | None


def add_routes(app: web.Application) -> None:
    path = f"/{VERSIONS}/models/{{model}}:generateContent"
    app.router.add_post(path, served(STATE, "models.generateContent", _generate))


async def _generate(request: web.Request) -> web.Response:
    gemini = entered(request)
    body, model = await body_of(request), request.match_info["model"]
    contract.check(body, model, request.match_info["version"])
    sound = _sound(gemini, body, model, origin_of(request))
    _check_length(gemini, body, model, sound)
    gemini.generations.append(_remembered(body, model, request.match_info["version"], sound))
    block = gemini.blocks.take()
    answer = {"promptFeedback": {"blockReason": block}} if block else await _candidate(gemini, body, model, sound)
    whole = answer | {
        "usageMetadata": _usage(body, sound, answer),
        "modelVersion": model,
        "responseId": gemini.make_id(),
    }
    return web.json_response(gemini.altered("models.generateContent", whole))


def _remembered(body: Json, model: str, version: str, sound: Sound) -> Json:
    """What was asked, without the bytes of the audio."""
    asked = {name: value for name, value in body.items() if name != "contents"}
    texts = [part["text"] for part in contract.parts_of(body) if "text" in part]
    file = sound.file.id if sound.file is not None else None
    return {"model": model, "version": version, "texts": texts, "file": file, "seconds": sound.audio.seconds, **asked}


# ---- the audio


def _sound(gemini: Gemini, body: Json, model: str, origin: str) -> Sound:
    found = [part for part in contract.parts_of(body) if "text" not in part]
    if len(found) != 1:
        raise NotPlayed(f"a request with {len(found)} audios")
    sound = _of_file(gemini, found[0]["fileData"], origin) if "fileData" in found[0] else _inline(found[0])
    mime_type = found[0].get("fileData", found[0].get("inlineData", {})).get("mimeType") or (
        sound.file.mime_type if sound.file is not None else ""
    )
    if mime_type.split(";")[0] not in TYPES.get(model, GENERAL_TYPES):
        raise WrongRequest(f"Unsupported MIME type: {mime_type}")
    if not sound.audio:
        raise ApiError(400)
    return sound


def _of_file(gemini: Gemini, given: Json, origin: str) -> Sound:
    uri = given["fileUri"]
    path = urlsplit(uri).path.split("/")
    if not uri.startswith(origin + "/") or path[2:3] != ["files"] or len(path) != 4:
        raise WrongRequest(f"Invalid or unsupported file uri: {uri}")
    file = gemini.file(path[3])
    if file.told != "ACTIVE":  # who was told otherwise, and asks no further, is lucky at best
        message = f"The File {file.id} is not in an ACTIVE state and usage is not allowed."
        raise ApiError(400, message, name="FAILED_PRECONDITION", mistake=message)
    return Sound(file.data, file.audio, file)


def _inline(part: Json) -> Sound:
    data = contract.decoded(part["inlineData"]["data"])
    return Sound(data, measure(data), None)


def _check_length(gemini: Gemini, body: Json, model: str, sound: Sound) -> None:
    config = _transcription_config(body)
    limits = gemini.limits
    most = limits.general
    if model == TRANSCRIBE:
        most = limits.detailed if contract.is_detailed(config) else limits.transcribe
    if sound.audio.seconds > most:
        raise WrongRequest(f"The audio has {sound.audio.seconds:.0f} seconds; {most:.0f} are supported.")


def _transcription_config(body: Json) -> Json:
    config: Json = body.get("generationConfig", {}).get("audioTranscriptionConfig", {})
    return config


# ---- the answer


async def _candidate(gemini: Gemini, body: Json, model: str, sound: Sound) -> Json:
    speech = gemini.next_speech()
    reason = gemini.finishes.take() or "STOP"
    parts = await asyncio.to_thread(_parts, body, model, sound, speech)
    most = body.get("generationConfig", {}).get("maxOutputTokens")
    letters = sum(len(part["text"]) for part in parts)
    if reason == "MAX_TOKENS":
        parts = _cut(parts, letters // 2)
    elif reason == "STOP" and most is not None and letters > most * LETTERS_OF_A_TOKEN:
        parts, reason = _cut(parts, most * LETTERS_OF_A_TOKEN), "MAX_TOKENS"
    content = {"parts": parts, "role": "model"} if reason in ("STOP", "MAX_TOKENS") else {}
    return {"candidates": [{"content": content, "finishReason": reason, "index": 0}]}


def _parts(body: Json, model: str, sound: Sound, speech: Speech) -> list[Json]:
    words = speech.heard_in(sound.data, sound.audio)
    if model == TRANSCRIBE:
        return transcription.parts(words, speech.language, _transcription_config(body))
    generation = body.get("generationConfig", {})
    schema = generation.get("responseSchema") or generation.get("responseJsonSchema")
    if schema is not None:
        return [{"text": structured.text(schema, words, speech.language)}]
    if generation.get("responseMimeType") == "application/json":
        raise NotPlayed("JSON without a schema")
    return [{"text": " ".join(word.text for word in words)}]


def _cut(parts: list[Json], letters: int) -> list[Json]:
    """The parts as far as so many letters reach; what is told of a text that is cut is left out."""
    kept: list[Json] = []
    for part in parts:
        if len(part["text"]) > letters:
            return [*kept, {"text": part["text"][:letters]}]
        kept.append(part)
        letters -= len(part["text"])
    return kept


def _usage(body: Json, sound: Sound, answer: Json) -> Json:
    asked = sum(len(part.get("text", "")) for part in contract.parts_of(body)) // LETTERS_OF_A_TOKEN
    heard = round(sound.audio.seconds * AUDIO_TOKENS)
    parts = [part for one in answer.get("candidates", []) for part in one["content"].get("parts", [])]
    said = sum(len(part["text"]) for part in parts) // LETTERS_OF_A_TOKEN
    details = [{"modality": "TEXT", "tokenCount": asked}, {"modality": "AUDIO", "tokenCount": heard}]
    return {
        "promptTokenCount": asked + heard,
        **({"candidatesTokenCount": said} if said else {}),
        "totalTokenCount": asked + heard + said,
        "promptTokensDetails": details,
    }
