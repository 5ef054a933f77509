"""Who is owed which change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.model import FactKind
from monitor.core.news import Change, ChangeType, Destination, Fallback, Subscriber
from monitor.core.routing import explain, route
from monitor.core.state import Confidence

MAIL = Destination(id="mail", label="mailto://example.org", url="mailto://example.org")
CHAT = Destination(id="chat", label="slack://…", url="slack://x")
DESK = Subscriber(name="Desk", to=(MAIL,))
PRESS = Subscriber(name="Press", to=(MAIL, CHAT))

CHANGE = Change(
    id="c1",
    type=ChangeType.STATUS,
    project="btr-anode",
    stage="construction",
    from_="agreed",
    to="construction",
    at=datetime(2026, 9, 1, tzinfo=UTC),
    effective=None,
    confidence=Confidence.REPORTED,
    sources=(),
    evidence=(),
)
CONFIRMED = replace(CHANGE, confidence=Confidence.CONFIRMED)
CONFIRMATION = replace(CONFIRMED, type=ChangeType.CONFIRMED)
FACT_CONFIRMATION = replace(CONFIRMATION, stage=None, kind=FactKind.CAPACITY, unit="t/yr")
ONLY_CONFIRMED = replace(DESK, confidence=Confidence.CONFIRMED, changes=frozenset({ChangeType.STATUS}))


@pytest.mark.parametrize(
    ("change", "subscriber", "told", "reason"),
    [
        pytest.param(CHANGE, DESK, True, "follows btr-anode and wants status changes", id="by default"),
        pytest.param(CHANGE, replace(DESK, projects=("btr-*",)), True, "follows btr-anode", id="a glob"),
        pytest.param(CHANGE, replace(DESK, projects=("x", "*anode")), True, "follows btr-anode", id="one of several"),
        pytest.param(
            CHANGE, replace(DESK, projects=("BTR-*",)), False, "follows BTR-*, not btr-anode", id="case counts"
        ),
        pytest.param(CHANGE, replace(DESK, projects=()), False, "follows no project", id="no project"),
        pytest.param(
            CHANGE,
            replace(DESK, changes=frozenset({ChangeType.SCHEDULE, ChangeType.OVERDUE})),
            False,
            "wants schedule, overdue changes, not status",
            id="another type",
        ),
        pytest.param(CHANGE, replace(DESK, changes=frozenset()), False, "wants no changes", id="no type at all"),
        pytest.param(replace(CHANGE, type=ChangeType.FACT), DESK, False, "not fact", id="facts are not the default"),
        pytest.param(replace(CHANGE, type=ChangeType.QUIET), DESK, False, "not quiet", id="nor is silence"),
        pytest.param(CHANGE, ONLY_CONFIRMED, False, "this one is reported", id="reported is not enough"),
        pytest.param(CONFIRMED, ONLY_CONFIRMED, True, "wants status changes", id="confirmed is"),
        pytest.param(CONFIRMATION, ONLY_CONFIRMED, True, "held back", id="what was held back is told once confirmed"),
        pytest.param(
            FACT_CONFIRMATION, ONLY_CONFIRMED, False, "not confirmed", id="but not a fact for one who wants no facts"
        ),
        pytest.param(
            FACT_CONFIRMATION,
            replace(ONLY_CONFIRMED, changes=frozenset({ChangeType.FACT})),
            True,
            "held back",
            id="and a fact for one who does",
        ),
        pytest.param(
            CONFIRMATION,
            replace(DESK, changes=frozenset({ChangeType.STATUS})),
            False,
            "not confirmed",
            id="one who was told at once is not told again",
        ),
    ],
)
def test_a_subscriber_is_told_or_not_and_why(change: Change, subscriber: Subscriber, told: bool, reason: str) -> None:
    verdict = explain(change, subscriber)

    assert verdict.told is told
    assert reason in verdict.reason


def test_each_destination_of_each_subscriber_is_owed_each_change() -> None:
    other = replace(CHANGE, id="c2")

    owed = route([CHANGE, other], [DESK, PRESS])

    assert owed == (
        (CHANGE, DESK, MAIL),
        (CHANGE, PRESS, MAIL),
        (CHANGE, PRESS, CHAT),
        (other, DESK, MAIL),
        (other, PRESS, MAIL),
        (other, PRESS, CHAT),
    )


def test_a_destination_named_twice_is_owed_once() -> None:
    assert route([CHANGE], [replace(DESK, to=(MAIL, MAIL))]) == ((CHANGE, replace(DESK, to=(MAIL, MAIL)), MAIL),)


def test_a_change_given_twice_is_owed_once() -> None:
    assert len(route([CHANGE, CHANGE], [DESK])) == 1


def test_one_who_is_not_told_is_owed_nothing() -> None:
    assert route([CHANGE], [replace(DESK, projects=("other",))]) == ()


def test_subscribers_may_come_from_an_iterator() -> None:
    assert len(route(iter([CHANGE, replace(CHANGE, id="c2")]), iter([DESK]))) == 2


def test_the_addresses_of_a_subscriber_are_those_that_stand_in_too() -> None:
    fallback = Fallback(instead_of="mail", destination=CHAT, after=timedelta(minutes=15))

    assert replace(DESK, fallbacks=(fallback,)).destinations == (MAIL, CHAT)
