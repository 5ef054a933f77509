"""What every audit log keeps: the fake, and SQL on each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.ledger.accounts import SQLAuditLog
from monitor.ledger.engine import make_engine
from monitor.ports import AuditEntry, AuditLog
from tests.builders import NOW
from tests.fakes import FakeAuditLog

DONE = AuditEntry(
    at=NOW, actor="لينا", action="claims.reject", target="plant", detail={"why": "another plant", "claims": [1, 2]}
)


@pytest.fixture(params=["fake", "sql"])
def audit(request: pytest.FixtureRequest, database: str) -> Iterator[AuditLog]:
    if request.param == "fake":
        yield FakeAuditLog()
        return
    engine = make_engine(database)
    yield SQLAuditLog(engine)
    engine.dispose()


def test_an_entry_is_kept_as_it_was_given(audit: AuditLog) -> None:
    audit.add(DONE)

    (kept,) = audit.entries(limit=10)
    assert kept.id > 0
    assert replace(kept, id=0) == DONE


def test_the_newest_come_first_a_page_at_a_time(audit: AuditLog) -> None:
    for hours in range(5):
        audit.add(replace(DONE, at=NOW + timedelta(hours=hours), detail={}))

    first = audit.entries(limit=3)
    second = audit.entries(before=first[-1].id, limit=3)

    assert [(entry.at - NOW).seconds // 3600 for entry in (*first, *second)] == [4, 3, 2, 1, 0]
