"""Engines for SQLite and PostgreSQL that behave alike, and the two kinds of transaction."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from monitor.errors import LedgerError
from monitor.ledger.rows import Values

# Translates database errors into words that a person can act on -------------------------------------------------------


#: By SQLite's result codes (https://www.sqlite.org/rescode.html). SQLITE_ERROR and similar codes are bugs of ours.
_SQLITE = {
    "SQLITE_BUSY": "another process has kept the database locked for too long; stop it, or wait and try again",
    "SQLITE_LOCKED": "another connection has kept a table locked; try again",
    "SQLITE_READONLY": "the database is read-only; check the owner and the permissions of the file and of its folder",
    "SQLITE_PERM": "the database may not be opened; check the owner and the permissions of the file",
    "SQLITE_CANTOPEN": "the database cannot be opened; check that its folder exists and may be written to",
    "SQLITE_FULL": "the disk is full; make room and try again, nothing that was committed is lost",
    "SQLITE_IOERR": "the disk failed to read or write; check that it has room, is a local one, and works",
    "SQLITE_NOTADB": "the file is not a SQLite database; name another file, or restore a backup",
    "SQLITE_CORRUPT": "the database is damaged; restore a backup",
}

#: By SQLSTATE or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRESQL = {
    "25006": "the server is read-only; connect to the primary",
    "42501": "the user may not do that; give it all rights on the database's schema",
    "40": "another process was in the way; try again",
    "53100": "the server's disk is full; make room and try again, nothing that was committed is lost",
    "53300": "the server has no connection left; raise its limit, or stop other programs",
    "53": "the server has run out of something; look into its log",
    "55P03": "another process has kept the database locked for too long; stop it, or wait and try again",
    "57": "the server has ended the connection; try again once it is up",
    "58": "the server failed to read or write; look into its log",
}

#: Without a connection there is no SQLSTATE, only libpq's message.
_CONNECTING = {
    "password authentication failed": "the user name or the password was refused",
    "no password supplied": "the server wants a password, and the address has none",
    "does not exist": "the server has no such database or user; create it first",
    "refused": "no server answers there; start it, or check host and port",
    "no such file": "no server answers there; start it, or check the path of its socket",
    "resolve host": "there is no such host; check its name",
    "timeout": "the server did not answer in time; check host, port and firewall",
}


def advice(error: DBAPIError) -> str | None:
    """What a person can do about the error. None if the error is a bug of the program."""
    if code := getattr(error.orig, "sqlite_errorname", None):
        return _SQLITE.get("_".join(code.split("_")[:2]))
    if state := getattr(error.orig, "sqlstate", None):
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    message = str(error.orig)
    found = next((words for sign, words in _CONNECTING.items() if sign in message.lower()), None)
    # The driver's own errors, about values that it cannot send, have no SQLSTATE either.
    lost = error.connection_invalidated or "connection" in message.lower()
    return found or (f"no connection: {message.splitlines()[0]}" if lost else None)


#: Seconds that a transaction waits for the lock of another before it gives up.
LOCK_TIMEOUT = 15.0
#: The most connections at a time: as many as threads that answer pages, and some for polls and deliveries.
_CONNECTIONS = 48


#: Lets PostgreSQL's client library detect a dead peer within some ten seconds, not hours
#: (https://www.postgresql.org/docs/current/libpq-connect.html). A machine may disappear without closing its
#: connections.
_PEER_IS_GONE = {
    "tcp_user_timeout": 10_000,  # in milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


def make_engine(database: str) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…``. Does not connect yet.

    On SQLite every connection has a write-ahead log that survives a power cut (``synchronous=FULL``), enforced foreign
    keys, and transactions that begin as writers, so that none is refused half-way because another one wrote. The folder
    of the file is created if it is missing. Errors show no values: some of them are secrets.

    Raises:
        LedgerError: the address is of another kind of database, or of an in-memory one.
    """
    try:
        url = make_url(database)
        if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
            return _sqlite(url)
        if url.drivername == "postgresql+psycopg":
            return _postgresql(url)
    except (ArgumentError, NoSuchModuleError):
        pass  # Refused below, like any other address.
    message = "write sqlite:///data/monitor.db or postgresql+psycopg://host/name"
    raise LedgerError(f"not the address of a database that the monitor can use: {message}")


