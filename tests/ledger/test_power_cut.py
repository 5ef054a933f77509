"""What a power cut takes back of what was acknowledged: nothing, at whatever moment it comes."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event

from monitor.core.backoff import LEASE
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, Outgoing
from tests.builders import NOW, make_change
from tests.powercut import Disk, recorded

pytestmark = pytest.mark.slow

CHANGES = 12


def test_nothing_that_was_acknowledged_is_lost_and_the_database_is_whole(tmp_path: Path, real_disk: None) -> None:
    disk = lived(tmp_path)
    chance = Random(20240329)

    assert len(disk.acknowledged) == 2 * CHANGES
    # A checkpoint came by as well: the database itself was written.
    assert len({moment.synced["monitor.db"] for moment in disk.moments}) > 1
    place = tmp_path / "found"
    for moment in disk.moments:
        for remains in moment.remains(chance):
            assert set(disk.acknowledged[: moment.acknowledged]) <= found(place, remains)


def test_a_commit_that_is_not_synced_would_be_lost(tmp_path: Path, real_disk: None) -> None:
    disk = lived(tmp_path, lambda connection: connection.execute("PRAGMA synchronous=NORMAL"))

    place = tmp_path / "found"
    assert any(set(disk.acknowledged[: each.acknowledged]) - found(place, each.synced) for each in disk.moments)


def lived(folder: Path, prepare: Callable[[sqlite3.Connection], Any] = lambda _: None) -> Disk:
    """A ledger in which changes are committed, leased and marked as sent."""
    place = folder / "disk"
    place.mkdir()
    engine = make_engine(f"sqlite:///{place}/monitor.db")
    upgrade(engine)
    engine.dispose()

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _: Any) -> None:
        # So that the log is brought into the database now and then.
        connection.execute("PRAGMA wal_autocheckpoint=60")
        prepare(connection)

    with recorded(place) as disk:
        ledger, outbox = SQLLedger(engine), SQLOutbox(engine)
        for number in range(CHANGES):
            one = make_change(id=f"c{number}", project=f"p{number}")
            owed = Outgoing(change_id=one.id, subscriber="Desk", destination="d1", due_at=NOW, chain="d1")
            ledger.note(Decision(changes=(one,), outgoing=(owed,)))
            disk.acknowledged.append(f"committed {one.id}")
            [bundle] = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)
            outbox.mark_sent([bundle.deliveries[0].id], message=bundle.id, now=NOW, outcome="sent")
            disk.acknowledged.append(f"sent {one.id}")
        disk.look()
        engine.dispose()
    return disk


def found(folder: Path, remains: Any) -> set[str]:
    """What a database of these files knows; that it is whole, and owes what each change owes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in remains.items():
        (folder / name).write_bytes(content)
    with closing(sqlite3.connect(folder / "monitor.db")) as database:
        database.execute("PRAGMA synchronous=OFF")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        changes = {id_ for (id_,) in database.execute("SELECT id FROM changes")}
        owed = dict(database.execute("SELECT change, state FROM deliveries").fetchall())
    assert owed.keys() == changes
    return {f"committed {id_}" for id_ in changes} | {f"sent {id_}" for id_, state in owed.items() if state == "sent"}
