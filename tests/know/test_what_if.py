"""What an edit would have done: the newest first, as far as the time suffices, and honest about the rest."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.model import Article, Reading
from monitor.core.news import Destination, Subscriber
from monitor.know.what_if import ShareDone, reread, routed
from monitor.ledger.backup import upgrade
from monitor.ledger.engine import make_engine
from monitor.ledger.store import SQLLedger
from monitor.ports import ReadArticle
from monitor.watch.watch import News, Watch, decider
from tests.builders import NOW, make_article, make_claim, make_poll, make_project
from tests.fakes import make_watch

PLANT, ACME = make_project(id="plant", who=("Nemo",)), make_project(id="acme", who=("Acme",))
DESK = Subscriber(name="Desk", to=(Destination(id="d1", label="d1", url="json://d1"),))
WATCH = make_watch([PLANT], subscribers=(DESK,), fingerprint="now")
MONTH = timedelta(days=30)


def article(key: str, text: str, *, day: int = -1, reader: str = "now") -> ReadArticle:
    made = make_article(key, day=day, reading=Reading(language="en", projects=(), claims=(), facts=()))
    return replace(made, article=replace(made.article, title=key, text=text), reader=reader)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SQLLedger]:
    engine = make_engine(f"sqlite:///{tmp_path}/monitor.db")
    upgrade(engine)
    yield SQLLedger(engine)
    engine.dispose()


def alert(ledger: SQLLedger, number: int) -> None:
    """Commit changes that alert, each by an article on one stage."""
    for at, stage in enumerate(("announced", "agreed", "approved", "construction", "completed")[:number]):
        reading = Reading(language="en", projects=("plant",), claims=(make_claim(stage=stage, date=None),), facts=())
        told = make_article(stage, day=at - 10, reading=reading)
        ledger.record(make_poll(told), decider(WATCH, News(since=NOW - MONTH, now=NOW)))


def times(number: int) -> Callable[[], bool]:
    """There is time for so many steps."""
    left = iter([True] * number)
    return lambda: next(left, False)


def test_only_the_newest_changes_are_looked_at_if_there_is_no_time_for_all(
    ledger: SQLLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert(ledger, 5)
    monkeypatch.setattr("monitor.know.what_if._CHANGES_AT_A_TIME", 2)
    silent = replace(WATCH, subscribers=())

    found = routed(WATCH, silent, ledger, since=NOW - MONTH, is_time_left=times(1))
    whole = routed(WATCH, silent, ledger, since=NOW - MONTH, is_time_left=times(9))

    newest = [change.id for change in ledger.changes(history=False)[::-1]]
    assert found.changes == ShareDone(2, is_whole=False)
    assert [change.id for change in found.shifts["Desk"].less] == newest[:2]
    assert whole.changes == ShareDone(len(newest), is_whole=True)
    assert [change.id for change in whole.shifts["Desk"].less] == newest


def test_more_changes_than_are_looked_at_are_told_of(ledger: SQLLedger, monkeypatch: pytest.MonkeyPatch) -> None:
    alert(ledger, 5)
    monkeypatch.setattr("monitor.know.what_if.MOST_CHANGES", 3)

    found = routed(WATCH, replace(WATCH, subscribers=()), ledger, since=NOW - MONTH, is_time_left=times(9))

    assert found.changes == ShareDone(3, is_whole=False)


def test_changes_before_the_span_do_not_count(ledger: SQLLedger) -> None:
    alert(ledger, 5)

    found = routed(WATCH, replace(WATCH, subscribers=()), ledger, since=NOW + MONTH, is_time_left=times(9))

    assert (found.changes, found.shifts) == (ShareDone(0, is_whole=True), {})


def looked_at(
    ledger: SQLLedger, after: Watch, *, steps: int = 9, is_reading: bool = True, days: int = 30
) -> tuple[list[str], ShareDone, list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
    """What is read, how much of it there is, and which articles would concern other projects."""
    read: list[str] = []

    def read_some(articles: Sequence[Article]) -> Sequence[Reading | None]:
        read.extend(each.key for each in articles)
        return [
            None
            if "broken" in each.text
            else Reading(language="en", projects=("acme",) if "Acme" in each.text else (), claims=(), facts=())
            for each in articles
        ]

    found = reread(
        WATCH,
        after,
        ledger,
        since=NOW - timedelta(days=days),
        read_some=read_some if is_reading else None,
        is_time_left=times(steps),
    )
    return read, found.articles, [(each.article.key, each.more, each.less) for each in found.matched]


def record(ledger: SQLLedger, *articles: ReadArticle) -> None:
    for each in articles:
        ledger.record(make_poll(each), decider(WATCH, None))


def test_articles_that_the_edit_concerns_are_read_first_and_others_that_concern_nobody_not_at_all(
    ledger: SQLLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.know.what_if._ARTICLES_AT_A_TIME", 1)
    new = article("new", "Acme builds.")
    record(ledger, new, article("plant", "Nemo builds."), article("nobody", "Rain."), article("bad", "Acme broken."))
    after = make_watch([PLANT, ACME], fingerprint="then")

    assert looked_at(ledger, after) == (["bad", "new", "plant"], ShareDone(3, is_whole=True), [("new", ("acme",), ())])
    assert looked_at(ledger, after, steps=1) == (["bad"], ShareDone(1, is_whole=False), [])


def test_articles_before_the_span_are_not_read(ledger: SQLLedger) -> None:
    record(ledger, article("old", "Acme builds.", day=-20))
    after = make_watch([PLANT, ACME])

    assert looked_at(ledger, after, days=7) == ([], ShareDone(0, is_whole=True), [])


def test_without_a_reader_articles_are_only_matched(ledger: SQLLedger) -> None:
    record(ledger, article("new", "Acme builds."), article("gone", "Nemo builds."))
    after = make_watch([ACME])

    assert looked_at(ledger, after, is_reading=False) == (
        [],
        ShareDone(2, is_whole=True),
        [("gone", (), ("plant",)), ("new", ("acme",), ())],
    )


def test_articles_that_another_configuration_has_read_are_counted(ledger: SQLLedger) -> None:
    record(ledger, article("one", "Acme builds."), article("other", "Acme builds.", reader="before"))

    found = reread(
        WATCH,
        make_watch([ACME]),
        ledger,
        since=NOW - MONTH,
        read_some=lambda articles: [None] * len(articles),
        is_time_left=times(9),
    )

    assert found.outdated == 1