def _sqlite(url: URL) -> Engine:
    folder = Path(str(url.database)).parent
    try:
        # The folder of a URI cannot be derived from its text. An operator who writes a URI knows where the file is.
        if not str(url.database).startswith("file:"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(f"{folder}: the folder of the database cannot be made: {error.strerror}") from error
    arguments = {"timeout": LOCK_TIMEOUT, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, hide_parameters=True, **_pool(5, _CONNECTIONS))
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _pool(kept: int, most: int) -> dict[str, Any]:
    """So many connections are kept open, and so many are open at most."""
    return {"pool_size": kept, "max_overflow": most - kept, "pool_timeout": LOCK_TIMEOUT}


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:  # noqa: ANN401 - SQLAlchemy's signature
    # The driver itself starts no transaction for a SELECT, so what was read could change before it is written back. Our
    # transactions begin in the event below.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once if another one has written in between: SQLite
    # does not wait there (SQLITE_BUSY). So writers declare at the start that they will write.
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _postgresql(url: URL) -> Engine:
    try:
        arguments = {"connect_timeout": 10, **_PEER_IS_GONE}
        pool = _pool(10, 20)  # a server has a limit for all its clients
        engine = create_engine(url, pool_pre_ping=True, connect_args=arguments, hide_parameters=True, **pool)
    except ModuleNotFoundError as error:
        raise LedgerError(f"the driver {error.name} is missing: install milestone-monitor[postgres]") from error
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _: Any) -> None:  # noqa: ANN401 - the driver is imported only if it is used
    connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}s'")
    connection.commit()


def close(engine: Engine) -> None:
    """Close all connections. One that a thread still uses is closed as soon as that thread gives it back."""
    event.listen(engine, "checkin", lambda _, entry: entry.close())
    engine.dispose()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction. Committed at the end, rolled back on any error.

    Raises:
        LedgerError: the database refused, for a reason that a person can act on.
    """
    with explained(engine), engine.begin() as connection:
        yield connection


@contextmanager
def trying(engine: Engine) -> Iterator[Connection]:
    """One transaction that is rolled back at the end: it only shows what would be written.

    Raises:
        LedgerError: as ``writing``.
    """
    with explained(engine), engine.connect() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of everything committed. Neither waits for writers nor blocks them.

    Raises:
        LedgerError: the database refused, for a reason that a person can act on.
    """
    options: dict[str, Any] = {"reads_only": True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with explained(engine), engine.connect() as connection:
        yield connection.execution_options(**options)


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if words := advice(error):
            raise LedgerError(f"{describe(engine)}: {words}") from error
        raise
    except NoConnectionError as error:
        raise LedgerError(f"{describe(engine)}: all connections are in use; try again in a moment") from error


def describe(engine: Engine) -> str:
    """The database's address without its password."""
    return engine.url.render_as_string(hide_password=True)


# Splits many values over several queries ------------------------------------------------------------------------------


T = TypeVar("T")

#: The most values in one query. SQLite takes at most 32,766 variables.
_CHUNK = 5000


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in chunks that fit one query."""
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


# Inserts in batches, on both databases --------------------------------------------------------------------------------


def insert(connection: Connection, into: Table, values: Sequence[Values]) -> None:
    if values:
        connection.execute(plain_insert(into), values)


def insert_absent(connection: Connection, into: Table, values: Sequence[Values]) -> None:
    """Insert the rows that do not exist yet."""
    if values:
        connection.execute(or_else(connection.dialect.name, into).on_conflict_do_nothing(), values)


def insert_or_replace(connection: Connection, into: Table, values: Sequence[Values], key: str | None = None) -> None:
    """Insert these rows. A row with the same key is replaced.

    Args:
        connection: the connection, in a transaction.
        into: the table.
        values: the rows.
        key: the column that is the key. None for the primary key.
    """
    if values:
        connection.execute(_upsert(connection.dialect.name, into, key), values)


@cache
def _upsert(dialect: str, into: Table, key: str | None) -> Any:  # noqa: ANN401 - as below
    """Cached: compiling such a statement takes longer than running it."""
    statement = or_else(dialect, into)
    primary = [column.name for column in into.primary_key]
    keys = primary if key is None else [key]
    others = {column.name: statement.excluded[column.name] for column in into.c if column.name not in {*keys, *primary}}
    return statement.on_conflict_do_update(index_elements=keys, set_=others)


def or_else(dialect: str, into: Table) -> Any:  # noqa: ANN401 - the dialects' inserts share no type
    """An insert that supports a conflict clause."""
    if dialect == "sqlite":
        return sqlite.insert(into)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - slow to load, and most monitors use SQLite

    return postgresql.insert(into)
