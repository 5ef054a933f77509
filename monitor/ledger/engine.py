"""Engines for SQLite and PostgreSQL that behave alike, and their errors in words that a person can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from monitor.errors import LedgerError

#: Seconds that a writer waits for another before it gives up.
BUSY_TIMEOUT = 15


def make_engine(database: str) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…``; nothing is connected to yet.

    On SQLite every connection has a write-ahead log that survives a power cut (``synchronous=FULL``), foreign keys
    enforced, and transactions that begin as writers, so that none is refused half-way for what another one wrote. The
    folder of the file is made where it is absent.

    Raises:
        LedgerError: the address is of another kind of database, or its driver is not installed.
    """
    try:
        url = make_url(database)
        if url.get_backend_name() == "sqlite":
            return _sqlite_engine(url)
        return create_engine(url, pool_pre_ping=True, pool_size=10, connect_args={"connect_timeout": 10})
    except (ArgumentError, NoSuchModuleError) as error:
        message = "write sqlite:///data/monitor.db or postgresql+psycopg://user:password@host/name"
        raise LedgerError(f"not the address of a database that the monitor knows: {message}") from error
    except ModuleNotFoundError as error:
        raise LedgerError(f"the driver {error.name} is missing: install milestone-monitor[postgres]") from error


def _sqlite_engine(url: URL) -> Engine:
    if url.database:
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"{folder}: the folder of the database cannot be made: {error.strerror}") from error
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
    # The driver's own idea of transactions starts none for a SELECT, so that what was read may change before it is
    # written back; ours begin in the event below.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once when another has written between (SQLITE_BUSY
    # is not waited for there); so writers say at the start that they will write.
    writes = not connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, committed at the end, rolled back on any error; the database's refusals raise LedgerError."""
    with _explained(engine), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view; never waits for writers, nor keeps them waiting, on SQLite."""
    with _explained(engine), engine.connect().execution_options(read_only=True) as connection:
        yield connection


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    """Where a person can act the error says how; the rest are bugs and are let through."""
    try:
        yield
    except DBAPIError as error:
        message = str(error.orig)
        advice = next((words for sign, words in _ADVICE.items() if sign in message.lower()), None)
        if advice is None and not isinstance(error, OperationalError):
            raise
        raise LedgerError(f"{describe(engine)}: {advice or message.splitlines()[0]}") from error


def describe(engine: Engine) -> str:
    """The database's address without its password."""
    return engine.url.render_as_string(hide_password=True)


_ADVICE = {
    "locked": "the database is locked by another process for too long; stop it, or wait and try again",
    "readonly": "the database is read-only; check the owner and the permissions of the file and of its folder",
    "read-only": "the database is read-only; check the permissions of the user, or connect to the primary",
    "unable to open": "the database file cannot be opened; check that its folder exists and may be written to",
    "disk is full": "the disk is full; free some space, nothing was lost",
    "not a database": "the file is no SQLite database; restore a backup or name another file",
    "malformed": "the database file is damaged; restore a backup",
    "authentication failed": "the user name or the password was refused",
    "does not exist": "no such database or user; create it first",
    "refused": "no server answers there; start it, or check host and port",
    "timeout": "the server did not answer in time",
}
