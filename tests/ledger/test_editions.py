"""The contract of ``ports.Ledger`` on articles that are read more than once, on every implementation."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from monitor.core.model import Claim, Reading
from monitor.core.state import Report
from monitor.ledger.outbox import SQLOutbox
from monitor.ledger.store import SQLLedger
from monitor.ports import Decide, Decision, Ledger, ReadArticle, ReadFor
from tests.builders import NOW, make_article, make_change, make_claim, make_poll
from tests.ledger.decisions import nothing, owing
from tests.ledger.emptying import empty

LATER = NOW + timedelta(hours=1)

Given = list[tuple[Mapping[str, Sequence[Report]], Mapping[str, Sequence[Report]]]]


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return SQLLedger(engine)


def saying(*claims: Claim) -> Reading:
    projects = tuple(dict.fromkeys(claim.project for claim in claims))
    return Reading(language="en", projects=projects, claims=claims, facts=())


def edition(*claims: Claim, key: str = "a1", at: timedelta = timedelta(hours=1), **more: Any) -> ReadArticle:
    """A new reading of an article, so long after it was published."""
    item = make_article(key, reading=saying(*claims), seen_at=NOW + at)
    return replace(item, article=replace(item.article, **more))


def keep(given_: Given) -> Decide:
    def decide(before: Mapping[str, Sequence[Report]], fresh: Mapping[str, Sequence[Report]]) -> Decision:
        given_.append((before, fresh))
        return Decision()

    return decide


SIGNED, BUILT = make_claim(), make_claim(stage="construction")


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """A ledger that has heard one article say that an agreement was signed."""
    ledger.record(make_poll(make_article(reading=saying(SIGNED))), nothing)
    return ledger


def test_a_new_reading_takes_the_place_of_the_former_one(told: Ledger) -> None:
    told.reread([edition(BUILT, title="Corrected", text="Works have begun.", language="fr")], ReadFor.REBUILD, nothing)

    [report] = told.reports()["plant"]
    [item] = told.articles()
    assert report.claims == (BUILT,)
    assert (report.source.seen_at, report.source.published_at, report.source.title) == (LATER, NOW, "Corrected")
    assert (item.article.title, item.article.text, item.article.language) == ("Corrected", "Works have begun.", "fr")
    assert item.reading.claims == (BUILT,)
    assert told.articles(project="plant") == [item]


def test_a_corrected_article_comes_with_the_poll_that_brought_it(told: Ledger, engine: Engine) -> None:
    poll = replace(make_poll(make_article("a2")), editions=(edition(BUILT),))

    new = told.record(poll, owing(make_change()))

    assert new == (make_change(),)
    assert [report.claims for report in told.reports()["plant"]] == [(BUILT,), (SIGNED,)]
    assert len(SQLOutbox(engine).deliveries()) == 1


def test_what_a_publisher_no_longer_says_is_told_with_the_instant(told: Ledger) -> None:
    told.reread([edition(BUILT)], ReadFor.CORRECTION, nothing)
    told.reread([edition(BUILT, SIGNED, at=timedelta(hours=2))], ReadFor.CORRECTION, nothing)
    told.reread([edition(at=timedelta(hours=3))], ReadFor.CORRECTION, nothing)

    found = told.corrections("plant")
    assert [(each.claims, each.at) for each in found] == [
        ((SIGNED,), LATER),
        ((BUILT, SIGNED), LATER + timedelta(hours=2)),
    ]
    assert {each.source.title for each in found} == {"Title of a1"}
    assert told.corrections("plant", as_of=LATER) == found[:1]
    assert told.corrections("other") == []


def test_what_is_read_otherwise_by_another_vocabulary_is_no_correction(told: Ledger) -> None:
    told.reread([edition(BUILT)], ReadFor.REBUILD, nothing)

    assert told.corrections("plant") == []


def test_the_source_is_the_one_that_was_heard_first(told: Ledger) -> None:
    again = make_article(reading=saying(BUILT), trust=0.1, outlet="Another", day=3)

    told.reread([again], ReadFor.REBUILD, nothing)

    [report] = told.reports()["plant"]
    assert (report.source.trust, report.source.outlet, report.source.published_at) == (0.5, "Example Daily", NOW)


def test_the_decision_is_given_the_new_reading_beside_the_former_one(told: Ledger) -> None:
    given_: Given = []

    told.reread([edition(BUILT)], ReadFor.CORRECTION, keep(given_))

    [(before, fresh)] = given_
    assert [report.claims for report in before["plant"]] == [(SIGNED,)]
    assert [report.claims for report in fresh["plant"]] == [(BUILT,)]
    assert fresh["plant"][0].source == told.reports()["plant"][0].source


def test_of_a_project_that_is_no_longer_spoken_of_the_decision_is_given_silence(told: Ledger) -> None:
    given_: Given = []
    moved = replace(SIGNED, project="other")

    told.reread([edition(moved)], ReadFor.CORRECTION, keep(given_))

    [(before, fresh)] = given_
    assert ([r.claims for r in before["plant"]], [r.claims for r in fresh["plant"]]) == ([(SIGNED,)], [()])
    assert (list(before["other"]), [r.claims for r in fresh["other"]]) == ([], [(moved,)])
    assert list(told.reports()) == ["other"]


def test_what_says_the_same_is_no_edition(told: Ledger) -> None:
    again = replace(edition(SIGNED, text="Signed, and the typo is gone."), reader="v2")

    told.reread([again], ReadFor.REBUILD, owing(make_change()))

    [item] = told.articles()
    assert (item.reader, item.article.text, item.source.seen_at) == ("v2", "Signed, and the typo is gone.", NOW)
    assert told.changes() == []


def test_a_correction_brings_a_text_back_that_was_dropped(told: Ledger) -> None:
    told.drop_texts(before=LATER, limit=1)

    told.reread([edition(BUILT, text="Works have begun.")], ReadFor.CORRECTION, nothing)

    [item] = told.articles()
    assert (item.article.text, item.is_dropped) == ("Works have begun.", False)


def test_an_article_that_nobody_has_heard_is_left_out(ledger: Ledger) -> None:
    assert ledger.reread([edition(BUILT)], ReadFor.REBUILD, owing(make_change())) == ()
    assert ledger.articles() == []


@pytest.mark.parametrize("at", [timedelta(0), timedelta(hours=-3)])
def test_a_new_reading_counts_whatever_the_clock_says(told: Ledger, at: timedelta) -> None:
    told.reread([edition(BUILT, at=at)], ReadFor.REBUILD, nothing)

    [report] = told.reports()["plant"]
    assert report.claims == (BUILT,)
    assert report.source.seen_at > NOW


def test_what_was_known_at_an_instant_is_known_of_it_for_ever(told: Ledger) -> None:
    told.record(make_poll(make_article("a2", seen_at=LATER)), nothing)
    told.reread([edition(BUILT, at=timedelta(hours=2))], ReadFor.REBUILD, nothing)

    def known(at: timedelta | None) -> list[tuple[str, str]]:
        reports = told.reports("plant", as_of=None if at is None else NOW + at).get("plant", ())
        return [(report.source.article, claim.stage) for report in reports for claim in report.claims]

    assert known(timedelta(seconds=-1)) == []
    assert known(timedelta(0)) == [("a1", "agreed")]
    assert known(timedelta(hours=1)) == [("a1", "agreed"), ("a2", "agreed")]
    assert known(timedelta(hours=2, seconds=-1)) == [("a1", "agreed"), ("a2", "agreed")]
    assert known(timedelta(hours=2)) == [("a1", "construction"), ("a2", "agreed")]


stages = st.sampled_from(["announced", "agreed", "construction", "operating"])
readings = st.lists(stages, max_size=2).map(lambda told: saying(*(make_claim(stage=stage) for stage in told)))
steps = st.lists(st.tuples(st.sampled_from(["a1", "a2", "a3"]), readings), min_size=1, max_size=8)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps)
def test_as_of_today_is_today_and_as_of_each_day_is_what_that_day_knew(
    engine: Engine, told: list[tuple[str, Reading]]
) -> None:
    ledger = SQLLedger(engine)
    empty(engine)

    known = []
    for number, (key, reading) in enumerate(told):
        item = make_article(key, reading=reading, seen_at=NOW + timedelta(minutes=number))
        if ledger.known([key]):
            ledger.reread([item], ReadFor.CORRECTION, nothing)
        else:
            ledger.record(make_poll(item), nothing)
        known.append(ledger.reports())

    assert [ledger.reports(as_of=NOW + timedelta(minutes=number)) for number in range(len(told))] == known
