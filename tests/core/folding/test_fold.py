"""Reports → state: tables for the rules, properties for the promises."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.changes.changes import unfold
from monitor.core.folding.fold import Folding, fold
from monitor.core.folding.known import is_known, known_reports
from monitor.core.identity import address_key
from monitor.core.lifecycle import INDUSTRIAL, Lifecycle
from monitor.core.model import Claim, Fact, FactKind, KnownMilestone, Project, State
from monitor.core.periods import Period
from monitor.core.state import Confidence, Moment, ProjectState, Report, Source, Standing

START = datetime(2024, 1, 1, tzinfo=UTC)


def source(article: str, *, day: int = 0, trust: float = 0.5, outlet: str | None = None, story: str = "") -> Source:
    at = START + timedelta(days=day)
    return Source(
        article=article,
        url=f"https://example.org/{article}",
        outlet=article if outlet is None else outlet,
        trust=trust,
        published_at=at,
        seen_at=at,
        story=story or article,
    )


def claim(stage: str, state: str = "reached", date: str | None = None, confidence: float = 1.0) -> Claim:
    return Claim(
        project="plant",
        stage=stage,
        state=State(state),
        date=Period.parse(date) if date else None,
        confidence=confidence,
        evidence=f"{stage} {state} {date}",
    )


def fact(value: float, unit: str = "MAD", kind: FactKind = FactKind.INVESTMENT) -> Fact:
    return Fact(project="plant", kind=kind, value=value, unit=unit, evidence=f"{value} {unit}")


def folded(*reports: Report) -> ProjectState:
    return fold("plant", reports, INDUSTRIAL)


def said(article: str, day: int, *claims: Claim, trust: float = 0.5, outlet: str | None = None) -> Report:
    return Report(source=source(article, day=day, trust=trust, outlet=outlet), claims=claims)


def test_the_status_is_the_highest_stage_reached_whatever_came_last() -> None:
    state = folded(
        Report(source=source("a", day=1), claims=(claim("construction", date="2024-03"),)),
        Report(source=source("b", day=9), claims=(claim("agreed", date="2023"),)),
    )

    assert state.status == "construction"
    assert str(state.since) == "2024-03"
    assert [m.stage for m in state.milestones] == ["agreed", "construction"]


@pytest.mark.parametrize(
    ("told", "status", "condition"),
    [
        pytest.param([["construction"], ["suspended"]], "suspended", "suspended", id="suspended"),
        pytest.param([["construction"], ["suspended"], ["resumed"]], "construction", None, id="resumed"),
        pytest.param(
            [["construction"], ["suspended"], ["operating"]], "operating", None, id="climbs out of suspension"
        ),
        pytest.param(
            [["agreed"], ["suspended"], ["announced"]], "suspended", "suspended", id="a lower rung lifts nothing"
        ),
        pytest.param(
            [["agreed"], ["suspended", "construction"]], "suspended", "suspended", id="background lifts nothing"
        ),
        pytest.param([["agreed"], ["cancelled"], ["construction"]], "cancelled", "cancelled", id="cancelled stays"),
        pytest.param([["agreed"], ["cancelled"], ["resumed"]], "agreed", None, id="revived"),
        pytest.param([["agreed"], ["blessed"]], "agreed", None, id="a stage that the lifecycle does not have"),
        pytest.param([["operating"], ["closed"]], "closed", "closed", id="closed"),
        pytest.param([["suspended"], ["cancelled"]], "cancelled", "cancelled", id="from bad to worse"),
        pytest.param([["suspended", "cancelled"], ["suspended"]], "suspended", "suspended", id="the last word"),
        pytest.param([["construction"], ["delayed"]], "construction", "delayed", id="a delayed plant keeps its stage"),
        pytest.param(
            [["construction"], ["delayed"], ["operating"]], "operating", None, id="a delay ends with progress"
        ),
        pytest.param([["agreed"], ["construction"], ["agreed"]], "construction", None, id="a rung told again"),
        pytest.param([["delayed"], ["resumed"]], None, None, id="a delay ends when works resume"),
    ],
)
def test_conditions_come_and_go(told: list[list[str]], status: str | None, condition: str | None) -> None:
    reports = [
        Report(source=source(f"a{day}", day=day), claims=tuple(claim(stage) for stage in stages))
        for day, stages in enumerate(told)
    ]

    state = folded(*reports)

    assert (state.status, state.condition) == (status, condition)


@pytest.mark.parametrize(
    ("told", "halts"),
    [
        pytest.param([["construction"], ["suspended"]], [], id="in force"),
        pytest.param([["suspended 2024-02"], ["resumed 2024-05"]], ["suspended 2024-02, resumed 2024-05"], id="dated"),
        pytest.param([["suspended"], ["resumed"]], ["suspended by 2024-07-19, resumed by 2024-10-27"], id="undated"),
        pytest.param(
            [["suspended 2024-02", "resumed 2024-03"]], ["suspended 2024-02, resumed 2024-03"], id="told after"
        ),
        pytest.param(
            [["suspended"], ["operating 2024-09"]], ["suspended by 2024-07-19, operating 2024-09"], id="climbs"
        ),
        pytest.param(
            [["suspended 2024-02"], ["cancelled 2024-03"]], ["suspended 2024-02, cancelled 2024-03"], id="got worse"
        ),
        pytest.param([["suspended 2024-02"], ["suspended 2024-03"]], [], id="told again"),
        pytest.param(
            [["suspended 2024-03", "cancelled 2024-03"], ["suspended 2024-03", "cancelled 2024-03"]],
            ["suspended 2024-03, cancelled 2024-03"],
            id="got worse, told again",
        ),
        pytest.param([["cancelled 2024-03", "suspended 2024-03"], ["cancelled 2024-03"]], [], id="still cancelled"),
        pytest.param(
            [["cancelled 2024-02"], ["resumed 2024-03"], ["cancelled 2024-04"]],
            ["cancelled 2024-02, resumed 2024-03"],
            id="cancelled anew",
        ),
        pytest.param([["resumed"], ["delayed"], ["resumed"]], [], id="nothing stood still"),
        pytest.param(
            [["suspended 2024-02"], ["resumed 2024-03"], ["suspended 2024-04"], ["resumed 2024-07"]],
            ["suspended 2024-02, resumed 2024-03", "suspended 2024-04, resumed 2024-07"],
            id="twice",
        ),
    ],
)
def test_a_halt_that_is_over_stays_known(told: list[list[str]], halts: list[str]) -> None:
    reports = [
        said(f"a{n}", 200 + 100 * n, *(claim(*_parts(each)) for each in claims)) for n, claims in enumerate(told)
    ]

    state = folded(*reports)

    assert [f"{_when(halt.began)}, {_when(halt.ended)}" for halt in state.halts] == halts
    assert all(halt.began.evidence.sentence.startswith(halt.began.what) for halt in state.halts)


def _parts(text: str) -> tuple[str, str, str | None]:
    """A stage or condition that was reached, and its date if it has one."""
    stage, _, when = text.partition(" ")
    return stage, "reached", when or None


def _when(moment: Moment) -> str:
    return f"{moment.what} {moment.on}" if moment.on else f"{moment.what} by {moment.by}"


HALTED = (said("a", 0, claim("construction")), said("b", 30, claim("suspended")))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        pytest.param([claim("resumed"), claim("suspended")], "construction", id="with the end that it had"),
        pytest.param(
            [claim("resumed", date="2024-05"), claim("suspended", date="2024-02")], "construction", id="with both dates"
        ),
        pytest.param(
            [claim("resumed", date="2024-03"), claim("suspended", date="2024-05")], "suspended", id="anew, by the dates"
        ),
        pytest.param([claim("resumed", date="2024-03"), claim("suspended")], "suspended", id="after an end long past"),
    ],
)
def test_a_known_suspension_may_be_told_again(told: list[Claim], status: str) -> None:
    first, second = said("c", 140, *told), said("d", 141, *told)

    assert folded(*HALTED, first).status == status
    assert folded(*HALTED, first, second).status == status


def test_an_old_suspension_heard_late_does_not_stop_what_goes_on() -> None:
    state = folded(
        Report(source=source("a", day=300), claims=(claim("resumed", date="2024-09"),)),
        Report(source=source("b", day=310), claims=(claim("suspended", date="2024-02"), claim("construction"))),
    )

    assert state.status == "construction"


def test_a_finer_date_refines_a_forecast_and_a_coarser_one_does_not_blur_it() -> None:
    state = folded(
        Report(source=source("a", day=1), claims=(claim("operating", "expected", "2026"),)),
        Report(source=source("b", day=2), claims=(claim("operating", "expected", "2026-09"),)),
        Report(source=source("c", day=3), claims=(claim("operating", "expected", "2026"),)),
    )
    milestone = state.milestone("operating")

    assert milestone is not None
    assert (str(milestone.baseline), str(milestone.forecast)) == ("2026-09", "2026-09")


def test_the_baseline_stays_when_the_forecast_slips() -> None:
    state = folded(
        Report(source=source("a", day=1), claims=(claim("operating", "expected", "2026"),)),
        Report(source=source("b", day=2), claims=(claim("operating", "expected", "2027-03"),)),
    )
    milestone = state.milestone("operating")

    assert milestone is not None
    assert (str(milestone.baseline), str(milestone.forecast)) == ("2026", "2027-03")


def test_of_several_phases_the_first_to_come_is_the_forecast() -> None:
    dates = (claim("operating", "expected", "2028"), claim("operating", "expected", "2026-09"))
    milestone = folded(Report(source=source("a"), claims=dates)).milestone("operating")

    assert milestone is not None
    assert str(milestone.forecast) == "2026-09"


def test_what_is_reached_has_no_forecast_any_more() -> None:
    milestone = folded(
        Report(source=source("a", day=1), claims=(claim("operating", "expected", "2026-09"),)),
        Report(source=source("b", day=2), claims=(claim("operating", date="2026-10"),)),
    ).milestone("operating")

    assert milestone is not None
    assert milestone.state is State.REACHED
    assert (str(milestone.baseline), milestone.forecast, str(milestone.actual)) == ("2026-09", None, "2026-10")


def test_a_denied_stage_is_denied_until_somebody_says_otherwise() -> None:
    denied = Report(source=source("a", day=2), claims=(claim("approved", "denied"),))
    expected = Report(source=source("b", day=1), claims=(claim("approved", "expected"),))
    reached = Report(source=source("c", day=0), claims=(claim("approved"),))

    states = [folded(*reports).milestone("approved") for reports in ([denied], [denied, expected], [denied, reached])]

    assert [m.state for m in states if m] == [State.DENIED, State.DENIED, State.REACHED]


def test_one_outlet_with_a_wrong_date_does_not_move_a_milestone() -> None:
    milestone = folded(
        Report(source=source("a", day=1), claims=(claim("agreed", date="2024-03-29"),)),
        Report(source=source("b", day=2), claims=(claim("agreed", date="2024-03"),)),
        Report(source=source("c", day=3), claims=(claim("agreed", date="2024-04-29"),)),
    ).milestone("agreed")

    assert milestone is not None
    assert str(milestone.actual) == "2024-03-29"


@pytest.mark.parametrize(
    ("sources", "confidence"),
    [
        pytest.param([source("a")], "reported", id="one of the press"),
        pytest.param([source("a"), source("b")], "confirmed", id="two of the press"),
        pytest.param([source("a", trust=1.0)], "confirmed", id="one official"),
        pytest.param([source("a", story="x"), source("b", story="x")], "reported", id="two copies of one story"),
        pytest.param([source("a", outlet="o"), source("b", outlet="o")], "reported", id="one outlet twice"),
        pytest.param([source("a", trust=0.3), source("b", trust=0.3)], "reported", id="two aggregators"),
    ],
)
def test_confirmation_is_by_independent_weight(sources: list[Source], confidence: str) -> None:
    state = folded(*(Report(source=s, claims=(claim("agreed"),)) for s in sources))
    milestone = state.milestone("agreed")

    assert milestone is not None
    assert milestone.confidence == Confidence(confidence)
    assert state.confidence == Confidence(confidence)


def test_what_the_reader_doubts_moves_nothing() -> None:
    assert folded(Report(source=source("a"), claims=(claim("operating", confidence=0.39),))).status is None


def test_stages_that_the_lifecycle_does_not_know_are_passed_over() -> None:
    assert folded(Report(source=source("a"), claims=(claim("blessed"),))).status is None


def test_the_value_with_most_trust_is_believed_and_rounding_is_no_difference() -> None:
    state = folded(
        Report(source=source("a", day=1), facts=(fact(3.0e9),)),
        Report(source=source("b", day=2), facts=(fact(3.01e9),)),
        Report(source=source("c", day=3), facts=(fact(5e9), fact(300e6, "USD"))),
    )

    assert [(f.value, f.unit, f.confidence.value) for f in state.facts] == [
        (3.01e9, "MAD", "confirmed"),
        (300e6, "USD", "reported"),
    ]


def test_progress_is_what_was_said_last() -> None:
    state = folded(
        Report(source=source("a", day=1), facts=(fact(40, "%", FactKind.PROGRESS),)),
        Report(source=source("b", day=2), facts=(fact(40, "%", FactKind.PROGRESS),)),
        Report(source=source("c", day=3), facts=(fact(60, "%", FactKind.PROGRESS),)),
    )

    assert [f.value for f in state.facts] == [60]


@pytest.mark.parametrize(
    ("status", "lifecycle", "is_shown"),
    [
        ("construction", INDUSTRIAL, True),
        ("suspended", INDUSTRIAL, True),
        ("completed", INDUSTRIAL, False),
        ("operating", INDUSTRIAL, False),
        ("closed", INDUSTRIAL, False),
        ("cancelled", INDUSTRIAL, False),
        ("works", Lifecycle(name="line", stages=("announced", "works", "traffic")), True),
        ("traffic", Lifecycle(name="line", stages=("announced", "works", "traffic")), False),
    ],
)
def test_progress_is_shown_only_as_long_as_works_go_on(status: str, lifecycle: Lifecycle, *, is_shown: bool) -> None:
    reports = (
        Report(source=source("a", day=1), facts=(fact(96, "%", FactKind.PROGRESS), fact(3e9))),
        said("b", 2, claim(status)),
    )

    state = fold("plant", reports, lifecycle)

    assert state.status == status
    assert [f.value for f in state.present_facts] == ([3e9, 96] if is_shown else [3e9])


# ---------------------------------------------------------------- what the operator knew


def test_what_the_operator_knew_is_the_state_from_the_start_and_confirms_nothing() -> None:
    known = (
        KnownMilestone(stage="agreed", state=State.REACHED, date=Period.parse("2024-03-29"), source="https://gov/1"),
        KnownMilestone(stage="operating", state=State.EXPECTED, date=Period.parse("2026-09"), source=None),
        KnownMilestone(stage="announced", state=State.REACHED, date=None, source=None),
    )
    project = Project(id="plant", name={"": "Plant"}, who=("X",), known=known)
    reports = known_reports(project)
    state = folded(*reports)

    assert (state.status, str(state.since)) == ("agreed", "2024-03-29")
    assert state.standing == Standing(known=True)
    assert {m.standing for m in state.milestones} == {Standing(known=True)}
    assert all(is_known(report.source) for report in reports)
    assert not is_known(source("a"))
    assert {m.stage: str(m.forecast) for m in state.milestones if m.forecast} == {"operating": "2026-09"}


#: An address, and the key of the article there.
PAGE, PAGE_KEY = "https://www.example.org/news/1/?utm_source=rss", address_key("http://example.org/news/1")


def known(stage: str, state: State, date: str, *, page: str | None = PAGE, official: bool = False) -> Report:
    """What the configuration says to be known of the plant."""
    milestone = KnownMilestone(stage=stage, state=state, date=Period.parse(date), source=page, official=official)
    (report,) = known_reports(Project(id="plant", name={"": "Plant"}, who=("X",), known=(milestone,)))
    return report


AGREED = claim("agreed", date="2024-03")
EXPECTED = claim("operating", "expected", date="2026")


@pytest.mark.parametrize(
    ("official", "reports", "expected"),
    [
        pytest.param(False, [], Standing(known=True), id="nobody else"),
        pytest.param(
            True, [], Standing(confidence=Confidence.CONFIRMED, sources=1, official=1), id="official, nobody else"
        ),
        pytest.param(False, [said("a", 120, AGREED)], Standing(sources=1, known=True), id="another article"),
        pytest.param(
            False,
            [said("a", 120, AGREED), said("b", 121, AGREED)],
            Standing(confidence=Confidence.CONFIRMED, sources=2, known=True),
            id="two other articles",
        ),
        pytest.param(
            True,
            [said("a", 120, AGREED)],
            Standing(confidence=Confidence.CONFIRMED, sources=2, official=1),
            id="official, and another article",
        ),
        pytest.param(False, [said(PAGE_KEY, 120, AGREED)], Standing(sources=1), id="the article at its address"),
        pytest.param(
            False, [said(PAGE_KEY, 120, EXPECTED)], Standing(sources=1), id="that article, read to say something else"
        ),
        pytest.param(
            False,
            [said(PAGE_KEY, 120, AGREED, trust=1.0)],
            Standing(confidence=Confidence.CONFIRMED, sources=1, official=1),
            id="that article, of an official feed",
        ),
        pytest.param(
            True,
            [said(PAGE_KEY, 120, AGREED)],
            Standing(confidence=Confidence.CONFIRMED, sources=1, official=1),
            id="official, and the article at its address",
        ),
        pytest.param(
            False,
            [said(PAGE_KEY, 120, AGREED, outlet="daily"), said("a", 121, AGREED, outlet="daily")],
            Standing(sources=1),
            id="that article, and its outlet again",
        ),
        pytest.param(
            False,
            [
                Report(source=source(PAGE_KEY, day=120, story="agency"), claims=(EXPECTED,)),
                said("agency", 119, AGREED, trust=0.7),
            ],
            Standing(sources=1),
            id="that article, a copy of another",
        ),
        pytest.param(
            False,
            [said(PAGE_KEY, 120, AGREED), said("a", 121, AGREED)],
            Standing(confidence=Confidence.CONFIRMED, sources=2),
            id="that article, and another one",
        ),
    ],
)
def test_an_address_is_one_source_whether_it_is_known_or_read(
    official: bool, reports: list[Report], expected: Standing
) -> None:
    before = known("agreed", State.REACHED, "2024-03", official=official)

    for order in permutations([before, *reports]):
        milestone = folded(*order).milestone("agreed")
        assert milestone is not None
        assert milestone.standing == expected
    later = Folding("plant", INDUSTRIAL)
    for report in (before, *reports):
        later.hear([report])
    assert later.state() == folded(before, *reports)


def test_what_was_known_is_confirmed_once_by_the_normal_rule() -> None:
    before = known("construction", State.REACHED, "2024-03")
    built = claim("construction", date="2024-03")
    fresh = [said("a", 120, built), said("b", 121, built), said("c", 122, built), said("d", 123, built, trust=1.0)]
    told = [
        (report.source.article, change.type.value) for report, change in unfold("plant", [before], fresh, INDUSTRIAL)
    ]

    assert told == [("b", "confirmed")]


@pytest.mark.parametrize("page", [PAGE_KEY, "a"], ids=["the article at its address", "another article"])
def test_an_article_that_repeats_what_was_known_is_no_news(page: str) -> None:
    before = known("construction", State.REACHED, "2024-03")

    assert not list(unfold("plant", [before], [said(page, 120, claim("construction", date="2024-03"))], INDUSTRIAL))


def test_what_was_known_withstands_the_denial_of_one_outlet_and_not_of_two() -> None:
    before = known("construction", State.REACHED, "2024-03")
    denials = [said("a", 120, claim("construction", "denied")), said("b", 121, claim("construction", "denied"))]

    assert folded(before, denials[0]).status == "construction"
    assert folded(before, *denials).status is None


# ---------------------------------------------------------------- what contradicts

OFFICIAL = 1.0


@pytest.mark.parametrize(
    ("told", "state", "disputed"),
    [
        pytest.param([(0, "denied", 0.5), (90, "reached", 0.5)], "reached", False, id="what had not begun has begun"),
        pytest.param([(0, "reached", 0.5), (9, "denied", 0.5)], "reached", True, id="one word against another"),
        pytest.param(
            [(0, "reached", 0.5), (9, "denied", 0.5), (12, "reached", 0.5)],
            "reached",
            False,
            id="a later word settles it",
        ),
        pytest.param([(0, "reached", 0.5), (9, "denied", 0.3)], "reached", False, id="an aggregator disputes nothing"),
        pytest.param([(0, "reached", 0.5), (9, "denied", 1.0)], "denied", False, id="an official denial settles it"),
        pytest.param(
            [(0, "reached", 0.5), (9, "denied", 1.0), (10, "reached", 0.3)], "denied", False, id="an echo of the rumour"
        ),
        pytest.param(
            [(0, "reached", 0.5), (9, "denied", 1.0), (200, "reached", 0.5)], "reached", False, id="later it has"
        ),
        pytest.param([(0, "reached", 1.0), (9, "denied", 1.0)], "reached", True, id="two officials in dispute"),
        pytest.param(
            [(0, "reached", 0.5), (9, "denied", 0.5), (9, "denied", 0.5)],
            "denied",
            False,
            id="most say that it has not",
        ),
    ],
)
def test_what_is_denied_after_it_was_reported_is_weighed(
    told: list[tuple[int, str, float]], state: str, *, disputed: bool
) -> None:
    reports = [
        said(f"a{at}", day, claim("construction", how), trust=trust) for at, (day, how, trust) in enumerate(told)
    ]
    folded_ = folded(*reports)
    milestone = folded_.milestone("construction")

    assert milestone is not None
    assert milestone.state == state
    assert (folded_.disputed == ("construction",)) is disputed


def misread(confidence: float, *, outlets: int = 1) -> list[Report]:
    """A plan that was taken for a plant that runs."""
    operating = claim("operating", confidence=confidence)
    return [said(f"m{number}", number, claim("announced"), operating) for number in range(outlets)]


AWAITED = said("later", 200, claim("construction"), claim("operating", "expected", "2027"))


@pytest.mark.parametrize(
    "told",
    [
        pytest.param([*misread(0.9), AWAITED], id="it was read surely"),
        pytest.param([*misread(0.84, outlets=2), AWAITED], id="two say so"),
        pytest.param([*misread(0.84), said("b", 200, claim("operating", "expected", "2027"))], id="a restart, perhaps"),
        pytest.param(
            [*misread(0.84), said("b", 200, claim("construction"), claim("operating", "expected", "2024"))],
            id="expected of a year that has begun",
        ),
        pytest.param(
            [*misread(0.84), said("b", 200, claim("construction"), claim("operating", "expected"))], id="of no date"
        ),
        pytest.param([AWAITED, said("m", 300, claim("operating", confidence=0.84))], id="since then it has begun"),
    ],
)
def test_a_plant_that_runs_does_so_whatever_is_awaited_of_its_second_line(told: list[Report]) -> None:
    assert folded(*told).status == "operating"


def test_a_denial_stands_beside_what_is_awaited() -> None:
    denial = said("denial", 210, claim("operating", "denied"), trust=0.3)

    assert folded(*misread(0.84), AWAITED, denial).status == "construction"


def test_a_denied_end_leaves_the_project_where_it_stood() -> None:
    rumour, denial = said("b", 5, claim("cancelled")), said("c", 6, claim("cancelled", "denied"), trust=OFFICIAL)

    before, after = (
        folded(said("a", 0, claim("construction")), rumour),
        folded(said("a", 0, claim("construction")), rumour, denial),
    )

    assert (before.status, after.status) == ("cancelled", "construction")
    assert (after.disputed, after.denied) == ((), ("cancelled",))


GIVEN_UP = (said("works", 0, claim("construction"), outlet="x"), said("end", 100, claim("cancelled"), outlet="x"))


@pytest.mark.parametrize(
    ("later", "status"),
    [
        pytest.param([claim("completed")], "completed", id="a rung is climbed"),
        pytest.param([claim("construction", date="2024-06")], "construction", id="works of after the end"),
        pytest.param([claim("construction")], "cancelled", id="a rung that was climbed before"),
        pytest.param([claim("completed", date="2024-02")], "cancelled", id="a rung that was climbed before the end"),
        pytest.param([claim("completed", date="2024")], "cancelled", id="a rung of which nobody knows whether it was"),
        pytest.param([claim("completed", "expected", date="2025")], "cancelled", id="what is to come is only planned"),
        pytest.param([claim("announced", date="2024-06")], "cancelled", id="a plan is not a work"),
        pytest.param([claim("completed"), claim("cancelled")], "cancelled", id="beside the end"),
    ],
)
def test_what_one_outlet_says_was_given_up_goes_on_where_others_tell_of_works_since(
    later: list[Claim], status: str
) -> None:
    others = [said(name, 200 + place, *later, outlet=name) for place, name in enumerate(("y", "z"))]

    assert folded(*GIVEN_UP, *others[:1]).status == "cancelled"
    assert folded(*GIVEN_UP, *others).status == status


# ---------------------------------------------------------------- the schedule


def forecast_of(*reports: Report) -> tuple[str, list[tuple[str, int | None]]]:
    milestone = folded(*reports).milestone("operating")
    assert milestone is not None
    return str(milestone.forecast), [(str(f.period), f.slip) for f in milestone.forecasts]


def expects(article: str, day: int, date: str, *more: Claim, trust: float = 0.5) -> Report:
    return said(article, day, claim("operating", "expected", date), *more, trust=trust)


def test_one_outlet_with_another_date_moves_no_forecast_that_two_have_just_given() -> None:
    two = expects("a", 1, "2026-09"), expects("b", 2, "2026-09")

    assert forecast_of(*two, expects("c", 5, "2027")) == ("2026-09", [("2026-09", None)])
    assert forecast_of(*two, expects("c", 5, "2027"), expects("d", 6, "2027"))[0] == "2027"


def test_old_expectations_give_way_to_new_ones() -> None:
    two = expects("a", 1, "2026-09"), expects("b", 2, "2026-09")

    assert forecast_of(*two, expects("c", 200, "2027"))[0] == "2027"


def test_the_owners_word_weighs_more_than_a_journalists() -> None:
    owner = expects("a", 1, "2026-09", trust=OFFICIAL)

    assert forecast_of(owner, expects("b", 9, "2027"))[0] == "2026-09"
    assert forecast_of(expects("b", 1, "2027"), owner)[0] == "2026-09"


def test_the_history_of_forecasts_tells_slips_from_refinements() -> None:
    reports = [
        expects("a", 1, "2026"),
        expects("b", 30, "2026-09"),
        expects("c", 200, "2027-03"),
        expects("d", 400, "2026-12"),
    ]

    assert forecast_of(*reports) == ("2026-12", [("2026", None), ("2026-09", 0), ("2027-03", 182), ("2026-12", -90)])
    milestone = folded(*reports).milestone("operating")
    assert milestone is not None
    assert (str(milestone.baseline), milestone.slip) == ("2026-09", 92)


def test_dates_that_are_not_believed_are_kept_with_who_gives_them() -> None:
    state = folded(
        said("a", 1, claim("agreed", date="2024-03-29"), claim("operating", "expected", "2026-09")),
        said("b", 2, claim("agreed", date="2024-03"), claim("operating", "expected", "2026-09")),
        said("c", 3, claim("agreed", date="2024-04-29"), claim("operating", "expected", "2028")),
    )
    agreed, operating = state.milestones

    assert [(r.value, r.standing.sources) for r in agreed.rivals] == [("2024-04-29", 1)]
    assert [(r.value, r.standing.sources) for r in operating.rivals] == [("2028", 1)]


# ---------------------------------------------------------------- since when, and by when


def test_if_nobody_says_since_when_the_first_article_says_by_when() -> None:
    undated = said("b", 40, claim("construction")), said("a", 30, claim("construction"))
    state = folded(*undated)
    [construction] = state.milestones

    assert (state.since, state.by) == (None, date(2024, 1, 31))
    assert (construction.actual, construction.by) == (None, date(2024, 1, 31))


@pytest.mark.parametrize(
    ("later", "by"),
    [
        pytest.param([("completed", "2024-01-14")], date(2024, 1, 14), id="dated earlier"),
        pytest.param([("completed", "2024-01")], date(2024, 1, 31), id="to the end of its month"),
        pytest.param([("completed", "2024-03-14")], date(2024, 2, 10), id="dated later"),
        pytest.param([("operating", "2024-01-20"), ("completed", "2024-01-14")], date(2024, 1, 14), id="the earliest"),
        pytest.param([("operating", None)], date(2024, 1, 31), id="by an article"),
        pytest.param([("agreed", "2023-05-14")], date(2024, 2, 10), id="a stage before it"),
    ],
)
def test_a_stage_was_reached_by_the_day_of_a_later_one(later: list[tuple[str, str | None]], by: date) -> None:
    expected = claim("commissioning", "expected", "2024-01-02")
    told = said("a", 30, *(claim(stage, date=day) for stage, day in later), expected)
    state = folded(told, said("b", 40, claim("construction")))

    construction = state.milestone("construction")
    assert construction is not None
    assert (construction.actual, construction.by) == (None, by)


def test_what_the_configuration_knows_without_a_date_says_nothing_about_when() -> None:
    known = KnownMilestone(stage="agreed", state=State.REACHED, date=None, source="https://example.org/k")
    project = Project(id="plant", name={"": "Plant"}, known=(known,))

    assert folded(*known_reports(project)).by is None
    assert folded(*known_reports(project), said("a", 3, claim("agreed"))).by == date(2024, 1, 4)


# ---------------------------------------------------------------- who bears out a date


def test_a_date_is_confirmed_by_those_alone_who_tell_exactly_it_and_then_borne_out_by_later_words_without_one() -> None:
    told = [
        said("a", 200, claim("operating", date="2024-06-25")),
        said("b", 210, claim("operating", date="2024-06")),
        said("c", 220, claim("operating")),
        said("before", 30, claim("operating")),
        said("otherwise", 230, claim("operating", date="2024-05")),
    ]
    state = folded(*told)
    [operating] = state.milestones

    assert str(operating.actual) == "2024-06-25"
    assert (operating.standing.sources, operating.standing.confirms_date) == (1, False)
    assert state.standing == operating.standing
    exact = folded(*told, said("d", 240, claim("operating", date="2024-06-25"))).standing
    assert (exact.sources, exact.confirms_date) == (3, True)
    unsure = folded(*[replace(each, source=replace(each.source, trust=0.1)) for each in told]).standing
    assert (unsure.confidence, unsure.sources) == (Confidence.REPORTED, 2)
    assert [(rival.value, rival.standing.sources, rival.is_by) for rival in operating.rivals] == [
        ("2024-05", 1, False),
        ("2024-01-31", 1, True),
    ]


def test_who_only_expects_a_stage_implies_the_plan_and_does_not_tell_it() -> None:
    plan = claim("announced")
    expected = replace(claim("operating", "expected", "2026"), evidence=plan.evidence)
    implied = said("a", 1, plan, expected)
    state = folded(implied, said("b", 2, plan, expected))

    assert state.status == "announced"
    assert (state.confidence, state.standing.sources, state.standing.implied) == (Confidence.REPORTED, 0, 2)
    told = folded(implied, said("b", 2, plan))
    assert (told.standing.sources, told.standing.implied) == (1, 0)


# ---------------------------------------------------------------- delays


def test_a_delay_has_its_date_its_proof_and_its_sources() -> None:
    state = folded(
        said("a", 10, claim("agreed")),
        said("b", 30, claim("delayed")),
        said("c", 40, claim("delayed", date="2024-01")),
        said("d", 50, claim("delayed", "denied")),
    )
    delay = state.delay

    assert delay is not None
    assert (state.status, state.condition) == ("agreed", "delayed")
    assert (str(delay.since), delay.by) == ("2024-01", None)
    assert (delay.standing.sources, delay.standing.confidence, delay.standing.against) == (2, Confidence.CONFIRMED, 1)
    assert [each.source.article for each in delay.evidence] == ["b", "c"]


# ---------------------------------------------------------------- phases


def of_phase(phase: str, *told: Claim) -> tuple[Claim, ...]:
    return tuple(replace(one, phase=phase) for one in told)


def in_phases(*reports: Report) -> ProjectState:
    return fold("plant", reports, INDUSTRIAL, phases=("first", "second"))


def test_a_project_stands_where_its_furthest_phase_does_and_each_phase_by_itself() -> None:
    state = in_phases(
        said("a", 1, *of_phase("first", claim("operating", date="2026-09"))),
        said("b", 2, *of_phase("second", claim("construction"), claim("operating", "expected", "2028"))),
    )

    assert state.status == "operating"
    assert [(p.phase, p.status) for p in state.phases] == [("first", "operating"), ("second", "construction")]
    second = state.phases[1].milestone("operating")
    assert second is not None
    assert str(second.forecast) == "2028"


def test_what_is_expected_of_a_later_phase_is_no_forecast_of_the_project() -> None:
    state = in_phases(
        said("a", 1, *of_phase("second", claim("operating", "expected", "2028"), claim("suspended"))),
        said("b", 2, *of_phase("first", claim("operating", "expected", "2026"), claim("construction"))),
    )
    operating = state.milestone("operating")

    assert operating is not None
    assert str(operating.forecast) == "2026"
    assert state.status == "construction"
    assert [p.status for p in state.phases] == ["construction", "suspended"]


def test_amounts_of_a_phase_are_not_the_projects() -> None:
    part = replace(fact(25_000, "t/yr", FactKind.CAPACITY), phase="second")
    state = in_phases(Report(source=source("a"), facts=(fact(50_000, "t/yr", FactKind.CAPACITY), part)))

    assert [f.value for f in state.facts] == [50_000]
    assert [(p.phase, [f.value for f in p.facts]) for p in state.phases] == [("second", [25_000])]


def test_other_values_that_agree_are_one_and_each_source_counts_once() -> None:
    values = [("a", 490e6), ("b", 490e6), ("c", 296.78e6), ("d", 300e6), ("e", 310e6), ("f", 490e6)]
    [known] = folded(*(Report(source=source(name), facts=(fact(value, "USD"),)) for name, value in values)).facts

    assert [(rival.value, rival.standing.sources) for rival in known.rivals] == [(300e6, 2), (310e6, 1)]


def test_a_sum_in_another_currency_is_a_conversion_and_rivals_nothing() -> None:
    one = Report(source=source("a"), facts=tuple(replace(f, evidence="a") for f in (fact(280e6, "USD"), fact(2.8e9))))
    two = Report(source=source("b"), facts=tuple(replace(f, evidence="b") for f in (fact(2.576e9), fact(280e6, "USD"))))

    assert [(f.value, f.unit, f.standing.sources, f.rivals) for f in folded(one, two).facts] == [
        (2.576e9, "MAD", 1, ()),
        (280e6, "USD", 2, ()),
    ]
    assert [(f.value, f.unit) for f in folded(one).facts] == [(2.8e9, "MAD"), (280e6, "USD")]


# ---------------------------------------------------------------- properties

stages = st.sampled_from([*INDUSTRIAL.stages, "delayed", "suspended", "resumed", "cancelled", "closed"])
dates = st.one_of(
    st.none(),
    st.sampled_from(["2023", "2024", "2024-H2", "2024-Q1", "2024-03", "2024-03-29", "2026-09", "2027"]),
)
claims = st.builds(
    claim, stages, st.sampled_from(["reached", "expected", "denied"]), dates, st.sampled_from([0.3, 0.7, 1.0])
)
facts = st.builds(
    fact,
    st.sampled_from([1.0, 1.01, 2.0, 50_000.0]),
    st.sampled_from(["MAD", "USD", "%"]),
    st.sampled_from(list(FactKind)),
)
reports = st.lists(
    st.builds(
        Report,
        source=st.builds(
            source,
            st.sampled_from("abcdefgh"),
            day=st.integers(0, 5),
            trust=st.sampled_from([0.3, 0.5, 1.0]),
            outlet=st.sampled_from(["", "x", "y"]),
            story=st.sampled_from(["", "s"]),
        ),
        claims=st.lists(claims, max_size=4).map(tuple),
        facts=st.lists(facts, max_size=3).map(tuple),
    ),
    max_size=8,
)


@given(reports, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(heard: list[Report], random: Random) -> None:
    shuffled = list(heard)
    random.shuffle(shuffled)

    assert folded(*shuffled) == folded(*heard)


@given(reports)
def test_hearing_twice_changes_nothing(heard: list[Report]) -> None:
    assert folded(*heard, *heard) == folded(*heard)


def test_of_two_editions_of_an_article_the_one_seen_later_counts() -> None:
    first = Report(source=source("a", day=1), claims=(claim("operating"),))
    second = Report(source=source("a", day=2), claims=(claim("agreed"),))

    assert folded(first, second).status == folded(second, first).status == "agreed"
