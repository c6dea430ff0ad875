"""What can go wrong with Gemini, by what is to be done: its errors, those of the line, answers that are none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from captions.text import clean_line
from daemon.errors import AskHuman, DaemonError, GiveUp, TryLater
from daemon.speech.engines.gemini.options import SET_KEY

if TYPE_CHECKING:
    from google.genai.errors import APIError
    from google.genai.types import GenerateContentResponse

SAID_CHARACTERS = 200  # of what the service says of itself
LONGEST_WAIT_SECONDS = 24 * 3600.0  # that a service may ask for
TABLE_NAME = "[daemon.engines.gemini]"
NO_SUCH_FILE = "access the File"  # in a 403: of a file that is gone, not of the key

KEY_REASONS = frozenset({"API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED", "API_KEY_HTTP_REFERRER_BLOCKED"})
AGAIN = frozenset({408, 409, 425, 429, 499})  # of the statuses below 500; those above are all of this kind
SHAPELESS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)  # google-genai's, of a strange answer
CONTENT = frozenset({"SAFETY", "RECITATION", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "JAILBREAK", "MODEL_ARMOR"})


class Abandoned(Exception):
    """Nobody waits any more for what a thread does."""


# ---- errors


@contextmanager
def translated(key: str) -> Iterator[None]:
    """Turn what google-genai raises into DaemonErrors. `key` is never in their texts."""
    import httpx2
    from google.genai.errors import APIError

    try:
        yield
    except APIError as error:
        raise _of_service(error, key) from error
    except httpx2.InvalidURL as error:
        raise AskHuman(f"Gemini cannot be at this address: see base_url in {TABLE_NAME}") from error
    except httpx2.TimeoutException as error:
        raise TryLater("Gemini did not answer in time") from error
    except httpx2.HTTPError as error:
        raise TryLater(f"Gemini cannot be reached: {_shown(str(error), key) or type(error).__name__}") from error
    except SHAPELESS as error:
        raise TryLater("Gemini's answer cannot be read: it is not what the service answers") from error


def _of_service(error: APIError, key: str) -> DaemonError:
    code = error.code if isinstance(error.code, int) else 0
    said = _shown(str(error.message or ""), key)
    if code >= 500 or code in AGAIN:
        after = _after(error)
        return TryLater(f"Gemini cannot do it now ({code}{said and ': '}{said})", after)
    if code == 401 or _reason(error) in KEY_REASONS:
        return AskHuman(f"Gemini does not know the key: {SET_KEY} sets another one")
    if code == 403 and NO_SUCH_FILE in said:
        return TryLater("the sound that was uploaded is gone: it is uploaded again")
    if code in (402, 403):
        return AskHuman(f"Gemini does not let this key do that ({said or code}): {SET_KEY} sets another one")
    if code == 404:
        return AskHuman(f"Gemini does not have what was asked for ({said or code}): set another model in {TABLE_NAME}")
    if 300 <= code < 400 or not code:
        return AskHuman(f"what answers is not Gemini ({code}): see base_url in {TABLE_NAME}")
    return AskHuman(f"Gemini refuses the request ({code}{said and ': '}{said}): see {TABLE_NAME}")


def _shown(text: str, key: str) -> str:
    """What a service says, fit to be shown. Of a page, which a proxy sends, nothing is."""
    if text.lstrip().startswith("<"):
        return ""
    return clean_line(text.replace(key, "«secret»"), SAID_CHARACTERS).rstrip(".")


def _details(error: APIError) -> Iterator[Mapping[str, Any]]:
    """The further things that Google says of an error; none where it has another shape."""
    body = error.details if isinstance(error.details, dict) else {}
    inner = body.get("error")
    told = inner.get("details") if isinstance(inner, dict) else None
    yield from (one for one in told if isinstance(one, dict)) if isinstance(told, list) else ()


def _reason(error: APIError) -> str:
    return next((str(one["reason"]) for one in _details(error) if "reason" in one), "")


def _after(error: APIError) -> timedelta | None:
    """How long Google asks to wait, by its header or by what it says of it; None if it does not."""
    headers = getattr(error.response, "headers", None) or {}
    told = [str(headers.get("retry-after", "")), *(str(one.get("retryDelay", "")) for one in _details(error))]
    for text in told:
        try:
            seconds = float(text.removesuffix("s"))
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds > 0:
            return timedelta(seconds=min(seconds, LONGEST_WAIT_SECONDS))
    return None


def is_refused(error: DaemonError, *codes: int) -> bool:
    """Whether the service itself said no, with one of these statuses, or with any: then it has done nothing."""
    code = getattr(error.__cause__, "code", None)
    return isinstance(code, int) and (not codes or code in codes)


# ---- answers


def refuse_incomplete(response: GenerateContentResponse) -> None:
    """Raise DaemonError if the model did not answer to the end."""
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise _ended(_name(feedback.block_reason), "blocked the recording")
    if not response.candidates:
        raise TryLater("Gemini's answer is empty")
    reason = response.candidates[0].finish_reason
    if reason is None or _name(reason) != "STOP":
        raise _ended(_name(reason), "did not answer to the end")


def _name(reason: Any) -> str:
    return str(getattr(reason, "name", "") or "without a reason")


def _ended(reason: str, what: str) -> DaemonError:
    if reason in CONTENT:
        return GiveUp(f"Gemini {what}, for what is said in it ({reason}): use another engine")
    if reason == "MAX_TOKENS":
        return TryLater(f"Gemini's answer was cut off, it was too long: set piece_minutes in {TABLE_NAME} lower")
    if reason == "LANGUAGE":
        return AskHuman("Gemini does not take the language of this recording: use another engine for it")
    return TryLater(f"Gemini {what} ({reason})")
