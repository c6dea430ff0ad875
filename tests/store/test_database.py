import subprocess
import sys
from datetime import date, datetime

import alembic.autogenerate
import alembic.command
import pytest
import sqlalchemy
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

from store import channels, drafts, quota, terms
from store import database as stored
from store.database import Database, sqlite_url
from store.errors import Busy, NotReady, Unusable
from store.tables import Announcement, Event, Video

INCREMENTS = 400
WRITER = """
import sys
from datetime import date
from store import quota
from store.database import Database
from store.errors import Busy
url, busy, times = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
database = Database(url, busy)
sys.stdin.readline()  # both begin together
done = refused = 0
while done < times and refused < 50:  # of a crowded machine one may wait for longer than its patience: it is told so
    try:
        assert quota.book(database, date(2026, 1, 1), "captions.list", 1, 10**9)
        done += 1
    except Busy:
        refused += 1
assert done == times
"""


def test_two_processes_write_at_once_and_lose_nothing(tmp_path, database):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, database.url, str(busy), str(INCREMENTS)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for busy in (stored.DAEMON_BUSY_SECONDS, stored.BOT_BUSY_SECONDS)
    ]
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    said = [writer.communicate(timeout=120)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], said
    assert quota.used(database, date(2026, 1, 1)) == 2 * INCREMENTS


def test_the_migrations_make_exactly_the_tables_that_the_program_knows(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert alembic.autogenerate.compare_metadata(context, SQLModel.metadata) == []


def test_the_schema_that_the_program_knows_is_the_newest_migration(database):
    with database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == stored.SCHEMA
    assert ScriptDirectory(str(stored.MIGRATIONS)).get_current_head() == stored.SCHEMA


def test_the_migrations_make_the_same_checks_as_the_tables(tmp_path, database):
    """Alembic does not compare them."""
    direct = Database(sqlite_url(tmp_path / "direct.db"), 1)
    SQLModel.metadata.create_all(direct.engine)
    assert _checks(database) == _checks(direct)
    direct.close()


def _checks(database):
    inspector = sqlalchemy.inspect(database.engine)
    return {
        (table, check["name"], check["sqltext"])
        for table in SQLModel.metadata.tables
        for check in inspector.get_check_constraints(table)
    }


def test_a_state_that_does_not_exist_is_refused_by_the_database_itself(database):
    columns = "state, youtube_id, title, found_at, priority, attempts, crashes"
    insert = f"INSERT INTO video ({columns}) VALUES (?, 'x', '', ?, 0, 0, 0)"  # noqa: S608
    with database.engine.connect() as connection, pytest.raises(IntegrityError, match="ck_video_state"):
        connection.exec_driver_sql(insert, ("FOUND", "2026-01-01"))


def test_an_enum_is_stored_by_its_value(database, clock):
    channels.ask(database, "@somebody", "test")
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT state FROM channel").scalar() == "asked"


def test_times_come_back_aware_and_a_naive_one_is_refused(database, clock):
    asked = channels.ask(database, "@somebody", "test")
    assert channels.get(database, asked.id).asked_at == clock.time
    with pytest.raises(StatementError, match="timezone"), database.write() as session:
        session.add(Event(at=datetime(2026, 1, 1), subject="video", subject_id="1", what="x", who="x"))  # noqa: DTZ001


def test_a_reference_to_nothing_is_refused(database, clock):
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), database.write() as session:
        session.add(Video(state="found", youtube_id="x", channel_id=99, found_at=clock.time))


def test_what_fails_in_the_middle_leaves_nothing_behind(database, clock):
    with pytest.raises(ZeroDivisionError), database.write() as session:
        session.add(Video(state="found", youtube_id="x", found_at=clock.time))
        session.flush()
        1 / 0  # noqa: B018
    with database.read() as session:
        assert session.exec(sqlalchemy.text("SELECT count(*) FROM video")).scalar() == 0


def test_a_locked_database_is_one_clear_sentence(tmp_path, database):
    impatient = Database(database.url, busy_seconds=0.01)
    with database.write(), pytest.raises(Busy, match="is locked by another program"), impatient.write():
        raise AssertionError("two wrote at once")
    impatient.close()


def test_migrating_twice_changes_nothing(tmp_path, database):
    stored.migrate(database)
    stored.check_schema(database)
    assert not list(tmp_path.glob("*.before-*"))


def test_a_database_newer_than_the_program_is_refused_and_left_alone(database):
    _set_revision(database, "9999")
    for refuse in (stored.migrate, stored.check_schema):
        with pytest.raises(NotReady, match="written by a newer captionwatch"):
            refuse(database)


def test_a_database_without_a_schema_waits_for_captiond(tmp_path):
    empty = Database(sqlite_url(tmp_path / "empty.db"), 1)
    with pytest.raises(NotReady, match="start captiond first"):
        stored.check_schema(empty)
    empty.close()


