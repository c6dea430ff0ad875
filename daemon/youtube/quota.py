"""The day of YouTube's quota: it begins at midnight in Los Angeles."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


def day_of(now: datetime) -> date:
    """The quota's day at `now` (aware)."""
    return now.astimezone(PACIFIC).date()


def next_reset(now: datetime) -> datetime:
    """The next midnight in Los Angeles, in UTC."""
    tomorrow = day_of(now) + timedelta(days=1)
    return datetime.combine(tomorrow, time(), PACIFIC).astimezone(UTC)
