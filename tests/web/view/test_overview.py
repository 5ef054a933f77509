"""The list of all projects, in the reader's words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.core.changes.changes import to_come
from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.message.tongue import Tongue
from monitor.core.model import Claim, Project, State
from monitor.core.news import ChangeType, Proof
from monitor.core.periods import Period
from monitor.core.state import Report
from monitor.web.view.overview import Known, Progress, moved, row
from tests.builders import NOW, VOICE, make_article, make_change, make_claim, make_project

ENGLISH = Tongue.of(VOICE.catalogues, "en")
TODAY = date(2026, 11, 24)


def report(key: str, *claims: Claim, day: int = -30, **source: Any) -> Report:
    return Report(source=make_article(key, day=day, **source).source, claims=claims)


def known(*reports: Report, project: Project | None = None, now: datetime = NOW) -> Known:
    watched = project or make_project()
    state = fold(watched.id, reports, INDUSTRIAL)
    inferred = [each for each in to_come(state, INDUSTRIAL, timedelta(days=180)) if each.at <= now]
    return Known(project=watched, state=state, lifecycle=INDUSTRIAL, inferred=inferred)


def expected(stage: str, when: str) -> Claim:
    return make_claim(stage=stage, state=State.EXPECTED, date=Period.parse(when))


CONSTRUCTION = make_claim(stage="construction", date=Period.parse("2024-04"))


def test_a_row_says_where_a_project_stands_and_what_comes_next() -> None:
    shown = row(known(report("a", CONSTRUCTION, expected("operating", "2027-03"))), ENGLISH, TODAY)

    assert (shown.id, shown.name, shown.status, shown.since) == (
        "plant",
        "Plant",
        "construction",
        "since April 2024",
    )
    assert shown.sureness == "Reported by one source, not yet confirmed"
    assert shown.awaited is not None
    assert (shown.awaited.event, shown.awaited.when, shown.awaited.late) == ("start of operation", "March 2027", "")
    assert shown.last == "Example Daily, 25 October 2026"
    assert (shown.condition, shown.is_adverse, shown.is_quiet, shown.is_disputed) == ("", False, False, False)


def test_after_a_halt_a_row_says_how_sure_the_start_is_whose_date_it_names() -> None:
    """The one source of the resumption says nothing of that date."""
    begun = [report(name, CONSTRUCTION, day=-90, outlet=name, story=name) for name in ("a", "b")]
    halted = report("c", make_claim(stage="suspended", date=None), day=-60)
    resumed = report("d", make_claim(stage="resumed", date=None), day=-30)

    shown = row(known(*begun, halted, resumed), ENGLISH, TODAY)

    assert (shown.since, shown.sureness) == ("since April 2024", "Confirmed by 2 independent sources")
    halt = row(known(*begun, halted), ENGLISH, TODAY)
    assert halt.sureness == "Reported by one source, not yet confirmed"


def test_the_ladder_tells_what_was_told_from_what_must_have_been() -> None:
    agreed = make_claim(stage="agreed")
    shown = row(known(report("a", agreed, CONSTRUCTION, expected("operating", "2027-03"))), ENGLISH, TODAY)

    assert [rung.progress for rung in shown.rungs] == [
        Progress.IMPLIED,
        Progress.REACHED,
        Progress.IMPLIED,
        Progress.REACHED,
        Progress.OPEN,
        Progress.OPEN,
        Progress.EXPECTED,
    ]
    assert shown.rungs[3].label == "construction"


@pytest.mark.parametrize(
    ("today", "late"),
    [
        (date(2026, 11, 1), "overdue since 1 November 2026: one day"),
        (TODAY, "overdue since 1 November 2026: 24 days"),
    ],
)
def test_what_is_overdue_is_late_by_so_many_days(today: date, late: str) -> None:
    shown = row(known(report("a", CONSTRUCTION, expected("operating", "2026-10"))), ENGLISH, today)

    assert shown.awaited is not None
    assert shown.awaited.late == late
    assert shown.rungs[-1].progress is Progress.OVERDUE


@pytest.mark.parametrize(
    ("told", "late"),
    [
        pytest.param([("operating", "2027-09-30")], "183 days later than first expected", id="the next stage"),
        pytest.param(
            [("completed", "2027-01"), ("operating", "2027-09-30")],
            "start of operation, 183 days later than first expected",
            id="a later stage",
        ),
        pytest.param([("operating", "2027-03-01")], "", id="earlier"),
    ],
)
def test_what_has_slipped_is_late_by_so_many_days(told: list[tuple[str, str]], late: str) -> None:
    first = report("a", CONSTRUCTION, expected("operating", "2027-03-31"))

    shown = row(known(first, report("b", *(expected(*each) for each in told), day=-20)), ENGLISH, TODAY)

    assert shown.awaited is not None
    assert shown.awaited.late == late


def test_a_project_of_which_nothing_is_known_has_a_row() -> None:
    shown = row(known(), ENGLISH, TODAY)

    assert (shown.status, shown.since, shown.sureness, shown.awaited, shown.last) == ("", "", "", None, "")
    assert {rung.progress for rung in shown.rungs} == {Progress.OPEN}


def test_a_condition_stands_beside_the_stage() -> None:
    delayed = make_claim(stage="delayed", date=None)

    shown = row(known(report("a", CONSTRUCTION), report("b", delayed, day=-20)), ENGLISH, TODAY)

    assert (shown.status, shown.condition, shown.is_adverse) == ("construction", "delayed", True)


def test_without_a_date_it_holds_by_the_day_of_the_first_article() -> None:
    assert row(known(report("a", make_claim(date=None))), ENGLISH, TODAY).since == "since 25 October 2026 at the latest"


def test_the_last_change_is_told_by_its_day_in_the_zone_of_the_monitor() -> None:
    late = make_change(at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    shown = row(known(), ENGLISH, TODAY, zone=ZoneInfo("Africa/Casablanca"), last=[late])

    assert shown.moved is not None
    assert (shown.moved.news, shown.moved.when) == ("announced → agreed", "21 November 2026")
    assert row(known(), ENGLISH, TODAY).moved is None


def test_of_what_changed_last_the_foremost_is_told() -> None:
    stopped = make_change(id="c1", from_="construction", to="suspended")
    begun = make_change(id="c2", type=ChangeType.MILESTONE, stage="construction", from_=None, to="2026-10")

    shown = row(known(), ENGLISH, TODAY, last=[stopped, begun])

    assert shown.moved is not None
    assert shown.moved.news == "construction → suspended"


def test_silence_shows() -> None:
    assert row(known(report("a", CONSTRUCTION, day=-400)), ENGLISH, TODAY).is_quiet


def test_changes_are_told_the_newest_first_and_only_of_what_is_watched() -> None:
    older = make_change(at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    newer = replace(older, id="c2", at=NOW, phase="Phase 2")
    gone = replace(older, id="c3", project="gone")

    found = moved([older, newer, gone], [make_project()], ENGLISH, UTC)

    assert [(each.name, each.when) for each in found] == [
        ("Plant (Phase 2)", "24 November 2026"),
        ("Plant", "20 November 2026"),
    ]
    assert [each.is_history for each in moved([replace(newer, is_history=True)], [make_project()], ENGLISH, UTC)] == [
        True
    ]
    assert (found[0].project, found[0].label, found[0].news) == ("plant", "Status", "announced → agreed")


def test_history_is_told_by_the_day_of_its_publication() -> None:
    published = datetime(2024, 3, 30, tzinfo=UTC)
    proof = (Proof(sentence="", url=None, outlet="", published=published),)
    past = make_change(id="c4", at=NOW, is_history=True, proof=proof)

    found = moved([past, make_change(at=NOW, proof=proof)], [make_project()], ENGLISH, UTC)

    assert [each.when for each in found] == ["24 November 2026", "30 March 2024"]


@pytest.mark.parametrize("type_", [ChangeType.OVERDUE, ChangeType.QUIET])
def test_what_time_brought_is_told_by_its_own_day(type_: ChangeType) -> None:
    """Its proof was published long before: an article that expected what has not come."""
    proof = (Proof(sentence="", url=None, outlet="", published=datetime(2024, 3, 30, tzinfo=UTC)),)
    past = make_change(id="c5", type=type_, at=NOW, is_history=True, proof=proof)

    assert [each.when for each in moved([past], [make_project()], ENGLISH, UTC)] == ["24 November 2026"]


def test_what_was_reported_lately_and_is_not_verified_stands_beside_the_status_and_never_as_one() -> None:
    old = report("a", make_claim(stage="closed", date=None, confidence=0.6), day=-99)
    first, second = (
        report(name, make_claim(stage="cancelled", date=None, confidence=0.5), day=-9, outlet=name, story=name)
        for name in ("b", "c")
    )

    shown = row(known(report("d", CONSTRUCTION), old, first, second), ENGLISH, TODAY)

    assert (shown.status, shown.is_adverse, shown.is_disputed) == ("construction", False, False)
    [waits] = shown.waiting
    assert (waits.words, waits.sure) == ("cancelled: happened", "75% from 2 sources: 50%, 50%")
    assert [place.outlet for place in waits.quote.places] == ["c"]


def test_what_is_sure_enough_only_together_says_how_sure_each_is() -> None:
    begun = [
        report(name, replace(CONSTRUCTION, confidence=0.6), outlet=name, story=name, day=-9) for name in ("a", "b")
    ]

    shown = row(known(*begun), ENGLISH, TODAY)

    assert shown.sureness == "Confirmed by 2 independent sources, 84% from 2 sources: 60%, 60%"
    assert shown.waiting == ()
