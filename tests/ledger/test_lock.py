"""One service for one database."""

import multiprocessing
import os
import signal

import pytest
from sqlalchemy import Engine

from monitor.errors import LedgerError
from monitor.ledger.engine import make_engine
from monitor.ledger.lock import service_lock


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
