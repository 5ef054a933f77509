"""Engines, migrations, and what a database may do to us."""

import multiprocessing
import os
import signal
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from monitor.errors import LedgerError, SchemaVersionError
from monitor.ledger import engine as engines
from monitor.ledger.engine import make_engine, reading, writing
from monitor.ledger.migrate import _config, upgrade
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision
from tests.builders import make_article, make_poll


def test_the_migrations_make_the_tables_that_the_program_has(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)

    assert "articles" in inspect(engine).get_table_names()


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


def test_foreign_keys_hold_on_every_connection(engine: Engine) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), engine.begin() as connection:
        connection.execute(text("INSERT INTO entries (feed, key) VALUES (0, 'k')"))


def test_sqlite_logs_ahead_and_waits_for_the_disk(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/deep/down/monitor.db")
    with engine.connect() as connection:
        settings = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]

    assert settings == ["wal", 2]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://host/name", "not the address of a database|driver"),
        ("nonsense", "not the address of a database"),
        ("sqlite:////proc/nowhere/monitor.db", "cannot be made"),
        ("postgresql+psycopg://user:hunter2@127.0.0.1:1/x", "no server answers"),
    ],
)
def test_an_unusable_address_says_what_to_do_and_no_password(address: str, words: str) -> None:
    with pytest.raises(LedgerError, match=words) as caught:
        upgrade(make_engine(address))

    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_text("My diary, " * 1000)

    with pytest.raises(LedgerError, match="no SQLite database"):
        upgrade(make_engine(f"sqlite:///{path}"))

    assert path.read_text().startswith("My diary")


def test_a_read_only_database_is_said_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    upgrade(make_engine(f"sqlite:///{path}"))

    with (
        pytest.raises(LedgerError, match="read-only"),
        writing(make_engine(f"sqlite:///file:{path}?mode=ro&uri=true")) as connection,
    ):
        connection.execute(text("DELETE FROM feeds"))


def test_a_database_locked_for_too_long_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LOCK_TIMEOUT", 0.1)
    path = tmp_path / "monitor.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(LedgerError, match="locked by another process"), writing(engine):
        pass
    # Who only reads does not wait for who writes.
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM feeds")).scalar() == 0
    other.close()


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point

    with pytest.raises(Exception, match="no time zone"):
        SQLLedger(engine).record(make_poll(polled_at=naive), lambda before, fresh: Decision())


def _record_and_die(address: str) -> None:
    def decide(before: object, fresh: object) -> Decision:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    SQLLedger(make_engine(address)).record(make_poll(make_article()), decide)


def test_a_kill_inside_the_transaction_leaves_nothing(database: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_record_and_die, args=(database,))
    process.start()
    process.join()
    engine = make_engine(database)
    ledger = SQLLedger(engine)

    assert process.exitcode == -signal.SIGKILL
    assert (ledger.feeds(), ledger.reports()) == ({}, {})
    assert ledger.record(make_poll(make_article()), lambda before, fresh: Decision()) == ()
    assert ledger.known(["a1"]) == {"a1"}
    engine.dispose()
