"""What becomes of messages that were not sent yet when a correction takes their changes back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from monitor.core.news import Change, ChangeType
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, DeliveryState, Outgoing
from tests.builders import NOW, make_change
from tests.ledger.decisions import owing, taking_back

FALSE, TRUE = make_change(id="false"), make_change(id="true", stage="approved", from_="agreed", to="approved")
SURE = make_change(id="sure", type=ChangeType.CONFIRMED, from_="reported", to="confirmed")
BACK = make_change(id="back", stage="announced", from_="agreed", to="announced")


class Owed:
    """A ledger that owes a true and a false change."""

    def __init__(self, engine: Engine) -> None:
        self.ledger, self.outbox = SQLLedger(engine), SQLOutbox(engine)
        self.ledger.note(owing(FALSE, TRUE)({}, {}))

    def correct(self, *outgoing: Outgoing, project: str = "plant") -> None:
        """A correction takes the false change back, and brings one that leads back from it."""
        self.ledger.note(Decision(changes=(BACK,), outgoing=outgoing, revisions={project: taking_back(FALSE.id)}))

    def lease(self) -> list[int]:
        found = self.outbox.acquire(worker="w", now=NOW, lease=timedelta(seconds=60), limit=10)
        return [delivery.id for bundle in found for delivery in bundle.deliveries]

    def states(self) -> dict[tuple[str, str], DeliveryState]:
        return {(r.delivery.change.id, r.delivery.destination): r.state for r in self.outbox.deliveries()}


def to(destination: str) -> Outgoing:
    return Outgoing(change_id=BACK.id, subscriber="Desk", destination=destination, due_at=NOW, chain=destination)


@pytest.fixture
def owed(engine: Engine) -> Owed:
    return Owed(engine)


def test_what_is_no_longer_so_is_not_sent_and_the_rest_of_its_message_is(owed: Owed) -> None:
    owed.correct()

    assert owed.states() == {("false", "d1"): DeliveryState.SUPERSEDED, ("true", "d1"): DeliveryState.PENDING}
    (bundle,) = owed.outbox.acquire(worker="w", now=NOW, lease=timedelta(seconds=60), limit=10)
    assert [delivery.change for delivery in bundle.deliveries] == [TRUE]
    [called_off] = owed.outbox.deliveries(state=DeliveryState.SUPERSEDED)
    assert called_off.last_outcome == "a correction has taken it back"


def test_who_was_not_told_is_not_told_that_it_was_taken_back(owed: Owed) -> None:
    owed.correct(to("d1"), to("d2"))

    assert owed.states() == {
        ("false", "d1"): DeliveryState.SUPERSEDED,
        ("true", "d1"): DeliveryState.PENDING,
        ("back", "d2"): DeliveryState.PENDING,
    }


def test_what_may_have_arrived_is_told_and_so_is_that_it_was_taken_back(owed: Owed) -> None:
    numbers = owed.lease()
    owed.outbox.mark_failed(
        numbers, worker="w", message="m", now=NOW, outcome="unknown", retry_at=NOW, may_have_arrived=True
    )

    owed.correct(to("d1"))

    assert set(owed.states().values()) == {DeliveryState.PENDING}
    assert ("back", "d1") in owed.states()


def test_a_message_that_is_being_sent_is_not_called_back(owed: Owed) -> None:
    owed.lease()

    owed.correct()

    assert set(owed.states().values()) == {DeliveryState.PENDING}


def test_what_was_given_up_is_not_sent_by_a_retry(owed: Owed) -> None:
    owed.outbox.mark_failed(
        owed.lease(), worker="w", message="m", now=NOW, outcome="refused", retry_at=None, may_have_arrived=False
    )

    owed.correct()

    assert owed.outbox.retry(now=NOW) == 1
    assert owed.states() == {("false", "d1"): DeliveryState.SUPERSEDED, ("true", "d1"): DeliveryState.PENDING}


@pytest.mark.parametrize(
    ("told_since", "taken_back", "is_told"),
    [
        pytest.param((), ("false",), False, id="nobody was told"),
        pytest.param((TRUE,), ("false", "true"), False, id="told of something else"),
        pytest.param((SURE,), ("false", "sure"), True, id="told that it is confirmed"),
        pytest.param((), (), True, id="it still holds"),
    ],
)
def test_what_leads_back_from_history_is_owed_to_nobody(
    engine: Engine, told_since: tuple[Change, ...], taken_back: tuple[str, ...], *, is_told: bool
) -> None:
    ledger, outbox = SQLLedger(engine), SQLOutbox(engine)
    ledger.note(Decision(changes=(replace(FALSE, is_history=True), *told_since)))

    revisions = {"plant": taking_back(*taken_back)}
    ledger.note(Decision(changes=(BACK,), outgoing=(to("d1"),), revisions=revisions))

    assert [record.delivery.change for record in outbox.deliveries()] == [BACK] * is_told


def test_a_correction_of_another_project_calls_nothing_off(owed: Owed) -> None:
    owed.correct(project="other")

    assert set(owed.states().values()) == {DeliveryState.PENDING}
