"""What is at this AssemblyAI: uploads, jobs, and the words to set a scene.

assemblyai = AssemblyAI()
assemblyai.say([["Hello.", 0.5, 0.9, "A"]])
assemblyai.fault("transcript.get", "status", value=503)
… assemblyai.jobs, assemblyai.executed, assemblyai.refusals
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.assemblyai.errors import STATUS_MESSAGES, ApiError
from sandbox.clouds.audio import Audio, measure
from sandbox.clouds.cloud import Cloud, Refused
from sandbox.clouds.speech import Speech

API_KEY = "sandbox-assemblyai"
OPERATIONS = ("upload", "transcript.create", "transcript.list", "transcript.get", "transcript.delete")
UPLOADS = "/upload/"
SHORTEST_SECONDS = 0.16
LONGEST_SECONDS = 36_000.0  # 10 hours: docs, limits of pre-recorded audio


@dataclass
class Upload:
    """A file as it came."""

    id: str
    url: str
    data: bytes = field(repr=False)
    content_type: str
    audio: Audio
    deleted: bool = False

    def plain(self) -> dict[str, Any]:
        digest = hashlib.sha256(self.data).hexdigest()
        facts = {"size": len(self.data), "sha256": digest, "seconds": self.audio.seconds}
        return {"id": self.id, "url": self.url, "content_type": self.content_type, "deleted": self.deleted, **facts}


@dataclass(frozen=True)
class Pace:
    """A job is done once it was asked for more than `polls` times, and `seconds` after it was submitted."""

    polls: int = 1
    seconds: float = 0.0


@dataclass
class Job:
    """`asked` is how often it was looked at, `failure` why it fails, `answer` the finished transcript."""

    id: str
    request: dict[str, Any]
    upload: Upload | None
    speech: Speech
    failure: str | None
    pace: Pace
    submitted: float
    asked: int = 0
    answer: dict[str, Any] | None = None
    deleted: bool = False

    def is_due(self, now: float) -> bool:
        return self.asked > self.pace.polls and now >= self.submitted + self.pace.seconds

    @property
    def status(self) -> str:
        if self.answer is not None:
            return str(self.answer["status"])
        return "queued" if self.asked < 2 else "processing"

    def plain(self) -> dict[str, Any]:
        names = ("id", "request", "status", "asked", "deleted")
        return {"audio_url": self.request["audio_url"], **{name: getattr(self, name) for name in names}}


class AssemblyAI(Cloud):
    """The whole state."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(OPERATIONS, API_KEY)
        self.now = now
        self.pace = Pace()
        self.shortest, self.longest = SHORTEST_SECONDS, LONGEST_SECONDS
        self.uploads: dict[str, Upload] = {}
        self.jobs: dict[str, Job] = {}
        self._failures: list[str] = []

    def refused(self, status: int, headers: Mapping[str, str] | None = None) -> Refused:
        return ApiError(status, STATUS_MESSAGES.get(status, f"Error {status}"), headers=headers)

    # ---- the scene

    def set_pace(self, **changes: Any) -> Pace:
        """How long the jobs take that are submitted from now on, by fields of Pace. Raise TypeError."""
        self.pace = dataclasses.replace(self.pace, **changes)
        return self.pace

    def fail(self, error: str, times: int = 1) -> None:
        """Let the next `times` jobs fail, with this text."""
        self._failures += [error] * times

    # ---- what requests do

    def store(self, origin: str, data: bytes, content_type: str) -> Upload:
        """Keep a file that was sent."""
        id = self.make_id()  # noqa: A001
        self.uploads[id] = Upload(id, f"{origin}{UPLOADS}{id}", data, content_type, measure(data))
        return self.uploads[id]

    def submit(self, request: dict[str, Any]) -> Job:
        """Take a checked request."""
        id = self.make_id()  # noqa: A001
        upload = self.upload_of(request["audio_url"])
        failure = self._failures.pop(0) if self._failures else self._failure(request, upload)
        speech = self.next_speech()
        self.jobs[id] = Job(_dashed(id), request, upload, speech, failure, self.pace, self.now())
        return self.jobs[id]

    def job(self, id: str) -> Job | None:  # noqa: A002
        """The job of an id as clients have it."""
        return self.jobs.get(id.replace("-", ""))

    def upload_of(self, url: str) -> Upload | None:
        """The file that an address is for; None where it is none of this server."""
        path = urlsplit(url).path
        upload = self.uploads.get(path.removeprefix(UPLOADS)) if path.startswith(UPLOADS) else None
        return upload if upload is not None and upload.url == url and not upload.deleted else None

    def _failure(self, request: dict[str, Any], upload: Upload | None) -> str | None:
        """Why a job must fail; nothing outside is fetched. Texts: docs, common errors, but for the durations."""
        if upload is None:
            return (
                f"Download error, unable to download {request['audio_url']}. "
                "Please make sure the file exists and is accessible from the internet."
            )
        if not upload.audio:
            return "File does not appear to contain audio. File type is application/octet-stream (data)."
        if upload.audio.seconds < self.shortest:
            return "Audio duration is too short."
        return "Audio duration is too long." if upload.audio.seconds > self.longest else None

    # ---- looking back

    def state(self) -> dict[str, Any]:
        return {
            **super().state(),
            "uploads": [one.plain() for one in list(self.uploads.values())],
            "jobs": [one.plain() for one in list(self.jobs.values())],
        }


def _dashed(id: str) -> str:  # noqa: A002
    """As AssemblyAI writes its ids."""
    return "-".join((id[:8], id[8:12], id[12:16], id[16:20], id[20:]))
