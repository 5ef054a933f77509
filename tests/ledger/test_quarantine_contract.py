"""What every quarantine keeps: the fake, and SQL on each database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.ledger.engine import make_engine
from monitor.ledger.feeds import SQLQuarantine
from monitor.ports import HostileDocument, Quarantine
from tests.builders import NOW
from tests.fakes import FakeQuarantine

HOUR = timedelta(hours=1)


@pytest.fixture(params=["fake", "sql"])
def quarantine(request: pytest.FixtureRequest, database: str) -> Iterator[Quarantine]:
    if request.param == "fake":
        yield FakeQuarantine()
        return
    engine = make_engine(database)
    yield SQLQuarantine(engine)
    engine.dispose()


def hostile(digest: str, hours: int = 0, reason: str = "it takes long") -> HostileDocument:
    return HostileDocument(digest=digest, url="https://example.org/", reason=reason, at=NOW + hours * HOUR)


def test_documents_are_told_from_an_instant_on_the_oldest_first(quarantine: Quarantine) -> None:
    for document in (hostile("b", 2), hostile("a", 1), hostile("c", 0)):
        quarantine.add(document)

    assert quarantine.since(NOW + HOUR) == [hostile("a", 1), hostile("b", 2)]


def test_a_document_that_is_given_up_again_takes_its_own_place(quarantine: Quarantine) -> None:
    quarantine.add(hostile("a"))
    quarantine.add(hostile("a", 3, "it takes much memory"))

    assert quarantine.since(NOW) == [hostile("a", 3, "it takes much memory")]


def test_old_ones_are_forgotten(quarantine: Quarantine) -> None:
    quarantine.add(hostile("a"))
    quarantine.add(hostile("b", 1))

    quarantine.forget(NOW + HOUR)

    assert quarantine.since(NOW) == [hostile("b", 1)]
