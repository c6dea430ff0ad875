"""What a transcript looks like in JSON: while it is waited for, done, failed, deleted. Times are whole milliseconds.

Names: assemblyai 1.8.2, types.TranscriptResponse; what more the service sends: its API reference.
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.assemblyai import findings, redaction, understanding
from sandbox.assemblyai.pieces import Json, channels_of, names_of, timed
from sandbox.assemblyai.state import Job
from sandbox.clouds.speech import Turn, Word, turns

FLAGS = (
    "auto_highlights",
    "redact_pii",
    "summarization",
    "punctuate",
    "format_text",
    "speaker_labels",
    "content_safety",
    "iab_categories",
    "language_detection",
    "disfluencies",
    "sentiment_analysis",
    "auto_chapters",
    "entity_detection",
    "multichannel",
    "dual_channel",
    "filter_profanity",
    "redact_pii_audio",
)
RESULTS = (
    "text",
    "words",
    "utterances",
    "confidence",
    "audio_duration",
    "audio_channels",
    "language_confidence",
    "sentiment_analysis_results",
    "entities",
    "chapters",
    "summary",
    "auto_highlights_result",
    "speech_model",
    "speech_model_used",
    "error",
)
ON_BY_DEFAULT = frozenset({"punctuate", "format_text"})
UNAVAILABLE = {"status": "unavailable", "results": [], "summary": {}}
LOW_CONFIDENCE = 'detected language confidence: {}, is below the requested confidence threshold value of "{}".'
DELETED = "Deleted by user."
DELETED_URL = "http://deleted_by_user"
CREATED = "2026-01-01T00:00:00.000000"


def waiting(job: Job) -> Json:
    """A transcript that is not there yet: what was asked, and nothing of what is found."""
    return {
        "id": job.id,
        "status": job.status,
        "language_model": "assemblyai_default",
        "acoustic_model": "assemblyai_default",
        "language_code": job.request.get("language_code"),
        "language_confidence_threshold": job.request.get("language_confidence_threshold"),
        "webhook_auth": False,
        "throttled": False,
        "is_deleted": None,
        "custom_topics": False,
        "topics": [],
        "iab_categories_result": dict(UNAVAILABLE),
        "content_safety_labels": {**UNAVAILABLE, "severity_score_summary": {}},
        **{name: name in ON_BY_DEFAULT for name in FLAGS},
        **dict.fromkeys(RESULTS),
        **job.request,
    }


def listed(jobs: list[Job], url: str) -> Json:
    """A page of the list, newest first: types.ListTranscriptResponse. Times are not kept here, so all are the same."""
    items = [
        {
            "id": job.id,
            "resource_url": f"{url.split('?')[0]}/{job.id}",
            "status": job.status,
            "created": CREATED,
            "completed": None,
            "audio_url": DELETED_URL if job.deleted else job.request["audio_url"],
            "error": job.failure if job.status == "error" else None,
        }
        for job in jobs
    ]
    page = {"limit": len(items), "result_count": len(items), "current_url": url, "prev_url": None, "next_url": None}
    return {"page_details": page, "transcripts": items}


def failed(job: Job, error: str) -> Json:
    return {**waiting(job), "status": "error", "error": error}


def deleted(job: Job) -> Json:
    """What is left of a deleted transcript, as recorded in 2026."""
    cleared = {name: DELETED if name in ("text", "summary") else None for name in RESULTS}
    return {**waiting(job), **cleared, "status": "completed", "audio_url": DELETED_URL, "is_deleted": True}


def completed(job: Job) -> Json:
    """The finished transcript of a job, or its failure."""
    if job.failure is not None or job.upload is None:
        return failed(job, job.failure or "")
    speech, request = job.speech, job.request
    threshold = request.get("language_confidence_threshold")
    if request.get("language_detection") and threshold is not None and speech.language_confidence < threshold:
        return failed(job, LOW_CONFIDENCE.format(speech.language_confidence, threshold))
    words = _within(speech.heard_in(job.upload.data, job.upload.audio), request)
    detected = bool(request.get("language_detection"))
    found = {
        "status": "completed",
        "language_code": request.get("language_code") or speech.language,
        "language_confidence": speech.language_confidence if detected else None,
        "confidence": sum(word.confidence for word in words) / len(words) if words else 0.0,
        "audio_duration": round(job.upload.audio.seconds),
        "speech_model_used": request["speech_models"][0],
    }
    channels = job.upload.audio.channels if is_by_channel(request) else 0
    if channels:
        found["audio_channels"] = channels
    shown, unredacted = redaction.redacted(words, request)
    answer = {**waiting(job), **found, **spoken(shown, request, channels), **findings.of(shown, request)}
    if unredacted:
        answer |= {f"unredacted_{name}": value for name, value in spoken(words, request, channels).items()}
    return answer | understanding.of(shown, request)


def _within(words: Iterable[Word], request: Json) -> list[Word]:
    begin, end = request.get("audio_start_from", float("-inf")), request.get("audio_end_at", float("inf"))
    return [word for word in words if begin <= word.start * 1000 < end]


# ---- words


def spoken(words: list[Word], request: Json, channels: int = 0) -> Json:
    """The text, its words, and who says what, where that is asked for; of so many channels, 0 where they are mixed."""
    labels = bool(request.get("speaker_labels"))
    names, places = names_of(words), channels_of(words, channels) if channels else {}

    def who(word: Word) -> Json:
        if not channels:
            return {"speaker": names.get(word.speaker) if labels else None}
        channel, letter = places[word.speaker]
        return {"speaker": channel + letter if labels else channel, "channel": channel}

    def word_of(word: Word) -> Json:
        return {**timed(word), **who(word)}

    def utterance_of(turn: Turn) -> Json:
        return {**timed(turn), **who(turn.words[0]), "words": [word_of(word) for word in turn.words]}

    return {
        "text": " ".join(word.text for word in words),
        "words": [word_of(word) for word in words],
        "utterances": [utterance_of(turn) for turn in turns(words)] if labels or channels else None,
    }


def is_by_channel(request: Json) -> bool:
    return bool(request.get("multichannel") or request.get("dual_channel"))
