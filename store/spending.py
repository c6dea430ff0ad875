"""The verbs on paid work: what engines cost, booked before they begin, and receipts by which it is not paid twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from store.database import Database
from store.errors import NotFound
from store.tables import PaidWork, Video


def begin(
    database: Database, video_id: int | None, key: str, engine: str, seconds: float, cost: float, limit: float | None
) -> bool:
    """Book the work of an engine, on a claimed video or on what is none; whether the month's `limit` allows it.

    Once for each key.
    """
    now = database.now()
    with database.write() as session:
        if _of(session, video_id, key) is not None:
            return True
        if limit is not None and _spent(session, month_of(now), now) + cost > limit:
            return False
        made = PaidWork(video_id=video_id, key=key, engine=engine, seconds=seconds, cost=cost, begun_at=now)
        session.add(made)
        return True


def receipt(database: Database, video_id: int | None, key: str) -> str | None:
    """What the service knows the work by; None if it has not begun there."""
    with database.read() as session:
        found = _of(session, video_id, key)
        return found.receipt if found is not None else None


def keep(database: Database, video_id: int | None, key: str, receipt: str | None) -> None:
    """Keep a receipt; None: the service does not know the work any more. Raise NotFound."""
    with database.write() as session:
        found = _of(session, video_id, key)
        if found is None:
            raise NotFound("that work was not booked")
        found.receipt = receipt
        session.add(found)


def give_back(database: Database, video_id: int | None, key: str) -> bool:
    """The work failed; whether it did before the service took it: then it costs nothing."""
    with database.write() as session:
        found = _of(session, video_id, key)
        if found is not None and found.receipt is None:
            session.delete(found)
            return True
        return False


def spent(database: Database, since: datetime, until: datetime) -> dict[str, float]:
    """What each engine cost in that time."""
    with database.read() as session:
        rows = session.exec(
            select(PaidWork.engine, func.sum(PaidWork.cost)).where(*_within(since, until)).group_by(PaidWork.engine)
        )
        return {engine: float(cost) for engine, cost in rows}


def spent_on_channel(database: Database, channel_id: int, since: datetime, until: datetime) -> float:
    """What the videos of a channel cost in that time."""
    with database.read() as session:
        total = select(func.sum(PaidWork.cost)).join(Video).where(Video.channel_id == channel_id)
        return float(session.exec(total.where(*_within(since, until))).one() or 0.0)


def month_of(now: datetime) -> datetime:
    """When the month began, in UTC."""
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def forecast(spent: float, now: datetime) -> float:
    """What a month will have cost in the end, if it goes on as it began."""
    begun = month_of(now)
    whole = (begun + timedelta(days=32)).replace(day=1) - begun
    return spent * (whole / max(now - begun, timedelta(days=1)))


def _spent(session: Session, since: datetime, until: datetime) -> float:
    return float(session.exec(select(func.sum(PaidWork.cost)).where(*_within(since, until))).one() or 0.0)


def _within(since: datetime, until: datetime) -> Sequence[bool]:
    return col(PaidWork.begun_at) >= since, col(PaidWork.begun_at) <= until  # type: ignore[return-value]


def _of(session: Session, video_id: int | None, key: str) -> PaidWork | None:
    return session.exec(select(PaidWork).where(PaidWork.video_id == video_id, PaidWork.key == key)).first()
