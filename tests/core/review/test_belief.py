"""Why a claim or fact counts, or does not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.core.belief import Belief, WeighedSaying, unwatched, weigh
from monitor.core.folding.fold import fold
from monitor.core.folding.weighing import DEFAULT_POLICY
from monitor.core.lifecycle import INDUSTRIAL
from monitor.core.model import Claim, Fact, Said, State
from monitor.core.periods import Period
from monitor.core.review import Review, Ruling, reviewed
from monitor.core.state import Report
from tests.builders import NOW, make_article, make_claim, make_fact

PHASES = ("Line 1", "Line 2")
COUNTS, OTHERWISE, PASSED, CONTRADICTED = Belief.COUNTS, Belief.OTHERWISE, Belief.PASSED, Belief.CONTRADICTED


def report(key: str, *said: Said, day: int = -30, **source: Any) -> Report:
    return Report(
        source=make_article(key, day=day, **source).source,
        claims=tuple(each for each in said if isinstance(each, Claim)),
        facts=tuple(each for each in said if isinstance(each, Fact)),
    )


def claim(told: str, **more: Any) -> Claim:
    """``operating expected 2027``."""
    stage, state, *date = told.split()
    return make_claim(stage=stage, state=State(state), date=Period.parse(date[0]) if date else None, **more)


def weighed(*reports: Report, reviews: Sequence[Review] = ()) -> tuple[WeighedSaying, ...]:
    """What is made of the first of these reports."""
    counting = reviewed("plant", reports, reviews)
    state = fold("plant", counting, INDUSTRIAL, phases=PHASES)
    return weigh(
        reports[0], counting=counting, reviews=reviews, state=state, lifecycle=INDUSTRIAL, policy=DEFAULT_POLICY
    )


def beliefs(*reports: Report) -> list[Belief]:
    return [each.belief for each in weighed(*reports)]


@pytest.mark.parametrize(
    ("told", "others", "belief"),
    [
        ("construction reached 2026-03", "", COUNTS),
        ("construction reached 2026-03", "construction reached 2026", COUNTS),
        ("construction reached", "construction reached 2026", COUNTS),
        ("construction reached 2025", "construction reached 2026-03", OTHERWISE),
        ("construction reached 2026", "construction denied", CONTRADICTED),
        ("operating expected 2027", "", COUNTS),
        ("operating expected 2027", "operating expected 2028", OTHERWISE),
        ("operating expected 2026", "operating reached 2026-10", PASSED),
        ("operating expected 2026", "operating denied", COUNTS),
        ("operating denied", "", COUNTS),
        ("operating denied", "operating expected 2027", COUNTS),
        ("operating denied", "operating reached 2026-10", CONTRADICTED),
        ("suspended reached", "", COUNTS),
        ("suspended reached", "resumed reached", PASSED),
        ("suspended denied", "", COUNTS),
        ("suspended denied", "suspended reached", CONTRADICTED),
        ("suspended expected 2027", "", COUNTS),
        ("delayed reached", "", COUNTS),
        ("resumed reached", "", COUNTS),
        ("resumed reached", "suspended reached", PASSED),
        ("suspended reached", "suspended denied", CONTRADICTED),
        ("bricklaying reached", "", Belief.NO_STAGE),
    ],
)
def test_a_claim_is_compared_with_what_is_known(told: str, others: str, belief: Belief) -> None:
    mine = report("a", claim(told), outlet="Mine")
    theirs = [report(f"b{n}", claim(others), outlet=f"Other {n}", day=-10 + n) for n in range(3)] if others else []

    assert beliefs(mine, *theirs) == [belief]


@pytest.mark.parametrize(
    ("value", "unit", "belief", "believed"),
    [(3.01e9, "MAD", COUNTS, None), (5e9, "MAD", OTHERWISE, 3e9), (3e9, "EUR", COUNTS, None)],
)
def test_an_amount_is_compared_within_rounding(value: float, unit: str, belief: Belief, believed: float | None) -> None:
    mine = report("a", make_fact(value=value, unit=unit))
    others = [report(f"b{n}", make_fact(), outlet=f"Other {n}", day=-9 + n) for n in range(3)]

    (found,) = weighed(mine, *others)

    assert (found.belief, found.believed) == (belief, believed)


def test_what_is_said_of_a_phase_is_compared_with_that_phase() -> None:
    first, second = claim("operating reached 2026-10", phase="Line 1"), claim("operating expected 2028", phase="Line 2")
    amount = make_fact(phase="Line 2")

    assert beliefs(report("a", first, second, amount)) == [COUNTS] * 3


def test_what_a_reader_was_not_sure_of_waits() -> None:
    doubtful = claim("operating reached 2026-10", confidence=0.6)

    assert beliefs(report("a", doubtful)) == [Belief.UNVERIFIED]
    assert beliefs(report("a", doubtful), report("b", doubtful, outlet="Other")) == [COUNTS]


def test_what_a_copy_says_too_counts_once() -> None:
    said = claim("agreed reached 2024-03-29")
    copy, first = report("b", said, story="a", day=-29), report("a", said)

    assert beliefs(copy, first) == [Belief.REPEATED]
    assert beliefs(first, copy) == [COUNTS]


@pytest.mark.parametrize("ruling", [Ruling.CONFIRM, Ruling.REJECT])
def test_a_decision_goes_before_everything(ruling: Ruling) -> None:
    mine = report("a", claim("operating reached 2026-10", confidence=0.4))
    review = Review(claim=mine.claims[0], source=mine.source, verdict=ruling, author="ada", at=NOW)

    (found,) = weighed(mine, reviews=[review])

    assert (found.belief, found.review) == (Belief.DECIDED, review)


def test_of_a_project_that_is_gone_nothing_is_known() -> None:
    (found,) = unwatched([make_fact()])

    assert (found.belief, found.believed, found.review) == (Belief.UNWATCHED, None, None)


def test_order_does_not_matter() -> None:
    mine = report("a", claim("operating expected 2027"), make_fact())
    other = report("b", claim("operating reached 2026-10"), outlet="Other", day=-2)
    later = replace(other, source=replace(other.source, article="c", story="c", published_at=NOW - timedelta(days=1)))

    state = fold("plant", [mine, other, later], INDUSTRIAL)
    found = {
        weigh(mine, counting=told, reviews=(), state=state, lifecycle=INDUSTRIAL, policy=DEFAULT_POLICY)
        for told in ([mine, other, later], [later, other, mine])
    }

    assert len(found) == 1
