"""Allows one service for each database. The lock ends with the process, and is watched, since it may be lost earlier.

PostgreSQL keeps the lock as long as the session, which ends with the connection: at a restart of the server, at a
failover. The lock of an SQLite database is a file beside it, which somebody may delete.
"""

import fcntl
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import IO
from uuid import uuid4

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from monitor.errors import LedgerError
from monitor.ledger.engine import describe, explained

#: PostgreSQL's number of the lock. The migrations use the number before it.
_NUMBER = 7_261_944_104


class LockStanding(Enum):
    """The result of a look at the lock."""

    HELD = auto()
    #: It was lost since the last look, and was taken again.
    TAKEN_AGAIN = auto()
    #: It was lost and cannot be taken now: the database does not answer.
    LOST = auto()


class ServiceLock(ABC):
    """The lock of one service. Its methods are thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._is_over = False
        #: Why it cannot be taken again. "" if it can.
        self.trouble = ""

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            LedgerError: another service holds it, on this machine or (PostgreSQL) on any.
        """
        with self._turn:
            if not self._take():
                raise LedgerError(f"{describe(self._engine)}: another monitor runs on this database; stop it first")

    def look(self) -> LockStanding:
        """Check that the lock is still held, and take it again if it was lost.

        May block while the database does not answer.

        Raises:
            LedgerError: it was lost, and another service has taken it since.
        """
        with self._turn:
            if self._is_over or self._is_held():
                return LockStanding.HELD
            self._let_go()
            try:
                is_taken = self._take()
            except (LedgerError, DBAPIError) as error:
                self.trouble = str(error)
                return LockStanding.LOST
            self.trouble = ""
            if is_taken:
                return LockStanding.TAKEN_AGAIN
        raise LedgerError(
            f"{describe(self._engine)}: {self._loss}, and another monitor has taken it since; this one has ended, and "
            "sends nothing more: see that one alone runs on this database"
        )

    def release(self) -> None:
        """Release the lock. It is no error if it was lost."""
        with self._turn:
            self._is_over = True
            self._let_go()

    #: How it can be lost, worded for the operator.
    _loss: str

    @abstractmethod
    def _take(self) -> bool:
        """Take it. Returns False if another service holds it. Raises LedgerError if that cannot be determined."""

    @abstractmethod
    def _is_held(self) -> bool: ...

    @abstractmethod
    def _let_go(self) -> None: ...


@contextmanager
def service_lock(engine: Engine) -> Iterator[ServiceLock]:
    """Hold the database as its only service.

    Commands that only query, poll or send once need no lock. Leases keep them apart.

    Raises:
        LedgerError: another service holds it, on this machine or (PostgreSQL) on any.
    """
    lock = _FileLock(engine) if engine.dialect.name == "sqlite" else _AdvisoryLock(engine)
    lock.acquire()
    try:
        yield lock
    finally:
        lock.release()


class _FileLock(ServiceLock):
    """A lock on a separate file. SQLite's locks on the database file end when any of our connections is closed."""

    _loss = "the file of its lock was deleted"
    _file: IO[str] | None = None

    @property
    def _path(self) -> Path:
        return Path(f"{self._engine.url.database}.lock")

    def _take(self) -> bool:
        while not self._is_held():
            self._let_go()
            try:
                self._file = self._path.open("w")
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._let_go()
                return False
            except OSError as error:
                raise LedgerError(f"{self._path}: the file cannot be locked: {error.strerror}") from error
        return True

    def _is_held(self) -> bool:
        """Whether the locked file is the one that other processes would lock."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._file.fileno()))
        except OSError:
            return False

    def _let_go(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


_TRY = text("SELECT pg_try_advisory_lock(:number)")
_UNLOCK = text("SELECT pg_advisory_unlock(:number)")
_NAME = text("SELECT set_config('application_name', :name, false)")
_IS_HELD = text(
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
    " AND objsubid = 1 AND (classid::bigint << 32) | objid::bigint = :number)"
)
#: A session whose connection broke unnoticed by the server survives for hours and keeps the lock.
_END_FORMER = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE application_name = :name AND pid <> pg_backend_pid()"
)


class _AdvisoryLock(ServiceLock):
    """The lock of a session. It lasts as long as a connection, which must not keep a transaction open all that time."""

    _loss = "its lock was lost when the connection broke, or the server was restarted"
    _connection: Connection | None = None

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        #: Identifies the sessions of this lock, and of no other, to the server.
        self.name = f"monitor {uuid4()}"

    def _take(self) -> bool:
        with explained(self._engine):
            # No other thread may get this connection from the pool, and closing it must end the session.
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            self._connection = connection
            ended = connection.scalar(_END_FORMER, {"name": self.name})
            connection.execute(_NAME, {"name": self.name})
            if connection.scalar(_TRY, {"number": _NUMBER}):
                return True
        self._let_go()
        if ended:
            raise LedgerError(f"{describe(self._engine)}: the session that held the lock has still to end")
        return False

    def _is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            return bool(self._connection.scalar(_IS_HELD, {"number": _NUMBER}))
        except DBAPIError:
            return False

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(DBAPIError):
            if not connection.invalidated:
                connection.execute(_UNLOCK, {"number": _NUMBER})
        with suppress(DBAPIError):
            connection.close()
