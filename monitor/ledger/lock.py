"""One service for one database: a lock that its holder cannot forget, since it goes with the process."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from monitor.errors import LedgerError
from monitor.ledger.engine import describe, explained

#: The number under which PostgreSQL knows the lock; beside it stands that of the migrations.
_NUMBER = 7_261_944_104


@contextmanager
def service_lock(engine: Engine) -> Iterator[None]:
    """Hold the database as its only service.

    Commands that only ask, poll or send once need no lock; leases keep them apart.

    Raises:
        LedgerError: another service holds it, on this machine or (PostgreSQL) on any.
    """
    held = _file_lock(engine) if engine.dialect.name == "sqlite" else _advisory_lock(engine)
    with held:
        yield


def _refused(engine: Engine) -> LedgerError:
    return LedgerError(f"{describe(engine)}: another monitor runs on this database; stop it first")


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    # On a file of its own: SQLite's locks on the database file end when any of our connections is closed.
    path = Path(f"{engine.url.database}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _refused(engine) from None
        yield


@contextmanager
def _advisory_lock(engine: Engine) -> Iterator[None]:
    # The lock is the session's: it lasts as long as this connection, which must keep no transaction open for so long.
    with explained(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": _NUMBER}):
            raise _refused(engine)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _NUMBER})
