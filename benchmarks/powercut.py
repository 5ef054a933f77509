"""What a power cut takes back of what was acknowledged: nothing, on a disk that forgets whatever was not synced.

    python -m benchmarks.powercut                      # 15 cuts: half a minute; needs cc
    python -m benchmarks.powercut --cuts 100

A kill cannot tell: the system keeps what was written. Here a library stands before the C library's (LD_PRELOAD) that
copies a file aside whenever it is synced. A process commits changes and marks them as sent; it is killed at some
instant, and only what stands aside is left. See README.md beside this file.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import event

from benchmarks.delivery import change
from monitor.ledger.engine import make_engine
from monitor.ledger.migrate import upgrade
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, Outgoing
from monitor.relay import LEASE

SOURCE = Path(__file__).parent / "data" / "powercut.c"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cuts", type=int, default=15)
    parser.add_argument("--normal", action="store_true", help="commit as SQLite would by default (synchronous=NORMAL)")
    parser.add_argument("--victim", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.victim:
        victim(Path(arguments.victim), is_normal=arguments.normal)
        return
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "powercut.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
        random = Random(20240329)
        total = lost = 0
        for number in range(arguments.cuts):
            acknowledged, kept = cut(Path(folder) / str(number), library, random, is_normal=arguments.normal)
            total += len(acknowledged)
            lost += len(acknowledged - kept)
        print(f"{arguments.cuts} cuts: {total} acknowledged commits and marks, {lost} lost, every database whole")


def cut(folder: Path, library: Path, random: Random, *, is_normal: bool) -> tuple[set[str], set[str]]:
    """What one process was told is safe before the power went, and what is there of it afterwards."""
    disk, aside = folder / "disk", folder / "aside"
    disk.mkdir(parents=True)
    aside.mkdir()
    command = [sys.executable, "-m", "benchmarks.powercut", "--victim", str(disk), *(["--normal"] if is_normal else [])]
    environment = {**os.environ, "LD_PRELOAD": str(library), "AFTER_POWERCUT": str(aside)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    acknowledged = {process.stdout.readline().strip()}
    time.sleep(0.2 + random.random())
    process.kill()
    acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
    process.wait()
    with closing(sqlite3.connect(aside / "monitor.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept = {f"committed {id_}" for (id_,) in database.execute("SELECT id FROM changes")}
        kept |= {f"sent {id_}" for (id_,) in database.execute("SELECT change FROM deliveries WHERE state = 'sent'")}
        owed = database.execute("SELECT count(*) FROM deliveries").fetchone()
        assert owed == database.execute("SELECT count(*) FROM changes").fetchone(), "a change without what it owes"
    shutil.rmtree(folder)
    return acknowledged, kept


def victim(disk: Path, *, is_normal: bool) -> None:
    """Commit changes, lease and mark them, and say so each time that it is done."""
    engine = make_engine(f"sqlite:///{disk}/monitor.db")
    if is_normal:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=NORMAL"))
    upgrade(engine)
    ledger, outbox = SQLLedger(engine), SQLOutbox(engine)
    for number in range(1_000_000):
        now = datetime.now(UTC)
        one = change(number, now)
        owed = Outgoing(change_id=one.id, subscriber="Desk", destination="d1", due_at=now, chain="d1")
        ledger.note(Decision(changes=(one,), outgoing=(owed,)))
        print(f"committed {one.id}", flush=True)
        for bundle in outbox.acquire(worker="w", now=now, lease=LEASE, limit=5):
            numbers = [delivery.id for delivery in bundle.deliveries]
            outbox.mark_sent(numbers, message=bundle.id, now=now, outcome="sent")
            for delivery in bundle.deliveries:
                print(f"sent {delivery.change.id}", flush=True)


if __name__ == "__main__":
    main()
