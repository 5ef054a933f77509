"""Two states told apart: when each type of change is raised, and when it is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.changes.changes import unfold
from monitor.core.changes.comparison import MAX_EVIDENCE
from monitor.core.folding.fold import fold
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Fact, FactKind, State
from monitor.core.news import Change, ChangeType
from monitor.core.periods import Period
from monitor.core.state import Confidence, Report, Source

START = datetime(2024, 6, 1, tzinfo=UTC)


def article(day: int, *told: str, trust: float = 0.5, facts: tuple[Fact, ...] = ()) -> Report:
    """``article(3, "operating expected 2026-09")``: what an article of day 3 claims."""
    at = START + timedelta(days=day)
    name = f"article-{day}"
    claims = []
    for text in told:
        stage, state, *date = text.split()
        period = Period.parse(date[0]) if date else None
        claims.append(
            Claim(
                project="plant",
                stage=stage,
                state=State(state),
                date=period,
                confidence=1.0,
                evidence=f"{name}: {text}",
            )
        )
    source = Source(
        article=name,
        url=f"https://example.org/{name}",
        outlet=name,
        trust=trust,
        published_at=at,
        seen_at=at + timedelta(hours=1),
        story=name,
    )
    return Report(source=source, claims=tuple(claims), facts=facts)


def amount(value: float, unit: str = "MAD", kind: FactKind = FactKind.INVESTMENT) -> Fact:
    return Fact(project="plant", kind=kind, value=value, unit=unit, evidence=f"{value:g} {unit}")


def told(*reports: Report, before: tuple[Report, ...] = ()) -> list[Change]:
    return [change for _, change in unfold("plant", before, reports, INDUSTRIAL)]


def brief(changes: list[Change]) -> list[tuple[str, str | None, object, object]]:
    return [(change.type.value, change.stage, change.from_, change.to) for change in changes]


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        pytest.param(
            [article(1, "agreed reached 2024-03-29")], [("status", "agreed", None, "agreed")], id="first heard"
        ),
        pytest.param(
            [article(1, "agreed reached"), article(2, "agreed reached 2024-03-29", trust=0.3)], [], id="heard again"
        ),
        pytest.param(
            [article(1, "delayed reached"), article(2, "announced reached")], [], id="a plan that is late is one"
        ),
        pytest.param(
            [article(1, "agreed reached"), article(2, "announced reached")], [], id="what was signed was planned"
        ),
        pytest.param(
            [article(1, "delayed reached"), article(2, "delayed denied"), article(3, "operating reached")],
            [("status", "operating", None, "operating")],
            id="a disputed delay that is over",
        ),
        pytest.param(
            [article(1, "delayed reached"), article(2, "agreed reached")],
            [("status", "agreed", None, "agreed")],
            id="a plan that is late is agreed on",
        ),
        pytest.param(
            [article(1, "construction reached"), article(2, "agreed reached 2023")],
            [("milestone", "agreed", None, "agreed")],
            id="a stage passed already",
        ),
        pytest.param(
            [article(1, "announced reached"), article(2, "agreed reached", "construction reached")],
            [("status", "construction", "announced", "construction")],
            id="a climb tells the rungs below",
        ),
        pytest.param(
            [article(1, "agreed reached"), article(2, "suspended reached", "construction reached")],
            [("status", "suspended", "agreed", "suspended"), ("milestone", "construction", None, "construction")],
            id="a condition hides no new rung",
        ),
        pytest.param(
            [article(1, "construction reached"), article(2, "suspended reached"), article(3, "resumed reached")],
            [("status", "resumed", "suspended", "construction")],
            id="out of a condition",
        ),
        pytest.param(
            [article(1, "operating expected 2026")], [("schedule", "operating", None, "2026")], id="first forecast"
        ),
        pytest.param(
            [article(1, "operating expected 2026"), article(2, "operating expected 2026-09")], [], id="a refinement"
        ),
        pytest.param(
            [article(1, "operating expected 2026-09"), article(2, "operating expected 2026")], [], id="a coarser date"
        ),
        pytest.param(
            [article(1, "operating expected 2026"), article(2, "delayed reached", "operating expected 2027")],
            [("schedule", "operating", "2026", "2027")],
            id="a slip",
        ),
        pytest.param(
            [article(1, "operating expected 2027"), article(2, "operating expected 2026-Q4")],
            [("schedule", "operating", "2027", "2026-Q4")],
            id="pulled in",
        ),
        pytest.param(
            [article(1, "construction reached"), article(2, "delayed reached")],
            [("schedule", "delayed", None, None)],
            id="a delay without a new date",
        ),
        pytest.param(
            [article(1, "construction reached"), article(2, "delayed reached"), article(3, "delayed reached")],
            [],
            id="a delay told again",
        ),
        pytest.param(
            [article(1, "agreed reached"), article(2, "agreed reached")],
            [("confirmed", "agreed", "reported", "confirmed")],
            id="a second source",
        ),
        pytest.param(
            [article(1, "cancelled reached"), article(2, "cancelled reached", trust=1.0)],
            [("confirmed", "cancelled", "reported", "confirmed")],
            id="an official source",
        ),
        pytest.param([article(1, facts=(amount(3e9),))], [("fact", None, None, 3e9)], id="a first amount"),
        pytest.param([article(1, facts=(amount(3e9),)), article(2, facts=(amount(3.01e9),))], [], id="rounding"),
        pytest.param(
            [article(1, facts=(amount(3e9),)), article(2, facts=(amount(300e6, "USD"),))], [], id="another currency"
        ),
        pytest.param(
            [article(1, facts=(amount(3e9),)), article(2, facts=(amount(4e9),))],
            [("fact", None, 3e9, 4e9)],
            id="a new amount",
        ),
        pytest.param(
            [
                article(1, facts=(amount(20, "GWh/yr", FactKind.CAPACITY),)),
                article(2, facts=(amount(20, "GW/yr", FactKind.CAPACITY),)),
            ],
            [],
            id="gigawatts for gigawatt-hours",
        ),
        pytest.param(
            [
                article(1, facts=(amount(60_000, "t/yr", FactKind.CAPACITY),)),
                article(2, facts=(amount(5_000, "t/month", FactKind.CAPACITY),)),
            ],
            [],
            id="by the month",
        ),
        pytest.param(
            [
                article(1, facts=(amount(60_000, "t/yr", FactKind.CAPACITY),)),
                article(2, facts=(amount(300, "MW", FactKind.CAPACITY),)),
            ],
            [("fact", None, None, 300)],
            id="another measure",
        ),
        pytest.param(
            [
                article(1, facts=(amount(60_000, "t/yr", FactKind.CAPACITY),)),
                article(2, facts=(amount(400, "t/day", FactKind.CAPACITY),)),
            ],
            [("fact", None, None, 400)],
            id="another rate",
        ),
        pytest.param(
            [
                article(1, facts=(amount(40, "%", FactKind.PROGRESS),)),
                article(2, facts=(amount(60, "%", FactKind.PROGRESS),)),
            ],
            [("fact", None, 40, 60)],
            id="progress",
        ),
    ],
)
def test_what_the_last_article_changes(reports: list[Report], expected: list[tuple[object, ...]]) -> None:
    *before, last = reports

    assert brief(told(last, before=tuple(before))) == expected


def test_a_change_carries_its_proof() -> None:
    first, second = article(1, "agreed reached 2024-03-29"), article(2, "agreed reached", trust=0.3)
    change = told(article(3, "construction reached 2024-06", trust=1.0), before=(first, second))[0]

    assert change.at == START + timedelta(days=3, hours=1)
    assert str(change.effective) == "2024-06"
    assert change.confidence is Confidence.CONFIRMED
    assert change.sources == ("https://example.org/article-3",)
    assert change.evidence == ("article-3: construction reached 2024-06",)


def test_the_article_that_made_the_difference_is_quoted_first_and_the_list_is_short() -> None:
    before = tuple(article(day, "agreed reached", trust=0.1) for day in range(MAX_EVIDENCE + 2))
    change = told(article(20, "agreed reached", trust=1.0), before=before)[0]

    assert change.evidence[0] == "article-20: agreed reached"
    assert [proof.sentence for proof in change.proof] == list(change.evidence)
    assert change.proof[0].url == change.sources[0]
    assert change.proof[0].outlet
    assert len(change.sources) == MAX_EVIDENCE


def test_an_amount_of_a_part_is_told_with_the_part_and_is_no_former_value_of_the_whole() -> None:
    part = replace(amount(20_000, "t/yr", FactKind.CAPACITY), phase="première phase")
    again, other = replace(part, value=25_000), replace(part, value=80_000, phase="à terme")
    changes = told(
        article(1, facts=(part,)),
        article(400, facts=(again,)),
        article(900, facts=(other,)),
        article(901, facts=(amount(60_000, "t/yr", FactKind.CAPACITY),)),
    )

    assert [(change.phase, change.from_, change.to) for change in changes] == [
        ("première phase", None, 20_000),
        ("première phase", 20_000, 25_000),
        ("à terme", None, 80_000),
        (None, None, 60_000),
    ]


def test_what_is_told_long_after_the_end_is_no_milestone() -> None:
    running = article(1, "operating reached 2024-06", trust=1.0)

    assert told(article(300, "approved reached"), before=(running,)) == []
    assert brief(told(article(300, "approved reached 2023"), before=(running,))) == [
        ("milestone", "approved", None, "approved")
    ]


def test_an_article_heard_before_brings_nothing() -> None:
    report = article(1, "agreed reached")

    assert told(report, before=(report,)) == []


def test_a_confirmation_names_a_date_only_if_its_sources_agree_on_it() -> None:
    dated = article(1, "construction reached 2024-05")

    (undated,) = told(article(3, "construction reached"), before=(dated,))
    (agreed,) = told(article(3, "construction reached 2024-05"), before=(dated,))

    assert (undated.type, undated.to, undated.effective) == (ChangeType.CONFIRMED, "confirmed", None)
    assert (agreed.type, str(agreed.effective)) == (ChangeType.CONFIRMED, "2024-05")
    assert [proof.exact for proof in agreed.proof] == [True, True]


def test_a_halt_that_ends_is_told_though_no_stage_is_known() -> None:
    changes = told(article(0, "suspended reached"), article(1, "resumed reached"), article(2, "suspended reached"))

    assert brief(changes) == [
        ("status", "suspended", None, "suspended"),
        ("status", "resumed", "suspended", "resumed"),
        ("status", "suspended", None, "suspended"),
    ]


# ---------------------------------------------------------------- what is taken back


def again(report: Report, *told: str) -> Report:
    """The same article, published anew with other claims an hour after it was seen first."""
    source = replace(report.source, seen_at=report.source.seen_at + timedelta(hours=1))
    return Report(source=source, claims=article(1, *told).claims)


def test_a_denial_is_told_once_while_the_stage_is_still_believed() -> None:
    first, denial = article(1, "construction reached"), article(2, "construction denied")

    assert brief(told(denial, article(3, "construction denied", trust=0.0), before=(first,))) == [
        ("disputed", "construction", "reached", "disputed")
    ]


def test_a_stage_below_the_status_that_is_officially_denied_is_told_as_denied() -> None:
    before = article(1, "approved reached", "construction reached")
    changes = told(article(2, "approved denied", trust=1.0), before=(before,))

    assert brief(changes) == [("disputed", "approved", "reached", "denied")]
    assert changes[0].evidence == ("article-2: approved denied",)


def test_a_denial_that_sets_the_status_back_is_told_by_the_status_alone() -> None:
    before = article(1, "agreed reached", "construction reached")

    assert brief(told(article(2, "construction denied", trust=1.0), before=(before,))) == [
        ("status", "agreed", "construction", "agreed")
    ]


def test_what_a_publisher_takes_back_is_told_and_what_it_only_rewrites_is_not() -> None:
    first = article(1, "agreed reached", "construction reached")

    assert brief(told(again(first, "agreed reached", "construction reached"), before=(first,))) == []
    assert brief(told(again(first, "agreed reached"), before=(first,))) == [
        ("status", "agreed", "construction", "agreed")
    ]
    assert brief(told(again(first, "construction reached"), before=(first,))) == [
        ("disputed", "agreed", "reached", "withdrawn")
    ]


@pytest.mark.parametrize("status", ["agreed", "cancelled"])
def test_where_nothing_is_known_any_longer_the_withdrawal_says_so(status: str) -> None:
    first = article(1, f"{status} reached")

    assert brief(told(again(first), before=(first,))) == [("disputed", status, "reached", "withdrawn")]


def test_an_article_that_changes_its_mind_twice_is_heard_twice() -> None:
    first = article(1, "agreed reached", "construction reached")
    second = again(first, "agreed reached")
    third = again(second, "agreed reached", "construction reached")
    changes = told(second, third, before=(first,))
    back = told(again(third, "agreed reached"), before=(third,))

    assert brief(changes) == [
        ("status", "agreed", "construction", "agreed"),
        ("status", "construction", "agreed", "construction"),
    ]
    assert back[0].id != changes[0].id


def test_an_edition_that_was_seen_earlier_brings_nothing() -> None:
    first = article(1, "agreed reached")

    assert told(first, before=(again(first, "construction reached"),)) == []


# ---------------------------------------------------------------- phases


def phased(day: int, phase: str, *claims: str) -> Report:
    report = article(day, *claims)
    return replace(report, claims=tuple(replace(claim, phase=phase) for claim in report.claims))


def test_what_a_later_phase_does_is_told_with_its_name() -> None:
    before = (phased(1, "first", "operating reached"), phased(2, "second", "announced reached"))
    news = phased(3, "second", "construction reached", "operating expected 2028")
    changes = [c for _, c in unfold("plant", before, [news], INDUSTRIAL, phases=("first", "second"))]

    assert [(c.type.value, c.phase, c.stage, c.to) for c in changes] == [
        ("milestone", None, "construction", "construction"),
        ("schedule", "second", "operating", "2028"),
    ]
    later = phased(4, "second", "operating reached")
    changes = [c for _, c in unfold("plant", (*before, news), [later], INDUSTRIAL, phases=("first", "second"))]
    assert [(c.type.value, c.phase, c.stage) for c in changes] == [("milestone", "second", "operating")]


def test_what_the_first_phase_does_is_told_of_the_project_alone() -> None:
    news = phased(1, "first", "construction reached", "operating expected 2026")
    changes = [c for _, c in unfold("plant", (), [news], INDUSTRIAL, phases=("first", "second"))]

    assert [(c.type.value, c.phase) for c in changes] == [("status", None), ("schedule", None)]


texts = st.sampled_from(
    [
        "announced reached",
        "agreed reached 2024-03-29",
        "construction reached",
        "operating expected 2026",
        "operating expected 2027-03",
        "operating reached",
        "suspended reached",
        "resumed reached",
        "cancelled reached",
        "delayed reached",
    ]
)
streams = st.lists(st.lists(texts, min_size=1, max_size=3), max_size=6).map(
    lambda days: [article(day, *claims) for day, claims in enumerate(days)]
)


@given(streams, st.integers(0, 6))
def test_it_does_not_matter_where_a_stream_is_cut(stream: list[Report], cut: int) -> None:
    whole = told(*stream)
    first = told(*stream[:cut])
    rest = told(*stream[cut:], before=tuple(stream[:cut]))

    assert first + rest == whole


@given(streams)
def test_no_change_is_told_twice_and_ids_are_distinct(stream: list[Report]) -> None:
    changes = told(*stream, *stream)

    assert len({change.id for change in changes}) == len(changes)
    statuses = [change.to for change in changes if change.type == "status"]
    assert all(one != other for one, other in pairwise(statuses))


def test_the_same_change_has_the_same_id_wherever_it_is_computed() -> None:
    report = article(1, "agreed reached")
    elsewhere = replace(report, source=replace(report.source, seen_at=START + timedelta(days=99)))

    assert [c.id for c in told(report)] == [c.id for c in told(elsewhere)]


# ---------------------------------------------------------------- as sure as it is said to be, and said once


def hours(report: Report, hour: int, outlet: str) -> Report:
    """The report, some hours later on its day, by this outlet."""
    at = report.source.published_at + timedelta(hours=hour)
    source = replace(
        report.source, article=outlet, story=outlet, outlet=outlet, published_at=at, seen_at=at + timedelta(hours=1)
    )
    return replace(report, source=source)


def test_a_new_date_is_as_sure_as_the_sources_that_tell_this_date() -> None:
    first, coarse, new = (
        article(1, "operating expected 2026-09", trust=0.7),
        article(2, "operating expected 2027", trust=0.5),
        article(3, "operating expected 2027-06", trust=0.5),
    )
    confirming = article(4, "operating expected 2027-06", trust=0.5)

    [moved] = told(new, before=(first, coarse))
    milestone = fold("plant", [first, coarse, new], INDUSTRIAL).milestone("operating")

    assert milestone is not None
    assert (moved.to, moved.confidence) == ("2027-06", Confidence.REPORTED)
    assert (milestone.standing.sources, milestone.confidence) == (1, moved.confidence)
    [both] = told(article(5, "operating expected 2028", "delayed reached", trust=1.0), before=(first, new, confirming))
    assert both.confidence is Confidence.CONFIRMED


def test_a_disputed_figure_says_so_beside_it_until_it_is_settled() -> None:
    reports = [
        hours(article(0, facts=(amount(value),)), hour, name)
        for hour, name, value in [(0, "a", 460), (3, "b", 694), (6, "c", 460)]
    ]

    [disputed] = fold("plant", reports, INDUSTRIAL).facts
    later = hours(article(9, facts=(amount(460),)), 0, "d")
    [settled] = fold("plant", [*reports, later], INDUSTRIAL).facts

    assert (disputed.standing.disputed, disputed.standing.against) == (True, 1)
    assert (settled.standing.disputed, settled.value) == (False, 460)
