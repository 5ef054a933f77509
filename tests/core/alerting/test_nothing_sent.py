"""Why nothing was sent is told in a sentence."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from monitor.core.alerting.plan import why_no_delivery, why_waiting
from monitor.core.news import Away, Change, ChangeType, Delivery, Mute, Subscriber
from tests.builders import make_change
from tests.core.alerting.test_plan import DESK, NOW, audience

CHANGE = make_change(at=NOW)
FACT = make_change(type=ChangeType.FACT)


@pytest.mark.parametrize(
    ("subscribers", "changes", "reason"),
    [
        ((), (CHANGE,), "subscribers.yaml names no subscriber"),
        ((DESK,), (), "no project has moved yet"),
        (
            (DESK,),
            (FACT,),
            "no subscriber wants what has changed so far; monitor subscribers list shows what each wants",
        ),
        ((DESK,), (FACT, CHANGE), "what has changed so far is history, which alerts nobody"),
    ],
)
def test_no_delivery_has_a_reason(
    subscribers: tuple[Subscriber, ...], changes: tuple[Change, ...], reason: str
) -> None:
    assert why_no_delivery(changes, audience(*subscribers)) == reason


def owed(*names: str) -> list[Delivery]:
    return [
        Delivery(id=number, change=CHANGE, subscriber=name, destination="mail", attempts=0)
        for number, name in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("subscriber", "reason"),
    [
        (replace(DESK, digest="0 8 * * *"), "Desk: goes into the digest of Wed 2026-09-02 08:00"),
        (replace(DESK, mutes=(Mute(until=datetime(2026, 12, 1)),)), "Desk: is muted until Tue 2026-12-01 00:00"),  # noqa: DTZ001
        (
            replace(DESK, away=(Away(first=date(2026, 9, 1), last=date(2026, 9, 2)),), digest="0 8 * * *"),
            "Desk: is away until Thu 2026-09-03 00:00, goes into the digest of Thu 2026-09-03 08:00",
        ),
        (replace(DESK, quiet_hours=("11:00", "14:00")), "Desk: is held for quiet hours until Tue 2026-09-01 14:00"),
        (DESK, ""),
    ],
)
def test_what_waits_says_for_what(subscriber: Subscriber, reason: str) -> None:
    assert why_waiting(owed("Desk", "Desk"), audience(subscriber)) == reason


def test_some_subscribers_are_named_and_the_others_counted() -> None:
    names = [f"Desk {number}" for number in range(5)]
    held = [replace(DESK, name=name, digest="0 8 * * *") for name in names]

    told = why_waiting(owed(*names, "gone"), audience(*held))

    assert told.count("Desk") == 3
    assert told.endswith("; and 2 more")
