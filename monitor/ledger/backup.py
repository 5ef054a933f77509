"""Copies a whole database to and from one file, for either kind of database. So a monitor can outgrow SQLite too.

The file is an SQLite database with the monitor's own tables, so any tool can look into it.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text
from sqlmodel import SQLModel

from monitor.errors import LedgerError, SchemaVersionError
from monitor.ledger.engine import describe, make_engine, reading, writing
from monitor.ledger.tables import ARTICLES, CHANGES, DELIVERIES, FEEDS

# Upgrades a database to the tables of this version --------------------------------------------------------------------


if TYPE_CHECKING:
    from alembic.config import Config

#: An arbitrary number that no other lock uses.
_LOCK = 7_261_944_103


def upgrade(engine: Engine) -> None:
    """Create or upgrade the tables, in one transaction, one process at a time. Does nothing if they are up to date.

    Raises:
        SchemaVersionError: a newer version of the monitor has written the database.
        LedgerError: the database refused.
    """
    with reading(engine) as connection:
        if _version(connection) == head():
            return
    # Loads 9 MB that a running service does not need.
    from alembic import command  # noqa: PLC0415 - slow to load, and seldom needed

    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        # Another process may have upgraded while this one waited.
        version = _version(connection)
        if version is not None and version not in _versions():
            raise SchemaVersionError(
                f"{describe(engine)}: written by a newer version of the monitor (schema {version}, this one "
                f"knows up to {head()}); upgrade the monitor, or restore a backup from before"
            )
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def head() -> str:
    """The version of the newest migration."""
    return max(_versions())


def _versions() -> frozenset[str]:
    """The versions of all migrations. Each migration's file name begins with its version."""
    files = resources.files("monitor.ledger.migrations.versions").iterdir()
    return frozenset(file.name.partition("_")[0] for file in files if file.name[:1].isdigit())


def _version(connection: Connection) -> str | None:
    """The version of the tables. None if there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _config() -> "Config":
    """The configuration that Alembic's command line reads from a file."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", "monitor:ledger/migrations")
    config.set_main_option("path_separator", "os")
    return config


#: The number of rows that are read and written at a time.
_AT_A_TIME = 1_000
#: A database with rows in one of these tables is in use.
_IN_USE = (FEEDS, ARTICLES, CHANGES, DELIVERIES)

#: Called with the number of rows that were just copied.
Progress = Callable[[int], None]


def backup(engine: Engine, file: Path, progress: Progress = lambda _: None) -> int:
    """Write the whole database, as it is at one instant, into a new file. Returns the number of rows.

    The file appears complete or not at all, and a service may continue to run meanwhile. It contains leases and tokens:
    only its owner may read it, and it must be kept as safe as the database.

    Raises:
        LedgerError: the file exists already or cannot be written, or the database refused.
    """
    if file.exists():
        raise LedgerError(f"{file}: exists already; name another file, for a backup is never written over")
    beside = file.with_name(f".{file.name}.part")
    _remove(beside)
    target = make_engine(f"sqlite:///{beside.resolve().as_posix()}")
    try:
        beside.touch(mode=0o600)
        upgrade(target)
        rows = _copy(engine, target, progress)
        target.dispose()
        _seal(beside)
        os.replace(beside, file)  # noqa: PTH105 - as everywhere where one file replaces another
    except OSError as error:
        raise LedgerError(f"{file}: cannot be written: {error.strerror}") from error
    finally:
        target.dispose()
        _remove(beside)
    return rows


def restore(engine: Engine, file: Path, scratch: Path, progress: Progress = lambda _: None) -> int:
    """Fill an empty database with the content of a backup, all or nothing. Returns the number of rows.

    A backup of an earlier version is first upgraded, in a copy.

    Args:
        engine: of the target database, which has its tables but no rows.
        file: the backup.
        scratch: a folder for the copy.
        progress: called as rows are copied.

    Raises:
        LedgerError: the target database is in use, the file cannot be read or is not a backup, or the database refused.
    """
    with reading(engine) as connection:
        used = next((table for table in _IN_USE if connection.execute(select(table).limit(1)).first()), None)
    if used is not None:
        raise LedgerError(
            f"{describe(engine)}: is in use (it has {used.name}); a backup goes into an empty database only: move this "
            "one away first"
        )
    copy = scratch / "brought-up-to-date.db"
    try:
        shutil.copyfile(file, copy)
    except OSError as error:
        raise LedgerError(f"{file}: cannot be read: {error.strerror}") from error
    source = make_engine(f"sqlite:///{copy.as_posix()}")
    try:
        if not _is_backup(source):
            raise LedgerError(f"{file}: is not a backup of a monitor")
        upgrade(source)
        return _copy(source, engine, progress)
    finally:
        source.dispose()


def _seal(file: Path) -> None:
    """Make it a single file, without a log beside it, and flush it to the disk."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _is_backup(source: Engine) -> bool:
    try:
        with reading(source) as connection:
            return connection.dialect.has_table(connection, "alembic_version")
    except LedgerError:
        return False


def _copy(source: Engine, target: Engine, progress: Progress) -> int:
    """Copy all rows of all tables, referenced tables first, from one read view and in one transaction."""
    total = 0
    with reading(source) as from_, writing(target) as to:
        for table in SQLModel.metadata.sorted_tables:
            found = from_.execution_options(yield_per=_AT_A_TIME).execute(select(table))
            for rows in found.mappings().partitions(_AT_A_TIME):
                to.execute(insert(table), [dict(row) for row in rows])
                total += len(rows)
                progress(len(rows))
        if to.dialect.name == "postgresql":
            _count_on(to)
    return total


def _count_on(connection: Connection) -> None:
    """Set PostgreSQL's sequences, so that new rows get numbers after those that were copied."""
    for table in SQLModel.metadata.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, key.name))).scalar()
        highest = connection.execute(select(func.max(key))).scalar()
        if sequence is not None and highest is not None:
            connection.execute(select(func.setval(sequence, highest)))


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)
