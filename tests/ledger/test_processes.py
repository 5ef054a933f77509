"""Several processes on one database, and processes that die."""

import signal
import time
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from tests.ledger import processes


def test_six_processes_may_create_one_database_at_once(database: str, engine: Engine) -> None:
    with engine.begin() as connection:
        SQLModel.metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
    workers = [processes.start(processes.create, database) for _ in range(6)]

    assert [said.recv() for _, said in workers] == ["done"] * 6
    assert SQLLedger(engine).feeds() == {}
    for process, _ in workers:
        process.join()


def test_the_same_article_from_six_processes_is_told_once(database: str, engine: Engine) -> None:
    workers = [processes.start(processes.record_one, database, number) for number in range(6)]
    new = [said.recv() for _, said in workers]
    for process, _ in workers:
        process.join()

    assert sorted(new) == [0, 0, 0, 0, 0, 1]
    assert len(SQLLedger(engine).reports()["plant"]) == 1
    assert len(SQLOutbox(engine).deliveries()) == 1


@pytest.mark.parametrize("seed", range(3))
def test_a_kill_at_any_moment_leaves_each_poll_whole_or_absent(database: str, engine: Engine, seed: int) -> None:
    process, said = processes.start(processes.record_for_ever, database, 0)
    acknowledged = {said.recv()}
    time.sleep(Random(seed).uniform(0, 0.2))
    process.kill()
    process.join()
    with suppress(EOFError):
        while True:
            acknowledged.add(said.recv())

    ledger = SQLLedger(engine)
    stored = {report.source.article for report in ledger.reports()["plant"]}
    assert process.exitcode == -signal.SIGKILL
    assert stored >= {f"a{number}" for number in acknowledged}
    assert {change.id.replace("c", "a") for change in ledger.changes()} == stored
    assert {record.delivery.change.id.replace("c", "a") for record in SQLOutbox(engine).deliveries()} == stored
    assert set(ledger.seen("https://example.org/feed.xml", sorted(stored), [])[0]) == stored
