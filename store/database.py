"""Open the database, bring it to the present schema, back it up.

SQLite in WAL mode, `synchronous=FULL`, foreign keys on; what is deleted is overwritten, since some of it is biometric
data. Every write transaction begins IMMEDIATE: with the driver's
default it would begin with its first write, after reads that another process has made stale by then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DatabaseError, NoSuchModuleError, OperationalError
from sqlmodel import Session

from store.errors import Busy, NotReady, TooNew, Unusable

if TYPE_CHECKING:
    from alembic.config import Config

SCHEMA = "0010"  #: the newest of the migrations; Alembic is imported only where they are needed: it takes 9 MB
VERSION_TABLE = "alembic_version"  # Alembic's own
MIGRATIONS = Path(__file__).parent / "migrations"
DAEMON_BUSY_SECONDS = 10.0
BOT_BUSY_SECONDS = 2.0  # a person waits for the answer


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """The store's database, shared by all threads of a process.

    `url` is SQLAlchemy's; `now` gives the time of every event, aware and in UTC.
    Rows that leave a transaction are snapshots: changing them changes nothing.
    """

    def __init__(self, url: str, busy_seconds: float, now: Callable[[], datetime] = utc_now) -> None:
        self.url = url
        self.now = now
        self.engine = _create_engine(url, busy_seconds)
        self.writing = self.engine.execution_options(captionwatch_write=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that sees one state of the database and changes nothing. Raise Busy, Unusable."""
        with _translated(self.url), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that is alone in writing, committed at its end. Raise Busy, Unusable."""
        with (
            _translated(self.url),
            Session(self.writing, expire_on_commit=False) as session,
            session.begin(),
        ):
            session.connection()  # begin now, not with the first statement
            yield session

    def answer(self) -> None:
        """Return when the database has answered. Raise Busy, Unusable."""
        with self.read() as session:
            session.connection().exec_driver_sql(
                "SELECT 1" if sqlite_file(self.url) is None else "SELECT 1 FROM sqlite_master"
            )

    def close(self) -> None:
        self.engine.dispose()


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for any other."""
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def _create_engine(url: str, busy_seconds: float) -> Engine:
    try:
        if make_url(url).get_backend_name() != "sqlite":
            return create_engine(url)
    except (ImportError, NoSuchModuleError) as error:
        raise Unusable(
            f"the database {url.partition('://')[0]} needs a driver that is not installed: {error}"
        ) from None
    engine = create_engine(url, connect_args={"timeout": busy_seconds})

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # else the driver decides by itself when a transaction begins
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("captionwatch_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Say in a sentence what the driver says of a lock, a disk or a file. Bugs pass as they are."""
    name = make_url(url).render_as_string(hide_password=True)
    try:
        yield
    except OperationalError as error:
        text = str(error.orig)
        if "locked" in text or "busy" in text:
            raise Busy(f"the database {name} is locked by another program; close it, or wait") from error
        if "no such table" in text or "no such column" in text:
            raise NotReady(f"the database {name} has not the present schema: start captiond first") from error
        hint = "; make room on its disk, then try again" if "full" in text else ""
        hint = "; make room on its disk, or see whether it is sound" if "disk I/O" in text else hint
        raise Unusable(f"the database {name} cannot be used: {text}{hint}") from error
    except DatabaseError as error:
        if "not a database" in str(error.orig) or "malformed" in str(error.orig):
            raise Unusable(f"{name} is no usable database: {error.orig}; restore a backup") from error
        raise


def migrate(database: Database) -> None:
    """Bring the database to this program's schema, after a backup of what was there. Raise NotReady if it is newer.

    Only captiond does this.
    """
    present = _present_revision(database)
    if present == SCHEMA:
        return
    if present is not None:
        _refuse_unknown(database, present)
        _back_up_before(database, present)
    import alembic.command

    with _translated(database.url), database.writing.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "head")
        connection.commit()


def check_schema(database: Database) -> None:
    """Raise NotReady unless the database has exactly the schema that this program knows."""
    present = _present_revision(database)
    if present == SCHEMA:
        return
    if present is None:
        raise NotReady("there is no database yet: start captiond first, it makes one")
    _refuse_unknown(database, present)
    raise NotReady("the database is older than this program: start this version's captiond, it brings it up to date")


def back_up(database: Database, path: Path) -> None:
    """Write a consistent copy of an SQLite database to `path`, which must not exist. Raise Busy, Unusable."""
    with _translated(database.url), database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        raw.execute("VACUUM INTO ?", (str(path),))


def damage(database: Database) -> str:
    """What is damaged in an SQLite file, "" if nothing is. Raise Busy, Unusable."""
    if sqlite_file(database.url) is None:
        return ""
    with database.read() as session:
        found = session.connection().exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        return "" if found == "ok" else str(found)


def _back_up_before(database: Database, revision: str) -> None:
    file = sqlite_file(database.url)
    if file is None:
        return
    target, growing = Path(f"{file}.before-{revision}"), Path(f"{file}.before-{revision}.part")
    growing.unlink(missing_ok=True)  # of a start that was ended; and one copy is kept, however often it starts
    back_up(database, growing)
    growing.replace(target)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def _present_revision(database: Database) -> str | None:
    with _translated(database.url), database.engine.connect() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        found = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).first()  # noqa: S608 a constant
        return None if found is None else str(found[0])


def _refuse_unknown(database: Database, revision: str) -> None:
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(_config()).get_revision(revision)
    except CommandError as error:
        name = make_url(database.url).render_as_string(hide_password=True)
        raise TooNew(
            f"the database {name} was written by a newer captionwatch (schema {revision}): install that version"
        ) from error