def test_a_file_that_is_no_database_is_one_clear_sentence(tmp_path):
    path = tmp_path / "captionwatch.db"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    damaged = Database(sqlite_url(path), 1)
    with pytest.raises(Unusable, match="no usable database"):
        stored.migrate(damaged)
    damaged.close()


def test_a_backup_is_a_whole_database(tmp_path, database):
    channels.ask(database, "@somebody", "test")
    stored.back_up(database, tmp_path / "copy.db")
    copy = Database(sqlite_url(tmp_path / "copy.db"), 1)
    assert [channel.reference for channel in channels.listing(copy)] == ["@somebody"]
    copy.close()


def test_a_database_without_its_driver_is_one_clear_sentence():
    with pytest.raises(Unusable, match="needs a driver that is not installed"):
        Database("oracle+oracledb://ann@db/captions", 1)


def test_only_an_sqlite_database_is_a_file(tmp_path):
    assert stored.sqlite_file(sqlite_url(tmp_path / "x.db")) == tmp_path / "x.db"
    assert stored.sqlite_file("sqlite://") is None
    assert stored.sqlite_file("postgresql://ann@db/captions") is None


def _set_revision(database, revision):
    with database.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


# ---- from one schema to the next

OLD_ROWS = """
INSERT INTO channel (id, state, reference, youtube_id, title, language, asked_by, asked_at, attempts, crashes)
VALUES (7, 'watched', '@bakery', 'UCaaaaaaaaaaaaaaaaaaaaaa', 'The Bakery', 'de', 'ann', '2026-01-01 00:00:00', 2, 1);
INSERT INTO video (id, state, youtube_id, channel_id, title, found_at, priority, attempts, crashes, job)
VALUES (4, 'drafted', 'dQw4w9WgXcQ', 7, 'Bread', '2026-01-02 00:00:00', 10, 0, 0, '{"engine": "whisper"}');
INSERT INTO draft (id, state, video_id, language, revision, engine, model, profile, text, sha256, cues, report,
                   made_at, attempts, crashes)
VALUES (3, 'uploaded', 4, 'de', 2, 'whisper', 'tiny', 'netflix', 'WEBVTT', 'x', 5, '{"summary": "good"}',
        '2026-01-03 00:00:00', 0, 0);
INSERT INTO announcement (id, draft_id, place, message) VALUES (1, 3, '123', '456');
INSERT INTO term (id, channel_id, text, added_by, added_at) VALUES (1, 7, 'Brot', 'ann', '2026-01-01 00:00:00');
"""


@pytest.fixture
def old(tmp_path, clock):
    """A database of the schema 0001 with a row in each table that has changed since."""
    opened = Database(sqlite_url(tmp_path / "old.db"), 1, now=clock)
    config = stored._config()
    with opened.engine.connect() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0001")
        for statement in OLD_ROWS.strip().split(";\n"):
            connection.exec_driver_sql(statement.rstrip(";\n"))
        connection.commit()
    yield opened
    opened.close()


def rows(database, table):
    with database.engine.connect() as connection:
        return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()]  # noqa: S608


def test_a_database_of_the_first_schema_keeps_all_its_rows(old):
    tables = ("channel", "video", "draft", "announcement", "term")
    before = {table: rows(old, table) for table in tables}
    stored.migrate(old)
    stored.check_schema(old)
    for table in tables:
        (was,), (now,) = before[table], rows(old, table)
        assert {name: now[name] for name in was} == was
        assert {now[name] or None for name in now.keys() - was.keys()} <= {None}


def test_what_is_new_in_the_schema_can_be_used_after_the_migration(old):
    stored.migrate(old)
    assert channels.change(old, 7, "ann", {"approvers": ["1"], "engine": "whisper"}).title == "The Bakery"
    assert drafts.get(old, 3)[0].edited_by is None
    terms.add(old, ["Ada"], None, "ann")
    assert terms.of_channel(old, 7) == ("Ada", "Brot")


def test_a_migrated_database_has_the_same_schema_as_a_new_one(old, tmp_path):
    stored.migrate(old)
    with old.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert alembic.autogenerate.compare_metadata(context, SQLModel.metadata) == []
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    direct = Database(sqlite_url(tmp_path / "direct.db"), 1)
    SQLModel.metadata.create_all(direct.engine)
    assert _checks(old) == _checks(direct)
    direct.close()


def test_before_a_migration_the_database_is_backed_up_as_it_was(old, tmp_path):
    stored.migrate(old)
    (path,) = tmp_path.glob("old.db.before-0001")
    backup = Database(sqlite_url(path), 1)
    with pytest.raises(NotReady, match="the database is older than this program"):
        stored.check_schema(backup)
    assert "engine" not in rows(backup, "channel")[0]
    assert rows(backup, "term")[0]["text"] == "Brot"
    backup.close()


def test_a_draft_is_announced_once(old):
    stored.migrate(old)
    with pytest.raises(IntegrityError, match="announcement"), old.write() as session:
        session.add(Announcement(draft_id=3, place="other"))
