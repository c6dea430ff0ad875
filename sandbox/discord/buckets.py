"""Rate limits by bucket: what the headers of every answer say, and who has to wait. Real time, as the bot waits in it.

Without a limit set nobody waits. Source: topics/rate-limits of Discord's documentation.
"""

from __future__ import annotations

import hashlib
import math
import time
from dataclasses import dataclass

FREE_LIMIT = 50  # what the headers say where no limit is set
FREE_SECONDS = 1.0


@dataclass
class Window:
    ends_at: float
    used: int = 0


@dataclass(frozen=True)
class Place:
    """Where a request stands in its bucket. `remaining` below 0: it must wait for `reset_after`."""

    bucket: str
    limit: int
    remaining: int
    reset_after: float

    def headers(self) -> dict[str, str]:
        after = math.ceil(self.reset_after * 1000) / 1000  # who waits that long does not come too early
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.remaining, 0)),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": self.bucket,
        }


class Buckets:
    """The limits set by operation, and the windows that are open, each for one channel, guild or webhook."""

    def __init__(self) -> None:
        self.limits: dict[str, tuple[int, float]] = {}
        self._windows: dict[tuple[str, str], Window] = {}

    def enter(self, operation: str, major: str) -> Place:
        """Count a request."""
        bucket = hashlib.sha256(operation.encode()).hexdigest()[:32]
        if operation not in self.limits:
            return Place(bucket, FREE_LIMIT, FREE_LIMIT - 1, FREE_SECONDS)
        limit, seconds = self.limits[operation]
        now = time.monotonic()
        window = self._windows.get((operation, major))
        if window is None or window.ends_at <= now:
            window = self._windows[operation, major] = Window(now + seconds)
        window.used += window.used <= limit
        return Place(bucket, limit, limit - window.used, window.ends_at - now)
