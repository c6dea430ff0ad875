"""One piece of sound: uploaded, asked about, deleted again. Runs in a thread that may be left alone."""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from daemon.errors import DaemonError, TryLater
from daemon.speech.engines.gemini.refusals import Abandoned, is_refused
from daemon.speech.engines.gemini.service import Service

if TYPE_CHECKING:
    import numpy as np
    from google.genai.types import File, GenerateContentResponse
    from numpy.typing import NDArray

    from daemon.speech.engines.gemini.options import Options

NAME = re.compile(r"captionwatch-[0-9a-f]{10}-(?P<sound>[0-9a-f]{12})")  # types.File.name: at most 40 characters
FULL_SCALE = 32767.0  # of 16 bits
BLOCK_SAMPLES = 160_000  # encoded at once
FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 0.1, 5.0
UPLOADED = 0.4  # share of an errand that is done then; the rest is the model's


@dataclass(frozen=True)
class Sound:
    """Mono samples, -1 to 1, and the name that their file has at the service."""

    samples: NDArray[np.float32]
    rate: int
    name: str
    left: str | None = None  #: a file of an earlier try that was not deleted; it may be this one


def named(samples: NDArray[np.float32], rate: int, left: str | None) -> Sound:
    """A name for a piece: by chance, so that no two jobs share a file, and by its sound, so that it is known again."""
    import numpy as np

    digest = hashlib.sha256(np.ascontiguousarray(samples).data).hexdigest()[:12]
    known = NAME.fullmatch(left or "")
    if known is None:
        left = None
    if left is not None and known is not None and known["sound"] == digest:
        return Sound(samples, rate, left, left)
    return Sound(samples, rate, f"captionwatch-{secrets.token_hex(5)}-{digest}", left)


Ask = Callable[[Service, "File"], "GenerateContentResponse"]


class Errand:
    """`fraction` of it is done (0 to 1).

    `deleted`: whether its file is gone from the service. `may_cost`: whether the model may have worked for it.
    """

    def __init__(self, options: Options, key: str, sound: Sound, ask: Ask) -> None:
        self._options, self._key, self._sound, self._ask = options, key, sound, ask
        self._abandoned = threading.Event()
        self.fraction = 0.0
        self.deleted = False
        self.may_cost = False

    def run(self) -> GenerateContentResponse:
        """Raise DaemonError, or Abandoned."""
        with closing(Service(self._options, self._key)) as service:
            try:
                file = self._ready(service, self._there(service))
                self._go_on(UPLOADED)
                answer = self._asked(service, file)
            finally:
                self.deleted = service.delete(self._sound.name)
        self.fraction = 1.0
        return answer

    def _asked(self, service: Service, file: File) -> GenerateContentResponse:
        self.may_cost = True
        try:
            return self._ask(service, file)
        except DaemonError as error:
            self.may_cost = not is_refused(error)
            raise

    def abandon(self) -> None:
        """Let `run` end as soon as it can, and delete its file at once: the model may take minutes for its answer.

        Should the file come only now, `run` deletes it.
        """
        self._abandoned.set()
        with closing(Service(self._options, self._key)) as service:
            service.delete(self._sound.name)

    def _go_on(self, fraction: float) -> None:
        if self._abandoned.is_set():
            raise Abandoned
        self.fraction = max(self.fraction, fraction)

    def _there(self, service: Service) -> File:
        """The file at the service: that of an earlier try, or a new one."""
        from google.genai.types import FileState

        left, name = self._sound.left, self._sound.name
        if left == name:
            found = service.find(name)
            if found is not None and found.state is not FileState.FAILED:
                return found
        if left is not None:
            service.delete(left)
        with _Outgoing(flac(self._sound.samples, self._sound.rate), self._sent) as sound:
            return service.upload(name, sound)

    def _sent(self, fraction: float) -> None:
        self._go_on(UPLOADED * fraction)

    def _ready(self, service: Service, file: File) -> File:
        """Wait until the service has looked at the file. Raise TryLater if it cannot use it."""
        from google.genai.types import FileState

        pause, until = FIRST_POLL_SECONDS, monotonic() + self._options.timeout_seconds
        while file.state is not FileState.ACTIVE:
            if file.state is FileState.FAILED:
                raise TryLater("Gemini could not read the sound that was uploaded")
            if monotonic() > until:
                raise TryLater("Gemini did not get ready with the sound that was uploaded")
            sleep(pause)
            pause = min(2 * pause, LONGEST_POLL_SECONDS)
            self._go_on(self.fraction)
            found = service.find(self._sound.name)
            if found is None:
                raise TryLater("the sound that was uploaded is gone: it is uploaded again")
            file = found
        return file


class _Outgoing(io.BytesIO):
    """A file in memory that tells how much of it was read; what that raises ends the upload."""

    def __init__(self, data: bytes, sent: Callable[[float], None]) -> None:
        super().__init__(data)
        self._size, self._told = len(data), sent

    def read(self, size: int | None = -1, /) -> bytes:
        self._told(self.tell() / self._size)
        return super().read(size)


def flac(samples: NDArray[np.float32], rate: int) -> bytes:
    """The samples as a FLAC file of 16 bits, a bit more than half as large as they are."""
    import av
    import numpy as np

    whole = (np.clip(samples, -1.0, 1.0) * FULL_SCALE).astype(np.int16)
    file = io.BytesIO()
    with av.open(file, "w", format="flac") as container:
        stream: Any = container.add_stream("flac", rate=rate, layout="mono", format="s16")
        for place in range(0, len(whole), BLOCK_SAMPLES):
            frame: Any = av.AudioFrame.from_ndarray(whole[None, place : place + BLOCK_SAMPLES], "s16", "mono")
            frame.sample_rate, frame.pts = rate, place
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
