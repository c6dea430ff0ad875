"""What AssemblyAI says when it says no, and what now: by a table of statuses, and one of sentences.

Sources: assemblyai.com/docs, troubleshoot common errors; texts that people have put on record.
"""

from __future__ import annotations

import email.utils
import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from daemon.errors import AskHuman, DaemonError, GiveUp, TryLater

SET_KEY = "captiond secret set assemblyai-api-key"
SEE = "see [daemon.engines.assemblyai] in config.toml"
NO_KEY = f"there is no key of AssemblyAI: {SET_KEY}"
LONGEST_AFTER = timedelta(days=1)

MONEY = re.compile(r"balance|insufficient|funds|top up|billing|upgrade", re.IGNORECASE)
OF_LANGUAGE = re.compile(r"not available in this language", re.IGNORECASE)
OF_MODEL = re.compile(r"speech_model|speech model", re.IGNORECASE)
HOPELESS = re.compile(
    r"does not appear to contain audio|too short|too long|transcod|not available|not supported|unsupported"
    r"|is below the requested|corrupt",
    re.IGNORECASE,
)
"""A failed job that would fail again."""

SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = (
    (MONEY, "AssemblyAI wants money first: top up at assemblyai.com ({})"),
    (OF_LANGUAGE, f"AssemblyAI cannot do all that is asked for in this language: {SEE} ({{}})"),
    (OF_MODEL, f"AssemblyAI does not take the models that are set: {SEE} ({{}})"),
)
"""Sentences of which a person has to be told, and what."""

STATUSES: dict[int, Callable[[str], DaemonError]] = {
    401: lambda _: AskHuman(f"AssemblyAI does not take the key: {SET_KEY}"),
    402: lambda said: AskHuman(SENTENCES[0][1].format(said)),
    403: lambda said: AskHuman(f"AssemblyAI does not allow this with the key that is set ({said}): {SET_KEY}"),
    404: lambda said: AskHuman(f"there is no AssemblyAI at the base_url that is set ({said}): {SEE}"),
    405: lambda said: AskHuman(f"there is no AssemblyAI at the base_url that is set ({said}): {SEE}"),
    413: lambda said: GiveUp(f"the sound is too large for AssemblyAI ({said})"),
}
LATER = frozenset({408, 425, 429})
OF_EVERY_PAGE = frozenset({401, 402, 404, 405, 413})  # the others come from a proxy, where they come as a page


def of_status(status: int, said: str | None, retry_after: str | None = None) -> DaemonError:
    """The error for an answer that is not 200. `said`: the service's sentence, None where a page came instead."""
    if status >= 500 or status in LATER or status < 400 or (said is None and status not in OF_EVERY_PAGE):
        return TryLater(f"AssemblyAI answered {status}" + (f": {said}" if said else ""), after(retry_after))
    sentence = said or f"status {status}"
    if status in STATUSES:
        return STATUSES[status](sentence)
    return of_sentence(sentence) or GiveUp(f"AssemblyAI refused the request: {sentence}")


def of_job(sentence: str) -> DaemonError:
    """The error for a job that failed. What is not known to be hopeless may do better in a new job."""
    if HOPELESS.search(sentence) and not OF_LANGUAGE.search(sentence):
        return GiveUp(f"AssemblyAI could not transcribe it: {sentence}")
    return of_sentence(sentence) or TryLater(f"AssemblyAI failed: {sentence}")


def of_sentence(sentence: str) -> AskHuman | None:
    """What a person has to do, where a sentence says so."""
    found = (text for pattern, text in SENTENCES if pattern.search(sentence))
    text = next(found, None)
    return None if text is None else AskHuman(text.format(sentence))


def after(value: str | None) -> timedelta | None:
    """How long to wait by a Retry-After header, seconds or a date; None for none, or for nonsense."""
    try:
        seconds = float(value or "nan")
    except ValueError:
        seconds = _until(value or "")
    if not math.isfinite(seconds) or seconds < 0:
        return None
    return timedelta(seconds=min(seconds, LONGEST_AFTER.total_seconds()))


def _until(date: str) -> float:
    try:
        then = email.utils.parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    return (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
