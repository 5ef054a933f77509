"""The contract of ``ports.Departures``, on every implementation."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from monitor.core.backoff import LEASE
from monitor.ledger.engine import writing
from monitor.ledger.outbox import SQLDepartures, SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decision, DeliveryState, Departure, Departures, Holder, Outgoing, Pacing
from tests.builders import NOW, make_article, make_change, make_poll
from tests.ledger.decisions import owing

HOUR = timedelta(hours=1)


@pytest.fixture
def departures(engine: Engine) -> Departures:
    return SQLDepartures(engine)


def states(engine: Engine) -> list[tuple[str, str, DeliveryState]]:
    found = SQLOutbox(engine).deliveries()
    return [(record.delivery.change.id, record.delivery.destination, record.state) for record in found]


def test_an_address_keeps_its_token(departures: Departures) -> None:
    assert departures.token("Desk", "d1", "first") == "first"
    assert departures.token("Desk", "d1", "second") == "first"
    assert departures.token("Desk", "d2", "third") == "third"
    assert list(departures.all()) == []


def test_who_has_left_is_owed_nothing_and_sent_nothing_of_what_waits(departures: Departures, engine: Engine) -> None:
    ledger, token = SQLLedger(engine), departures.token("Desk", "d1", "t")
    ledger.record(make_poll(make_article("a")), owing(make_change(id="c1"), destinations=("d1", "d2")))

    assert departures.leave(token, NOW) == Departure(subscriber="Desk", destination="d1", at=NOW)
    ledger.record(make_poll(make_article("b")), owing(make_change(id="c2"), destinations=("d1", "d2")))

    assert sorted(states(engine)) == [
        ("c1", "d1", DeliveryState.SUPERSEDED),
        ("c1", "d2", DeliveryState.PENDING),
        ("c2", "d2", DeliveryState.PENDING),
    ]
    assert SQLOutbox(engine).deliveries(state=DeliveryState.SUPERSEDED)[0].last_outcome == "its reader has unsubscribed"


def test_who_has_left_is_owed_nothing_however_it_is_paced(departures: Departures, engine: Engine) -> None:
    departures.leave(departures.token("Desk", "d1", "t"), NOW)
    both = tuple(
        Outgoing(change_id="c1", subscriber="Desk", destination=each, due_at=NOW, chain=each) for each in ("d1", "d2")
    )

    pacing = Pacing(now=NOW, pace=lambda _new, _recent: both)
    SQLLedger(engine).note(Decision(changes=(make_change(id="c1"),), outgoing=both, pacing=pacing))

    assert states(engine) == [("c1", "d2", DeliveryState.PENDING)]


def test_what_is_just_being_sent_is_not_called_back(departures: Departures, engine: Engine) -> None:
    token, outbox = departures.token("Desk", "d1", "t"), SQLOutbox(engine)
    SQLLedger(engine).record(make_poll(make_article()), owing(make_change(id="c1")))
    [bundle] = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=1)

    departures.leave(token, NOW)
    outbox.mark_sent([each.id for each in bundle.deliveries], message=bundle.id, now=NOW, outcome="sent")

    assert states(engine) == [("c1", "d1", DeliveryState.SENT)]


def test_what_fails_while_its_reader_leaves_is_not_tried_again(departures: Departures, engine: Engine) -> None:
    token, outbox = departures.token("Desk", "d1", "t"), SQLOutbox(engine)
    SQLLedger(engine).record(make_poll(make_article()), owing(make_change(id="c1"), make_change(id="c2", project="b")))
    first, second = outbox.acquire(worker="w", now=NOW, lease=LEASE, limit=2)
    departures.leave(token, NOW)

    for bundle, retry_at in ((first, NOW), (second, None)):
        outbox.mark_failed(
            [each.id for each in bundle.deliveries],
            worker="w",
            message=bundle.id,
            now=NOW,
            outcome="failed",
            retry_at=retry_at,
            may_have_arrived=False,
        )

    assert outbox.retry(now=NOW) == 0
    assert {state for _, _, state in states(engine)} == {DeliveryState.SUPERSEDED, DeliveryState.DEAD}


def test_leaving_twice_is_leaving_once(departures: Departures) -> None:
    token = departures.token("Desk", "d1", "t")

    first, second = departures.leave(token, NOW), departures.leave(token, NOW + HOUR)

    assert first == second == departures.all()[0]
    assert len(departures.all()) == 1


def test_nobody_leaves_by_a_token_that_is_none(departures: Departures) -> None:
    departures.token("Desk", "d1", "t")

    assert departures.leave("", NOW) is None
    assert departures.leave("T", NOW) is None
    assert list(departures.all()) == []


def test_who_is_readmitted_is_owed_what_comes_then(departures: Departures, engine: Engine) -> None:
    token = departures.token("Desk", "d1", "t")
    departures.leave(token, NOW)

    assert (departures.readmit("Desk"), departures.readmit("Desk"), departures.readmit("Other")) == (1, 0, 0)
    SQLLedger(engine).record(make_poll(make_article()), owing(make_change(id="c1")))
    assert states(engine) == [("c1", "d1", DeliveryState.PENDING)]
    assert departures.token("Desk", "d1", "another") == token


def test_a_token_that_is_none_is_told_while_others_write(departures: Departures, engine: Engine) -> None:
    with writing(engine):
        assert departures.leave("guess", NOW) is None


def test_a_token_says_whose_it_is_and_whether_they_have_left(departures: Departures) -> None:
    token = departures.token("Desk", "d1", "t")
    assert departures.holder(token) == Holder(subscriber="Desk", destination="d1", has_left=False)

    departures.leave(token, NOW)

    assert departures.holder(token) == Holder(subscriber="Desk", destination="d1", has_left=True)
    assert departures.holder("unknown") is None
