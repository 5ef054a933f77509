"""Engines and migrations."""

import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect, text
from sqlmodel import SQLModel

from monitor.errors import SchemaVersionError
from monitor.ledger.backup import _config, head, upgrade
from monitor.ledger.engine import close, make_engine, reading, writing
from monitor.ledger.recall import provisional, read_otherwise
from monitor.ledger.store import SQLLedger
from monitor.ports import Provisional
from tests.builders import make_poll
from tests.ledger.decisions import nothing


def test_the_migrations_make_the_tables_that_the_program_has(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_a_connection_that_is_in_use_at_the_end_is_closed_when_it_comes_back(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    late = engine.connect()
    driver = late.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)

    close(engine)
    assert late.scalar(text("SELECT 1")) == 1
    late.close()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        driver.execute("SELECT 1")


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    SQLLedger(engine).record(make_poll(), nothing)
    upgrade(engine)

    assert len(SQLLedger(engine).feeds()) == 1


def test_a_database_that_is_up_to_date_needs_no_alembic(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "alembic.config", None)

    upgrade(engine)


def test_each_migration_bears_its_version_in_front_of_its_name() -> None:
    scripts = ScriptDirectory.from_config(_config())

    assert head() == scripts.get_current_head()
    assert all(Path(script.path).name.startswith(f"{script.revision}_") for script in scripts.walk_revisions())


def test_the_first_schema_can_be_taken_back(engine: Engine) -> None:
    config = _config()
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_a_database_of_a_newer_version_is_refused_and_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaVersionError, match="newer version of the monitor"):
        upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_foreign_keys_hold_on_every_connection(engine: Engine) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), engine.begin() as connection:
        connection.execute(text("INSERT INTO entries (feed, key, digest, rewrites) VALUES (0, 'of no feed', '', 0)"))


def test_sqlite_logs_ahead_and_waits_for_the_disk(tmp_path: Path, real_disk: None) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/deep/down/monitor.db")
    with engine.connect() as connection:
        settings = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
    engine.dispose()

    assert settings == ["wal", 2]


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(engine: Engine) -> None:
    ledger, count = SQLLedger(engine), text("SELECT count(*) FROM feeds")
    with reading(engine) as connection:
        before = connection.execute(count).scalar()
        ledger.record(make_poll(), nothing)
        after = connection.execute(count).scalar()

    assert (before, after) == (0, 0)
    assert len(ledger.feeds()) == 1


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point

    with pytest.raises(Exception, match="no time zone"):
        SQLLedger(engine).record(make_poll(polled_at=naive), nothing)


def test_what_is_provisional_is_found_by_its_index(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/monitor.db")
    upgrade(engine)
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _, __, sql, values, *___: asked.append((sql, values)))

    with reading(engine) as connection:
        provisional(connection, Provisional.NEWS, 5)
        sql, values = asked[-1]
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    engine.dispose()

    assert plan[0] == "SEARCH readings USING INDEX ix_readings_provisional (article>?)"


def test_a_page_of_what_is_to_be_read_again_begins_behind_the_last_one(tmp_path: Path) -> None:
    """SQLite begins with whatever index it likes; with that of texts that stand, each page would see them all."""
    engine = make_engine(f"sqlite:///{tmp_path}/monitor.db")
    upgrade(engine)
    asked: list[tuple[str, Any]] = []
    event.listen(engine, "before_cursor_execute", lambda _, __, sql, values, *___: asked.append((sql, values)))

    with reading(engine) as connection:
        read_otherwise(connection, "another", 5)
        sql, values = asked[-1]
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    engine.dispose()

    assert plan[0] == "SEARCH readings USING INDEX ix_readings_article (article>?)"
    assert not any("ORDER BY" in step for step in plan)
