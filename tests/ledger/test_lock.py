"""One service for one database."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from monitor.errors import LedgerError
from monitor.ledger.engine import make_engine
from monitor.ledger.lock import _NUMBER, LockStanding, _AdvisoryLock, service_lock
from tests.conftest import PostgreSQL


def test_a_second_service_is_refused_while_the_first_runs(engine: Engine, database: str) -> None:
    other = make_engine(database)
    with (
        service_lock(engine),
        pytest.raises(LedgerError, match="another monitor runs on this database"),
        service_lock(other),
    ):
        pass
    with service_lock(other):
        pass
    other.dispose()


def _hold_and_die(database: str) -> None:
    with service_lock(make_engine(database)):
        os.kill(os.getpid(), signal.SIGKILL)


def test_the_lock_of_a_killed_service_is_free(engine: Engine, database: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_hold_and_die, args=(database,))
    process.start()
    process.join()

    assert process.exitcode == -signal.SIGKILL
    with service_lock(engine):
        pass


# ---------------------------------------------------------------- a lock that is lost


@pytest.fixture
def other(database: str) -> Iterator[Engine]:
    """Another service's."""
    engine = make_engine(database)
    yield engine
    engine.dispose()


def is_free(engine: Engine) -> bool:
    try:
        with service_lock(engine):
            return True
    except LedgerError:
        return False


def lose(engine: Engine) -> None:
    """What takes the lock from its holder: on PostgreSQL its connection ends, on SQLite its file is deleted."""
    if engine.dialect.name == "sqlite":
        Path(f"{engine.url.database}.lock").unlink()
        return
    with engine.connect() as connection:
        holders = text(
            "SELECT pid, pg_terminate_backend(pid, 10000) FROM pg_locks JOIN pg_database d ON d.oid = database"
            " WHERE locktype = 'advisory' AND d.datname = current_database()"
        )
        assert len(connection.execute(holders).all()) == 1


def test_a_lock_that_was_not_lost_is_held(engine: Engine, other: Engine) -> None:
    with service_lock(engine) as lock:
        assert [lock.look(), lock.look()] == [LockStanding.HELD, LockStanding.HELD]
        assert not is_free(other)


def test_a_lock_that_was_lost_is_taken_again(engine: Engine, other: Engine) -> None:
    with service_lock(engine) as lock:
        lose(other)

        assert [lock.look(), lock.look()] == [LockStanding.TAKEN_AGAIN, LockStanding.HELD]
        assert not is_free(other)
    assert is_free(other)


def test_a_lock_that_another_service_has_taken_is_its_own(engine: Engine, other: Engine) -> None:
    third = make_engine(engine.url.render_as_string(hide_password=False))
    with service_lock(engine) as lock:
        lose(other)
        with service_lock(other) as theirs:
            with pytest.raises(LedgerError, match="another monitor has taken it since"):
                lock.look()
            lock.release()

            assert theirs.look() is LockStanding.HELD
            assert not is_free(third)
    third.dispose()


def test_it_is_no_error_to_let_go_of_a_lock_that_was_lost(engine: Engine, other: Engine) -> None:
    with service_lock(engine) as lock:
        lose(other)

    assert is_free(other)
    assert lock.look() is LockStanding.HELD  # nobody asks any more, and nothing is taken
    assert is_free(other)


def test_a_file_of_the_lock_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/data/monitor.db")
    file = tmp_path / "data" / "monitor.db.lock"
    with service_lock(engine) as lock:
        file.unlink()
        file.mkdir()

        assert lock.look() is LockStanding.LOST
        assert "monitor.db.lock: the file cannot be locked: Is a directory" in lock.trouble
        file.rmdir()
        assert lock.look() is LockStanding.TAKEN_AGAIN
        assert lock.trouble == ""
    engine.dispose()


def test_a_lock_outlives_a_restart_of_the_server(fragile: PostgreSQL) -> None:
    address = fragile.make_database()
    engine, other = make_engine(address), make_engine(address)
    with service_lock(engine) as lock:
        fragile.stop()
        try:
            assert [lock.look(), lock.look()] == [LockStanding.LOST, LockStanding.LOST]
            assert "no server answers there" in lock.trouble
        finally:
            fragile.start()

        assert [lock.look(), lock.look()] == [LockStanding.TAKEN_AGAIN, LockStanding.HELD]
        assert not is_free(other)
    engine.dispose()
    other.dispose()


def test_a_lock_is_let_go_of_while_the_server_is_down(fragile: PostgreSQL) -> None:
    engine = make_engine(fragile.make_database())
    try:
        with service_lock(engine):
            fragile.stop()
    finally:
        fragile.start()
    assert is_free(engine)
    engine.dispose()


def test_a_session_of_its_own_that_the_server_still_believes_in_is_ended(postgresql: str, template: str) -> None:
    name = f"t{uuid4().hex}"
    admin = make_engine(postgresql.format("postgres"))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine = make_engine(postgresql.format(name))
    with service_lock(engine) as lock, engine.connect() as former:
        assert isinstance(lock, _AdvisoryLock)
        # As after a connection that broke without a word: the server has not noticed.
        lose(engine)
        former.execute(text("SELECT set_config('application_name', :name, false)"), {"name": lock.name})
        former.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": _NUMBER})
        former.commit()

        deadline = time.monotonic() + 20
        while (standing := lock.look()) is LockStanding.LOST and time.monotonic() < deadline:
            time.sleep(0.01)
        assert standing is LockStanding.TAKEN_AGAIN
        with pytest.raises(DBAPIError):
            former.execute(text("SELECT 1"))
        former.invalidate()
    engine.dispose()
    admin.dispose()
