"""The calls to the service, by google-genai, each with what it raises translated. Blocks; for one thread."""

from __future__ import annotations

import io
import ssl
from typing import TYPE_CHECKING, Any

import structlog

from daemon.errors import DaemonError
from daemon.speech.engines.gemini.options import Options
from daemon.speech.engines.gemini.refusals import is_refused, translated

if TYPE_CHECKING:
    from google.genai.types import File, GenerateContentConfig, GenerateContentResponse

MIME_TYPE = "audio/flac"
AGAIN = [408, 500, 502, 503, 504]  # that the SDK may try at once; 429 says when, which the SDK does not heed
DELETE_SECONDS = 20.0  # a delete is small, and the words wait for it

log = structlog.stdlib.get_logger()


class Service:
    """A client of the service. Close it."""

    def __init__(self, options: Options, key: str) -> None:
        from google import genai
        from google.genai import types

        self._base_url, self._key = options.base_url or None, key
        retry = types.HttpRetryOptions(attempts=options.attempts, http_status_codes=AGAIN)
        http = types.HttpOptions(
            base_url=self._base_url,
            timeout=round(options.timeout_seconds * 1000),  # milliseconds
            retry_options=retry,
            # for the asynchronous half of the SDK, which is not used: else it reads all certificates twice more
            async_client_args={"ssl": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)},
        )
        with translated(key):
            # said in so many words, for the environment may say otherwise
            self._client = genai.Client(api_key=key, vertexai=False, http_options=http)

    def close(self) -> None:
        self._client.close()

    def find(self, name: str) -> File | None:
        """A file that was uploaded; None if it is not there: 403, as of a file of somebody else."""
        from google.genai.errors import ClientError

        with translated(self._key):
            try:
                return self._client.files.get(name=name)
            except ClientError as error:
                if error.code in (403, 404):
                    return None
                raise

    def upload(self, name: str, sound: io.BytesIO) -> File:
        """Upload a FLAC file under a name of ours."""
        config: dict[str, Any] = {"mime_type": MIME_TYPE, "name": name}
        if self._base_url:  # else the bytes go to whatever address the server names
            config["http_options"] = {"base_url": self._base_url}
        with translated(self._key):
            return self._client.files.upload(file=sound, config=config)  # type: ignore[arg-type]

    def answer(self, model: str, contents: list[Any], config: GenerateContentConfig) -> GenerateContentResponse:
        """What a model says of the contents."""
        with translated(self._key):
            return self._client.models.generate_content(model=model, contents=contents, config=config)

    def delete(self, name: str) -> bool:
        """Delete a file; whether it is gone now. Google deletes what is left after 48 hours, so it is only logged."""
        from google.genai import types

        once = types.HttpOptions(timeout=round(DELETE_SECONDS * 1000), retry_options=types.HttpRetryOptions(attempts=1))
        try:
            with translated(self._key):
                self._client.files.delete(name=name, config=types.DeleteFileConfig(http_options=once))
        except DaemonError as error:
            is_gone = is_refused(error, 403, 404)  # it was not there at all
            if not is_gone:
                log.warning("could not delete the sound at gemini", file=name, error=str(error))
            return is_gone
        return True
