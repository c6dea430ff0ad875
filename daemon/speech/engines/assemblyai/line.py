"""Requests to AssemblyAI by its SDK's client, answers as plain JSON: the SDK's own models refuse what they do not know.

Each request runs in a thread of its own, so that the caller can leave at any time; what it left ends by its timeout.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from typing import IO, TYPE_CHECKING, Any, Self

from captions.text import clean_line
from daemon.errors import AskHuman, TryLater
from daemon.speech.engines.assemblyai import refusals
from daemon.speech.engines.assemblyai.options import Options

if TYPE_CHECKING:
    import httpx

Json = dict[str, Any]

TICK_SECONDS = 0.25  # how often the caller is asked whether it still wants this
SENTENCE_CHARACTERS = 300
LISTED = 200  # of the newest transcripts; the service lists no more at once
ID = re.compile(r"[\w-]{1,100}")
ADDRESS = re.compile(r"https?://\S{1,2000}")
BLOT = "«secret»"


class Line:
    """Talks to AssemblyAI for one recording. `tick` is called all along, and may raise what ends it."""

    def __init__(self, options: Options, key: str, tick: Callable[[], None]) -> None:
        self._key, self._tick = key, tick
        self._client = _client(options, key)
        self._last: Future[httpx.Response] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """A request that was left still needs the client: it closes it in the end."""
        if self._last is None or self._last.done():
            self._client.close()
        else:
            self._last.add_done_callback(lambda _: self._client.close())

    def upload(self, file: IO[bytes], told: Callable[[float], None]) -> str:
        """Send a file in a stream; its address there. `told` is told how much is sent, 0 to 1, from another thread."""
        sent = _Sent(file, told)
        try:
            answer = self._json(lambda: self._client.post("/v2/upload", content=sent))
        finally:
            sent.end()
        return self._matching(answer.get("upload_url"), ADDRESS)

    def submit(self, body: Json) -> str:
        """Begin a job; its id."""
        return self._matching(self._json(lambda: self._client.post("/v2/transcript", json=body)).get("id"), ID)

    def transcript(self, id: str) -> Json | None:  # noqa: A002
        """A job's present state; None if there is no such job."""
        response = self._response(lambda: self._client.get(f"/v2/transcript/{id}"))
        said = self._said(response)
        if response.status_code == 404 or (response.status_code == 400 and "not found" in (said or "").lower()):
            return None
        return self._checked(response)

    def find(self, audio_url: str) -> str | None:
        """The id of the newest job for a file that was uploaded; None if there is none, or no list is to be had."""
        response = self._response(lambda: self._client.get("/v2/transcript", params={"limit": LISTED}))
        if response.status_code in (404, 405):  # a stand-in without it: what was uploaded is submitted again
            return None
        listed = self._checked(response).get("transcripts")
        found = [
            one.get("id")
            for one in (listed if isinstance(listed, list) else [])
            if isinstance(one, dict) and one.get("audio_url") == audio_url
        ]
        return found[0] if found and isinstance(found[0], str) and ID.fullmatch(found[0]) else None

    # ---- an answer

    def _json(self, call: Callable[[], httpx.Response]) -> Json:
        return self._checked(self._response(call))

    def _response(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        """The answer, whatever it says. Raise TryLater where there is none."""
        import httpx

        self._last = _begun(call)
        while not wait([self._last], TICK_SECONDS).done:
            self._tick()
        try:
            return self._last.result()
        except httpx.HTTPError as error:
            why = self._clean(str(error) or type(error).__name__)
            raise TryLater(f"AssemblyAI could not be reached: {why}") from error

    def _checked(self, response: httpx.Response) -> Json:
        """The JSON object of an answer. Raise DaemonError for anything else."""
        if response.status_code != 200:
            after = response.headers.get("Retry-After")
            raise refusals.of_status(response.status_code, self._said(response), after)
        answer = _object(response)
        if answer is None:
            raise TryLater("AssemblyAI answered with something other than JSON")
        return answer

    def _said(self, response: httpx.Response) -> str | None:
        """The service's sentence in an answer; None where it is not the service's."""
        said = (_object(response) or {}).get("error")
        return self._clean(said) if isinstance(said, str) else None

    def _clean(self, text: str) -> str:
        return clean_line(text[: 4 * SENTENCE_CHARACTERS].replace(self._key, BLOT), SENTENCE_CHARACTERS)

    def clean(self, text: str) -> str:
        """A sentence of the service as it may be shown: on one line, without the key."""
        return self._clean(text)

    @staticmethod
    def _matching(value: Any, pattern: re.Pattern[str]) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise TryLater("AssemblyAI answered without what was asked for")
        return value


class _Sent:
    """A file that says how much of it was read, and stops when nobody wants it any more."""

    def __init__(self, file: IO[bytes], told: Callable[[float], None]) -> None:
        self._file, self._told = file, told
        self._size = max(1, os.fstat(file.fileno()).st_size)
        self._ended = False

    def fileno(self) -> int:
        """httpx asks it for the size, and else sends the file in chunks of unknown number."""
        return self._file.fileno()

    def read(self, size: int = -1) -> bytes:
        if self._ended:
            raise OSError("nobody wants it any more")
        piece = self._file.read(size)
        self._told(self._file.tell() / self._size)
        return piece

    def __iter__(self) -> Iterator[bytes]:
        """httpx wants it, and then reads by `read`."""
        while piece := self.read(65_536):
            yield piece

    def end(self) -> None:
        self._ended = True


def _begun(call: Callable[[], httpx.Response]) -> Future[httpx.Response]:
    """A call in a thread that keeps no process alive."""
    future: Future[httpx.Response] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="assemblyai", daemon=True).start()
    return future


def _client(options: Options, key: str) -> httpx.Client:
    """The SDK's. Raise AskHuman if the key cannot be one: as a header it would show itself in an error."""
    if not (key.isascii() and key.isprintable() and key.strip() == key):
        raise AskHuman(f"the key of AssemblyAI has characters that no key has: {refusals.SET_KEY}")
    import assemblyai

    settings = assemblyai.Settings(api_key=key, base_url=options.base_url, http_timeout=options.timeout_seconds)
    client: httpx.Client = assemblyai.Client(settings=settings).http_client
    return client


def _object(response: httpx.Response) -> Json | None:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
