"""What was booked of YouTube's daily quota. Booked before a call: a call that fails costs too."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, func, select

from store.database import Database
from store.tables import QuotaUse


def book(database: Database, day: date, operation: str, units: int, limit: int) -> bool:
    """Book a call, unless the day's total would pass `limit`; tell whether it was booked."""
    with database.write() as session:
        total = session.exec(select(func.sum(QuotaUse.units)).where(col(QuotaUse.day) == day)).one() or 0
        if total + units > limit:
            return False
        use = session.get(QuotaUse, (day, operation)) or QuotaUse(day=day, operation=operation, calls=0, units=0)
        use.calls += 1
        use.units += units
        session.add(use)
        return True


def used(database: Database, day: date) -> int:
    """Units booked on that day."""
    with database.read() as session:
        return session.exec(select(func.sum(QuotaUse.units)).where(col(QuotaUse.day) == day)).one() or 0


def latest(database: Database) -> tuple[date, int] | None:
    """The last day that anything was booked on, and its units."""
    with database.read() as session:
        day = session.exec(select(func.max(QuotaUse.day))).one()
    return None if day is None else (day, used(database, day))
