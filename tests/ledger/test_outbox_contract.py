"""The contract of ``ports.Outbox``, on every implementation."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from monitor.core.backoff import LONGEST_WAIT, SKEW
from monitor.core.news import Change
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import AttemptRecord, Bundle, Decision, DeliveryState, Outbox, Outgoing
from tests.builders import NOW, make_change

LEASE = timedelta(seconds=60)
#: Change, destination, and what else is said of what is owed.
Owe = Callable[..., None]


class Box:
    """An outbox, with what every test does to it."""

    def __init__(self, engine: Engine) -> None:
        self.outbox: Outbox = SQLOutbox(engine)
        self._ledger = SQLLedger(engine)

    def owe(self, *changes: str | Change, to: Sequence[str] = ("d1",), **more: Any) -> None:
        """Owe each change to each destination, now; a change that goes by its id alone is of a project of its own."""
        told = [
            make_change(id=change, project=f"project of {change}") if isinstance(change, str) else change
            for change in changes
        ]
        outgoing = tuple(
            replace(
                Outgoing(change_id=change.id, subscriber="Desk", destination=there, due_at=NOW, chain=there), **more
            )
            for change in told
            for there in to
        )
        self._ledger.note(Decision(changes=tuple(told), outgoing=outgoing))

    def lease(self, worker: str = "w", *, at: datetime = NOW, limit: int = 10, **more: Any) -> Sequence[Bundle]:
        return self.outbox.acquire(worker=worker, now=at, lease=LEASE, limit=limit, **more)

    def send(self, bundle: Bundle, *, at: datetime = NOW, outcome: str = "sent") -> None:
        self.outbox.mark_sent(_numbers(bundle), message=bundle.id, now=at, outcome=outcome)

    def fail(
        self,
        bundle: Bundle,
        worker: str = "w",
        *,
        at: datetime = NOW,
        outcome: str = "refused",
        retry_at: datetime | None = None,
        may_have_arrived: bool = False,
    ) -> None:
        self.outbox.mark_failed(
            _numbers(bundle),
            worker=worker,
            message=bundle.id,
            now=at,
            outcome=outcome,
            retry_at=retry_at,
            may_have_arrived=may_have_arrived,
        )

    def states(self) -> dict[tuple[str, str], DeliveryState]:
        return {(r.delivery.change.id, r.delivery.destination): r.state for r in self.outbox.deliveries()}


def _numbers(bundle: Bundle) -> list[int]:
    return [delivery.id for delivery in bundle.deliveries]


def told(bundles: Sequence[Bundle]) -> list[list[str]]:
    return [[delivery.change.id for delivery in bundle.deliveries] for bundle in bundles]


def at(minute: int, **more: Any) -> Change:
    """A change of one project that came to be known then."""
    return make_change(id=f"c{minute}", at=NOW + timedelta(minutes=minute), **more)


@pytest.fixture
def box(engine: Engine) -> Box:
    return Box(engine)


def test_nothing_is_owed_at_first(box: Box) -> None:
    assert box.lease() == ()
    assert box.outbox.deliveries() == []


def test_a_destination_is_leased_to_one_worker_at_a_time(box: Box) -> None:
    box.owe("c0", "c1")
    [first] = box.lease("one", limit=1)

    assert box.lease("two") == ()
    [delivery] = first.deliveries
    assert (delivery.change.id, delivery.subscriber, delivery.destination, delivery.attempts) == ("c0", "Desk", "d1", 0)
    assert (first.id, first.is_together, first.is_repeat) == ("c0", False, False)
    box.send(first)
    assert told(box.lease("two")) == [["c1"]]


def test_several_destinations_are_leased_side_by_side(box: Box) -> None:
    box.owe("c0", to=["d1", "d2", "d3"])

    leased = [box.lease(f"w{number}")[0].deliveries[0].destination for number in range(3)]
    assert sorted(leased) == ["d1", "d2", "d3"]
    assert box.lease("w4") == ()


def test_a_destination_that_is_not_to_be_sent_to_is_left_out(box: Box) -> None:
    box.owe("c0", to=["d1", "d2"])

    assert box.lease(without=["d1"])[0].deliveries[0].destination == "d2"
    assert box.lease(without=["d1"]) == ()


def test_of_one_destination_several_messages_are_leased_in_their_order(box: Box) -> None:
    box.owe("c0", "c1", "c2")

    assert told(box.lease(limit=2)) == [["c0"], ["c1"]]


def test_what_is_given_back_is_free_and_was_not_tried(box: Box) -> None:
    box.owe("c0")
    [bundle] = box.lease()
    box.outbox.give_back(bundle, worker="another")
    assert box.lease() == ()
    box.outbox.give_back(bundle, worker="w")

    [again] = box.lease()
    assert (again.deliveries, again.is_repeat) == (bundle.deliveries, False)


def test_a_lease_that_runs_out_is_free_again_as_the_same_message(box: Box) -> None:
    box.owe(at(0), at(1))
    [lost] = box.lease("dead")
    box.owe(at(2))

    assert box.lease(at=NOW + LEASE / 2) == ()
    [again, newer] = box.lease(at=NOW + LEASE)
    assert (again.id, told([again]), again.is_repeat) == (lost.id, [["c0", "c1"]], True)
    assert told([newer]) == [["c2"]]


def test_what_is_sent_is_never_leased_again(box: Box) -> None:
    box.owe("c0")
    [bundle] = box.lease()
    box.send(bundle)

    [record] = box.outbox.deliveries(state=DeliveryState.SENT)
    assert (record.sent_at, record.last_outcome, record.delivery.attempts, record.message) == (NOW, "sent", 1, "c0")
    assert box.lease(at=NOW + 10 * LEASE) == ()
    assert box.outbox.retry(now=NOW) == 0


def test_a_failure_waits_for_its_next_attempt_and_what_is_newer_waits_with_it(box: Box) -> None:
    box.owe(at(0))
    later = NOW + timedelta(minutes=5)
    box.fail(box.lease()[0], retry_at=later)
    box.owe(at(1), make_change(id="other", project="another"))

    assert told(box.lease(at=later - timedelta(seconds=1))) == [["other"]]
    assert told(box.lease("w2", at=later + LEASE)) == [["c0", "c1"], ["other"]]


def test_what_may_have_arrived_is_repeated_as_it_was(box: Box) -> None:
    box.owe(at(0), at(1))
    [bundle] = box.lease()
    box.fail(bundle, outcome="unknown", retry_at=NOW, may_have_arrived=True)
    box.owe(at(2))

    [again, newer] = box.lease()
    assert (again.id, told([again]), again.is_repeat) == (bundle.id, [["c0", "c1"]], True)
    assert told([newer]) == [["c2"]]
    box.outbox.give_back(again, worker="w")
    box.outbox.give_back(newer, worker="w")
    assert [each.is_repeat for each in box.lease()] == [True, False]


def test_what_has_surely_not_arrived_is_put_together_anew(box: Box) -> None:
    box.owe(at(0))
    [bundle] = box.lease()
    box.fail(bundle, retry_at=NOW)
    box.owe(at(1))

    [both] = box.lease()
    assert told([both]) == [["c0", "c1"]]
    assert both.id not in {"c0", "c1"}


def test_what_goes_together_is_one_message_over_all_projects(box: Box) -> None:
    box.owe("c0", "c1", "c2", together=True)

    [digest] = box.lease()
    assert (told([digest]), digest.is_together) == ([["c0", "c1", "c2"]], True)


def test_what_is_not_due_is_not_leased_but_for_what_is_told_with_something_newer(box: Box) -> None:
    tomorrow = NOW + timedelta(days=1)
    box.owe(at(0), "elsewhere", together=True, due_at=tomorrow)
    assert box.lease() == ()
    box.owe(at(1))

    assert told(box.lease()) == [["c0", "c1"]]


def test_a_destination_of_which_nothing_can_be_sent_keeps_no_other_waiting(box: Box) -> None:
    box.owe(at(0))
    box.fail(box.lease()[0], retry_at=NOW + timedelta(hours=1))
    box.owe(at(1))
    box.owe("c9", to=["d2"])

    assert told(box.lease()) == [["c9"]]


def test_a_message_that_was_composed_of_many_is_repeated_whole(box: Box) -> None:
    box.owe(*(f"c{number}" for number in range(40)), together=True)
    [digest] = box.lease("dead")
    box.owe(*(f"n{number}" for number in range(600)))

    again = box.lease(at=NOW + LEASE, limit=1)
    assert [each.id for each in again] == [digest.id]
    assert len(again[0].deliveries) == 40


# ---------------------------------------------------------------- substitutes


def in_place_of(box: Box, *, after: timedelta = timedelta(minutes=15)) -> None:
    """A chat, and after a while a mail in its place."""
    change = make_change(id="c0")
    first = Outgoing(change_id="c0", subscriber="Desk", destination="chat", due_at=NOW, chain="chat")
    second = replace(first, destination="mail", rank=1, due_at=NOW + after)
    box._ledger.note(Decision(changes=(change,), outgoing=(second, first)))


def test_a_substitute_is_superseded_once_the_first_choice_was_sent(box: Box) -> None:
    in_place_of(box)
    box.send(box.lease()[0])

    assert box.states() == {("c0", "chat"): DeliveryState.SENT, ("c0", "mail"): DeliveryState.SUPERSEDED}
    assert box.lease(at=NOW + timedelta(days=1)) == ()


def test_a_substitute_is_sent_where_the_first_choice_was_not_in_time(box: Box) -> None:
    in_place_of(box)
    later = NOW + timedelta(minutes=15)
    box.fail(box.lease()[0], retry_at=NOW + timedelta(hours=1))

    assert box.lease(at=later - timedelta(seconds=1)) == ()
    [mail] = box.lease(at=later)
    assert mail.deliveries[0].destination == "mail"
    box.send(mail, at=later)
    assert box.states() == {("c0", "chat"): DeliveryState.SUPERSEDED, ("c0", "mail"): DeliveryState.SENT}


def test_a_substitute_waits_while_the_first_choice_is_being_sent(box: Box) -> None:
    in_place_of(box, after=timedelta(seconds=1))
    [chat] = box.lease()

    assert box.lease("other", at=NOW + timedelta(seconds=1)) == ()
    box.fail(chat, retry_at=NOW + timedelta(hours=1))
    assert box.lease("other", at=NOW + timedelta(seconds=1))[0].deliveries[0].destination == "mail"


def test_a_first_choice_that_fails_after_its_substitute_was_sent_is_not_tried_again(box: Box) -> None:
    in_place_of(box, after=timedelta(0))
    [chat] = box.lease("slow")
    [mail] = box.lease("quick", at=NOW + LEASE, without=["chat"])
    box.outbox.give_back(chat, worker="slow")
    [chat] = box.lease("slow", at=NOW + LEASE)
    box.send(mail, at=NOW + LEASE)
    box.fail(chat, "slow", at=NOW + LEASE, retry_at=NOW + 2 * LEASE)

    assert box.states()["c0", "chat"] is DeliveryState.SUPERSEDED


def test_where_two_want_a_change_at_one_destination_it_is_no_mere_substitute(box: Box) -> None:
    substitute = Outgoing(change_id="c0", subscriber="One", destination="mail", due_at=NOW, chain="chat", rank=1)
    first_choice = replace(substitute, subscriber="Other", chain="mail", rank=0)
    box._ledger.note(Decision(changes=(make_change(id="c0"),), outgoing=(substitute, first_choice)))

    [record] = box.outbox.deliveries()
    assert record.delivery.subscriber == "Other"


# ---------------------------------------------------------------- what is given up, and what is remembered


def test_what_is_given_up_stays_listed_until_an_operator_retries_it(box: Box) -> None:
    box.owe("c0", "c1", "c2")
    box.owe("c3", to=["d2"])
    for bundle in (*box.lease(), *box.lease()):
        box.fail(bundle, outcome="no such host")

    dead = box.outbox.deliveries(state=DeliveryState.DEAD)
    assert [record.last_outcome for record in dead] == ["no such host"] * 4
    assert box.lease(at=NOW + 100 * LEASE) == ()
    assert box.outbox.retry([dead[0].delivery.id], now=NOW) == 1
    assert box.outbox.retry(destinations=["d2"], now=NOW) == 1
    assert box.outbox.retry([dead[1].delivery.id], destinations=["d2"], now=NOW) == 0
    assert box.outbox.retry(now=NOW) == 2
    again = (*box.lease(), *box.lease())
    assert [bundle.deliveries[0].attempts for bundle in again] == [0] * 4
    assert not any(bundle.is_repeat for bundle in again)


def test_what_may_have_arrived_before_it_was_given_up_is_retried_as_it_was(box: Box) -> None:
    box.owe(at(0), at(1))
    [bundle] = box.lease()
    box.fail(bundle, outcome="unknown", may_have_arrived=True)
    box.owe(at(2))

    assert box.outbox.retry(now=NOW) == 2
    [again, newer] = box.lease()
    assert (again.id, told([again]), again.is_repeat) == (bundle.id, [["c0", "c1"]], True)
    assert told([newer]) == [["c2"]]


def test_every_attempt_is_remembered_through_a_retry_with_its_message(box: Box) -> None:
    box.owe("c0")
    [bundle] = box.lease()
    [number] = _numbers(bundle)
    box.fail(bundle)
    box.outbox.retry([number], now=NOW + LEASE)
    box.send(box.lease(at=NOW + LEASE)[0], at=NOW + 2 * LEASE)

    assert box.outbox.attempts([number, number + 1]) == {
        number: [
            AttemptRecord(at=NOW, outcome="refused", message="c0"),
            AttemptRecord(at=NOW + 2 * LEASE, outcome="sent", message="c0"),
        ],
        number + 1: [],
    }


def test_deliveries_are_found_by_change_and_by_destination(box: Box) -> None:
    box.owe("abc", "abd", "b%c", to=["d1", "d2"])

    def found(**which: Any) -> list[tuple[str, str]]:
        return [(r.delivery.change.id, r.delivery.destination) for r in box.outbox.deliveries(**which)]

    assert found(change="abc") == [("abc", "d1"), ("abc", "d2")]
    assert found(change="ab", destinations=["d2"]) == [("abc", "d2"), ("abd", "d2")]
    assert found(change="%") == found(destinations=[]) == []
    assert found(change="b%", limit=1) == [("b%c", "d2")]


def test_deliveries_are_found_a_page_at_a_time(box: Box) -> None:
    box.owe("a", "b", "c")
    newest = box.outbox.deliveries(limit=2)

    older = box.outbox.deliveries(before=newest[0].delivery.id, limit=2)

    assert [r.delivery.change.id for r in (*older, *newest)] == ["a", "b", "c"]
    assert box.outbox.deliveries(before=1) == []
    assert len(box.outbox.deliveries(before=10**30)) == 3


def test_deliveries_are_found_by_the_project_of_their_change(box: Box) -> None:
    box.owe(at(0, project="plant"), at(1, project="other"), at(2, project="plant"))

    def found(**which: Any) -> list[str]:
        return [record.delivery.change.id for record in box.outbox.deliveries(**which)]

    assert found(project="plant") == ["c0", "c2"]
    assert found(project="plant", limit=1) == ["c2"]
    assert found(project="unknown") == []


def test_deliveries_are_found_by_the_message_that_told_them(box: Box) -> None:
    box.owe(at(0), at(1), "elsewhere")
    box.send(box.lease()[0])
    message = box.outbox.deliveries()[0].message

    assert message
    assert [r.delivery.change.id for r in box.outbox.deliveries(change=message[:12])] == ["c0", "c1"]


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**70])
def test_a_number_that_is_no_delivery_s_retries_nothing(box: Box, number: int) -> None:
    box.owe("c0")
    [bundle] = box.lease()
    box.fail(bundle)

    assert box.outbox.retry([number], now=NOW) == 0
    assert box.outbox.retry([number, *_numbers(bundle)], now=NOW) == 1


def test_the_destination_that_has_waited_longest_goes_first(box: Box) -> None:
    box.owe("c0", to=["d1"], due_at=NOW - timedelta(seconds=1))
    box.owe("c1", to=["d0"])

    assert [box.lease()[0].deliveries[0].destination for _ in range(2)] == ["d1", "d0"]


def test_a_worker_that_lost_its_lease_does_not_postpone_another_s_attempt(box: Box) -> None:
    box.owe("c0")
    [bundle] = box.lease("slow")
    box.lease("quick", at=NOW + LEASE)
    box.fail(bundle, "slow", at=NOW + LEASE)

    assert box.outbox.deliveries(state=DeliveryState.DEAD) == []


def test_a_message_that_went_out_after_its_lease_still_counts_as_sent(box: Box) -> None:
    box.owe("c0")
    [bundle] = box.lease("slow")
    box.lease("quick", at=NOW + LEASE)
    box.send(bundle, at=NOW + LEASE)
    box.send(bundle, at=NOW + 2 * LEASE, outcome="sent again")

    assert [(r.sent_at, r.last_outcome) for r in box.outbox.deliveries()] == [(NOW + LEASE, "sent")]


def test_all_leases_can_be_freed_at_once(box: Box) -> None:
    box.owe("c0", "c1", to=["d1", "d2"])
    box.lease("dead")
    box.lease("dead")

    assert box.outbox.release() == 4
    assert len(box.lease()) == 2


def test_six_workers_share_the_work_and_send_nothing_twice_nor_out_of_order(box: Box) -> None:
    changes = [at(minute) for minute in range(10)]
    for change in changes:
        box.owe(change, to=[f"d{number}" for number in range(6)])
    sent: list[tuple[str, str]] = []
    start = threading.Barrier(6)

    def work(name: str) -> None:
        start.wait()
        while any(state is DeliveryState.PENDING for state in box.states().values()):
            for bundle in box.lease(name, limit=3):
                sent.extend((delivery.destination, delivery.change.id) for delivery in bundle.deliveries)
                box.send(bundle)

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number in range(6):
        assert [change for there, change in sent if there == f"d{number}"] == [change.id for change in changes]


# ---------------------------------------------------------------- a clock that is set back

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def dues(box: Box) -> dict[str, timedelta]:
    """How far off each delivery is."""
    return {record.delivery.change.id: record.due_at - NOW for record in box.outbox.deliveries()}


def test_a_lease_that_was_taken_by_a_clock_that_ran_ahead_is_none(box: Box) -> None:
    box.owe("c0", "c1", due_at=NOW - DAY)
    [ahead] = box.lease("one", at=NOW, limit=1)

    assert box.lease("two", at=NOW - MINUTE) == ()
    assert told(box.lease("two", at=NOW - HOUR, limit=1)) == [["c0"]]
    # Whoever it was says so all the same.
    box.send(ahead, at=NOW - HOUR)
    assert box.states()["c0", "d1"] is DeliveryState.SENT


def test_what_was_told_elsewhere_is_superseded_though_a_clock_that_ran_ahead_has_leased_it(box: Box) -> None:
    first = Outgoing(change_id="c1", subscriber="Desk", destination="d1", due_at=NOW - DAY, chain="d1")
    other = replace(first, destination="d2", rank=1)
    box._ledger.note(Decision(changes=(make_change(id="c1"),), outgoing=(first, other)))
    assert len(box.lease("w", without={"d1"})) == 1
    [bundle] = box.lease("w")

    box.send(bundle, at=NOW - HOUR)

    assert box.states()["c1", "d2"] is DeliveryState.SUPERSEDED


def test_an_attempt_that_waits_longer_than_any_does_is_planned_anew(box: Box) -> None:
    box.owe("far", "near")
    for bundle, wait in zip(box.lease(), (DAY, LONGEST_WAIT), strict=True):
        box.fail(bundle, retry_at=NOW + wait)

    assert box.outbox.bring_forward(NOW, lambda _: NOW) == 1
    assert dues(box) == {"far": timedelta(), "near": LONGEST_WAIT}


def test_what_is_told_at_once_is_planned_anew_where_it_is_not_due_at_once(box: Box) -> None:
    box.owe("at once", due_at=NOW + HOUR)
    box.owe("just now", due_at=NOW + SKEW)
    box.owe("held", due_at=NOW + HOUR, together=True)
    box.owe("else", due_at=NOW + HOUR, rank=1, to=["d2"])

    assert box.outbox.bring_forward(NOW, lambda _: NOW) == 1
    assert dues(box) == {"at once": timedelta(), "just now": SKEW, "held": HOUR, "else": HOUR}


def test_what_came_to_be_known_later_than_now_is_planned_anew_and_never_due_later(box: Box) -> None:
    for number, due_at in enumerate((NOW + DAY, NOW + 30 * DAY, NOW + 2 * DAY)):
        box.owe(make_change(id=f"c{number}", at=NOW + DAY), due_at=due_at, together=True)
    box.owe("right", due_at=NOW + 30 * DAY, together=True)

    assert box.outbox.bring_forward(NOW, lambda _: NOW + 2 * DAY) == 1
    assert dues(box) == {"c0": DAY, "c1": 2 * DAY, "c2": 2 * DAY, "right": 30 * DAY}
    assert box.outbox.bring_forward(NOW, lambda _: NOW + 2 * DAY) == 0


def test_what_was_sent_is_not_planned_anew(box: Box) -> None:
    box.owe(make_change(id="c0", at=NOW + DAY), due_at=NOW + DAY)
    [bundle] = box.lease(at=NOW + DAY)
    box.send(bundle, at=NOW + DAY)

    assert box.outbox.bring_forward(NOW, lambda _: NOW) == 0


def test_what_waits_for_an_address_is_owed_to_what_it_leads_to(box: Box) -> None:
    box.owe("a", "b", to=("unknown",), due_at=NOW + DAY, together=True)
    box.owe("c", to=("d1",))

    assert box.outbox.readdress({"unknown": ["d2", "d3"], "elsewhere": ["d4"]}) == 2

    assert box.states() == {
        ("a", "unknown"): DeliveryState.SUPERSEDED,
        ("b", "unknown"): DeliveryState.SUPERSEDED,
        ("c", "d1"): DeliveryState.PENDING,
        **{(change, to): DeliveryState.PENDING for change in "ab" for to in ("d2", "d3")},
    }
    assert box.outbox.readdress({"unknown": ["d2", "d3"]}) == 0
    assert {record.due_at for record in box.outbox.deliveries(destinations=["d2", "d3"])} == {NOW + DAY}


def test_a_destination_that_has_the_change_already_gets_no_other(box: Box) -> None:
    box.owe("a", to=("unknown", "d1"))
    box.send(box.lease(without=["unknown"])[0])

    box.outbox.readdress({"unknown": ["d1"]})

    assert box.states() == {("a", "unknown"): DeliveryState.SUPERSEDED, ("a", "d1"): DeliveryState.SENT}


def test_the_destinations_that_a_subscriber_is_owed_at_are_told(box: Box) -> None:
    box.owe("a", to=("d1", "d2"))
    box.owe("b", to=("d3",), subscriber="Press")
    box.send(next(bundle for bundle in box.lease(without=["d2", "d3"])))

    assert box.outbox.owing(["Desk"]) == {"d2"}
    assert box.outbox.owing(["Desk", "Press"]) == {"d2", "d3"}
    assert box.outbox.owing([]) == frozenset()
