"""Corrections of what was sent: recorded once, and owed to whoever was told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from monitor.core.news import Change
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, DeliveryState, Outgoing
from tests.builders import NOW, make_change
from tests.ledger.decisions import owing, taking_back

FALSE = make_change(id="false")
BACK = make_change(id="back", stage="announced", from_="agreed", to="announced")
OTHER = make_change(id="other", project="other")


def correct(change: Change, subscriber: str, destination: str) -> Outgoing | None:
    """Everybody is still there but one."""
    if destination == "d0":
        return None
    return Outgoing(change_id=change.id, subscriber=subscriber, destination=destination, due_at=NOW, chain=destination)


class Told:
    """A ledger whose false change is sent to d1, d2 and one that is gone by now, and not yet to d3."""

    def __init__(self, engine: Engine) -> None:
        self.ledger, self.outbox = SQLLedger(engine), SQLOutbox(engine)
        self.ledger.note(owing(FALSE, destinations=["d0", "d1", "d2", "d3"])({}, {}))
        for _ in range(3):
            numbers, message = self.lease()
            self.outbox.mark_sent(numbers, message=message, now=NOW, outcome="sent")

    def lease(self) -> tuple[list[int], str]:
        [bundle] = self.outbox.acquire(worker="w", now=NOW, lease=timedelta(seconds=60), limit=1)
        return [delivery.id for delivery in bundle.deliveries], bundle.id

    def decide(self, *outgoing: Outgoing, is_quiet: bool = False) -> tuple[Change, ...]:
        return self.ledger.note(
            Decision(
                changes=(BACK, OTHER),
                outgoing=outgoing,
                revisions={"plant": taking_back(FALSE.id)},
                correct=None if is_quiet else correct,
            )
        )

    @property
    def corrections(self) -> list[tuple[str, DeliveryState]]:
        found = [each for each in self.outbox.deliveries() if each.delivery.change.retracts]
        return [(each.delivery.destination, each.state) for each in found]


@pytest.fixture
def told(engine: Engine) -> Told:
    return Told(engine)


def test_whoever_was_told_is_owed_one_correction_in_place_of_what_leads_back(told: Told) -> None:
    back = Outgoing(change_id=BACK.id, subscriber="Desk", destination="d1", due_at=NOW, chain="d1")

    other, correction = told.decide(back)

    assert other == OTHER
    assert correction.retracts is not None
    assert correction.retracts.change == FALSE.id
    assert told.ledger.change(correction.id) == correction
    assert told.corrections == [("d1", DeliveryState.PENDING), ("d2", DeliveryState.PENDING)]
    assert BACK.id not in {each.delivery.change.id for each in told.outbox.deliveries()}


def test_a_mistake_is_corrected_once(told: Told) -> None:
    told.decide()
    before = told.corrections

    assert told.decide() == ()
    assert told.corrections == before


def test_what_is_wrong_in_its_date_alone_and_not_sent_yet_is_sent_with_its_correction(told: Told) -> None:
    told.ledger.note(
        Decision(changes=(), outgoing=(), revisions={"plant": taking_back(FALSE.id, is_partly=True)}, correct=correct)
    )

    assert sorted(where for where, _ in told.corrections) == ["d1", "d2", "d3"]
    [unsent] = [each for each in told.outbox.deliveries() if each.delivery.change == FALSE and each.sent_at is None]
    assert (unsent.delivery.destination, unsent.state) == ("d3", DeliveryState.PENDING)


def test_a_quiet_decision_corrects_nothing(told: Told) -> None:
    assert told.decide(is_quiet=True) == (BACK, OTHER)
    assert told.corrections == []


def test_what_else_follows_on_the_same_subject_is_told_only_to_those_who_are_not_corrected(told: Told) -> None:
    moved = replace(BACK, id="moved", stage="approved", to="approved")
    outgoing = tuple(
        Outgoing(change_id=moved.id, subscriber="Desk", destination=each, due_at=NOW, chain=each)
        for each in ("d1", "d4")
    )

    told.ledger.note(
        Decision(changes=(moved,), outgoing=outgoing, revisions={"plant": taking_back(FALSE.id)}, correct=correct)
    )

    rows = told.outbox.deliveries()
    assert [each.delivery.destination for each in rows if each.delivery.change == moved] == ["d4"]


@pytest.mark.parametrize("how", ["failed", "given back"])
def test_a_mistake_that_was_being_sent_and_did_not_arrive_is_told_to_nobody(told: Told, how: str) -> None:
    [bundle] = told.outbox.acquire(worker="w", now=NOW, lease=timedelta(seconds=60), limit=1)
    told.decide()
    assert ("d3", DeliveryState.PENDING) in told.corrections

    if how == "failed":
        numbers = [delivery.id for delivery in bundle.deliveries]
        told.outbox.mark_failed(
            numbers,
            worker="w",
            message=bundle.id,
            now=NOW,
            outcome="later",
            retry_at=NOW,
            may_have_arrived=False,
        )
    else:
        told.outbox.give_back(bundle, worker="w")

    rows = [each for each in told.outbox.deliveries() if each.delivery.destination == "d3"]
    assert {each.state for each in rows} == {DeliveryState.SUPERSEDED}
    assert len(rows) == 2


def test_a_mistake_that_may_have_arrived_is_corrected(told: Told) -> None:
    numbers, message = told.lease()
    told.decide()

    told.outbox.mark_failed(
        numbers, worker="w", message=message, now=NOW, outcome="?", retry_at=NOW, may_have_arrived=True
    )

    rows = [each for each in told.outbox.deliveries() if each.delivery.destination == "d3"]
    assert [each.state for each in rows] == [DeliveryState.PENDING, DeliveryState.PENDING]
