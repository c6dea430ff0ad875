"""What is done to every row that is worked on: guarded moves, claims, failures.

A move is one `UPDATE … WHERE state = :from RETURNING`, and leaves an Event: of two who try the same move, one
succeeds and the other is refused. A claim says who works on a row and until when; it is renewed while the work runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, or_, select

from store.database import Database
from store.errors import NotFound, Refused
from store.lifecycle import ErrorKind, State, move_allowed
from store.tables import Channel, Draft, Event, Subject, Video

Row = TypeVar("Row", bound=Channel | Video | Draft)

SUBJECTS: dict[type[Any], Subject] = {Channel: Subject.CHANNEL, Video: Subject.VIDEO, Draft: Subject.DRAFT}
UNCLAIMED: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
UNTROUBLED: dict[str, Any] = {
    "attempts": 0,
    "crashes": 0,
    "next_try_at": None,
    "last_error_kind": None,
    "last_error": None,
}


def is_number(name: str) -> bool:
    """Whether what a person typed may be the number of a row."""
    return name.isdecimal() and len(name) <= 18  # SQLite's integers end there


def get(session: Session, table: type[Row], row_id: int) -> Row:
    """The row, or raise NotFound."""
    row = session.get(table, row_id)
    if row is None:
        raise NotFound(f"there is no {SUBJECTS[table]} {row_id}")
    return row


def record(
    session: Session,
    now: datetime,
    subject: Subject,
    subject_id: int | str,
    what: str,
    who: str,
    why: str | None = None,
    moved: tuple[State | None, State | None] = (None, None),
) -> None:
    """Write an Event into the transaction that does what it tells; of `who`, what stands before a #."""
    session.add(
        Event(
            at=now,
            subject=subject,
            subject_id=str(subject_id),
            what=what,
            from_state=moved[0],
            to_state=moved[1],
            who=who.partition("#")[0],
            why=why,
        )
    )


def move(
    session: Session,
    now: datetime,
    table: type[Row],
    row_id: int,
    old: State,
    new: State,
    *,
    who: str,
    why: str | None = None,
    only_if: ColumnElement[bool] | None = None,
    **values: Any,
) -> Row:
    """Take a row from `old` to `new`, free its claim, set `values`, and record it.

    Raise Refused if the move is not in the lifecycle, or the row is not in `old` any more, or not `only_if`.
    """
    subject = SUBJECTS[table]
    if not move_allowed(old, new):
        raise Refused(f"a {subject} does not go from {old} to {new}")
    condition = [col(table.id) == row_id, col(table.state) == old]
    if only_if is not None:
        condition.append(only_if)
    statement = update(table).where(*condition).values(state=new, **{**UNCLAIMED, **values}).returning(col(table.id))
    if session.scalar(statement) is None:
        raise _refusal(session, table, row_id, old, new)
    record(session, now, subject, row_id, "moved", who, why, (old, new))
    row = get(session, table, row_id)
    session.refresh(row)
    return row


def _refusal(session: Session, table: type[Row], row_id: int, old: State, new: State) -> Refused:
    row = get(session, table, row_id)
    if row.state != old:
        return Refused(f"{SUBJECTS[table]} {row_id} is {row.state}, not {old}")
    if row.claimed_by:
        return Refused(f"{SUBJECTS[table]} {row_id} is being worked on by {row.claimed_by}")
    return Refused(f"{SUBJECTS[table]} {row_id} may not become {new} now")


def claim_next(
    database: Database,
    table: type[Row],
    state: State,
    who: str,
    lease: timedelta,
    *conditions: ColumnElement[bool],
    order: tuple[ColumnElement[Any], ...] = (),
    **values: Any,
) -> Row | None:
    """Claim the first row in `state` whose time has come and that nobody works on, and set `values`; None: none is."""
    now = database.now()
    ready = _ready(table, state, now)
    first = select(table.id).where(*ready, *conditions).order_by(*order, col(table.id)).limit(1)
    with database.read() as session:  # most often there is nothing to do: then nobody's writing is held up
        if session.exec(first).first() is None:
            return None
    with database.write() as session:
        row_id = session.scalar(
            update(table)
            .where(col(table.id) == first.scalar_subquery(), *ready)
            .values(claimed_by=who, claimed_until=now + lease, **values)
            .returning(col(table.id))
        )
        return None if row_id is None else get(session, table, row_id)


def claimable(
    database: Database,
    table: type[Row],
    state: State,
    *conditions: ColumnElement[bool],
    order: tuple[ColumnElement[Any], ...] = (),
    limit: int,
) -> Sequence[Row]:
    """The first rows in `state` that could be claimed now."""
    ready = _ready(table, state, database.now())
    with database.read() as session:
        return session.exec(select(table).where(*ready, *conditions).order_by(*order, col(table.id)).limit(limit)).all()


def _ready(table: type[Row], state: State, now: datetime) -> list[ColumnElement[bool]]:
    """Whose time has come, and that nobody works on."""
    free = or_(col(table.claimed_by).is_(None), col(table.claimed_until) < now)
    due = or_(col(table.next_try_at).is_(None), col(table.next_try_at) <= now)
    return [col(table.state) == state, free, due]


def renew(database: Database, table: type[Row], row_id: int, who: str, lease: timedelta, **values: Any) -> Row:
    """Prolong a claim, set `values`, and give the row as it is now. Raise Refused if the claim is lost."""
    now = database.now()
    with database.write() as session:
        renewed = session.scalar(
            update(table)
            .where(col(table.id) == row_id, col(table.claimed_by) == who)
            .values(claimed_until=now + lease, **values)
            .returning(col(table.id))
        )
        if renewed is None:
            raise Refused(f"the claim of {who} on {SUBJECTS[table]} {row_id} is lost")
        return get(session, table, row_id)


def release(database: Database, table: type[Row], row_id: int, who: str) -> None:
    """Give a claimed row back, uncounted."""
    with database.write() as session:
        session.execute(update(table).where(col(table.id) == row_id, col(table.claimed_by) == who).values(**UNCLAIMED))


def release_all(database: Database) -> int:
    """Free every claim; how many there were. For captiond's start, when it alone may hold any."""
    with database.write() as session:
        freed = 0
        for table in (Channel, Video, Draft):
            claimed = col(table.claimed_by).is_not(None)
            rows = session.scalars(update(table).where(claimed).values(**UNCLAIMED).returning(col(table.id))).all()
            freed += len(rows)
        return freed


def postpone(
    database: Database,
    table: type[Row],
    row_id: int,
    who: str,
    until: datetime,
    kind: ErrorKind,
    message: str,
    *,
    counted: bool,
) -> None:
    """Give a claimed row back to be tried `until` or later, with what went wrong."""
    with database.write() as session:
        row = get(session, table, row_id)
        last_error, attempts, crashes = row.last_error, row.attempts, row.crashes
        changed = session.scalar(
            update(table)
            .where(col(table.id) == row_id, col(table.claimed_by) == who)
            .values(
                **UNCLAIMED,
                next_try_at=until,
                attempts=attempts + counted,
                crashes=crashes + (kind is ErrorKind.BUG),
                last_error_kind=kind,
                last_error=message,
            )
            .returning(col(table.id))
        )
        if changed is None:
            raise Refused(f"the claim of {who} on {SUBJECTS[table]} {row_id} is lost")
        if last_error != message:  # the same trouble every minute is one event, not a thousand
            record(session, database.now(), SUBJECTS[table], row_id, "postponed", who, message)
