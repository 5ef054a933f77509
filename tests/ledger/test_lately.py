"""What subscribers were owed lately is told by the ledger, on every database."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Engine

from monitor.core.alerting.bundling import Recent
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, Outgoing, Pacing
from tests.builders import NOW, make_change

MINUTE = timedelta(minutes=1)


def owed(change: str, to: str = "d1", *, due: float = 0, together: bool = False, rank: int = 0) -> Outgoing:
    """One change for the desk, due in so many minutes."""
    return Outgoing(
        change_id=change,
        subscriber="Desk",
        destination=to,
        due_at=NOW + due * MINUTE,
        together=together,
        chain="d1",
        rank=rank,
    )


def note(ledger: SQLLedger, *outgoing: Outgoing) -> None:
    changes = [make_change(id=name, at=NOW - MINUTE) for name in dict.fromkeys(one.change_id for one in outgoing)]
    ledger.note(Decision(changes=tuple(changes), outgoing=outgoing))


def test_each_change_of_the_last_hour_and_of_the_next_counts_once(engine: Engine) -> None:
    ledger = SQLLedger(engine)
    note(
        ledger,
        owed("now", "d1"),
        owed("now", "d2"),
        owed("now", "d3", due=15, rank=1),
        owed("soon", due=60, together=True),
        owed("later", due=60.1),
        owed("long ago", due=-60),
        owed("elsewhere", "d4"),
    )

    assert ledger.owed_lately({"d1", "d2", "d3"}, NOW) == {
        "Desk": [
            Recent(at=NOW - MINUTE, due_at=NOW, project="plant", together=False),
            Recent(at=NOW - MINUTE, due_at=NOW + 60 * MINUTE, project="plant", together=True),
        ]
    }
    assert ledger.owed_lately((), NOW) == {}


def test_what_new_changes_owe_is_paced_by_what_is_on_record(engine: Engine) -> None:
    ledger = SQLLedger(engine)
    note(ledger, owed("first"))
    seen = []

    def pace(new: Sequence[Outgoing], recent: Mapping[str, Sequence[Recent]]) -> Sequence[Outgoing]:
        seen.append(([one.change_id for one in new], dict(recent)))
        return [owed(one.change_id, due=10, together=True) for one in new]

    pacing = Pacing(now=NOW, pace=pace)
    changes = (make_change(id="first"), make_change(id="second", at=NOW))
    ledger.note(Decision(changes=changes, outgoing=(owed("first"), owed("second")), pacing=pacing))

    assert seen == [(["second"], {"Desk": [Recent(at=NOW - MINUTE, due_at=NOW, project="plant", together=False)]})]
    recent = ledger.owed_lately({"d1"}, NOW)["Desk"]
    assert [(each.due_at - NOW, each.together) for each in recent] == [(timedelta(0), False), (10 * MINUTE, True)]


def test_where_nothing_is_new_nothing_is_paced(engine: Engine) -> None:
    ledger = SQLLedger(engine)
    note(ledger, owed("first"))

    def pace(new: Sequence[Outgoing], recent: Mapping[str, Sequence[Recent]]) -> Sequence[Outgoing]:
        raise AssertionError

    change = make_change(id="first")
    assert ledger.note(Decision(changes=(change,), outgoing=(owed("first"),), pacing=Pacing(now=NOW, pace=pace))) == ()
