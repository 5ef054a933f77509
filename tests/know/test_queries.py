"""What is known of all projects, now and then: as it was kept where that is so, else as it is folded."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from monitor.core.folding.listing import Listed, brief
from monitor.core.model import KnownMilestone, Reading, State
from monitor.core.news import Past
from monitor.core.periods import Period
from monitor.errors import LedgerError
from monitor.know.queries import Knowledge
from monitor.ledger.store import SQLLedger
from monitor.watch.watch import News, Watch, decider
from tests.builders import NOW, make_article, make_claim, make_poll, make_project
from tests.fakes import make_watch
from tests.ledger.decisions import nothing

#: Of the third the operator knew before what is to come yet.
KNOWN = KnownMilestone(
    stage="agreed", state=State.REACHED, date=Period.day((NOW + timedelta(days=1)).date()), source=None
)


@pytest.fixture
def watch() -> Watch:
    projects = (make_project(), make_project(id="other"), make_project(id="third", known=(KNOWN,)))
    return make_watch(projects)


@pytest.fixture
def knowledge(engine: Engine, watch: Watch) -> Knowledge:
    ledger = SQLLedger(engine)
    for number, project in enumerate(("plant", "other", "plant")):
        claims = (make_claim(project=project, stage=("agreed", "approved", "construction")[number]),)
        reading = Reading(language="en", projects=(project,), claims=claims, facts=())
        ledger.record(make_poll(make_article(f"a{number}", day=number, reading=reading)), nothing)
    return Knowledge(watch=lambda: watch, ledger=ledger, clock=lambda: NOW)


@pytest.mark.parametrize("day", [None, -1, 0, 1, 2])
def test_whether_it_is_kept_or_not_the_same_is_known(knowledge: Knowledge, watch: Watch, day: int | None) -> None:
    then = None if day is None else Past(NOW + timedelta(days=day))
    folded = tuple(Listed.of(knowledge.state(project, then)) for project in watch.projects)
    before = knowledge.listed(then), knowledge.overview(then)

    knowledge.keep_states()

    assert before == (folded, tuple(each.brief for each in folded))
    assert (knowledge.listed(then), knowledge.overview(then)) == before


def test_what_is_folded_to_be_told_now_is_kept_for_who_asks_next(knowledge: Knowledge, watch: Watch) -> None:
    knowledge.overview(Past(NOW))
    assert not knowledge.ledger.states(watch.rules())

    told = knowledge.overview()

    assert knowledge.ledger.states(watch.rules()) == {state.project: state for state in told}


def test_what_news_brings_is_folded_once_for_the_alert_and_for_the_pages(knowledge: Knowledge, watch: Watch) -> None:
    reading = Reading(language="en", projects=("plant",), claims=(make_claim(stage="operating"),), facts=())
    news = News(since=NOW, now=NOW)

    knowledge.ledger.record(make_poll(make_article("a9", day=9, reading=reading)), decider(watch, news))

    assert knowledge.ledger.states(watch.rules()) == {"plant": brief(knowledge.state("plant"))}


def test_where_nothing_can_be_kept_all_is_told(
    knowledge: Knowledge, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, limit: int) -> int:
        raise LedgerError(f"no {limit} states may be written here")

    monkeypatch.setattr(knowledge.ledger, "keep_states", refuse)

    assert [state.project for state in knowledge.overview()] == list(watch.projects)
    assert not knowledge.ledger.states(watch.rules())


def test_an_edit_makes_void_what_was_kept_of_the_projects_that_it_bears_on_alone(watch: Watch) -> None:
    renamed = replace(watch.projects["plant"], name={"": "Another name"})
    known = replace(watch.projects["other"], known=(KNOWN,))
    edited = replace(watch, projects={**watch.projects, "plant": renamed, "other": known}, fingerprint="another")
    weighed = replace(watch, policy=replace(watch.policy, confirming_weight=2.0))

    assert watch.rules().items() - edited.rules().items() == watch.rules("other").items()
    assert not watch.rules().items() & weighed.rules().items()


@pytest.mark.parametrize(("day", "stages"), [(-3, []), (-1, ["agreed"]), (1, ["agreed", "operating"])])
def test_what_was_imported_later_is_seen_as_it_was_published(
    engine: Engine, watch: Watch, day: int, stages: list[str]
) -> None:
    """Whatever is kept of now."""
    ledger, read = SQLLedger(engine), NOW + timedelta(days=5)
    for key, stage, told in (("a", "agreed", -2), ("b", "operating", 1)):
        reading = Reading(language="en", projects=("plant",), claims=(make_claim(stage=stage),), facts=())
        ledger.record(make_poll(make_article(key, day=told, seen_at=read, reading=reading)), nothing)
    knowledge = Knowledge(watch=lambda: watch, ledger=ledger, clock=lambda: read)
    knowledge.keep_states()
    at = NOW + timedelta(days=day)

    published, here = Past(at, as_published=True), Past(at)

    assert [m.stage for m in knowledge.state("plant", published).milestones] == stages
    assert [m.stage for m in knowledge.overview(published)[0].milestones] == stages
    assert [claim.stage for report in knowledge.reports("plant", published) for claim in report.claims] == stages
    assert knowledge.state("plant", here).milestones == knowledge.overview(here)[0].milestones == ()
