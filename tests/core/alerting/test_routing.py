"""Who is owed which change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.alerting.plan import explain
from monitor.core.model import FactKind
from monitor.core.news import Change, ChangeType, Destination, Fallback, Subscriber
from monitor.core.state import Confidence

MAIL = Destination(id="mail", label="mailto://example.org", url="mailto://example.org")
CHAT = Destination(id="chat", label="slack://…", url="slack://x")
DESK = Subscriber(name="Desk", to=(MAIL,))

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
    entitlement = explain(change, subscriber)

    assert entitlement.told is told
    assert reason in entitlement.reason


@pytest.mark.parametrize(
    ("change", "stages", "told"),
    [
        pytest.param(CHANGE, {"construction"}, True, id="a stage that is wanted"),
        pytest.param(CHANGE, {"operating"}, False, id="one that is not"),
        pytest.param(replace(CHANGE, stage="suspended"), {"operating", "suspended"}, True, id="a condition"),
        pytest.param(replace(CHANGE, stage=None), {"operating"}, True, id="what is of no stage"),
    ],
)
def test_a_subscriber_may_want_some_stages_only(change: Change, stages: set[str], told: bool) -> None:
    entitlement = explain(change, replace(DESK, stages=frozenset(stages)))

    assert entitlement.told is told
    assert told or "wants changes of operating, not of construction" in entitlement.reason


@pytest.mark.parametrize(
    ("patterns", "tags", "told"),
    [
        pytest.param(("tag:battery",), ("battery", "morocco"), True, id="a tag"),
        pytest.param(("tag:bat*",), ("battery",), True, id="a pattern of tags"),
        pytest.param(("tag:battery",), (), False, id="no tag"),
        pytest.param(("tag:btr-anode",), (), False, id="an id is not a tag"),
        pytest.param(("*battery*",), ("battery",), False, id="a tag is not an id"),
        pytest.param(("x", "tag:battery"), ("battery",), True, id="one of several"),
    ],
)
def test_a_subscriber_may_follow_many_projects_by_a_tag(
    patterns: tuple[str, ...], tags: tuple[str, ...], told: bool
) -> None:
    assert explain(CHANGE, replace(DESK, projects=patterns), tags).told is told


def test_the_addresses_of_a_subscriber_are_those_that_stand_in_too() -> None:
    fallback = Fallback(instead_of="mail", destination=CHAT, after=timedelta(minutes=15))

    assert replace(DESK, fallbacks=(fallback,)).destinations == (MAIL, CHAT)
