"""A backup of either kind of database goes into either kind, whole, and the monitor goes on from there."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from monitor.errors import LedgerError
from monitor.ledger.backup import backup, restore, upgrade
from monitor.ledger.engine import make_engine, reading
from monitor.ledger.feeds import SQLHealthRecord
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from tests.builders import NOW, make_article, make_change, make_poll
from tests.ledger.decisions import owing


def fill(engine: Engine) -> None:
    ledger = SQLLedger(engine)
    ledger.record(make_poll(make_article("a"), make_article("b")), owing(make_change(id="c1"), make_change(id="c2")))
    SQLOutbox(engine).acquire(worker="w", now=NOW, lease=timedelta(minutes=1), limit=1)


def held(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path}/filled.db")
    upgrade(engine)
    fill(engine)
    yield engine
    engine.dispose()


def test_nobody_but_its_owner_may_read_a_backup(filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")

    assert (tmp_path / "backup.db").stat().st_mode & 0o077 == 0


def test_what_is_backed_up_comes_back_as_it_was(engine: Engine, filled: Engine, tmp_path: Path) -> None:
    """Into each kind of database, and from there into a file again."""
    first, second, scratch = tmp_path / "first.db", tmp_path / "second.db", tmp_path / "scratch"
    scratch.mkdir()

    rows = backup(filled, first)
    assert restore(engine, first, scratch) == rows
    assert backup(engine, second) == rows

    assert held(engine) == held(filled)
    again = make_engine(f"sqlite:///{second}")
    assert held(again) == held(filled)
    again.dispose()
    assert sorted(path.name for path in tmp_path.iterdir() if "db-" in path.name or "part" in path.name) == sorted(
        path.name for path in tmp_path.glob("filled.db-*")
    ) + sorted(path.name for path in tmp_path.glob("monitor.db-*"))


def test_the_monitor_goes_on_from_a_backup(engine: Engine, filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    restore(engine, tmp_path / "backup.db", tmp_path)

    new = SQLLedger(engine).record(make_poll(make_article("c")), owing(make_change(id="c3")))
    known = SQLLedger(engine).record(make_poll(make_article("a")), owing(make_change(id="c1")))

    assert [change.id for change in new] == ["c3"]
    assert known == ()
    assert [record.delivery.change.id for record in SQLOutbox(engine).deliveries()] == ["c1", "c2", "c3"]


def test_a_database_in_use_is_not_filled(engine: Engine, filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")
    fill(engine)
    before = held(engine)

    with pytest.raises(LedgerError, match="is in use"):
        restore(engine, tmp_path / "backup.db", tmp_path)
    assert held(engine) == before


def test_a_backup_is_never_written_over(filled: Engine, tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("precious")

    with pytest.raises(LedgerError, match="exists already"):
        backup(filled, tmp_path / "backup.db")
    assert (tmp_path / "backup.db").read_text() == "precious"


@pytest.mark.parametrize("content", [b"", b"no database at all, but a text of some length\n" * 100])
def test_what_is_no_backup_is_refused(engine: Engine, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "wrong").write_bytes(content)
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    with pytest.raises(LedgerError, match="is not a backup"):
        restore(engine, tmp_path / "wrong", scratch)
    with pytest.raises(LedgerError, match="cannot be read"):
        restore(engine, tmp_path / "absent", scratch)


def test_a_restore_that_fails_leaves_nothing(engine: Engine, filled: Engine, tmp_path: Path) -> None:
    backup(filled, tmp_path / "backup.db")

    def fail(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(engine, tmp_path / "backup.db", tmp_path, fail)
    assert not any(held(engine).values())
    assert list(SQLHealthRecord(engine).ailments()) == []
