"""What every store of readers keeps: the fake, and SQL on each database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.core.alerting.plan import Chosen
from monitor.core.news import Choice
from monitor.ledger.accounts import SQLReaders
from monitor.ledger.engine import make_engine
from monitor.ports import Readers, SignUp
from tests.builders import NOW
from tests.fakes import FakeReaders

DAY = timedelta(days=1)
ADA = SignUp(address="ada@x.org", projects=("plant",), language="fr", digest="0 8 * * *", requested_at=NOW)
BOB = SignUp(address="bob@x.org", projects=(), language="ar", digest=None, requested_at=NOW)
CHOICE = Choice(paused_until=NOW + DAY, without=frozenset({"b", "a"}), language="zh", digest="")


@pytest.fixture(params=["fake", "sql"])
def readers(request: pytest.FixtureRequest, database: str) -> Iterator[Readers]:
    if request.param == "fake":
        yield FakeReaders()
        return
    engine = make_engine(database)
    yield SQLReaders(engine)
    engine.dispose()


def chosen(subscriber: str = "Desk", destination: str = "d1", choice: Choice = CHOICE) -> Chosen:
    return Chosen(subscriber=subscriber, destination=destination, choice=choice)


def test_a_choice_is_kept_as_it_was_given(readers: Readers) -> None:
    readers.choose(chosen())

    assert list(readers.chosen()) == [chosen()]


def test_a_later_choice_replaces_the_former_one_at_its_address(readers: Readers) -> None:
    readers.choose(chosen())
    readers.choose(chosen(destination="d2"))
    readers.choose(chosen(choice=Choice()))

    assert list(readers.chosen()) == [chosen(choice=Choice()), chosen(destination="d2")]


def test_who_asks_is_not_subscribed_until_they_confirm(readers: Readers) -> None:
    readers.request(ADA, "hash", forget_before=NOW - DAY)
    assert list(readers.confirmed()) == []

    confirmed = readers.confirm("hash", NOW + DAY, since=NOW)

    assert confirmed == replace(ADA, confirmed_at=NOW + DAY)
    assert list(readers.confirmed()) == [confirmed]


def test_a_link_works_again_and_an_old_or_unknown_one_never(readers: Readers) -> None:
    readers.request(ADA, "hash", forget_before=NOW - DAY)

    assert readers.confirm("other", NOW, since=NOW - DAY) is None
    assert readers.confirm("hash", NOW, since=NOW + DAY) is None
    first = readers.confirm("hash", NOW, since=NOW - DAY)
    assert readers.confirm("hash", NOW + DAY, since=NOW - DAY) == first


def test_the_last_that_was_confirmed_counts(readers: Readers) -> None:
    for token, language in (("h1", "fr"), ("h2", "es"), ("h3", "zh")):
        readers.request(replace(ADA, language=language), token, forget_before=NOW - DAY)
    readers.confirm("h1", NOW, since=NOW - DAY)
    readers.confirm("h3", NOW, since=NOW - DAY)

    assert [each.language for each in readers.confirmed()] == ["zh"]
    assert readers.confirm("h1", NOW, since=NOW - DAY) is None


def test_what_was_asked_lately_is_known(readers: Readers) -> None:
    readers.request(replace(ADA, requested_at=NOW - DAY), "h1", forget_before=NOW - 2 * DAY)
    readers.request(BOB, "h2", forget_before=NOW - 2 * DAY)

    assert [each.address for each in readers.requests(NOW - 2 * DAY)] == ["ada@x.org", "bob@x.org"]
    assert [each.address for each in readers.requests(NOW)] == ["bob@x.org"]


def test_what_was_never_confirmed_is_dropped(readers: Readers) -> None:
    readers.request(ADA, "h1", forget_before=NOW - DAY)
    readers.request(replace(BOB, requested_at=NOW - DAY), "h2", forget_before=NOW - 2 * DAY)
    readers.confirm("h1", NOW, since=NOW - DAY)
    readers.request(replace(ADA, requested_at=NOW + 9 * DAY), "h3", forget_before=NOW + DAY)

    assert [each.address for each in readers.requests(NOW - 9 * DAY)] == ["ada@x.org", "ada@x.org"]
    assert [each.address for each in readers.confirmed()] == ["ada@x.org"]


def test_an_address_is_forgotten(readers: Readers) -> None:
    readers.request(ADA, "h1", forget_before=NOW - DAY)
    readers.request(BOB, "h2", forget_before=NOW - DAY)
    for token in ("h1", "h2"):
        readers.confirm(token, NOW, since=NOW - DAY)
    readers.choose(chosen("ada@x.org"))
    readers.choose(chosen("bob@x.org"))

    readers.forget("ada@x.org")

    assert [each.address for each in readers.confirmed()] == ["bob@x.org"]
    assert [each.subscriber for each in readers.chosen()] == ["bob@x.org"]
