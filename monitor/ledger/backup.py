"""Everything that a database holds ↔ one file, whatever kind of database it is; so a monitor can outgrow SQLite too.

The file is an SQLite database with the monitor's own tables, so that any tool can look into it.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select
from sqlmodel import SQLModel

from monitor.errors import LedgerError
from monitor.ledger.engine import describe, make_engine, reading, writing
from monitor.ledger.migrate import upgrade
from monitor.ledger.tables import ARTICLES, CHANGES, DELIVERIES, FEEDS

#: Rows that are read and written at a time.
_AT_A_TIME = 1_000
#: A database that has rows in one of these is in use.
_IN_USE = (FEEDS, ARTICLES, CHANGES, DELIVERIES)

#: Called with the number of rows that were copied.
Progress = Callable[[int], None]


def backup(engine: Engine, file: Path, progress: Progress = lambda _: None) -> int:
    """Write all that the database holds into a new file, as of one instant; returns the number of rows.

    The file is there whole or not at all, and a service may go on meanwhile. Leases and tokens are in it: only its
    owner may read it, and it is to be kept as safe as the database.

    Raises:
        LedgerError: there is such a file already, or it cannot be written; or the database refused.
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
        os.replace(beside, file)  # noqa: PTH105 - as everywhere where one file takes another's place
    except OSError as error:
        raise LedgerError(f"{file}: cannot be written: {error.strerror}") from error
    finally:
        target.dispose()
        _remove(beside)
    return rows


def restore(engine: Engine, file: Path, scratch: Path, progress: Progress = lambda _: None) -> int:
    """Fill an empty database with all that a backup holds, all or nothing; returns the number of rows.

    A backup of an earlier version is brought up to date on the way, in a copy.

    Args:
        engine: of the database, which has its tables and nothing in them.
        file: the backup.
        scratch: a folder for the copy.
        progress: called as rows are copied.

    Raises:
        LedgerError: the database is in use, or the file is no backup; or the database refused.
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
            raise LedgerError(f"{file}: is no backup of a monitor")
        upgrade(source)
        return _copy(source, engine, progress)
    finally:
        source.dispose()


def _seal(file: Path) -> None:
    """Make it one file, without a log beside it, that is on the disk."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    with file.open("rb") as written:
        os.fsync(written.fileno())


def _is_backup(source: Engine) -> bool:
    try:
        with reading(source) as connection:
            return connection.dialect.has_table(connection, "alembic_version")
    except LedgerError:
        return False


def _copy(source: Engine, target: Engine, progress: Progress) -> int:
    """All rows of all tables, those first that others refer to; in one view, and in one transaction."""
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
    """Let PostgreSQL number new rows after those that came with their numbers."""
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
