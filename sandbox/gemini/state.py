"""What is at this Gemini: files, uploads under way, what was generated, and the words to set a scene.

gemini = Gemini()
gemini.say([["Hello.", 0.5, 0.9, "A"]], language="en-US")
gemini.finish("MAX_TOKENS")
… gemini.files, gemini.generations, gemini.executed, gemini.refusals
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.clouds.audio import Audio, measure
from sandbox.clouds.cloud import Cloud, Refused
from sandbox.coming import Coming
from sandbox.gemini.errors import ApiError, WrongRequest, retry_info

API_KEY = "sandbox-gemini"
OPERATIONS = (
    "files.create",
    "files.upload",
    "files.get",
    "files.list",
    "files.delete",
    "models.generateContent",
)
"""`files.create` is the start of a resumable upload, `files.upload` each chunk of it."""

FINISH_REASONS = (
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_RESPONSE",
)
"""Of types.FinishReason those that a transcription may end with; CONTINUATION needs a token that nobody documents."""

BLOCK_REASONS = ("SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT")
KEPT = timedelta(hours=48)  # ai.google.dev/gemini-api/docs/files
FILE_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")  # types.File.name


@dataclass(frozen=True)
class Processing:
    """A file is not ready for the first `polls` that see it (its upload's answer is one); then it is, or `failed`."""

    polls: int = 1
    failed: str | None = None


@dataclass(frozen=True)
class Limits:
    """Seconds of audio: docs, Gemini 3.5 Transcribe (`detailed`: with speakers or words' times); audio, for others."""

    transcribe: float = 3600.0
    detailed: float = 1800.0
    general: float = 34_200.0


@dataclass
class File:
    """`told` is the state that was last told, `seen` how often one was."""

    id: str
    mime_type: str
    display_name: str | None
    data: bytes = field(repr=False)
    created: datetime
    processing: Processing
    audio: Audio
    seen: int = 0
    told: str = "PROCESSING"
    deleted: bool = False

    @property
    def state(self) -> str:
        if self.seen < self.processing.polls:
            return "PROCESSING"
        return "ACTIVE" if self.processing.failed is None else "FAILED"

    def resource(self, origin: str) -> dict[str, Any]:
        """The file as the API shows it: types.File."""
        state, stamp = self.state, self.created.isoformat().replace("+00:00", "Z")
        self.seen, self.told = self.seen + 1, state
        digest = hashlib.sha256(self.data).hexdigest().encode()
        error = {"error": {"code": 3, "message": self.processing.failed}} if state == "FAILED" else {}
        return {
            "name": f"files/{self.id}",
            **({"displayName": self.display_name} if self.display_name else {}),
            "mimeType": self.mime_type,
            "sizeBytes": str(len(self.data)),
            "createTime": stamp,
            "updateTime": stamp,
            "expirationTime": (self.created + KEPT).isoformat().replace("+00:00", "Z"),
            "sha256Hash": base64.b64encode(digest).decode(),
            "uri": f"{origin}/v1beta/files/{self.id}",
            "state": state,
            "source": "UPLOADED",
            **error,
        }

    def plain(self) -> dict[str, Any]:
        digest = hashlib.sha256(self.data).hexdigest()
        facts = {"size": len(self.data), "sha256": digest, "seconds": self.audio.seconds}
        return {"id": self.id, "mime_type": self.mime_type, "state": self.state, "deleted": self.deleted, **facts}


@dataclass
class Upload:
    """A resumable upload under way."""

    size: int
    mime_type: str
    name: str | None
    display_name: str | None
    data: bytearray = field(default_factory=bytearray, repr=False)


class Gemini(Cloud):
    """The whole state."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__(OPERATIONS, API_KEY)
        self.now = now
        self.processing = Processing()
        self.limits = Limits()
        self.files: dict[str, File] = {}
        self.uploads: dict[str, Upload] = {}
        self.generations: list[dict[str, Any]] = []
        self.finishes: Coming[str] = Coming()
        self.blocks: Coming[str] = Coming()

    def refused(self, status: int, headers: Mapping[str, str] | None = None) -> Refused:
        details = retry_info(headers["Retry-After"]) if headers else None
        return ApiError(status, headers=headers, details=details)

    # ---- the scene

    def set_processing(self, **changes: Any) -> Processing:
        """How files become ready that are uploaded from now on, by fields of Processing. Raise TypeError."""
        self.processing = dataclasses.replace(self.processing, **changes)
        return self.processing

    def set_limits(self, **changes: Any) -> Limits:
        """How long audio may be, by fields of Limits. Raise TypeError."""
        self.limits = dataclasses.replace(self.limits, **changes)
        return self.limits

    def finish(self, reason: str, times: int | None = 1) -> None:
        """Let the next `times` answers end so: MAX_TOKENS in the middle, others without content. Raise ValueError."""
        if reason not in FINISH_REASONS:
            raise ValueError(f"{reason!r} is none of {', '.join(FINISH_REASONS)}")
        self.finishes.add(reason, times)

    def block(self, reason: str = "PROHIBITED_CONTENT", times: int | None = 1) -> None:
        """Let the next `times` prompts be blocked. Raise ValueError."""
        if reason not in BLOCK_REASONS:
            raise ValueError(f"{reason!r} is none of {', '.join(BLOCK_REASONS)}")
        self.blocks.add(reason, times)

    # ---- what requests do

    def keep(self, upload: Upload) -> File:
        """Make a file of a complete upload."""
        id = upload.name or self.make_id()[:12]  # noqa: A001
        data = bytes(upload.data)
        made = File(id, upload.mime_type, upload.display_name, data, self.now(), self.processing, measure(data))
        self.files[id] = made
        return made

    def file(self, id: str) -> File:  # noqa: A002
        """A file that is there. Raise ApiError."""
        found = self.files.get(id)
        if found is None or found.deleted:
            raise ApiError(403, f"You do not have permission to access the File {id} or it may not exist.")
        return found

    def check_name(self, name: str) -> None:
        """Whether a client may give a file this id. Raise ApiError."""
        if not FILE_ID.fullmatch(name):
            raise WrongRequest(f"{name!r} is no id of a file")
        if name in self.files and not self.files[name].deleted:
            raise ApiError(409, f"The File {name} already exists.")

    # ---- looking back

    def state(self) -> dict[str, Any]:
        return {
            **super().state(),
            "files": [one.plain() for one in list(self.files.values())],
            "uploads": [{"size": one.size, "received": len(one.data)} for one in list(self.uploads.values())],
            "generations": list(self.generations),
        }
