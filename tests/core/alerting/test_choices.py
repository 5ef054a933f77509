"""What a reader chose by themselves comes before what the operator wrote, and holds at their address alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.alerting.plan import Audience, Chosen, closed, joined, plan, why_waiting
from monitor.core.news import Choice, Delivery, Destination, Fallback, Subscriber
from tests.builders import NOW, make_change, make_project

ADA, BOB, LATER = (Destination(id=name, label=name, url=f"mailto://{name}") for name in ("ada", "bob", "later"))
DESK = Subscriber(name="Desk", to=(ADA, BOB), language="fr")
WEEK = timedelta(days=7)


def audience(*subscribers: Subscriber) -> Audience:
    return Audience(subscribers=subscribers, projects={"plant": make_project()}, zones=ZoneInfo)


def chosen(choice: Choice, subscriber: Subscriber = DESK) -> Subscriber:
    return joined([subscriber], [], [Chosen(subscriber="Desk", destination="ada", choice=choice)])[0]


def due(subscriber: Subscriber) -> dict[str, datetime]:
    return {each.destination.id: each.appointment.due_at for each in plan([make_change()], audience(subscriber), NOW)}


def test_a_pause_holds_what_goes_to_one_address() -> None:
    paused = chosen(Choice(paused_until=NOW + WEEK))

    assert due(paused) == {"ada": NOW + WEEK, "bob": NOW}
    assert closed(audience(paused), NOW) == {"ada"}
    assert closed(audience(paused), NOW + WEEK) == frozenset()


def test_a_pause_that_is_over_holds_nothing() -> None:
    assert due(chosen(Choice(paused_until=NOW - WEEK))) == {"ada": NOW, "bob": NOW}


def test_a_project_that_is_turned_off_is_not_told_there() -> None:
    assert due(chosen(Choice(without=frozenset({"plant"})))) == {"bob": NOW}
    assert due(chosen(Choice(without=frozenset({"other"})))) == {"ada": NOW, "bob": NOW}


def test_nobody_stands_in_for_a_reader_who_wants_none_of_it() -> None:
    ordered = Subscriber(
        name="Desk", to=(ADA,), fallbacks=(Fallback(instead_of="ada", destination=LATER, after=timedelta(minutes=5)),)
    )

    assert due(ordered) == {"ada": NOW, "later": NOW + timedelta(minutes=5)}
    assert due(chosen(Choice(without=frozenset({"plant"})), ordered)) == {}
    stands_in = Chosen(subscriber="Desk", destination="later", choice=Choice(without=frozenset({"plant"})))
    assert due(joined([ordered], [], [stands_in])[0]) == {"ada": NOW}


def test_a_reader_chooses_a_digest_or_at_once() -> None:
    daily = chosen(Choice(digest="0 8 * * *"))
    at_once = chosen(Choice(digest=""), Subscriber(name="Desk", to=(ADA, BOB), digest="0 8 * * *"))
    tomorrow = datetime(2026, 11, 25, 8, tzinfo=UTC)

    assert due(daily) == {"ada": tomorrow, "bob": NOW}
    assert due(at_once) == {"ada": NOW, "bob": tomorrow}


def test_a_reader_chooses_the_language() -> None:
    subscriber = chosen(Choice(language="ar"))

    assert (subscriber.at("ada").language, subscriber.at("bob").language) == ("ar", "fr")


def test_what_waits_for_the_end_of_a_pause_says_so() -> None:
    paused = chosen(Choice(paused_until=NOW + WEEK))
    delivery = Delivery(id=1, change=make_change(), subscriber="Desk", destination="ada", attempts=0)

    assert why_waiting([delivery], audience(paused)) == "Desk: is paused by its reader until Tue 2026-12-01 12:00"


def test_who_subscribed_alone_comes_after_the_configuration_and_never_takes_its_names() -> None:
    own, twin = Subscriber(name="eve@x.org", to=(BOB,), is_own=True), Subscriber(name="Desk", to=(BOB,), is_own=True)

    assert joined([DESK], [twin, own], []) == (DESK, own)
